"""The instants at which something is due, over all tenants, in one heap.

An entry says: look at this staff member then. It stays when the state changes; whoever looks reads the state that there is. So
a deadline needs an entry only if none of the same staff member comes before it. Calls and wrap-ups come and go without a trace
here: with an entry for each there would be hundreds of thousands, and adding one would cost more than deciding.
"""

import asyncio
import heapq
from collections.abc import Iterable

from onduty_server.domain.model.status import Instant
from onduty_server.ports import Clock

DueEntry = tuple[Instant, str, str]
"""When, tenant and staff id."""


class DeadlineQueue:
    """The entries. Those of one staff member are kept by descending instants; what is not among them is skipped in the heap."""

    def __init__(self) -> None:
        """Empty."""
        self._heap: list[tuple[Instant, tuple[str, str]]] = []
        self._of: dict[tuple[str, str], tuple[Instant, ...]] = {}
        self._earlier = asyncio.Event()

    def push(self, at: Instant, tenant: str, staff_id: str) -> None:
        """Something of this staff member is due at an instant. Nothing is added where they will be looked at before."""
        key = (tenant, staff_id)
        known = self._of.get(key)
        if known is not None and known[-1] <= at:
            return
        self._of[key] = (at,) if known is None else (*known, at)
        if not self._heap or at < self._heap[0][0]:
            self._earlier.set()
        heapq.heappush(self._heap, (at, key))

    def first(self) -> Instant | None:
        """The earliest instant of an entry, or None."""
        while self._heap and self._heap[0][0] not in self._of.get(self._heap[0][1], ()):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def is_due(self, now: Instant) -> bool:
        """Whether there is an entry that is due."""
        first = self.first()
        return first is not None and first <= now

    def due(self, now: Instant, most: int) -> list[DueEntry]:
        """The earliest entries that are due, at most so many. They stay until they are dropped."""
        popped: list[tuple[Instant, tuple[str, str]]] = []
        while len(popped) < most and self.is_due(now):
            popped.append(heapq.heappop(self._heap))
        for entry in popped:
            heapq.heappush(self._heap, entry)
        return [(at, *key) for at, key in popped]

    def drop(self, entries: Iterable[DueEntry]) -> None:
        """Forget entries. Whoever drops them pushes what will be due."""
        for at, tenant, staff_id in entries:
            key = (tenant, staff_id)
            left = tuple([other for other in self._of.get(key, ()) if other != at])
            if left:
                self._of[key] = left
            else:
                self._of.pop(key, None)

    def __len__(self) -> int:
        """How many entries there are."""
        return sum(map(len, self._of.values()))

    @property
    def people(self) -> int:
        """Of how many something is due."""
        return len(self._of)

    def renew(self, entries: Iterable[DueEntry]) -> None:
        """Replace all entries by these, at most one for a staff member."""
        self._heap = [(at, (tenant, staff_id)) for at, tenant, staff_id in entries]
        self._of = {key: (at,) for at, key in self._heap}
        heapq.heapify(self._heap)
        self._earlier.set()

    async def wait(self, clock: Clock) -> None:
        """Return when the earliest entry is due."""
        while True:
            self._earlier.clear()
            at = self.first()
            if at is None:
                await self._earlier.wait()
                continue
            if at <= clock.now():
                return
            sleep = asyncio.ensure_future(clock.sleep_until(at))
            change = asyncio.ensure_future(self._earlier.wait())
            try:
                await asyncio.wait((sleep, change), return_when=asyncio.FIRST_COMPLETED)
            finally:
                sleep.cancel()
                change.cancel()
