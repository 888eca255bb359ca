"""Applies a changed policy to all staff whom it concerns, a slice at a time, after the policy itself is durable.

Whoever is decided about before the sweep reaches them has the policy applied first (``Batch.current``), so no decision is made
on what an earlier policy allowed. A sweep that a crash cut off is made up for at the next start.
"""

import asyncio
import gc
from collections.abc import Sequence
from typing import Final

from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Answer, JobBody

SWEPT_AT_ONCE: Final = 50
"""How many people one job looks at: a few milliseconds, in which nobody else is decided about."""


REST: Final = 0.5
REST_SECONDS_MOST: Final = 0.01
"""The rest after a slice, in lengths of it: the process's other threads, which take in what others ask, get the core."""


class PolicySweep:
    """Sweeps, by jobs like everybody's."""

    def __init__(self, replica: Replica, queue: JobQueue) -> None:
        """Sweeps nothing by itself."""
        self._replica = replica
        self._queue = queue

    async def sweep(self, tenant: str) -> None:
        """Apply the tenant's policy to all who were last recorded before it.

        Raises:
            OndutyError: It could not be made durable; whoever is left has it applied later.
        """
        roster = self._replica.rosters(tenant)
        revision = roster.policy.revision
        names = [staff_id for staff_id, staff in roster.staff.items() if staff.recorded < revision]
        loop = asyncio.get_running_loop()
        for start in range(0, len(names), SWEPT_AT_ONCE):
            part, began_at = names[start : start + SWEPT_AT_ONCE], loop.time()
            await self._queue.transact_own(_applying(tenant, part), tenant, cost=len(part))
            _keep()
            await asyncio.sleep(min((loop.time() - began_at) * REST, REST_SECONDS_MOST))

    async def sweep_all(self) -> None:
        """Make up for sweeps that were cut off."""
        for tenant, roster in self._replica.rosters.items():
            if roster.policy.revision:
                await self.sweep(tenant)

    async def step(self) -> None:
        """Sweep everybody, then wait for ever: it is done once a start, and again if it failed."""
        await self.sweep_all()
        await asyncio.Event().wait()


def _keep() -> None:
    """Have the garbage collector leave alone what there is now, which lives long: a walk over 100,000 records is a stop.

    What is frozen is freed as ever when nothing refers to it; only cycles would stay, and the young ones are collected first.
    """
    gc.collect(0)
    gc.freeze()


def _applying(tenant: str, names: Sequence[str]) -> JobBody:
    def run(batch: Batch) -> Answer:
        for name in names:
            # One whose record cannot be changed holds up nobody: the policy reaches them with their next change.
            if batch.staff(tenant, name) is not None and not batch.is_quarantined(tenant, name):
                batch.current(tenant, name)
        return Answer()

    return run
