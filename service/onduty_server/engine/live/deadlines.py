"""One heap of deadlines over all tenants; it tells what is due and fires nothing.

An entry says: look at this staff member then. It stays when the state changes, and who pops it looks at the state there is. So
a deadline needs an entry only if none of the same staff member comes before it. Calls and wrap-ups come and go without a trace
here: with an entry for each there would be hundreds of thousands, and adding one would cost more than deciding.
"""

import asyncio
import heapq
from collections.abc import Iterable

from onduty_server.domain.model.status import Instant
from onduty_server.ports import Clock


class DeadlineQueue:
    """The instants at which something may be due."""

    def __init__(self) -> None:
        """Empty."""
        self._heap: list[tuple[Instant, tuple[str, str]]] = []
        self._of: dict[tuple[str, str], tuple[Instant, ...]] = {}
        self._earlier = asyncio.Event()

    def push(self, at: Instant, tenant: str, staff_id: str) -> None:
        """Something of this staff member is due at an instant. Nothing is added where they will be looked at before."""
        place = (tenant, staff_id)
        known = self._of.get(place)
        if known is not None and known[-1] <= at:
            return
        self._of[place] = (at,) if known is None else (*known, at)
        if not self._heap or at < self._heap[0][0]:
            self._earlier.set()
        heapq.heappush(self._heap, (at, place))

    def is_due(self, now: Instant) -> bool:
        """Whether there is an entry that is due."""
        return bool(self._heap) and self._heap[0][0] <= now

    def pop_due(self, now: Instant) -> tuple[Instant, str, str] | None:
        """Take the earliest entry that is due, or None. Who finds nothing due pushes what will be."""
        if not self.is_due(now):
            return None
        at, place = heapq.heappop(self._heap)
        later = self._of.pop(place)[:-1]
        if later:
            self._of[place] = later
        return at, *place

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._heap)

    def renew(self, entries: Iterable[tuple[Instant, str, str]]) -> None:
        """Have exactly these entries, at most one for a staff member."""
        self._heap = [(at, (tenant, staff_id)) for at, tenant, staff_id in entries]
        self._of = {place: (at,) for at, place in self._heap}
        heapq.heapify(self._heap)
        self._earlier.set()

    async def wait(self, clock: Clock) -> None:
        """Return when the earliest entry is due."""
        while True:
            self._earlier.clear()
            if not self._heap:
                await self._earlier.wait()
                continue
            at = self._heap[0][0]
            if at <= clock.now():
                return
            sleep = asyncio.ensure_future(clock.sleep_until(at))
            change = asyncio.ensure_future(self._earlier.wait())
            try:
                await asyncio.wait((sleep, change), return_when=asyncio.FIRST_COMPLETED)
            finally:
                sleep.cancel()
                change.cancel()
