"""Situations in which watches of other stores have failed, each put to our server; the numbers are those of etcd's reports."""

import asyncio
import contextlib
import shutil
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from grpc_health.v1 import health_pb2, health_pb2_grpc
from robustness.watch_floor import WatchFloor, eventually, watch_floor
from robustness.watch_history import LATEST_PER_STAFF, Chosen, position_at
from robustness.watch_reader import SMALL_WINDOW

from onduty.v1 import staff_pb2

SMALL = {"ring_changes": 40, "frame_changes": 10, "housekeeping_seconds": 0.1, "forgotten_at_once": 20, "tail_most": 50}
"""A server that leaves its ring, and forgets, within a moment."""

NAMES = [f"p{number:02}" for number in range(20)]
AVAILABLE = Chosen(statuses=frozenset({int(staff_pb2.STATUS_AVAILABLE)}))
SHORT = Duration(nanos=300_000_000)
LONG = Duration(seconds=3600)
RARELY = Duration(seconds=60)
"""Bookmarks so rare that they cannot hide that a watcher was not woken."""


@pytest.fixture
async def floor(journal_path: Path) -> AsyncIterator[WatchFloor]:
    """A server with small bounds and twenty people, which forgets nothing yet."""
    async with watch_floor(journal_path, SMALL) as found:
        await found.create(*NAMES)
        yield found


async def right(floor: WatchFloor) -> None:
    """Nothing of what was seen is wrong."""
    found = await floor.findings()
    assert not found, "\n".join(map(str, found[:10]))


async def forgotten_beyond(floor: WatchFloor, position: str) -> int:
    """Let history age until a position is too old; returns the oldest revision that can still be resumed after."""
    await floor.read_history()
    await floor.policy(retention=SHORT)
    await eventually(lambda: floor.too_old(position), "the position is forgotten")
    return int(floor.history.watches[-1].end_metadata["oldest_revision"])


async def test_a_bookmark_is_never_ahead_of_the_stream_15220(floor: WatchFloor) -> None:
    """A watcher far behind the ring, which reads in spells, gets bookmarks only where it really is."""
    behind = [floor.watch(chosen, stubs=floor.connect(*SMALL_WINDOW)) for chosen in (Chosen(), AVAILABLE)]
    for reader in behind:
        await reader.began()
    writing = asyncio.create_task(floor.turn(*NAMES, times=60))
    until = time.monotonic() + 3.5  # several bookmark intervals, while there is always something to tell.
    while time.monotonic() < until:
        for reader in behind:
            await reader.frame()
        await asyncio.sleep(0.2)
    last = await writing
    for reader in behind:
        await reader.until(last)
    for reader in behind:
        while reader.watch.frames[-1].kind != "bookmark":
            await reader.frame()
    await right(floor)


async def test_no_stream_travels_back_in_time_15271(floor: WatchFloor) -> None:
    """Over kills, restarts and catching up, positions and revisions only grow, of resumed watches and of fresh ones."""
    position, seen = "", 0
    for sig in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
        writing = asyncio.create_task(floor.turn(*NAMES, times=15))
        live = await floor.watch(resume_after=position).began()
        fresh = await floor.watch().began()
        assert live.watch.start >= 0
        assert fresh.watch.start >= seen, "a snapshot is not older than what was told before"
        await live.until(await writing)
        seen, position = live.watch.through, live.position
        await floor.restart(sig)
        again = await floor.watch(resume_after=position).began()
        assert again.watch.frames[0].position == seen, "it goes on where it was"
    await right(floor)


@pytest.mark.parametrize("delivery", [1, LATEST_PER_STAFF])
async def test_no_change_comes_twice_at_the_seam_of_journal_and_ring_17247(floor: WatchFloor, delivery: int) -> None:
    """Watches resumed from far back catch up from the journal and pass over to the ring while changes pour in."""
    start = (await floor.change(NAMES[0], staff_pb2.STATUS_BUSY)).position
    await floor.turn(*NAMES, times=10)
    enough = asyncio.Event()

    async def write() -> int:
        while not enough.is_set():
            await floor.turn(*NAMES)
        return await floor.turn(*NAMES, times=10)

    writing = asyncio.create_task(write())
    readers = []
    for _ in range(15):
        readers.append(await floor.watch(resume_after=start, delivery=delivery).began())
        readers[-1].watch.reader = "catching up"
        await readers[-1].frame()
    enough.set()
    last = await writing
    await asyncio.gather(*(reader.until(last) for reader in readers))
    await right(floor)


@pytest.mark.parametrize("chosen", [Chosen(), AVAILABLE, Chosen(staff_ids=frozenset(NAMES[:1]))])
async def test_no_change_is_lost_or_doubled_wherever_the_ring_begins_17247(floor: WatchFloor, chosen: Chosen) -> None:
    """Resumed after every one of the last revisions, which the journal, the ring or both have: each goes on with the next."""
    await floor.turn(*NAMES, times=7)
    whole = await floor.watch(chosen).began()
    last = whole.watch.start
    revisions = range(last - 3 * SMALL["ring_changes"], last)
    readers = [floor.watch(chosen, resume_after=position_at(whole.position, revision)) for revision in revisions]
    await asyncio.gather(*(reader.until(last) for reader in readers))
    await right(floor)


async def test_a_farewell_is_not_ahead_of_a_watcher_that_lags_15220(journal_path: Path) -> None:
    """A server that stops tells who lags where they are, and from there nothing is missing at the next server."""
    async with watch_floor(journal_path, SMALL, "--drain", "60") as floor:
        await floor.create(*NAMES)
        behind = floor.watch(stubs=floor.connect(*SMALL_WINDOW))
        await behind.began()
        last = await floor.turn(*NAMES, times=100)
        health = health_pb2_grpc.HealthStub(floor.stubs.channel).Watch(health_pb2.HealthCheckRequest())
        stopping = asyncio.create_task(floor.stop())
        with contextlib.suppress(grpc.RpcError):  # so it ends where its last frame was read too late.
            while (await health.read()).status == health_pb2.HealthCheckResponse.SERVING:
                pass  # when that is over, every watch is told farewell next.
        assert await behind.end() in {"DRAINING", "UNAVAILABLE"}
        await stopping
        assert behind.watch.frames[-1].kind == "going_away"
        await floor.start()
        assert behind.watch.through < last, "it had not been told everything"
        await floor.watch(resume_after=behind.position).until(last)
        await right(floor)


async def test_streams_that_starve_lose_nothing_17529(floor: WatchFloor) -> None:
    """Of many watches on one connection most are never read; those that are read get everything, and so do the others later."""
    connection = floor.connect()
    unread = [floor.watch(stubs=connection) for _ in range(60)]
    rare = floor.watch(Chosen(staff_ids=frozenset({"rare"})), stubs=connection, bookmarks=RARELY)
    busy = floor.watch(stubs=connection)
    await floor.create("rare")
    await rare.until((await floor.change("rare", staff_pb2.STATUS_AVAILABLE)).staff.revision)
    for _ in range(3):
        await floor.turn(*NAMES, times=10)
        last = (await floor.change("rare", staff_pb2.STATUS_BUSY)).staff.revision
        await asyncio.gather(rare.until(last), busy.until(last))
        await floor.change("rare", staff_pb2.STATUS_AVAILABLE)
    last = await floor.turn(*NAMES)
    await asyncio.gather(*(reader.until(last) for reader in (*unread, busy)))
    await right(floor)


@pytest.mark.parametrize("chosen", [Chosen(), Chosen(staff_ids=frozenset({"gone"})), Chosen(skill_groups=frozenset({"cards"}))])
async def test_a_deletion_survives_forgetting_up_to_it_18089(floor: WatchFloor, chosen: Chosen) -> None:
    """What happened before a deletion is forgotten; the deletion itself is told to whoever resumes from before it."""
    await floor.create("gone")
    old = (await floor.change("gone", staff_pb2.STATUS_AVAILABLE)).position
    before = await floor.change("gone", staff_pb2.STATUS_OFFLINE)
    deleted = await floor.delete("gone")
    oldest = await forgotten_beyond(floor, old)
    assert oldest <= before.staff.revision, "all that is kept of them is the deletion"
    reader = await floor.watch(chosen, resume_after=before.position).began()
    await reader.until(deleted.staff.revision)
    told = [item for _, item in reader.watch.changes() if item.staff_id == "gone"]
    assert [(item.revision, item.left) for item in told] == [(deleted.staff.revision, True)]
    await right(floor)


@pytest.mark.parametrize("chosen", [Chosen(), Chosen(staff_ids=frozenset({"gone", "stays"})), AVAILABLE])
async def test_a_watch_from_the_oldest_kept_revision_misses_no_deletion_19179(floor: WatchFloor, chosen: Chosen) -> None:
    """Resumed exactly at the horizon, the next change, a deletion, is told; one revision earlier is too old."""
    await floor.create("gone", "stays")
    first = await floor.change("stays", staff_pb2.STATUS_AVAILABLE)
    edge = await floor.change("stays", staff_pb2.STATUS_BUSY)
    last = await floor.change("stays", staff_pb2.STATUS_AVAILABLE)
    deleted = await floor.delete("gone")
    oldest = await forgotten_beyond(floor, first.position)
    assert oldest == edge.staff.revision, "everything that is nobody's last was forgotten"
    reader = await floor.watch(chosen, resume_after=edge.position).began()
    await reader.until(deleted.staff.revision)
    told = {item.revision for _, item in reader.watch.changes()}
    assert last.staff.revision in told
    assert (deleted.staff.revision in told) == (chosen != AVAILABLE), "who was never in the view does not leave it"
    await right(floor)


async def test_a_watch_of_the_future_is_refused_and_told_nothing_20221(floor: WatchFloor, tmp_path: Path) -> None:
    """A position from after a restored backup is an answer at once, never a stream that waits, with bookmarks or old events."""
    await floor.stop()
    shutil.copy(floor.journal, tmp_path / "backup.db")
    await floor.start()
    ahead = floor.watch()
    await ahead.until(await floor.turn(*NAMES, times=3))
    async with watch_floor(tmp_path / "backup.db", SMALL) as restored:
        for delivery in (1, LATEST_PER_STAFF):
            reader = restored.watch(resume_after=ahead.position, delivery=delivery)
            assert await reader.end() == "POSITION_IN_FUTURE"
            assert not reader.watch.frames
            assert await reader.call.code() is grpc.StatusCode.OUT_OF_RANGE
            told = reader.watch.end_metadata
            assert int(told["requested_revision"]) == ahead.watch.through > int(told["current_revision"])
        fresh = await restored.watch().began()
        assert fresh.watch.start == int(told["current_revision"])


async def test_no_revision_decreases_when_the_server_dies_while_forgetting_17780(floor: WatchFloor) -> None:
    """Kills in the middle of forgetting: no revision is used again, and positions from before the kill can be resumed."""
    seen = 0
    for number in range(5):
        live = await floor.watch().began()
        assert live.watch.start >= seen
        reading = asyncio.create_task(live.end())
        last = await floor.turn(*NAMES, times=8)
        await eventually(lambda reader=live, revision=last: reader.watch.through >= revision, "everything was told")
        await floor.read_history()
        await floor.policy(retention=SHORT)
        await floor.read_history()  # the policy's record too will be forgotten once there is a next one.
        await asyncio.sleep(0.3 + number * 0.02)  # lets the retention pass, so that the kill falls into the forgetting.
        await floor.stop(signal.SIGKILL)
        assert await reading == "UNAVAILABLE"
        await floor.start()
        seen = live.watch.through
        await floor.policy(retention=LONG)
        assert await floor.turn("p00") > seen, "a new change has a new revision"
    await right(floor)


async def test_no_write_is_lost_when_the_only_server_dies_14370(floor: WatchFloor) -> None:
    """An acknowledged change, and one that a watch has shown, is there after a SIGKILL at that very moment."""
    for number in range(4):
        watched = await floor.watch().began()
        writing = asyncio.gather(*(floor.turn(name) for name in NAMES), return_exceptions=True)
        while not any(watched.watch.changes()):
            await watched.frame()
        shown = [item.revision for _, item in watched.watch.changes()]
        await floor.stop(signal.SIGKILL)
        await writing
        await floor.start()
        resumed = await floor.watch(resume_after=watched.position).began()
        assert resumed.watch.start >= shown[-1]
        await resumed.until(await floor.turn(NAMES[number]))
    await right(floor)
