"""The one committer of a process: it decides waiting jobs together and commits them as one batch, again and again.

The order is fixed: decide, append and sync, apply, answer. Nobody sees a state before it is durable. The committer waits for no
watcher.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from onduty_server.domain.model.errors import CallerError, JournalUnavailableError, ThrottledError
from onduty_server.domain.model.status import Instant
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.answer_book import AnswerBook, Owner, fail_unread, rows_of
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.batch_sizer import BatchSizer, CpuMeter
from onduty_server.engine.write.batch_traces import BatchTraces
from onduty_server.engine.write.commit_meter import CommitMeter
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Job
from onduty_server.engine.write.stuck_entries import RecordStuckError, StuckEntries
from onduty_server.metering import UNMETERED, Meter
from onduty_server.ports import AnswerRow, Clock, Codec, DuplicateAnswersError, Journal, RecordKind, Revision, StaleEntriesError
from onduty_server.tracing import COMMIT, DECIDE, PUBLISH, QUEUE

log = structlog.get_logger(__name__)

BATCH_COST: Final = 512
"""What the jobs of a batch cost together, about: some 20 ms of deciding, in which the loop does nothing else."""

GATHER_SECONDS: Final = 0.004
"""The longest that a batch is held open; twice as long while the process has no CPU time to spare."""

APPEND_SECONDS_MOST: Final = 10.0
"""An append that has not returned by then has failed: its callers are told, and nobody else is made to wait behind it."""

REFUSALS: Final = (CallerError, ThrottledError)
"""What a job can be refused with; any other failure is a fault."""

DECIDED_MOST: Final = 8
"""How often a batch is decided before it is given up, where others append to the same journal."""

BUSY_PART: Final = 0.9
"""A process that works for this part of the time has none to spare."""


class Committer:
    """Commits what waits in the queue."""

    def __init__(
        self,
        replica: Replica,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        *,
        queue: JobQueue,
        book: AnswerBook,
        on_failure: Callable[[JournalUnavailableError], None],
        meter: Meter = UNMETERED,
    ) -> None:
        """A committer that does nothing until ``run``; ``on_failure`` gets the error of an append that failed."""
        self._meter = CommitMeter(meter)
        self._replica = replica
        self._journal = journal
        self._codec = codec
        self._clock = clock
        self._queue = queue
        self._book = book
        self._on_failure = on_failure
        self._recorded_at = Instant(0)
        self.is_busy = False

    async def run(self) -> None:
        """Commit batch after batch until the queue has stopped and nothing waits in it."""
        queue, sizer, meter, busy = self._queue, BatchSizer(), CpuMeter(self._clock), False
        while True:
            if not queue.waiting:
                if queue.stopping:
                    return
                if await queue.come() > GATHER_SECONDS:
                    sizer.idle()
                continue
            await queue.gather(sizer.enough, GATHER_SECONDS * (2 if busy else 1))
            in_vain = len(queue.waiting) < sizer.enough
            jobs = queue.waiting.take(BATCH_COST)
            self._meter.taken(jobs)
            self.is_busy = True
            await self._commit_or_give_up(jobs)
            self.is_busy = False
            busy = meter.since_last() > BUSY_PART
            sizer.committed(len(jobs), len(queue.waiting), in_vain=in_vain, busy=busy)

    async def _commit_or_give_up(self, jobs: Sequence[Job]) -> None:
        try:
            await self._commit(self._still_wanted(jobs))
        except JournalUnavailableError as error:
            self._on_failure(error)
            self._queue.give_up(jobs, error)
        except Exception as error:
            log.exception("commit_failed_unforeseen")
            self._queue.give_up(jobs, error)

    def _still_wanted(self, jobs: Sequence[Job]) -> list[Job]:
        """The jobs whose callers still wait; the others are forgotten undone."""
        for job in jobs:
            if job.is_abandoned:
                self._queue.finish(job)
        return [job for job in jobs if not job.finished]

    async def _commit(self, jobs: list[Job]) -> None:
        """Decide jobs until a batch of them is durable, then apply and answer."""
        await self._book.look_up_if_likely(jobs)
        traces = BatchTraces(jobs)
        self._mark(traces, QUEUE)
        stuck, in_vain = StuckEntries(), 0
        while in_vain < DECIDED_MOST:
            jobs = await self._finish_repeats(jobs)
            if not jobs:
                return
            batch, ends = self._decided(jobs)
            self._mark(traces, DECIDE)
            rows = rows_of(batch, jobs)
            try:
                revisions = await self._append(batch, rows, jobs)
            except DuplicateAnswersError as error:
                await self._book.learn(error.stored, rows)
                self._book.recall_items(jobs)
                in_vain += 1
            except StaleEntriesError as error:
                errors = stuck.among([pending.entry for pending in batch.pending], error.indexes)
                self._settle_stuck(jobs, batch, ends, errors)
                jobs = [job for job in jobs if not job.finished]
                in_vain += not errors
                await self._replica.catch_up()
            else:
                self._mark(traces, COMMIT)
                if not all(job.finished for job in jobs):
                    await self._replica.apply(batch.pending, revisions)
                    self._meter.applied(batch)
                    self._mark(traces, PUBLISH)
                    self._keep(batch, rows, revisions)
                    for job in await self._finish_repeats(jobs):
                        self._queue.finish(job)
                return
        raise JournalUnavailableError(f"others have changed the same records {DECIDED_MOST} times meanwhile")

    def _mark(self, traces: BatchTraces, stage: str) -> None:
        """Requests that are traced have passed a stage."""
        if traces:
            traces.reached(stage, self._clock.now())

    async def _finish_repeats(self, jobs: Sequence[Job]) -> list[Job]:
        """Finish the jobs that were answered before, as far as is known, with their first answers; returns the others."""
        repeats = [job for job in jobs if job.stored is not None]
        if not repeats:
            return list(jobs)
        try:
            await self._book.answer_again(repeats)
        except JournalUnavailableError as error:
            fail_unread(repeats, error)
        for job in repeats:
            self._queue.finish(job)
        return [job for job in jobs if job.stored is None]

    # --- deciding -----------------------------------------------------------------------------------------------------

    def _decided(self, jobs: Sequence[Job]) -> tuple[Batch, list[int]]:
        """A batch in which all jobs are decided, in their order; and how many entries it had after each."""
        replica, now = self._replica, self._clock.now()
        self._recorded_at = max(self._recorded_at, now)
        batch = Batch(
            replica.rosters.peek,
            self._codec,
            now,
            self._recorded_at,
            replica.steps,
            attended_from=replica.attended_from,
            quarantine=replica.quarantine,
        )
        ends = []
        for job in jobs:
            _decide(batch, job)
            ends.append(len(batch.pending))
        for key in batch.not_fired:
            replica.quarantine.add(key, now)
        return batch, ends

    def _settle_stuck(
        self, jobs: Sequence[Job], batch: Batch, ends: Sequence[int], errors: dict[int, RecordStuckError]
    ) -> None:
        """Have entries that can never be appended hold up nobody else.

        The person of such an entry is put into quarantine: no deadline of theirs fires, and no claim by group chooses them. If
        they are in it already, or it is no person's, the job that made the entry fails.
        """
        people = {(error.key.tenant, error.key.name): error for error in errors.values() if error.key.kind is RecordKind.STAFF}
        newly = {person: error for person, error in people.items() if not batch.is_quarantined(*person)}
        for (tenant, staff_id), error in newly.items():
            log.error("staff_quarantined", tenant=tenant, staff_id=staff_id, exc_info=error)
            self._replica.quarantine.add((tenant, staff_id), batch.now)
        for index, error in errors.items():
            job = jobs[bisect_right(ends, index)]
            if (error.key.tenant, error.key.name) not in newly and not job.finished:
                job.fail(error)
                self._queue.finish(job)

    async def _append(self, batch: Batch, rows: Sequence[tuple[AnswerRow, Owner]], jobs: Sequence[Job]) -> Sequence[Revision]:
        """Append a batch. What the journal has of refused jobs is looked up meanwhile."""
        alarm = asyncio.get_running_loop().call_later(APPEND_SECONDS_MOST, self._give_up_hung, jobs)
        try:
            entries = [pending.entry for pending in batch.pending]
            appending = self._meter.timed(self._journal.append(entries, [row for row, _ in rows]))
            refused = [job for job in jobs if isinstance(job.failure, REFUSALS) and job.is_idempotent and not job.looked_up]
            if not refused:
                return await appending
            task = asyncio.ensure_future(appending)
            try:
                await self._book.look_up(refused)
            except JournalUnavailableError as error:
                fail_unread(refused, error)
            return await task
        finally:
            alarm.cancel()

    def _give_up_hung(self, jobs: Sequence[Job]) -> None:
        error = JournalUnavailableError(f"an append has not returned for {APPEND_SECONDS_MOST:g} s")
        self._on_failure(error)
        self._queue.give_up(jobs, error)

    # --- answering ----------------------------------------------------------------------------------------------------

    def _keep(self, batch: Batch, rows: Sequence[tuple[AnswerRow, Owner]], revisions: Sequence[Revision]) -> None:
        """A batch is durable and applied: its answers are at hand, and its refusals have their revisions."""
        if any(pending.entry.erases is not None for pending in batch.pending):
            self._book.forget_recent()
        self._book.keep(rows, revisions)
        for error, present in batch.refusals:
            error.revision = present.revision


def _decide(batch: Batch, job: Job) -> None:
    job.answer = job.failure = None
    try:
        job.answer = job.body(batch)
    except Exception as error:  # noqa: BLE001 - a faulty job must not take the batch with it; the edge reports it.
        batch.drop()
        job.failure = error
    else:
        batch.merge()
