"""The one writer of a process: it decides waiting works together and commits them as one batch, again and again.

The order is fixed: decide, append and sync, show, answer. Nobody sees a state before it is durable. The writer knows no rule
of the domain and no storage; it must not wait for a watcher.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from onduty_server.domain.errors import (
    CallerError,
    DrainingError,
    JournalUnavailableError,
    OndutyError,
    OverloadedError,
)
from onduty_server.domain.status import SECOND, Instant
from onduty_server.engine.desk import Desk
from onduty_server.engine.gathering import Gathering
from onduty_server.engine.idempotency import RecentAnswers, RequestKey, pack_detail, unpack_detail
from onduty_server.engine.memory import Memory
from onduty_server.engine.works import Answer, Asked, Company, Run, Work
from onduty_server.ports import (
    NO_REVISION,
    Clock,
    Codec,
    DuplicateMarkError,
    Journal,
    Mark,
    Revision,
    StaleEntryError,
    StoredAnswer,
)

log = structlog.get_logger(__name__)

WAITING_WORKS = 20_000
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
    """Takes works, commits them, answers. ``healthy`` is False from a failed append until somebody finds the journal well."""

    def __init__(
        self,
        memory: Memory,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        *,
        on_failure: Callable[[JournalUnavailableError], None],
    ) -> None:
        """A writer that takes nothing yet; ``on_failure`` is told when an append failed."""
        self._memory = memory
        self._journal = journal
        self._codec = codec
        self._clock = clock
        self._on_failure = on_failure
        self.healthy = False
        self.waiting: list[Work] = []
        self.in_flight: dict[tuple[str, str], Work] = {}
        self._recent = RecentAnswers()
        self._recorded_at = Instant(0)
        self._wake = asyncio.Event()
        self._enough = 0
        self._stopping = False

    def stop(self) -> None:
        """Take nothing new; ``run`` returns when what waits is done."""
        self._stopping = True
        self._wake.set()

    def fail(self, error: Exception) -> None:
        """Acknowledge nothing until ``healthy`` is set again; who waits is told now."""
        self.healthy = False
        waiting, self.waiting = self.waiting, []
        self._give_up(waiting, error)

    # --- asking -------------------------------------------------------------------------------------------------------

    async def transact(self, tenant: str, run: Run, request: RequestKey | None = None) -> Answer:
        """Run a work in the next batch. With ``request``, the same request again gets its first answer.

        Raises:
            OndutyError: The work was refused or could not be made durable.
        """
        if request is not None and not self._is_new(tenant, request):
            return await self._again(tenant, run, request)
        company = Company(asyncio.get_running_loop().create_future())
        work = self._take(tenant, run, request, company)
        await company.future
        if work.answer is not None:
            return work.answer
        return await self._refused(work)

    async def transact_all(self, tenant: str, asked: Sequence[Asked]) -> list[Answer | OndutyError]:
        """Run works in their order, each on its own; what comes of each, a refusal as a value."""
        company = Company(asyncio.get_running_loop().create_future(), 0)
        taken: list[Work | asyncio.Task[Answer] | OndutyError] = []
        for one in asked:
            if one.request is not None and not self._is_new(tenant, one.request):
                taken.append(asyncio.create_task(self._again(tenant, one.run, one.request)))
                continue
            try:
                taken.append(self._take(tenant, one.run, one.request, company))
                company.left += 1
            except OndutyError as error:
                taken.append(error)
        try:
            if company.left:
                await company.future
            return [await self._outcome(work) for work in taken]
        finally:
            for late in taken:
                if isinstance(late, asyncio.Task):
                    late.cancel()

    async def _outcome(self, taken: "Work | asyncio.Task[Answer] | OndutyError") -> Answer | OndutyError:
        if isinstance(taken, OndutyError):
            return taken
        try:
            if isinstance(taken, asyncio.Task):
                return await taken
            return taken.answer or await self._refused(taken)
        except OndutyError as error:
            return error

    def _is_new(self, tenant: str, request: RequestKey) -> bool:
        """Whether nothing is known here of a request; the journal may know more."""
        place = (tenant, request.request_id)
        twin = self.in_flight.get(place)
        return (twin is None or twin.cancelled) and self._recent.find(place) is None

    async def _again(self, tenant: str, run: Run, request: RequestKey) -> Answer:
        """What came of a request that was made before, when that is known; a refused one is tried anew."""
        place = (tenant, request.request_id)
        while not self._is_new(tenant, request):
            stored = self._recent.find(place)
            if stored is not None:
                return await self._replay(stored, request)
            twin = self.in_flight[place]
            assert twin.request is not None, "works in flight under a request id have it"
            request.check(twin.request.fingerprint)
            await asyncio.wait((twin.company.future,))
        return await self.transact(tenant, run, request)

    def _take(self, tenant: str, run: Run, request: RequestKey | None, company: Company) -> Work:
        if self._stopping:
            raise DrainingError
        if not self.healthy:
            raise JournalUnavailableError("the journal failed and has not recovered yet")
        if len(self.waiting) >= WAITING_WORKS:
            raise OverloadedError(WAITING_WORKS)
        work = Work(tenant, run, request, company)
        self.waiting.append(work)
        if request is not None:
            self.in_flight[work.place] = work
        if len(self.waiting) >= self._enough:
            self._wake.set()
        return work

    async def _refused(self, work: Work) -> Answer:
        """Raises the work's refusal, unless the journal knows an answer from the time when it was none."""
        failure = work.failure
        assert failure is not None, "a work that is settled has an answer or a failure"
        if work.request is not None and isinstance(failure, CallerError):
            stored = await self._journal.find_answer(*work.place)
            if stored is not None:
                return await self._replay(stored, work.request)
        raise failure

    async def _replay(self, stored: StoredAnswer, request: RequestKey) -> Answer:
        request.check(stored.fingerprint)
        detail = unpack_detail(stored.detail)
        record = await self._journal.record(stored.revision) if stored.revision else None
        applied = bool(detail.pop("applied", True))
        forgotten = bool(stored.revision) and record is None
        return Answer(
            applied=applied, detail=detail, through=self._memory.head, replayed=True, record=record, forgotten=forgotten
        )

    # --- writing ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Commit batch after batch until ``stop``."""
        while True:
            try:
                return await self._commit_until_stopped()
            except Exception as error:  # without a writer nobody would ever be answered
                log.exception("writer_failed_unforeseen")
                waiting, self.waiting = self.waiting, []
                self._give_up(waiting, error)
                await asyncio.sleep(FAULT_SECONDS)

    async def _commit_until_stopped(self) -> None:
        gathering, load, busy = Gathering(), Load(self._clock), False
        while True:
            if not self.waiting:
                if self._stopping:
                    return
                if await self._come() > GATHER_SECONDS:
                    gathering.idle()
                continue
            if len(self.waiting) < gathering.enough:
                await self._gather(gathering.enough, GATHER_SECONDS * (2 if busy else 1))
            in_vain = len(self.waiting) < gathering.enough
            works, self.waiting = self.waiting[:BATCH_WORKS], self.waiting[BATCH_WORKS:]
            try:
                await self._commit(self._wanted(works))
            except JournalUnavailableError as error:
                self._on_failure(error)
                self._give_up(works, error)
            except Exception as error:
                log.exception("commit_failed_unforeseen")
                self._give_up(works, error)
            busy = load.since_last() > BUSY_PART
            gathering.committed(len(works), len(self.waiting), in_vain=in_vain, busy=busy)

    async def _come(self) -> float:
        """Wait for a work; returns for how many seconds."""
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        self._enough = 0
        self._wake.clear()
        await self._wake.wait()
        return loop.time() - began_at

    async def _gather(self, enough: int, seconds: float) -> None:
        """Hold the batch open until it has enough, or for so long: a commit costs much, one more work in it little."""
        self._enough = enough
        self._wake.clear()
        alarm = asyncio.get_running_loop().call_later(seconds, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            alarm.cancel()

    def _wanted(self, works: Sequence[Work]) -> list[Work]:
        """The works whose callers still wait; the others are forgotten undone."""
        for work in works:
            if work.cancelled:
                self._done(work, self._memory.head)
        return [work for work in works if not work.cancelled]

    async def _commit(self, works: list[Work]) -> None:
        """Decide works until a batch of them is durable, then show and answer."""
        while works:
            desk = Desk(self._memory.rosters.of, self._codec, self._clock.now(), self._next_recorded_at())
            for work in works:
                self._decide(desk, work)
            marks = self._marks(desk, works)
            try:
                revisions = await self._journal.append([one.entry for one in desk.pending], [mark for mark, _ in marks])
            except DuplicateMarkError as error:
                works = await self._answer_duplicate(works, marks[error.index][1], error.stored)
                continue
            except StaleEntryError:
                if not await self._memory.catch_up():
                    raise  # what is shown is what is there, and yet it does not fit: deciding again would not help
                continue
            self._memory.apply(desk, revisions)
            self._remember(marks, revisions)
            self._settle(desk, works)
            return

    def _next_recorded_at(self) -> Instant:
        self._recorded_at = Instant(max(self._recorded_at, self._clock.now()))
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

    def _marks(self, desk: Desk, works: Sequence[Work]) -> list[tuple[Mark, Work]]:
        """The answers to keep: of every work with a request id that was not refused."""
        marks: list[tuple[Mark, Work]] = []
        if not any(work.request is not None for work in works):
            return marks
        entry_of = {id(one.standing or one): number for number, one in enumerate(desk.pending)}
        for work in works:
            if work.request is not None and work.answer is not None:
                mark = self._mark(work.tenant, work.request, work.answer, entry_of, desk.now)
                marks.append((mark, work))
        return marks

    def _mark(self, tenant: str, request: RequestKey, answer: Answer, entry_of: dict[int, int], now: Instant) -> Mark:
        revision, entry = NO_REVISION, None
        if answer.standing is not None:
            entry = entry_of.get(id(answer.standing))
            revision = answer.standing.revision
        elif answer.configured is not None:
            entry = entry_of.get(id(answer.configured.pending))
            revision = answer.configured.revision
        detail = answer.detail if answer.applied else {**answer.detail, "applied": False}
        return Mark(tenant, request.request_id, request.fingerprint, now, revision, entry, pack_detail(detail))

    async def _answer_duplicate(self, works: list[Work], duplicate: Work, stored: StoredAnswer) -> list[Work]:
        """One of the works was answered before: give it that answer; the others are decided anew."""
        assert duplicate.request is not None, "only works with a request id have marks"
        try:
            duplicate.answer, duplicate.failure = await self._replay(stored, duplicate.request), None
        except OndutyError as error:
            duplicate.answer, duplicate.failure = None, error
        through = duplicate.answer.through if duplicate.answer is not None else self._memory.head
        self._done(duplicate, through)
        return [work for work in works if work is not duplicate]

    def _remember(self, marks: list[tuple[Mark, Work]], revisions: list[Revision]) -> None:
        for mark, work in marks:
            revision = mark.revision if mark.entry is None else revisions[mark.entry]
            self._recent.keep(work.place, StoredAnswer(mark.fingerprint, revision, mark.detail))

    def _settle(self, desk: Desk, works: Sequence[Work]) -> None:
        for error, present in desk.unsettled:
            error.revision = present.revision
        for work in works:
            self._done(work, self._memory.head)

    def _done(self, work: Work, through: Revision) -> None:
        if work.request is not None and self.in_flight.get(work.place) is work:
            del self.in_flight[work.place]
        work.settle(through)

    def _give_up(self, works: Sequence[Work], error: Exception) -> None:
        for work in works:
            if not work.settled:
                work.answer, work.failure = None, error
                self._done(work, self._memory.head)
