"""Stores in a real PostgreSQL for the contract suite: each in a schema of its own."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from onduty_server.adapters.postgres import PostgresJournal, PostgresOptions


@dataclass
class PostgresFactory:
    """A schema, not there at first."""

    address: str
    schema: str = field(default_factory=lambda: f"onduty_{secrets.token_hex(6)}")
    made: list["PostgresFactory"] = field(default_factory=list)
    shared = False

    def __post_init__(self) -> None:
        self.made.append(self)

    @property
    def options(self) -> PostgresOptions:
        """How to open it."""
        return PostgresOptions(self.address, schema=self.schema)

    async def open(self) -> PostgresJournal:
        """Open it."""
        return await PostgresJournal.open(self.options)

    def another(self) -> "PostgresFactory":
        """A schema beside it."""
        return PostgresFactory(self.address, made=self.made)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection of nobody's, to look at the tables or to be in the way."""
        return psycopg.connect(self.address, autocommit=True, options=f"-c search_path={self.schema}")


@contextmanager
def postgres_factory(address: str) -> Iterator[PostgresFactory]:
    """One, whose schemas are dropped at the end."""
    factory = PostgresFactory(address)
    yield factory
    with factory.connect() as connection:
        for one in factory.made:
            connection.execute(f"DROP SCHEMA IF EXISTS {one.schema} CASCADE")
