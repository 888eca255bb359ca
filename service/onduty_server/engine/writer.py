"""The one writer of a process: it decides waiting works together and commits them as one batch, again and again.

The order is fixed: decide, append and sync, show, answer. Nobody sees a state before it is durable. The writer knows no rule
of the domain and no storage; it must not wait for a watcher.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from onduty_server.domain.model.errors import CallerError, JournalUnavailableError
from onduty_server.domain.model.status import SECOND, Instant
from onduty_server.engine.desk import Desk
from onduty_server.engine.gathering import Gathering
from onduty_server.engine.idempotency import BatchAnswers
from onduty_server.engine.intake import Intake
from onduty_server.engine.kept_answers import KeptAnswers, Owner, marks_of
from onduty_server.engine.memory import Memory
from onduty_server.engine.works import Work
from onduty_server.ports import Clock, Codec, DuplicateMarkError, Journal, StaleEntryError, StoredAnswer

log = structlog.get_logger(__name__)

BATCH_WORKS = 512

GATHER_SECONDS = 0.004
"""The longest that a batch is held open; twice as long while the process has no CPU time to spare."""

FAULT_SECONDS = 0.1
"""The writer's rest after a fault of its own."""

BUSY_PART = 0.9
"""A process that works for this part of the time has none to spare."""


class Load:
    """How busy the process is."""

    def __init__(self, clock: Clock) -> None:
        """Measures from now on."""
        self._clock = clock
        self._spent, self._at = clock.cpu(), asyncio.get_running_loop().time()

    def since_last(self) -> float:
        """CPU time by real time since the last call."""
        spent, at = self._clock.cpu(), asyncio.get_running_loop().time()
        part = (spent - self._spent) / SECOND / max(at - self._at, 1e-6)
        self._spent, self._at = spent, at
        return part


class Writer:
    """Commits what the intake has taken."""

    def __init__(
        self,
        memory: Memory,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        *,
        intake: Intake,
        kept: KeptAnswers,
        on_failure: Callable[[JournalUnavailableError], None],
    ) -> None:
        """A writer that does nothing until ``run``; ``on_failure`` is told when an append failed."""
        self._memory = memory
        self._journal = journal
        self._codec = codec
        self._clock = clock
        self._intake = intake
        self._kept = kept
        self._on_failure = on_failure
        self._recorded_at = Instant(0)

    async def run(self) -> None:
        """Commit batch after batch until the intake has stopped and nothing waits in it."""
        while True:
            try:
                return await self._commit_until_stopped()
            except Exception as error:  # without a writer nobody would ever be answered
                log.exception("writer_failed_unforeseen")
                self._intake.give_up_waiting(error)
                await asyncio.sleep(FAULT_SECONDS)

    async def _commit_until_stopped(self) -> None:
        intake, gathering, load, busy = self._intake, Gathering(), Load(self._clock), False
        while True:
            if not intake.waiting:
                if intake.stopping:
                    return
                if await intake.come() > GATHER_SECONDS:
                    gathering.idle()
                continue
            await intake.gather(gathering.enough, GATHER_SECONDS * (2 if busy else 1))
            in_vain = len(intake.waiting) < gathering.enough
            works = intake.take(BATCH_WORKS)
            try:
                await self._commit(self._wanted(works))
            except JournalUnavailableError as error:
                self._on_failure(error)
                intake.give_up(works, error)
            except Exception as error:
                log.exception("commit_failed_unforeseen")
                intake.give_up(works, error)
            busy = load.since_last() > BUSY_PART
            gathering.committed(len(works), len(intake.waiting), in_vain=in_vain, busy=busy)

    def _wanted(self, works: Sequence[Work]) -> list[Work]:
        """The works whose callers still wait; the others are forgotten undone."""
        for work in works:
            if work.cancelled:
                self._intake.settle(work)
        return [work for work in works if not work.cancelled]

    async def _commit(self, works: list[Work]) -> None:
        """Decide works until a batch of them is durable, then show and answer."""
        while works := self._unanswered(works):
            now = self._clock.now()
            recorded_at, memory = self._next_recorded_at(now), self._memory
            desk = Desk(memory.rosters.of, self._codec, now, recorded_at, memory.steps, attended_from=memory.attended_from)
            for work in works:
                self._decide(desk, work)
            marks = marks_of(desk, works)
            try:
                revisions = await self._journal.append([one.entry for one in desk.pending], [mark for mark, _ in marks])
            except DuplicateMarkError as error:
                _learn(marks[error.index][1], error.stored)
                continue
            except StaleEntryError:
                if not await self._memory.catch_up():
                    raise  # what is shown is what is there, and yet it does not fit: deciding again would not help
                continue
            self._memory.apply(desk, revisions)
            if any(one.entry.erases is not None for one in desk.pending):
                self._kept.forget_recent()  # the journal has them, and takes the person out of them.
            for mark, owner in marks:
                self._kept.keep(mark, owner, mark.revision if mark.entry is None else revisions[mark.entry])
            self._settle(desk, works)
            return

    def _unanswered(self, works: Sequence[Work]) -> list[Work]:
        """The works that were not answered before, as far as is known; the others are settled."""
        for work in works:
            batch = work.company.batch
            if batch is not None and batch.known and work.request is None:
                work.stored = batch.answer(work.number)
            if work.stored is not None:
                work.answer = None
                self._intake.settle(work)
        return [work for work in works if work.stored is None]

    def _next_recorded_at(self, now: Instant) -> Instant:
        self._recorded_at = max(self._recorded_at, now)
        return self._recorded_at

    def _decide(self, desk: Desk, work: Work) -> None:
        work.answer = work.failure = None
        desk.begin()
        try:
            work.answer = work.run(desk)
        except CallerError as error:
            desk.take_back()
            work.failure = error
        except Exception as error:  # noqa: BLE001 - one faulty work must not take the batch with it; the edge reports it.
            desk.take_back()
            work.failure = error

    def _settle(self, desk: Desk, works: Sequence[Work]) -> None:
        for error, present in desk.unsettled:
            error.revision = present.revision
        for work in works:
            self._intake.settle(work)


def _learn(owner: Owner, stored: StoredAnswer) -> None:
    """A request was answered before: its work gets that answer, or those that its batch now knows."""
    if isinstance(owner, BatchAnswers):
        owner.learn(stored)
    else:
        owner.stored = stored
