"""One replica of several: it decides while it leads, follows otherwise, and shows the store anew when its history was cut."""

from collections.abc import Callable

import structlog

from onduty_server.domain.model.status import Instant
from onduty_server.engine.background.deciding import Deciding
from onduty_server.engine.background.sharing import Sharing
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write.answer_book import AnswerBook
from onduty_server.ports import Clock, Journal
from onduty_server.replication import Replication, TakenLead

log = structlog.get_logger(__name__)


class Member:
    """``epoch`` is that of the store that is shown."""

    def __init__(
        self,
        replication: Replication,
        replica: Replica,
        journal: Journal,
        clock: Clock,
        *,
        book: AnswerBook,
        deciding: Deciding,
        on_change: Callable[[], None],
        on_reload: Callable[[int], None],
    ) -> None:
        """``on_change`` is called when its health may have changed, ``on_reload`` with the epoch that is shown from then on."""
        self.epoch = journal.epoch
        self._replica = replica
        self._journal = journal
        self._clock = clock
        self._book = book
        self._deciding = deciding
        self._on_change = on_change
        self._on_reload = on_reload
        self.sharing = Sharing(replication, replica, clock, self, on_change=on_change)

    async def lead(self, taken: TakenLead) -> None:
        """Decide from now on: nobody else can. Everything that was committed is taken in first.

        Raises:
            OndutyError: The store cannot be read, or the lead is lost again.
        """
        if taken.epoch != self.epoch or taken.head < self._replica.head:
            await self.reload(taken.epoch)
        await self._replica.catch_up()
        recorded_at = await self._journal.recorded_at(self._replica.head)
        self._replica.last_change = max(self._replica.last_change, recorded_at or Instant(0))
        self._clock.start_from(self._replica.last_change)
        self._replica.push_all_deadlines()
        self._book.forget_recent()
        self._book.expect_repeats()
        fired = await self._deciding.begin()
        log.info("began_to_decide", revision=self._replica.head, deadlines_fired=fired)

    async def follow(self, why: str) -> None:
        """Decide nothing from now on; what waits is to be asked of the leader."""
        await self._deciding.end(why)
        self._on_change()

    async def finish_deciding(self) -> None:
        """Decide what was taken, and take nothing new."""
        await self._deciding.finish()

    async def reload(self, epoch: int) -> None:
        """Show the store anew, in its present epoch. Who watches is sent away, to begin again.

        Raises:
            JournalUnavailableError: The store cannot be read.
        """
        log.warning("showing_the_store_anew", epoch=epoch, was_at=self._replica.head)
        self.sharing.head.lost()
        await self._replica.reload()
        self.epoch = epoch
        self._on_reload(epoch)
