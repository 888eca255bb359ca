"""A clock that tests set; it stands in for the machine's because a test must not wait for hours to pass."""

import asyncio

from onduty_server.domain.model.status import SECOND, Instant, Micros, seconds


class FakeClock:
    """Stands still until it is moved; who sleeps until an instant is woken when it is reached."""

    def __init__(self, start: int = 1_000_000_000_000_000) -> None:
        """``start`` in microseconds since the epoch."""
        self._now = Instant(start)
        self.spent = Micros(0)
        self.step_due = Micros(0)
        self._sleepers: list[tuple[Instant, asyncio.Future[None]]] = []

    def start_from(self, last: Instant) -> None:
        """It is where the test has put it."""

    @property
    def divergence(self) -> Micros:
        """There is no other clock."""
        return Micros(0)

    def step(self, by: Micros) -> None:
        """Step forward, as if the wall clock had been set."""
        self.step_due = Micros(0)
        self.move(by / SECOND)

    def now(self) -> Instant:
        """The instant it was moved to."""
        return self._now

    def cpu(self) -> Micros:
        """What a test says: no time at first."""
        return self.spent

    def move(self, by_seconds: float) -> Instant:
        """Move it, also back; returns the new instant."""
        self._now = Instant(self._now + seconds(by_seconds))
        for at, sleeper in self._sleepers:
            if at <= self._now and not sleeper.done():
                sleeper.set_result(None)
        return self._now

    async def sleep_until(self, at: Instant) -> None:
        """Wait until it was moved to ``at`` or beyond."""
        while self._now < at:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.append((at, sleeper))
            await sleeper
