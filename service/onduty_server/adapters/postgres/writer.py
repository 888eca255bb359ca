"""What changes the journal: appending and forgetting, on one connection and one thread; waits for no event loop."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

import psycopg
from psycopg.errors import Diagnostic

from onduty_server.adapters.postgres import leadership, queries
from onduty_server.adapters.postgres.append_arguments import append_arguments
from onduty_server.adapters.postgres.arrays import Array
from onduty_server.adapters.postgres.connecting import Database, close, errors, sever
from onduty_server.adapters.postgres.leadership import DeposedError, Lead
from onduty_server.adapters.postgres.reader import find_answers
from onduty_server.adapters.postgres.store import Store
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant
from onduty_server.ports import AnswerRow, DuplicateAnswersError, Entry, Revision, StaleEntriesError, StoredAnswer
from onduty_server.replication import NotLeadingError, TakenLead

NOBODY_TO_ERASE: Final = "OD001"
"""The error of the append function for an order to erase somebody who cannot be erased."""


class AppendConnection:
    """The only one that writes to a store. Use ``open``."""

    def __init__(self, store: Store) -> None:
        """Connects at ``open``."""
        self._store = store
        self._connection: Database | None = None
        self._lead: Lead | None = None
        self._last = Revision(0)
        self._lost: DeposedError | None = None
        self._is_busy = False
        self._warning = ""

    def open(self) -> None:
        """Open the store and take the lead in it; see ``leadership.take_first`` for what it raises."""
        self._lead_on(leadership.take_first(self._store))

    def join(self) -> None:
        """Open a store that is shared, without the lead in it; see ``leadership.join`` for what it raises."""
        leadership.join(self._store)

    def take_lead(self, address: str) -> TakenLead | None:
        """See ``Replication.take_lead``."""
        with errors(self._store.options, "take the lead in"):
            self._disconnect()
            self._lead = None
            taken = leadership.take_over(self._store, address)
            if taken is None:
                return None
            lead, epoch = taken
            self._lead_on(lead)
            return TakenLead(lead.term, lead.head, epoch)

    def give_up_lead(self) -> None:
        """See ``Replication.give_up_lead``."""
        connection = self._connection
        if self._lead is not None and connection is not None and not connection.closed:
            with suppress(psycopg.Error), self._busy():
                leadership.hand_over(self._store, connection)
        self._disconnect()
        self._lead = None

    def confirm(self) -> None:
        """Make sure that nobody else has appended since this replica leads.

        Raises:
            NotLeadingError: Somebody may have.
        """
        with errors(self._store.options, "read"):
            connection = self._connected()
            assert self._lead is not None, "who is connected has the lead"
            with self._busy():
                if not leadership.confirm(connection, self._lead.term):
                    self._give_in()

    def append(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Revision]:
        """See ``Journal.append``. One whose outcome is unknown is looked for, and appended if it is not there."""
        with errors(self._store.options, "append to"):
            self._refuse_repeats(answer_rows)
            arguments = append_arguments(entries, answer_rows)
            connection = self._connected()
            try:
                return self._append(connection, arguments, len(entries))
            except psycopg.Error:
                if not connection.closed:
                    raise  # the database refused; nothing of it is there.
            return self._resolved(entries, answer_rows, arguments)

    def resolve(self) -> None:
        """Have what was under way on a connection that was lost be there or not, for good."""
        with errors(self._store.options, "read"):
            self._connected()

    def forget(self, tenant: str, records: Sequence[tuple[int, Instant]]) -> int:
        """Delete records of a tenant, each with when it took effect, of which none may be its key's last; returns how many."""
        with self.transaction("forget records of") as connection:
            values = {"revisions": [revision for revision, _ in records]}
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

    @contextmanager
    def transaction(self, doing: str) -> Iterator[Database]:
        """A transaction that is durable when it is left without an error."""
        with errors(self._store.options, doing):
            connection = self._connected()
            with self._busy(), connection.transaction():
                yield connection

    def sever_if_busy(self) -> None:
        """Have the statement that is under way fail. For any thread."""
        connection = self._connection
        if self._is_busy and connection is not None:
            sever(connection)

    def close(self) -> None:
        """Disconnect, and let the lead go."""
        self._disconnect()

    # --- appending ----------------------------------------------------------------------------------------------------

    def _append(self, connection: Database, arguments: list[Array], count: int) -> list[Revision]:
        assert self._lead is not None, "who is connected has the lead"
        self._warning = ""
        try:
            with self._busy():
                values = [self._lead.term, self._store.channel, *arguments]
                row = connection.execute(queries.APPEND, values, prepare=True, binary=True).fetchone()
        except psycopg.Error as error:
            if error.sqlstate == NOBODY_TO_ERASE:
                raise StaleEntriesError((int(error.diag.message_detail or 0),)) from None
            raise
        assert row is not None, "the function returns a row"
        outcome, before, indexes, *kept = row
        match outcome:
            case "stale":
                raise StaleEntriesError(tuple(indexes))
            case "duplicate":
                rows = zip(indexes, *kept, strict=True)
                raise DuplicateAnswersError({index: StoredAnswer(*answer) for index, *answer in rows})
            case "deposed":
                if self._store.is_shared:
                    self._give_in()
                self._lost = DeposedError(f"another server leads the journal in {self._store.name} now: stop this one")
                raise self._lost
        if self._warning:
            self._store.is_unresolved = not self._store.is_shared
            self._disconnect()
            raise JournalUnavailableError(f"an append to {self._store.name} may not have reached the standby: {self._warning}")
        self._last = Revision(before + count)
        return [Revision(revision) for revision in range(before + 1, before + count + 1)]

    def _resolved(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow], arguments: list[Array]) -> list[Revision]:
        """Look whether a batch is there whose connection was lost, and append it if it is not.

        Nobody else appends, and the new connection has made sure that nothing is under way. In a shared store somebody may:
        the lead went with the connection, and who asks again is answered by the next leader.
        """
        if self._store.is_shared:
            raise JournalUnavailableError(f"the connection to {self._store.name} was lost, and the lead with it")
        last, self._store.is_unresolved = self._last, True
        connection = self._connected()
        if self._last == last + len(entries) and (entries or self._kept(connection, answer_rows)):
            return [Revision(revision) for revision in range(last + 1, self._last + 1)]
        if self._last != last:
            raise JournalUnavailableError(f"the journal in {self._store.name} has revisions that nobody of ours appended")
        try:
            return self._append(connection, arguments, len(entries))
        except psycopg.Error:
            self._store.is_unresolved = connection.closed
            raise

    def _kept(self, connection: Database, answer_rows: Sequence[AnswerRow]) -> bool:
        """Whether the answers of a batch without entries are there."""
        kept = find_answers(connection, [(row.tenant, row.request_id) for row in answer_rows])
        return all(
            kept.get((row.tenant, row.request_id)) == StoredAnswer(row.fingerprint, row.revision, row.detail)
            for row in answer_rows
        )

    def _refuse_repeats(self, answer_rows: Sequence[AnswerRow]) -> None:
        """Refuse a batch that has a request id twice, naming the answers that are kept as well."""
        requests = [(row.tenant, row.request_id) for row in answer_rows]
        if len(set(requests)) == len(requests):
            return
        answers = find_answers(self._connected(), requests)
        stored: dict[int, StoredAnswer] = {}
        for index, (row, request) in enumerate(zip(answer_rows, requests, strict=True)):
            if request in answers:
                stored[index] = answers[request]
            answers.setdefault(request, StoredAnswer(row.fingerprint, Revision(0), b""))
        raise DuplicateAnswersError(stored)

    # --- the connection -----------------------------------------------------------------------------------------------

    def _connected(self) -> Database:
        """The connection, made anew if it was lost; then nothing of the one before is under way any more."""
        if self._store.is_shared and (self._connection is None or self._connection.closed):
            self._give_in()
        if self._lost is not None:
            raise self._lost
        if self._connection is not None and not self._connection.closed and not self._store.is_unresolved:
            return self._connection
        assert self._lead is not None, "it was opened"
        self._disconnect()
        self._store.is_unresolved = True
        try:
            lead = leadership.take_again(self._store, self._lead.backend, self._last)
        except DeposedError as error:
            self._lost = error
            raise
        self._lead_on(lead)
        return lead.connection

    def _give_in(self) -> NoReturn:
        raise NotLeadingError(f"this replica does not lead the journal in {self._store.name}")

    def _lead_on(self, lead: Lead) -> None:
        self._lead, self._connection, self._last = lead, lead.connection, lead.head
        lead.connection.add_notice_handler(self._noticed)
        self._store.generation += 1
        self._store.is_unresolved = False

    def _noticed(self, notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self._warning = notice.message_primary or "a warning"

    def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            close(connection)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        self._is_busy = True
        try:
            yield
        finally:
            self._is_busy = False
