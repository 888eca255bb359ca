"""Reads a journal's file from outside, without changing anything of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from onduty_server.adapters.sqlite.file_checks import check_header, described
from onduty_server.ports import JournalOpenError


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees one moment of the file and changes nothing of it.

    Raises:
        JournalOpenError: It is not there, is no journal, or cannot be read.
    """
    if not path.is_file():
        raise JournalOpenError(f"there is no journal at {path}")
    try:
        check_header(path)
        with path.open("rb") as file:
            if not file.read(1):
                raise JournalOpenError(f"{path} is empty: it holds no journal")
        # Without a log there is nothing beside the file to read, and nobody has it open.
        alone = not path.with_name(f"{path.name}-wal").exists()
        uri = f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")
        with closing(sqlite3.connect(uri, uri=True, timeout=5, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("BEGIN")
            yield connection
    except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
        raise JournalOpenError(f"the journal {path} cannot be read: {described(error)}") from error
