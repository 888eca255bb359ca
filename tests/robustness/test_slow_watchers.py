"""A watcher that does not read delays nobody, costs the server little, and is ended by a stated rule."""

import asyncio
import base64
import itertools
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from robustness.watch_floor import OWN_CONNECTION, EndedError, Reader, WatchFloor, eventually, watch_floor
from robustness.watch_history import EVERY_CHANGE, LATEST_PER_STAFF, Chosen, position_at
from robustness.watch_proxy import proxy
from robustness.watch_reader import ASKED, SMALL_WINDOW, records
from service_stubs import Stubs

from onduty.v1 import router_service_pb2, workspace_service_pb2

READER = Path(__file__).with_name("watch_reader.py")
NAMES = [f"p{number:03}" for number in range(100)]
SMALL_RING = {"ring_changes": 2_000, "housekeeping_seconds": 0.1}
SLOW_MB = 32
"""What the server may grow by while forty watchers are stuck: a part of a megabyte each, and what its caches vary by."""
STALL_SECONDS = 1
NOTICED_SECONDS = 30
"""Far more than a ping and its timeout, and half of the minute after which the core gives up a silent peer by itself."""

_CALLS = itertools.count(1)


def resident_mb(floor: WatchFloor) -> float:
    """Memory of the server process."""
    status = Path(f"/proc/{floor.running.process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


def stalled(floor: WatchFloor) -> list[dict[str, Any]]:
    """The lines of the server's log that name a stream whose peer did not read."""
    lines = [json.loads(line) for line in floor.running.log if line.startswith("{")]
    return [line for line in lines if line["event"] == "stream_ended" and line["stalled"]]


async def calls(floor: WatchFloor, times: int) -> int:
    """Start and end a call for everybody so many times, in batches; the last revision."""
    pb = router_service_pb2
    last = 0
    for _ in range(times):
        facts, call_id = [], f"call-{next(_CALLS)}"
        for name in NAMES:
            one = {"staff_id": name, "call_id": call_id, "source": "pbx" * 20}
            facts.append(pb.CallEvent(started=pb.ReportCallStartedRequest(**one)))
            facts.append(pb.CallEvent(ended=pb.ReportCallEndedRequest(**one)))
        answer = await floor.ask("router", "ReportCallEvents", pb.ReportCallEventsRequest(events=facts))
        last = max(one.taken.revision for one in answer.results)
    return last


@asynccontextmanager
async def busy_floor(journal: Path, *flags: str) -> AsyncIterator[WatchFloor]:
    """A floor of a hundred people without wrap-up."""
    async with watch_floor(journal, SMALL_RING, *flags) as floor:
        await floor.policy(after_call_work={"countdown": Duration(nanos=1_000_000)})
        for start in range(0, len(NAMES), 50):
            await floor.create(*NAMES[start : start + 50])
        yield floor


@asynccontextmanager
async def reader_process(address: str, path: Path, pace: str = "0") -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that watches everybody, once it has read its first frame; one that ends before it has says why."""
    request = base64.b64encode(router_service_pb2.WatchStaffRequest().SerializeToString()).decode()
    complaints = path.with_suffix(".stderr")
    with complaints.open("wb") as stderr:
        pipes = {"stdin": asyncio.subprocess.PIPE, "stderr": stderr}
        process = await asyncio.create_subprocess_exec(sys.executable, str(READER), address, request, str(path), pace, **pipes)
    try:

        def began() -> bool:
            assert process.returncode is None, f"the reader ended:\n{complaints.read_text(encoding='utf-8')}"
            return any(records(path))

        await eventually(began, "the first frame")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def let_in(floor: WatchFloor) -> Reader | None:
    """One more watch, which is not among those that are judged; None if the quota does not let it in."""
    reader = floor.watch()
    floor.history.watches.remove(reader.watch)
    try:
        return await reader.began()
    except EndedError as error:
        if str(error) != "WATCH_QUOTA":
            raise
        return None


async def got_in(floor: WatchFloor) -> bool:
    """Whether one more watch is let in; it is left open."""
    return await let_in(floor) is not None


async def refused(floor: WatchFloor) -> bool:
    """Whether one more watch is not let in; one that is gives its place up again."""
    reader = await let_in(floor)
    if reader:
        reader.close()
    return reader is None


async def never_gives_up(address: str) -> None:
    """Watch everybody over a connection of its own, and anew whenever the stream has ended."""
    async with grpc.aio.insecure_channel(address, options=OWN_CONNECTION) as channel:
        while True:
            with suppress(grpc.aio.AioRpcError):
                async for _ in Stubs(channel).router.WatchStaff(router_service_pb2.WatchStaffRequest()):
                    pass
            await asyncio.sleep(0.05)


async def goes_on(floor: WatchFloor, ended: Reader, revision: int) -> None:
    """Resume a watch that was too slow, as often as it is, until everything up to a revision was told."""
    while ended.watch.through < revision:
        again = floor.watch(resume_after=ended.position)
        with suppress(EndedError):
            await again.until(revision)
        assert again.watch.through >= revision or again.watch.end == "WATCHER_TOO_SLOW"
        ended = again


async def can_read(floor: WatchFloor) -> bool:
    """Whether there is room for the stream by which the history is read."""
    try:
        await floor.read_history()
    except grpc.aio.AioRpcError as error:
        if error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
            raise
        return False
    return True


def told(path: Path) -> int:
    """How many changes a reader process has read."""
    return sum(len(frame.changes.changes) for frame, _ in records(path))


async def read_a_frame(process: asyncio.subprocess.Process, path: Path) -> None:
    """Let a reader process read on by one frame: changes, or a bookmark where the machine was slow to make a change."""
    before = len(list(records(path)))
    process.stdin.write(b"\n")
    await eventually(lambda: len(list(records(path))) > before, "the reader has read a frame")


# --- who is slow delays nobody ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["stopped", "black hole", "a frame now and then"])
async def test_a_watcher_that_does_not_read_delays_nobody(journal_path: Path, tmp_path: Path, kind: str) -> None:
    """While it is stuck every write is answered, and another watcher is told every change in order, as if it were not there."""
    async with busy_floor(journal_path) as floor, AsyncExitStack() as stack:
        between = await stack.enter_async_context(proxy(floor.running.address))
        path = tmp_path / "stuck"
        address = between.address if kind == "black hole" else floor.running.address
        pace = ASKED if kind == "a frame now and then" else "0"
        process = await stack.enter_async_context(reader_process(address, path, pace))
        healthy = await floor.watch().began()
        if kind == "stopped":
            process.send_signal(signal.SIGSTOP)
        elif kind == "black hole":
            between.swallow()
        before = told(path)
        reading = asyncio.create_task(healthy.until(await calls(floor, 1)))
        if kind == "a frame now and then":
            for _ in range(2):
                await read_a_frame(process, path)
                await calls(floor, 1)
        last = await calls(floor, 25)
        await reading
        await healthy.until(last)
        stuck = told(path)
        assert stuck <= (before if kind != "a frame now and then" else last / 2), "it really did not read meanwhile"
        assert len(list(healthy.watch.changes())) >= 26 * 2 * len(NAMES)
        assert not await floor.findings()


async def test_stuck_watchers_cost_a_bounded_amount_of_memory(journal_path: Path) -> None:
    """Forty watchers that never read: what the server holds for them does not grow with what they miss."""
    async with busy_floor(journal_path) as floor:
        stuck = []
        for number in range(40):
            delivery = LATEST_PER_STAFF if number % 2 else EVERY_CHANGE
            stuck.append(floor.watch(stubs=floor.connect(*SMALL_WINDOW), delivery=delivery))
            await stuck[-1].began()
        await calls(floor, 60)
        filled = resident_mb(floor)
        last = await calls(floor, 60)
        grown = resident_mb(floor) - filled
        missed_mb = 60 * 2 * len(NAMES) * 400 * len(stuck) / 2**20
        assert missed_mb > 5 * SLOW_MB, "a queue a watcher would have shown"
        assert grown < SLOW_MB, f"grew by {grown:.0f} MB"
        await asyncio.gather(*(reader.until(last) for reader in stuck[:4]))  # and they can still read on, from the journal.
        assert not await floor.findings()


# --- how it ends ------------------------------------------------------------------------------------------------------


async def test_a_watch_whose_write_is_blocked_too_long_is_ended_and_counted(journal_path: Path, tmp_path: Path) -> None:
    """WATCHER_TOO_SLOW after the limit, in the log with its reason; a watcher whose frames are taken is left alone.

    The frames of that one fit into its connection, so that they are taken whether or not somebody reads at once.
    """
    flags = ("--watch-stall-limit", str(STALL_SECONDS))
    async with busy_floor(journal_path, *flags) as floor:
        stuck = [await floor.watch(stubs=floor.connect(*SMALL_WINDOW)).began() for _ in range(3)]
        steady = await floor.watch(Chosen(staff_ids=frozenset(NAMES[:1])), bookmarks=Duration(seconds=60)).began()
        last = await calls(floor, 20)
        await eventually(lambda: len(stalled(floor)) == len(stuck), "the log names three slow watches")
        assert {line["reason"] for line in stalled(floor)} == {"WatcherTooSlowError"}
        for reader in stuck:
            assert await reader.end() == "WATCHER_TOO_SLOW"
            await goes_on(floor, reader, last)
        await calls(floor, 1)
        told_last = workspace_service_pb2.GetStaffRequest(staff_id=NAMES[0])
        await steady.until((await floor.stubs.workspace.GetStaff(told_last, timeout=30)).staff.revision)
        assert not await floor.findings()


@pytest.mark.parametrize("delivery", [EVERY_CHANGE, LATEST_PER_STAFF])
async def test_a_watcher_that_forgetting_has_overtaken_is_ended_and_skips_nothing(journal_path: Path, delivery: int) -> None:
    """What it has not been told is gone: it is told so, after all that comes before and before anything that comes after."""
    async with busy_floor(journal_path) as floor:
        behind = await floor.watch(stubs=floor.connect(*SMALL_WINDOW), delivery=delivery).began()
        far_ahead = position_at(behind.position, await calls(floor, 30))
        await calls(floor, 10)
        await floor.read_history()
        await floor.policy(retention=Duration(nanos=1_000_000))
        await floor.read_history()  # the policy is in it too: its record will be forgotten with the next one.
        await eventually(lambda: floor.too_old(far_ahead), "the history is forgotten")
        await floor.policy(retention=Duration(seconds=3600))
        with pytest.raises(EndedError, match="WATCHER_TOO_SLOW"):
            await behind.until(floor.history.asked[-1].position)
        fresh = await floor.watch().began()
        await fresh.until(await calls(floor, 1))
        assert not await floor.findings()


async def test_a_black_hole_is_noticed_within_the_keepalive_times(journal_path: Path) -> None:
    """A peer that vanished without a word holds its place for a ping and its timeout, not for minutes."""
    flags = ("--streams-per-caller", "1", "--keepalive-time", "1", "--keepalive-timeout", "1")
    async with busy_floor(journal_path, *flags) as floor, proxy(floor.running.address) as between:
        vanishing = asyncio.create_task(never_gives_up(between.address))
        await eventually(lambda: refused(floor), "it has the only place")
        between.swallow()
        async with asyncio.timeout(NOTICED_SECONDS):
            await eventually(lambda: got_in(floor), "its place is free")
        vanishing.cancel()
        await asyncio.wait((vanishing,))


async def test_too_many_watches_are_refused_and_the_others_go_on(journal_path: Path) -> None:
    """RESOURCE_EXHAUSTED with WATCH_QUOTA, at once and not by waiting; a place that is given up can be taken."""
    async with busy_floor(journal_path, "--streams-per-caller", "20") as floor:
        readers = [await floor.watch().began() for _ in range(20)]
        refused = floor.watch()
        assert await refused.end() == "WATCH_QUOTA"
        assert await refused.call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        floor.history.watches.remove(refused.watch)
        readers[0].close()
        await eventually(lambda: got_in(floor), "the place is free")
        readers[1].close()  # leaves room for reading the history.
        await eventually(lambda: can_read(floor), "that place is free too")
        last = await calls(floor, 1)
        await asyncio.gather(*(reader.until(last) for reader in readers[2:]))
        assert not await floor.findings()


# --- nothing stays behind ---------------------------------------------------------------------------------------------


async def _opened_and_cancelled(floor: WatchFloor, count: int, method: str) -> None:
    """Open so many streams, a few at a time, read a frame of each and break it off."""
    stubs = floor.stubs
    turns = iter(range(count))

    async def one_after_another() -> None:
        for number in turns:
            name = NAMES[number % len(NAMES)]
            if method == "WatchStaff":
                call = stubs.router.WatchStaff(router_service_pb2.WatchStaffRequest(filter={"staff_ids": [name]}))
            else:
                call = stubs.workspace.Attach(workspace_service_pb2.AttachRequest(staff_id=name))
            await call.read()
            call.cancel()

    await asyncio.gather(*(one_after_another() for _ in range(20)))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "count"), [("WatchStaff", 10_000), ("Attach", 10_000)])
async def test_streams_that_were_opened_and_cancelled_leave_nothing_behind(journal_path: Path, method: str, count: int) -> None:
    """The server's memory after thousands is what it was after hundreds, and none of them is counted as open."""
    async with busy_floor(journal_path, "--streams-per-caller", "100") as floor:
        if method == "Attach":
            await calls(floor, 150)  # attaching is kept: the journal's page cache is filled before, as any change would.
        await _opened_and_cancelled(floor, count // 5, method)
        filled = resident_mb(floor)
        await _opened_and_cancelled(floor, count, method)
        grown = resident_mb(floor) - filled
        assert grown < 8, f"grew by {grown:.1f} MB"
        for place in range(100):
            await eventually(lambda: got_in(floor), f"place {place} is free")
