"""When watchers are woken: at once while there is little to do, in rounds under load.

After a round there is a rest:

    rest = min(took, counted) * clamp(carried / FULL_FRAME_CHANGES, LEAST_REST, MOST_REST)

Waking a watcher costs about as much whether its frame carries one change or fifty. So after a round, in which every watcher
that waits gets a frame, there is a rest. It is as long as the round took, times a factor that grows with what the frames
carried: who is served alone, or seldom, hardly notices; under load there are few, large frames instead of many small ones, and
half of the time at least is left for what is asked.
"""

import asyncio
from collections.abc import Callable
from typing import Final

LEAST_REST: Final = 1.0
MOST_REST: Final = 2.0
"""The rest after a round, in lengths of the round. Less of it tells changes sooner, and leaves too little for new ones."""

FULL_FRAME_CHANGES: Final = 30
"""From so many changes in a round on, the rest is longer than the round."""

LONGEST_ROUND_SECONDS: Final = 0.02
"""A round is over after so long, also if not everybody is back: who has stopped reading keeps nobody waiting."""

COUNTED_SECONDS_LEAST: Final = 0.002
COUNTED_SECONDS_A_WATCHER: Final = 1e-4
"""So much of a round counts for its rest: several times what frames cost. Where it took longer, the process did not run, and
a rest by its length would make a pause two or three times as long for those who watch."""

Waiter = asyncio.Future[None]


class BroadcastPacer:
    """The rhythm of one ring, and who waits for it.

    ``on_begin`` is called before anybody is woken. It wakes others, who do not wait here, and returns how many.
    """

    def __init__(self, on_begin: Callable[[], int]) -> None:
        """At rest; nobody waits."""
        self._on_begin = on_begin
        self.fresh = 0
        """Changes that no round has told of yet."""
        self.fresh_since = 0.0
        """The event loop's time at which the first of them came."""
        self._waiting: set[Waiter] = set()
        self._out: set[Waiter] = set()
        self._woken = 0
        self._carried = 0
        self._began_at = 0.0
        self._rests_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def published(self, changes: int) -> None:
        """There are so many more changes to tell: in a round that begins now, or when this one and its rest are over."""
        loop = asyncio.get_running_loop()
        if not self.fresh:
            self.fresh_since = loop.time()
        self.fresh += changes
        if self._timer is not None:
            return
        if loop.time() >= self._rests_until:
            self._begin()
        else:
            self._timer = loop.call_at(self._rests_until, self._begin)

    def wait(self, waiter: Waiter, before: Waiter | None) -> None:
        """``waiter`` is to be woken in the next round; ``before`` is what the same watcher waited with the last time."""
        self._waiting.add(waiter)
        if before in self._out:
            self._out.discard(before)
            if not self._out and self._timer is not None:
                self._timer.cancel()
                self._end()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def leave(self, waiter: Waiter) -> None:
        """Forget a waiter."""
        self._waiting.discard(waiter)

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer, self._began_at = None, loop.time()
        self._carried, self.fresh = self.fresh, 0
        others = self._on_begin()
        self._out, self._waiting = self._waiting, set()
        self._woken = len(self._out) + others
        for waiter in self._out:
            if not waiter.done():
                waiter.set_result(None)
        if self._out:
            self._timer = loop.call_later(LONGEST_ROUND_SECONDS, self._end)
        elif others:
            self._timer = loop.call_later(0, self._end)  # when they have had their turn of the loop

    def _end(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        part = min(max(self._carried / FULL_FRAME_CHANGES, LEAST_REST), MOST_REST)
        self._out, self._timer = set(), None
        counted = max(COUNTED_SECONDS_LEAST, self._woken * COUNTED_SECONDS_A_WATCHER)
        self._rests_until = now + min(now - self._began_at, counted) * part
        if self.fresh:
            self._timer = loop.call_at(self._rests_until, self._begin)
