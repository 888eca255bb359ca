"""A bounded ring of encoded changes: each watcher has a cursor into it, none has a queue, and appending never waits.

One log a tenant. A cursor is the revision up to which a watcher has been served. What has left the ring is in the journal.
"""

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from onduty_server.domain.model.status import Status
from onduty_server.domain.model.values import value
from onduty_server.engine.staff_filter import ColleagueFilter, StaffFilter
from onduty_server.engine.watch.pacer import BroadcastPacer, Waiter
from onduty_server.ports import Revision

RING_CHANGES = 100_000
RING_BYTES = 64 * 1024 * 1024
RING_AGE_SECONDS = 900.0
FRAME_BYTES = 256 * 1024
FRAME_CHANGES = 2_000
LATEST_BYTES = 1024 * 1024
SHARED_BATCHES = 4_096
CHAIN_STEP = 8
"""Going along a named staff member's chain costs as much as looking at so many changes in a row."""


@value
class LoggedChange:
    """One change, encoded, with what filters look at before and after it. ``was`` is None for a new staff member.

    ``previous`` is the revision of the same staff member's change before this one. ``seen`` says whether colleagues may see
    anything of it.
    """

    revision: Revision
    previous: Revision
    staff_id: str
    element: bytes
    groups: tuple[str, ...]
    status: Status
    was: tuple[tuple[str, ...], Status] | None
    deleted: bool = False
    seen: bool = True


@dataclass(slots=True)
class Delivery:
    """What a watcher is sent at once: elements by ascending revision, all of them up to ``through``.

    Watchers with the same filter and cursor get the same batch; ``frame`` keeps what the edge made of it, for all of them.
    """

    elements: list[bytes]
    through: Revision
    conflated: bool = False
    frame: Any = field(default=None)


class ChangeRing:
    """The ring of one tenant and its waiting watchers."""

    def __init__(self, head: Callable[[], Revision], mark_left: Callable[[bytes], bytes]) -> None:
        """An empty ring: changes up to the present ``head`` of the store are in the journal only."""
        self.floor = head()
        self._head = head
        self._told = self.floor
        self._rounds = BroadcastPacer(self._begin_round)
        self._changes: list[LoggedChange] = []
        self._revisions: list[Revision] = []
        self._newest: dict[str, LoggedChange] = {}
        self._bytes = 0
        self._mark_left = mark_left
        self._waiting_for: dict[str, set[Waiter]] = {}
        self._shared: dict[Hashable, Delivery | None] = {}
        self._seen: deque[tuple[float, Revision]] = deque()

    @property
    def through(self) -> Revision:
        """The revision up to which this log has every change of its tenant: the store's head."""
        return self._head()

    def told(self, chosen: StaffFilter) -> Revision:
        """The revision up to which watchers with this filter are told now.

        Those of named staff are told everything. All others are told what there was when the last round began, so that they
        stay together and share their frames.
        """
        return self._told if self._rounds.fresh and chosen.staff_ids is None else self._head()

    # --- writing ------------------------------------------------------------------------------------------------------

    def publish(self, changes: Sequence[LoggedChange]) -> None:
        """Add committed changes by ascending revision and wake who waits for them. Never waits."""
        self._changes.extend(changes)
        self._revisions.extend(change.revision for change in changes)
        self._bytes += sum(len(change.element) for change in changes)
        self._newest.update((change.staff_id, change) for change in changes)
        self._trim()
        self._wake_named(changes)
        self._rounds.published(len(changes))

    def wake(self) -> None:
        """Wake everybody who watches more than named staff: what they may see could be another thing now."""
        self._rounds.published(1)

    def _begin_round(self) -> None:
        self._told = self._head()
        self._shared.clear()

    def _trim(self) -> None:
        """Let the oldest go once the ring is an eighth over a bound; doing it in slices keeps it cheap."""
        if len(self._changes) <= RING_CHANGES * 9 // 8 and self._bytes <= RING_BYTES * 9 // 8:
            return
        drop = max(0, len(self._changes) - RING_CHANGES)
        size = self._bytes - sum(len(change.element) for change in self._changes[:drop])
        while size > RING_BYTES:
            size -= len(self._changes[drop].element)
            drop += 1
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
        self._shared.clear()

    def _drop(self, drop: int, size: int) -> None:
        """Let go of the first ``drop`` changes; ``size`` is what the others have in bytes."""
        self.floor = self._revisions[drop - 1]
        self._bytes = size
        for change in self._changes[:drop]:
            if self._newest.get(change.staff_id) is change:
                del self._newest[change.staff_id]
        del self._changes[:drop]
        del self._revisions[:drop]

    def _wake_named(self, changes: Sequence[LoggedChange]) -> None:
        for change in changes:
            for one in self._waiting_for.pop(change.staff_id, ()):
                if not one.done():
                    one.set_result(None)

    # --- reading ------------------------------------------------------------------------------------------------------

    def holds(self, cursor: Revision) -> bool:
        """Whether everything after ``cursor`` is still in the ring."""
        return cursor >= self.floor

    def batch(self, chosen: StaffFilter, cursor: Revision, through: Revision, *, latest_only: bool) -> Delivery | None:
        """What follows ``cursor`` up to ``through`` for this filter, bounded; None if nothing matches (all was looked at)."""
        if cursor >= through:
            return None
        key = (chosen, cursor, through, latest_only)
        if key not in self._shared:
            if len(self._shared) >= SHARED_BATCHES:
                self._shared.clear()
            self._shared[key] = self._build(chosen, cursor, through, latest_only=latest_only)
        return self._shared[key]

    def _build(self, chosen: StaffFilter, cursor: Revision, through: Revision, *, latest_only: bool) -> Delivery | None:
        start, end = bisect_right(self._revisions, cursor), bisect_right(self._revisions, through)
        if chosen.staff_ids is not None and len(chosen.staff_ids) * CHAIN_STEP < end - start:
            chains = (self._chain(staff_id, cursor, through) for staff_id in chosen.staff_ids)
            found = sorted(chain.from_iterable(chains), key=lambda change: change.revision)
        else:
            found = self._changes[start : min(end, start + FRAME_CHANGES + 1)]
        return select(found, chosen, through, self._mark_left, latest_only=latest_only)

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

    def wait(self, staff_ids: frozenset[str] | None, before: Waiter | None = None) -> Waiter:
        """A future that is done at the next round, or at the next change of these staff. Hand it to ``leave`` afterwards.

        ``before`` is the future that the same watcher got the last time.
        """
        future: Waiter = asyncio.get_running_loop().create_future()
        if staff_ids is None:
            self._rounds.wait(future, before)
        else:
            for staff_id in staff_ids:
                self._waiting_for.setdefault(staff_id, set()).add(future)
        return future

    @property
    def waiting(self) -> int:
        """How many wait; who waits for several staff counts once for each."""
        return self._rounds.waiting + sum(map(len, self._waiting_for.values()))

    def leave(self, future: Waiter, staff_ids: frozenset[str] | None) -> None:
        """Forget a waiter."""
        if staff_ids is None:
            self._rounds.leave(future)
            return
        for staff_id in staff_ids:
            waiting = self._waiting_for.get(staff_id)
            if waiting is not None:
                waiting.discard(future)
                if not waiting:
                    del self._waiting_for[staff_id]


def select(
    changes: Sequence[LoggedChange],
    chosen: StaffFilter,
    through: Revision,
    mark_left: Callable[[bytes], bytes],
    *,
    latest_only: bool,
) -> Delivery | None:
    """What a watcher with this filter gets of ``changes``: one bounded batch, or None if nothing matches.

    A staff member who was in the filter and is not any more comes as *left*. With ``latest_only`` only the last change of
    each staff member is kept, judged against the state before the first one.
    """
    window = changes[:FRAME_CHANGES]
    if latest_only:
        window = _within(window, LATEST_BYTES)  # what is left of it after conflating goes out as one frame
    cut = len(window) < len(changes)
    if cut:
        through = window[-1].revision
    if isinstance(chosen, ColleagueFilter):
        window = [change for change in window if change.seen]
    first_of: dict[str, LoggedChange] = {}
    last_of: dict[str, LoggedChange] = {}
    conflated = False
    if latest_only:
        for change in window:
            first_of.setdefault(change.staff_id, change)
            last_of[change.staff_id] = change
        conflated = len(last_of) < len(window)
        window = sorted(last_of.values(), key=lambda change: change.revision) if conflated else window
    elements: list[bytes] = []
    size = 0
    for change in window:
        was = first_of[change.staff_id].was if conflated else change.was
        element = _element(change, was, chosen, mark_left)
        if element is None:
            continue
        if elements and size + len(element) > FRAME_BYTES and not conflated:
            return Delivery(elements, Revision(change.revision - 1))
        elements.append(element)
        size += len(element)
    return Delivery(elements, through, conflated) if elements or cut else None


def _within(changes: Sequence[LoggedChange], most: int) -> Sequence[LoggedChange]:
    """The first changes whose elements together have at most so many bytes, but at least one."""
    size = 0
    for number, change in enumerate(changes):
        size += len(change.element)
        if number and size > most:
            return changes[:number]
    return changes


def _element(
    change: LoggedChange,
    was: tuple[tuple[str, ...], Status] | None,
    chosen: StaffFilter,
    mark_left: Callable[[bytes], bytes],
) -> bytes | None:
    if chosen.is_open:
        return mark_left(change.element) if change.deleted else change.element
    if not change.deleted and chosen.matches(change.staff_id, change.groups, change.status):
        return change.element
    if was is not None and chosen.matches(change.staff_id, *was):
        return mark_left(change.element)
    return None
