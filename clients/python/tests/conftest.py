"""Fixtures of the client's tests: a real server that all of them share, and a tenant of its own for each."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from kinds import KINDS, World
from onduty_process import OndutyProcess, onduty_process


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OndutyProcess]:
    """A server that all tests share; each keeps to its own tenant."""
    with onduty_process(tmp_path_factory.mktemp("server") / "journal.db") as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[OndutyProcess]:
    """A server of the test's own, to be stopped and started."""
    with onduty_process(tmp_path / "journal.db") as running:
        yield running


@pytest_asyncio.fixture(params=KINDS, ids=lambda kind: kind.name)
async def world(request: pytest.FixtureRequest, server: OndutyProcess) -> AsyncIterator[World]:
    """Either kind of client, in a tenant of its own."""
    made = World(request.param, server.address)
    yield made
    await made.close()


@pytest_asyncio.fixture(params=KINDS, ids=lambda kind: kind.name)
async def own_world(request: pytest.FixtureRequest, own_server: OndutyProcess) -> AsyncIterator[World]:
    """Either kind of client, on a server of the test's own."""
    made = World(request.param, own_server.address)
    yield made
    await made.close()
