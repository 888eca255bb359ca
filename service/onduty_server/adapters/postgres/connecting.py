"""Connections to the store's database, and its errors in words; knows no records."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import dup
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import Connection

from onduty_server.adapters.postgres.arrays import take_arrays
from onduty_server.adapters.postgres.options import PostgresOptions
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.observability.redaction import shown_address

Row: TypeAlias = tuple[Any, ...]
Database: TypeAlias = Connection[Row]

NO_TIMEOUT: Final = 0.0


def connect(options: PostgresOptions, purpose: str, *, statement_seconds: float) -> Database:
    """A connection on which each statement is a transaction of its own, unless one is begun.

    Raises:
        psycopg.Error: There is none to be had.
    """
    made: Database = psycopg.connect(options.conninfo(purpose, statement_seconds=statement_seconds), autocommit=True)
    take_arrays(made)
    return made


def describe(error: psycopg.Error | OSError) -> str:
    """An error in one line, with its code."""
    text = " ".join(str(error).split()) or type(error).__name__
    code = getattr(error, "sqlstate", None)
    return f"{text} ({code})" if code else text


@contextmanager
def errors(options: PostgresOptions, doing: str) -> Iterator[None]:
    """Turn errors of the database and of the system into ``JournalUnavailableError``."""
    try:
        yield
    except (psycopg.Error, OSError) as error:
        raise JournalUnavailableError(f"cannot {doing} {shown_address(options.address)}: {describe(error)}") from error


def sever(connection: Database) -> None:
    """Have a connection fail at once, for whoever waits on it. For any thread."""
    with suppress(psycopg.Error, OSError), socket.socket(fileno=dup(connection.fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)


def close(connection: Database) -> None:
    """Close a connection, in whatever state it is."""
    with suppress(psycopg.Error, OSError):
        connection.close()
