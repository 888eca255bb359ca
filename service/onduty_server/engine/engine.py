"""One process's engine: what it shows, its writer and its upkeep, behind one door; each does its work in its own module."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog

from onduty_server.domain.model.commands import Command, Detach, Origin
from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError
from onduty_server.engine.background.erasing import Erasing
from onduty_server.engine.background.upkeep import Upkeep
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.tenants import Tenants
from onduty_server.engine.time_sums import TimeSums
from onduty_server.engine.watch.positions import Positions
from onduty_server.engine.watch.watcher import Watcher
from onduty_server.engine.write import transactions
from onduty_server.engine.write.answer_book import AnswerBook
from onduty_server.engine.write.answers import RequestKey
from onduty_server.engine.write.claim_ids import ClaimIds
from onduty_server.engine.write.claims import ClaimWorks
from onduty_server.engine.write.committer import BATCH_WORKS, Committer
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.engine.write.jobs import Answer, JobBody, JobRequest
from onduty_server.ports import Clock, Codec, Journal, Revision

log = structlog.get_logger(__name__)


class Engine:
    """Call ``start`` before anything else and ``stop`` at the end. The journal is opened and closed by who made it."""

    def __init__(
        self, journal: Journal, codec: Codec, clock: Clock, *, on_health: Callable[[bool], None] = lambda _healthy: None
    ) -> None:
        """An engine that does nothing yet; ``on_health`` is told whenever the journal fails or works again."""
        self.journal = journal
        self.codec = codec
        self.clock = clock
        self.instance_id = secrets.token_hex(8)
        self.on_health = on_health
        self.replica = Replica(journal, codec, ClockSteps(clock, self.instance_id))
        self.rosters = self.replica.rosters
        self.positions = Tenants(lambda tenant: Positions.of(journal.store_id, tenant))
        self.claims = Tenants(lambda tenant: ClaimWorks(tenant, ClaimIds(journal.store_id, tenant)))
        kept = AnswerBook(journal, lambda: self.replica.head)
        self.queue = JobQueue(self.replica, kept)
        self.committer = Committer(
            self.replica, journal, codec, clock, queue=self.queue, kept=kept, on_failure=self._journal_failed
        )
        self.upkeep = Upkeep(self.replica, self.queue, journal, clock, on_health=self._tell_health)
        self.erasing = Erasing(journal, codec)
        self.time_sums = TimeSums(journal, codec, self.rosters.of, lambda: self.replica.head)
        self._erasing: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    def _journal_failed(self, error: JournalUnavailableError) -> None:
        self.upkeep.journal_failed(error)

    def _tell_health(self, healthy: bool) -> None:  # noqa: FBT001 - the one fact it tells.
        self.on_health(healthy)

    @property
    def head(self) -> Revision:
        """The revision that everything shown is current at."""
        return self.replica.head

    @property
    def healthy(self) -> bool:
        """Whether changes are taken."""
        return self.queue.healthy

    # --- life ---------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Recover from the journal, fire what was due meanwhile, let go of workspaces that died with the last process."""
        await self.replica.recover()
        self.clock.start_from(self.replica.last_change)
        self.queue.healthy = True
        self._writing = asyncio.create_task(self.committer.run(), name="onduty-writer")
        await self.upkeep.note_gap()
        fired = await self.upkeep.fire_due()
        await self._let_go_of_the_dead()
        self.upkeep.start()
        self.replica.attended_from = self.clock.now()
        self._erasing = asyncio.create_task(self.erasing.run(), name="onduty-erasing")
        log.info("recovered_state", revision=self.head, staff=self.replica.staff_count, deadlines_fired=fired)
        self.on_health(self.healthy)

    async def stop(self) -> None:
        """Finish what waits, then end. Idempotent."""
        self.queue.stop()
        await self.upkeep.stop()
        if self._erasing is not None:
            self._erasing.cancel()
            await asyncio.gather(self._erasing, return_exceptions=True)
        if self._writing is not None:
            await self._writing

    async def _let_go_of_the_dead(self) -> None:
        """Workspaces held by a process that is gone are detached: their grace begins now."""
        departures = []
        for tenant, roster in self.rosters.items():
            for staff in list(roster.staff.values()):
                dead = {one.instance_id for one in staff.state.connection.attachments} - {self.instance_id}
                departures += [(tenant, staff.state.staff_id, Detach("", one, Origin())) for one in sorted(dead)]
        for start in range(0, len(departures), BATCH_WORKS):
            await asyncio.gather(*(self.submit(*one) for one in departures[start : start + BATCH_WORKS]))

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

    def transact(self, tenant: str, run: JobBody, request: RequestKey | None = None) -> Coroutine[Any, Any, Answer]:
        """Run a work in the next batch. With ``request``, the same request again gets its first answer.

        Raises:
            OndutyError: The work was refused or could not be made durable.
        """
        return self.queue.transact(tenant, run, request)

    def transact_all(
        self, tenant: str, asked: Sequence[JobRequest | OndutyError], batch_id: str = ""
    ) -> Coroutine[Any, Any, list[Answer | OndutyError]]:
        """Run works in their order, in as few batches as can be, each on its own; what comes of each, a refusal as a value.

        An error among them is its own outcome. With ``batch_id``, those without a request id of their own are idempotent by
        their places.
        """
        return self.queue.transact_all(tenant, asked, batch_id)

    async def fire_overdue(self) -> None:
        """Call it before showing states: none is shown whose deadline has passed by more than a second.

        What the journal does not take within two seconds is shown all the same.
        """
        await self.upkeep.fire_overdue()

    # --- showing ------------------------------------------------------------------------------------------------------

    def watch(
        self,
        tenant: str,
        chosen: StaffFilter,
        cursor: Revision,
        *,
        latest_only: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> Watcher:
        """A watcher of what follows ``cursor``, for as long as it ``holds``."""
        roster = self.rosters(tenant)
        return Watcher(
            self.replica.rings(tenant),
            chosen,
            journal=self.journal,
            codec=self.codec,
            tenant=tenant,
            cursor=cursor,
            latest_only=latest_only,
            last_revision=roster.last_revision,
            holds=holds,
        )
