"""Puts together what an engine needs as one of several replicas: following the store, the election, and the heartbeat."""

from collections.abc import Callable
from typing import Protocol

from onduty_server.engine.background.attendance import Attendance
from onduty_server.engine.background.leadership import Leadership
from onduty_server.engine.background.supervisor import Supervisor
from onduty_server.engine.background.tailing import Tail
from onduty_server.engine.live.confirmed_head import SharedHead
from onduty_server.engine.live.replica import Replica
from onduty_server.ports import Clock
from onduty_server.replication import BEAT_SECONDS, Replication, TakenLead


class Decider(Protocol):
    """The engine, as far as its replica has it begin and end."""

    epoch: int

    async def lead(self, taken: TakenLead) -> None:
        """Decide from now on."""

    async def follow(self, why: str) -> None:
        """Decide nothing from now on."""

    async def finish_deciding(self) -> None:
        """Decide what was taken, and take nothing new."""

    async def reload(self, epoch: int) -> None:
        """Show the store anew."""


class Sharing:
    """One replica of a shared store."""

    def __init__(
        self, store: Replication, replica: Replica, clock: Clock, decider: Decider, *, on_change: Callable[[], None]
    ) -> None:
        """It looks at nothing until ``start``."""
        self.store = store
        self.head = SharedHead(lambda: replica.head)
        self.leadership = Leadership(store, begin=decider.lead, end=decider.follow, finish=decider.finish_deciding)
        self.tail = Tail(
            replica,
            store,
            clock,
            head=self.head,
            leadership=self.leadership,
            epoch=lambda: decider.epoch,
            reload=decider.reload,
            on_change=on_change,
        )
        self.attendance = Attendance(store, self.leadership)

    def start(self, supervisor: Supervisor) -> None:
        """Begin to look."""
        supervisor.start("tail", self.tail.step)
        supervisor.start("attendance", self.attendance.step, rest_seconds=BEAT_SECONDS)
        supervisor.start("leadership", self.leadership.step)
