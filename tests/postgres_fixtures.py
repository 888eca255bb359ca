"""Fixtures with a real PostgreSQL; a pytest plugin."""

import os
from collections.abc import Iterator

import postgres_server
import pytest
from postgres_server import PostgresServer


@pytest.fixture(scope="session")
def _shared_postgres() -> Iterator[str]:
    if named := os.environ.get(postgres_server.VARIABLE):
        yield named
        return
    with postgres_server.postgres_server() as server:
        yield server.address


@pytest.fixture
def postgres_address(_shared_postgres: str) -> str:
    """Where a PostgreSQL is that all tests of a run share: each has schemas of its own there."""
    return _shared_postgres


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of the test's own, to be harmed."""
    with postgres_server.postgres_server() as server:
        yield server
