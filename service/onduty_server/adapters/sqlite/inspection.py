"""What is in a journal's file, read without changing it, and whether it is all as it must be; repairs nothing."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from onduty_server.adapters.checksums import checksum
from onduty_server.adapters.journal_report import JournalReport, RecordChecks, Row, Show
from onduty_server.adapters.sqlite import inspection_queries as queries
from onduty_server.adapters.sqlite import schema
from onduty_server.adapters.sqlite.acknowledged import left_beside, missing
from onduty_server.adapters.sqlite.file_checks import described
from onduty_server.adapters.sqlite.read_only import reading
from onduty_server.ports import Codec, RecordKind

_WAL_MODE: Final = b"\x02"
"""Byte 18 of the file: it is meant to be read together with a write-ahead log beside it."""
_STEP_ROWS: Final = 2_000


def inspect(path: Path, codec: Codec) -> JournalReport:
    """What the file holds, without looking for damage.

    Raises:
        JournalOpenError: It is not there, is no journal, or cannot be read.
    """
    report = _begun(path)
    with reading(path) as connection:
        _look(connection, report)
        _count_staff(connection, codec, report)
        return report


def verify(path: Path, codec: Codec, show: Show = lambda _done, _of: None) -> JournalReport:
    """What the file holds, and all that is wrong with it: pages, tables, the order of revisions, every state, every answer.

    Raises:
        JournalOpenError: It is not there, is no journal, or cannot be read at all.
    """
    report = _begun(path)
    left = left_beside(path)  # before the look: a server may go on acknowledging.
    with reading(path) as connection:
        try:
            _look(connection, report)
            if left is not None and (problem := missing(connection, left)):
                report.problem(problem)
            _check_pages(connection, report)
            _check_tables(connection, report)
            if not report.problems:
                Records(connection, codec, report).check(show)
                _check_answers(connection, report)
                _count_staff(connection, codec, report)
        # A damaged schema makes SQLite complain in bytes that are no text.
        except (sqlite3.Error, UnicodeDecodeError) as error:
            report.problem(f"the file cannot be read to its end: {described(error)}")
        return report


def _begun(path: Path) -> JournalReport:
    """What can be told of the file from outside. To be called without a connection: closing the file would take its locks."""
    report = JournalReport(path, 0)
    with suppress(OSError):  # who reads it says why not.
        report.size_bytes = path.stat().st_size
        with path.open("rb") as file:
            in_log_mode = file.read(19)[18:] == _WAL_MODE
        report.log_is_missing = in_log_mode and not path.with_name(f"{path.name}-wal").exists()
    return report


def _look(connection: sqlite3.Connection, report: JournalReport) -> None:
    (report.version,) = connection.execute(queries.VERSION).fetchone()
    (report.store_id,) = connection.execute(queries.STORE_ID).fetchone() or ("",)
    (report.epoch,) = connection.execute(queries.EPOCH).fetchone() or (0,)
    report.records, report.oldest, report.head, oldest_at, newest_at = connection.execute(queries.EXTENT).fetchone()
    report.oldest_at, report.newest_at = oldest_at, newest_at
    (report.answers,) = connection.execute(queries.COUNT_ANSWERS).fetchone()


def _count_staff(connection: sqlite3.Connection, codec: Codec, report: JournalReport) -> None:
    for tenant, state, private in connection.execute(queries.LAST_STATES, {"kind": int(RecordKind.STAFF)}):
        with suppress(Exception):  # whatever a damaged state makes of the decoder; the check of records tells of it.
            is_there = not codec.decode_state(state, private).deleted
            report.staff_by_tenant[tenant] = report.staff_by_tenant.get(tenant, 0) + is_there


def _check_pages(connection: sqlite3.Connection, report: JournalReport) -> None:
    for (line,) in connection.execute("PRAGMA integrity_check(20)"):
        if line != "ok":
            report.problem(f"SQLite finds the file damaged: {line}")


def _check_tables(connection: sqlite3.Connection, report: JournalReport) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as right:
        schema.bring_up_to_date(right)
        wanted = dict(right.execute(queries.TABLES).fetchall())
    found = dict(connection.execute(queries.TABLES).fetchall())
    for name in sorted(wanted.keys() - found.keys()):
        report.problem(f"the table or index {name} is missing")
    for name in sorted(found.keys() - wanted.keys()):
        report.problem(f"there is a table or index of another program: {name}")
    if any(found[name] != wanted[name] for name in wanted.keys() & found.keys()) and report.version == schema.VERSION:
        report.problem(f"its tables are not those of version {schema.VERSION}")
    if not report.store_id:
        report.problem("the store has no id")
    if not report.epoch:
        report.problem("the store has no epoch")


def _check_answers(connection: sqlite3.Connection, report: JournalReport) -> None:
    (bad,) = connection.execute(queries.BAD_ANSWERS, {"head": report.head}).fetchone()
    if bad:
        report.problem(f"{bad:,} kept answers name a tenant or a revision that is not there")


class Records:
    """The check of every record, and of what is kept about the last one of each key."""

    def __init__(self, connection: sqlite3.Connection, codec: Codec, report: JournalReport) -> None:
        """Reads what records refer to."""
        self._connection = connection
        self._report = report
        self._checks = RecordChecks(
            codec,
            report,
            _fits,
            horizons=dict(connection.execute(queries.HORIZONS).fetchall()),
            # Of who is being erased, some records have the pseudonym's key already.
            moving=dict(connection.execute(queries.MOVING).fetchall()),
            persons={person for (person,) in connection.execute(queries.PERSONS)},
        )

    def check(self, show: Show) -> None:
        """Look at every record, then at what is kept about the last one of each key."""
        done, rows = 0, self._connection.execute(queries.RECORDS)
        while chunk := rows.fetchmany(_STEP_ROWS):
            for row in map(Row._make, chunk):
                self._checks.check(row)
            done += len(chunk)
            show(done, self._report.records)
        self._check_heads()
        (bad,) = self._connection.execute(queries.BAD_GROUPS).fetchone()
        if bad:
            self._report.problem(f"{bad:,} records name a set of skill groups that is not there")

    def _check_heads(self) -> None:
        (until,) = self._connection.execute(queries.HEADS_UNTIL).fetchone() or (None,)
        if not isinstance(until, int) or until > self._report.head:
            self._report.problem("what is kept about the last records is of a later journal than this one")
            return
        kept = dict(self._connection.execute(queries.HEADS).fetchall())
        (wrong,) = self._connection.execute(queries.WRONG_HEADS, {"until": until}).fetchone()
        if wrong or kept.keys() - self._checks.last_of_key.keys():
            self._report.problem(f"what is kept about the last record of each person or thing is wrong for {wrong or 'some'}")


def _fits(row: Row) -> bool:
    assert row.kind is not None, "without a key there is no checksum"
    assert row.name is not None, "nor without a name"
    parts = (row.state, row.private, row.change, row.configuration)
    return checksum(row.revision, row.previous, row.tenant, row.kind, row.name, *parts) == row.checksum
