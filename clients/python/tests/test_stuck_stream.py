"""A read that gRPC never ends, although it was cancelled: the blocking floor goes on without it.

The stream here is made up: the fault is a rare race within older versions of gRPC and cannot be had at will.
"""

import threading

from kinds import BLOCKING, World
from onduty_process import OndutyProcess, wait_until

from onduty_client import Connection, FloorState
from onduty_client.silence import STUCK_SECONDS


class StuckStream:
    """Nothing comes, and cancelling does not help; ``let_go`` is for the end of the test."""

    def __init__(self, let_go: threading.Event) -> None:
        """Stuck until then."""
        self._let_go = let_go

    def read(self) -> None:
        """Blocks."""
        self._let_go.wait(60)

    def cancel(self) -> None:
        """Does nothing."""


class SometimesStuck(Connection):
    """The streams that ``stuck`` counts are stuck; the others are real."""

    stuck = 1

    def __init__(self, options) -> None:
        """As any connection."""
        super().__init__(options)
        self.let_go = threading.Event()

    def stream(self, method, request, **more):
        """The real stream, or a stuck one."""
        if self.stuck:
            self.stuck -= 1
            return StuckStream(self.let_go)
        return super().stream(method, request, **more)


async def test_another_thread_goes_on(server: OndutyProcess):
    """After the silence and the time to be cancelled; the thread that comes back late changes nothing."""
    world = World(BLOCKING, server.address)
    world.kind = type(BLOCKING)("blocking", SometimesStuck, BLOCKING.router, BLOCKING.workspace, BLOCKING.floor)
    connection = world.connect(bookmark_interval=1, backoff_initial=0.05)
    states: list[FloorState] = []
    floor = BLOCKING.router(connection).floor(on_state=states.append)
    floor.wait_current(3 + STUCK_SECONDS + 3)
    connection.let_go.set()
    wait_until(lambda: sum(one.name == "onduty-floor" for one in threading.enumerate()) == 1)
    assert states == [FloorState.CURRENT]
    await world.close()
    assert states == [FloorState.CURRENT, FloorState.CLOSED]


async def test_close_does_not_wait_for_ever(server: OndutyProcess):
    """It gives the stuck thread its time and leaves it behind."""
    world = World(BLOCKING, server.address)
    world.kind = type(BLOCKING)("blocking", SometimesStuck, BLOCKING.router, BLOCKING.workspace, BLOCKING.floor)
    connection = world.connect()
    floor = BLOCKING.router(connection).floor()
    floor.close()
    assert floor.state is FloorState.CLOSED
    connection.let_go.set()
    wait_until(lambda: all(one.name != "onduty-floor" for one in threading.enumerate()))
    await world.close()
