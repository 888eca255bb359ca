"""The table of transitions, walked by hand with grpcurl: every request in every status, and every refusal read."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from grpcurl import Grpcurl, Printed
from running_server import running_server

pytestmark = pytest.mark.slow  # a program a request; the rules themselves are shown by tests/domain and tests/rpc.

COLUMNS = ("OFFLINE", "AVAILABLE", "BUSY", "ON_BREAK", "IN_LINE", "AFTER_CALL_WORK")
REFUSED_EXIT_CODE = 64 + 9
"""What grpcurl ends with on FAILED_PRECONDITION."""


class Asked(NamedTuple):
    """A request as it is typed, and the action that a refusal calls it."""

    action: str
    method: str
    request: dict[str, Any]


def _change(status: str, **more: str) -> Asked:
    return Asked(f"CHANGE_TO_{status}", "WorkspaceService/ChangeStatus", {"choice": {"status": f"STATUS_{status}", **more}})


def _workspace(action: str, method: str, **request: Any) -> Asked:
    return Asked(action, f"WorkspaceService/{method}", request)


REQUESTS = {
    "change to available": _change("AVAILABLE"),
    "change to busy": _change("BUSY"),
    "change to lunch": _change("ON_BREAK", break_reason="lunch"),
    "change to rest": _change("ON_BREAK", break_reason="rest"),
    "change to offline": _change("OFFLINE"),
    "change to in line": _change("IN_LINE"),
    "change to wrap-up": _change("AFTER_CALL_WORK"),
    "back to reception": _workspace("BACK_TO_RECEPTION", "BackToReception"),
    "continue wrap-up": _workspace("CONTINUE_AFTER_CALL_WORK", "ContinueAfterCallWork"),
    "set next status": _workspace(
        "SET_NEXT_STATUS", "SetNextStatus", choice={"status": "STATUS_ON_BREAK", "break_reason": "lunch"}
    ),
    "clear next status": _workspace("CLEAR_NEXT_STATUS", "ClearNextStatus"),
    "place a call": _workspace("PLACE_CALL", "PlaceCall", call_id="by-hand"),
    "claim": Asked("CLAIM", "RouterService/ClaimStaff", {"call_id": "from-outside"}),
}

WORDS = dict(zip(("off", "free", "busy", "break", "line", "wrap"), COLUMNS, strict=True))
# The status that each request leads to from each column; "same": nothing changes; "no": refused.
# The one who is on break took a rest.
# fmt: off
TABLE = {
    #                      OFFLINE  AVAILABLE  BUSY   ON_BREAK  IN_LINE  AFTER_CALL_WORK
    "change to available": "free    same       free   free      no       free",
    "change to busy":      "busy    busy       same   busy      no       busy",
    "change to lunch":     "break   break      break  break     no       break",
    "change to rest":      "break   break      break  same      no       break",
    "change to offline":   "same    off        off    off       no       off",
    "change to in line":   "no      no         no     no        no       no",
    "change to wrap-up":   "no      no         no     no        no       no",
    "back to reception":   "no      no         no     no        no       free",
    "continue wrap-up":    "no      no         no     no        no       wrap",
    "set next status":     "no      no         no     no        line     wrap",
    "clear next status":   "no      no         no     no        line     wrap",
    "place a call":        "no      line       line   line      no       line",
    "claim":               "no      free       no     no        no       no",
}
# fmt: on
CELLS = {(name, status): cell for name, row in TABLE.items() for status, cell in zip(COLUMNS, row.split(), strict=True)}
GRANTED = [place for place, cell in CELLS.items() if cell != "no"]
REFUSED = [place for place, cell in CELLS.items() if cell == "no"]


def _staff_id(name: str, status: str) -> str:
    return f"{name}, {status}"


def _allowed(status: str) -> list[str]:
    """What a refusal in this status must say is allowed: every action whose cell changes something."""
    allowed = [REQUESTS[name].action for name in TABLE if CELLS[name, status] not in ("no", "same")]
    return [f"ACTION_{action}" for action in dict.fromkeys(allowed)]


@pytest.fixture(scope="module")
def grpcurl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grpcurl]:
    """The tool against a server with one person for each cell, brought into the cell's status with a few commands."""
    with running_server(tmp_path_factory.mktemp("table") / "journal.db") as server:
        tool = Grpcurl(server.address)
        _set_up(tool, [(_staff_id(*place), place[1]) for place in CELLS])
        yield tool


def _set_up(tool: Grpcurl, people: list[tuple[str, str]], *flags: str) -> None:
    """Create the people and bring each into a status; those who will clear a next status have one."""

    def do(method: str, **request: Any) -> None:
        for result in tool.call(method, request, *flags).answer.get("results", ()):
            assert "error" not in result, result

    do("AdminService/UpdatePolicy", policy={"after_call_work": {"countdown": "3600s"}, "claim_ttl": "600s"})
    for code in ("lunch", "rest"):
        do("AdminService/CreateBreakReason", code=code)
    do("AdminService/BatchCreateStaff", requests=[{"staff_id": name} for name, _ in people])
    chosen = {"BUSY": "change to busy", "ON_BREAK": "change to rest", "OFFLINE": "change to offline"}
    choices = {name: REQUESTS[chosen.get(status, "change to available")].request for name, status in people}
    forced = [{"staff_id": name, "note": "set up", **choice} for name, choice in choices.items()]
    do("SupervisorService/BatchForceStatus", requests=forced)
    started = [name for name, status in people if status in ("IN_LINE", "AFTER_CALL_WORK")]
    ended = [name for name, status in people if status == "AFTER_CALL_WORK"]
    facts = [{"started": {"staff_id": name, "call_id": "call"}} for name in started]
    do("RouterService/ReportCallEvents", events=[*facts, *({"ended": {"staff_id": name, "call_id": "call"}} for name in ended)])
    for name in started:
        if name.startswith("clear next status"):
            do("WorkspaceService/SetNextStatus", staff_id=name, choice={"status": "STATUS_BUSY"})


def _state(tool: Grpcurl, staff_id: str, *flags: str) -> dict[str, Any]:
    return tool.call("WorkspaceService/GetStaff", {"staff_id": staff_id}, *flags).answer["staff"]


def _type(tool: Grpcurl, name: str, staff_id: str, *flags: str) -> Printed:
    asked = REQUESTS[name]
    whom: dict[str, Any] = {"staff_id": staff_id}
    if asked.action == "CLAIM":
        whom = {"named": whom}
    return tool.call(asked.method, {**whom, **asked.request}, *flags)


@pytest.mark.parametrize(("name", "status"), GRANTED)
def test_what_the_table_grants_is_granted(grpcurl: Grpcurl, name: str, status: str) -> None:
    """The answer shows the status that the cell names, with a new revision; or, where nothing changes, the state as it was."""
    staff_id, cell = _staff_id(name, status), CELLS[name, status]
    before = _state(grpcurl, staff_id)
    assert before["status"] == f"STATUS_{status}"
    answered = _type(grpcurl, name, staff_id).answer["staff"]
    if cell == "same":
        assert answered == before
    else:
        assert answered["status"] == f"STATUS_{WORDS[cell]}"
        assert int(answered["revision"]) > int(before["revision"])
    assert _state(grpcurl, staff_id) == answered


@pytest.mark.parametrize(("name", "status"), REFUSED)
def test_what_the_table_refuses_is_refused_with_what_is_allowed(grpcurl: Grpcurl, name: str, status: str) -> None:
    """The refusal names what is, what was asked and what may be asked, for people and for programs; and nothing changed."""
    staff_id, action = _staff_id(name, status), REQUESTS[name].action
    before = _state(grpcurl, staff_id)
    assert before["status"] == f"STATUS_{status}"
    for_programs = _type(grpcurl, name, staff_id, "-format-error")
    assert for_programs.code == REFUSED_EXIT_CODE
    info, refusal = json.loads(for_programs.err)["details"]
    assert info["reason"] == ("STAFF_NOT_ASSIGNABLE" if action == "CLAIM" else "TRANSITION_REFUSED")
    assert info["metadata"]["current_status"] == status
    assert refusal["@type"] == "type.googleapis.com/onduty.v1.TransitionRefusal"
    assert refusal["current"] == before
    assert refusal["requested"] == f"ACTION_{action}"
    assert refusal["allowed"] == _allowed(status)
    for_people = _type(grpcurl, name, staff_id)
    assert for_people.code == REFUSED_EXIT_CODE
    assert "Code: FailedPrecondition" in for_people.err
    assert f"'{staff_id}' is {status}" in for_people.err
    for word in (f"STATUS_{status}", f"ACTION_{action}", *_allowed(status)):
        assert word in for_people.err
    assert _state(grpcurl, staff_id) == before


# --- what a cell does beside the status ---------------------------------------------------------------------------------

ELSEWHERE = ("-H", "onduty-tenant: elsewhere")


@pytest.fixture(scope="module")
def elsewhere(grpcurl: Grpcurl) -> Grpcurl:
    """The same server, with people of another tenant for what the table's words leave out."""
    people = [
        *(("continues", "AFTER_CALL_WORK"), ("plans", "IN_LINE"), ("dials", "AVAILABLE"), ("returns", "AFTER_CALL_WORK")),
        *(("offered", "AVAILABLE"), ("leaves", "AVAILABLE"), ("no-dialling", "AFTER_CALL_WORK")),
    ]
    _set_up(grpcurl, people, *ELSEWHERE)
    return grpcurl


def test_continuing_stops_the_countdown(elsewhere: Grpcurl) -> None:
    """Continue after-call work: the wrap-up has no end any more."""
    assert "ends_at" in _state(elsewhere, "continues", *ELSEWHERE)["wrap_up"]
    staff = _type(elsewhere, "continue wrap-up", "continues", *ELSEWHERE).answer["staff"]
    assert "ends_at" not in staff["wrap_up"]


def test_a_next_status_is_set_shown_and_cleared(elsewhere: Grpcurl) -> None:
    """In a call, the next status is kept beside the present one until it is taken back."""
    planned = _type(elsewhere, "set next status", "plans", *ELSEWHERE).answer["staff"]
    assert planned["next"] == {"status": "STATUS_ON_BREAK", "break_reason": "lunch"}
    cleared = _type(elsewhere, "clear next status", "plans", *ELSEWHERE).answer["staff"]
    assert "next" not in cleared


def test_back_to_reception_drops_the_next_status(elsewhere: Grpcurl) -> None:
    """Back to reception means available, whatever was planned."""
    _type(elsewhere, "set next status", "returns", *ELSEWHERE)
    staff = _type(elsewhere, "back to reception", "returns", *ELSEWHERE).answer["staff"]
    assert staff["status"] == "STATUS_AVAILABLE"
    assert "next" not in staff


def test_a_dialled_call_is_shown(elsewhere: Grpcurl) -> None:
    """A call placed by hand is in the state, outbound."""
    staff = _type(elsewhere, "place a call", "dials", *ELSEWHERE).answer["staff"]
    assert [(one["call_id"], one["direction"]) for one in staff["calls"]] == [("by-hand", "DIRECTION_OUTBOUND")]


def test_who_has_an_offer_cannot_be_claimed_again(elsewhere: Grpcurl) -> None:
    """A claim for another call is refused while an offer is outstanding, and shows it; the same call answers with it."""
    first = _type(elsewhere, "claim", "offered", *ELSEWHERE).answer
    same = _type(elsewhere, "claim", "offered", *ELSEWHERE).answer
    assert (same["claim_id"], same["already_offered"]) == (first["claim_id"], True)
    request = {"named": {"staff_id": "offered"}, "call_id": "another-call"}
    again = elsewhere.call("RouterService/ClaimStaff", request, *ELSEWHERE, "-format-error")
    _, refusal = json.loads(again.err)["details"]
    assert refusal["current"]["offer"]["claim_id"] == first["claim_id"]
    assert "ACTION_CLAIM" not in refusal["allowed"]


def test_leaving_available_withdraws_the_offer(elsewhere: Grpcurl) -> None:
    """A change away from AVAILABLE takes the outstanding offer away, and the history says how it ended."""
    claimed = _type(elsewhere, "claim", "leaves", *ELSEWHERE).answer
    staff = _type(elsewhere, "change to busy", "leaves", *ELSEWHERE).answer["staff"]
    assert "offer" not in staff
    request = {"filter": {"staff_ids": ["leaves"]}, "newest_first": True, "page_size": 1}
    (last,) = elsewhere.call("HistoryService/ListTransitions", request, *ELSEWHERE).answer["transitions"]
    ended = {"claim_id": claimed["claim_id"], "call_id": "from-outside", "end": "OFFER_END_SUPERSEDED"}
    assert last["ended_offer"] == ended


def test_dialling_in_wrap_up_is_the_policys_to_bar(elsewhere: Grpcurl) -> None:
    """Where the policy bars it, a call cannot be placed in after-call work, and the refusal does not list it."""
    barred = {"policy": {"after_call_work_dial_out": False}, "update_mask": {"paths": ["after_call_work_dial_out"]}}
    policy = elsewhere.call("AdminService/UpdatePolicy", barred, *ELSEWHERE).answer["policy"]
    assert policy["after_call_work_dial_out"] is False
    printed = _type(elsewhere, "place a call", "no-dialling", *ELSEWHERE, "-format-error")
    _, refusal = json.loads(printed.err)["details"]
    assert refusal["current"]["status"] == "STATUS_AFTER_CALL_WORK"
    assert refusal["requested"] == "ACTION_PLACE_CALL"
    assert refusal["allowed"] == [one for one in _allowed("AFTER_CALL_WORK") if one != "ACTION_PLACE_CALL"]


def test_a_break_needs_a_reason_and_nothing_else_takes_one(elsewhere: Grpcurl) -> None:
    """Without a reason, with an unknown one, or with one for another status: INVALID_ARGUMENT, and what is wrong."""
    for choice, told in (
        ({"status": "STATUS_ON_BREAK"}, '"field": "choice.break_reason"'),
        ({"status": "STATUS_ON_BREAK", "break_reason": "holiday"}, '"reason": "BREAK_REASON_UNKNOWN"'),
        ({"status": "STATUS_BUSY", "break_reason": "lunch"}, '"field": "choice.break_reason"'),
    ):
        printed = elsewhere.call("WorkspaceService/ChangeStatus", {"staff_id": "continues", "choice": choice}, *ELSEWHERE)
        assert "Code: InvalidArgument" in printed.err
        assert told in printed.err
