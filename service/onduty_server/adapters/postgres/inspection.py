"""What is in a store, read without changing it, also while a server has it, and whether it is all as it must be."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from onduty_server.adapters.journal_report import JournalReport, RecordChecks, Row, Show
from onduty_server.adapters.postgres import inspection_queries as queries
from onduty_server.adapters.postgres.append_arguments import content_checksum, sealed
from onduty_server.adapters.postgres.connecting import NO_TIMEOUT, Database, close, connect, describe
from onduty_server.adapters.postgres.options import PostgresOptions
from onduty_server.adapters.postgres.reader import rows
from onduty_server.adapters.postgres.store import read_meta
from onduty_server.observability.redaction import shown_address
from onduty_server.ports import Codec, JournalOpenError, Key, RecordKind


def inspect(options: PostgresOptions, codec: Codec) -> JournalReport:
    """What the store holds, without looking for damage.

    Raises:
        JournalOpenError: The database cannot be reached, or holds no store.
    """
    report = JournalReport(shown_address(options.address), 0)
    with looking_into(options) as connection:
        _look(connection, report)
        _count_staff(connection, codec, report)
    return report


def verify(options: PostgresOptions, codec: Codec, show: Show = lambda _done, _of: None) -> JournalReport:
    """What the store holds, and all that is wrong with it: tables, the order of revisions, every state, every answer.

    The database's own pages are for its own tools, as pg_amcheck.

    Raises:
        JournalOpenError: The database cannot be reached, or holds no store.
    """
    report = JournalReport(shown_address(options.address), 0)
    with looking_into(options) as connection:
        try:
            _look(connection, report)
            missing = queries.EXPECTED_TABLES - {name for (name,) in rows(connection, queries.TABLES, {})}
            for name in sorted(missing):
                report.problem(f"the table, index or function {name} is missing")
            if not report.problems:
                _check_records(connection, codec, report, show)
                ((bad,),) = rows(connection, queries.BAD_ANSWERS, {"head": report.head})
                if bad:
                    report.problem(f"{bad:,} kept answers name a tenant or a revision that is not there")
                _count_staff(connection, codec, report)
        except psycopg.Error as error:
            report.problem(f"the store cannot be read to its end: {describe(error)}")
    return report


@contextmanager
def looking_into(options: PostgresOptions) -> Iterator[Database]:
    """A connection that sees one moment of a store and changes nothing of it.

    Raises:
        JournalOpenError: The database cannot be reached, or holds no store.
    """
    try:
        connection = connect(options, "inspection", statement_seconds=NO_TIMEOUT)
    except psycopg.Error as error:
        raise JournalOpenError(f"the journal in {shown_address(options.address)} cannot be read: {describe(error)}") from error
    try:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if rows(connection, "SELECT to_regclass('meta')", {}) == [(None,)]:
            raise JournalOpenError(f"there is no journal in {shown_address(options.address)}, schema {options.schema}")
        yield connection
    finally:
        close(connection)


def walked(connection: Database, declaration: str) -> Iterator[tuple[Any, ...]]:
    """All rows of a statement that declares the cursor ``walk``, in pieces."""
    connection.execute(declaration)
    while chunk := rows(connection, queries.WALK, {}):
        yield from chunk
    connection.execute(queries.END_WALK)


def _look(connection: Database, report: JournalReport) -> None:
    meta = read_meta(connection)
    report.version, report.store_id, report.epoch = meta.form, meta.store_id, meta.epoch
    ((report.records, report.oldest, report.head, report.oldest_at, report.newest_at),) = rows(connection, queries.EXTENT, {})
    ((report.answers,),) = rows(connection, queries.COUNT_ANSWERS, {})
    ((report.size_bytes,),) = rows(connection, queries.SIZE, {})


def _count_staff(connection: Database, codec: Codec, report: JournalReport) -> None:
    for tenant, state, private in walked(connection, queries.LAST_STATES):
        with suppress(Exception):  # whatever a damaged state makes of the decoder; the check of records tells of it.
            is_there = not codec.decode_state(state, private).deleted
            report.staff_by_tenant[tenant] = report.staff_by_tenant.get(tenant, 0) + is_there


def _check_records(connection: Database, codec: Codec, report: JournalReport, show: Show) -> None:
    persons = rows(connection, queries.PERSONS, {})
    checks = RecordChecks(
        codec,
        report,
        _fits,
        horizons=dict(rows(connection, queries.HORIZONS, {})),
        # Of who is being erased, some records have the pseudonym's key already.
        moving=dict(rows(connection, queries.MOVING, {})),
        persons={person for person, _ in persons},
        firsts=frozenset(first for _, first in persons),
    )
    for done, row in enumerate(map(Row._make, walked(connection, queries.RECORDS)), 1):
        checks.check(row)
        if done % 2_000 == 0:
            show(done, report.records)


def _fits(row: Row) -> bool:
    assert row.kind is not None, "without a key there is no checksum"
    assert row.name is not None, "nor without a name"
    key = Key(row.tenant, RecordKind(row.kind), row.name)
    content = content_checksum(key, row.state, row.private, row.change, row.configuration)
    return sealed(content, row.revision, row.previous) == row.checksum
