"""What changes the journal: appending and forgetting, on one connection and one thread; waits for no event loop."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, NoReturn

from onduty_server.adapters.sqlite import queries
from onduty_server.adapters.sqlite.reader import find_answer
from onduty_server.adapters.sqlite.storage import JournalFile
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant
from onduty_server.ports import DuplicateMarkError, Entry, Key, Mark, RecordKind, Revision, StaleEntryError, StoredAnswer

_ROWS_MOST: Final = 256
"""Rows of one statement. Many in one, as each costs a hand-over of the interpreter lock to a busy event loop and back."""

_TAIL_MOST: Final = 4096
"""Records after which an append brings the heads up to date, which takes it some 5 ms."""


class Writer:
    """The only one that writes to a journal file."""

    def __init__(self, file: JournalFile) -> None:
        """Connects at the first use."""
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._tenants: dict[str, int] = {}
        self._last = 0
        self._time_ceiling = 0
        self._heads_until = 0
        self._tail: dict[Key, int] = {}

    def append(self, entries: Sequence[Entry], marks: Sequence[Mark]) -> list[Revision]:
        """See ``Journal.append``."""
        with self._transaction("append to") as connection:
            first, settled = self._last + 1, self._last
            settle = settled - self._heads_until >= _TAIL_MOST
            if settle:
                self._settle_heads(connection)
            ceiling, tail = self._insert_entries(connection, entries)
            self._insert_marks(connection, marks, first)
        if settle:
            self._tail, self._heads_until = {}, settled
        self._tail.update(tail)
        self._last += len(entries)
        self._time_ceiling = ceiling
        return [Revision(revision) for revision in range(first, first + len(entries))]

    def settle(self) -> None:
        """Bring the heads up to date."""
        if self._connection is not None and self._last == self._heads_until:
            return
        with self._transaction("bring up to date the heads of") as connection:
            self._settle_heads(connection)
        self._tail, self._heads_until = {}, self._last

    def forget(self, tenant: str, revisions: Sequence[int]) -> int:
        """Delete records of a tenant, of which none may be its key's last; returns how many there were."""
        with self._transaction("forget records of") as connection:
            deleted = connection.execute(queries.FORGET, {"revisions": json.dumps(revisions)}).rowcount
            connection.execute(queries.RAISE_HORIZON, {"tenant": tenant, "revision": max(revisions)})
        return deleted

    def forget_answers(self, answered_before: Instant, limit: int) -> int:
        """Delete up to ``limit`` answers older than an instant, the oldest first; returns how many there were."""
        with self._transaction("forget answers of") as connection:
            values = {"answered_before": answered_before, "limit": limit}
            return connection.execute(queries.FORGET_ANSWERS, values).rowcount

    def close(self) -> None:
        """Disconnect."""
        self._disconnect()

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[sqlite3.Connection]:
        """A transaction that is acknowledged (left without an error) only if it is durable in the file at the path."""
        with self._file.errors(doing):
            connection = self._connected()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
                self._file.check()
            except (StaleEntryError, DuplicateMarkError):
                self._roll_back(connection)
                raise
            except BaseException:
                self._disconnect()
                raise

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        """Undo a batch that was refused."""
        self._tenants.clear()
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._disconnect()

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = self._file.connect()
            try:
                last = connection.execute(queries.LAST).fetchone()
                (until,) = connection.execute(queries.HEADS_UNTIL).fetchone()
                tail = connection.execute(queries.TAIL).fetchall()
            except BaseException:
                connection.close()
                raise
            self._last, self._time_ceiling = last or (0, 0)
            self._heads_until = until
            self._tail = {Key(tenant, RecordKind(kind), name): revision for tenant, kind, name, revision in tail}
            self._connection = connection
        return self._connection

    def _settle_heads(self, connection: sqlite3.Connection) -> None:
        connection.execute(queries.HEADS_UP_TO_DATE)
        connection.execute(queries.RAISE_HEADS_UNTIL, {"revision": self._last})

    def _disconnect(self) -> None:
        """Drop the connection and all that was known by it: what is in the file now is open."""
        self._tenants.clear()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(sqlite3.Error):
                connection.close()

    def _tenant_id(self, connection: sqlite3.Connection, tenant: str) -> int:
        tenant_id = self._tenants.get(tenant)
        if tenant_id is None:
            connection.execute(queries.INSERT_TENANT, {"tenant": tenant})
            (tenant_id,) = connection.execute(queries.TENANT_ID, {"tenant": tenant}).fetchone()
            self._tenants[tenant] = tenant_id
        return tenant_id

    def _insert_entries(self, connection: sqlite3.Connection, entries: Sequence[Entry]) -> tuple[int, dict[Key, int]]:
        """Insert entries that are not stale; returns the new time ceiling, and the new last revisions."""
        ceiling, known = self._time_ceiling, self._tail
        last: dict[Key, int] = {}
        expectations: dict[Key, int] = {}
        keys: list[Any] = []
        values: list[Any] = []
        for revision, entry in enumerate(entries, self._last + 1):
            key, expected, state, private, change, changed_at, recorded_at, cause, closes, calls_started = entry
            tenant_id, kind = self._tenant_id(connection, key.tenant), int(key.kind)
            previous, unchecked = last.get(key), False
            if previous is None:
                previous, held = expected, known.get(key)
                unchecked = held is None
                expectations[key] = expected if held is None else held
                if unchecked and not expected:
                    keys += (tenant_id, kind, key.name)
            if expectations[key] != expected:
                self._raise_stale(connection, entries)
            ceiling = max(ceiling, changed_at, recorded_at)
            values += (
                revision,
                tenant_id,
                kind,
                key.name,
                expected if unchecked else None,
                previous,
                changed_at,
                recorded_at,
                ceiling,
                None if cause is None else int(cause),
                *((None, None, None) if closes is None else (int(closes.status), closes.break_reason, closes.since)),
                calls_started,
                state,
                private,
                change,
            )
            last[key] = revision
        _insert(connection, queries.insert_keys, keys, queries.KEY_VALUES)
        if _insert(connection, queries.insert_entries, values, queries.ENTRY_VALUES) != len(entries):
            self._raise_stale(connection, entries)
        return ceiling, last

    def _insert_marks(self, connection: sqlite3.Connection, marks: Sequence[Mark], first: int) -> None:
        values: list[Any] = []
        for mark in marks:
            values += (
                self._tenant_id(connection, mark.tenant),
                mark.request_id,
                mark.fingerprint,
                mark.revision if mark.entry is None else first + mark.entry,
                mark.detail,
                mark.answered_at,
            )
        try:
            _insert(connection, queries.insert_marks, values, queries.MARK_VALUES)
        except sqlite3.IntegrityError:
            self._raise_duplicate(connection, marks)
            raise

    def _raise_stale(self, connection: sqlite3.Connection, entries: Sequence[Entry]) -> NoReturn:
        for index, entry in enumerate(entries):
            tenant, kind, name = entry.key
            last = self._tail.get(entry.key)
            if last is None:
                row = connection.execute(queries.HEAD_OF_KEY, {"tenant": tenant, "kind": int(kind), "name": name}).fetchone()
                last = row[0] if row else 0
            if entry.expected != last:
                raise StaleEntryError(index)
        raise JournalUnavailableError("the journal file is damaged: entries that fit were not taken")

    def _raise_duplicate(self, connection: sqlite3.Connection, marks: Sequence[Mark]) -> None:
        seen: dict[tuple[str, str], StoredAnswer] = {}
        connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        for index, mark in enumerate(marks):
            identity = (mark.tenant, mark.request_id)
            stored = find_answer(connection, *identity) or seen.get(identity)
            if stored is not None:
                raise DuplicateMarkError(index, stored)
            seen[identity] = StoredAnswer(mark.fingerprint, Revision(0), b"")


def _insert(connection: sqlite3.Connection, statement: Callable[[int], str], values: list[Any], width: int) -> int:
    """Insert rows of ``width`` values, many in a statement; returns how many rows were inserted.

    The sizes are powers of two, so that few statements stay prepared; rows of NULL fill up and are passed over.
    """
    inserted = 0
    for start in range(0, len(values), _ROWS_MOST * width):
        chunk = values[start : start + _ROWS_MOST * width]
        rows = len(chunk) // width
        size = 1 << (rows - 1).bit_length()
        chunk += [None] * ((size - rows) * width)
        inserted += connection.execute(statement(size), chunk).rowcount
    return inserted
