"""`onduty check`: one line and an exit code for monitors."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from credentials import KeyFile
from running_server import RunningServer, running_server
from scrape import admin_address
from wait_until import wait_until

NOBODY = "127.0.0.1:1"


@pytest.fixture
def seen(journal_path: Path) -> Iterator[tuple[RunningServer, str]]:
    """A server, and the address of its admin pages."""
    flags = ["--admin", "127.0.0.1:0", "--log-format", "json"]
    with running_server(journal_path, flags=flags) as server:
        yield server, admin_address(server.log)


def test_a_server_that_is_well(onduty):
    """A watch began in time; the figure is there for graphs."""
    (line,) = onduty("check", "--lag", "1h").lines
    assert re.fullmatch(r"ONDUTY OK - a watch began \| lag=\d+\.\d{3}s;;3600;0", line)


def test_one_that_takes_too_long_is_not_well(onduty):
    """Nothing begins within no time."""
    (line,) = onduty("check", "--lag", "0", code=2).lines
    assert line.startswith("ONDUTY CRITICAL - a watch took ")


def test_one_that_is_not_there_is_not_well(onduty):
    """Critical, and not unknown: that is what it is for."""
    (line,) = onduty("check", "--server", NOBODY, "--timeout", "0.5", code=2).lines
    assert line.startswith("ONDUTY CRITICAL - ")
    assert NOBODY in line


def test_without_a_credential_it_cannot_be_told(onduty, journal_path: Path, tmp_path: Path):
    """Neither well nor not."""
    keys = KeyFile(tmp_path / "keys")
    with running_server(journal_path, flags=["--keys", str(keys.path)]) as server:
        (line,) = onduty("check", "--server", server.address, code=3).lines
    assert line.startswith("ONDUTY UNKNOWN - ")


def test_the_admin_pages_say_whether_it_is_ready(onduty, seen):
    """As probes are told; they need no credential."""
    server, admin = seen
    (line,) = onduty("check", "--admin", admin).lines
    assert line == "ONDUTY OK - ready | lag=0.000s;;2;0"
    Path(server.journal).unlink()
    line = wait_until(lambda: not (found := onduty_any(onduty, "check", "--admin", admin)).startswith("ONDUTY OK") and found)
    assert line.startswith("ONDUTY CRITICAL - not ready: journal: the journal takes nothing")
    server.stop(signal.SIGKILL)
    (line,) = onduty("check", "--admin", admin, "--timeout", "2", code=2).lines
    assert f"{admin} does not answer" in line


def onduty_any(onduty, *words: str) -> str:
    """The line, whatever the exit code is."""
    try:
        return onduty(*words).lines[0]
    except AssertionError:
        return onduty(*words, code=2).lines[0]


def test_a_lag_that_is_none_is_told(onduty):
    """Wrong usage."""
    assert "is not a duration" in onduty("check", "--lag", "soon", code=2).err
