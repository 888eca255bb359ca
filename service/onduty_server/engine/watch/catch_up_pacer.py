"""Spreads out what watchers that catch up are given, so that most of the event loop's time is left to everybody else.

A delivery of thousands of changes costs the loop some milliseconds: it is cut, framed and handed to the transport. Twenty
watchers that come back at once would take all of its time for as long as they are behind. So one delivery at a time is handed
out, tenants by turns, and after each there is a rest:

    rest = changes * REST_SECONDS_A_CHANGE + how late this turn came

A turn comes late where the loop has other work. Whoever catches up then gives way, and is slower.
"""

import asyncio
from collections import deque
from typing import Final, NamedTuple

REST_SECONDS_A_CHANGE: Final = 2e-6
"""Twice what handing out a change costs, about."""

CHANGES_LEAST: Final = 200
"""A delivery without changes was cut too."""

LATE_SECONDS_MOST: Final = 0.02
"""So much of a delay counts at the most: a loop that is always busy lets some fifty deliveries a second through."""


class _Turn(NamedTuple):
    granted: asyncio.Future[None]
    changes: int


class CatchUpPacer:
    """The turns of all tenants."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._waiting: dict[str, deque[_Turn]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._rests_until = 0.0

    async def turn(self, tenant: str, changes: int) -> None:
        """Wait until a watcher of this tenant may be given a delivery of so many changes."""
        turn = _Turn(asyncio.get_running_loop().create_future(), max(changes, CHANGES_LEAST))
        self._waiting.setdefault(tenant, deque()).append(turn)
        self._schedule()
        await turn.granted

    def _schedule(self) -> None:
        if self._timer is None and self._waiting:
            loop = asyncio.get_running_loop()
            self._due = max(loop.time(), self._rests_until)
            self._timer = loop.call_at(self._due, self._grant)

    def _grant(self) -> None:
        self._timer = None
        turn = self._next()
        if turn is not None:
            turn.granted.set_result(None)
            now = asyncio.get_running_loop().time()
            late = min(max(now - self._due, 0.0), LATE_SECONDS_MOST)
            self._rests_until = now + turn.changes * REST_SECONDS_A_CHANGE + late
        self._schedule()

    def _next(self) -> _Turn | None:
        """The first turn of the tenant that has waited longest, which goes to the end; None: whoever waited has gone."""
        while self._waiting:
            tenant = next(iter(self._waiting))
            turns = self._waiting.pop(tenant)
            turn = turns.popleft()
            if turns:
                self._waiting[tenant] = turns
            if not turn.granted.done():
                return turn
        return None
