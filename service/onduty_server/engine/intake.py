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
from onduty_server.engine.idempotency import BatchAnswers, Place, RequestKey
from onduty_server.engine.kept_answers import KeptAnswers
from onduty_server.engine.memory import Memory
from onduty_server.engine.works import Answer, Asked, Company, Run, Work
from onduty_server.ports import StoredAnswer

WAITING_WORKS = 20_000

Taken = Work | asyncio.Task[Answer] | StoredAnswer | OndutyError
"""A work that was asked for: it waits, or was made before and that is looked up, or was answered before, or is refused."""


class Intake:
    """Takes works and tells what came of them. ``healthy`` is False while the journal fails: then nothing is taken."""

    def __init__(self, memory: Memory, kept: KeptAnswers) -> None:
        """Takes nothing until ``healthy`` is set."""
        self._memory = memory
        self._kept = kept
        self.healthy = False
        self.stopping = False
        self.waiting: list[Work] = []
        self.in_flight: dict[Place, Work] = {}
        self.batches: dict[Place, Company] = {}
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

    async def transact(self, tenant: str, run: Run, request: RequestKey | None = None) -> Answer:
        """Run a work in the next batch. With ``request``, the same request again gets its first answer.

        Raises:
            OndutyError: The work was refused or could not be made durable.
        """
        if request is not None and not self._is_new(tenant, request):
            return await self._again(tenant, run, request)
        company = Company(asyncio.get_running_loop().create_future())
        work = self._take(tenant, Asked(run, request), company)
        await company.future
        return work.answer or await self._other(work)

    async def transact_all(
        self, tenant: str, asked: Sequence[Asked | OndutyError], batch_id: str = ""
    ) -> list[Answer | OndutyError]:
        """Run works in their order, each on its own; what comes of each, a refusal as a value.

        An error among them is its own outcome. With ``batch_id``, those without a request id of their own are idempotent by
        their places.
        """
        batch = await self._batch(tenant, batch_id) if batch_id else None
        company = Company(asyncio.get_running_loop().create_future(), batch)
        taken = [self._begin(tenant, one, company, number) for number, one in enumerate(asked)]
        try:
            if company.left:
                if batch is not None:
                    self.batches[batch.tenant, batch.request_id] = company
                await company.future
                if batch is not None:
                    await self._look_up_refused(batch, taken)
            return [await self._outcome(one) for one in taken]
        finally:
            for late in taken:
                if isinstance(late, asyncio.Task):
                    late.cancel()

    async def _batch(self, tenant: str, batch_id: str) -> BatchAnswers:
        """What is known of a batch, once none with its id is under way."""
        batch = BatchAnswers(tenant, batch_id)
        while True:
            twin = self.batches.get((tenant, batch_id))
            if twin is not None and not twin.future.cancelled():
                await asyncio.wait((twin.future,))
            elif self._kept.recent(batch.place) is not None:
                await self._kept.learn(batch)
            else:
                return batch

    def _begin(self, tenant: str, asked: Asked | OndutyError, company: Company, number: int) -> Taken:
        if isinstance(asked, OndutyError):
            return asked
        try:
            if asked.request is not None:
                if not self._is_new(tenant, asked.request):
                    return asyncio.create_task(self._again(tenant, asked.run, asked.request))
            elif company.batch is not None:
                stored = company.batch.answer(number)
                if stored is not None:
                    RequestKey(company.batch.request_id, asked.fingerprint).check(stored.fingerprint)
                    return stored
            return self._take(tenant, asked, company, number)
        except OndutyError as error:
            return error

    async def _look_up_refused(self, batch: BatchAnswers, taken: Sequence[Taken]) -> None:
        """Have the batch know what the journal has of items that are refused now: they may have been done before."""
        refused = [one for one in taken if isinstance(one, Work) and isinstance(one.failure, CallerError)]
        if not refused:
            return
        try:
            await self._kept.learn(batch)
        except OndutyError as error:
            for work in refused:
                work.failure = error

    async def _outcome(self, taken: Taken) -> Answer | OndutyError:
        try:
            if isinstance(taken, Work):
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

    async def _again(self, tenant: str, run: Run, request: RequestKey) -> Answer:
        """What came of a request that was made before, when that is known; a refused one is tried anew."""
        place = (tenant, request.request_id)
        while not self._is_new(tenant, request):
            stored = self._kept.recent(place)
            if stored is not None:
                return await self._replay(stored, request)
            twin = self.in_flight[place]
            assert twin.request is not None, "works in flight under a request id have it"
            request.check(twin.request.fingerprint)
            await asyncio.wait((twin.company.future,))
        return await self.transact(tenant, run, request)

    def _take(self, tenant: str, asked: Asked, company: Company, number: int = 0) -> Work:
        if self.stopping:
            raise DrainingError
        if not self.healthy:
            raise JournalUnavailableError("the journal failed and has not recovered yet")
        if len(self.waiting) >= WAITING_WORKS:
            raise OverloadedError(WAITING_WORKS)
        work = Work(tenant, asked, company, number)
        self.waiting.append(work)
        if work.request is not None:
            self.in_flight[tenant, work.request.request_id] = work
        if len(self.waiting) >= self._enough:
            self._wake.set()
        return work

    async def _other(self, work: Work) -> Answer:
        """What came of a settled work that has no answer of its own.

        It was answered before, or it was refused; then the journal may know an answer from the time when it was not.
        """
        key, batch, stored = work.key, work.company.batch, work.stored
        if stored is None and isinstance(work.failure, CallerError):
            if work.request is not None:
                stored = await self._kept.find((work.tenant, work.request.request_id))
            elif batch is not None:
                stored = batch.answer(work.number)
        if stored is not None and key is not None:
            return await self._replay(stored, key)
        assert work.failure is not None, "a work that is settled has an answer or a failure"
        raise work.failure

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

    def take(self, most: int) -> list[Work]:
        """The works that have waited longest, at most so many."""
        works, self.waiting = self.waiting[:most], self.waiting[most:]
        return works

    def settle(self, work: Work) -> None:
        """What came of a work is there; its caller is told when that is so of all that they wait for."""
        if work.request is not None:
            place = (work.tenant, work.request.request_id)
            if self.in_flight.get(place) is work:
                del self.in_flight[place]
        work.settle(self._memory.head)
        company = work.company
        if not company.left and company.batch is not None:
            place = (company.batch.tenant, company.batch.request_id)
            if self.batches.get(place) is company:
                del self.batches[place]

    def give_up(self, works: Sequence[Work], error: Exception) -> None:
        """Works could not be made durable; those that are settled are not concerned."""
        for work in works:
            if not work.settled:
                work.answer, work.failure = None, error
                self.settle(work)

    def give_up_waiting(self, error: Exception) -> None:
        """None of those that wait is going to be decided."""
        waiting, self.waiting = self.waiting, []
        self.give_up(waiting, error)
