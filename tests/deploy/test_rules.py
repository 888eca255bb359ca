"""The shipped alerts and dashboards: well formed, about metrics that there are, each with its tests and its page."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from promtool import DASHBOARDS, ROOT, RULES, alerts, metrics_of, promtool, rules
from provoked_alerts import NOT_PROVOKED, PROVOKED_IN

from onduty_server.observability.catalogue import METRICS

TESTS = RULES.with_name("onduty.rules_test.yaml")
RUNBOOK = ROOT / "docs/runbook.md"
SEVERITIES = {"warning", "critical"}
COLUMNS = 24


def panels(path: Path) -> list[dict[str, Any]]:
    """The panels of a dashboard that ask for something."""
    return [panel for panel in json.loads(path.read_text(encoding="utf-8"))["panels"] if panel["type"] != "row"]


def expressions(path: Path) -> list[str]:
    """All that a dashboard asks for."""
    return [target["expr"] for panel in panels(path) for target in panel["targets"]]


# --- rules ------------------------------------------------------------------------------------------------------------


def test_rules_are_what_prometheus_takes():
    """Its own tool says so."""
    promtool("check", "rules", RULES)


def test_every_alert_is_quiet_and_fires_as_its_test_says():
    """Unit tests by Prometheus's own tool."""
    promtool("test", "rules", TESTS)


def test_every_alert_has_a_test():
    """Of its firing, and of its being quiet."""
    tests = yaml.safe_load(TESTS.read_text(encoding="utf-8"))["tests"]
    looks = [(look["alertname"], bool(look["exp_alerts"])) for test in tests for look in test["alert_rule_test"]]
    for rule in alerts():
        assert {fires for name, fires in looks if name == rule["alert"]} == {True, False}, rule["alert"]


def test_every_alert_is_provoked_or_named_as_one_that_cannot_be():
    """Before a real Prometheus; the table says where, and it is so."""
    assert PROVOKED_IN.keys() | NOT_PROVOKED.keys() == {rule["alert"] for rule in alerts()}
    assert not PROVOKED_IN.keys() & NOT_PROVOKED.keys()
    for name, file in PROVOKED_IN.items():
        text = (Path(__file__).parent / file).read_text(encoding="utf-8")
        assert f'until_fires("{name}")' in text, name
        assert re.search(rf'until_clear\([^)]*"{name}"', text), name


def test_every_alert_has_its_section_of_the_runbook():
    """And every section its alert, with the same severity; the annotation leads there."""
    text = RUNBOOK.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (Onduty\w+)\n\n\*(Warning|Critical)\.\*", text, re.MULTILINE))
    assert sections == {rule["alert"]: rule["labels"]["severity"].title() for rule in alerts()}
    for rule in alerts():
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in SEVERITIES


def test_rules_are_about_metrics_that_there_are():
    """A metric that is renamed takes its alerts along. A test of the scrape holds the catalogue to what a server says."""
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        expression = rule["expr"]
        for name in recorded:
            expression = expression.replace(name, "")
        assert metrics_of(expression) <= METRICS.keys(), rule


# --- dashboards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboards_are_about_metrics_that_there_are(path: Path):
    """No panel is empty for good."""
    assert expressions(path)
    for expression in expressions(path):
        assert metrics_of(expression), expression
        assert metrics_of(expression) <= METRICS.keys(), expression


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboards_ask_what_prometheus_understands(path: Path, tmp_path: Path):
    """Each expression, with the values that Grafana puts in, is one."""
    asked = [_filled(expression) for expression in expressions(path)]
    file = tmp_path / "asked.yaml"
    group = {"name": "asked", "rules": [{"record": f"asked:{number}", "expr": text} for number, text in enumerate(asked)]}
    file.write_text(yaml.safe_dump({"groups": [group]}), encoding="utf-8")
    promtool("check", "rules", file)


def _filled(expression: str) -> str:
    return expression.replace("$__rate_interval", "1m").replace("$instance", ".*").replace("$tenant", ".*")


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_panels_have_places_of_their_own(path: Path):
    """Within the grid, and none over another; ids and letters of queries stand once."""
    dashboard = json.loads(path.read_text(encoding="utf-8"))
    everything = dashboard["panels"]
    assert len({panel["id"] for panel in everything}) == len(everything)
    taken: set[tuple[int, int]] = set()
    for panel in everything:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < COLUMNS
        taken |= cells
        letters = [target["refId"] for target in panel.get("targets", ())]
        assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboards_name_the_variables_that_they_use(path: Path):
    """And no address of a Prometheus."""
    dashboard = json.loads(path.read_text(encoding="utf-8"))
    known = {variable["name"] for variable in dashboard["templating"]["list"]}
    used = {name for text in expressions(path) for name in re.findall(r"\$(\w+)", text)} - {"__rate_interval"}
    assert used | {"datasource"} == known
    assert {target["datasource"]["uid"] for panel in panels(path) for target in panel["targets"]} == {"${datasource}"}


# --- objectives -------------------------------------------------------------------------------------------------------


def test_objectives_are_measured_by_rules_that_there_are():
    """Every recording rule has its objective, and every figure of the page is one that is recorded or scraped."""
    text = (ROOT / "docs/objectives.md").read_text(encoding="utf-8")
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    assert set(re.findall(r"`(onduty:[\w:]+)`", text)) == recorded
    assert set(re.findall(r"`(onduty_\w+)`", text)) <= METRICS.keys()
    assert set(re.findall(r"\[(Onduty\w+)\]", text)) <= {rule["alert"] for rule in alerts()}
