"""Open files: as many as the system allows, and a word where those are too few."""

import resource
from pathlib import Path

import pytest
from running_server import running_server
from structlog.testing import capture_logs

from onduty_cli.server_side import process, warnings_at_start
from onduty_server.config import Settings


@pytest.fixture
def own_limit() -> object:
    """The process has its limit back afterwards."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_soft_limit_is_raised_to_the_hard_one(own_limit: int):
    """Most systems begin with 1,024, which are about 1,000 desktops."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, own_limit), own_limit))
    process._raise_open_files()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (own_limit, own_limit)


def test_too_few_files_are_warned_of_with_the_numbers(own_limit: int):
    """Who may attach 15,000 desktops and has 512 files reads both, and what to do."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, own_limit))
    with capture_logs() as logs:
        warnings_at_start.warn_of_open_files(Settings(streams_per_tenant=15_000))
    (told,) = logs
    assert (told["event"], told["log_level"], told["limit"], told["needed"]) == ("open_files_few", "warning", 512, 15_100)


def test_enough_files_are_no_matter():
    """Nothing is told where the quotas fit."""
    with capture_logs() as logs:
        warnings_at_start.warn_of_open_files(Settings(streams_per_tenant=10))
    assert not logs


def test_serve_raises_the_limit_of_its_process(tmp_path: Path, own_limit: int):
    """The server itself does it, before it listens."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, own_limit), own_limit))
    with running_server(tmp_path / "journal.db") as server:
        limits = Path(f"/proc/{server.process.pid}/limits").read_text(encoding="ascii")
    (line,) = [line for line in limits.splitlines() if line.startswith("Max open files")]
    soft, hard = line.split()[3:5]
    assert soft == hard
