"""The one writer of a process: it decides waiting works together, commits them as one batch, then shows what came of it.

The order is fixed: decide, append and sync, roster, watch log, answers. Nobody sees a state before it is durable. The engine
knows no rule of the domain and no storage; it must not wait for a watcher.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from onduty_server.domain.commands import Detach, Origin
from onduty_server.domain.errors import (
    CallerError,
    DrainingError,
    JournalUnavailableError,
    OndutyError,
    OverloadedError,
    PositionInFutureError,
)
from onduty_server.domain.status import Instant, seconds
from onduty_server.engine.deadline_queue import DeadlineQueue
from onduty_server.engine.desk import Desk, Pending
from onduty_server.engine.idempotency import RecentAnswers, RequestKey, pack_detail, unpack_detail
from onduty_server.engine.positions import Positions
from onduty_server.engine.roster import Roster, StaffFilter
from onduty_server.engine.standing import Standing
from onduty_server.engine.tenants import Tenants
from onduty_server.engine.watch_log import LoggedChange, WatchLog
from onduty_server.engine.watcher import Watcher, logged
from onduty_server.engine.works import FIRED_AT_ONCE, Answer, Firing, Run, Work
from onduty_server.ports import (
    NO_REVISION,
    Clock,
    Codec,
    DuplicateMarkError,
    Journal,
    Mark,
    Record,
    RecordKind,
    Revision,
    StaleEntryError,
    StoredAnswer,
)

log = structlog.get_logger(__name__)

WAITING_WORKS = 20_000
BATCH_WORKS = 512
READ_AT_ONCE = 5_000
CHECK_SECONDS = 2.0
HOUSEKEEPING_SECONDS = 600.0
FORGOTTEN_AT_ONCE = 2_000
ANSWERS_KEPT = seconds(2 * 24 * 3600)
PROBE_SECONDS = (0.5, 1.0, 2.0, 5.0)
PROBE_TENANT = ""


class Engine:
    """One process's writer and what it shows. Call ``start`` before anything else and ``stop`` at the end."""

    def __init__(
        self, journal: Journal, codec: Codec, clock: Clock, *, on_health: Callable[[bool], None] = lambda _healthy: None
    ) -> None:
        """An engine that does nothing yet; ``on_health`` is told whenever the journal fails or works again."""
        self.journal = journal
        self.codec = codec
        self.clock = clock
        self.instance_id = secrets.token_hex(8)
        self.head = NO_REVISION
        self.healthy = False
        self.on_health = on_health
        self.rosters = Tenants(lambda _tenant: Roster())
        self.positions = Tenants(lambda tenant: Positions.of(journal.store_id, tenant))
        self._logs = Tenants(lambda _tenant: WatchLog(lambda: self.head, codec.mark_left))
        self._recorded_at = Instant(0)
        self._queue: list[Work] = []
        self._in_flight: dict[tuple[str, str], Work] = {}
        self._recent = RecentAnswers()
        self._deadlines = DeadlineQueue()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    # --- life ---------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Recover from the journal, fire what was due meanwhile, let go of workspaces that died with the last process."""
        await self._recover()
        self.healthy = True
        self._tasks = [
            asyncio.create_task(self._run_writer(), name="onduty-writer"),
            asyncio.create_task(self._run_deadlines(), name="onduty-deadlines"),
            asyncio.create_task(self._run_checks(), name="onduty-checks"),
            asyncio.create_task(self._run_housekeeping(), name="onduty-housekeeping"),
        ]
        fired = await self._fire_due()
        await self._let_go_of_the_dead()
        log.info("recovered_state", revision=self.head, staff=self.staff_count, deadlines_fired=fired)
        self.on_health(self.healthy)

    async def stop(self) -> None:
        """Finish what waits, then end. Idempotent; the journal stays open."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            writer, *others = self._tasks
            self._tasks = []
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await writer

    @property
    def staff_count(self) -> int:
        """How many staff there are, over all tenants."""
        return sum(len(roster.standings) for _, roster in self.rosters.items())

    async def _recover(self) -> None:
        head = await self.journal.head()
        async for chunk in self.journal.latest():
            for record in chunk:
                self._adopt(record)
            head = max(head, chunk[-1].revision) if chunk else head
            await asyncio.sleep(0)
        self.head = head

    def _adopt(self, record: Record) -> None:
        """Take a record of the journal into memory."""
        roster = self.rosters(record.key.tenant)
        if record.key.kind is RecordKind.POLICY:
            roster.configure_policy(self.codec.decode_policy(record.state), record.revision)
        elif record.key.kind is RecordKind.BREAK_REASON:
            reason = self.codec.decode_break_reason(record.state)
            roster.configure_break_reason(record.key.name, reason, record.revision)
        else:
            state = self.codec.decode_state(record.state, record.private)
            body = self.codec.state_with_revision(record.state, record.revision)
            self._show(record.key.tenant, Standing(state, body, record.previous, record.revision))

    def _show(self, tenant: str, standing: Standing) -> None:
        self.rosters(tenant).replace(standing)
        due = standing.deadline
        if due is not None:
            self._deadlines.push(due.at, tenant, standing.state.staff_id)

    async def _let_go_of_the_dead(self) -> None:
        """Workspaces held by a process that is gone are detached: their grace begins now."""
        departures = []
        for tenant, roster in self.rosters.items():
            for standing in list(roster.standings.values()):
                dead = {one.instance_id for one in standing.state.connection.attachments} - {self.instance_id}
                departures += [(tenant, standing.state.staff_id, Detach("", one, Origin())) for one in sorted(dead)]
        for start in range(0, len(departures), BATCH_WORKS):
            await asyncio.gather(*(self.submit(*one) for one in departures[start : start + BATCH_WORKS]))

    # --- asking -------------------------------------------------------------------------------------------------------

    async def submit(
        self,
        tenant: str,
        staff_id: str,
        command: Any,
        *,
        expected: int = 0,
        request: RequestKey | None = None,
    ) -> Answer:
        """Decide one command for one staff member and commit it.

        Raises:
            OndutyError: Refused, or not durable; then nothing was acknowledged.
        """

        def run(desk: Desk) -> Answer:
            standing, applied = desk.act(tenant, staff_id, command, expected)
            return Answer(standing, applied)

        return await self.transact(tenant, run, request)

    async def transact(self, tenant: str, run: Run, request: RequestKey | None = None) -> Answer:
        """Run a work in the next batch. With ``request``, the same request again gets its first answer.

        Raises:
            OndutyError: The work was refused or could not be made durable.
        """
        while request is not None:
            stored = self._recent.find(tenant, request.request_id)
            if stored is not None:
                return await self._replay(stored, request)
            twin = self._in_flight.get((tenant, request.request_id))
            if twin is None or twin.request is None or twin.future.cancelled():
                break
            request.check(twin.request.fingerprint)
            await asyncio.wait((twin.future,))
        try:
            return await self._enqueue(tenant, run, request)
        except CallerError:
            if request is not None:
                stored = await self.journal.find_answer(tenant, request.request_id)
                if stored is not None:
                    return await self._replay(stored, request)
            raise

    async def _enqueue(self, tenant: str, run: Run, request: RequestKey | None) -> Answer:
        if self._stopping:
            raise DrainingError
        if not self.healthy:
            raise JournalUnavailableError("the journal failed and has not recovered yet")
        if len(self._queue) >= WAITING_WORKS:
            raise OverloadedError(WAITING_WORKS)
        work = Work(tenant, run, request, asyncio.get_running_loop().create_future())
        self._queue.append(work)
        if request is not None:
            self._in_flight[tenant, request.request_id] = work
        self._wake.set()
        return await work.future

    async def _replay(self, stored: StoredAnswer, request: RequestKey) -> Answer:
        request.check(stored.fingerprint)
        detail = unpack_detail(stored.detail)
        record = await self.journal.record(stored.revision) if stored.revision else None
        applied = bool(detail.pop("applied", True))
        forgotten = bool(stored.revision) and record is None
        return Answer(applied=applied, detail=detail, through=self.head, replayed=True, record=record, forgotten=forgotten)

    # --- writing ------------------------------------------------------------------------------------------------------

    async def _run_writer(self) -> None:
        while True:
            if not self._queue:
                if self._stopping:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            works, self._queue = self._queue[:BATCH_WORKS], self._queue[BATCH_WORKS:]
            try:
                await self._commit(self._wanted(works))
            except JournalUnavailableError as error:
                self._fail(error)
                self._give_up(works, error)
            except Exception as error:
                log.exception("commit_failed_unforeseen")
                self._give_up(works, error)

    def _wanted(self, works: Sequence[Work]) -> list[Work]:
        """The works whose callers still wait; the others are forgotten undone."""
        for work in works:
            if work.future.cancelled():
                self._done(work, self.head)
        return [work for work in works if not work.future.cancelled()]

    async def _commit(self, works: list[Work]) -> None:
        """Decide works until a batch of them is durable, then show and answer."""
        while works:
            desk = Desk(self.rosters, self.codec, self.clock.now(), self._next_recorded_at())
            for work in works:
                self._decide(desk, work)
            marks = self._marks(desk, works)
            try:
                revisions = await self.journal.append([one.entry for one in desk.pending], [mark for mark, _ in marks])
            except DuplicateMarkError as error:
                works = await self._answer_duplicate(works, marks[error.index][1], error.stored)
                continue
            except StaleEntryError:
                await self._catch_up()
                continue
            self._apply(desk, revisions)
            self._remember(marks, revisions)
            self._settle(desk, works)
            return

    def _next_recorded_at(self) -> Instant:
        self._recorded_at = Instant(max(self._recorded_at, self.clock.now()))
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
        through = duplicate.answer.through if duplicate.answer is not None else self.head
        self._done(duplicate, through)
        return [work for work in works if work is not duplicate]

    def _apply(self, desk: Desk, revisions: list[Revision]) -> None:
        """Show a committed batch: rosters, deadlines, watch logs."""
        if not revisions:
            return
        published: dict[str, list[LoggedChange]] = {}
        last: dict[str, dict[str, Revision]] = {}
        for one, revision in zip(desk.pending, revisions, strict=True):
            tenant = one.entry.key.tenant
            if one.configure is not None:
                one.configure(self.rosters(tenant), revision)
                one.revision = revision
            if one.standing is not None:
                seen = last.setdefault(tenant, {})
                one.standing.previous = seen.get(one.entry.key.name, one.standing.previous)
                seen[one.entry.key.name] = revision
                published.setdefault(tenant, []).append(self._commit_standing(tenant, one, revision))
        self._publish(published, revisions[-1])

    def _publish(self, published: dict[str, list[LoggedChange]], head: Revision) -> None:
        logs = [(self._logs(tenant), changes) for tenant, changes in published.items()]  # made before the head moves
        self.head = head
        for watch_log, changes in logs:
            watch_log.publish(changes)

    def _commit_standing(self, tenant: str, one: Pending, revision: Revision) -> LoggedChange:
        standing = one.standing
        assert standing is not None, "called for staff entries"
        state = standing.state
        standing.revision = revision
        standing.body = self.codec.state_with_revision(one.entry.state, revision)
        self._show(tenant, standing)
        element = self.codec.staff_change(standing.body, self.codec.change_with_revision(one.change_bytes, revision))
        was = None if one.before is None else (one.before.skill_groups, one.before.status)
        return LoggedChange(
            revision, standing.previous, state.staff_id, element, state.skill_groups, state.status, was, state.deleted
        )

    def _remember(self, marks: list[tuple[Mark, Work]], revisions: list[Revision]) -> None:
        for mark, _ in marks:
            revision = mark.revision if mark.entry is None else revisions[mark.entry]
            self._recent.keep(mark.tenant, mark.request_id, StoredAnswer(mark.fingerprint, revision, mark.detail))

    def _settle(self, desk: Desk, works: Sequence[Work]) -> None:
        for error, present in desk.unsettled:
            error.revision = present.revision
        for work in works:
            self._done(work, self.head)

    def _done(self, work: Work, through: Revision) -> None:
        if work.request is not None:
            key = (work.tenant, work.request.request_id)
            if self._in_flight.get(key) is work:
                del self._in_flight[key]
        work.settle(through)

    def _give_up(self, works: Sequence[Work], error: Exception) -> None:
        for work in works:
            work.answer, work.failure = None, error
            self._done(work, self.head)

    # --- when the journal fails ---------------------------------------------------------------------------------------

    def _fail(self, error: JournalUnavailableError) -> None:
        """Stop acknowledging, tell, and try until the journal works again."""
        log.error("journal_failed", error=str(error))
        waiting, self._queue = self._queue, []
        self._give_up(waiting, error)
        if self.healthy:
            self.healthy = False
            self.on_health(self.healthy)
            self._tasks.append(asyncio.create_task(self._run_recovery(), name="onduty-recovery"))

    async def _run_checks(self) -> None:
        """Look after the journal while nobody writes, so that a lost one is noticed and told before the next command."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if not self.healthy:
                continue
            try:
                await self.journal.head()
            except JournalUnavailableError as error:
                self._fail(error)

    async def _run_recovery(self) -> None:
        attempt = 0
        while not self._stopping:
            await asyncio.sleep(PROBE_SECONDS[min(attempt, len(PROBE_SECONDS) - 1)])
            attempt += 1
            try:
                await self._probe()
                await self._catch_up()
            except JournalUnavailableError as error:
                log.warning("journal_still_fails", attempt=attempt, error=str(error))
                continue
            self.healthy = True
            self._push_all_deadlines()
            log.info("journal_works_again", attempt=attempt, revision=self.head)
            self.on_health(self.healthy)
            return

    async def _probe(self) -> None:
        """A durable write that is no record: reading alone would not notice a full disk."""
        mark = Mark(PROBE_TENANT, secrets.token_hex(8), b"", self.clock.now())
        await self.journal.append([], [mark])

    async def _catch_up(self) -> None:
        """Take in records that this process did not see committed: of a failed append that landed, or of another process."""
        while records := await self.journal.read(self.head, READ_AT_ONCE):
            published: dict[str, list[LoggedChange]] = {}
            for record in records:
                self._adopt(record)
                if record.key.kind is RecordKind.STAFF:
                    published.setdefault(record.key.tenant, []).append(logged(record, self.codec))
            self._publish(published, records[-1].revision)

    def _push_all_deadlines(self) -> None:
        """Entries whose firing failed left the heap; put every deadline in again."""
        for tenant, roster in self.rosters.items():
            for standing in roster.standings.values():
                due = standing.deadline
                if due is not None:
                    self._deadlines.push(due.at, tenant, standing.state.staff_id)

    # --- housekeeping -------------------------------------------------------------------------------------------------

    async def _run_housekeeping(self) -> None:
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

        The last record of everybody and everything stays.
        """
        now = self.clock.now()
        forgotten = 0
        for tenant, roster in self.rosters.items():
            before = Instant(now - roster.policy.value.retention)
            while count := await self.journal.forget(tenant, before, limit=FORGOTTEN_AT_ONCE):
                forgotten += count
        while await self.journal.forget_answers(Instant(now - ANSWERS_KEPT), limit=FORGOTTEN_AT_ONCE):
            pass
        return forgotten

    # --- deadlines ----------------------------------------------------------------------------------------------------

    async def _run_deadlines(self) -> None:
        while True:
            await self._deadlines.wait(self.clock)
            try:
                await self._fire_due()
            except OndutyError as error:
                log.warning("deadlines_wait", error=str(error))
                await asyncio.sleep(PROBE_SECONDS[0])

    async def _fire_due(self) -> int:
        """Fire all deadlines that are due, in the order of their instants; returns how many."""
        fired = 0
        while True:
            firing = Firing(self._deadlines)
            await self.transact(PROBE_TENANT, firing)
            fired += firing.fired
            if firing.fired < FIRED_AT_ONCE:
                return fired

    # --- showing ------------------------------------------------------------------------------------------------------

    def watch(self, tenant: str, chosen: StaffFilter, cursor: Revision, *, latest_only: bool = False) -> Watcher:
        """A watcher of what follows ``cursor``."""
        roster = self.rosters(tenant)
        return Watcher(
            self._logs(tenant),
            chosen,
            journal=self.journal,
            codec=self.codec,
            tenant=tenant,
            cursor=cursor,
            latest_only=latest_only,
            last_revision=roster.last_revision,
        )

    def reached(self, revision: Revision) -> None:
        """Check that the shown state is at or after a revision.

        Raises:
            PositionInFutureError: It is not.
        """
        if revision > self.head:
            raise PositionInFutureError(revision, self.head)
