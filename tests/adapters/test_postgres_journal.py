"""The journal in PostgreSQL: the contract with a real server."""

from collections.abc import Iterator

import pytest
from adapters.journal_contract import JournalContract
from adapters.postgres_factory import PostgresFactory, postgres_factory


@pytest.fixture
def journal_factory(postgres_address: str) -> Iterator[PostgresFactory]:
    with postgres_factory(postgres_address) as factory:
        yield factory


class TestPostgresJournal(JournalContract):
    """All promises, no gaps."""
