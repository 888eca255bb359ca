"""A real server with its web side."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import prepared
import pytest
from running_server import RunningServer, running_server
from wait_until import wait_until
from web_client import WebClient

PAGES = re.compile(r"The pages are on (\S+)/desk,")


@contextmanager
def sample_server(journal: Path, *flags: str) -> Iterator[RunningServer]:
    """A server with sample staff and a web side, both on free ports."""
    with running_server(journal, flags=["--sample", "--web", "127.0.0.1:0", "--drain", "1", *flags]) as server:
        wait_until(lambda: PAGES.search(server.output))  # its line comes after the one that says that the server serves.
        yield server


def client_of(server: RunningServer) -> WebClient:
    """Asks a server's web side."""
    found = PAGES.search(server.output)
    assert found, server.output
    return WebClient(found[1])


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[RunningServer]:
    """A server of the test's own."""
    with sample_server(tmp_path / "journal.db") as server:
        yield server


@pytest.fixture
def client(sample: RunningServer) -> WebClient:
    """Asks it."""
    return client_of(sample)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebClient]:
    """Asks a server that all tests of a module share: each uses a staff member of its own."""
    with sample_server(tmp_path_factory.mktemp("shared") / "journal.db") as server:
        yield client_of(server)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WebClient, str]]:
    """Asks a server with one key, a supervisor's, which is the second value."""
    folder = tmp_path_factory.mktemp("guarded")
    file = folder / "keys.jsonl"
    line = [sys.executable, "-m", "onduty_cli", "keys", "new", "--file", str(file), "--id", "lead", "--role", "supervisor"]
    made = prepared.run([*line, "--tenant", "default"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with sample_server(folder / "journal.db", "--keys", str(file)) as server:
        yield client_of(server), made.stdout.split()[-1]
