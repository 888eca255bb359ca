"""The journal in one SQLite file, for one process; the default."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final, Self

from onduty_server.adapters.sqlite import erasing
from onduty_server.adapters.sqlite.past_reader import PastReader
from onduty_server.adapters.sqlite.reader import Reader
from onduty_server.adapters.sqlite.storage import JournalFile
from onduty_server.adapters.sqlite.writer import AppendConnection
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
from onduty_server.ports import AnswerRow, Entry, Journal, Record, Scrubber, StoredAnswer

_READERS: Final = 2
"""Threads for what takes a search or a few: nothing that takes longer is in their way."""

_LOG_READERS: Final = 2
"""Threads for the log in its order, up to some thousand records: watchers that catch up, and the process's own catching up."""

_SCANNERS: Final = 2
"""Threads for questions about the past, which may take seconds: so many run at a time, over all tenants."""

SCAN_SECONDS_MOST: Final = 30.0
"""How long a question about the past may be worked on. Half a year of a million changes takes some seconds."""

SCANS_WAITING_MOST: Final = 200
"""Questions about the past of one tenant that wait; more are refused."""

_FORGOTTEN_AT_ONCE: Final = 200
"""Rows deleted in one transaction: some milliseconds, in which appends wait."""

_REWRITTEN_AT_ONCE: Final = 100
"""Rows rewritten in one transaction: some milliseconds, in which appends wait."""


class SqliteJournal(Journal):
    """``ports.Journal`` in a SQLite file. Use ``open``.

    One thread writes, others read: a long export delays no append.
    """

    def __init__(self, file: JournalFile) -> None:
        """Takes over ``file``."""
        self._file = file
        self._writer = AppendConnection(file)
        self._readers = [Reader(file) for _ in range(_READERS)]
        self._writing = Workers("journal-writer", [self._writer])
        self._reading = Workers("journal-reader", self._readers)
        self._log_readers = [Reader(file) for _ in range(_LOG_READERS)]
        self._log_reading = Turns("journal-log", self._log_readers)
        self._past_readers = [PastReader(file) for _ in range(_SCANNERS)]
        self._scanning = Turns(
            "journal-scanner", self._past_readers, seconds_most=SCAN_SECONDS_MOST, waiting_most=SCANS_WAITING_MOST
        )
        self._recovering: dict[Workers[Reader], Reader] = {}
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the journal at ``path``, or make one if there is no file or an empty one.

        Raises:
            JournalOpenError: It is not a journal, or not accessible. It was not changed.
            JournalLockedError: Another process has it open, or this one has.
        """
        return cls(await asyncio.to_thread(JournalFile.open, path))

    @property
    def store_id(self) -> str:
        """See ``Journal``."""
        return self._file.store_id

    @property
    def epoch(self) -> int:
        """See ``Journal``."""
        return self._file.epoch

    @property
    def path(self) -> Path:
        """The file: absolute, with links followed."""
        return self._file.path

    @property
    def name(self) -> str:
        """Where it is, as it may be shown."""
        return str(self._file.path)

    @property
    def is_new(self) -> bool:
        """Whether opening made the journal."""
        return self._file.is_new

    async def append(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Revision]:
        """See ``Journal``. Of rows with one request id in a batch, the second is a duplicate of revision 0."""
        if not entries and not answer_rows:
            return []
        return await self._writers().call(AppendConnection.append, entries, answer_rows)

    async def head(self) -> Revision:
        """See ``Journal``."""
        return await self._open_readers().call(Reader.head)

    async def horizon(self, tenant: str) -> Revision:
        """See ``Journal``."""
        return await self._open_readers().call(Reader.horizon, tenant)

    async def latest(self) -> AsyncIterator[list[Record]]:
        """See ``Journal``. Reads on a thread of its own, as it may take long between chunks."""
        self._check_open()
        reader = Reader(self._file)
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
        return await self._log_reading.call(tenant, Reader.read, after, limit, tenant)

    async def places(self, tenant: str, at: Revision, through: Revision) -> dict[str, Place | None]:
        """See ``Journal``."""
        return await self._log_reading.call(tenant, Reader.places, tenant, at, through)

    async def record(self, revision: Revision) -> Record | None:
        """See ``Journal``."""
        return await self._open_readers().call(Reader.record, revision)

    async def recorded_at(self, revision: Revision) -> Instant | None:
        """See ``Journal``."""
        return await self._open_readers().call(Reader.recorded_at, revision)

    async def records(self, revisions: Sequence[Revision]) -> dict[Revision, Record]:
        """See ``Journal``."""
        return await self._open_readers().call(Reader.records, revisions) if revisions else {}

    async def find_answers(self, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        """See ``Journal``."""
        return await self._open_readers().call(Reader.find_answers, requests) if requests else {}

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
        return await self._open_readers().call(Reader.complete_from, tenant)

    async def changes_of(self, tenant: str, person: Person) -> int:
        """See ``Journal``."""
        return await self._scanning.call(tenant, PastReader.changes_of, tenant, person)

    async def forget(self, tenant: str, changed_before: Instant, *, limit: int) -> int:
        """See ``Journal``. Appends get their turn between slices."""
        await self._writers().call(AppendConnection.settle)
        revisions = await self._scanning.call(OWN, Reader.forgettable, tenant, changed_before, limit)
        forgotten = 0
        for start in range(0, len(revisions), _FORGOTTEN_AT_ONCE):
            forgotten += await self._writers().call(
                AppendConnection.forget, tenant, revisions[start : start + _FORGOTTEN_AT_ONCE]
            )
        return forgotten

    async def forget_answers(self, answered_before: Instant, *, limit: int) -> int:
        """See ``Journal``. Appends get their turn between slices."""
        forgotten = 0
        while limit > forgotten:
            slice_limit = min(limit - forgotten, _FORGOTTEN_AT_ONCE)
            count = await self._writers().call(AppendConnection.forget_answers, answered_before, slice_limit)
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
            await self._writers().call(erasing.rewrite, step.rewritten[start : start + _REWRITTEN_AT_ONCE])
        return await self._writers().call(erasing.advance, step)

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
        self._file.close()

    def _writers(self) -> Workers[AppendConnection]:
        self._check_open()
        return self._writing

    def _open_readers(self) -> Workers[Reader]:
        self._check_open()
        return self._reading

    def _check_open(self) -> None:
        if self._closing is not None:
            raise JournalUnavailableError("the journal is closed")


def _end(threads: Workers[Any] | Turns[Any], hosts: Sequence[Reader | AppendConnection]) -> None:
    threads.stop()
    for host in hosts:
        host.close()
