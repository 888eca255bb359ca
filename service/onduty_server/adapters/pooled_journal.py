"""The journal over pools of connections, each on a thread of its own: all that does not depend on the database.

Point reads, the log in its order, and questions about the past have connections of their own, so that nothing waits behind what
takes longer.
"""

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Final, Generic, NamedTuple, TypeVar

from onduty_server.adapters.journal_connections import Appender, Connection, PastReader, RecordReader
from onduty_server.adapters.turns import OWN, Turns
from onduty_server.adapters.worker import Workers
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant
from onduty_server.past import (
    ConfigurationQuery,
    HistoryQuery,
    PastPage,
    Person,
    PersonQuery,
    Place,
    Revision,
    Sums,
    SumsQuery,
)
from onduty_server.ports import Journal, Record, StoredAnswer

READERS: Final = 2
"""Connections for what takes a search or a few: nothing that takes longer is in their way."""

LOG_READERS: Final = 2
"""Connections for the log in its order, up to some thousand records: for watchers and the process itself, to catch up."""

SCANNERS: Final = 2
"""Connections for questions about the past, which may take seconds: so many run at a time, over all tenants."""

SCAN_SECONDS_MOST: Final = 30.0
"""How long a question about the past may be worked on. Half a year of a million changes takes some seconds."""

SCANS_WAITING_MOST: Final = 200
"""Questions about the past of one tenant that wait; more are refused."""

FORGOTTEN_AT_ONCE: Final = 200
"""Rows deleted in one transaction: some milliseconds, in which appends wait."""


T = TypeVar("T")
R = TypeVar("R", bound=RecordReader)
Q = TypeVar("Q", bound=PastReader)
W = TypeVar("W", bound=Appender)


class Connections(NamedTuple, Generic[R, Q, W]):
    """What a journal reads and appends with."""

    writer: W
    readers: Sequence[R]
    log_readers: Sequence[R]
    past_readers: Sequence[Q]


class PooledJournal(Journal, Generic[R, Q, W]):
    """All of ``ports.Journal`` that does not depend on the database.

    A subclass appends and erases, and says how a call reaches a connection: ``write``, ``_read`` and ``_read_log``.
    """

    def __init__(self, connections: Connections[R, Q, W]) -> None:
        """Starts a thread for each connection."""
        self._writer = connections.writer
        self._readers = connections.readers
        self._log_readers = connections.log_readers
        self._past_readers = connections.past_readers
        self._writing = Workers("journal-writer", [self._writer])
        self._reading = Workers("journal-reader", self._readers)
        self._log_reading = Turns("journal-log", self._log_readers)
        self._scanning = Turns(
            "journal-scanner", self._past_readers, seconds_most=SCAN_SECONDS_MOST, waiting_most=SCANS_WAITING_MOST
        )
        self._recovering: dict[Workers[R], R] = {}
        self._closing: asyncio.Task[None] | None = None

    # --- how calls reach connections ----------------------------------------------------------------------------------

    @abstractmethod
    def _recovery_reader(self) -> R:
        """A new connection for ``latest``."""

    @abstractmethod
    async def _settled(self) -> None:
        """Return when no append is on its way that may be there or not.

        Raises:
            JournalUnavailableError: The journal is closed, or nobody can say.
        """

    @abstractmethod
    async def _write(self, task: Callable[[W], T]) -> T:
        """Have the writer do something."""

    @abstractmethod
    async def _read(self, question: Callable[[R], T]) -> T:
        """Have a reader answer what takes a search or a few."""

    @abstractmethod
    async def _read_log(self, tenant: str | None, question: Callable[[R], T]) -> T:
        """Have a reader of the log answer, when it is the tenant's turn."""

    def _check_open(self) -> None:
        if self._closing is not None:
            raise JournalUnavailableError("the journal is closed")

    # --- reading ------------------------------------------------------------------------------------------------------

    async def head(self) -> Revision:
        """See ``Journal``."""
        return await self._read(lambda reader: reader.head())

    async def horizon(self, tenant: str) -> Revision:
        """See ``Journal``."""
        return await self._read(lambda reader: reader.horizon(tenant))

    async def latest(self) -> AsyncIterator[list[Record]]:
        """See ``Journal``. Reads on a connection of its own, as it may take long between chunks."""
        await self._settled()
        reader = self._recovery_reader()
        reading = Workers("journal-latest", [reader])
        self._recovering[reading] = reader
        coming = reading.call(_next_latest)
        try:
            while records := await coming:
                self._check_open()
                coming = reading.call(_next_latest)  # is read while the caller is busy with this one.
                yield records
        finally:
            if not coming.cancel() and not coming.cancelled():
                coming.exception()  # nobody will ask for it.
            self._recovering.pop(reading, None)
            reader.interrupt()
            await asyncio.shield(asyncio.to_thread(_end, reading, [reader]))

    async def read(self, after: Revision, limit: int, *, tenant: str | None = None) -> list[Record]:
        """See ``Journal``."""
        return await self._read_log(tenant, lambda reader: reader.read(after, limit, tenant))

    async def places(self, tenant: str, at: Revision, through: Revision) -> dict[str, Place | None]:
        """See ``Journal``."""
        return await self._read_log(tenant, lambda reader: reader.places(tenant, at, through))

    async def record(self, revision: Revision) -> Record | None:
        """See ``Journal``."""
        return await self._read(lambda reader: reader.record(revision))

    async def recorded_at(self, revision: Revision) -> Instant | None:
        """See ``Journal``."""
        return await self._read(lambda reader: reader.recorded_at(revision))

    async def records(self, revisions: Sequence[Revision]) -> dict[Revision, Record]:
        """See ``Journal``."""
        return await self._read(lambda reader: reader.records(revisions)) if revisions else {}

    async def find_answers(self, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        """See ``Journal``."""
        return await self._read(lambda reader: reader.find_answers(requests)) if requests else {}

    async def complete_from(self, tenant: str) -> Instant | None:
        """See ``Journal``."""
        return await self._read(lambda reader: reader.complete_from(tenant))

    # --- the past -----------------------------------------------------------------------------------------------------

    async def history(self, query: HistoryQuery) -> PastPage:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, lambda reader: reader.history(query))

    async def configuration_changes(self, query: ConfigurationQuery) -> PastPage:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, lambda reader: reader.configuration_changes(query))

    async def persons(self, query: PersonQuery) -> list[Person]:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, lambda reader: reader.persons(query))

    async def sums(self, query: SumsQuery) -> Sums:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, lambda reader: reader.sums(query))

    async def changes_of(self, tenant: str, person: Person) -> int:
        """See ``Journal``."""
        return await self._scanning.call(tenant, lambda reader: reader.changes_of(tenant, person))

    # --- forgetting ---------------------------------------------------------------------------------------------------

    async def forget(self, tenant: str, changed_before: Instant, *, limit: int) -> int:
        """See ``Journal``. Appends get their turn between slices."""
        records = await self._scanning.call(OWN, lambda reader: reader.forgettable(tenant, changed_before, limit))
        forgotten = 0
        for start in range(0, len(records), FORGOTTEN_AT_ONCE):
            part = records[start : start + FORGOTTEN_AT_ONCE]
            forgotten += await self._write(partial(_forget, tenant=tenant, records=part))
        return forgotten

    async def forget_answers(self, answered_before: Instant, *, limit: int) -> int:
        """See ``Journal``. Appends get their turn between slices."""
        forgotten = 0
        while limit > forgotten:
            slice_limit = min(limit - forgotten, FORGOTTEN_AT_ONCE)
            count = await self._write(partial(_forget_answers, answered_before=answered_before, limit=slice_limit))
            forgotten += count
            if count < slice_limit:
                break
        return forgotten

    # --- the end ------------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """See ``Journal``. Waits for appends that were handed over; reads that are running fail."""
        if self._closing is None:
            self._log_reading.close()
            self._scanning.close()
            self._closing = asyncio.create_task(
                asyncio.to_thread(self._close, tuple(self._recovering.items())), name="journal-close"
            )
        await asyncio.shield(self._closing)

    def _close(self, recovering: tuple[tuple[Workers[R], R], ...]) -> None:
        at_work: list[RecordReader] = [*self._readers, *self._log_readers, *self._past_readers]
        at_work += [reader for _, reader in recovering]
        for reader in at_work:
            reader.interrupt()
        _end(self._reading, self._readers)
        _end(self._log_reading, self._log_readers)
        _end(self._scanning, self._past_readers)
        for reading, reader in recovering:
            _end(reading, [reader])
        _end(self._writing, [self._writer])


def _next_latest(reader: RecordReader) -> list[Record]:
    return reader.next_latest()


def _forget(writer: Appender, tenant: str, records: Sequence[tuple[int, Instant]]) -> int:
    return writer.forget(tenant, records)


def _forget_answers(writer: Appender, answered_before: Instant, limit: int) -> int:
    return writer.forget_answers(answered_before, limit)


def _end(threads: Workers[Any] | Turns[Any], connections: Sequence[Connection]) -> None:
    threads.stop()
    for connection in connections:
        connection.close()
