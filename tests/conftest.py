"""Fixtures that every room of the tests may use, and the environment that all of them run in."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import own_environment
import prepared
import pytest
import quick
from running_server import RunningServer, running_server

pytest_plugins = ["told_skips", "postgres_fixtures"]

own_environment.take(os.environ)
own_environment.take_signals()
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"  # a fork here only runs another program, also while calls are under way.
sys.dont_write_bytecode = False  # read before the environment was taken.


def pytest_configure(config: pytest.Config) -> None:
    """What everybody runs before a commit looks at fewer examples, and its programs share imports unless coverage looks on."""
    quick.chosen = config.getoption("--no-slow")
    prepared.wanted = quick.chosen and not config.pluginmanager.hasplugin("_cov")


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    """Where a test's journal is; the file does not exist yet."""
    return tmp_path / "journal.db"


@pytest.fixture
def server(journal_path: Path) -> Iterator[RunningServer]:
    """A real server process on a new journal."""
    with running_server(journal_path) as running:
        yield running
