"""What is in a journal's file, read without changing it, and whether it is all as it must be; repairs nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from onduty_server.adapters.checksums import checksum
from onduty_server.adapters.sqlite import inspection_queries as queries
from onduty_server.adapters.sqlite import schema
from onduty_server.adapters.sqlite.acknowledged import left_beside, missing
from onduty_server.adapters.sqlite.file_checks import described
from onduty_server.adapters.sqlite.read_only import reading
from onduty_server.domain.model.status import Instant
from onduty_server.ports import Codec, RecordKind

PROBLEMS_MOST: Final = 20
"""So many are told; a file with more is as bad as one with these."""

_WAL_MODE: Final = b"\x02"
"""Byte 18 of the file: it is meant to be read together with a write-ahead log beside it."""
_STEP_ROWS: Final = 2_000

Show = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


@dataclass(slots=True)
class JournalReport:
    """What a file holds. ``problems`` are sentences; none: nothing was found to be wrong."""

    path: Path
    size_bytes: int
    version: int = 0
    store_id: str = ""
    epoch: int = 0
    head: int = 0
    """The last revision; 0 for a journal without a change."""
    oldest: int = 0
    """The first revision that is still kept; 0 if there is none."""
    records: int = 0
    """Changes that are kept."""
    oldest_at: Instant | None = None
    newest_at: Instant | None = None
    staff_by_tenant: dict[str, int] = field(default_factory=dict)
    answers: int = 0
    log_is_missing: bool = False
    """The file was made to be read with a write-ahead log, and has none beside it. That is right after a server was stopped in
    order; a copy of a running one's file alone lacks what is in the log."""
    problems: list[str] = field(default_factory=list)

    @property
    def staff(self) -> int:
        """How many there are, over all tenants."""
        return sum(self.staff_by_tenant.values())

    def problem(self, text: str) -> None:
        """Note what is wrong; from the twentieth on only that there is more."""
        if len(self.problems) < PROBLEMS_MOST:
            self.problems.append(text)
        elif len(self.problems) == PROBLEMS_MOST:
            self.problems.append("and more")


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


class _Row(NamedTuple):
    """A record as ``queries.RECORDS`` has it. Without a key or a tenant, ``kind`` and ``name`` are None."""

    revision: int
    tenant_id: int
    key_id: int
    previous: int
    changed_at: int
    recorded_at: int
    time_ceiling: int
    kind: int | None
    name: str | None
    state: bytes
    private: bytes
    change: bytes
    person: int | None
    tenant: str
    configuration: bytes
    checksum: int


class Records:
    """The check of every record: each follows the one before, belongs to a key, and can be decoded."""

    def __init__(self, connection: sqlite3.Connection, codec: Codec, report: JournalReport) -> None:
        """Reads what records refer to."""
        self._connection = connection
        self._codec = codec
        self._report = report
        self._horizons: dict[int, int] = dict(connection.execute(queries.HORIZONS).fetchall())
        self._forgotten = max(self._horizons.values(), default=0)
        self._last_of_key: dict[int, int] = {}
        # Of who is being erased, some records have the pseudonym's key already.
        self._moving: dict[int, int] = dict(connection.execute(queries.MOVING).fetchall())
        self._persons = {person for (person,) in connection.execute(queries.PERSONS)}
        self._expected = 1
        self._ceiling = 0

    def check(self, show: Show) -> None:
        """Look at every record, then at what is kept about the last one of each key."""
        done, rows = 0, self._connection.execute(queries.RECORDS)
        while chunk := rows.fetchmany(_STEP_ROWS):
            for row in map(_Row._make, chunk):
                self._check_order(row)
                self._check_content(row)
            done += len(chunk)
            show(done, self._report.records)
        self._check_heads()
        (bad,) = self._connection.execute(queries.BAD_GROUPS).fetchone()
        if bad:
            self._report.problem(f"{bad:,} records name a set of skill groups that is not there")

    def _check_order(self, row: _Row) -> None:
        problem = self._report.problem
        if row.revision > self._expected and row.revision - 1 > self._forgotten:
            first = max(self._expected, self._forgotten + 1)
            gap = f"revision {first} is" if first == row.revision - 1 else f"revisions {first} to {row.revision - 1} are"
            problem(f"{gap} missing")
        if row.time_ceiling < max(self._ceiling, row.changed_at, row.recorded_at):
            problem(f"revision {row.revision} is out of the order of time")
        key_id = row.key_id if row.person is None else self._moving.get(row.person, row.key_id)
        before, follows = self._last_of_key.get(key_id), "of the same person or thing"
        if before is None and row.previous > self._horizons.get(row.tenant_id, 0):
            problem(f"revision {row.revision} follows revision {row.previous} {follows}, which is not there")
        if before is not None and row.previous != before:
            problem(f"revision {row.revision} should follow revision {before} {follows}, not {row.previous}")
        self._expected, self._ceiling = row.revision + 1, max(row.time_ceiling, self._ceiling)
        self._last_of_key[key_id] = row.revision

    def _check_content(self, row: _Row) -> None:
        if row.kind is None or row.name is None:
            self._report.problem(f"revision {row.revision} belongs to nobody: its key or tenant is missing")
            return
        if row.person not in self._persons and row.kind == RecordKind.STAFF:
            self._report.problem(f"revision {row.revision} belongs to a person who is not there")
        parts = (row.state, row.private, row.change, row.configuration)
        if checksum(row.revision, row.previous, row.tenant, row.kind, row.name, *parts) != row.checksum:
            self._report.problem(f"revision {row.revision} is damaged: its checksum does not fit")
            return
        try:
            self._decode(row.kind, row.name, row.state, row.private, row.change)
        except Exception as error:  # noqa: BLE001 - whatever a damaged record makes of the decoder.
            self._report.problem(f"revision {row.revision} cannot be decoded: {type(error).__name__}: {error}")

    def _decode(self, kind: int, name: str, state: bytes, private: bytes, change: bytes) -> None:
        match RecordKind(kind):
            case RecordKind.STAFF:
                found = self._codec.decode_state(state, private)
                self._codec.decode_change(change)
                if found.staff_id != name:
                    raise ValueError(f"it is {found.staff_id!r}'s and stands under {name!r}")
            case RecordKind.BREAK_REASON:
                self._codec.decode_break_reason(state)
            case RecordKind.POLICY:
                self._codec.decode_policy(state)
            case RecordKind.ENDED_LEGS:
                list(self._codec.decode_ended_legs(state)[1])
            case RecordKind.CLOCK:
                self._codec.decode_clock(state)
            case RecordKind.ERASURE:
                int(state)

    def _check_heads(self) -> None:
        (until,) = self._connection.execute(queries.HEADS_UNTIL).fetchone() or (None,)
        if not isinstance(until, int) or until > self._report.head:
            self._report.problem("what is kept about the last records is of a later journal than this one")
            return
        kept = dict(self._connection.execute(queries.HEADS).fetchall())
        (wrong,) = self._connection.execute(queries.WRONG_HEADS, {"until": until}).fetchone()
        if wrong or kept.keys() - self._last_of_key.keys():
            self._report.problem(f"what is kept about the last record of each person or thing is wrong for {wrong or 'some'}")
