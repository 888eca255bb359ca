"""Fixtures of the edge's tests: a server in the test's own loop, and its plainest caller."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fake_clock import FakeClock
from rpc_world import Client, World, serving


@pytest.fixture
async def world(journal_path: Path) -> AsyncIterator[World]:
    """A server on a new journal."""
    async with serving(journal_path) as started:
        yield started


@pytest.fixture
def client(world: World) -> Client:
    """A caller in the default tenant."""
    return world.client


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
async def timed(journal_path: Path, clock: FakeClock) -> AsyncIterator[World]:
    """A server on a new journal whose time the test moves."""
    async with serving(journal_path, clock=clock) as started:
        yield started
