"""What changes the journal: appending and forgetting, on one connection and one thread; waits for no event loop."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, NoReturn

from onduty_server.adapters.checksums import checksum
from onduty_server.adapters.columns import columns, group_set, person_number
from onduty_server.adapters.sqlite import erasing, queries
from onduty_server.adapters.sqlite.reader import find_answers
from onduty_server.adapters.sqlite.storage import BUSY_MILLISECONDS, JournalFile
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant
from onduty_server.past import Facets, Life, Revision
from onduty_server.ports import AnswerRow, DuplicateAnswersError, Entry, Key, RecordKind, StaleEntriesError, StoredAnswer

_ROWS_MOST: Final = 256
"""Rows of one statement. Many in one, as each costs a hand-over of the interpreter lock to a busy event loop and back."""

_GROUP_SETS_MOST: Final = 10_000
"""Sets of groups whose numbers are at hand."""

_TAIL_MOST: Final = 4096
"""Records after which an append brings the heads up to date, which takes it some 5 ms."""


class AppendConnection:
    """The only one that writes to a journal file."""

    def __init__(self, file: JournalFile) -> None:
        """Connects at the first use."""
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._tenants: dict[str, int] = {}
        self._group_sets: dict[tuple[int, tuple[str, ...]], int] = {}
        self._last = 0
        self._time_ceiling = 0
        self._heads_until = 0
        self._tail: dict[Key, int] = {}

    def append(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Revision]:
        """See ``Journal.append``."""
        with self.transaction("append to") as connection:
            first, settled = self._last + 1, self._last
            settle = settled - self._heads_until >= _TAIL_MOST
            if settle:
                self._settle_heads(connection, settled)
            ceiling, tail = self._insert_entries(connection, entries)
            self._insert_answers(connection, answer_rows, first)
            orders = [(number, one.erases) for number, one in enumerate(entries) if one.erases is not None]
            if orders:  # moves heads: none may be in the tail.
                settle, settled, tail = True, self._last + len(entries), {}
                self._settle_heads(connection, settled)
            nobody = tuple(number for number, order in orders if not erasing.begin(connection, order, first + number))
            if nobody:
                raise StaleEntriesError(nobody)
        if settle:
            self._tail, self._heads_until = {}, settled
        self._tail.update(tail)
        self._last += len(entries)
        self._time_ceiling = ceiling
        self._file.acknowledge(self._last)
        return [Revision(revision) for revision in range(first, first + len(entries))]

    def settle(self) -> None:
        """Bring the heads up to date."""
        if self._connection is not None and self._last == self._heads_until:
            return
        with self.transaction("bring up to date the heads of") as connection:
            self._settle_heads(connection, self._last)
        self._tail, self._heads_until = {}, self._last

    def forget(self, tenant: str, records: Sequence[tuple[int, Instant]]) -> int:
        """Delete records of a tenant, each with when it took effect, of which none may be its key's last; returns how many."""
        with self.transaction("forget records of") as connection:
            values = {"revisions": json.dumps([revision for revision, _ in records])}
            deleted = connection.execute(queries.FORGET, values).rowcount
            connection.execute(queries.FORGET_OTHER_CALLS, values)
            connection.execute(queries.FORGET_PERSONS, values)
            last, latest = (max(column) for column in zip(*records, strict=True))
            raised = {"tenant": tenant, "revision": last, "complete_from": latest + 1}
            connection.execute(queries.RAISE_HORIZON, raised)
        return deleted

    def forget_answers(self, answered_before: Instant, limit: int) -> int:
        """Delete up to ``limit`` answers older than an instant, the oldest first; returns how many there were."""
        with self.transaction("forget answers of") as connection:
            values = {"answered_before": answered_before, "limit": limit}
            return connection.execute(queries.FORGET_ANSWERS, values).rowcount

    def empty_log(self) -> bool:
        """Write the write-ahead log back and cut it to nothing; returns False, at once, where somebody reads from it."""
        with self._file.errors("empty the log of"):
            connection = self._connected()
            connection.execute("PRAGMA busy_timeout = 0")
            try:
                (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        return not busy

    def close(self) -> None:
        """Disconnect."""
        self._disconnect()

    @contextmanager
    def transaction(self, doing: str) -> Iterator[sqlite3.Connection]:
        """A transaction that is acknowledged (left without an error) only if it is durable in the file at the path."""
        with self._file.errors(doing):
            connection = self._connected()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
                self._file.check()
            except (StaleEntriesError, DuplicateAnswersError):
                self._roll_back(connection)
                raise
            except BaseException:
                self._disconnect()
                raise

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        """Undo a batch that was refused."""
        self._tenants.clear()
        self._group_sets.clear()
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._disconnect()

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = self._file.connect()
            try:
                connection.create_function("record_checksum", 9, checksum, deterministic=True)
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

    def _settle_heads(self, connection: sqlite3.Connection, last: int) -> None:
        connection.execute(queries.HEADS_UP_TO_DATE)
        connection.execute(queries.RAISE_HEADS_UNTIL, {"revision": last})

    def _disconnect(self) -> None:
        """Drop the connection and all that was known by it: what is in the file now is open."""
        self._tenants.clear()
        self._group_sets.clear()
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
        apart: list[tuple[int, int, Entry]] = []
        for revision, entry in enumerate(entries, self._last + 1):
            key, expected, state, private, change, changed_at, recorded_at, facets, erases = entry
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
            groups = self._group_set(connection, tenant_id, facets.groups)
            after = None if facets.groups_after is None else self._group_set(connection, tenant_id, facets.groups_after)
            values += (
                kind,
                key.name,
                expected if unchecked else None,
                revision,
                tenant_id,
                previous,
                person_number(facets.person) if facets.person else None,
                changed_at,
                recorded_at,
                ceiling,
                *columns(facets, groups, after),
                state,
                private,
                change,
                facets.configuration or None,
                checksum(revision, previous, key.tenant, kind, key.name, state, private, change, facets.configuration),
            )
            last[key] = revision
            if facets.life or erases is not None or len(facets.calls) > 1:
                apart.append((revision, tenant_id, entry))
        _insert(connection, queries.insert_keys, keys, queries.KEY_VALUES)
        if _insert(connection, queries.insert_entries, values, queries.ENTRY_VALUES) != len(entries):
            self._raise_stale(connection, entries)
        for revision, tenant_id, entry in apart:
            _insert_apart(connection, revision, tenant_id, entry.facets)
        return ceiling, last

    def _group_set(self, connection: sqlite3.Connection, tenant_id: int, names: tuple[str, ...]) -> int | None:
        if not names:
            return None
        known = self._group_sets.get((tenant_id, names))
        if known is None:
            kept = (tenant_id, group_set(names))
            connection.execute(queries.INSERT_GROUP_SET, kept)
            (known,) = connection.execute(queries.GROUP_SET, kept).fetchone()
            if len(self._group_sets) >= _GROUP_SETS_MOST:
                self._group_sets.clear()
            self._group_sets[tenant_id, names] = known
        return known

    def _insert_answers(self, connection: sqlite3.Connection, answer_rows: Sequence[AnswerRow], first: int) -> None:
        values: list[Any] = []
        for answer_row in answer_rows:
            values += (
                self._tenant_id(connection, answer_row.tenant),
                answer_row.request_id,
                answer_row.fingerprint,
                answer_row.revision if answer_row.entry is None else first + answer_row.entry,
                answer_row.detail,
                answer_row.answered_at,
            )
        try:
            _insert(connection, queries.insert_answers, values, queries.ANSWER_VALUES)
        except sqlite3.IntegrityError:
            self._raise_duplicates(connection, answer_rows)
            raise

    def _raise_stale(self, connection: sqlite3.Connection, entries: Sequence[Entry]) -> NoReturn:
        stale = []
        for index, entry in enumerate(entries):
            tenant, kind, name = entry.key
            last = self._tail.get(entry.key)
            if last is None:
                row = connection.execute(queries.HEAD_OF_KEY, {"tenant": tenant, "kind": int(kind), "name": name}).fetchone()
                last = row[0] if row else 0
            if entry.expected != last:
                stale.append(index)
        if stale:
            raise StaleEntriesError(tuple(stale))
        raise JournalUnavailableError("the journal file is damaged: entries that fit were not taken")

    def _raise_duplicates(self, connection: sqlite3.Connection, answer_rows: Sequence[AnswerRow]) -> None:
        connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        requests = [(row.tenant, row.request_id) for row in answer_rows]
        answers = find_answers(connection, requests)
        stored: dict[int, StoredAnswer] = {}
        for index, (row, request) in enumerate(zip(answer_rows, requests, strict=True)):
            if request in answers:
                stored[index] = answers[request]
            answers.setdefault(request, StoredAnswer(row.fingerprint, Revision(0), b""))
        if stored:
            raise DuplicateAnswersError(stored)


def _insert_apart(connection: sqlite3.Connection, revision: int, tenant_id: int, facets: Facets) -> None:
    """What few records have: the beginning or the end of a person, and more calls than one."""
    if facets.life is not Life.GOES_ON:
        statement = queries.PERSON_BEGINS if facets.life is Life.BEGINS else queries.PERSON_ENDS
        connection.execute(statement, {"person": person_number(facets.person), "revision": revision})
    rows = [(tenant_id, call_id, revision, source) for source, call_id in facets.calls[1:]]
    connection.executemany(queries.INSERT_OTHER_CALL, rows)


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
