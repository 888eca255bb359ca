"""The scenario files: they load, mistakes in them are told clearly, and they cover the table, the errors and the methods."""

from pathlib import Path

import pytest
import yaml
from conformance.runner.error_tree import KIND_OF, complete
from conformance.runner.gaps import load_gaps
from conformance.runner.rows import ROOT, ROWS
from conformance.runner.scenario import Scenario, ScenarioError, load, load_all

from onduty.v1 import admin_service_pb2, errors_pb2, history_service_pb2, router_service_pb2, supervisor_service_pb2
from onduty.v1 import workspace_service_pb2 as workspace_pb2
from onduty_server.domain.model.status import Action, Status
from onduty_server.domain.rules.requests import TABLE, Cell

HERE = Path(__file__).parent
UNCHANGED = (Cell.UNCHANGED, Cell.CHOOSE_UNLESS_SAME_REASON)
NOT_BROUGHT_ABOUT = {
    "MALFORMED_REQUEST": "a client sends no bytes that are not its message",
    "POSITION_IN_FUTURE": "needs a file that was put back by other means than ours, or a server that lags",
    "WATCHER_TOO_SLOW": "needs a stream that stays unread for longer than a scenario lasts",
    "QUERY_TOO_LONG": "needs a history that takes half a minute to read",
    "OVERLOADED": "needs more waiting commands than one driver can send",
    "RATE_LIMITED": "needs a server with rates of its own",
    "JOURNAL_UNAVAILABLE": "needs a full disk",
    "LEADER_UNAVAILABLE": "needs replicas, and a leader that is gone",
    "ISSUER_UNAVAILABLE": "needs a server with authentication",
    "UNAUTHENTICATED": "needs a server with authentication",
    "PERMISSION_DENIED": "needs a server with authentication",
    "INTERNAL": "needs a fault of the server",
    "METHOD_UNKNOWN": "a client has no method that its server lacks",
}
"""Reasons that no scenario brings about, and why; every client's mapping of them is held by ``errors.table``."""


@pytest.fixture(scope="module")
def scenarios() -> list[Scenario]:
    """Every scenario."""
    return load_all(HERE / "scenarios")


BARRED = (Cell.REFUSED, Cell.CONSULT_BY_POLICY)
"""What the table refuses under the default policy."""


def table_scenarios(scenarios: list[Scenario]) -> dict[tuple[str, str], set[str]]:
    """By action and status, what the status table's scenarios say: ``refused``, ``unchanged`` or ``granted``."""
    said: dict[tuple[str, str], set[str]] = {}
    for one in scenarios:
        if one.group != "status-table" or "in" not in one.bound:
            continue
        word = "refused" if "is refused" in one.name else "unchanged" if "changes nothing" in one.name else "granted"
        said.setdefault((one.bound.get("ask", "CLAIM"), one.bound["in"]), set()).add(word)
    return said


def test_every_cell_of_the_table_has_its_scenario(scenarios):
    """Each request in each status is in the scenarios, and they say of it what the service's one table says."""
    said = table_scenarios(scenarios)
    for action in Action:
        for status in Status:
            cell = TABLE[action][status]
            wanted = "refused" if cell in BARRED else "unchanged" if cell is Cell.UNCHANGED else "granted"
            assert said[action.name, status.name] == {wanted}, (action.name, status.name)


def test_what_refusals_list_as_allowed_is_the_table(scenarios):
    """The lists of allowed actions are those that the table grants and that change something."""
    allowed = next(one.bound["allowed"] for one in scenarios if one.group == "status-table")
    for status in Status:
        granted = [one for one in Action if TABLE[one][status] not in {*BARRED, Cell.UNCHANGED}]
        assert allowed[status.name] == [f"ACTION_{one.name}" for one in granted]


def test_every_reason_is_brought_about_or_said_why_not(scenarios):
    """Each reason of the contract is expected by a scenario, or listed with what it would need."""
    text = "".join(path.read_text(encoding="utf-8") for path in (HERE / "scenarios").glob("*.yaml"))
    reasons = {name.removeprefix("ERROR_REASON_") for name in errors_pb2.ErrorReason.DESCRIPTOR.values_by_name} - {
        "UNSPECIFIED"
    }
    expected = {reason for reason in reasons if f"reason: {reason}" in text or f"{reason}: " in text}
    assert reasons - expected == set(NOT_BROUGHT_ABOUT)


def test_the_error_tree_is_the_contracts():
    """The suite's tree has every reason of the enum, under the kind that the client contract names."""
    reasons = {name.removeprefix("ERROR_REASON_") for name in errors_pb2.ErrorReason.DESCRIPTOR.values_by_name} - {
        "UNSPECIFIED"
    }
    assert set(KIND_OF) == reasons
    page = (ROOT / "docs" / "client-contract.md").read_text(encoding="utf-8")
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 2 and cells[1].startswith("`") and cells[1].endswith("Error`"):
            named = {word.strip(",;") for word in cells[2].split()} & reasons
            assert named == {reason for reason, kind in KIND_OF.items() if kind == cells[1].strip("`")}, cells[1]


def test_every_method_is_called(scenarios):
    """No RPC of the contract is without a scenario."""
    text = "".join(path.read_text(encoding="utf-8") for path in (HERE / "scenarios").glob("*.yaml"))
    text += (HERE / "runner" / "set_up.py").read_text(encoding="utf-8")
    for module in (admin_service_pb2, history_service_pb2, router_service_pb2, supervisor_service_pb2, workspace_pb2):
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                assert f"{service.name}/{method.name}" in text


def test_every_gap_has_a_reason_and_a_scenario(scenarios):
    """The list of gaps names drivers and scenarios that exist; only the driver without a client has any."""
    gaps = load_gaps(HERE / "gaps.yaml", [row.name for row in ROWS], [one.title for one in scenarios])
    assert {gap.driver for gap in gaps} == {"plain"}


def test_an_error_expected_by_reason_is_expected_by_kind():
    """A scenario need not name the kind: the reason has one; of a driver without errors of its own only the rest is asked."""
    assert complete({"reason": "STAFF_UNKNOWN"}, has_errors=True)["kind"] == "NotFoundError"
    assert complete({"reason": "STAFF_UNKNOWN", "request_id": "x"}, has_errors=False) == {"reason": "STAFF_UNKNOWN", "kind": ""}


SCENARIO = {"name": "one", "then": [{"call": "RouterService/ListStaff", "expect": {}}]}
MISTAKES = [
    ({"scenarios": [SCENARIO]}, "about: says in a sentence"),
    ({"about": "x", "scenarios": []}, "needs a list of scenarios"),
    ({"about": "x", "scenarios": [{"then": []}]}, "every scenario needs a name"),
    ({"about": "x", "scenarios": [{**SCENARIO, "server": "mine"}]}, "server: must be one of shared, own"),
    ({"about": "x", "scenarios": [{**SCENARIO, "whenever": []}]}, "does not know whenever"),
    ({"about": "x", "scenarios": [{"name": "one", "when": [{"connect": "a"}]}]}, "expects nothing"),
    ({"about": "x", "scenarios": [{"name": "one", "then": [{"cal": "x"}]}]}, "then 1: needs one of call, do"),
    ({"about": "x", "scenarios": [{"name": "one", "then": [{"call": "ListStaff"}]}]}, "must be a method"),
    ({"about": "x", "scenarios": [{"name": "one", "then": [{"open": "w"}]}]}, "needs a method"),
    ({"about": "x", "scenarios": [{"name": "one", "then": [{"server": "explode"}]}]}, "must be one of restart"),
    (
        {"about": "x", "scenarios": [{"name": "one", "then": [{"call": "A1Service/B", "expect": {}, "error": {}}]}]},
        "expects an answer and an error",
    ),
    ({"about": "x", "scenarios": [{"name": "one", "then": [{"together": "AService/B"}]}]}, "needs a tally"),
    ({"about": "x", "scenarios": [{**SCENARIO, "name": "$nobody"}]}, "$nobody is not bound"),
]


@pytest.mark.parametrize(("document", "told"), MISTAKES)
def test_a_mistake_in_a_file_is_told_with_its_place(tmp_path: Path, document, told):
    """The message names the file, and the scenario and step where there is one."""
    path = tmp_path / "mistaken.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"^mistaken\.yaml: ") as raised:
        load(path)
    assert told in str(raised.value)


def test_two_scenarios_of_one_name_are_refused(tmp_path: Path):
    """A name is how gaps and filters know a scenario."""
    (tmp_path / "twice.yaml").write_text(yaml.safe_dump({"about": "x", "scenarios": [SCENARIO, SCENARIO]}), encoding="utf-8")
    with pytest.raises(ScenarioError, match="two scenarios of this name"):
        load_all(tmp_path)
