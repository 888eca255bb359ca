"""The one writer of a process: it decides waiting works together and commits them as one batch, again and again.

The order is fixed: decide, append and sync, show, answer. Nobody sees a state before it is durable. The writer knows no rule
of the domain and no storage; it must not wait for a watcher.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from onduty_server.domain.model.errors import CallerError, JournalUnavailableError
from onduty_server.domain.model.status import SECOND, Instant
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.answer_book import AnswerBook, Owner, marks_of
from onduty_server.engine.write.answers import BatchAnswers
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.batch_sizer import BatchSizer
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Job
from onduty_server.ports import Clock, Codec, DuplicateAnswerError, Journal, StaleEntryError, StoredAnswer

log = structlog.get_logger(__name__)

BATCH_WORKS = 512

GATHER_SECONDS = 0.004
"""The longest that a batch is held open; twice as long while the process has no CPU time to spare."""

FAULT_SECONDS = 0.1
"""The writer's rest after a fault of its own."""

BUSY_PART = 0.9
"""A process that works for this part of the time has none to spare."""


class CpuMeter:
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


class Committer:
    """Commits what the intake has taken."""

    def __init__(
        self,
        replica: Replica,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        *,
        queue: JobQueue,
        kept: AnswerBook,
        on_failure: Callable[[JournalUnavailableError], None],
    ) -> None:
        """A writer that does nothing until ``run``; ``on_failure`` is told when an append failed."""
        self._memory = replica
        self._journal = journal
        self._codec = codec
        self._clock = clock
        self._intake = queue
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
        queue, sizer, meter, busy = self._intake, BatchSizer(), CpuMeter(self._clock), False
        while True:
            if not queue.waiting:
                if queue.stopping:
                    return
                if await queue.come() > GATHER_SECONDS:
                    sizer.idle()
                continue
            await queue.gather(sizer.enough, GATHER_SECONDS * (2 if busy else 1))
            in_vain = len(queue.waiting) < sizer.enough
            jobs = queue.take(BATCH_WORKS)
            try:
                await self._commit(self._wanted(jobs))
            except JournalUnavailableError as error:
                self._on_failure(error)
                queue.give_up(jobs, error)
            except Exception as error:
                log.exception("commit_failed_unforeseen")
                queue.give_up(jobs, error)
            busy = meter.since_last() > BUSY_PART
            sizer.committed(len(jobs), len(queue.waiting), in_vain=in_vain, busy=busy)

    def _wanted(self, jobs: Sequence[Job]) -> list[Job]:
        """The works whose callers still wait; the others are forgotten undone."""
        for job in jobs:
            if job.cancelled:
                self._intake.settle(job)
        return [job for job in jobs if not job.cancelled]

    async def _commit(self, jobs: list[Job]) -> None:
        """Decide works until a batch of them is durable, then show and answer."""
        while jobs := self._unanswered(jobs):
            now = self._clock.now()
            recorded_at, replica = self._next_recorded_at(now), self._memory
            batch = Batch(replica.rosters.of, self._codec, now, recorded_at, replica.steps, attended_from=replica.attended_from)
            for job in jobs:
                self._decide(batch, job)
            answer_rows = marks_of(batch, jobs)
            try:
                revisions = await self._journal.append(
                    [one.entry for one in batch.pending], [answer_row for answer_row, _ in answer_rows]
                )
            except DuplicateAnswerError as error:
                _learn(answer_rows[error.index][1], error.stored)
                continue
            except StaleEntryError:
                if not await self._memory.catch_up():
                    raise  # what is shown is what is there, and yet it does not fit: deciding again would not help
                continue
            self._memory.apply(batch.pending, revisions)
            if any(one.entry.erases is not None for one in batch.pending):
                self._kept.forget_recent()  # the journal has them, and takes the person out of them.
            for answer_row, owner in answer_rows:
                self._kept.keep(
                    answer_row, owner, answer_row.revision if answer_row.entry is None else revisions[answer_row.entry]
                )
            self._settle(batch, jobs)
            return

    def _unanswered(self, jobs: Sequence[Job]) -> list[Job]:
        """The works that were not answered before, as far as is known; the others are settled."""
        for job in jobs:
            batch_answers = job.job_group.batch_answers
            if batch_answers is not None and batch_answers.known and job.request is None:
                job.stored = batch_answers.answer(job.number)
            if job.stored is not None:
                job.answer = None
                self._intake.settle(job)
        return [job for job in jobs if job.stored is None]

    def _next_recorded_at(self, now: Instant) -> Instant:
        self._recorded_at = max(self._recorded_at, now)
        return self._recorded_at

    def _decide(self, batch: Batch, job: Job) -> None:
        job.answer = job.failure = None
        batch.begin()
        try:
            job.answer = job.run(batch)
        except CallerError as error:
            batch.take_back()
            job.failure = error
        except Exception as error:  # noqa: BLE001 - one faulty work must not take the batch with it; the edge reports it.
            batch.take_back()
            job.failure = error

    def _settle(self, batch: Batch, jobs: Sequence[Job]) -> None:
        for error, present in batch.unsettled:
            error.revision = present.revision
        for job in jobs:
            self._intake.settle(job)


def _learn(owner: Owner, stored: StoredAnswer) -> None:
    """A request was answered before: its work gets that answer, or those that its batch now knows."""
    if isinstance(owner, BatchAnswers):
        owner.learn(stored)
    else:
        owner.stored = stored
