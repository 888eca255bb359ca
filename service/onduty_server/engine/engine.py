"""The engine of one process: puts its parts together, starts and stops them, and takes what callers ask."""

import secrets
from collections.abc import Callable, Coroutine, Sequence
from functools import lru_cache
from typing import Any, Final

import structlog

from onduty_server.domain.model.commands import Command, Origin
from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError
from onduty_server.domain.model.policy import Policy
from onduty_server.engine.background.attachments import RECONCILE_SECONDS, AttachmentReconciler
from onduty_server.engine.background.clock_follower import LOOK_SECONDS, ClockFollower
from onduty_server.engine.background.deadline_loop import DeadlineLoop
from onduty_server.engine.background.deciding import Deciding, Loop
from onduty_server.engine.background.erasing import Erasing
from onduty_server.engine.background.journal_health import JournalHealth
from onduty_server.engine.background.member import Member
from onduty_server.engine.background.policy_sweep import PolicySweep
from onduty_server.engine.background.retention import FORGETTING_SECONDS, Retention
from onduty_server.engine.background.sharing import Sharing
from onduty_server.engine.background.supervisor import Supervisor
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.confirmed_head import ConfirmedHead, OwnHead
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.live.watchers import Watchers
from onduty_server.engine.time_sums import TimeSums
from onduty_server.engine.watch.positions import Positions
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
from onduty_server.replication import BEAT_SECONDS, NotLeadingError, Replication

log = structlog.get_logger(__name__)

AGEING_SECONDS: Final = 60.0
TENANTS_KEPT: Final = 1024
"""Tenants whose makers of positions and claim ids are at hand: any name that is asked for has one."""


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
        self.watch = Watchers(self.replica, journal, codec).watch
        self.supervisor = Supervisor(self._tell_health)
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
        self.deciding = Deciding(
            self.replica,
            self.queue,
            self.committer,
            clock,
            deadline_loop=self.deadline_loop,
            retention=self.retention,
            attachments=self.attachments,
            loops=self._loops,
            supervisor=self.supervisor if replication is None else None,
            on_change=self._tell_health,
        )
        self._started = False
        self.on_reload: Callable[[], None] = lambda: None
        self.confirmed: ConfirmedHead = OwnHead()
        self.sharing: Sharing | None = None
        if replication is not None:
            self._share(replication)

    def _loops(self) -> tuple[Loop, ...]:
        """What is done by itself where decisions are made. A shared store is looked at by every replica, leading or not."""
        look = (
            Loop("replicas", self.attachments.let_go_of_the_gone, rest_seconds=BEAT_SECONDS)
            if self.sharing is not None
            else Loop("journal", self.journal_health.step)
        )
        return (
            look,
            Loop("deadlines", self.deadline_loop.step),
            Loop("clock", self.clock_follower.look, rest_seconds=LOOK_SECONDS),
            Loop("erasing", self.erasing.step),
            Loop("retention", self.retention.step, rest_seconds=FORGETTING_SECONDS, rests_first=True),
            Loop("policies", self.policy_sweep.step),
        )

    def _share(self, replication: Replication) -> None:
        member = Member(
            replication,
            self.replica,
            self.journal,
            self.clock,
            book=self.book,
            deciding=self.deciding,
            on_change=self._tell_health,
            on_reload=self._reloaded,
        )
        self.sharing = member.sharing
        self.confirmed = self.sharing.head
        self.attachments.attendance = self.sharing.attendance
        self.queue.closed_as = NotLeadingError

    def _reloaded(self, epoch: int) -> None:
        self.epoch = epoch
        self.positions.cache_clear()
        self.on_reload()

    @property
    def head(self) -> Revision:
        """The revision that everything shown is current at."""
        return self.replica.head

    @property
    def healthy(self) -> bool:
        """Whether changes are taken, here or by a leader, and every loop gets on."""
        is_fit = self.queue.accepting if self.sharing is None else self.sharing.tail.is_in_touch
        return is_fit and not self.faults

    @property
    def faults(self) -> set[str]:
        """The loops that do not get on: those that always run, and those that run while this process decides."""
        return self.supervisor.faults | self.deciding.faults

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
        self.deciding.start_committer()
        fired = await self.deciding.begin() if self.sharing is None else 0
        self.supervisor.start("rings", self.replica.drop_old, rest_seconds=AGEING_SECONDS)
        self.supervisor.start("attachments", self.attachments.step, rest_seconds=RECONCILE_SECONDS)
        if self.sharing is not None:
            self.sharing.start(self.supervisor)
        self._started = True
        log.info("recovered_state", revision=self.head, staff=self.replica.staff_count, deadlines_fired=fired)
        self._tell_health()

    async def stop(self) -> None:
        """Finish what waits, then end. Idempotent."""
        self.queue.stop()
        await self.supervisor.stop()
        await self.deciding.stop()

    # --- one of several -----------------------------------------------------------------------------------------------

    def _append_failed(self, error: JournalUnavailableError) -> None:
        """Take nothing until the journal works again; of several replicas, let one lead that can append."""
        if self.sharing is None:
            self.journal_health.failed(error)
            return
        log.warning("append_failed", error=str(error))
        self.queue.fail(NotLeadingError("an append failed, and the lead goes with it"))
        self.sharing.leadership.lost()

    async def hand_over(self) -> None:
        """Let another replica lead, as this one is about to end. Does nothing where it does not lead."""
        if self.sharing is not None:
            await self.sharing.leadership.hand_over()

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
