"""A journal's file as the source or the target of a copy between adapters."""

# ruff: noqa: S608 - every statement is put together from constants; values are bound.

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from onduty_server.adapters.checksums import checksum, record
from onduty_server.adapters.columns import group_set
from onduty_server.adapters.sqlite import queries, schema
from onduty_server.adapters.sqlite.copies import BackupError, sync, unfinished
from onduty_server.adapters.sqlite.file_checks import described
from onduty_server.adapters.sqlite.storage import JournalFile
from onduty_server.adapters.stored_rows import (
    AnswerRow,
    CopyError,
    KeyRow,
    OtherCall,
    PersonRow,
    RecordRow,
    StoredRows,
    TenantRow,
)
from onduty_server.ports import JournalOpenError

_UNIT: Final = "\x1f"
_GROUP: Final = "\x1e"
_STEP: Final = 2_000

_TENANTS: Final = "SELECT name, horizon, complete_from FROM tenants ORDER BY id"

_KEYS: Final = f"""
SELECT t.name, k.kind, k.name, h.key_id IS NULL AND tail.key_id IS NULL AND EXISTS (
    SELECT 1 FROM persons p WHERE p.key_id = k.id
) FROM keys k JOIN tenants t ON t.id = k.tenant_id LEFT JOIN heads h ON h.key_id = k.id
LEFT JOIN (SELECT DISTINCT key_id FROM journal WHERE revision > ({queries.HEADS_UNTIL})) tail ON tail.key_id = k.id
ORDER BY k.id
"""

_PERSONS: Final = """
SELECT p.person, t.name, k.name, p.first, p.began_at, p.last, p.ended_at
FROM persons p JOIN keys k ON k.id = p.key_id JOIN tenants t ON t.id = p.tenant_id ORDER BY p.first
"""

_RECORDS: Final = f"""
SELECT {queries.RECORD}, j.person, j.changed_at, j.recorded_at, j.time_ceiling, j.cause, j.moved, j.closed_status,
    j.closed_reason, j.closed_since, g.names, a.names, j.counts, j.talks, j.standing, j.call_id, j.source, (
        SELECT group_concat(o.call_id || char(31) || o.source, char(30)) FROM other_calls o WHERE o.revision = j.revision
    )
FROM journal j NOT INDEXED {queries.OF_RECORD}
LEFT JOIN group_sets g ON g.id = j.groups LEFT JOIN group_sets a ON a.id = j.groups_after ORDER BY j.revision
"""

_ANSWERS: Final = """
SELECT t.name, a.request_id, a.fingerprint, a.revision, a.detail, a.answered_at
FROM answers a JOIN tenants t ON t.id = a.tenant_id
"""

_INSERT_RECORD: Final = f"INSERT INTO journal VALUES ({', '.join('?' * 25)})"


class FileSource:
    """A journal's file to copy from, which this process has. Use ``open``."""

    def __init__(self, file: JournalFile, connection: sqlite3.Connection) -> None:
        """``connection`` may read and write."""
        self._file = file
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator["FileSource"]:
        """The file, for the length of the block.

        Raises:
            JournalOpenError: There is none, or it cannot be opened.
            JournalLockedError: A server has it.
        """
        if not path.is_file():
            raise JournalOpenError(f"there is no journal at {path}")
        file = JournalFile.open(path)
        try:
            with closing(file.connect()) as connection:
                yield cls(file, connection)
        finally:
            file.close()

    def rows(self) -> StoredRows:
        """See ``RowSource``."""
        connection = self._connection
        if connection.execute("SELECT 1 FROM erasures").fetchone():
            raise CopyError("somebody is being erased: start the server, and wait until that is done")
        (count,) = connection.execute("SELECT count(*) FROM journal").fetchone()
        (head,) = connection.execute(queries.HEAD).fetchone()
        return StoredRows(
            self._file.store_id,
            self._file.epoch,
            head,
            count,
            [TenantRow(*row) for row in connection.execute(_TENANTS)],
            [KeyRow(tenant, kind, name, bool(is_free)) for tenant, kind, name, is_free in connection.execute(_KEYS)],
            [PersonRow(*row) for row in connection.execute(_PERSONS)],
            lambda: map(_record_row, connection.execute(_RECORDS)),
            lambda: (AnswerRow(*row) for row in connection.execute(_ANSWERS)),
        )

    def retire(self) -> None:
        """See ``RowSource``."""
        schema.mark_copy(self._connection)


class FileTarget:
    """A file that is to be a journal, and is not there yet."""

    def __init__(self, path: Path) -> None:
        """Raises ``CopyError`` where there is something."""
        self._path = path.absolute()
        if self._path.exists():
            raise CopyError(f"{path} is there already: name another file")
        if not self._path.parent.is_dir():
            raise CopyError(f"{path} cannot be made, as its directory does not exist: create it first")

    def take(self, copied: StoredRows, show: Callable[[int, int], None]) -> None:
        """See ``RowTarget``. The file takes its name when all of it is written and synced."""
        try:
            with unfinished(self._path) as unnamed:
                with closing(sqlite3.connect(unnamed, isolation_level=None)) as connection:
                    schema.bring_up_to_date(connection)
                    connection.execute("BEGIN")
                    _take_all(connection, copied, show)
                    connection.execute("COMMIT")
                sync(unnamed)
                os.link(unnamed, self._path)  # fails where meanwhile somebody else made one.
                sync(self._path.parent)
        except (sqlite3.Error, OSError, BackupError) as error:
            raise CopyError(f"{self._path} cannot be written: {described(error)}") from error


def _take_all(connection: sqlite3.Connection, copied: StoredRows, show: Callable[[int, int], None]) -> None:
    meta = [(copied.store_id, "store_id"), (copied.epoch, "epoch"), (copied.head, "heads_until")]
    connection.executemany("UPDATE meta SET value = ? WHERE name = ?", meta)
    connection.executemany("INSERT INTO tenants (name, horizon, complete_from) VALUES (?, ?, ?)", copied.tenants)
    tenants: dict[str, int] = dict(connection.execute("SELECT name, id FROM tenants"))
    keyed = [(number, tenants[key.tenant], key.kind, key.name) for number, key in enumerate(copied.keys, 1)]
    connection.executemany("INSERT INTO keys (id, tenant_id, kind, name) VALUES (?, ?, ?, ?)", keyed)
    keys = {(key.tenant, key.kind, key.name): number for number, key in enumerate(copied.keys, 1)}
    heads: dict[int, int] = {}
    sets: dict[tuple[int, str], int] = {}
    for done, row in enumerate(copied.records(), 1):
        tenant_id, key_id = tenants[row.tenant], keys[row.tenant, row.kind, row.name]
        groups, after = (_set(connection, sets, tenant_id, names) for names in (row.groups, row.groups_after))
        connection.execute(_INSERT_RECORD, _journal_row(row, tenant_id, key_id, groups=groups, after=after))
        others = [(tenant_id, other.call_id, row.revision, other.source) for other in row.other_calls]
        connection.executemany("INSERT INTO other_calls (tenant_id, call_id, revision, source) VALUES (?, ?, ?, ?)", others)
        heads[key_id] = row.revision
        if done % _STEP == 0:
            show(done, copied.records_count)
    free = {keys[key.tenant, key.kind, key.name] for key in copied.keys if key.is_free}
    kept = [(key_id, revision) for key_id, revision in heads.items() if key_id not in free]
    connection.executemany("INSERT INTO heads (key_id, revision) VALUES (?, ?)", kept)
    persons = [(p.person, tenants[p.tenant], keys[p.tenant, 1, p.name], *p[3:]) for p in copied.persons]
    connection.executemany("INSERT INTO persons VALUES (?, ?, ?, ?, ?, ?, ?)", persons)
    answers = ((tenants[one.tenant], *one[1:]) for one in copied.answers())
    connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", answers)


def _set(
    connection: sqlite3.Connection, sets: dict[tuple[int, str], int], tenant_id: int, names: tuple[str, ...] | None
) -> int | None:
    if not names:
        return None
    kept = (tenant_id, group_set(names))
    if kept not in sets:
        sets[kept] = len(sets) + 1
        connection.execute("INSERT INTO group_sets (id, tenant_id, names) VALUES (?, ?, ?)", (sets[kept], *kept))
    return sets[kept]


def _record_row(row: tuple[Any, ...]) -> RecordRow:
    found = record(row[:10])
    *before, moved, status, reason, since, groups, after, counts, talks, packed, call_id, source, others = row[10:]
    columns = [
        *(found.revision, found.key.tenant, int(found.key.kind), found.key.name, found.previous, *before),
        *(bool(moved), status, reason, since),
        None if groups is None else tuple(json.loads(groups)),
        None if after is None else tuple(json.loads(after)),
        counts,
        talks,
        *(packed, call_id, source, found.state, found.private, found.change, found.configuration or None),
        tuple(OtherCall(*other.split(_UNIT)) for other in others.split(_GROUP)) if others else (),
    ]
    return RecordRow._make(columns)


def _journal_row(row: RecordRow, tenant_id: int, key_id: int, *, groups: int | None, after: int | None) -> tuple[Any, ...]:
    parts = (row.state, row.private, row.change)
    return (
        *(row.revision, tenant_id, key_id, row.previous, row.person, row.changed_at, row.recorded_at, row.time_ceiling),
        *(row.cause, int(row.moved), row.closed_status, row.closed_reason, row.closed_since, groups, after),
        *(row.counts, row.talks, row.standing, row.call_id, row.source, *parts, row.configuration),
        checksum(row.revision, row.previous, row.tenant, row.kind, row.name, *parts, row.configuration or b""),
    )
