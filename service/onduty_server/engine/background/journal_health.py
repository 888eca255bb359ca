"""Watches whether the journal can be written: while appends fail it takes no jobs, and it goes on when they work again."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

import structlog

from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import NO_TENANT
from onduty_server.metering import UNMETERED, Meter
from onduty_server.ports import AnswerRow, Clock, Journal

log = structlog.get_logger(__name__)

CHECK_SECONDS: Final = 2.0
PROBE_SECONDS: Final = (0.5, 1.0, 2.0, 5.0)
"""The pause before each probe of a journal that failed; the last one for all further ones."""


class JournalHealth:
    """Whether the journal works; ``on_change`` is called when that changes."""

    def __init__(
        self,
        replica: Replica,
        queue: JobQueue,
        journal: Journal,
        clock: Clock,
        *,
        on_change: Callable[[], None],
        meter: Meter = UNMETERED,
    ) -> None:
        """Nothing is known yet."""
        self._now = meter.now
        self._failures = meter.counter("onduty_journal_failures_total")
        self._confirmed_at = meter.now()
        self._replica = replica
        self._queue = queue
        self._journal = journal
        self._clock = clock
        self._on_change = on_change
        self._failed = asyncio.Event()
        self._attempts = 0

    @property
    def unconfirmed_seconds(self) -> float:
        """How long ago the journal last said where it ends."""
        return self._now() - self._confirmed_at

    def failed(self, error: JournalUnavailableError) -> None:
        """Take nothing, and have ``step`` find out when the journal works again."""
        was_accepting = self._queue.accepting
        self._queue.fail(error)
        self._failed.set()
        log.error("journal_failed", error=str(error))
        if was_accepting:
            self._failures.add()
            self._attempts = 0
            self._on_change()

    async def step(self) -> None:
        """Look after the journal: read it while it works, so that a lost one is noticed before the next job; else probe it."""
        if self._queue.accepting:
            with_pause = asyncio.wait_for(self._failed.wait(), CHECK_SECONDS)
            try:
                await with_pause
            except TimeoutError:
                await self._check()
            return
        await asyncio.sleep(PROBE_SECONDS[min(self._attempts, len(PROBE_SECONDS) - 1)])
        self._attempts += 1
        await self._recover()

    async def _check(self) -> None:
        try:
            await self._journal.head()
        except JournalUnavailableError as error:
            self.failed(error)
        else:
            self._confirmed_at = self._now()

    async def _recover(self) -> None:
        try:
            await self._probe()
            await self._replica.catch_up()
        except JournalUnavailableError as error:
            log.warning("journal_still_fails", attempt=self._attempts, error=str(error))
            return
        self._failed.clear()
        self._confirmed_at = self._now()
        self._queue.accepting = True
        self._replica.attended_from = self._clock.now()
        log.info("journal_works_again", attempt=self._attempts, revision=self._replica.head)
        self._on_change()

    async def _probe(self) -> None:
        """A durable write that is no record: reading alone would not notice a full disk."""
        row = AnswerRow(NO_TENANT, secrets.token_hex(8), b"", self._clock.now())
        await self._journal.append([], [row])
