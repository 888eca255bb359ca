"""What goes on without being asked: deadlines fire, a failed journal is found well again, old history is forgotten.

It works through the intake like everybody else, and must not touch what the process shows in any other way.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError
from onduty_server.domain.model.status import Instant, Micros, seconds
from onduty_server.engine.background.clock_follower import NO_TENANT, ClockFollower, noting
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Firing
from onduty_server.ports import AnswerRow, Clock, Journal

log = structlog.get_logger(__name__)

CHECK_SECONDS = 2.0
HOUSEKEEPING_SECONDS = 600.0
AGEING_SECONDS = 60.0
FORGOTTEN_AT_ONCE = 2_000
ANSWERS_KEPT = seconds(2 * 24 * 3600)
OVERDUE = seconds(0.5)
"""What has been due for longer is fired before it is shown to anybody: the loop has not come to it."""

OVERDUE_SECONDS = 2.0
"""The longest that a reader waits for that."""

UNSEEN_MOST = seconds(24 * 3600)
"""History grows old while a server sees the time pass. What a start finds to have passed beyond this does not count."""

PROBE_SECONDS = (0.5, 1.0, 2.0, 5.0)


class Upkeep:
    """The loops beside the writer. ``start`` and ``stop`` own their tasks."""

    def __init__(
        self, replica: Replica, queue: JobQueue, journal: Journal, clock: Clock, *, on_health: Callable[[bool], None]
    ) -> None:
        """Nothing runs yet; ``on_health`` is told whenever the journal fails or works again."""
        self._memory = replica
        self._intake = queue
        self._journal = journal
        self._clock = clock
        self._on_health = on_health
        self._tasks: set[asyncio.Task[None]] = set()
        self.clock_follower = ClockFollower(replica, queue, clock)
        self._catching_up: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin all loops."""
        self._run(self.clock_follower.run(), "clock")
        self._run(self._fire_for_ever(), "deadlines")
        self._run(self._check_for_ever(), "checks")
        self._run(self._age_for_ever(), "ageing")
        self._run(self._tidy_for_ever(), "housekeeping")

    def _run(self, loop: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(loop, name=f"onduty-{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def note_gap(self) -> None:
        """Record what time a start finds to have passed that history does not grow old by. Before anything changes.

        Raises:
            OndutyError: It could not be made durable.
        """
        last, now = self._memory.last_change, self._clock.now()
        unseen = Micros(max(0, now - last - UNSEEN_MOST) if last else 0)
        if unseen:
            await self._intake.transact(NO_TENANT, noting(self._memory.steps.gap(now, unseen)))
            log.info("forgetting_waits", unseen_days=unseen // seconds(24 * 3600))

    async def stop(self) -> None:
        """End all loops."""
        tasks = tuple(self._tasks) if self._catching_up is None else (*self._tasks, self._catching_up)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- the journal's health -----------------------------------------------------------------------------------------

    def journal_failed(self, error: JournalUnavailableError) -> None:
        """Stop acknowledging, tell, and try until the journal works again."""
        log.error("journal_failed", error=str(error))
        was_healthy = self._intake.healthy
        self._intake.fail(error)
        if was_healthy:
            self._on_health(self._intake.healthy)
            self._run(self._recover(), "recovery")

    async def _check_for_ever(self) -> None:
        """Look after the journal while nobody writes, so that a lost one is noticed and told before the next command."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if not self._intake.healthy:
                continue
            try:
                await self._journal.head()
            except JournalUnavailableError as error:
                self.journal_failed(error)

    async def _recover(self) -> None:
        attempt = 0
        while True:
            await asyncio.sleep(PROBE_SECONDS[min(attempt, len(PROBE_SECONDS) - 1)])
            attempt += 1
            try:
                await self._probe()
                await self._memory.catch_up()
            except JournalUnavailableError as error:
                log.warning("journal_still_fails", attempt=attempt, error=str(error))
                continue
            self._intake.healthy = True
            self._memory.attended_from = self._clock.now()
            self._memory.push_all_deadlines()
            log.info("journal_works_again", attempt=attempt, revision=self._memory.head)
            self._on_health(self._intake.healthy)
            return

    async def _probe(self) -> None:
        """A durable write that is no record: reading alone would not notice a full disk."""
        answer_row = AnswerRow(NO_TENANT, secrets.token_hex(8), b"", self._clock.now())
        await self._journal.append([], [answer_row])

    # --- deadlines ----------------------------------------------------------------------------------------------------

    async def _fire_for_ever(self) -> None:
        while True:
            await self._memory.deadlines.wait(self._clock)
            try:
                await self.fire_due()
            except OndutyError as error:
                log.warning("deadlines_wait", error=str(error))
                await asyncio.sleep(PROBE_SECONDS[0])
            except Exception:
                log.exception("deadlines_failed_unforeseen")
                self._memory.push_all_deadlines()
                await asyncio.sleep(PROBE_SECONDS[-1])

    async def fire_due(self) -> int:
        """Fire all deadlines that are due, in the order of their instants; returns how many."""
        fired = 0
        while True:
            firing = Firing(self._memory.deadlines)
            await self._intake.transact(NO_TENANT, firing)
            fired += firing.fired
            if firing.is_done:
                return fired

    async def fire_overdue(self) -> None:
        """Fire what has been due for longer than a moment, so that a reader is not shown it. Many readers wait for one firing.

        While the journal takes nothing, what is durable is shown as it is.
        """
        if not self._memory.deadlines.is_due(Instant(self._clock.now() - OVERDUE)) or not self._intake.healthy:
            return
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._fire_quietly(), name="onduty-overdue")
        await asyncio.wait((self._catching_up,), timeout=OVERDUE_SECONDS)

    async def _fire_quietly(self) -> None:
        try:
            await self.fire_due()
        except OndutyError as error:
            log.warning("deadlines_wait", error=str(error))

    # --- housekeeping -------------------------------------------------------------------------------------------------

    async def _age_for_ever(self) -> None:
        """Let the watch logs forget what is old: it is in the journal."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(AGEING_SECONDS)
            for ring in self._memory.rings.values():
                ring.age(loop.time())

    async def _tidy_for_ever(self) -> None:
        """Forget, a little at a time and never in the way of appends, what the policies no longer keep."""
        while True:
            await asyncio.sleep(HOUSEKEEPING_SECONDS)
            try:
                forgotten = await self.tidy()
            except JournalUnavailableError as error:
                log.warning("housekeeping_waits", error=str(error))
                continue
            if forgotten:
                log.info("forgot_history", records=forgotten)

    async def tidy(self) -> int:
        """Forget history beyond each tenant's retention, and answers older than two days; returns the records forgotten.

        The last record of everybody and everything stays. Steps of the clock make nothing older, and neither does more than a
        day before the start at which no server ran: what a wrong clock has let be forgotten is gone for good.
        """
        now, steps = self._clock.now(), self._memory.steps
        forgotten = 0
        for tenant, roster in self._memory.rosters.items():
            before = steps.kept_since(now, roster.policy.value.retention)
            while count := await self._journal.forget(tenant, before, limit=FORGOTTEN_AT_ONCE):
                forgotten += count
        while await self._journal.forget_answers(steps.kept_since(now, ANSWERS_KEPT), limit=FORGOTTEN_AT_ONCE):
            pass
        return forgotten
