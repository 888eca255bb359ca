"""Budgets of the bytes that watching holds in memory, over all tenants: whoever has most gives way first.

What is let go of is made anew for whoever asks: frames from the ring, changes and chunks from the journal. So a budget that is
too small costs time and loses nothing. A tenant may use what others leave. When there is too much, whoever has most gives way
first, and nobody below an equal share.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Final, Protocol

RINGS_BYTES: Final = 256 * 1024 * 1024
"""The changes in the rings."""

RING_BYTES: Final = 64 * 1024 * 1024
"""The most that one ring has, also where others leave more."""

FRAMES_BYTES: Final = 32 * 1024 * 1024
"""The frames that watchers share: each is kept until the next round, a second at the longest."""

CHUNKS_BYTES: Final = 32 * 1024 * 1024
"""The chunks of the journal for watchers that catch up, a minute at the longest."""

LOOKED_AT: Final = 16
"""A budget is looked at after a sixteenth of it has been added, so it may be exceeded by that."""


class Holder(Protocol):
    """One tenant's part."""

    @property
    def size(self) -> int:
        """The bytes that it has."""

    def shrink(self, excess: int) -> None:
        """Let go of so many bytes, or some more."""


class Budget:
    """Bytes that holders have together."""

    def __init__(self, most: int, holders: Callable[[], Iterable[Holder]]) -> None:
        """``holders`` are those there are."""
        self.most = most
        self._holders = holders
        self._added = 0

    def added(self, size: int) -> None:
        """A holder has more by so many bytes."""
        self._added += size
        if self._added > self.most // LOOKED_AT:
            self._added = 0
            self._fit()

    def _fit(self) -> None:
        holders = sorted(self._holders(), key=attrgetter("size"), reverse=True)
        excess = sum(holder.size for holder in holders) - self.most
        share = self.most // max(len(holders), 1)
        for holder in holders:
            if excess <= 0:
                return
            over = min(excess, max(holder.size - share, 0))
            if over:
                excess -= holder.size
                holder.shrink(over)
                excess += holder.size
