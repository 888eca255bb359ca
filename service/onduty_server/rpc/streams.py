"""The open streams of the server: their quotas, their rhythm, and their end when the server drains."""

import asyncio
import math
import random
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from google.protobuf.duration_pb2 import Duration

from onduty.v1 import staff_pb2
from onduty_server.domain.model.errors import DrainingError, WatcherTooSlowError
from onduty_server.domain.model.policy import Bounds
from onduty_server.domain.model.status import SECOND, Micros, seconds
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.watcher import Watcher
from onduty_server.metering import UNMETERED, Meter
from onduty_server.ports import Revision
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.method_policy import StreamKind
from onduty_server.rpc.quotas import StreamQuotas
from onduty_server.rpc.stalls import StalledWriteError, Stalls, Write
from onduty_server.rpc.stream_meter import StreamMeter, read_streams
from onduty_server.wire.fields import Fields
from onduty_server.wire.primitives import duration

BOOKMARK_BOUNDS: Final = Bounds(seconds(1), seconds(60))
BOOKMARK_DEFAULT: Final = seconds(5)
JITTER: Final = 0.1
AT_ONCE: Final = staff_pb2.GoingAway(reconnect_after=Duration()).SerializeToString()
NEXT_ROUND_SECONDS: Final = 0.005
"""How soon a stream that waits for a round of watchers looks again."""

RECONNECT_SECONDS: Final = (1.0, 3.0)
"""Between these, by chance: thousands of streams that end together do not come again together."""

STREAM_AGES: Final = (1.15, 1.4)
"""Between these, in ages of a connection: the core closes one to new calls at 0.9 to 1.1, so whoever comes again after a
stream's end comes over another."""

NOW: Final = 0.0
"""A time of the event loop that has passed: who waits until then takes what is there."""

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


def marked(frame: bytes, watcher: Watcher, catching_up: bytes) -> bytes:
    """The frame, with ``catching_up`` behind it where the watcher is still behind."""
    return frame + catching_up if watcher.is_behind else frame


@contextmanager
def telling_stalls(last_revision: Callable[[], Revision]) -> Iterator[None]:
    """Where the peer stops reading in the block: the error that says so, with the last revision that was written."""
    try:
        yield
    except StalledWriteError:
        raise WatcherTooSlowError(last_revision()) from None


class Streams:
    """Lets streams in as their quotas say, and ends them all when the server drains."""

    def __init__(self, limits: Limits, meter: Meter = UNMETERED) -> None:
        """None is open. ``is_current`` says whether what is shown is: only then is a bookmark sent."""
        self.is_current: Callable[[], bool] = lambda: True
        self._meter = StreamMeter(meter)
        self.stalls = Stalls(limits.stall)
        self._age_seconds = limits.connection_age
        self.quotas = StreamQuotas(limits)
        self._watchers: set[Watcher] = set()
        self.draining = False
        read_streams(meter, watchers=lambda: self._watchers, writes=lambda: self.stalls.writes, quotas=self.quotas)

    @property
    def count(self) -> int:
        """How many streams are open."""
        return self.quotas.count

    @contextmanager
    def admitted(self, kind: StreamKind, tenant: str, holder: str, actor: str = "") -> Iterator[Write]:
        """A stream is open for the length of the block, in the calling task. For ``holder`` and ``actor`` see ``StreamQuotas``.

        Raises:
            WatchQuotaError, AttachmentQuotaError: There are too many; or DrainingError: the server is going away.
        """
        if self.draining:
            raise DrainingError
        with self.quotas.admitted(kind, tenant, holder, actor), self.stalls.observed() as write:
            yield write

    async def follow(
        self,
        watcher: Watcher,
        interval: float,
        *,
        frames: Frames,
        bookmark: Callable[[], bytes],
        going_away: Callable[[], bytes],
        catching_up: bytes = b"",
    ) -> AsyncGenerator[bytes, None]:
        """The frames of a watcher, a bookmark whenever nothing was sent for about ``interval`` seconds, and the farewell.

        It ends without a farewell when the watcher ``holds`` no longer; with one where it is older than connections get.
        ``catching_up`` is put behind each frame that the watcher is behind after; a frame without it follows at once.

        Raises:
            DrainingError: After the farewell.
        """
        loop = asyncio.get_running_loop()
        self._watchers.add(watcher)
        ends_at = loop.time() + self._stream_age()
        try:
            while self._goes_on(watcher) and loop.time() < ends_at:
                until = loop.time() + interval * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
                was_behind = bool(catching_up) and watcher.is_behind
                batch = await watcher.next(NOW if was_behind else min(until, ends_at))
                if batch is not None:
                    made = frames(batch) if batch.elements else []
                    tells_progress = was_behind or not batch.elements
                    for frame in made or ([bookmark()] if tells_progress else []):
                        yield marked(frame, watcher, catching_up)
                    if batch.elements:
                        self._meter.wrote(batch, loop.time())
                elif was_behind and watcher.is_behind:
                    await asyncio.sleep(NEXT_ROUND_SECONDS)  # what is left is there, and comes with the next round.
                elif self._goes_on(watcher) and loop.time() < ends_at and self.is_current():
                    yield bookmark()
                else:
                    await asyncio.sleep(0)  # whatever comes next, the loop goes on.
            if watcher.holds():
                yield marked(going_away(), watcher, catching_up)
                if self.draining:
                    raise DrainingError
        finally:
            self._watchers.discard(watcher)
            watcher.close()

    def _goes_on(self, watcher: Watcher) -> bool:
        """Whether a watcher is not to end for another reason than its age."""
        return not watcher.is_interrupted and not self.draining and watcher.holds()

    def dismiss(self) -> None:
        """Say farewell on every stream: what is watched is not what it was."""
        for watcher in self._watchers:
            watcher.interrupt()

    def _stream_age(self) -> float:
        """How old a stream gets: beyond the age at which the core turns new calls away from its connection, with jitter."""
        return self._age_seconds * random.uniform(*STREAM_AGES) if self._age_seconds else math.inf  # noqa: S311

    async def drain(self, within: float) -> int:
        """Say farewell on every stream and wait for their ends; returns how many were still open after ``within`` seconds."""
        self.draining = True
        self.dismiss()
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while self.count and loop.time() < end:  # noqa: ASYNC110 - hundreds of streams end one by one; polling is cheap.
            await asyncio.sleep(0.005)
        return self.count
