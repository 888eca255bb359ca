"""A read that gRPC never ends, although it was cancelled: the blocking floor goes on without it.

The stream here is made up: the fault is a rare race within older versions of gRPC and cannot be had at will.
"""

import threading

from kinds import BLOCKING, World
from onduty_process import LONG, OndutyProcess

from onduty_client import Connection, FloorState
from onduty_client.silence import SilenceWatch


class StuckStream:
    """Nothing comes, and cancelling does not help; ``let_go`` is for the end of the test."""

    def __init__(self, is_read: threading.Event, let_go: threading.Event) -> None:
        """Stuck until then; ``is_read`` is set where a read begins."""
        self._is_read = is_read
        self._let_go = let_go

    def read(self) -> None:
        """Blocks."""
        self._is_read.set()
        self._let_go.wait()

    def cancel(self) -> None:
        """Does nothing."""


class OneSilence(SilenceWatch):
    """The first wait for a frame has the time it was given; those after it are never too long."""

    asked: float | None = None

    def within(self, seconds, cancel, give_up):
        """As any, with that time."""
        first = self.asked is None
        self.asked = self.asked or seconds
        return super().within(seconds if first else 1_000, cancel, give_up)


class SometimesStuck(Connection):
    """The streams that ``stuck`` counts are stuck; the others are real."""

    stuck = 1

    def __init__(self, options) -> None:
        """As any connection."""
        super().__init__(options)
        self.silence = OneSilence()
        self.is_read = threading.Event()
        self.let_go = threading.Event()

    def stream(self, method, request, **more):
        """The real stream, or a stuck one."""
        if self.stuck:
            self.stuck -= 1
            return StuckStream(self.is_read, self.let_go)
        return super().stream(method, request, **more)


async def test_another_thread_goes_on(server: OndutyProcess):
    """After the silence and the time to be cancelled; the thread that comes back late changes nothing."""
    world = World(BLOCKING, server.address)
    world.kind = type(BLOCKING)(
        "blocking", SometimesStuck, BLOCKING.router, BLOCKING.workspace, BLOCKING.floor, BLOCKING.colleagues
    )
    connection = world.connect(bookmark_interval=1, backoff_initial=0.05)
    states: list[FloorState] = []
    floor = BLOCKING.router(connection).floor(on_state=states.append)
    stuck = floor._loop._thread
    floor.wait_current(2 * LONG)
    assert connection.silence.asked == 3
    assert stuck.is_alive()
    connection.let_go.set()
    stuck.join(LONG)
    assert (stuck.is_alive(), floor._loop._thread.is_alive()) == (False, True)
    assert states == [FloorState.CURRENT]
    await world.close()
    assert states == [FloorState.CURRENT, FloorState.CLOSED]


async def test_close_does_not_wait_for_ever(server: OndutyProcess):
    """It gives the stuck thread its time and leaves it behind."""
    world = World(BLOCKING, server.address)
    world.kind = type(BLOCKING)(
        "blocking", SometimesStuck, BLOCKING.router, BLOCKING.workspace, BLOCKING.floor, BLOCKING.colleagues
    )
    connection = world.connect()
    floor = BLOCKING.router(connection).floor()
    stuck = floor._loop._thread
    assert connection.is_read.wait(LONG)
    floor.close()
    assert (floor.state, stuck.is_alive()) == (FloorState.CLOSED, True)
    connection.let_go.set()
    stuck.join(LONG)
    assert not stuck.is_alive()
    await world.close()
