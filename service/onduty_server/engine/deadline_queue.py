"""One heap of deadlines over all tenants; it tells what is due and fires nothing.

Entries are not removed when a state changes: who pops one compares it with the state it finds.
"""

import asyncio
import heapq
from collections.abc import Iterable

from onduty_server.domain.status import Instant
from onduty_server.ports import Clock


class DeadlineQueue:
    """The instants at which something may be due."""

    def __init__(self) -> None:
        """Empty."""
        self._heap: list[tuple[Instant, str, str]] = []
        self._earlier = asyncio.Event()

    def push(self, at: Instant, tenant: str, staff_id: str) -> None:
        """Something of this staff member is due at an instant."""
        if not self._heap or at < self._heap[0][0]:
            self._earlier.set()
        heapq.heappush(self._heap, (at, tenant, staff_id))

    def pop_due(self, now: Instant) -> tuple[Instant, str, str] | None:
        """Take the earliest entry that is due, or None."""
        if self._heap and self._heap[0][0] <= now:
            return heapq.heappop(self._heap)
        return None

    def __len__(self) -> int:
        """How many entries there are, those that mean nothing any more among them."""
        return len(self._heap)

    def renew(self, entries: Iterable[tuple[Instant, str, str]]) -> None:
        """Have exactly these entries."""
        self._heap = list(entries)
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
