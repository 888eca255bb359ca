"""The journal in a PostgreSQL database, for one server at a time, or for replicas that share it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar

import psycopg

from onduty_server.adapters.postgres import erasing
from onduty_server.adapters.postgres.connecting import NO_TIMEOUT, describe
from onduty_server.adapters.postgres.options import PostgresOptions
from onduty_server.adapters.postgres.past_reader import PastReader
from onduty_server.adapters.postgres.reader import Reader
from onduty_server.adapters.postgres.store import Store
from onduty_server.adapters.postgres.watched import Watched
from onduty_server.adapters.postgres.writer import AppendConnection
from onduty_server.adapters.turns import OWN, Turns
from onduty_server.adapters.worker import Workers
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant
from onduty_server.past import (
    ConfigurationQuery,
    HistoryQuery,
    PastPage,
    PendingErasure,
    Person,
    PersonQuery,
    Place,
    Revision,
    Sums,
    SumsQuery,
)
from onduty_server.ports import AnswerRow, Entry, Journal, JournalOpenError, Record, Scrubber, StoredAnswer

P = ParamSpec("P")
R = TypeVar("R")

_READERS: Final = 2
"""Connections for what takes a search or a few: nothing that takes longer is in their way."""

_LOG_READERS: Final = 2
"""Connections for the log in its order, up to some thousand records."""

_SCANNERS: Final = 2
"""Connections for questions about the past, which may take seconds: so many run at a time, over all tenants."""

SCAN_SECONDS_MOST: Final = 30.0
"""How long a question about the past may be worked on."""

SCANS_WAITING_MOST: Final = 200
"""Questions about the past of one tenant that wait; more are refused."""

_SPARE_SECONDS: Final = 1.0
"""A database that does not end a statement by its own time gets so much more; then the connection is cut."""

_FORGOTTEN_AT_ONCE: Final = 200
"""Rows deleted in one transaction: some milliseconds, in which appends wait."""

_REWRITTEN_AT_ONCE: Final = 100
"""Rows rewritten in one transaction: some milliseconds, in which appends wait."""


class PostgresJournal(Journal):
    """``ports.Journal`` in a database. Use ``open``.

    One connection writes, others read, each on a thread of its own.
    """

    def __init__(self, store: Store, writer: AppendConnection) -> None:
        """Takes over an open store and its writer."""
        self._store = store
        self._writer = writer
        seconds = store.options.statement_seconds
        self._readers = [Reader(store, "read", statement_seconds=seconds) for _ in range(_READERS)]
        self._writing = Workers("journal-writer", [writer])
        self._reading = Workers("journal-reader", self._readers)
        self._log_readers = [Reader(store, "log", statement_seconds=SCAN_SECONDS_MOST) for _ in range(_LOG_READERS)]
        self._log_reading = Turns("journal-log", self._log_readers)
        self._past_readers = [PastReader(store, "past", statement_seconds=NO_TIMEOUT) for _ in range(_SCANNERS)]
        self._scanning = Turns(
            "journal-scanner", self._past_readers, seconds_most=SCAN_SECONDS_MOST, waiting_most=SCANS_WAITING_MOST
        )
        self._recovering: dict[Workers[Reader], Reader] = {}
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, options: PostgresOptions) -> Self:
        """Open the store, or make it in a database that has none.

        Raises:
            JournalOpenError: The database cannot be reached, or holds no store that this program can serve.
            JournalLockedError: Another server has it.
        """
        store = Store(options)
        writer = AppendConnection(store)
        try:
            await asyncio.to_thread(writer.open)
        except psycopg.Error as error:
            raise JournalOpenError(f"the journal in {store.name} cannot be opened: {describe(error)}") from error
        return cls(store, writer)

    @classmethod
    async def join(cls, options: PostgresOptions) -> Self:
        """Open the store, or make it, as one of its replicas: it appends once it has taken the lead.

        Raises:
            JournalOpenError: The database cannot be reached, or holds no store that this program can serve.
        """
        store = Store(options)
        writer = AppendConnection(store)
        try:
            await asyncio.to_thread(writer.join)
        except psycopg.Error as error:
            raise JournalOpenError(f"the journal in {store.name} cannot be opened: {describe(error)}") from error
        return cls(store, writer)

    @property
    def store(self) -> Store:
        """What all of the store's connections have in common."""
        return self._store

    @property
    def store_id(self) -> str:
        """See ``Journal``."""
        return self._store.store_id

    @property
    def epoch(self) -> int:
        """See ``Journal``."""
        return self._store.epoch

    @property
    def name(self) -> str:
        """Where it is, as it may be shown: without a password."""
        return self._store.name

    @property
    def is_new(self) -> bool:
        """Whether opening made the store."""
        return self._store.is_new

    async def append(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Revision]:
        """See ``Journal``. Of rows with one request id in a batch, the second is a duplicate of revision 0."""
        if not entries and not answer_rows:
            if self._store.is_shared:
                await self.write(AppendConnection.confirm)
            return []
        return await self.write(AppendConnection.append, entries, answer_rows)

    async def head(self) -> Revision:
        """See ``Journal``."""
        return await self._read(Reader.head)

    async def horizon(self, tenant: str) -> Revision:
        """See ``Journal``."""
        return await self._read(Reader.horizon, tenant)

    async def latest(self) -> AsyncIterator[list[Record]]:
        """See ``Journal``. Reads on a connection of its own, as it may take long between chunks."""
        await self._settled()
        reader = Reader(self._store, "latest", statement_seconds=NO_TIMEOUT)
        reading = Workers("journal-latest", [reader])
        self._recovering[reading] = reader
        coming = reading.call(Reader.next_latest)
        try:
            while records := await coming:
                self._check_open()
                coming = reading.call(Reader.next_latest)  # is read while the caller is busy with this one.
                yield records
        finally:
            if not coming.cancel() and not coming.cancelled():
                coming.exception()  # nobody will ask for it.
            self._recovering.pop(reading, None)
            reader.interrupt()
            await asyncio.shield(asyncio.to_thread(_end, reading, [reader]))

    async def read(self, after: Revision, limit: int, *, tenant: str | None = None) -> list[Record]:
        """See ``Journal``."""
        await self._settled()
        with Watched(Reader.read, SCAN_SECONDS_MOST + _SPARE_SECONDS) as watched:
            return await self._log_reading.call(tenant, watched, after, limit, tenant)

    async def places(self, tenant: str, at: Revision, through: Revision) -> dict[str, Place | None]:
        """See ``Journal``."""
        await self._settled()
        with Watched(Reader.places, SCAN_SECONDS_MOST + _SPARE_SECONDS) as watched:
            return await self._log_reading.call(tenant, watched, tenant, at, through)

    async def record(self, revision: Revision) -> Record | None:
        """See ``Journal``."""
        return await self._read(Reader.record, revision)

    async def recorded_at(self, revision: Revision) -> Instant | None:
        """See ``Journal``."""
        return await self._read(Reader.recorded_at, revision)

    async def records(self, revisions: Sequence[Revision]) -> dict[Revision, Record]:
        """See ``Journal``."""
        return await self._read(Reader.records, revisions) if revisions else {}

    async def find_answers(self, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        """See ``Journal``."""
        return await self._read(Reader.find_answers, requests) if requests else {}

    async def history(self, query: HistoryQuery) -> PastPage:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, PastReader.history, query)

    async def configuration_changes(self, query: ConfigurationQuery) -> PastPage:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, PastReader.configuration_changes, query)

    async def persons(self, query: PersonQuery) -> list[Person]:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, PastReader.persons, query)

    async def sums(self, query: SumsQuery) -> Sums:
        """See ``Journal``."""
        return await self._scanning.call(query.tenant, PastReader.sums, query)

    async def complete_from(self, tenant: str) -> Instant | None:
        """See ``Journal``."""
        return await self._read(Reader.complete_from, tenant)

    async def changes_of(self, tenant: str, person: Person) -> int:
        """See ``Journal``."""
        return await self._scanning.call(tenant, PastReader.changes_of, tenant, person)

    async def forget(self, tenant: str, changed_before: Instant, *, limit: int) -> int:
        """See ``Journal``. Appends get their turn between slices."""
        revisions = await self._scanning.call(OWN, Reader.forgettable, tenant, changed_before, limit)
        forgotten = 0
        for start in range(0, len(revisions), _FORGOTTEN_AT_ONCE):
            forgotten += await self.write(AppendConnection.forget, tenant, revisions[start : start + _FORGOTTEN_AT_ONCE])
        return forgotten

    async def forget_answers(self, answered_before: Instant, *, limit: int) -> int:
        """See ``Journal``. Appends get their turn between slices."""
        forgotten = 0
        while limit > forgotten:
            slice_limit = min(limit - forgotten, _FORGOTTEN_AT_ONCE)
            count = await self.write(AppendConnection.forget_answers, answered_before, slice_limit)
            forgotten += count
            if count < slice_limit:
                break
        return forgotten

    async def erasures(self) -> list[PendingErasure]:
        """See ``Journal``."""
        return await self._scanning.call(OWN, erasing.pending)

    async def erase(self, erasure: PendingErasure, scrubber: Scrubber, *, limit: int) -> bool:
        """See ``Journal``. Appends get their turn between slices."""
        step = await self._scanning.call(OWN, erasing.next_step, erasure, scrubber, limit)
        if step is None:
            return False
        for start in range(0, len(step.rewritten), _REWRITTEN_AT_ONCE):
            await self.write(erasing.rewrite, step.rewritten[start : start + _REWRITTEN_AT_ONCE])
        if step.order.stage == erasing.Stage.TRACES:
            await self._scanning.call(OWN, erasing.sweep)
        return await self.write(erasing.advance, step)

    async def close(self) -> None:
        """See ``Journal``. Waits for appends that were handed over; reads that are running fail."""
        if self._closing is None:
            self._log_reading.close()
            self._scanning.close()
            self._closing = asyncio.create_task(
                asyncio.to_thread(self._close, tuple(self._recovering.items())), name="journal-close"
            )
        await asyncio.shield(self._closing)

    def _close(self, recovering: tuple[tuple[Workers[Reader], Reader], ...]) -> None:
        at_work = (*self._readers, *self._log_readers, *self._past_readers)
        for reader in (*at_work, *(reader for _, reader in recovering)):
            reader.interrupt()
        _end(self._reading, self._readers)
        _end(self._log_reading, self._log_readers)
        _end(self._scanning, self._past_readers)
        for reading, reader in recovering:
            _end(reading, [reader])
        _end(self._writing, [self._writer])

    async def write(self, function: Callable[Concatenate[AppendConnection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Have the writer do something. A statement that the database does not end by its own time loses its connection."""
        self._check_open()
        seconds = self._store.options.statement_seconds + _SPARE_SECONDS
        alarm = asyncio.get_running_loop().call_later(seconds, self._writer.sever_if_busy)
        try:
            return await self._writing.call(function, *args, **kwargs)
        finally:
            alarm.cancel()

    async def _read(self, function: Callable[Concatenate[Reader, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        await self._settled()
        with Watched(function, self._store.options.statement_seconds + _SPARE_SECONDS) as watched:
            return await self._reading.call(watched, *args, **kwargs)

    async def _settled(self) -> None:
        """Have no append be on its way that may be there or not."""
        self._check_open()
        if self._store.is_unresolved:
            await self.write(AppendConnection.resolve)

    def _check_open(self) -> None:
        if self._closing is not None:
            raise JournalUnavailableError("the journal is closed")


def _end(threads: Workers[Any] | Turns[Any], hosts: Sequence[Reader | AppendConnection]) -> None:
    threads.stop()
    for host in hosts:
        host.close()
