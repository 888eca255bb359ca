"""Watches whether the event loop turns, and by how much it comes late; other threads may ask when it turned last."""

import asyncio
from typing import Final

from onduty_server.metering import Meter

TURN_SECONDS: Final = 0.25
STANDS_AFTER_SECONDS: Final = 5.0
"""A loop that has not turned for so long does not turn: the longest stops that are known take a tenth of it."""


class LoopWatch:
    """The loop's own turns, four a second."""

    def __init__(self, meter: Meter) -> None:
        """It counts as turned now."""
        self._meter = meter
        self._stalls = meter.distribution("onduty_loop_stall_seconds")
        self._turned_at = meter.now()

    async def run(self) -> None:
        """Note each turn, until cancelled."""
        while True:
            before = self._meter.now()
            await asyncio.sleep(TURN_SECONDS)
            self._turned_at = self._meter.now()
            self._stalls.observe(max(self._turned_at - before - TURN_SECONDS, 0.0))

    def trouble(self) -> str:
        """What is wrong with the loop; empty where it turns. Any thread may ask."""
        stood = self._meter.now() - self._turned_at
        return f"the event loop has not turned for {stood:.1f} s" if stood > STANDS_AFTER_SECONDS else ""
