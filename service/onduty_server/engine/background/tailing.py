"""Follows a journal that replicas share: applies what others have committed, and knows how current this replica is.

Theory of operation
-------------------
A look waits until the store notifies of something, or for a quarter of a second, and says what there is. What lies beyond the
head is read then, by the replica's one applier. A replica that leads reads nothing: what it appended it applies itself, and
nobody else can append. It looks all the same: so it learns that it does not lead any more.

Where the store has another epoch, or ends before the head, history was cut: everything is read anew, and who watches begins
again.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Instant, Micros
from onduty_server.engine.background.leadership import Leadership
from onduty_server.engine.live.confirmed_head import SharedHead
from onduty_server.engine.live.replica import MissingRecordsError, Replica
from onduty_server.ports import Clock
from onduty_server.replication import LOOK_SECONDS, Look, Replication

log = structlog.get_logger(__name__)

OUT_OF_TOUCH_SECONDS = 2.0
"""A replica that has confirmed nothing for so long says that it does not serve."""


class Tail:
    """Looks, again and again; ``on_change`` is called when ``is_in_touch`` has changed."""

    def __init__(
        self,
        replica: Replica,
        store: Replication,
        clock: Clock,
        *,
        head: SharedHead,
        leadership: Leadership,
        epoch: Callable[[], int],
        reload: Callable[[int], Awaitable[None]],
        on_change: Callable[[], None],
    ) -> None:
        """``epoch`` is that of what is shown; ``reload`` shows the store anew, in its present epoch."""
        self._replica = replica
        self._store = store
        self._clock = clock
        self._head = head
        self._leadership = leadership
        self._epoch = epoch
        self._reload = reload
        self._on_change = on_change
        self._is_failing = False
        self.is_in_touch = False

    async def step(self) -> None:
        """Look once, and take in what has come."""
        began_at, before, earliest = asyncio.get_running_loop().time(), self._replica.head, self._clock.now()
        try:
            look = await self._store.look(LOOK_SECONDS, wakes=not self._leadership.applies_itself)
            await self._take_in(look, before)
        except JournalUnavailableError as error:
            self._tell_failure(error)
            await asyncio.sleep(LOOK_SECONDS)
            return
        finally:
            self.tell()
        self._is_failing = False
        self._head.looked(began_at, look.head)
        self.tell()
        self._leadership.saw(look, clock_ahead=_ahead(earliest, self._clock.now(), look.at))
        if self._clock.step_due and not self._leadership.leads:
            self._clock.step(self._clock.step_due)  # nobody's deadlines go by the clock of who does not lead.

    async def _take_in(self, look: Look, before: int) -> None:
        if self._leadership.applies_itself:
            return
        if look.epoch != self._epoch() or look.head < before:
            await self._reload(look.epoch)
        elif look.head > self._replica.head:
            try:
                await self._replica.catch_up()
            except MissingRecordsError as error:
                log.warning("records_were_forgotten", error=str(error))
                await self._reload(look.epoch)

    def tell(self) -> None:
        """See whether the store is still in touch, and say so where that has changed."""
        is_in_touch = self._head.age_seconds <= OUT_OF_TOUCH_SECONDS
        if is_in_touch is not self.is_in_touch:
            self.is_in_touch = is_in_touch
            self._on_change()

    def _tell_failure(self, error: JournalUnavailableError) -> None:
        if not self._is_failing:
            log.warning("store_not_seen", error=str(error))
        self._is_failing = True


def _ahead(earliest: Instant, latest: Instant, at: Instant) -> Micros:
    """By how much the clock is ahead of the store's, at least; negative: behind. It showed the two instants around the look."""
    if at < earliest:
        return Micros(earliest - at)
    return Micros(min(0, latest - at))
