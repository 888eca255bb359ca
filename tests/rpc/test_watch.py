"""The watch's promises: one moment first, then every change in order, once and whole; no ghosts in filtered views."""

import asyncio
import itertools
import random
from pathlib import Path

import grpc
import pytest
from robustness.watch_reader import SMALL_WINDOW
from rpc_world import (
    AVAILABLE,
    BUSY,
    DEADLINE_SECONDS,
    IN_LINE,
    OFFLINE,
    RARE_BOOKMARKS,
    Client,
    Stream,
    World,
    eventually,
    serving,
)
from structlog.testing import capture_logs

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import staff_pb2
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.engine.watch import ring, selection
from onduty_server.engine.watch.selection import FRAME_BYTES

WATCH = "/onduty.v1.RouterService/WatchStaff"


def revision_of(world: World, position: str, tenant: str = "default") -> int:
    """The revision in a position; clients must not look into it."""
    return world.engine.positions(tenant).revision(position, world.engine.head)


async def roster(client: Client, **fields) -> dict[str, staff_pb2.Staff]:
    """Everybody as a list shows them."""
    found: dict[str, staff_pb2.Staff] = {}
    token = ""
    while True:
        page = await client.listed(page_size=1_000, page_token=token, **fields)
        found.update({one.staff_id: one for one in page.staff})
        token = page.next_page_token
        if not token:
            return found


async def churn(client: Client, names: list[str], count: int, seed: int) -> None:
    """Change people again and again: statuses, calls and groups."""
    chance = random.Random(seed)
    for number in range(count):
        name = chance.choice(names)
        groups = chance.sample(["cards", "loans", "english"], chance.randrange(3))
        status = chance.choice([AVAILABLE, BUSY, OFFLINE])
        request = chance.choice(
            [
                router.ReportCallStartedRequest(staff_id=name, call_id=f"c{seed}-{number}"),
                router.ReconcileCallsRequest(source=""),
                router.ReportCallEndedRequest(staff_id=name, call_id=f"c{seed}-{number - 1}"),
                admin.UpdateStaffRequest(staff_id=name, skill_groups=[{"name": group} for group in groups]),
                workspace.ChangeStatusRequest(staff_id=name, choice={"status": status}),
            ]
            if number % 10
            else [router.ReportCallEventsRequest(events=[_started(one, f"b{seed}-{number}") for one in names[:5]])]
        )
        await client.call(request, timeout=DEADLINE_SECONDS).code()  # some are refused; that is part of it


def _started(staff_id: str, call_id: str) -> router.CallEvent:
    return router.CallEvent(started=router.ReportCallStartedRequest(staff_id=staff_id, call_id=call_id))


# --- the snapshot -----------------------------------------------------------------------------------------------------


async def test_a_snapshot_comes_in_chunks_with_an_end_mark(client: Client, world: World):
    """Everybody once; only the last chunk is flagged and has the position, and no chunk is too large."""
    await client.create_many(1_500, name="x" * 200)
    async with client.watch() as watch:
        await watch.began()
        assert len(watch.frames) > 1
        chunks = [frame.snapshot_chunk for frame in watch.frames]
        assert [chunk.last for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
        assert [bool(frame.position) for frame in watch.frames] == [chunk.last for chunk in chunks]
        assert all(frame.ByteSize() <= FRAME_BYTES + 200 for frame in watch.frames)
        assert sum(len(chunk.staff) for chunk in chunks) == len(watch.view) == 1_500
        assert watch.view == await roster(client)
        assert revision_of(world, watch.position) == world.head


async def test_an_empty_snapshot_has_its_end_mark_too(client: Client):
    """A watcher of nobody is told at once."""
    async with client.watch(filter={"staff_ids": ["nobody"]}) as watch:
        frame = await watch.frame()
    assert frame.snapshot_chunk.last
    assert frame.position


async def test_a_snapshot_is_of_one_moment_while_changes_go_on(client: Client, world: World):
    """Every state in it is the last one at the snapshot's revision, and the first change is the next one after it."""
    names = await client.create_many(1_000, name="x" * 200)
    begun = asyncio.Event()

    async def write() -> None:
        for seed in itertools.count(1):
            await churn(client, names, 20, seed)
            if begun.is_set() and seed >= 5:
                return

    writing = asyncio.ensure_future(write())
    watches = []
    for _ in range(6):
        await asyncio.sleep(0)
        watch = client.watch()
        watches.append(await watch.began())
    begun.set()
    await writing
    names.append((await client.create_available("zoe")).staff_id)
    history_of = {name: await client.transitions(filter={"staff_ids": [name]}) for name in names}
    for watch in watches:
        at = revision_of(world, watch.position)
        for name, staff in watch.view.items():
            assert staff.revision == max(one.revision for one in history_of[name] if one.revision <= at)
        await watch.until_revision(max(one.revision for found in history_of.values() for one in found))
        assert watch.revisions[0] > at
        assert watch.view == await roster(client)
        watch.call.cancel()


# --- changes ----------------------------------------------------------------------------------------------------------


async def test_ordered_unique_reliable_and_atomic(client: Client, world: World):
    """Under load from several writers every watcher gets every change once, by ascending revision, frames never split one."""
    names = await client.create_many(40)
    watches = [await client.watch().began() for _ in range(4)]
    start = world.head
    await asyncio.gather(*(churn(client, names, 80, seed) for seed in range(4)))
    recorded = [one for one in await client.transitions() if one.revision > start]
    for watch in watches:
        await watch.until_revision(recorded[-1].revision)
        assert [change.transition for change in watch.changes] == recorded
        assert all(change.staff.revision == change.transition.revision for change in watch.changes)
        assert watch.revisions == sorted(set(watch.revisions))
        positions = [revision_of(world, frame.position) for frame in watch.frames]
        assert positions == sorted(positions)
        for frame in watch.frames[1:]:
            told = [change.staff.revision for change in frame.changes.changes]
            assert not told or told[-1] <= revision_of(world, frame.position)
        assert watch.view == await roster(client)
        watch.call.cancel()


async def test_a_frame_position_says_that_all_up_to_it_was_sent(client: Client, world: World):
    """Between two frames' positions there is no change that was not in the later frame."""
    names = await client.create_many(10)
    async with client.watch(filter={"statuses": [AVAILABLE]}) as watch:
        await watch.began()
        at = revision_of(world, watch.position)
        await churn(client, names, 60, seed=3)
        last = (await client.create_available("zoe")).revision
        while (frame := await watch.frame()) and revision_of(world, frame.position) < last:
            pass
        told = {change.staff.revision for change in watch.changes}
        before = {one.staff_id: one for one in (await client.transitions())[:10]}
        inside: dict[str, bool] = dict.fromkeys(before, False)
        wanted = set()
        for one in await client.transitions():
            matches = one.status == AVAILABLE and one.kind != staff_pb2.TRANSITION_KIND_DELETED
            if one.revision > at and (matches or inside.get(one.staff_id, False)):
                wanted.add(one.revision)
            inside[one.staff_id] = matches
        assert told == wanted


async def test_a_change_comes_with_its_cause_and_the_state_it_led_to(client: Client):
    """A watcher needs no other request to know what happened and what is possible now."""
    await client.create_available("ana")
    async with client.watch() as watch:
        await watch.began()
        claim = await client.claim("c1", staff_id="ana")
        (change,) = await watch.until_changes(1)
    assert change.staff == claim.staff
    assert change.transition.cause == staff_pb2.CAUSE_CLAIM
    assert change.transition.claim_id == claim.claim_id
    assert not change.left


async def test_what_changes_nobody_is_not_told(client: Client):
    """Break reasons and refused or unchanging requests make no frame; the next change comes alone."""
    await client.create_available("ana")
    async with client.watch() as watch:
        await watch.began()
        await client.break_reason("lunch")
        await client.change("ana", AVAILABLE)
        await client.refused(workspace.BackToReceptionRequest(staff_id="ana"))
        changed = (await client.change("ana", BUSY)).staff
        (change,) = await watch.until_changes(1)
    assert change.staff == changed


# --- filters ----------------------------------------------------------------------------------------------------------


async def test_who_leaves_the_filter_by_status_is_told_as_left(client: Client):
    """The router's view of AVAILABLE staff never keeps a ghost; who comes back is told as any change."""
    await client.create_available("ana")
    async with client.watch(filter={"statuses": [AVAILABLE]}) as watch:
        await watch.began()
        assert set(watch.view) == {"ana"}
        busy = (await client.change("ana", BUSY)).staff
        (change,) = await watch.until_changes(1)
        assert change.left
        assert change.staff == busy
        assert not watch.view
        await client.change("ana", OFFLINE)
        back = (await client.change("ana", AVAILABLE)).staff
        await watch.until_changes(2)
        assert [one.left for one in watch.changes] == [True, False]
        assert watch.view == {"ana": back}


async def test_who_leaves_the_filter_by_group_is_told_as_left(client: Client):
    """A change of skill groups moves people out of and into filtered views."""
    await client.create("ana", "cards")
    cards, loans = (client.watch(filter={"skill_groups": [group]}) for group in ("cards", "loans"))
    async with cards, loans:
        await cards.began()
        await loans.began()
        await client.ask(admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "loans"}]))
        (left,) = await cards.until_changes(1)
        (came,) = await loans.until_changes(1)
    assert (left.left, came.left) == (True, False)
    assert [one.name for one in left.transition.skill_groups_change.before] == ["cards"]
    assert (set(cards.view), set(loans.view)) == (set(), {"ana"})


@pytest.mark.parametrize("chosen", [{}, {"staff_ids": ["ana"]}, {"skill_groups": ["cards"]}, {"statuses": [OFFLINE]}])
async def test_who_is_deleted_is_told_as_left(client: Client, chosen: dict):
    """In every view that had them, also the one of everybody."""
    await client.create("ana", "cards")
    async with client.watch(filter=chosen) as watch:
        await watch.began()
        gone = await client.remove("ana")
        (change,) = await watch.until_changes(1)
        assert change.left
        assert change.transition.kind == staff_pb2.TRANSITION_KIND_DELETED
        assert change.staff == gone
        assert not watch.view
        again = await client.create("ana", "cards")
        await watch.until_changes(2)
        assert watch.view == {"ana": again}


async def test_who_was_never_in_the_view_does_not_leave_it(client: Client):
    """Deletion and changes of others make no frame."""
    await client.create("ben", "loans")
    await client.create("ana", "cards")
    async with client.watch(filter={"skill_groups": ["cards"]}) as watch:
        await watch.began()
        await client.change("ben", BUSY)
        await client.change("ben", OFFLINE)
        await client.remove("ben")
        await client.create("chi", "loans")
        await client.change("ana", BUSY)
        (change,) = await watch.until_changes(1)
    assert change.staff.staff_id == "ana"


FILTERS = [
    {"staff_ids": ["s00001"]},
    {"staff_ids": ["s00001", "s00002", "nobody"]},
    {"skill_groups": ["cards"]},
    {"statuses": [AVAILABLE]},
    {"statuses": [AVAILABLE, IN_LINE], "skill_groups": ["loans", "english"]},
    {"staff_ids": ["s00003", "s00004"], "statuses": [BUSY]},
]


async def test_a_filtered_view_ends_equal_to_the_filtered_list(client: Client):
    """Whatever happens, the view is exactly who matches, and others were never told."""
    names = await client.create_many(12, "cards")
    watches = [await client.watch(filter=chosen).began() for chosen in FILTERS]
    await asyncio.gather(*(churn(client, names, 80, seed) for seed in range(10, 13)))
    marker = (await client.create_available("zoe", "cards", "loans", "english")).revision
    for chosen, watch in zip(FILTERS, watches, strict=True):
        wanted = await roster(client, filter=chosen)
        if "staff_ids" in chosen:
            last = max(one.revision for one in await client.transitions(filter={"staff_ids": chosen["staff_ids"]}))
            await watch.until(lambda seen, wanted=wanted, last=last: seen.view == wanted or seen.revisions[-1:] == [last])
        else:
            await watch.until_revision(marker)
        assert watch.view == wanted
        for change in watch.changes:
            assert not chosen.get("staff_ids") or change.staff.staff_id in chosen["staff_ids"]
            if not change.left:
                assert change.staff.status in chosen.get("statuses", [change.staff.status])
                assert not chosen.get("skill_groups") or set(chosen["skill_groups"]) & {
                    one.name for one in change.staff.skill_groups
                }
        watch.call.cancel()


async def test_watchers_with_the_same_filter_get_the_same_bytes(client: Client, world: World):
    """A frame is made once for all who stand at the same place."""
    names = await client.create_many(5, "cards")
    asked = router.WatchStaffRequest(filter={"skill_groups": ["cards"]}, bookmark_interval=RARE_BOOKMARKS)
    request = asked.SerializeToString()
    streams = [Stream(world.channel.unary_stream(WATCH)(request)) for _ in range(2)]
    snapshots = [await stream.frame() for stream in streams]
    assert snapshots[0] == snapshots[1]
    for name in names:
        await client.change(name, AVAILABLE)
        first, second = [await stream.frame() for stream in streams]
        assert first == second
        (change,) = router.WatchStaffResponse.FromString(first).changes.changes
        assert change.staff.staff_id == name
    for stream in streams:
        stream.call.cancel()


# --- bookmarks --------------------------------------------------------------------------------------------------------


async def test_bookmarks_come_also_where_nothing_matches(client: Client, world: World):
    """A second after the last frame a filtered watch says how far it is, past the changes of others; where it is asked for."""
    await client.create("ana", "cards")
    await client.create("ben", "loans")
    chosen = {"skill_groups": ["cards"]}
    rare = client.watch(filter=chosen, bookmark_interval={"seconds": 60})
    async with rare, client.watch(filter=chosen, bookmark_interval={"seconds": 1}) as watch:
        await rare.began()
        await watch.began()
        for status in (AVAILABLE, BUSY, AVAILABLE):
            await client.change("ben", status)
        frames = [await watch.frame(), await watch.frame()]
        while revision_of(world, frames[-1].position) < world.head:
            frames.append(await watch.frame())
        assert {frame.WhichOneof("event") for frame in frames} == {"bookmark"}
        changed = (await client.change("ana", BUSY)).staff
        assert (await rare.frame()).changes.changes[0].staff == changed, "it had no bookmark meanwhile"
    async with client.watch(filter=chosen, resume_after=frames[-1].position) as watch:
        (change,) = await watch.until_changes(1)
    assert change.staff == changed


async def test_bookmarks_do_not_come_early(client: Client):
    """By default the first one comes after about five seconds; a busy watch needs none."""
    await client.create("ana")
    async with client.watch(bookmark_interval={"seconds": 60}) as watch:
        await watch.began()
        for status in (AVAILABLE, BUSY) * 5:
            await client.change("ana", status)
        await watch.until_changes(10)
        assert not any(frame.HasField("bookmark") for frame in watch.frames)


# --- two deliveries ---------------------------------------------------------------------------------------------------

LATEST = router.DELIVERY_LATEST_PER_STAFF


async def test_latest_per_staff_leaves_out_what_is_overtaken(client: Client, world: World):
    """A watcher that lags gets the last change of each person, flagged as conflated, and ends equal to the roster."""
    names = await client.create_many(5)
    here = (await client.listed()).position
    await churn(client, names, 100, seed=5)
    async with client.watch(resume_after=here, delivery=LATEST) as watch:
        last = (await client.transitions())[-1].revision
        await watch.until_revision(last)
        conflated = [frame.changes.conflated for frame in watch.frames if frame.HasField("changes")]
        assert conflated == [True]
        assert len(watch.changes) == len({change.staff.staff_id for change in watch.changes})
        assert watch.revisions == sorted(watch.revisions)
        present = await roster(client)
        assert watch.view == {name: present[name] for name in watch.view}


async def test_latest_per_staff_that_keeps_up_loses_nothing(client: Client):
    """Conflating is for watchers that lag; who keeps up gets every change."""
    await client.create("ana")
    async with client.watch(delivery=LATEST) as watch:
        await watch.began()
        for number, status in enumerate([AVAILABLE, BUSY, AVAILABLE], start=1):
            await client.change("ana", status)
            await watch.until_changes(number)
    assert [change.staff.status for change in watch.changes] == [AVAILABLE, BUSY, AVAILABLE]
    assert not any(frame.changes.conflated for frame in watch.frames)


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ([BUSY, AVAILABLE, BUSY], [True]),
        ([BUSY, AVAILABLE], [False]),
        ([BUSY, OFFLINE, BUSY], [True]),
    ],
)
async def test_latest_per_staff_judges_leaving_by_where_the_watcher_was(client: Client, statuses: list, told: list):
    """Who was in the view and is out at the end has left once; who is back in is told as present."""
    await client.create_available("ana")
    chosen = {"statuses": [AVAILABLE]}
    here = (await client.listed(filter=chosen)).position
    for status in statuses:
        await client.change("ana", status)
    async with client.watch(filter=chosen, resume_after=here, delivery=LATEST) as watch:
        await watch.until_changes(1)
    assert [change.left for change in watch.changes] == told


async def test_latest_per_staff_does_not_tell_of_visits(client: Client):
    """Who came and went between is not mentioned at all."""
    await client.create("ana")
    chosen = {"statuses": [AVAILABLE]}
    here = (await client.listed(filter=chosen)).position
    for status in (AVAILABLE, BUSY):
        await client.change("ana", status)
    async with client.watch(filter=chosen, resume_after=here, delivery=LATEST) as watch:
        await watch.began()
        await client.create_available("ben")
        await watch.until_changes(1)
    assert [change.staff.staff_id for change in watch.changes] == ["ben"]


async def test_a_conflated_frame_is_small_enough_for_any_client(client: Client):
    """A watcher that lags behind hundreds of people with the largest states gets there in frames that it can take."""
    groups = [{"name": f"{number:064}"} for number in range(100)]
    for start in range(0, 800, 400):
        staff = [{"staff_id": f"s{start + number}", "skill_groups": groups} for number in range(400)]
        await client.ask(admin.BatchCreateStaffRequest(requests=staff))
    here = (await client.listed(page_size=1)).position
    for status in (AVAILABLE, BUSY):
        items = [{"staff_id": f"s{number}", "choice": {"status": status}, "note": "why"} for number in range(800)]
        for start in range(0, 800, 400):
            await client.ask(supervisor.BatchForceStatusRequest(requests=items[start : start + 400]))
    async with client.watch(resume_after=here, delivery=LATEST) as watch:
        await watch.until(lambda seen: len([1 for staff in seen.view.values() if staff.status == BUSY]) == 800)
        assert max(frame.ByteSize() for frame in watch.frames) < 2 * 1024 * 1024


# --- slow watchers ----------------------------------------------------------------------------------------------------


async def large_changes(client: Client, count: int) -> None:
    """Changes of about ten kilobytes each."""
    groups = [f"{number:064}" for number in range(100)]
    await client.create("big", *groups)
    for number in range(count):
        await client.change("big", BUSY if number % 2 else AVAILABLE)


async def test_a_slow_watcher_delays_nobody(journal_path):
    """While one does not read, writers and other watchers go on at once; later it gets all it missed, or the latest."""
    async with serving(journal_path) as world, world.another_channel(*SMALL_WINDOW) as stopped:
        client = world.client
        every = await stopped.watch().began()
        latest = await stopped.watch(delivery=LATEST).began()
        async with client.watch() as healthy:
            await healthy.began()
            await large_changes(client, 300)
            await healthy.until_changes(301)
        last = (await client.get("big")).revision
        await latest.until_revision(last)
        assert any(frame.changes.conflated for frame in latest.frames)
        assert len(latest.changes) < 301
        assert latest.view == await roster(client)
        await every.until_revision(last)
        assert every.revisions == list(range(1, 302))
        assert not any(frame.changes.conflated for frame in every.frames)
        every.call.cancel()
        latest.call.cancel()


async def test_a_watcher_that_vanishes_while_it_is_sent_something_is_no_fault(journal_path):
    """Its stream is let go, and nothing is reported but that."""
    async with serving(journal_path) as world:
        with capture_logs() as rings:
            async with world.another_channel(*SMALL_WINDOW) as vanishing:
                await vanishing.watch().began()
                await large_changes(world.client, 100)
            await eventually(lambda: world.open_streams == 0, "its stream is closed")
            await world.client.change("big", OFFLINE)
        assert not [one for one in rings if one["log_level"] == "error"]


async def test_a_watcher_beyond_the_kept_history_is_ended(journal_path, monkeypatch: pytest.MonkeyPatch):
    """WATCHER_TOO_SLOW names the last revision it was sent; resuming there says that it is too old."""
    monkeypatch.setattr(ring, "RING_CHANGES", 8)
    monkeypatch.setattr(selection, "FRAME_BYTES", 20_000)
    async with serving(journal_path) as world, world.another_channel(*SMALL_WINDOW) as stopped:
        watch = await stopped.watch().began()
        await large_changes(world.client, 300)
        await world.engine.journal.forget("default", world.clock.now() + 1, limit=10_000)
        refusal = await watch.refusal()
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "WATCHER_TOO_SLOW")
        assert refusal.metadata == {"last_revision": str(watch.revisions[-1])}
        assert watch.revisions == list(range(1, len(watch.revisions) + 1))
        assert len(watch.revisions) < 300
        again = await world.client.refused(router.WatchStaffRequest(resume_after=watch.position))
        assert again.reason == "POSITION_TOO_OLD"
        await eventually(lambda: world.open_streams == 0, "its stream is closed")


async def test_the_history_and_the_watch_agree(client: Client):
    """What a watcher was told is what the history lists, change by change."""
    names = await client.create_many(3)
    async with client.watch() as watch:
        await watch.began()
        await churn(client, names, 40, seed=8)
        told = await client.transitions()
        await watch.until_revision(told[-1].revision)
    exported = [one for frame in await client.open(history.ExportTransitionsRequest()).rest() for one in frame.transitions]
    assert exported == told
    assert [change.transition for change in watch.changes] == told[3:]


async def test_a_short_bookmark_interval_in_a_rehearsal(tmp_path: Path):
    """Where lengths of time may be short, so may this one; elsewhere it is refused."""
    async with (
        serving(tmp_path / "onduty.db", rehearsal=True) as world,
        world.client.watch(bookmark_interval={"nanos": 20_000_000}) as watch,
    ):
        await watch.began()
        frames = [await watch.frame() for _ in range(3)]

    assert [frame.WhichOneof("event") for frame in frames] == ["bookmark"] * 3
