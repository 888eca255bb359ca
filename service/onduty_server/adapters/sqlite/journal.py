"""The journal in one SQLite file, for one process; the default."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Self, TypeVar

from onduty_server.adapters.pooled_journal import LOG_READERS, READERS, SCANNERS, Connections, PooledJournal
from onduty_server.adapters.sqlite import erasing
from onduty_server.adapters.sqlite.past_reader import PastReader
from onduty_server.adapters.sqlite.reader import Reader
from onduty_server.adapters.sqlite.storage import JournalFile
from onduty_server.adapters.sqlite.writer import AppendConnection
from onduty_server.adapters.turns import OWN
from onduty_server.adapters.worker import Workers
from onduty_server.domain.model.status import Instant
from onduty_server.past import (
    PendingErasure,
    Revision,
)
from onduty_server.ports import AnswerRow, Entry, Scrubber

T = TypeVar("T")

_REWRITTEN_AT_ONCE: Final = 100
"""Rows rewritten in one transaction: some milliseconds, in which appends wait."""


class SqliteJournal(PooledJournal[Reader, PastReader, AppendConnection]):
    """``ports.Journal`` in a SQLite file. Use ``open``.

    One thread writes, others read: a long export delays no append.
    """

    def __init__(self, file: JournalFile) -> None:
        """Takes over ``file``."""
        self._file = file
        connections = Connections(
            AppendConnection(file),
            readers=[Reader(file) for _ in range(READERS)],
            log_readers=[Reader(file) for _ in range(LOG_READERS)],
            past_readers=[PastReader(file) for _ in range(SCANNERS)],
        )
        super().__init__(connections)

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
        return await self._write(partial(AppendConnection.append, entries=entries, answer_rows=answer_rows))

    async def forget(self, tenant: str, changed_before: Instant, *, limit: int) -> int:
        """See ``Journal``. Appends get their turn between slices."""
        await self._write(AppendConnection.settle)
        return await super().forget(tenant, changed_before, limit=limit)

    async def erasures(self) -> list[PendingErasure]:
        """See ``Journal``."""
        return await self._scanning.call(OWN, erasing.pending)

    async def erase(self, erasure: PendingErasure, scrubber: Scrubber, *, limit: int) -> bool:
        """See ``Journal``. Appends get their turn between slices."""
        step = await self._scanning.call(OWN, erasing.next_step, erasure, scrubber, limit)
        if step is None:
            return False
        for start in range(0, len(step.rewritten), _REWRITTEN_AT_ONCE):
            await self._write(partial(erasing.rewrite, rewritten=step.rewritten[start : start + _REWRITTEN_AT_ONCE]))
        return await self._write(partial(erasing.advance, step=step))

    def _close(self, recovering: tuple[tuple[Workers[Reader], Reader], ...]) -> None:
        super()._close(recovering)
        self._file.close()

    def _recovery_reader(self) -> Reader:
        return Reader(self._file)

    async def _settled(self) -> None:
        self._check_open()

    async def _write(self, task: Callable[[AppendConnection], T]) -> T:
        self._check_open()
        return await self._writing.call(task)

    async def _read(self, question: Callable[[Reader], T]) -> T:
        self._check_open()
        return await self._reading.call(question)

    async def _read_log(self, tenant: str | None, question: Callable[[Reader], T]) -> T:
        return await self._log_reading.call(tenant, question)
