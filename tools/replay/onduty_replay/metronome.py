"""Lets tasks wait for simulated instants; it reads the event loop's clock only."""

import asyncio
from typing import Final

from onduty_replay.pace import MICROSECONDS, Pace

CLOCK_SLACK_MICROSECONDS: Final = 20_000
"""How far the server's clock may be, beyond what reading it left open, from where it is reckoned to be when a run begins ..."""
CLOCK_DRIFT: Final = 200e-6
"""... and how much further it may go in each second."""


class Metronome:
    """A pace that has begun."""

    def __init__(self, pace: Pace, begun_at_loop_time: float, *, off_seconds: float = 0.0) -> None:
        """``begun_at_loop_time`` is the event loop's time at the played second 0, which may be off by so many seconds."""
        self.pace = pace
        self._begun_at = begun_at_loop_time
        self._off_seconds = off_seconds

    async def until(self, simulated: int) -> None:
        """Return at the simulated second, or at once if it has passed."""
        left = self._begun_at + self.pace.played.at(simulated) / self.pace.speed - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)

    @property
    def played_seconds(self) -> float:
        """The played seconds that have passed, at most all."""
        passed = (asyncio.get_running_loop().time() - self._begun_at) * self.pace.speed
        return max(0.0, min(passed, float(self.pace.played.total)))

    def could_be(self, happened_at: int, sent: float, received: float) -> bool:
        """Whether an instant by the server's clock can lie between two of the event loop's, clocks being what they are."""
        left_open = self._off_seconds + (received - self._begun_at) * CLOCK_DRIFT
        slack = CLOCK_SLACK_MICROSECONDS + left_open * MICROSECONDS
        return self._server_time(sent) - slack <= happened_at <= self._server_time(received) + slack

    def _server_time(self, loop_time: float) -> float:
        return self.pace.begun_at + (loop_time - self._begun_at) * MICROSECONDS

    def lateness_ms(self, planned: int, happened_at: int) -> float:
        """How late something happened, in milliseconds of the server's clock (``happened_at``: microseconds)."""
        return self.pace.lateness(planned, happened_at) / self.pace.speed / MICROSECONDS * 1_000
