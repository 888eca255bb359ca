"""What reads the journal, on a connection and a thread of its own; never writes."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from onduty_server.adapters.checksums import record
from onduty_server.adapters.columns import LIFE_MASK, LIFE_SHIFT, standing
from onduty_server.adapters.sqlite import queries
from onduty_server.adapters.sqlite.storage import JournalFile
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant
from onduty_server.past import Place
from onduty_server.ports import Record, Revision, StoredAnswer

ASKED_AT_ONCE: Final = 1_000
"""Keys of one query."""

PARTS_OF_STANDING: Final = 4
"""How many columns of ``queries.READ`` are of a standing. They are the last."""

CHUNK: Final = 2_000
"""Records of a chunk of ``latest``."""


class Reader:
    """Reads on its own connection, which it opens at the first use and anew after an error."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._latest: sqlite3.Cursor | None = None
        self._group_sets: dict[int | None, tuple[str, ...]] = {None: ()}
        self._interrupted = False
        self._stopped = False

    def stop_query(self) -> None:
        """Make the query that is running fail, but none of a later call. For any thread."""
        self._stopped = True
        self._interrupt()

    def interrupt(self) -> None:
        """Make the query that is running fail, and all that follow. For any thread."""
        self._interrupted = True
        self._interrupt()

    def _interrupt(self) -> None:
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
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for queries whose answers count only if the file is still the one at the path."""
        with self._file.errors("read"):
            if self._interrupted:
                raise JournalUnavailableError("the journal is being closed")
            if self._stopped:  # an interruption that came late may still be noted in the connection.
                self._stopped = False
                self.close()
            if self._connection is None:
                self._connection = self._file.connect(read_only=True)
            try:
                yield self._connection
                self._file.check()
            except BaseException:
                self.close()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection for several queries as of one moment."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    def head(self) -> Revision:
        """See ``Journal.head``."""
        with self.reading() as connection:
            (revision,) = connection.execute(queries.HEAD).fetchone()
        return Revision(revision)

    def horizon(self, tenant: str) -> Revision:
        """See ``Journal.horizon``."""
        with self.reading() as connection:
            (revision,) = connection.execute(queries.HORIZON, {"tenant": tenant}).fetchone()
        return Revision(revision)

    def complete_from(self, tenant: str) -> Instant | None:
        """See ``Journal.complete_from``."""
        with self.reading() as connection:
            (found,) = connection.execute(queries.COMPLETE_FROM, {"tenant": tenant}).fetchone() or (None,)
        return found

    def next_latest(self) -> list[Record]:
        """The next chunk of ``Journal.latest``, as of the first call. Not to be called again after an empty one."""
        with self.reading() as connection:
            if self._latest is None:
                self._latest = connection.execute(queries.LATEST)
            return _records(self._latest.fetchmany(CHUNK))

    def read(self, after: Revision, limit: int, tenant: str | None) -> list[Record]:
        """See ``Journal.read``."""
        statement = queries.READ if tenant is None else queries.READ_TENANT
        with self.reading() as connection:
            rows = connection.execute(statement, {"after": after, "limit": limit, "tenant": tenant}).fetchall()
            return [self._with_standing(connection, row) for row in rows]

    def _with_standing(self, connection: sqlite3.Connection, row: Any) -> Record:
        found = record(row[:-PARTS_OF_STANDING])
        packed, closed_status, groups, after = row[-PARTS_OF_STANDING:]
        if packed is None:
            return found
        names, names_after = self._groups(connection, groups), self._groups(connection, after)
        return found._replace(standing=standing(packed, closed_status, names, names_after))

    def places(self, tenant: str, at: Revision, through: Revision) -> dict[str, Place | None]:
        """See ``Journal.places``."""
        asked = {"tenant": tenant, "at": at, "through": through, "life": LIFE_MASK << LIFE_SHIFT}
        with self.reading() as connection:
            rows = connection.execute(queries.PLACES, asked).fetchall()
            return {
                name: standing(packed, closed_status, self._groups(connection, groups), ()).was
                for name, packed, closed_status, groups in rows
            }

    def _groups(self, connection: sqlite3.Connection, number: int | None) -> tuple[str, ...]:
        """The names of a set of groups. Sets never change; their numbers ascend."""
        names = self._group_sets.get(number)
        if names is None:
            last = max((known for known in self._group_sets if known is not None), default=0)
            for found, text in connection.execute(queries.GROUP_SETS, {"after": last}):
                self._group_sets[found] = tuple(json.loads(text))
            names = self._group_sets[number]
        return names

    def record(self, revision: Revision) -> Record | None:
        """See ``Journal.record``."""
        with self.reading() as connection:
            rows = connection.execute(queries.READ_ONE, {"revision": revision}).fetchall()
        return _records(rows)[0] if rows else None

    def recorded_at(self, revision: Revision) -> Instant | None:
        """See ``Journal.recorded_at``."""
        with self.reading() as connection:
            found = connection.execute(queries.RECORDED_AT, {"revision": revision}).fetchone()
        return Instant(found[0]) if found else None

    def records(self, revisions: Sequence[Revision]) -> dict[Revision, Record]:
        """See ``Journal.records``."""
        with self.reading() as connection:
            return records(connection, revisions)

    def find_answers(self, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        """See ``Journal.find_answers``."""
        with self.reading() as connection:
            return find_answers(connection, requests)

    def forgettable(self, tenant: str, changed_before: Instant, limit: int) -> list[tuple[int, Instant]]:
        """Revisions, the oldest first, of records that took effect before an instant and are not their key's last, and when.

        One that follows a record which is kept is kept too, so that chains have no holes. It can be only after the clock went
        back, and for as long as that.
        """
        forgettable: dict[int, Instant] = {}
        with self.reading() as connection:
            rows = connection.execute(queries.FORGETTABLE, {"tenant": tenant, "changed_before": changed_before})
            for revision, previous, changed_at, kept in rows:
                if len(forgettable) == limit:
                    break
                if not kept or previous in forgettable:
                    forgettable[revision] = changed_at
            rows.close()
        return list(forgettable.items())


def records(connection: sqlite3.Connection, revisions: Sequence[Revision]) -> dict[Revision, Record]:
    """See ``Journal.records``."""
    found: list[Record] = []
    for start in range(0, len(revisions), ASKED_AT_ONCE):
        asked = json.dumps(revisions[start : start + ASKED_AT_ONCE])
        found += _records(connection.execute(queries.READ_SOME, {"revisions": asked}).fetchall())
    return {one.revision: one for one in found}


def find_answers(connection: sqlite3.Connection, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
    """See ``Journal.find_answers``."""
    answers: dict[tuple[str, str], StoredAnswer] = {}
    for start in range(0, len(requests), ASKED_AT_ONCE):
        asked = json.dumps(requests[start : start + ASKED_AT_ONCE])
        for tenant, request_id, *answer in connection.execute(queries.ANSWERS, {"requests": asked}):
            answers[tenant, request_id] = StoredAnswer(*answer)
    return answers


def _records(rows: list[Any]) -> list[Record]:
    return [record(row) for row in rows]
