"""`onduty top`: how a server does, from its admin pages."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from held_port import HeldPort
from pty_screen import Terminal
from running_server import RunningServer, running_server
from scrape import admin_address

OFTEN = ("--every", "0.2")


@pytest.fixture
def seen(onduty, journal_path: Path) -> Iterator[tuple[RunningServer, str]]:
    """A server with one staff member, and the address of its admin pages."""
    with running_server(journal_path, flags=["--admin", "127.0.0.1:0", "--log-format", "json"]) as server:
        onduty.env["ONDUTY_SERVER"] = server.address
        onduty("staff", "add", "kim")
        onduty("status", "set", "kim", "available")
        yield server, admin_address(server.log)


def test_once_writes_the_figures_as_text(onduty, seen):
    """The same as on a terminal, and more of it."""
    _, admin = seen
    lines = onduty("top", "--admin", admin, "--once", *OFTEN).lines
    assert lines[0].startswith(f"onduty top  {admin}  ready  ")
    assert any(line.startswith("staff      available 1  in line 0") for line in lines)
    assert any(line.startswith("watchers   live 0") for line in lines)


def test_json_has_every_figure(onduty, seen):
    """An object a server and look."""
    _, admin = seen
    found = onduty("top", "--admin", admin, "--once", "--json", *OFTEN).json
    assert found["address"] == admin
    assert found["staff"]["AVAILABLE"] == 1
    assert found["leads"]
    assert found["request_times"] == {"p50": None, "p99": None}
    assert found["tenants"][0]["name"] == onduty.tenant


def test_a_server_that_does_not_answer_is_told_and_the_others_shown(onduty, seen):
    """Exit code 1 for scripts; each server has a row."""
    _, admin = seen
    with closing(HeldPort()) as nobody:
        lines = onduty("top", "--admin", nobody.address, "--admin", admin, "--once", *OFTEN, code=1).lines
        assert lines[0].startswith(f"onduty top  {nobody.address}  does not answer")
        assert [line.split()[1] for line in lines if line.startswith(admin)] == ["leads"]


def test_on_a_terminal_it_follows_and_obeys_keys(onduty, seen):
    """Figures change by themselves; a table is chosen by its letter; q ends it, and the terminal is as it was."""
    _, admin = seen
    screen = Terminal(["top", "--admin", admin, *OFTEN], {**onduty.env, "TERM": "xterm-256color"})
    try:
        screen.until(lambda at: "ready" in at.lines[0] and any(line.startswith("staff") for line in at.lines))
        onduty("status", "set", "kim", "busy")
        screen.until(lambda at: any("busy 1" in line for line in at.lines))
        screen.type("t").until(lambda at: any(line.startswith("tenant ") for line in at.lines))
        screen.type("?").until(lambda at: any("the next server" in line for line in at.lines))
        screen.type("x").until(lambda at: any(line.startswith("tenant ") for line in at.lines))
        assert screen.type("q").end() == 0
    finally:
        screen.close()
