"""Fires deadlines when they are due, in the order of their instants."""

import asyncio
import heapq
from collections.abc import Sequence
from typing import Final

import structlog

from onduty_server.domain.model.errors import OndutyError
from onduty_server.domain.model.status import Instant, seconds
from onduty_server.engine.live.deadlines import DueEntry
from onduty_server.engine.live.quarantine import StaffKey
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Answer
from onduty_server.ports import Clock

log = structlog.get_logger(__name__)

FIRED_AT_ONCE: Final = 500
"""How many people one job looks at: some 20 ms, in which nobody else is decided about."""

OVERDUE: Final = seconds(0.5)
"""What has been due for longer is fired before a state is shown: the loop has not come to it."""

OVERDUE_SECONDS: Final = 2.0
"""The longest that a reader waits for that."""


class DeadlineLoop:
    """Fires what is due, by jobs like everybody's."""

    def __init__(self, replica: Replica, queue: JobQueue, clock: Clock) -> None:
        """Fires nothing by itself."""
        self._replica = replica
        self._queue = queue
        self._clock = clock
        self._firing_overdue: asyncio.Task[None] | None = None

    async def step(self) -> None:
        """Wait until something is due, and fire it.

        Raises:
            OndutyError: It could not be made durable; it is due still.
        """
        await self._replica.deadlines.wait(self._clock)
        await self.fire_due()

    async def fire_due(self) -> int:
        """Fire all deadlines that are due; returns of how many people."""
        fired, deadlines = 0, self._replica.deadlines
        while entries := deadlines.due(self._clock.now(), FIRED_AT_ONCE):
            firing = _Firing(entries)
            await self._queue.transact_own(firing)
            fired += len(firing.fired_of)
            deadlines.drop(entries)
            self._replica.quarantine.release(firing.fired_of)
            for tenant, staff_id in {entry[1:] for entry in entries}:
                staff = self._replica.rosters(tenant).staff.get(staff_id)
                if staff is not None and staff.deadline is not None:
                    at = max(staff.deadline.at, self._replica.quarantine.until((tenant, staff_id)))
                    deadlines.push(at, tenant, staff_id)
        return fired

    async def fire_overdue(self) -> None:
        """Fire what has been due for longer than a moment, so that a reader does not see it. Many readers wait for one firing.

        While the journal takes nothing, what is durable is shown as it is.
        """
        if not self._replica.deadlines.is_due(Instant(self._clock.now() - OVERDUE)) or not self._queue.accepting:
            return
        if self._firing_overdue is None or self._firing_overdue.done():
            self._firing_overdue = asyncio.create_task(self._fire_quietly(), name="onduty-overdue")
        await asyncio.wait((self._firing_overdue,), timeout=OVERDUE_SECONDS)

    async def _fire_quietly(self) -> None:
        try:
            await self.fire_due()
        except OndutyError as error:
            log.warning("loop_waits", loop="deadlines", error=str(error))

    async def stop(self) -> None:
        """End a firing that a reader asked for."""
        if self._firing_overdue is not None:
            self._firing_overdue.cancel()
            await asyncio.gather(self._firing_overdue, return_exceptions=True)


class _Firing:
    """The job that fires what is due of these people, in the order of the instants. It may run more than once."""

    def __init__(self, entries: Sequence[DueEntry]) -> None:
        """By ascending instants."""
        self._entries = entries
        self.fired_of: set[StaffKey] = set()

    def __call__(self, batch: Batch) -> Answer:
        """Fire, and fire what becomes due by it in its turn, up to the last instant of the entries."""
        self.fired_of = set()
        last, waiting = self._entries[-1][0], list(self._entries)
        while waiting:
            _, tenant, staff_id = heapq.heappop(waiting)
            staff = batch.staff(tenant, staff_id)
            if staff is None:
                continue
            staff = batch.shifted(tenant, staff)
            due = staff.deadline
            if due is None or due.at > batch.now:
                continue
            after = batch.fire(tenant, staff)
            if after is staff:
                continue
            self.fired_of.add((tenant, staff_id))
            if after.deadline is not None and after.deadline.at <= last:
                heapq.heappush(waiting, (after.deadline.at, tenant, staff_id))
        return Answer(applied=bool(self.fired_of))
