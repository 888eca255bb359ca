"""A bounded ring of encoded changes: each watcher has a cursor into it, none has a queue, and appending never waits.

One log a tenant. A cursor is the revision up to which a watcher has been served. What has left the ring is in the journal.
"""

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from itertools import chain
from weakref import WeakSet

from onduty_server.domain.model.status import Status
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch import budgets, selection
from onduty_server.engine.watch.change import Delivery, LoggedChange
from onduty_server.engine.watch.frames import SharedFrames
from onduty_server.engine.watch.pacer import BroadcastPacer, Waiter
from onduty_server.engine.watch.round_marks import RoundMarks
from onduty_server.engine.watch.subscribers import NamedWatcher, NamedWatchers
from onduty_server.ports import Revision

RING_CHANGES = 100_000
RING_AGE_SECONDS = 900.0

CHAIN_STEP = 8
"""Going along a named staff member's chain costs as much as looking at so many changes in a row."""


class ChangeRing:
    """The ring of one tenant and its waiting watchers."""

    def __init__(
        self,
        head: Callable[[], Revision],
        marks: selection.LeftMarks,
        *,
        added: Callable[[int], None] = lambda _size: None,
        frames: SharedFrames | None = None,
    ) -> None:
        """An empty ring: changes up to the present ``head`` of the store are in the journal only.

        ``added`` is told by how many bytes it has grown.
        """
        self.floor = head()
        self._head = head
        self._visible = self.floor
        self._rounds = BroadcastPacer(self._begin_round)
        self._changes: list[LoggedChange] = []
        self._revisions: list[Revision] = []
        self._newest: dict[str, LoggedChange] = {}
        self._bytes = 0
        self._left_marks = marks
        self._named = NamedWatchers()
        self._added = added
        self.frames = SharedFrames(lambda _size: None) if frames is None else frames
        self._seen: deque[tuple[float, Revision]] = deque()
        self._marks = RoundMarks()
        self.watchers: WeakSet[object] = WeakSet()
        """Who watches; one that was never closed leaves when nobody has it any more."""

    @property
    def is_idle(self) -> bool:
        """Whether nobody watches, and a new ring would be the same."""
        return not self._changes and not self.watchers

    @property
    def through(self) -> Revision:
        """The revision up to which this log has every change of its tenant: the store's head."""
        return self._head()

    @property
    def visible(self) -> Revision:
        """The revision up to which watchers are served now: what there was when the last round began.

        So they stay together and share their frames.
        """
        return self._visible if self._rounds.fresh else self._head()

    # --- writing ------------------------------------------------------------------------------------------------------

    def publish(self, changes: Sequence[LoggedChange]) -> None:
        """Add committed changes by ascending revision and wake who waits for them. Never waits."""
        self._changes.extend(changes)
        self._revisions.extend(change.revision for change in changes)
        size = sum([len(change.element) for change in changes])
        self._bytes += size
        self._newest.update((change.staff_id, change) for change in changes)
        self._trim()
        self._added(size)
        self._named.changed([change.staff_id for change in changes])
        self._rounds.published(len(changes))

    def wake(self) -> None:
        """Wake everybody who watches more than named staff: what they may see could be another thing now."""
        self._rounds.published(1)

    def _begin_round(self) -> int:
        self._visible = self._head()
        self._marks.add(self._visible, self._rounds.fresh_since)
        self.frames.drop()
        return self._named.wake()

    def _trim(self) -> None:
        """Let the oldest go once the ring is an eighth over a bound; doing it in slices keeps it cheap."""
        if len(self._changes) <= RING_CHANGES * 9 // 8 and self._bytes <= budgets.RING_BYTES * 9 // 8:
            return
        drop = max(0, len(self._changes) - RING_CHANGES)
        size = self._bytes - sum(len(change.element) for change in self._changes[:drop])
        while size > budgets.RING_BYTES:
            size -= len(self._changes[drop].element)
            drop += 1
        self._drop(drop, size)

    @property
    def size(self) -> int:
        """The bytes of the changes that it holds."""
        return self._bytes

    def shrink(self, excess: int) -> None:
        """Drop the oldest changes, of so many bytes together: they are in the journal."""
        drop, size = 0, self._bytes
        while excess > 0 and drop < len(self._changes):
            excess -= len(self._changes[drop].element)
            size -= len(self._changes[drop].element)
            drop += 1
        if drop:
            self._drop(drop, size)

    def age(self, now: float) -> None:
        """Let go of what has been here for longer than the ring's age; ``now`` is in seconds of a clock that never goes back.

        Called every now and then, it keeps a tenant on which nothing happens any more from holding memory.
        """
        self._seen.append((now, self.through))
        through = None
        while self._seen and self._seen[0][0] <= now - RING_AGE_SECONDS:
            through = self._seen.popleft()[1]
        drop = 0 if through is None else bisect_right(self._revisions, through)
        if drop:
            self._drop(drop, self._bytes - sum(len(change.element) for change in self._changes[:drop]))

    def clear(self) -> None:
        """Let go of everything: it has been rewritten in the journal."""
        if self._changes:
            self._drop(len(self._changes), 0)
        self.frames.drop()

    def _drop(self, drop: int, size: int) -> None:
        """Let go of the first ``drop`` changes; ``size`` is what the others have in bytes."""
        self.floor = self._revisions[drop - 1]
        self._bytes = size
        for change in self._changes[:drop]:
            if self._newest.get(change.staff_id) is change:
                del self._newest[change.staff_id]
        del self._changes[:drop]
        del self._revisions[:drop]

    # --- reading ------------------------------------------------------------------------------------------------------

    def holds(self, cursor: Revision) -> bool:
        """Whether everything after ``cursor`` is still in the ring."""
        return cursor >= self.floor

    def has_changes(self, cursor: Revision, through: Revision) -> bool:
        """Whether there are changes after ``cursor`` up to a revision, or may be: what has left the ring is not looked at."""
        if cursor >= through:
            return False
        return cursor < self.floor or bisect_right(self._revisions, through) > bisect_right(self._revisions, cursor)

    def is_near(self, cursor: Revision, through: Revision) -> bool:
        """Whether the ring has everything after ``cursor``, and that is no more than a frame carries."""
        if cursor < self.floor:
            return False
        first = bisect_right(self._revisions, cursor)
        return bisect_right(self._revisions, through, first) - first <= selection.FRAME_CHANGES

    def places(self, at: Revision, through: Revision) -> dict[str, tuple[tuple[str, ...], Status] | None]:
        """Where they stood at a revision that it ``holds``, by id: all who changed after it, up to another.

        None: they were not there.
        """
        first, end = bisect_right(self._revisions, at), bisect_right(self._revisions, through)
        return {change.staff_id: change.was for change in reversed(self._changes[first:end])}

    def batch(self, staff_filter: StaffFilter, cursor: Revision, through: Revision, *, latest_only: bool) -> Delivery | None:
        """What follows ``cursor`` up to ``through`` for this filter, bounded; None if nothing matches (all was looked at)."""
        if cursor >= through:
            return None
        key = (staff_filter, cursor, through, latest_only)
        return self.frames.get(key, lambda: self._build(staff_filter, cursor, through, latest_only=latest_only))

    def _build(self, staff_filter: StaffFilter, cursor: Revision, through: Revision, *, latest_only: bool) -> Delivery | None:
        start, end = bisect_right(self._revisions, cursor), bisect_right(self._revisions, through)
        if staff_filter.staff_ids is not None and len(staff_filter.staff_ids) * CHAIN_STEP < end - start:
            chains = (self._chain(staff_id, cursor, through) for staff_id in staff_filter.staff_ids)
            changes = sorted(chain.from_iterable(chains), key=lambda change: change.revision)
        else:
            changes = self._changes[start : min(end, start + selection.FRAME_CHANGES + 1)]
        delivery = selection.select(changes, staff_filter, through, self._left_marks, latest_only=latest_only)
        if delivery is not None and delivery.first:
            delivery.committed_at = self._marks.since(delivery.first)
        return delivery

    def _chain(self, staff_id: str, cursor: Revision, through: Revision) -> list[LoggedChange]:
        """One staff member's changes after ``cursor``, found backwards from the newest without touching the others'."""
        found: list[LoggedChange] = []
        change = self._newest.get(staff_id)
        while change is not None and change.revision > cursor:
            if change.revision <= through:
                found.append(change)
            index = bisect_right(self._revisions, change.previous) - 1
            change = self._changes[index] if change.previous > cursor and index >= 0 else None
        return found

    def watch(self, staff_ids: frozenset[str]) -> NamedWatcher:
        """Register a watcher of these staff, to be handed to ``leave`` at its end.

        What is published and not visible yet may be of its staff: the next round wakes it, like those who were there before.
        """
        named = self._named.register(staff_ids)
        if self._rounds.fresh:
            self._named.look_again(named)
        return named

    def wait(self, named: NamedWatcher | None, before: Waiter | None = None) -> Waiter:
        """A future that is done at the next round; of a watcher of named staff, at the next in which one of them changed.

        Hand it to ``stop_waiting`` afterwards. ``before`` is the future that the same watcher got the last time.
        """
        if named is not None:
            return named.wait()
        future: Waiter = asyncio.get_running_loop().create_future()
        self._rounds.wait(future, before)
        return future

    def stop_waiting(self, future: Waiter) -> None:
        """Forget a waiter."""
        self._rounds.leave(future)

    def leave(self, named: NamedWatcher) -> None:
        """Forget a watcher of named staff."""
        self._named.leave(named)

    @property
    def waiting(self) -> int:
        """How many wait; a watcher of several staff counts once for each, for as long as it is registered."""
        return self._rounds.waiting + len(self._named)
