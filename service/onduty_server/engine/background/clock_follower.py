"""Follows the wall clock: when it was set, the server's clock steps after it, and everybody's deadlines move along.

``clock_steps`` explains why a step and its carrying over cannot be seen apart.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from onduty_server.domain.model.status import SECOND, Micros, seconds
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Answer, JobBody
from onduty_server.ports import Clock, ClockRecord, Revision

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
"""Often enough to tell a jump that lasts from one that does not."""

TROUBLE: Final = seconds(1)
"""A wall clock that differs from the present by more is told of."""

CARRIED_AT_ONCE: Final = 200
"""How many people's deadlines move in one job: some 10 ms, in which nobody else is decided about."""


class ClockFollower:
    """Follows one process's clock, a look at a time."""

    def __init__(self, replica: Replica, queue: JobQueue, clock: Clock) -> None:
        """Looks at nothing by itself."""
        self._replica = replica
        self._queue = queue
        self._clock = clock
        self._told = False

    async def look(self) -> None:
        """Read the clock, tell of its trouble, have it take a step that is due, and carry over what is not yet.

        Raises:
            OndutyError: A step could not be made durable; then it was not taken. The next look tries again.
        """
        self._clock.now()
        self._tell(self._clock.divergence)
        by = self._clock.step_due
        if by:
            await self._queue.transact_own(_stepping(by))
            log.warning("clock_stepped", seconds=by / SECOND)
        if self._replica.steps.to_carry_over:
            await self._carry_over(self._replica.steps)

    def _tell(self, ahead: Micros) -> None:
        if (abs(ahead) > TROUBLE) is self._told:
            return
        self._told = not self._told
        if self._told:
            log.warning("wall_clock_jumped", seconds_ahead=ahead / SECOND)
        else:
            log.info("wall_clock_agrees_again")

    async def _carry_over(self, steps: ClockSteps) -> None:
        """Move everybody's deadlines by the steps since their last record, a slice at a time, then say that it is done."""
        revision = steps.revision
        for tenant, roster in self._replica.rosters.items():
            names = list(roster.staff)
            for start in range(0, len(names), CARRIED_AT_ONCE):
                part = names[start : start + CARRIED_AT_ONCE]
                await self._queue.transact_own(_carrying(tenant, part), tenant, cost=len(part))
        await self._queue.transact_own(_ending(steps, revision))


def noting(record: ClockRecord) -> JobBody:
    """A job that records something about the clock that is no step of the present."""

    def run(batch: Batch) -> Answer:
        batch.put_clock(record)
        return Answer()

    return run


def _stepping(by: Micros) -> JobBody:
    def run(batch: Batch) -> Answer:
        batch.step_clock(by)
        return Answer()

    return run


def _carrying(tenant: str, names: Sequence[str]) -> JobBody:
    def run(batch: Batch) -> Answer:
        for name in names:
            staff = batch.staff(tenant, name)
            if staff is not None:
                batch.shifted(tenant, staff)
        return Answer()

    return run


def _ending(steps: ClockSteps, revision: Revision) -> JobBody:
    """The end of carrying over the steps up to a revision; where there is another one by now, this was not the end."""

    def run(batch: Batch) -> Answer:
        if steps.revision == revision:
            batch.put_clock(steps.all_carried_over())
        return Answer()

    return run
