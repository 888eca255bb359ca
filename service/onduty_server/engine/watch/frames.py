"""Shares encoded deliveries among watchers with the same filter and cursor, for as long as one of them can come for them."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Final

from onduty_server.engine.watch.change import Delivery

FRAME_LEAST: Final = 500
"""What a delivery takes at the least, also one without elements."""

KEPT_SECONDS: Final = 1.0
"""Who needs the same comes within a moment: woken by one round, or back after one break."""


class SharedFrames:
    """One tenant's."""

    def __init__(self, added: Callable[[int], None]) -> None:
        """None yet. ``added`` is told the size of each that is added."""
        self._added = added
        self._deliveries: dict[Hashable, Delivery | None] = {}
        self._drop_later: asyncio.TimerHandle | None = None
        self.size = 0

    def get(self, key: Hashable, build: Callable[[], Delivery | None]) -> Delivery | None:
        """The delivery of a key, built if it is not there."""
        if key in self._deliveries:
            return self._deliveries[key]
        delivery = build()
        self.keep(key, delivery)
        return delivery

    def find(self, key: Hashable) -> Delivery | None:
        """The delivery of a key, None if it is not there."""
        return self._deliveries.get(key)

    def keep(self, key: Hashable, delivery: Delivery | None) -> None:
        """Add a delivery that was built."""
        self._deliveries[key] = delivery
        # The edge makes one frame of it, which is about as large as its elements.
        size = FRAME_LEAST + (0 if delivery is None else sum(map(len, delivery.elements)))
        self.size += size
        if self._drop_later is None:
            self._drop_later = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._drop_old)
        self._added(size)

    def shrink(self, _excess: int) -> None:
        """Let go of all: who comes for them has them built anew."""
        self.drop()

    def drop(self) -> None:
        """Let go of all."""
        self._deliveries.clear()
        self.size = 0

    def _drop_old(self) -> None:
        self._drop_later = None
        self.drop()
