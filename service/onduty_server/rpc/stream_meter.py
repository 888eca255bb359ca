"""Meters open streams: what is written to watchers, how soon, and who is behind."""

import asyncio
import math
from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.watcher import Watcher
from onduty_server.metering import Meter, Reading
from onduty_server.rpc.method_policy import StreamKind
from onduty_server.rpc.quotas import StreamQuotas
from onduty_server.rpc.stalls import Write

T = TypeVar("T")

STALLED_SECONDS: Final = 1.0
"""A peer that has not taken a frame for so long has stopped reading, for all that anybody can see."""

LOOKED_AT_ONCE: Final = 1_000
"""So many streams are looked at before the loop has its turn: less than a millisecond."""


class StreamMeter:
    """The series of all streams."""

    def __init__(self, meter: Meter) -> None:
        """Nothing was written yet."""
        self._frames = meter.counter("onduty_frames_sent_total")
        self._changes = meter.counter("onduty_changes_sent_total")
        self._visible = meter.distribution("onduty_change_visible_seconds")

    def wrote(self, delivery: Delivery, now: float) -> None:
        """A delivery was written to a watcher; ``now`` is the event loop's time."""
        self._frames.add()
        self._changes.add(len(delivery.elements))
        if delivery.committed_at is not None:
            self._visible.observe(now - delivery.committed_at)


def read_streams(
    meter: Meter, *, watchers: Callable[[], Collection[Watcher]], writes: Callable[[], Collection[Write]], quotas: StreamQuotas
) -> None:
    """Have the gauges of streams read."""

    async def states() -> Reading:
        catching_up = await _count(tuple(watchers()), lambda watcher: watcher.is_catching_up)
        since = asyncio.get_running_loop().time() - STALLED_SECONDS
        stalled = await _count(tuple(writes()), lambda write: write.began_at is not None and write.began_at < since)
        live = max(len(watchers()) - catching_up - stalled, 0)
        return {("live",): live, ("catching_up",): catching_up, ("stalled",): stalled}

    async def lag() -> Reading:
        behind = await _earliest(tuple(watchers()), lambda watcher: watcher.behind_since)
        waits = await _earliest(tuple(writes()), lambda write: write.began_at)
        now = asyncio.get_running_loop().time()
        return {(): max(now - min(behind, waits, now), 0.0)}

    meter.gauge("onduty_watchers", states)
    meter.gauge("onduty_watch_lag_seconds", lag)
    meter.gauge("onduty_streams", lambda: {(kind.name.lower(),): quotas.open_of(kind) for kind in StreamKind})


async def _count(items: Sequence[T], holds: Callable[[T], bool]) -> int:
    """How many it holds for; others have their turn in between."""
    count = 0
    for start in range(0, len(items), LOOKED_AT_ONCE):
        count += sum(map(holds, items[start : start + LOOKED_AT_ONCE]))
        await asyncio.sleep(0)
    return count


async def _earliest(items: Sequence[T], instant: Callable[[T], float | None]) -> float:
    """The earliest instant of any, infinity where none has one; others have their turn in between."""
    earliest = math.inf
    for start in range(0, len(items), LOOKED_AT_ONCE):
        instants = map(instant, items[start : start + LOOKED_AT_ONCE])
        earliest = min([earliest, *[at for at in instants if at is not None]])
        await asyncio.sleep(0)
    return earliest
