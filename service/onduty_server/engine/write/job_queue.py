"""Where works are asked for: they wait here for the writer, and their callers for what comes of them.

It knows which requests are under way and which were answered before; it decides and commits nothing.
"""

import asyncio
from collections.abc import Sequence

from onduty_server.domain.model.errors import (
    CallerError,
    DrainingError,
    JournalUnavailableError,
    OndutyError,
    OverloadedError,
)
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.answer_book import AnswerBook
from onduty_server.engine.write.answers import BatchAnswers, Place, RequestKey
from onduty_server.engine.write.jobs import Answer, Job, JobBody, JobGroup, JobRequest
from onduty_server.ports import StoredAnswer

WAITING_WORKS = 20_000

Taken = Job | asyncio.Task[Answer] | StoredAnswer | OndutyError
"""A work that was asked for: it waits, or was made before and that is looked up, or was answered before, or is refused."""


class JobQueue:
    """Takes works and tells what came of them. ``healthy`` is False while the journal fails: then nothing is taken."""

    def __init__(self, replica: Replica, kept: AnswerBook) -> None:
        """Takes nothing until ``healthy`` is set."""
        self._memory = replica
        self._kept = kept
        self.healthy = False
        self.stopping = False
        self.waiting: list[Job] = []
        self.in_flight: dict[Place, Job] = {}
        self.batches: dict[Place, JobGroup] = {}
        self._wake = asyncio.Event()
        self._enough = 0

    def stop(self) -> None:
        """Take nothing new."""
        self.stopping = True
        self._wake.set()

    def fail(self, error: Exception) -> None:
        """Acknowledge nothing until ``healthy`` is set again; who waits is told now."""
        self.healthy = False
        self.give_up_waiting(error)

    # --- for callers --------------------------------------------------------------------------------------------------

    async def transact(self, tenant: str, run: JobBody, request: RequestKey | None = None) -> Answer:
        """Run a work in the next batch. With ``request``, the same request again gets its first answer.

        Raises:
            OndutyError: The work was refused or could not be made durable.
        """
        if request is not None and not self._is_new(tenant, request):
            return await self._again(tenant, run, request)
        job_group = JobGroup(asyncio.get_running_loop().create_future())
        job = self._take(tenant, JobRequest(run, request), job_group)
        await job_group.future
        return job.answer or await self._other(job)

    async def transact_all(
        self, tenant: str, asked: Sequence[JobRequest | OndutyError], batch_id: str = ""
    ) -> list[Answer | OndutyError]:
        """Run works in their order, each on its own; what comes of each, a refusal as a value.

        An error among them is its own outcome. With ``batch_id``, those without a request id of their own are idempotent by
        their places.
        """
        batch_answers = await self._batch(tenant, batch_id) if batch_id else None
        job_group = JobGroup(asyncio.get_running_loop().create_future(), batch_answers)
        taken = [self._begin(tenant, one, job_group, number) for number, one in enumerate(asked)]
        try:
            if job_group.left:
                if batch_answers is not None:
                    self.batches[batch_answers.tenant, batch_answers.request_id] = job_group
                await job_group.future
                if batch_answers is not None:
                    await self._look_up_refused(batch_answers, taken)
            return [await self._outcome(one) for one in taken]
        finally:
            for late in taken:
                if isinstance(late, asyncio.Task):
                    late.cancel()

    async def _batch(self, tenant: str, batch_id: str) -> BatchAnswers:
        """What is known of a batch, once none with its id is under way."""
        batch_answers = BatchAnswers(tenant, batch_id)
        while True:
            twin = self.batches.get((tenant, batch_id))
            if twin is not None and not twin.future.cancelled():
                await asyncio.wait((twin.future,))
            elif self._kept.recent(batch_answers.place) is not None:
                await self._kept.learn(batch_answers)
            else:
                return batch_answers

    def _begin(self, tenant: str, asked: JobRequest | OndutyError, job_group: JobGroup, number: int) -> Taken:
        if isinstance(asked, OndutyError):
            return asked
        try:
            if asked.request is not None:
                if not self._is_new(tenant, asked.request):
                    return asyncio.create_task(self._again(tenant, asked.run, asked.request))
            elif job_group.batch_answers is not None:
                stored = job_group.batch_answers.answer(number)
                if stored is not None:
                    RequestKey(job_group.batch_answers.request_id, asked.fingerprint).check(stored.fingerprint)
                    return stored
            return self._take(tenant, asked, job_group, number)
        except OndutyError as error:
            return error

    async def _look_up_refused(self, batch_answers: BatchAnswers, taken: Sequence[Taken]) -> None:
        """Have the batch know what the journal has of items that are refused now: they may have been done before."""
        refused = [one for one in taken if isinstance(one, Job) and isinstance(one.failure, CallerError)]
        if not refused:
            return
        try:
            await self._kept.learn(batch_answers)
        except OndutyError as error:
            for job in refused:
                job.failure = error

    async def _outcome(self, taken: Taken) -> Answer | OndutyError:
        try:
            if isinstance(taken, Job):
                return taken.answer or await self._other(taken)
            if isinstance(taken, OndutyError):
                return taken
            if isinstance(taken, StoredAnswer):
                return await self._kept.replay(taken)
            return await taken
        except OndutyError as error:
            return error

    def _is_new(self, tenant: str, request: RequestKey) -> bool:
        """Whether nothing is known here of a request; the journal may know more."""
        place = (tenant, request.request_id)
        twin = self.in_flight.get(place)
        return (twin is None or twin.cancelled) and self._kept.recent(place) is None

    async def _again(self, tenant: str, run: JobBody, request: RequestKey) -> Answer:
        """What came of a request that was made before, when that is known; a refused one is tried anew."""
        place = (tenant, request.request_id)
        while not self._is_new(tenant, request):
            stored = self._kept.recent(place)
            if stored is not None:
                return await self._replay(stored, request)
            twin = self.in_flight[place]
            assert twin.request is not None, "works in flight under a request id have it"
            request.check(twin.request.fingerprint)
            await asyncio.wait((twin.job_group.future,))
        return await self.transact(tenant, run, request)

    def _take(self, tenant: str, asked: JobRequest, job_group: JobGroup, number: int = 0) -> Job:
        if self.stopping:
            raise DrainingError
        if not self.healthy:
            raise JournalUnavailableError("the journal failed and has not recovered yet")
        if len(self.waiting) >= WAITING_WORKS:
            raise OverloadedError(WAITING_WORKS)
        job = Job(tenant, asked, job_group, number)
        self.waiting.append(job)
        if job.request is not None:
            self.in_flight[tenant, job.request.request_id] = job
        if len(self.waiting) >= self._enough:
            self._wake.set()
        return job

    async def _other(self, job: Job) -> Answer:
        """What came of a settled work that has no answer of its own.

        It was answered before, or it was refused; then the journal may know an answer from the time when it was not.
        """
        key, batch_answers, stored = job.key, job.job_group.batch_answers, job.stored
        if stored is None and isinstance(job.failure, CallerError):
            if job.request is not None:
                stored = await self._kept.find((job.tenant, job.request.request_id))
            elif batch_answers is not None:
                stored = batch_answers.answer(job.number)
        if stored is not None and key is not None:
            return await self._replay(stored, key)
        assert job.failure is not None, "a work that is settled has an answer or a failure"
        raise job.failure

    async def _replay(self, stored: StoredAnswer, key: RequestKey) -> Answer:
        key.check(stored.fingerprint)
        return await self._kept.replay(stored)

    # --- for the writer -----------------------------------------------------------------------------------------------

    async def come(self) -> float:
        """Wait for a work, or for the end; returns for how many seconds."""
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        self._enough = 0
        self._wake.clear()
        if not self.waiting and not self.stopping:
            await self._wake.wait()
        return loop.time() - began_at

    async def gather(self, enough: int, seconds: float) -> None:
        """Wait until so many works are there, but not longer than so many seconds."""
        if len(self.waiting) >= enough or self.stopping:
            return
        self._enough = enough
        self._wake.clear()
        alarm = asyncio.get_running_loop().call_later(seconds, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            alarm.cancel()

    def take(self, most: int) -> list[Job]:
        """The works that have waited longest, at most so many."""
        jobs, self.waiting = self.waiting[:most], self.waiting[most:]
        return jobs

    def settle(self, job: Job) -> None:
        """What came of a work is there; its caller is told when that is so of all that they wait for."""
        if job.request is not None:
            place = (job.tenant, job.request.request_id)
            if self.in_flight.get(place) is job:
                del self.in_flight[place]
        job.settle(self._memory.head)
        job_group = job.job_group
        if not job_group.left and job_group.batch_answers is not None:
            place = (job_group.batch_answers.tenant, job_group.batch_answers.request_id)
            if self.batches.get(place) is job_group:
                del self.batches[place]

    def give_up(self, jobs: Sequence[Job], error: Exception) -> None:
        """Works could not be made durable; those that are settled are not concerned."""
        for job in jobs:
            if not job.settled:
                job.answer, job.failure = None, error
                self.settle(job)

    def give_up_waiting(self, error: Exception) -> None:
        """None of those that wait is going to be decided."""
        waiting, self.waiting = self.waiting, []
        self.give_up(waiting, error)
