"""What reads the journal, on a connection and a thread of its own; never writes."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from onduty_server.adapters.sqlite import queries
from onduty_server.adapters.sqlite.storage import JournalFile
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant, Micros, Status
from onduty_server.ports import (
    CallsTotal,
    HistoryQuery,
    Key,
    Record,
    RecordKind,
    Revision,
    StatusTotal,
    StoredAnswer,
    Totals,
)

_KINDS: Final = {kind.value: kind for kind in RecordKind}
_STATUSES: Final = {status.value: status for status in Status}

_CHAINS_MOST: Final = 16
"""So many staff are looked up one by one; for more, the outline is scanned."""

CHUNK: Final = 2_000
"""Records of a chunk of ``latest``."""


class Reader:
    """Reads on its own connection, which it opens at the first use and anew after an error."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._latest: sqlite3.Cursor | None = None
        self._interrupted = False

    def interrupt(self) -> None:
        """Make the query that is running fail, and all that follow. For any thread."""
        self._interrupted = True
        connection = self._connection
        if connection is not None:
            with suppress(sqlite3.Error):  # it was closed meanwhile.
                connection.interrupt()

    def close(self) -> None:
        """Disconnect."""
        if self._latest is not None:
            self._latest.close()  # a connection with a statement half-way would stay open.
            self._latest = None
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(sqlite3.Error):
                connection.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for queries whose answers count only if the file is still the one at the path."""
        with self._file.errors("read"):
            if self._interrupted:
                raise JournalUnavailableError("the journal is being closed")
            if self._connection is None:
                self._connection = self._file.connect(read_only=True)
            try:
                yield self._connection
                self._file.check()
            except BaseException:
                self.close()
                raise

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection for several queries as of one moment."""
        with self._reading() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    def head(self) -> Revision:
        """See ``Journal.head``."""
        with self._reading() as connection:
            (revision,) = connection.execute(queries.HEAD).fetchone()
        return Revision(revision)

    def horizon(self, tenant: str) -> Revision:
        """See ``Journal.horizon``."""
        with self._reading() as connection:
            (revision,) = connection.execute(queries.HORIZON, {"tenant": tenant}).fetchone()
        return Revision(revision)

    def next_latest(self) -> list[Record]:
        """The next chunk of ``Journal.latest``, as of the first call. Not to be called again after an empty one."""
        with self._reading() as connection:
            if self._latest is None:
                self._latest = connection.execute(queries.LATEST)
            return _records(self._latest.fetchmany(CHUNK))

    def read(self, after: Revision, limit: int, tenant: str | None) -> list[Record]:
        """See ``Journal.read``."""
        statement = queries.READ if tenant is None else queries.READ_TENANT
        with self._reading() as connection:
            return _records(connection.execute(statement, {"after": after, "limit": limit, "tenant": tenant}).fetchall())

    def record(self, revision: Revision) -> Record | None:
        """See ``Journal.record``."""
        with self._reading() as connection:
            rows = connection.execute(queries.READ_ONE, {"revision": revision}).fetchall()
        return _records(rows)[0] if rows else None

    def find_answer(self, tenant: str, request_id: str) -> StoredAnswer | None:
        """See ``Journal.find_answer``."""
        with self._reading() as connection:
            return find_answer(connection, tenant, request_id)

    def history(self, query: HistoryQuery) -> list[Record]:
        """See ``Journal.history``."""
        values: dict[str, Any] = {
            "tenant": query.tenant,
            "after": query.after,
            "start": query.start,
            "end": query.end,
            "causes": json.dumps([int(cause) for cause in query.causes]),
            "limit": query.limit,
        }
        with self._snapshot() as connection:
            found = _found(connection, values, query.staff_ids, query.start)
            if not query.newest_first:
                values["first"] = max(values["first"], query.after + 1)
            return _records(connection.execute(found + queries.history(query), values).fetchall())

    def totals(self, tenant: str, staff_ids: tuple[str, ...], start: Instant, end: Instant) -> Totals:
        """See ``Journal.totals``."""
        values: dict[str, Any] = {"tenant": tenant, "start": start, "end": end}
        with self._snapshot() as connection:
            found = _found(connection, values, staff_ids, start)
            times = connection.execute(found + queries.TIMES, values).fetchall()
            calls = connection.execute(found + queries.CALLS, values).fetchall()
        return Totals(
            [StatusTotal(name, _STATUSES[status], reason, Micros(total)) for name, status, reason, total in times],
            [CallsTotal(name, count) for name, count in calls],
        )

    def forgettable(self, tenant: str, changed_before: Instant, limit: int) -> list[int]:
        """Revisions, the oldest first, of records that took effect before an instant and are not their key's last.

        One that follows a record which is kept is kept too, so that chains have no holes. It can be only after the clock went
        back, and for as long as that.
        """
        forgettable: dict[int, None] = {}
        with self._reading() as connection:
            rows = connection.execute(queries.FORGETTABLE, {"tenant": tenant, "changed_before": changed_before})
            for revision, previous, kept in rows:
                if len(forgettable) == limit:
                    break
                if not kept or previous in forgettable:
                    forgettable[revision] = None
            rows.close()
        return list(forgettable)


def find_answer(connection: sqlite3.Connection, tenant: str, request_id: str) -> StoredAnswer | None:
    """See ``Journal.find_answer``."""
    row = connection.execute(queries.ANSWER, {"tenant": tenant, "request_id": request_id}).fetchone()
    return None if row is None else StoredAnswer(*row)


def _found(connection: sqlite3.Connection, values: dict[str, Any], staff_ids: tuple[str, ...], start: Instant | None) -> str:
    """The better source of staff records from ``start`` on, and its values."""
    values["first"] = 0 if start is None else _first_since(connection, start)
    values["staff_ids"] = json.dumps(staff_ids) if staff_ids else None
    return queries.CHAINS if 0 < len(staff_ids) <= _CHAINS_MOST else queries.OUTLINE


def _first_since(connection: sqlite3.Connection, instant: Instant) -> int:
    """A revision before which no record changed anything at the instant or later, found by halving."""
    low, high = connection.execute(queries.BOUNDS).fetchone()
    while low < high:
        middle = (low + high) // 2
        (ceiling,) = connection.execute(queries.TIME_CEILING, (middle,)).fetchone()
        if ceiling >= instant:
            high = middle
        else:
            low = middle + 1
    return int(low)


def _records(rows: list[Any]) -> list[Record]:
    return [
        Record(revision, previous, Key(tenant, _KINDS[kind], name), state, private, change)
        for revision, previous, tenant, kind, name, state, private, change in rows
    ]
