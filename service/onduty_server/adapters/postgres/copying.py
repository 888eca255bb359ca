"""A store in PostgreSQL as the source or the target of a copy between adapters."""

# ruff: noqa: S608 - every statement is put together from constants; values are bound.

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from onduty_server.adapters.postgres import leadership, queries
from onduty_server.adapters.postgres.append_arguments import content_checksum, sealed
from onduty_server.adapters.postgres.connecting import Database, close, describe
from onduty_server.adapters.postgres.inspection import looking_into, walked
from onduty_server.adapters.postgres.options import PostgresOptions
from onduty_server.adapters.postgres.reader import rows
from onduty_server.adapters.postgres.records import record
from onduty_server.adapters.postgres.store import Store, read_meta
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
from onduty_server.ports import JournalOpenError, Key, RecordKind

_UNIT: Final = "\x1f"
_STEP: Final = 2_000

_IS_USED: Final = "SELECT EXISTS (SELECT 1 FROM journal) OR EXISTS (SELECT 1 FROM answers)"

_TENANTS: Final = "SELECT name, horizon, complete_from FROM tenants ORDER BY id"

_KEYS: Final = """
SELECT t.name, k.kind, k.name,
    k.released > 0 AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.key_id = k.id AND j.revision > k.released)
FROM keys k JOIN tenants t ON t.id = k.tenant_id ORDER BY k.id
"""

_PERSONS: Final = """
SELECT p.person, t.name, k.name, p.first, p.began_at, p.last, p.ended_at
FROM persons p JOIN keys k ON k.id = p.key_id JOIN tenants t ON t.id = p.tenant_id ORDER BY p.first
"""

_RECORDS: Final = f"""
DECLARE walk NO SCROLL CURSOR FOR
SELECT {queries.RECORD}, j.person, j.changed_at, j.recorded_at, j.time_ceiling, j.cause, j.moved, j.closed_status,
    j.closed_reason, j.closed_since, j.groups, j.groups_after, j.counts, j.talks::text, j.standing, j.call_id, j.source, (
        SELECT array_agg(o.call_id || chr(31) || o.source) FROM other_calls o WHERE o.revision = j.revision
    )
FROM journal j {queries.OF_RECORD} ORDER BY j.revision
"""

_ANSWERS: Final = """
DECLARE walk NO SCROLL CURSOR FOR
SELECT t.name, a.request_id, a.fingerprint, a.revision, a.detail, a.answered_at
FROM answers a JOIN tenants t ON t.id = a.tenant_id
"""

_RETIRE: Final = "INSERT INTO meta VALUES ('origin', 'copied') ON CONFLICT (name) DO UPDATE SET value = excluded.value"

_RELEASE: Final = """
UPDATE keys SET released = coalesce((SELECT max(j.revision) FROM journal j WHERE j.key_id = keys.id), 0)
WHERE id = ANY(%(ids)s::int8[])
"""

_NAME: Final = "UPDATE meta SET value = %(value)s WHERE name = %(name)s"

_JOURNAL: Final = """
COPY journal (
    revision, tenant_id, key_id, previous, person, changed_at, recorded_at, time_ceiling, cause, moved, closed_status,
    closed_reason, closed_since, groups, groups_after, counts, talks, standing, call_id, source, state, private, change,
    configuration, checksum
) FROM STDIN
"""


class PostgresRows:
    """A store that this process has. Use ``source`` or ``target``."""

    def __init__(self, store: Store, connection: Database, looking: Database | None) -> None:
        """``connection`` has the lead; ``looking`` sees one moment."""
        self._store = store
        self._connection = connection
        self._looking = looking

    # --- the source ---------------------------------------------------------------------------------------------------

    def rows(self) -> StoredRows:
        """See ``RowSource``."""
        looking = self._looking
        assert looking is not None, "only a source is asked"
        if rows(looking, "SELECT 1 FROM erasures LIMIT 1", {}):
            raise CopyError("somebody is being erased: start the server, and wait until that is done")
        meta = read_meta(looking)
        ((head, count),) = rows(looking, "SELECT coalesce(max(revision), 0), count(*) FROM journal", {})
        return StoredRows(
            meta.store_id,
            meta.epoch,
            head,
            count,
            [TenantRow(*row) for row in rows(looking, _TENANTS, {})],
            [KeyRow(*row) for row in rows(looking, _KEYS, {})],
            [PersonRow(*row) for row in rows(looking, _PERSONS, {})],
            lambda: map(_record_row, walked(looking, _RECORDS)),
            lambda: (AnswerRow(*row) for row in walked(looking, _ANSWERS)),
        )

    def retire(self) -> None:
        """See ``RowSource``."""
        self._connection.execute(_RETIRE)

    # --- the target ---------------------------------------------------------------------------------------------------

    def take(self, copied: StoredRows, show: Callable[[int, int], None]) -> None:
        """See ``RowTarget``."""
        connection = self._connection
        connection.execute("SET statement_timeout = 0")
        try:
            with connection.transaction():
                self._take_all(connection, copied, show)
        except psycopg.Error as error:
            raise CopyError(f"the journal in {self._store.name} cannot be written: {describe(error)}") from error

    def _take_all(self, connection: Database, copied: StoredRows, show: Callable[[int, int], None]) -> None:
        for name, value in (("store_id", copied.store_id), ("epoch", str(copied.epoch))):
            connection.execute(_NAME, {"name": name, "value": value})
        _copy(connection, "COPY tenants (name, horizon, complete_from) FROM STDIN", iter(copied.tenants))
        tenants: dict[str, int] = dict(connection.execute("SELECT name, id FROM tenants").fetchall())
        keyed = ((tenants[key.tenant], key.kind, key.name) for key in copied.keys)
        _copy(connection, "COPY keys (tenant_id, kind, name) FROM STDIN", keyed)
        found = connection.execute("SELECT tenant_id, kind, name, id FROM keys").fetchall()
        keys = {(tenant, kind, name): key_id for tenant, kind, name, key_id in found}

        def key_of(tenant: str, kind: int, name: str) -> int:
            return int(keys[tenants[tenant], kind, name])

        others: list[tuple[Any, ...]] = []

        def journal() -> Iterator[tuple[Any, ...]]:
            for done, row in enumerate(copied.records(), 1):
                others.extend((tenants[row.tenant], other.call_id, row.revision, other.source) for other in row.other_calls)
                yield _journal_row(row, tenants[row.tenant], key_of(row.tenant, row.kind, row.name))
                if done % _STEP == 0:
                    show(done, copied.records_count)

        _copy(connection, _JOURNAL, journal())
        _copy(connection, "COPY other_calls (tenant_id, call_id, revision, source) FROM STDIN", iter(others))
        persons = ((p.person, tenants[p.tenant], key_of(p.tenant, 1, p.name), *p[3:]) for p in copied.persons)
        _copy(connection, "COPY persons (person, tenant_id, key_id, first, began_at, last, ended_at) FROM STDIN", persons)
        answers = ((tenants[one.tenant], *one[1:]) for one in copied.answers())
        columns = "tenant_id, request_id, fingerprint, revision, detail, answered_at"
        _copy(connection, f"COPY answers ({columns}) FROM STDIN", answers)
        free = [key_of(key.tenant, key.kind, key.name) for key in copied.keys if key.is_free]
        connection.execute(_RELEASE, {"ids": free})


@contextmanager
def source(options: PostgresOptions) -> Iterator[PostgresRows]:
    """A store to copy from, for the length of the block.

    Raises:
        JournalOpenError: There is none, or it cannot be opened.
        JournalLockedError: A server has it.
    """
    with looking_into(options):  # so that none is made.
        pass
    with _held(options) as (store, connection), looking_into(options) as looking:
        yield PostgresRows(store, connection, looking)


@contextmanager
def target(options: PostgresOptions) -> Iterator[PostgresRows]:
    """An empty store to copy to, made if there is none, for the length of the block.

    Raises:
        CopyError: It is not empty.
        JournalOpenError: It cannot be opened.
        JournalLockedError: A server has it.
    """
    with _held(options) as (store, connection):
        if connection.execute(_IS_USED).fetchone() != (False,):
            raise CopyError(f"the journal in {store.name}, schema {options.schema}, is not empty: name another schema")
        yield PostgresRows(store, connection, None)


@contextmanager
def _held(options: PostgresOptions) -> Iterator[tuple[Store, Database]]:
    store = Store(options)
    try:
        lead = leadership.take_first(store)
    except psycopg.Error as error:
        raise JournalOpenError(f"the journal in {store.name} cannot be opened: {describe(error)}") from error
    try:
        yield store, lead.connection
    finally:
        close(lead.connection)


def _copy(connection: Database, statement: str, copied: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in copied:
            copy.write_row(row)


def _record_row(row: tuple[Any, ...]) -> RecordRow:
    found = record(row[:10])
    *before, moved, status, reason, since, groups, after, counts, talks, packed, call_id, source, others = row[10:]
    columns = [
        *(found.revision, found.key.tenant, int(found.key.kind), found.key.name, found.previous, *before),
        *(moved, status, reason, since),
        None if groups is None else tuple(groups),
        None if after is None else tuple(after),
        counts,
        None if talks is None else json.dumps(json.loads(talks), separators=(",", ":")),
        *(packed, call_id, source, found.state, found.private, found.change, found.configuration or None),
        tuple(OtherCall(*other.split(_UNIT)) for other in others or ()),
    ]
    return RecordRow._make(columns)


def _journal_row(row: RecordRow, tenant_id: int, key_id: int) -> tuple[Any, ...]:
    key = Key(row.tenant, RecordKind(row.kind), row.name)
    content = content_checksum(key, row.state, row.private, row.change, row.configuration or b"")
    return (
        *(row.revision, tenant_id, key_id, row.previous, row.person, row.changed_at, row.recorded_at, row.time_ceiling),
        *(row.cause, row.moved, row.closed_status, row.closed_reason, row.closed_since),
        None if row.groups is None else list(row.groups),
        None if row.groups_after is None else list(row.groups_after),
        *(row.counts, row.talks, row.standing, row.call_id, row.source, row.state, row.private, row.change, row.configuration),
        sealed(content, row.revision, row.previous),
    )
