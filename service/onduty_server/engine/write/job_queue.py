"""The way into the committer: jobs wait here for their batch, and callers for their jobs."""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

from onduty_server.domain.model.errors import DrainingError, JournalUnavailableError, OndutyError, RequestIdReusedError
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.answer_book import AnswerBook, repeated
from onduty_server.engine.write.answers import BatchAnswers, RequestKey
from onduty_server.engine.write.fair_queue import FairQueue
from onduty_server.engine.write.jobs import NO_TENANT, Answer, Job, JobBody, JobGroup, JobRequest, Outcome
from onduty_server.ports import StoredAnswer

NOT_RECOVERED: Final = "the journal failed and has not recovered yet"


class Joined(NamedTuple):
    """The job of an earlier request with the same id, which this one waits for as well."""

    job: Job


Entered = Job | Joined | StoredAnswer | OndutyError
"""A job that was asked for: it waits, or an earlier one does, or was answered, or it is refused."""


class JobQueue:
    """Takes jobs. ``accepting`` is False while the journal fails, or another process decides; then none is taken.

    Those that come then are refused with a ``closed_as``.
    """

    def __init__(self, replica: Replica, book: AnswerBook) -> None:
        """Takes nothing until ``accepting`` is set."""
        self._replica = replica
        self._book = book
        self.accepting = False
        self.closed_as: type[JournalUnavailableError] = JournalUnavailableError
        self.stopping = False
        self.waiting: FairQueue[Job] = FairQueue()
        self._wake = asyncio.Event()
        self._enough = 0

    def stop(self) -> None:
        """Take nothing new."""
        self.stopping = True
        self._wake.set()

    def fail(self, error: Exception) -> None:
        """Take nothing until ``accepting`` is set again; the callers of all that wait get the error."""
        self.accepting = False
        self.give_up(self.waiting.take_all(), error)

    # --- for callers --------------------------------------------------------------------------------------------------

    async def transact(self, tenant: str, body: JobBody, request: RequestKey | None = None, *, cost: int = 1) -> Answer:
        """Run a job in a next batch. With ``request``, the same request again gets its first answer.

        Raises:
            OndutyError: The job was refused or could not be made durable.
        """
        group = JobGroup()
        entered = self._enter(tenant, JobRequest(body, request, cost=cost), group, 0, None)
        if group.left:
            await group.future
            if isinstance(entered, Job) and entered.answer is not None:
                return entered.answer
        (outcome,) = await self._outcomes([entered])
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    async def transact_all(
        self, tenant: str, requests: Sequence[JobRequest | OndutyError], batch: RequestKey | None = None
    ) -> list[Outcome]:
        """Run jobs in their order, each on its own; the outcome of each, a refusal as a value.

        An error among them is its own outcome. With ``batch``, those without a request id of their own are idempotent by
        their places.
        """
        try:
            batch_answers = None if batch is None else self._book.begin_batch(tenant, batch)
        except RequestIdReusedError as error:
            return [request if isinstance(request, OndutyError) else error for request in requests]
        try:
            group = JobGroup()
            entered = [self._enter(tenant, request, group, number, batch_answers) for number, request in enumerate(requests)]
            if group.left:
                await group.future
            return await self._outcomes(entered)
        finally:
            if batch_answers is not None:
                self._book.end_batch(batch_answers)

    async def transact_own(self, body: JobBody, tenant: str = NO_TENANT, *, cost: int = 1) -> Answer:
        """Run a job of the service itself: it is never refused for load.

        Raises:
            OndutyError: The job was refused or could not be made durable.
        """
        self._check_open()
        group = JobGroup()
        job = Job(tenant, JobRequest(body, cost=cost), group)
        self.waiting.append_own(job)
        self._wake_committer()
        await group.future
        if job.answer is not None:
            return job.answer
        assert job.failure is not None, "a finished job has an answer or a failure"
        raise job.failure

    def _enter(
        self,
        tenant: str,
        request: JobRequest | OndutyError,
        group: JobGroup,
        number: int,
        batch_answers: BatchAnswers | None,
    ) -> Entered:
        if isinstance(request, OndutyError):
            return request
        try:
            earlier = self._book.recall(tenant, request, number, batch_answers)
            if isinstance(earlier, Job):
                earlier.join(group)
                return Joined(earlier)
            if earlier is not None:
                return earlier
            self._check_open()
            self.waiting.check_room(tenant)
        except OndutyError as error:
            return error
        job = Job(tenant, request, group, number, batch_answers)
        self.waiting.append(job)
        self._book.begin(job)
        self._wake_committer()
        return job

    def _check_open(self) -> None:
        if self.stopping:
            raise DrainingError
        if not self.accepting:
            raise self.closed_as(NOT_RECOVERED)

    def _wake_committer(self) -> None:
        if len(self.waiting) >= self._enough:
            self._wake.set()

    async def _outcomes(self, entered: Sequence[Entered]) -> list[Outcome]:
        """The outcomes of finished jobs; those of repeats are read at once."""
        outcomes = [_outcome(job) for job in entered]
        repeats = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, StoredAnswer)]
        if not repeats:
            return outcomes  # type: ignore[return-value] # none of them is a stored answer.
        stored = [outcome for outcome in outcomes if isinstance(outcome, StoredAnswer)]
        try:
            replayed: Sequence[Outcome] = await self._book.replay(stored)
        except OndutyError as error:
            replayed = [error] * len(repeats)
        for number, answer in zip(repeats, replayed, strict=True):
            outcomes[number] = answer
        return outcomes  # type: ignore[return-value] # all stored answers are replaced.

    # --- for the committer --------------------------------------------------------------------------------------------

    async def come(self) -> float:
        """Wait for a job, or for the end; returns for how many seconds."""
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        self._enough = 0
        self._wake.clear()
        if not self.waiting and not self.stopping:
            await self._wake.wait()
        return loop.time() - began_at

    async def gather(self, enough: int, seconds: float) -> None:
        """Wait until so many jobs are there, but not longer than so many seconds."""
        if len(self.waiting) >= enough or self.stopping:
            return
        self._enough = enough
        self._wake.clear()
        alarm = asyncio.get_running_loop().call_later(seconds, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            alarm.cancel()

    def finish(self, job: Job) -> None:
        """A job has its outcome."""
        self._book.end(job)
        job.finish(self._replica.head)

    def give_up(self, jobs: Sequence[Job], error: Exception) -> None:
        """Jobs could not be made durable; those that are finished are not concerned."""
        for job in jobs:
            if not job.finished:
                job.fail(error)
                self.finish(job)


def _outcome(entered: Entered) -> Outcome | StoredAnswer:
    """The outcome of a finished job for one of its callers."""
    if isinstance(entered, OndutyError | StoredAnswer):
        return entered
    job = entered.job if isinstance(entered, Joined) else entered
    if job.answer is not None:
        return repeated(job.answer) if isinstance(entered, Joined) else job.answer
    if isinstance(job.failure, OndutyError):
        return job.failure
    assert job.failure is not None, "a finished job has an answer or a failure"
    raise job.failure
