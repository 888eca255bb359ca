"""Forgets what is old: history beyond each tenant's retention, answers after two days."""

from typing import Final

import structlog

from onduty_server.domain.model.status import Micros, seconds
from onduty_server.engine.background.clock_follower import noting
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.ports import Clock, Journal

log = structlog.get_logger(__name__)

FORGETTING_SECONDS: Final = 600.0
FORGOTTEN_AT_ONCE: Final = 2_000
ANSWERS_KEPT: Final = seconds(2 * 24 * 3600)

UNSEEN_MOST: Final = seconds(24 * 3600)
"""History grows old while a server sees the time pass. What a start finds to have passed beyond this does not count."""


class Retention:
    """Forgets, a little at a time and never in the way of appends."""

    def __init__(self, replica: Replica, queue: JobQueue, journal: Journal, clock: Clock) -> None:
        """Forgets nothing by itself."""
        self._replica = replica
        self._queue = queue
        self._journal = journal
        self._clock = clock

    async def note_gap(self) -> None:
        """Record the time that a start finds to have passed and by which history does not grow old. Before anything changes.

        Raises:
            OndutyError: It could not be made durable.
        """
        last, now = self._replica.last_change, self._clock.now()
        unseen = Micros(max(0, now - last - UNSEEN_MOST) if last else 0)
        if unseen:
            await self._queue.transact_own(noting(self._replica.steps.gap(now, unseen)))
            log.info("forgetting_waits", unseen_days=unseen // seconds(24 * 3600))

    async def step(self) -> None:
        """Forget what the policies no longer keep."""
        forgotten = await self.forget()
        if forgotten:
            log.info("forgot_history", records=forgotten)

    async def forget(self) -> int:
        """Forget, and return how many records.

        The last record of everybody and everything stays. Steps of the clock make nothing older, and neither does more than a
        day before the start at which no server ran: what a wrong clock has let be forgotten is gone for good.
        """
        now, steps = self._clock.now(), self._replica.steps
        forgotten = 0
        for tenant, roster in self._replica.rosters.items():
            before = steps.kept_since(now, roster.policy.value.retention)
            while count := await self._journal.forget(tenant, before, limit=FORGOTTEN_AT_ONCE):
                forgotten += count
        while await self._journal.forget_answers(steps.kept_since(now, ANSWERS_KEPT), limit=FORGOTTEN_AT_ONCE):
            pass
        return forgotten
