"""The open streams of the server: their quotas, their rhythm, and their end when the server drains."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from google.protobuf.duration_pb2 import Duration

from onduty.v1 import staff_pb2
from onduty_server.domain.model.errors import (
    AttachmentQuotaError,
    DrainingError,
    WatcherTooSlowError,
    WatchQuotaError,
)
from onduty_server.domain.model.policy import Bounds
from onduty_server.domain.model.status import SECOND, Micros, seconds
from onduty_server.engine.watch.ring import Delivery
from onduty_server.engine.watch.watcher import Watcher
from onduty_server.ports import Revision
from onduty_server.rpc.stalls import StalledWriteError, Stalls, Write
from onduty_server.wire.codec import duration
from onduty_server.wire.fields import Fields

BOOKMARK_BOUNDS: Final = Bounds(seconds(1), seconds(60))
BOOKMARK_DEFAULT: Final = seconds(5)
JITTER: Final = 0.1
AT_ONCE: Final = staff_pb2.GoingAway(reconnect_after=Duration()).SerializeToString()
RECONNECT_SECONDS: Final = (1.0, 3.0)
"""Between these, by chance: thousands of streams that end together do not come again together."""

Frames = Callable[[Delivery], list[bytes]]


def bookmark_interval(fields: Fields, request: object, *, rehearsal: bool) -> float:
    """The interval asked for, in seconds; the default where none is."""
    length: Micros = BOOKMARK_DEFAULT
    if request.HasField("bookmark_interval"):  # type: ignore[attr-defined]
        asked = request.bookmark_interval  # type: ignore[attr-defined]
        length = fields.duration("bookmark_interval", asked, BOOKMARK_BOUNDS, rehearsal=rehearsal)
    return length / SECOND


def farewell() -> bytes:
    """An encoded GoingAway: come again soon."""
    wait = seconds(random.uniform(*RECONNECT_SECONDS))  # noqa: S311 - it spreads load, and guards nothing.
    return staff_pb2.GoingAway(reconnect_after=duration(wait)).SerializeToString()


@contextmanager
def telling_stalls(last_revision: Callable[[], Revision]) -> Iterator[None]:
    """Where the peer stops reading in the block: the error that says so, with the last revision that was written."""
    try:
        yield
    except StalledWriteError:
        raise WatcherTooSlowError(last_revision()) from None


class Streams:
    """Counts open streams by caller, watches and workspaces apart, and ends them all when the server drains."""

    def __init__(self, most_per_caller: int, stall_limit_seconds: float) -> None:
        """``most_per_caller``: how many watches, and how many workspaces, one caller of one tenant may have open."""
        self.stalls = Stalls(stall_limit_seconds)
        self._most = most_per_caller
        self._open: Counter[tuple[str, str, bool]] = Counter()
        self._watchers: set[Watcher] = set()
        self.draining = False

    @property
    def count(self) -> int:
        """How many streams are open."""
        return self._open.total()

    @contextmanager
    def admitted(self, tenant: str, actor_id: str, *, attaches: bool = False) -> Iterator[Write]:
        """A stream of this caller is open for the length of the block, in the calling task. ``attaches``: it is a workspace.

        Raises:
            WatchQuotaError, AttachmentQuotaError: The caller has too many; or DrainingError: the server is going away.
        """
        key = (tenant, actor_id, attaches)
        if self.draining:
            raise DrainingError
        if self._open[key] >= self._most:
            raise AttachmentQuotaError(self._most) if attaches else WatchQuotaError(self._most)
        self._open[key] += 1
        try:
            with self.stalls.observed() as write:
                yield write
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    async def follow(
        self,
        watcher: Watcher,
        interval: float,
        *,
        frames: Frames,
        bookmark: Callable[[], bytes],
        going_away: Callable[[], bytes],
    ) -> AsyncGenerator[bytes, None]:
        """The frames of a watcher, a bookmark whenever nothing was sent for about ``interval`` seconds, and the farewell.

        It ends without a farewell when the watcher ``holds`` no longer.

        Raises:
            DrainingError: After the farewell.
        """
        loop = asyncio.get_running_loop()
        self._watchers.add(watcher)
        try:
            while not self.draining and watcher.holds():
                batch = await watcher.next(loop.time() + interval * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311
                if batch is not None:
                    for frame in frames(batch):
                        yield frame
                elif not self.draining and watcher.holds():
                    yield bookmark()
            if watcher.holds():
                yield going_away()
                raise DrainingError
        finally:
            self._watchers.discard(watcher)
            watcher.close()

    async def drain(self, within: float) -> int:
        """Say farewell on every stream and wait for their ends; returns how many were still open after ``within`` seconds."""
        self.draining = True
        for watcher in self._watchers:
            watcher.interrupt()
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while self.count and loop.time() < end:  # noqa: ASYNC110 - hundreds of streams end one by one; polling is cheap.
            await asyncio.sleep(0.005)
        return self.count
