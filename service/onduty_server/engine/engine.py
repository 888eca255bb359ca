"""One process's engine behind one door: what it shows, its committer, and what goes on by itself."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import lru_cache
from typing import Any, Final

import structlog

from onduty_server.domain.model.commands import Command, Origin
from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError
from onduty_server.domain.model.policy import Policy
from onduty_server.domain.model.status import Instant
from onduty_server.engine.background.attachments import RECONCILE_SECONDS, AttachmentReconciler
from onduty_server.engine.background.clock_follower import LOOK_SECONDS, ClockFollower
from onduty_server.engine.background.deadline_loop import DeadlineLoop
from onduty_server.engine.background.erasing import Erasing
from onduty_server.engine.background.journal_health import JournalHealth
from onduty_server.engine.background.policy_sweep import PolicySweep
from onduty_server.engine.background.retention import FORGETTING_SECONDS, Retention
from onduty_server.engine.background.sharing import Sharing
from onduty_server.engine.background.supervisor import Supervisor
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.confirmed_head import ConfirmedHead, OwnHead
from onduty_server.engine.live.latest_walk import LatestStates
from onduty_server.engine.live.replica import NOT_YET, Replica
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.time_sums import TimeSums
from onduty_server.engine.watch.positions import Positions
from onduty_server.engine.watch.watcher import Watcher
from onduty_server.engine.write import transactions
from onduty_server.engine.write.answer_book import AnswerBook
from onduty_server.engine.write.answers import RequestKey
from onduty_server.engine.write.claim_ids import ClaimIds
from onduty_server.engine.write.claims import ClaimJobs
from onduty_server.engine.write.committer import Committer
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Answer, JobBody, JobRequest, Outcome
from onduty_server.metering import UNMETERED, Meter
from onduty_server.ports import Clock, Codec, Journal, Revision
from onduty_server.replication import BEAT_SECONDS, NotLeadingError, Replication, TakenLead

log = structlog.get_logger(__name__)

AGEING_SECONDS: Final = 60.0
TENANTS_KEPT: Final = 1024
"""Tenants whose makers of positions and claim ids are at hand: any name that is asked for has one."""

FINISHING_SECONDS: Final = 2.0
"""As long as a leader that hands over decides what it has taken."""

STOP_SECONDS: Final = 15.0
"""As long as ``stop`` waits for the last commit: longer than an append may take before it has failed."""


class Engine:
    """Call ``start`` before anything else and ``stop`` at the end. The journal is opened and closed by its owner."""

    def __init__(
        self,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        *,
        replication: Replication | None = None,
        on_health: Callable[[bool], None] = lambda _healthy: None,
        meter: Meter = UNMETERED,
    ) -> None:
        """An engine that does nothing yet; ``on_health`` is called whenever ``healthy`` has changed.

        With ``replication`` it shares its store with others, and decides while it leads; without, it always does.
        """
        self.journal = journal
        self.codec = codec
        self.clock = clock
        self.epoch = journal.epoch
        self.instance_id = secrets.token_hex(8) if replication is None else replication.replica_id
        self.on_health = on_health
        self.replica = Replica(journal, codec, ClockSteps(clock, self.instance_id))
        self.rosters = self.replica.rosters
        self.positions = lru_cache(TENANTS_KEPT)(lambda tenant: Positions.of(journal.store_id, self.epoch, tenant))
        self.claims = lru_cache(TENANTS_KEPT)(lambda tenant: ClaimJobs(tenant, ClaimIds(journal.store_id, tenant)))
        self.supervisor = Supervisor(self._tell_health)
        self.deciding = self.supervisor  # of a replica: another one each time that it leads.
        self.book = AnswerBook(journal, lambda: self.replica.head)
        self.queue = JobQueue(self.replica, self.book, meter)
        self.journal_health = JournalHealth(self.replica, self.queue, journal, clock, on_change=self._tell_health, meter=meter)
        self.committer = Committer(
            self.replica,
            journal,
            codec,
            clock,
            queue=self.queue,
            book=self.book,
            on_failure=self._append_failed,
            meter=meter,
        )
        self.deadline_loop = DeadlineLoop(self.replica, self.queue, clock)
        self.clock_follower = ClockFollower(self.replica, self.queue, clock)
        self.retention = Retention(self.replica, self.queue, journal, clock)
        self.attachments = AttachmentReconciler(self.replica, self.queue, self.instance_id)
        self.policy_sweep = PolicySweep(self.replica, self.queue)
        self.erasing = Erasing(journal, codec, self.replica.catching_up.forget)
        self.time_sums = TimeSums(journal, codec, self.rosters.peek, lambda: self.replica.head)
        self._committing: asyncio.Task[None] | None = None
        self._started = False
        self.on_deciding: Callable[[], Awaitable[None]] | None = None
        """Is called once this process has begun to decide."""
        self.on_reload: Callable[[], None] = lambda: None
        self.confirmed: ConfirmedHead = OwnHead()
        self.sharing: Sharing | None = None
        if replication is not None:
            self._share(replication)

    def _share(self, replication: Replication) -> None:
        self.sharing = Sharing(replication, self.replica, self.clock, self, on_change=self._tell_health)
        self.confirmed = self.sharing.head
        self.attachments.attendance = self.sharing.attendance
        self.queue.closed_as = NotLeadingError

    @property
    def head(self) -> Revision:
        """The revision that everything shown is current at."""
        return self.replica.head

    @property
    def healthy(self) -> bool:
        """Whether changes are taken, here or by a leader, and every loop gets on."""
        is_fit = self.queue.accepting if self.sharing is None else self.sharing.tail.is_in_touch
        return is_fit and not self.supervisor.faults and not self.deciding.faults

    @property
    def started(self) -> bool:
        """Whether the journal was read, and what was due meanwhile has fired."""
        return self._started

    def _tell_health(self) -> None:
        self.on_health(self.healthy)

    # --- life ---------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Recover from the journal, fire what was due meanwhile, let go of workspaces that died with the last process.

        A replica recovers, and leaves the rest to the leader.
        """
        await self.replica.recover()
        self.clock.start_from(self.replica.last_change)
        self._start_committer()
        fired = await self._begin_deciding() if self.sharing is None else 0
        self.supervisor.start("rings", self._age_rings, rest_seconds=AGEING_SECONDS)
        self.supervisor.start("attachments", self.attachments.step, rest_seconds=RECONCILE_SECONDS)
        if self.sharing is not None:
            self.sharing.start(self.supervisor)
        self._started = True
        log.info("recovered_state", revision=self.head, staff=self.replica.staff_count, deadlines_fired=fired)
        self._tell_health()

    async def _begin_deciding(self) -> int:
        """Take jobs, and do what is done by itself; returns how many people's deadlines had passed."""
        self.queue.accepting = True
        await self.retention.note_gap()
        fired = await self.deadline_loop.fire_due()
        await self.attachments.begin_graces()
        self.replica.attended_from = self.clock.now()
        self._start_deciding()
        if self.on_deciding is not None:
            await self.on_deciding()
        return fired

    def _start_committer(self) -> None:
        self._committing = asyncio.create_task(self.committer.run(), name="onduty-committer")
        self._committing.add_done_callback(self._committer_ended)

    def _committer_ended(self, task: "asyncio.Task[None]") -> None:
        """The committer ends when the queue has stopped; a fault of its own must not end it for good."""
        if self.queue.stopping or task.cancelled():
            return
        log.error("committer_ended", exc_info=task.exception())
        self._start_committer()

    def _start_deciding(self) -> None:
        start = self.deciding.start
        if self.sharing is None:
            start("journal", self.journal_health.step)
        else:
            start("replicas", self.attachments.let_go_of_the_gone, rest_seconds=BEAT_SECONDS)
        start("deadlines", self.deadline_loop.step)
        start("clock", self.clock_follower.look, rest_seconds=LOOK_SECONDS)
        start("erasing", self.erasing.step)
        start("retention", self.retention.step, rest_seconds=FORGETTING_SECONDS, rests_first=True)
        start("policies", self._sweep_once)

    async def _age_rings(self) -> None:
        """Have the rings drop what is old: it is in the journal. What is there for nothing goes too."""
        now = asyncio.get_running_loop().time()
        for ring in self.replica.rings.values():
            ring.age(now)
        self.replica.catching_up.age()
        self.replica.forget_blank()

    async def _sweep_once(self) -> None:
        await self.policy_sweep.sweep_all()
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Finish what waits, then end. Idempotent."""
        self.queue.stop()
        await self.supervisor.stop()
        await self.deciding.stop()
        await self.deadline_loop.stop()
        if self._committing is None:
            return
        _, hung = await asyncio.wait((self._committing,), timeout=STOP_SECONDS)
        for task in hung:
            log.error("stopped_with_append_under_way")
            task.cancel()

    # --- one of several -----------------------------------------------------------------------------------------------

    def _append_failed(self, error: JournalUnavailableError) -> None:
        """Take nothing until the journal works again; of several replicas, let one lead that can append."""
        if self.sharing is None:
            self.journal_health.failed(error)
            return
        log.warning("append_failed", error=str(error))
        self.queue.fail(NotLeadingError("an append failed, and the lead goes with it"))
        self.sharing.leadership.lost()

    async def lead(self, taken: TakenLead) -> None:
        """Decide from now on: nobody else can. Everything that was committed is taken in first.

        Raises:
            OndutyError: The store cannot be read, or the lead is lost again.
        """
        if taken.epoch != self.epoch or taken.head < self.head:
            await self.reload(taken.epoch)
        await self.replica.catch_up()
        recorded_at = await self.journal.recorded_at(self.head)
        self.replica.last_change = max(self.replica.last_change, recorded_at or Instant(0))
        self.clock.start_from(self.replica.last_change)
        self.replica.push_all_deadlines()
        self.book.forget_recent()
        self.book.expect_repeats()
        self.deciding = Supervisor(self._tell_health)
        fired = await self._begin_deciding()
        log.info("began_to_decide", revision=self.head, deadlines_fired=fired)

    async def follow(self, why: str) -> None:
        """Decide nothing from now on; what waits is to be asked of the leader."""
        self.queue.fail(NotLeadingError(why))
        self.replica.attended_from = NOT_YET
        await self.deciding.stop()
        await self.deadline_loop.stop()
        self._tell_health()

    async def finish_deciding(self) -> None:
        """Decide what was taken, and take nothing new; or give up after two seconds."""
        self.queue.accepting = False
        loop = asyncio.get_running_loop()
        until = loop.time() + FINISHING_SECONDS
        while (self.queue.waiting or self.committer.is_busy) and loop.time() < until:  # noqa: ASYNC110 - of two things, soon.
            await asyncio.sleep(0.005)

    async def hand_over(self) -> None:
        """Let another replica lead, as this one is about to end. Does nothing where it does not lead."""
        if self.sharing is not None:
            await self.sharing.leadership.hand_over()

    async def reload(self, epoch: int) -> None:
        """Show the store anew, in its present epoch. Who watches is sent away, to begin again.

        Raises:
            JournalUnavailableError: The store cannot be read.
        """
        log.warning("showing_the_store_anew", epoch=epoch, was_at=self.head)
        if self.sharing is not None:
            self.sharing.head.lost()
        await self.replica.reload()
        self.epoch = epoch
        self.positions.cache_clear()
        self.on_reload()

    # --- asking -------------------------------------------------------------------------------------------------------

    def submit(
        self,
        tenant: str,
        staff_id: str,
        command: Command,
        *,
        expected: int | None = None,
        request: RequestKey | None = None,
    ) -> Coroutine[Any, Any, Answer]:
        """Decide one command for one staff member and commit it.

        Raises:
            OndutyError: Refused, or not durable; then nothing was acknowledged.
        """
        return self.queue.transact(tenant, transactions.act(tenant, staff_id, command, expected), request)

    def transact(
        self, tenant: str, body: JobBody, request: RequestKey | None = None, *, cost: int = 1
    ) -> Coroutine[Any, Any, Answer]:
        """Run a job in a next batch. With ``request``, the same request again gets its first answer.

        ``cost`` is about how many people the job looks at.

        Raises:
            OndutyError: The job was refused or could not be made durable.
        """
        return self.queue.transact(tenant, body, request, cost=cost)

    def transact_all(
        self, tenant: str, requests: Sequence[JobRequest | OndutyError], batch: RequestKey | None = None
    ) -> Coroutine[Any, Any, list[Outcome]]:
        """Run jobs in their order, in as few batches as can be, each on its own; the outcome of each, a refusal as a value.

        An error among them is its own outcome. With ``batch``, those without a request id of their own are idempotent by
        their places.
        """
        return self.queue.transact_all(tenant, requests, batch)

    def submit_own(self, tenant: str, staff_id: str, command: Command) -> Coroutine[Any, Any, Answer]:
        """Decide a command of the service itself, which is never refused for load.

        Raises:
            OndutyError: Refused, or not durable.
        """
        return self.queue.transact_own(transactions.act(tenant, staff_id, command, None), tenant)

    async def update_policy(
        self,
        tenant: str,
        change: Callable[[Policy], Policy],
        *,
        expected: int | None,
        origin: Origin,
        request: RequestKey | None,
    ) -> Answer:
        """Change the policy, and apply it to whom it concerns.

        Raises:
            OndutyError: Refused, or not durable.
        """
        answer = await self.transact(tenant, transactions.update_policy(tenant, change, expected, origin), request)
        if answer.applied and not answer.replayed:
            await self.policy_sweep.sweep(tenant)
            answer.through = self.head
        return answer

    async def fire_overdue(self) -> None:
        """Call it before showing states: none is shown whose deadline has passed by more than a second.

        What the journal does not take within two seconds is shown all the same.
        """
        await self.deadline_loop.fire_overdue()

    # --- showing ------------------------------------------------------------------------------------------------------

    def watch(
        self,
        tenant: str,
        staff_filter: StaffFilter,
        cursor: Revision,
        *,
        since: Revision | None = None,
        latest_only: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> Watcher:
        """A watcher of what follows ``cursor``, for as long as it ``holds``.

        ``since`` is set where the cursor is in the middle of a walk over the latest states. Every change begins there.
        """
        roster, ring = self.rosters(tenant), self.replica.rings(tenant)
        latest = LatestStates(tenant, roster, ring, journal=self.journal, codec=self.codec, head=lambda: self.head)
        if since is not None and not latest_only:
            cursor, since = since, None
        return Watcher(
            ring,
            staff_filter,
            journal=self.journal,
            codec=self.codec,
            catch_up=self.replica.catching_up,
            tenant=tenant,
            cursor=cursor,
            since=since,
            begin_walk=latest.walk if latest_only else None,
            last_revision=roster.last_revision,
            holds=holds,
        )
