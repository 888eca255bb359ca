"""The watchers of the watch test: a crowd that comes, goes, lags, breaks off and comes back; it records and judges nothing."""

import asyncio
import base64
import contextlib
import itertools
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import grpc
from robustness.crash_load import GROUPS, STAFF
from robustness.watch_floor import OWN_CONNECTION, note_end, watch_request
from robustness.watch_history import EVERY_CHANGE, LATEST_PER_STAFF, Chosen, Frame, Watch, revision_of, since_of
from robustness.watch_reader import SMALL_WINDOW, records
from service_stubs import Stubs

from onduty.v1 import router_service_pb2, staff_pb2

READER = Path(__file__).with_name("watch_reader.py")
POSITIONS_KEPT = 3_000
LAST_FRAMES_SECONDS = 0.7
LIVES_SECONDS = (0.05, 4.0)
"""A life's length is spread evenly over the orders of magnitude between."""
STATUSES = tuple(number for number in staff_pb2.Status.values() if number)


class Place(NamedTuple):
    """A position that a watch can be resumed from. ``chosen`` is None where it fits any filter."""

    position: str
    chosen: Chosen | None


class Pace(NamedTuple):
    """How a reader reads: seconds between frames, and how likely it stops after a frame for how many seconds."""

    name: str
    gap: float = 0.0
    stop: float = 0.0
    stop_seconds: float = 0.0


PACES = (*(Pace("quick"),) * 6, Pace("slow", gap=1.0), Pace("sleepy", stop=0.1, stop_seconds=3.0), Pace("unsteady", gap=0.05))


@dataclass
class Memory:
    """What outlives the rounds: positions to resume from, and how many watches there were."""

    places: list[Place] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def keep(self, place: Place, rng: random.Random) -> None:
        """Remember a position; old ones are forgotten at random, so that some of any age are left."""
        if len(self.places) < POSITIONS_KEPT:
            self.places.append(place)
        else:
            self.places[rng.randrange(POSITIONS_KEPT)] = place


def any_filter(rng: random.Random) -> Chosen:
    """Everybody, or staff, groups and statuses in any combination."""
    if rng.random() < 0.2:
        return Chosen()
    kinds = rng.choice(("s", "s", "g", "t", "t", "sg", "st", "gt", "sgt"))
    staff = rng.sample(STAFF, rng.choice((1, 1, 2, 5, 20))) if "s" in kinds else ()
    groups = rng.sample(GROUPS, rng.choice((1, 1, 2))) if "g" in kinds else ()
    statuses = rng.sample(STATUSES, rng.choice((1, 2, 3))) if "t" in kinds else ()
    return Chosen(frozenset(staff), frozenset(groups), frozenset(statuses))


class Crowd:
    """Watchers of one server process; ``watches`` has what each saw."""

    def __init__(self, address: str, rng: random.Random, memory: Memory, directory: Path) -> None:
        """``directory`` takes the files of readers that are processes."""
        self._address = address
        self._rng = rng
        self._memory = memory
        self._directory = directory
        self._ended = asyncio.Event()
        self.watches: list[Watch] = []

    def end(self) -> None:
        """Open no more watches, and end those that are open in their time."""
        self._ended.set()

    async def run(self, size: int, processes: int) -> None:
        """So many watchers at once, some of them processes, until ``end``."""
        async with asyncio.TaskGroup() as group:
            for _ in range(size):
                group.create_task(self._keep_on())
            for _ in range(processes):
                group.create_task(self._keep_on_in_process())

    async def _keep_on(self) -> None:
        while not self._ended.is_set():
            await self._once()

    # --- asking -------------------------------------------------------------------------------------------------------

    def _request(self) -> tuple[Watch, router_service_pb2.WatchStaffRequest]:
        """A fresh watch, or one resumed from a position that somebody was told some time."""
        rng = self._rng
        delivery = rng.choice((EVERY_CHANGE, EVERY_CHANGE, LATEST_PER_STAFF))
        chosen, resume_after, at_least = any_filter(rng), "", ""
        if self._memory.places and rng.random() < 0.65:
            place = self._some_place()
            chosen = chosen if place.chosen is None else place.chosen
            if place.chosen is None and rng.random() < 0.3:
                at_least = place.position
            else:
                resume_after = place.position
        watch = Watch(next(self._memory.numbers), chosen, delivery, revision_of(resume_after), revision_of(at_least))
        watch.resume_since = since_of(resume_after)
        watch.opened_at = time.monotonic()
        self.watches.append(watch)
        return watch, watch_request(watch, resume_after, at_least)

    def _some_place(self) -> Place:
        """Mostly a recent one: what is older than the kept history is only ever refused."""
        places = self._memory.places
        recent = places[-60:] if self._rng.random() < 0.7 else places
        return self._rng.choice(recent)

    def _keep(self, watch: Watch, frame: router_service_pb2.WatchStaffResponse, at: float) -> None:
        watch.frames.append(Frame.of(frame, at))
        if frame.position and self._rng.random() < 0.3:
            self._memory.keep(Place(frame.position, watch.chosen), self._rng)

    # --- watching in this process -------------------------------------------------------------------------------------

    async def _once(self) -> None:
        watch, request = self._request()
        pace = self._rng.choice(PACES)
        watch.reader = pace.name
        options = SMALL_WINDOW if pace.name != "quick" else OWN_CONNECTION
        channel = grpc.aio.insecure_channel(self._address, options=list(options))
        call = Stubs(channel).router.WatchStaff(request)
        low, high = LIVES_SECONDS
        life = low * (high / low) ** self._rng.random() * (1 if pace.name == "quick" else 3)
        try:
            async with asyncio.timeout(life) as limit:
                ending = asyncio.create_task(self._cut_short(limit))
                try:
                    await self._read(watch, call, pace)
                finally:
                    ending.cancel()
        except TimeoutError:
            watch.end = self._rng.choice(("CANCELLED", "CLOSED"))
            if watch.end == "CANCELLED":
                call.cancel()
        except grpc.aio.AioRpcError as error:
            note_end(watch, error)
        finally:
            watch.ended_at = time.monotonic()
            await channel.close()

    async def _cut_short(self, limit: asyncio.Timeout) -> None:
        """At the crowd's end nobody waits for a slow reader's life to pass; those who keep up see the end of the stream."""
        await self._ended.wait()
        if not limit.expired():
            limit.reschedule(asyncio.get_running_loop().time() + LAST_FRAMES_SECONDS)

    async def _read(self, watch: Watch, call: Any, pace: Pace) -> None:
        while (frame := await call.read()) is not grpc.aio.EOF:
            self._keep(watch, frame, time.monotonic())
            if pace.gap:
                await asyncio.sleep(pace.gap)
            if pace.stop and self._rng.random() < pace.stop:
                await asyncio.sleep(pace.stop_seconds)
        watch.end = "OK"

    # --- watching in a process of its own -----------------------------------------------------------------------------

    async def _keep_on_in_process(self) -> None:
        while not self._ended.is_set():
            await self._once_in_process()

    async def _once_in_process(self) -> None:
        """A reader that dies: the kernel closes its connection, whatever was on the way."""
        watch, request = self._request()
        pace = self._rng.choice((0.0, 0.0, 0.2, 1.0))
        watch.reader, watch.end = "process", "KILLED"
        path = self._directory / f"watch-{watch.number}"
        asked = base64.b64encode(request.SerializeToString()).decode()
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(READER), self._address, asked, str(path), str(pace), stderr=asyncio.subprocess.DEVNULL
        )
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._rng.uniform(1.0, 5.0)):
                    await self._ended.wait()
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
        for frame, at in records(path):
            self._keep(watch, frame, at)
        path.unlink(missing_ok=True)
