"""One watcher: a cursor over the ring that falls back to the journal. It never delays the committer or another watcher.

Theory of operation
-------------------
A watcher has a cursor and no queue. Whoever serves it asks for the ``next`` delivery, and asks again when that is written; how
fast it is served is its own affair. It is in one of three states:

- LIVE: the ring holds all that follows the cursor. A delivery is cut from the ring, and shared with all watchers that have the
  same filter and cursor. Committed changes wake it, in rounds (``pacer``).
- CATCHING_UP: what follows the cursor has left the ring. Chunks of the journal are read, one at a time for all of a tenant
  (``catch_up``), until the cursor is in the ring again. It is LIVE then. Where the journal has forgotten what follows, it ends.
  A watcher of the latest states reads no log, and is here already where it is behind by more than a frame: it walks once over
  those who changed since, as they are (``live/latest_walk``). In the middle of a walk ``since`` is where it began.
- STALLED: its peer does not take what was given to it. Nothing happens to it here; the edge ends it after a while
  (``rpc/stalls``).

A cursor moves forward only, over what was delivered and what did not match.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from operator import attrgetter
from typing import Protocol

from onduty_server.domain.model.errors import WatcherTooSlowError
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch.catch_up import CatchUp, Chunk
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.pacer import Waiter
from onduty_server.engine.watch.ring import ChangeRing
from onduty_server.engine.watch.selection import select
from onduty_server.engine.watch.subscribers import NamedWatcher
from onduty_server.ports import Codec, Journal, Revision


class WatcherState(Enum):
    """Where a watcher gets what follows its cursor, or that it does not ask for it."""

    LIVE = "from the ring"
    CATCHING_UP = "from the journal, or from the roster"
    STALLED = "its peer does not read"


class Walk(Protocol):
    """Those who changed after a revision, as they are."""

    async def next(self) -> Delivery:
        """The next delivery; ``since`` is set on all but the last."""


BeginWalk = Callable[[StaffFilter, Revision, Revision], Awaitable[Walk]]
"""Begins a walk over those who changed after the first revision and match a filter, or did at the second."""


class Watcher:
    """Yields batches after a cursor. ``cursor`` is the revision up to which everything was handed out or did not match.

    ``since`` is None but in the middle of a walk: see ``Delivery``.
    """

    def __init__(
        self,
        ring: ChangeRing,
        staff_filter: StaffFilter,
        *,
        journal: Journal,
        codec: Codec,
        catch_up: CatchUp,
        tenant: str,
        cursor: Revision,
        since: Revision | None = None,
        begin_walk: BeginWalk | None = None,
        last_revision: Callable[[str], Revision],
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """A watcher of a tenant's log; ``last_revision`` tells a staff member's last revision.

        With ``begin_walk`` it yields the latest state of each staff member only, as far as it is behind.
        Once ``holds`` says no, nothing more is handed out: what it is looked at for is no longer so.
        """
        self.holds = holds
        self._ring = ring
        self._journal = journal
        self._codec = codec
        self._catch_up = catch_up
        self._tenant = tenant
        self._staff_filter = staff_filter
        self._begin_walk = begin_walk
        self._walk: Walk | None = None
        self._last_revision = last_revision
        self.cursor = cursor
        self.since = since
        self._goal = ring.through
        self.is_behind = since is not None or ring.has_changes(cursor, self._goal)
        """Whether something that had happened when it was made is still to be looked at."""
        self.behind_since: float | None = None
        """The event loop's time since which it has been catching up; None while the ring has what follows."""
        self._named: NamedWatcher | None = None
        self._waits: Waiter | None = None
        self._waited: Waiter | None = None
        self._until = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._interrupted = False
        self._is_asked = False
        self._handed_out = 0
        ring.watchers.add(self)

    @property
    def state(self) -> WatcherState:
        """LIVE or CATCHING_UP while it is asked for the next delivery or has nothing to deliver, else STALLED."""
        if not self._is_asked and self.cursor < self._ring.through:
            return WatcherState.STALLED
        is_live = self._ring.holds(self.cursor) if self._begin_walk is None else not self._walks(self._ring.through)
        return WatcherState.LIVE if is_live else WatcherState.CATCHING_UP

    @property
    def is_catching_up(self) -> bool:
        """Whether it is asked for the next delivery, and that is not in the ring."""
        return self._is_asked and self.behind_since is not None

    @property
    def is_interrupted(self) -> bool:
        """Whether ``next`` has been made to end."""
        return self._interrupted

    def interrupt(self) -> None:
        """Make ``next`` return None soon, now and from now on; what it has to tell goes first."""
        self._interrupted = True
        if self._waits is not None:
            _finish(self._waits)

    async def next(self, until: float) -> Delivery | None:
        """The next batch, or None when the event loop's time reaches ``until``, or at an interrupt, with everything handed out.

        At ``until`` also a batch without elements, where much was looked at and nothing matched: it says how far that came.

        None too, and at once, when it ``holds`` no longer.

        Raises:
            WatcherTooSlowError: What follows the cursor is no longer kept.
            JournalUnavailableError: It is in the journal only, and that cannot be read.
        """
        self._is_asked = True
        try:
            return await self._next(until)
        finally:
            self._is_asked = False
            # Once only: who falls behind later is not said to have begun anew.
            self.is_behind = self.is_behind and (self.since is not None or self._ring.has_changes(self.cursor, self._goal))

    async def _next(self, until: float) -> Delivery | None:
        loop = asyncio.get_running_loop()
        while True:
            batch = await self._ready()
            if not self.holds():
                return None
            if batch is not None:
                self.cursor = batch.through
                if batch.elements or loop.time() >= until:
                    return batch
                continue
            if self._interrupted or loop.time() >= until:
                return None
            await self._wait(until)

    async def _ready(self) -> Delivery | None:
        self._skip_what_is_others()
        through = self._ring.through if self._interrupted else self._ring.visible
        if self.cursor >= through and self.since is None:
            self.behind_since = None
            return None
        if self._begin_walk is not None and self._walks(through):
            await self._take_turn()
            return self._noted(await self._from_roster(self._begin_walk))
        if not self._ring.holds(self.cursor):
            await self._take_turn()
            return self._noted(await self._from_journal(through))
        self.behind_since = None
        latest_only = self._begin_walk is not None
        batch = self._ring.batch(self._staff_filter, self.cursor, through, latest_only=latest_only)
        if batch is None:
            self.cursor = max(self.cursor, through)
        return batch

    async def _take_turn(self) -> None:
        """Wait for the turn before anything is cut: what waited afterwards could be rewritten meanwhile."""
        self._note_behind()
        await self._catch_up.pacer.turn(self._tenant, self._handed_out)

    def _noted(self, batch: Delivery) -> Delivery:
        """The size of the last delivery is about that of the next."""
        self._handed_out = len(batch.elements)
        return batch

    def _note_behind(self) -> None:
        if self.behind_since is None:
            self.behind_since = asyncio.get_running_loop().time()

    def _skip_what_is_others(self) -> None:
        """A watcher of named staff who did not change has missed nothing, however far the log has moved on."""
        named: Iterable[str] | None = self._staff_filter.staff_ids
        if named is None or self._ring.holds(self.cursor):
            return
        if all(self._last_revision(staff_id) <= self.cursor for staff_id in named):
            self.cursor, self.since, self._walk = self._ring.through, None, None

    def _walks(self, through: Revision) -> bool:
        return self.since is not None or not self._ring.is_near(self.cursor, through)

    async def _from_roster(self, begin: BeginWalk) -> Delivery:
        if self._walk is None:
            self._walk = await begin(self._staff_filter, self.cursor, self.cursor if self.since is None else self.since)
        batch = await self._walk.next()
        self.since = batch.since
        if batch.since is None:
            self._walk = None
        return batch

    async def _from_journal(self, through: Revision) -> Delivery:
        cursor = self.cursor
        chunk = await self._catch_up.after(self._tenant, cursor, through)
        if cursor < await self._journal.horizon(self._tenant):
            raise WatcherTooSlowError(cursor)
        through = min(through, chunk.through)
        key = (self._staff_filter, cursor, through, chunk.after)
        return self._ring.frames.get(key, lambda: self._cut(chunk, through)) or Delivery([], through)

    def _cut(self, chunk: Chunk, through: Revision) -> Delivery | None:
        start = bisect_right(chunk.changes, self.cursor, key=attrgetter("revision"))
        end = bisect_right(chunk.changes, through, key=attrgetter("revision"))
        return select(chunk.changes[start:end], self._staff_filter, through, self._codec, latest_only=False)

    async def _wait(self, until: float) -> None:
        if self._named is None and self._staff_filter.staff_ids is not None:
            self._named = self._ring.watch(self._staff_filter.staff_ids)
            return  # what changed before it was registered is looked at once more
        future = self._ring.wait(self._named, self._waited)
        self._waits = self._waited = future
        self._set_alarm(until)
        try:
            await future
        finally:
            self._waits = None
            if self._named is None:
                self._ring.stop_waiting(future)

    def _set_alarm(self, until: float) -> None:
        """One timer serves many waits: under load a watcher waits a hundred times a second, and none of it to its end."""
        self._until = until
        if self._alarm is not None and self._alarm.when() > until:
            self._alarm.cancel()
            self._alarm = None
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_at(until, self._sound)

    def _sound(self) -> None:
        self._alarm = None
        if self._waits is None:
            return
        if asyncio.get_running_loop().time() >= self._until:
            _finish(self._waits)
        else:
            self._set_alarm(self._until)

    def close(self) -> None:
        """Leave nothing behind."""
        self._ring.watchers.discard(self)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._named is not None:
            self._ring.leave(self._named)
            self._named = None


def _finish(future: Waiter) -> None:
    if not future.done():
        future.set_result(None)
