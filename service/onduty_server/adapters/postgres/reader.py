"""What reads the journal, on a connection and a thread of its own; never writes records."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

import psycopg
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from onduty_server.adapters.columns import LIFE_MASK, LIFE_SHIFT
from onduty_server.adapters.postgres import queries
from onduty_server.adapters.postgres.connecting import Database, Row, close, connect, errors, sever
from onduty_server.adapters.postgres.records import place_before, record_with_standing, records
from onduty_server.adapters.postgres.store import Store
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant
from onduty_server.past import Place
from onduty_server.ports import Record, Revision, StoredAnswer

R = TypeVar("R")

_CANCEL_SECONDS: Final = 2.0
"""How long a query may be asked to end before its connection is cut."""


class Reader:
    """Reads on its own connection, which it opens at the first use and anew after an error."""

    def __init__(self, store: Store, purpose: str, *, statement_seconds: float) -> None:
        self._store = store
        self._purpose = purpose
        self._statement_seconds = statement_seconds
        self._connection: Database | None = None
        self._generation = 0
        self._is_in_latest = False
        self._canceller: threading.Thread | None = None
        self._interrupted = False
        self._stopped = False

    # --- ending queries -----------------------------------------------------------------------------------------------

    def stop_query(self) -> None:
        """Make the query that is running fail, but none of a later call. For any thread; returns at once."""
        self._stopped = True
        connection = self._connection
        if connection is None or (self._canceller is not None and self._canceller.is_alive()):
            return
        self._canceller = threading.Thread(target=_cancel, args=(connection,), name="journal-cancel", daemon=True)
        self._canceller.start()

    def interrupt(self) -> None:
        """Make the query that is running fail, and all that follow. For any thread."""
        self._interrupted = True
        connection = self._connection
        if connection is not None:
            sever(connection)

    def sever(self) -> None:
        """Make the query that is running fail, as the database does not end it; the next one connects anew. For any thread."""
        connection = self._connection
        if connection is not None:
            self._stopped = True
            sever(connection)

    def close(self) -> None:
        """Disconnect."""
        self._is_in_latest = False
        if self._connection is not None:
            connection, self._connection = self._connection, None
            close(connection)

    # --- asking -------------------------------------------------------------------------------------------------------

    def ask(self, question: Callable[[Database], R]) -> R:
        """What a question finds. It may be asked twice: the first connection may have been lost while nothing was asked."""
        with errors(self._store.options, "read"):
            connection, is_fresh = self._connected()
            try:
                return question(connection)
            except psycopg.OperationalError:
                if is_fresh or not connection.closed or self._stopped or self._interrupted:
                    raise
            finally:
                if connection.info.transaction_status is not TransactionStatus.IDLE:
                    self.close()
            connection, _ = self._connected()
            return question(connection)

    def ask_as_of_one_moment(self, question: Callable[[Database], R]) -> R:
        """The same for several queries that see one moment."""

        def whole(connection: Database) -> R:
            with connection.transaction():
                return question(connection)

        return self.ask(whole)

    def _connected(self) -> tuple[Database, bool]:
        """A connection, and whether it is new."""
        if self._interrupted:
            raise JournalUnavailableError("the journal is being closed")
        if self._stopped:  # a cancellation that comes late must not meet a later query.
            self._stopped = False
            self.close()
        connection = self._connection
        if connection is not None and not connection.closed and self._generation == self._store.generation:
            return connection, False
        self.close()
        self._generation = self._store.generation
        connection = connect(self._store.options, self._purpose, statement_seconds=self._statement_seconds)
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        self._connection = connection
        return connection, True

    # --- questions ----------------------------------------------------------------------------------------------------

    def head(self) -> Revision:
        """See ``Journal.head``."""
        return Revision(self._value(queries.HEAD))

    def horizon(self, tenant: str) -> Revision:
        """See ``Journal.horizon``."""
        return Revision(self._value(queries.HORIZON, tenant=tenant))

    def complete_from(self, tenant: str) -> Instant | None:
        """See ``Journal.complete_from``."""
        found = self._value(queries.COMPLETE_FROM, tenant=tenant)
        return None if found is None else Instant(found)

    def recorded_at(self, revision: Revision) -> Instant | None:
        """See ``Journal.recorded_at``."""
        found = self._value(queries.RECORDED_AT, revision=revision)
        return None if found is None else Instant(found)

    def read(self, after: Revision, limit: int, tenant: str | None) -> list[Record]:
        """See ``Journal.read``."""
        statement = queries.READ if tenant is None else queries.READ_TENANT
        values = {"after": after, "limit": limit, "tenant": tenant}
        return list(map(record_with_standing, self.ask(lambda connection: rows(connection, statement, values))))

    def places(self, tenant: str, at: Revision, through: Revision) -> dict[str, Place | None]:
        """See ``Journal.places``."""
        values = {"tenant": tenant, "at": at, "through": through, "life": LIFE_MASK << LIFE_SHIFT}
        found = self.ask(lambda connection: rows(connection, queries.PLACES, values))
        return {name: place_before(*columns) for name, *columns in found}

    def record(self, revision: Revision) -> Record | None:
        """See ``Journal.record``."""
        return self.records([revision]).get(revision)

    def records(self, revisions: Sequence[Revision]) -> dict[Revision, Record]:
        """See ``Journal.records``."""
        found = self.ask(lambda connection: rows(connection, queries.READ_SOME, {"revisions": list(revisions)}))
        return {one.revision: one for one in records(found)}

    def find_answers(self, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        """See ``Journal.find_answers``."""
        return self.ask(lambda connection: find_answers(connection, requests))

    def next_latest(self) -> list[Record]:
        """The next chunk of ``Journal.latest``, as of the first call. Not to be called again after an empty one."""
        with errors(self._store.options, "read"):
            if not self._is_in_latest:
                connection, _ = self._connected()
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                connection.execute(queries.LATEST)
                self._is_in_latest = True
            assert self._connection is not None, "it has a cursor"
            return records(rows(self._connection, queries.NEXT_LATEST, {}))

    def forgettable(self, tenant: str, changed_before: Instant, limit: int) -> list[tuple[int, Instant]]:
        """Revisions, the oldest first, of records that took effect before an instant and are not their key's last, and when.

        One that follows a record which is kept is kept too, so that chains have no holes. It can be only after the clock went
        back, and for as long as that.
        """

        def question(connection: Database) -> list[tuple[int, Instant]]:
            forgettable: dict[int, Instant] = {}
            with connection.cursor(name="forgettable", binary=True) as cursor:
                cursor.execute(queries.FORGETTABLE, {"tenant": tenant, "changed_before": changed_before})
                for revision, previous, changed_at, kept in cursor:
                    if len(forgettable) == limit:
                        break
                    if not kept or previous in forgettable:
                        forgettable[revision] = changed_at
            return list(forgettable.items())

        return self.ask_as_of_one_moment(question)

    def sweep(self, statement: str) -> None:
        """Run a statement that tidies tables and changes no record."""
        self.ask(lambda connection: connection.execute(statement))

    def _value(self, statement: str, **values: Any) -> Any:
        found = self.ask(lambda connection: rows(connection, statement, values))
        return found[0][0] if found else None


def rows(connection: Database, statement: str, values: dict[str, Any]) -> list[Row]:
    """All rows of a statement."""
    return connection.execute(statement, values, binary=True).fetchall()


def find_answers(connection: Database, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
    """See ``Journal.find_answers``."""
    values = {"tenants": [tenant for tenant, _ in requests], "requests": [request for _, request in requests]}
    found = rows(connection, queries.ANSWERS, values)
    return {(tenant, request): StoredAnswer(*answer) for tenant, request, *answer in found}


def _cancel(connection: Database) -> None:
    """Ask the database to end what runs; cut the connection where it cannot be asked."""
    with suppress(psycopg.Error, OSError):
        connection.cancel_safe(timeout=_CANCEL_SECONDS)
        return
    sever(connection)
