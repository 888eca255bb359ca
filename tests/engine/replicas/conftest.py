"""Engines that share a store in a real PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from adapters.postgres_factory import PostgresFactory, postgres_factory
from replica_floor import Replicas


@pytest.fixture
def factory(postgres_address: str) -> Iterator[PostgresFactory]:
    """A schema in the server of all tests."""
    with postgres_factory(postgres_address) as made:
        yield made


@pytest.fixture
async def replicas(factory: PostgresFactory) -> AsyncIterator[Replicas]:
    """Starts replicas of one store."""
    async with AsyncExitStack() as stack:
        yield Replicas(factory, stack)
