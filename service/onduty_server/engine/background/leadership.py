"""This replica's part in the election of a leader: takes the lead where nobody has it, keeps it while it can, gives it up.

Theory of operation
-------------------
A replica is in one of four states:

- FOLLOWING: it shows what others commit, and has the leader decide. When a look says that nobody leads, it tries to. It does
  not where its clock differs from the store's, or once it is about to end.
- TAKING_OVER: the lead is its own: nobody else can append any more, and the term is one that nobody had. It takes in all that
  was committed, has its present not be before the last record, and then decides.
- LEADING: it decides. The lease is renewed every second, and counts from before the renewal was asked for. An append is
  conditional on the term in the database, and so is a refusal (see ``Replication``): what a leader believes of itself while it
  was stopped does no harm.
- HANDING_OVER: it decides what it has taken, nothing new, and lets another replica lead.

It is FOLLOWING again when a look, a renewal or an append says that another one leads, or when the lease has run out.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum
from typing import Final

import structlog

from onduty_server.domain.model.errors import OndutyError
from onduty_server.domain.model.status import SECOND, Micros
from onduty_server.replication import BEAT_SECONDS, CLOCK_DIFFERENCE_MOST, LEASE_SECONDS, Look, Replication, TakenLead

log = structlog.get_logger(__name__)

TAKE_OVER_SECONDS: Final = 30.0
"""A replica that has not come to decide within this lets another one try."""

RETRY_SECONDS: Final = 0.1
"""The rest after the lead was not to be had."""


class Role(Enum):
    """What a replica does about deciding."""

    FOLLOWING = "has the leader decide"
    TAKING_OVER = "takes in what the leader before has left"
    LEADING = "decides"
    HANDING_OVER = "lets another one lead"


class Leadership:
    """One replica's part. ``address`` is where others reach it; empty: it cannot lead.

    ``begin`` has the engine decide, ``end`` has it stop.
    """

    def __init__(
        self,
        store: Replication,
        *,
        begin: Callable[[TakenLead], Awaitable[None]],
        end: Callable[[str], Awaitable[None]],
        finish: Callable[[], Awaitable[None]],
    ) -> None:
        """It follows. ``finish`` has the engine decide what it has taken, and take nothing new."""
        self._store = store
        self._begin = begin
        self._end = end
        self._finish = finish
        self.address = ""
        self.role = Role.FOLLOWING
        self.term = 0
        self.leader_id = ""
        self.leader_address = ""
        self._lease_until = 0.0
        self._is_wanted = asyncio.Event()
        self._is_lost = asyncio.Event()
        self._changed = asyncio.Event()
        self._is_ending = False
        self._clock_differs = False
        self._lock = asyncio.Lock()

    @property
    def leads(self) -> bool:
        """Whether this replica decides, as far as it knows."""
        return self.role is Role.LEADING and asyncio.get_running_loop().time() < self._lease_until

    @property
    def applies_itself(self) -> bool:
        """Whether all that is committed is committed by this replica."""
        return self.role is not Role.FOLLOWING

    async def changed(self, within: float) -> None:
        """Return when another replica leads, or after so many seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), within)
        except TimeoutError:
            return

    # --- what is seen -------------------------------------------------------------------------------------------------

    def saw(self, look: Look, *, clock_ahead: Micros) -> None:
        """Take note of a look at the store; ``clock_ahead`` is by how much the own clock is ahead of the store's, at least."""
        self._tell_clock(clock_ahead)
        if self.role is Role.FOLLOWING:
            self._see_leader(look)
            may_lead = self.address and not self._is_ending and not self._clock_differs
            (self._is_wanted.set if look.is_vacant and may_lead else self._is_wanted.clear)()
        elif self.role is Role.LEADING and (look.term > self.term or self._clock_differs):
            self._is_lost.set()

    def lost(self) -> None:
        """An append has said, or may have said, that another replica leads."""
        self._is_lost.set()

    def _see_leader(self, look: Look) -> None:
        seen = (look.term, look.leader_id, "" if look.leader_id == self._store.replica_id else look.leader_address)
        if seen != (self.term, self.leader_id, self.leader_address):
            self.term, self.leader_id, self.leader_address = seen
            self._notify()

    def _tell_clock(self, ahead: Micros) -> None:
        if (abs(ahead) > CLOCK_DIFFERENCE_MOST) is self._clock_differs:
            return
        self._clock_differs = not self._clock_differs
        if self._clock_differs:
            log.error("clock_differs_from_the_stores", seconds_ahead=ahead / SECOND, effect="this replica does not lead")
        else:
            log.info("clock_agrees_with_the_stores")

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    # --- the states ---------------------------------------------------------------------------------------------------

    async def step(self) -> None:
        """What the present state asks for next."""
        if self.role is Role.FOLLOWING:
            await self._is_wanted.wait()
            self._is_wanted.clear()
            await self._try_to_lead()
        elif self.role is Role.LEADING:
            await self._keep()
        else:
            await asyncio.sleep(RETRY_SECONDS)

    async def _try_to_lead(self) -> None:
        began_at = asyncio.get_running_loop().time()
        async with self._lock:
            if self._is_ending:
                return
            taken = await self._store.take_lead(self.address)
            if taken is None:
                await asyncio.sleep(RETRY_SECONDS)
                return
            log.info("taking_the_lead", term=taken.term)
            self.role, self.term, self._lease_until = Role.TAKING_OVER, taken.term, began_at + LEASE_SECONDS
            self._is_lost.clear()
            await self._take_over(taken, began_at)

    async def _take_over(self, taken: TakenLead, began_at: float) -> None:
        """Begin to decide."""
        try:
            async with asyncio.timeout(TAKE_OVER_SECONDS):
                await self._begin(taken)
        except BaseException:
            await self._follow("it could not begin to decide")
            raise
        self.role, self.leader_id, self.leader_address = Role.LEADING, self._store.replica_id, ""
        self._notify()
        took = asyncio.get_running_loop().time() - began_at
        log.info("leads", term=taken.term, took_seconds=round(took, 3))

    async def _keep(self) -> None:
        """See whether the lead is lost."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_lost.wait(), BEAT_SECONDS)
        if self._is_lost.is_set():
            await self.step_down("another one leads, or may")
        elif not self.leads and self.role is Role.LEADING:
            await self.step_down("its lease has run out")

    async def renew(self) -> None:
        """Renew the lease, if there is one.

        Raises:
            JournalUnavailableError: The store cannot be asked.
        """
        if self.role is Role.FOLLOWING:
            return
        asked_at = asyncio.get_running_loop().time()
        if await self._store.renew_lead():
            self._lease_until = asked_at + LEASE_SECONDS
        else:
            self._is_lost.set()

    async def step_down(self, why: str) -> None:
        """Follow. Does nothing where it does already."""
        async with self._lock:
            if self.role is Role.FOLLOWING:
                return
            log.warning("leads_no_more", term=self.term, why=why)
            await self._follow(why)

    async def _follow(self, why: str) -> None:
        self.role = Role.FOLLOWING
        self.leader_id = self.leader_address = ""
        self._is_wanted.clear()
        self._notify()
        await asyncio.gather(self._end(why), self._let_go())  # in this order: nothing is taken any more when it is let go.

    async def _let_go(self) -> None:
        try:
            await self._store.give_up_lead()
        except OndutyError as error:
            log.warning("lead_not_given_up", error=str(error))

    async def hand_over(self) -> None:
        """Lead no more from now on. What was taken is decided first."""
        self._is_ending = True
        async with self._lock:
            if self.role is not Role.LEADING:
                return
            log.info("handing_over", term=self.term)
            self.role = Role.HANDING_OVER
            self._notify()
            await self._finish()
            await self._follow("it is about to end")
