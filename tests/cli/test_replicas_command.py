"""`onduty replicas`."""

import pytest

from onduty_cli.output import Output
from onduty_server.build_info import version


def test_a_server_that_has_its_store_for_itself_is_alone(onduty):
    """It leads, and is not behind."""
    heading, row = onduty("replicas").lines
    assert heading.split()[:4] == ["replica", "address", "role", "term"]
    cells = row.split()
    assert cells[1:3] == ["alone", "leader"]
    assert "0.0s" in cells
    assert version() in cells
    assert cells[-1] == "now"


def test_as_json_it_is_what_the_server_answered(onduty):
    """With the names of the contract."""
    (replica,) = onduty("replicas", "--json").json["replicas"]
    assert replica["role"] == "REPLICA_ROLE_LEADER"
    assert replica["version"] == version()


def test_a_narrow_terminal_has_a_line_for_each_thing_said(onduty, monkeypatch: pytest.MonkeyPatch):
    """No id is cut: it can be copied."""
    monkeypatch.setattr(Output, "has_room_for", lambda _, table: len(table.columns) < 3)
    told = dict(line.split(maxsplit=1) for line in onduty("replicas").lines)
    (replica,) = onduty("replicas", "--json").json["replicas"]
    assert told["replica"] == replica["replica_id"]
    assert (told["role"], told["version"]) == ("leader", version())
