"""The journal in a PostgreSQL database, for one server at a time, or for replicas that share it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Concatenate, Final, ParamSpec, Self, TypeVar

import psycopg

from onduty_server.adapters.pooled_journal import LOG_READERS, READERS, SCAN_SECONDS_MOST, SCANNERS, Connections, PooledJournal
from onduty_server.adapters.postgres import erasing
from onduty_server.adapters.postgres.connecting import NO_TIMEOUT, describe
from onduty_server.adapters.postgres.options import PostgresOptions
from onduty_server.adapters.postgres.past_reader import PastReader
from onduty_server.adapters.postgres.reader import Reader
from onduty_server.adapters.postgres.store import Store
from onduty_server.adapters.postgres.watched import Watched
from onduty_server.adapters.postgres.writer import AppendConnection
from onduty_server.adapters.turns import OWN
from onduty_server.past import (
    PendingErasure,
    Revision,
)
from onduty_server.ports import AnswerRow, Entry, JournalOpenError, Scrubber

P = ParamSpec("P")
R = TypeVar("R")

_SPARE_SECONDS: Final = 1.0
"""A database that does not end a statement by its own time gets so much more; then the connection is cut."""

_REWRITTEN_AT_ONCE: Final = 100
"""Rows rewritten in one transaction: some milliseconds, in which appends wait."""


class PostgresJournal(PooledJournal[Reader, PastReader, AppendConnection]):
    """``ports.Journal`` in a database. Use ``open``.

    One connection writes, others read, each on a thread of its own.
    """

    def __init__(self, store: Store, writer: AppendConnection) -> None:
        """Takes over an open store and its writer."""
        self._store = store
        seconds = store.options.statement_seconds
        connections = Connections(
            writer,
            readers=[Reader(store, "read", statement_seconds=seconds) for _ in range(READERS)],
            log_readers=[Reader(store, "log", statement_seconds=SCAN_SECONDS_MOST) for _ in range(LOG_READERS)],
            past_readers=[PastReader(store, "past", statement_seconds=NO_TIMEOUT) for _ in range(SCANNERS)],
        )
        super().__init__(connections)

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

    async def write(self, function: Callable[Concatenate[AppendConnection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Have the writer do something. A statement that the database does not end by its own time loses its connection."""
        self._check_open()
        seconds = self._store.options.statement_seconds + _SPARE_SECONDS
        alarm = asyncio.get_running_loop().call_later(seconds, self._writer.sever_if_busy)
        try:
            return await self._writing.call(function, *args, **kwargs)
        finally:
            alarm.cancel()

    def _recovery_reader(self) -> Reader:
        return Reader(self._store, "latest", statement_seconds=NO_TIMEOUT)

    async def _settled(self) -> None:
        self._check_open()
        if self._store.is_unresolved:
            await self.write(AppendConnection.resolve)

    async def _write(self, task: Callable[[AppendConnection], R]) -> R:
        return await self.write(task)

    async def _read(self, question: Callable[[Reader], R]) -> R:
        await self._settled()
        with Watched(question, self._store.options.statement_seconds + _SPARE_SECONDS) as watched:
            return await self._reading.call(watched)

    async def _read_log(self, tenant: str | None, question: Callable[[Reader], R]) -> R:
        await self._settled()
        with Watched(question, SCAN_SECONDS_MOST + _SPARE_SECONDS) as watched:
            return await self._log_reading.call(tenant, watched)
