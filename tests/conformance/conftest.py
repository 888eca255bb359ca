"""Fixtures of the conformance room: the drivers at hand, servers, and the proxy that breaks connections.

``ONDUTY_DRIVERS`` names the drivers, with commas; without it those of Python are used, which need no toolchain beside it.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conformance.fault_proxy import FaultProxy
from conformance.fault_room import SERVER_FLAGS, FaultRoom
from conformance.runner.rows import LANGUAGES, Row, rows_named
from conformance.runner.server import ServerProcess
from conformance.runner.session import driving

ORDINARY = ("python", "python-sync")


def chosen_rows() -> list[Row]:
    """The rows that the tests use."""
    named = os.environ.get("ONDUTY_DRIVERS")
    return rows_named(named.split(",") if named else ORDINARY)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a ``row`` runs for every driver that has a client; for a ``language``, once for each."""
    rows = [row for row in chosen_rows() if row.name != "plain"]
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", rows, ids=[row.name for row in rows])
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", [row.name for row in rows if row.name in LANGUAGES])


def pytest_configure(config: pytest.Config) -> None:
    """Make the room's own mark known."""
    config.addinivalue_line("markers", "conformance: takes long, and runs only where ONDUTY_DRIVERS names drivers")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long where no drivers are named; with ONDUTY_WANTED, all tests whose name lacks this text."""
    wanted = os.environ.get("ONDUTY_WANTED", "").replace(" ", "_")
    named = bool(os.environ.get("ONDUTY_DRIVERS"))
    items[:] = [
        item
        for item in items
        if (named or not item.get_closest_marker("conformance")) and wanted in f"{item.path.stem}_{item.name}"
    ]


@pytest.fixture
def driver_row(row: Row) -> Row:
    """A row whose driver is there."""
    require(row)
    return row


def require(row: Row) -> None:
    """Skip where a row's driver is not at hand; in continuous integration that is a failure."""
    if row.absent:
        if os.environ.get("CI"):
            pytest.fail(f"{row.name}: {row.absent}")
        pytest.skip(f"{row.name}: {row.absent}")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server of the test's own."""
    running = await ServerProcess(tmp_path / "journal.db", SERVER_FLAGS).start()
    yield running
    await running.terminate()


@pytest.fixture
async def proxy(server: ServerProcess) -> AsyncIterator[FaultProxy]:
    """The proxy before the server."""
    standing = await FaultProxy(server.port).start()
    yield standing
    await standing.stop()


@pytest.fixture
async def room(driver_row: Row, server: ServerProcess, proxy: FaultProxy) -> AsyncIterator[FaultRoom]:
    """A driver that reaches the server through the proxy, and the test's own direct connection to it."""
    async with driving(driver_row) as driver:
        standing = FaultRoom(driver, server, proxy)
        yield standing
        await standing.close()


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return Path(__file__).resolve().parents[2]
