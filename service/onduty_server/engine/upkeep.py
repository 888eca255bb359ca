"""What goes on without being asked: deadlines fire, a failed journal is found well again, old history is forgotten.

It works through the intake like everybody else, and must not touch what the process shows in any other way.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError
from onduty_server.domain.model.status import SECOND, Instant, Micros, seconds
from onduty_server.engine.intake import Intake
from onduty_server.engine.memory import Memory
from onduty_server.engine.works import FIRED_AT_ONCE, Firing
from onduty_server.ports import Clock, Journal, Mark

log = structlog.get_logger(__name__)

CHECK_SECONDS = 2.0
HOUSEKEEPING_SECONDS = 600.0
AGEING_SECONDS = 60.0
FORGOTTEN_AT_ONCE = 2_000
ANSWERS_KEPT = seconds(2 * 24 * 3600)
CLOCK_SECONDS = 1.0
CLOCK_TROUBLE = seconds(1)
"""A wall clock that differs from the present by more is told of."""

UNSEEN_MOST = seconds(24 * 3600)
"""History grows old while a server sees the time pass. What a start finds to have passed beyond this does not count."""

PROBE_SECONDS = (0.5, 1.0, 2.0, 5.0)
NO_TENANT = ""
"""The tenant of works that are about no tenant in particular; callers' tenants have names."""


class Upkeep:
    """The loops beside the writer. ``start`` and ``stop`` own their tasks."""

    def __init__(
        self, memory: Memory, intake: Intake, journal: Journal, clock: Clock, *, on_health: Callable[[bool], None]
    ) -> None:
        """Nothing runs yet; ``on_health`` is told whenever the journal fails or works again."""
        self._memory = memory
        self._intake = intake
        self._journal = journal
        self._clock = clock
        self._on_health = on_health
        self._tasks: set[asyncio.Task[None]] = set()
        self._unseen = Micros(0)

    def start(self) -> None:
        """Begin all loops."""
        last = self._memory.last_change
        self._unseen = Micros(max(0, self._clock.now() - last - UNSEEN_MOST) if last else 0)
        if self._unseen:
            log.info("forgetting_waits", unseen_days=self._unseen // seconds(24 * 3600))
        self._run(self._look_at_clock_for_ever(), "clock")
        self._run(self._fire_for_ever(), "deadlines")
        self._run(self._check_for_ever(), "checks")
        self._run(self._age_for_ever(), "ageing")
        self._run(self._tidy_for_ever(), "housekeeping")

    def _run(self, loop: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(loop, name=f"onduty-{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End all loops."""
        tasks = tuple(self._tasks)
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
            self._memory.push_all_deadlines()
            log.info("journal_works_again", attempt=attempt, revision=self._memory.head)
            self._on_health(self._intake.healthy)
            return

    async def _probe(self) -> None:
        """A durable write that is no record: reading alone would not notice a full disk."""
        mark = Mark(NO_TENANT, secrets.token_hex(8), b"", self._clock.now())
        await self._journal.append([], [mark])

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
            if firing.fired < FIRED_AT_ONCE:
                return fired

    # --- the clock ----------------------------------------------------------------------------------------------------

    async def _look_at_clock_for_ever(self) -> None:
        """Read the clock often enough for it to tell a jump that lasts from one that does not, and tell of both."""
        told, stepped = False, self._clock.stepped
        while True:
            await asyncio.sleep(CLOCK_SECONDS)
            self._clock.now()
            ahead = self._clock.divergence
            if self._clock.stepped != stepped:
                log.warning("clock_stepped", seconds=(self._clock.stepped - stepped) / SECOND)
                stepped = self._clock.stepped
            if (abs(ahead) > CLOCK_TROUBLE) is not told:
                told = not told
                if told:
                    log.warning("wall_clock_jumped", seconds_ahead=ahead / SECOND)
                else:
                    log.info("wall_clock_agrees_again")

    # --- housekeeping -------------------------------------------------------------------------------------------------

    async def _age_for_ever(self) -> None:
        """Let the watch logs forget what is old: it is in the journal."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(AGEING_SECONDS)
            for watch_log in self._memory.logs.values():
                watch_log.age(loop.time())

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
        now = self._clock.now() - self._clock.stepped - self._unseen
        forgotten = 0
        for tenant, roster in self._memory.rosters.items():
            before = Instant(now - roster.policy.value.retention)
            while count := await self._journal.forget(tenant, before, limit=FORGOTTEN_AT_ONCE):
                forgotten += count
        while await self._journal.forget_answers(Instant(now - ANSWERS_KEPT), limit=FORGOTTEN_AT_ONCE):
            pass
        return forgotten
