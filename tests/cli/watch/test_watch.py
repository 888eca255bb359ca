"""`onduty watch` in pipes, against a real server."""

import json
import signal
from contextlib import closing
from pathlib import Path

import pytest
from held_port import HeldPort
from running_server import running_server


def test_a_line_is_written_for_each_change(onduty, kim):
    """As it happens, with from → to and the cause."""
    with onduty.start("watch") as watching:
        watching.next_line("watching 1 staff", of_errors=True)
        onduty("status", "set", kim, "busy")
        onduty("call", "start", kim, "c-1")
        line = watching.next_line("BUSY").split()
        assert line[2:] == ["kim", "AVAILABLE", "→", "BUSY", "staff"]
        assert watching.next_line("IN_LINE").split()[2:] == ["kim", "BUSY", "→", "IN_LINE", "call", "started", "call", "c-1"]


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_told_to(onduty, kim, sig: signal.Signals):
    """With code 0, and with the position to go on from."""
    with onduty.start("watch", "--plain") as watching:
        watching.next_line("watching 1 staff", of_errors=True)
        assert watching.end(sig) == 0
        assert watching.next_line("to go on from here: --resume-after ", of_errors=True)


def test_it_goes_on_after_a_position(onduty, kim):
    """Without a snapshot, from exactly there."""
    position = onduty("watch", "--once", "--json").jsons[-1]["position"]
    onduty("status", "set", kim, "busy")
    with onduty.start("watch", "--json", "--resume-after", position) as watching:
        frame = json.loads(watching.next_line('"changes"'))
        assert [change["staff"]["status"] for change in frame["changes"]["changes"]] == ["STATUS_BUSY"]
        assert frame["position"] != position


def test_a_position_of_another_store_begins_afresh(onduty, kim):
    """And says so, beside the results."""
    with onduty.start("watch", "--json", "--resume-after", "nonsense") as watching:
        assert "snapshot_chunk" in json.loads(watching.next_line("{"))
        watching.next_line("watching afresh", of_errors=True)


def test_who_leaves_the_filter_is_told(onduty, kim):
    """And who comes into it."""
    with onduty.start("watch", "--status", "available", "--latest") as watching:
        watching.next_line("watching 1 staff", of_errors=True)
        onduty("status", "set", kim, "busy")
        assert "(left)" in watching.next_line("kim")
        onduty("status", "set", kim, "available")
        assert "BUSY → AVAILABLE" in watching.next_line("kim")


def test_a_group_that_nobody_is_in_is_remarked(onduty, kim):
    """The watch goes on, as somebody may come into it; a word misspelt is seen at once."""
    with onduty.start("watch", "--plain", "--group", "salse") as watching:
        watching.next_line("there is no skill group 'salse' now; did you mean sales?", of_errors=True)
        watching.next_line("watching 0 staff", of_errors=True)
    shown = onduty("watch", "--once", "--staff", "nobody")
    assert "there is no staff member 'nobody' now" in shown.err


def test_once_shows_the_floor_and_ends(onduty, kim):
    """As a table or as the snapshot's frames."""
    onduty("staff", "add", "lee", "--group", "support")
    assert [line.split()[0] for line in onduty("watch", "--once").lines] == ["staff", "kim", "lee"]
    assert [line.split()[0] for line in onduty("watch", "--once", "--group", "support").lines] == ["staff", "lee"]
    frames = onduty("watch", "--once", "--json").jsons
    assert sorted(staff["staff_id"] for frame in frames for staff in frame["snapshot_chunk"]["staff"]) == ["kim", "lee"]


def test_it_keeps_on_over_a_restart_of_the_server(onduty, tmp_path: Path):
    """Changes before and after come each once, in order; the loss is told in between."""
    journal = tmp_path / "journal.db"
    with closing(HeldPort()) as port:
        flags, onduty.env["ONDUTY_SERVER"] = ["--listen", port.address], port.address
        with running_server(journal, flags=flags) as server:
            onduty("staff", "add", "kim")
            with onduty.start("watch", "--plain") as watching:
                watching.next_line("watching 1 staff", of_errors=True)
                onduty("status", "set", "kim", "available")
                watching.next_line("OFFLINE → AVAILABLE")
                server.stop(signal.SIGKILL)
                watching.next_line("watching again in", of_errors=True)
                with running_server(journal, flags=flags):
                    onduty("status", "set", "kim", "busy")
                    assert watching.next_line("kim").split()[3:6] == ["AVAILABLE", "→", "BUSY"]
                    assert watching.end(signal.SIGTERM) == 0
