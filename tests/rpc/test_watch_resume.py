"""A watch goes on exactly after any position it was given, from memory or from the journal, or says why it cannot."""

import shutil
from pathlib import Path

import grpc
import pytest
from fake_clock import FakeClock
from google.protobuf import duration_pb2
from google.rpc import error_details_pb2
from rpc_world import AVAILABLE, BUSY, OFFLINE, Client, Stream, World, eventually, serving

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.adapters.sqlite.backup import back_up
from onduty_server.adapters.sqlite.restore import restore
from onduty_server.engine.watch import ring, selection
from onduty_server.ports import Revision
from onduty_server.wire.codec import ProtobufCodec

WATCH = "/onduty.v1.RouterService/WatchStaff"
FILTERS = [{}, {"skill_groups": ["cards"]}, {"statuses": [AVAILABLE]}, {"staff_ids": ["ana"]}, {"staff_ids": ["ana", "ben"]}]


async def story(client: Client) -> None:
    """Changes of every kind: statuses, groups, calls, deletion and return."""
    await client.change("ana", AVAILABLE)
    await client.change("ben", BUSY)
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "loans"}]))
    await client.started("chi", "c1")
    await client.change("ana", BUSY)
    await client.ended("chi", "c1")
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "cards"}, {"name": "loans"}]))
    await client.change("ben", OFFLINE)
    await client.remove("ben")
    await client.policy(break_internal_calls=True)
    await client.create("ben", "cards")
    await client.change("ana", AVAILABLE)
    await client.change("ben", AVAILABLE)
    await client.claim("c2", skill_group="cards")


async def begin(client: Client) -> None:
    """Three staff in two groups."""
    for name, group in (("ana", "cards"), ("ben", "cards"), ("chi", "loans")):
        await client.create(name, group)


@pytest.fixture
def small_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch log keeps few changes, and frames and journal reads carry few."""
    monkeypatch.setattr(ring, "RING_CHANGES", 2)
    monkeypatch.setattr(selection, "FRAME_CHANGES", 3)


async def resumed_everywhere(world: World) -> None:
    """Resume after every revision there was, with every filter, and compare with who watched all along."""
    client = world.client
    await begin(client)
    whole = [await client.watch(filter=chosen).began() for chosen in FILTERS]
    first = world.head
    await story(client)
    final = {"ana": await client.get("ana"), "ben": await client.get("ben")}
    for chosen, watch in zip(FILTERS, whole, strict=True):
        await watch.until(lambda seen: seen.view.get("ana") == final["ana"])
        if chosen != {"staff_ids": ["ana"]}:
            await watch.until(lambda seen: seen.view.get("ben") == final["ben"])
        watch.call.cancel()
        elements = [change.SerializeToString(deterministic=True) for change in watch.changes]
        for revision in range(first, world.head):
            position = world.engine.positions("default").token(Revision(revision))
            wanted = [one for one, at in zip(elements, watch.revisions, strict=True) if at > revision]
            async with client.watch(filter=chosen, resume_after=position) as resumed:
                await resumed.until_changes(len(wanted))
            assert resumed.frames[0].HasField("bookmark"), "the resumed stream says at once that it lives"
            assert resumed.frames[0].position
            told = [change.SerializeToString(deterministic=True) for change in resumed.changes]
            assert told == wanted, (chosen, revision)


async def test_resumable_from_memory(timed: World):
    """After any revision the rest comes exactly: nothing twice, nothing left out, byte for byte."""
    await resumed_everywhere(timed)


async def test_resumable_from_the_journal(timed: World, small_ring: None):
    """What has left the ring is served from the journal, equal to what an uninterrupted watcher saw."""
    await resumed_everywhere(timed)


async def test_resumable_over_a_restart(journal_path: Path, clock: FakeClock):
    """Positions are the store's, not the process's."""
    async with serving(journal_path, clock=clock) as world:
        await begin(world.client)
        watches = [await world.client.watch(filter=chosen).began() for chosen in FILTERS]
        positions = [watch.position for watch in watches]
        await story(world.client)
        for watch in watches:
            await watch.until(lambda seen: seen.view.get("ana") is not None and seen.view["ana"].HasField("offer"))
    async with serving(journal_path, clock=clock) as world:
        for chosen, watch, position in zip(FILTERS, watches, positions, strict=True):
            async with world.client.watch(filter=chosen, resume_after=position) as resumed:
                await resumed.until_changes(len(watch.changes))
            assert resumed.changes == watch.changes


async def test_catching_up_is_said_until_all_has_come(client: Client, small_ring: None):
    """Every frame before the one that reaches what there was at the opening is marked; what happens later comes unmarked."""
    await begin(client)
    position = (await client.listed()).position
    await story(client)
    last = (await client.listed()).position
    async with client.watch(resume_after=position) as watch:
        await watch.until(lambda seen: bool(seen.frames) and not seen.frames[-1].catching_up)
        assert [frame.catching_up for frame in watch.frames] == [True] * (len(watch.frames) - 1) + [False]
        assert watch.position == last
        await client.change("chi", AVAILABLE)
        await watch.until(lambda seen: seen.changes[-1].staff.staff_id == "chi" and seen.changes[-1].staff.status == AVAILABLE)
        assert not watch.frames[-1].catching_up


async def test_the_end_of_catching_up_is_said_at_once(client: Client):
    """Where nothing more matched too, long before a bookmark is due; and nobody has to catch up with a snapshot."""
    await begin(client)
    async with client.watch(filter={"skill_groups": ["loans"]}, bookmark_interval=duration_pb2.Duration(seconds=60)) as watch:
        await watch.began()
        position = watch.position
        assert not any(frame.catching_up for frame in watch.frames)
    await client.change("ana", AVAILABLE)
    chosen = {"filter": {"skill_groups": ["loans"]}, "bookmark_interval": duration_pb2.Duration(seconds=60)}
    async with client.watch(resume_after=position, **chosen) as resumed:
        await resumed.until(lambda seen: len(seen.frames) == 2)
        told = [(one.WhichOneof("event"), one.catching_up) for one in resumed.frames]
        assert told == [("bookmark", True), ("bookmark", False)]
    async with client.watch(resume_after=resumed.position, **chosen) as again:
        await again.until(lambda seen: bool(seen.frames))
        assert not again.frames[0].catching_up


async def test_every_position_of_a_stream_can_be_resumed(client: Client):
    """Snapshot end, changes and bookmarks alike; going from one to the next loses nothing."""
    await begin(client)
    last = (await client.listed()).position
    seen = []
    for step in (AVAILABLE, BUSY, OFFLINE, AVAILABLE):
        changed = (await client.change("ana", step)).staff
        async with client.watch(resume_after=last) as watch:
            await watch.until_changes(1)
            last = watch.position
            seen += watch.changes
        assert watch.changes[-1].staff == changed
    assert len(seen) == 4


async def test_a_watcher_that_keeps_up_with_a_small_ring_loses_nothing(client: Client, world: World, small_ring: None):
    """Falling back to the journal in the middle of a stream is not to be noticed."""
    names = await client.create_many(20)
    async with client.watch() as watch:
        await watch.began()
        for number in range(3):
            calls = [(name, f"c{number}") for name in names]
            started = [{"started": {"staff_id": name, "call_id": call_id}} for name, call_id in calls]
            await client.ask(router.ReportCallEventsRequest(events=started))
            ended = [{"ended": {"staff_id": name, "call_id": call_id}} for name, call_id in calls]
            await client.ask(router.ReportCallEventsRequest(events=ended))
        await watch.until_revision(world.head)
    assert watch.revisions == list(range(21, 141))


# --- positions that cannot be resumed ---------------------------------------------------------------------------------


async def refused(client: Client, **fields) -> tuple:
    """Code, reason and metadata of a refused watch."""
    refusal = await client.refused(router.WatchStaffRequest(**fields))
    assert refusal.details == ()
    return refusal.code, refusal.reason, refusal.metadata


async def test_a_position_older_than_the_kept_history(client: Client, world: World):
    """POSITION_TOO_OLD names what was asked and what is kept; the oldest kept position can be resumed."""
    await begin(client)
    old = (await client.listed()).position
    await story(client)
    await world.engine.journal.forget("default", world.clock.now() + 1, limit=10_000)
    horizon = await world.engine.journal.horizon("default")
    assert 3 < horizon < world.head
    metadata = {
        "requested_revision": "3",
        "oldest_revision": str(horizon),
        "current_revision": str(world.head),
    }
    told = (grpc.StatusCode.OUT_OF_RANGE, "POSITION_TOO_OLD", metadata)
    assert await refused(client, resume_after=old) == told
    export = await client.refused(history.ExportTransitionsRequest(resume_after=old))
    assert (export.code, export.reason, export.metadata) == told
    oldest = world.engine.positions("default").token(horizon)
    async with client.watch(resume_after=oldest) as watch:
        await watch.until_revision(world.head)
    assert watch.revisions == list(range(horizon + 1, world.head + 1))


async def test_a_position_from_before_a_restore_is_refused_for_good(journal_path: Path, tmp_path: Path, clock: FakeClock):
    """However far the restored store has grown past it: by watches, exports, pages and reads that must be at least as new."""
    backup, unseen = tmp_path / "backup.db", {"copying": lambda _done, _of: None, "verifying": lambda _done, _of: None}
    async with serving(journal_path, clock=clock) as world:
        await begin(world.client)
        back_up(journal_path, backup, ProtobufCodec(), **unseen)
        await story(world.client)
        old, lost = (await world.client.listed()).position, world.head
        page = (await world.client.ask(router.ListStaffRequest(page_size=1))).next_page_token
    restored = restore(backup, journal_path, ProtobufCodec(), force=True, **unseen)
    assert restored.report.head == 3
    async with serving(journal_path, clock=clock) as world:
        told = (grpc.StatusCode.OUT_OF_RANGE, "POSITION_EPOCH_ENDED", {})
        while True:
            assert await refused(world.client, resume_after=old) == told
            assert await refused(world.client, at_least=old) == told
            for request in (
                workspace.GetStaffRequest(staff_id="ana", at_least=old),
                history.ListTransitionsRequest(at_least=old),
                history.ExportTransitionsRequest(resume_after=old),
            ):
                assert (await world.client.refused(request)).reason == "POSITION_EPOCH_ENDED"
            pages = await world.client.refused(router.ListStaffRequest(page_size=1, page_token=page))
            assert pages.reason == "PAGE_TOKEN_INVALID"
            if world.head > 2 * lost:
                break
            await world.client.change("ana", AVAILABLE)
            await world.client.change("ana", BUSY)
        here = (await world.client.listed()).position
        await world.client.change("ana", AVAILABLE)
        async with world.client.watch(resume_after=here) as watch:
            await watch.until_changes(1)


async def test_a_backup_that_is_served_where_it_is_has_an_epoch_of_its_own(
    journal_path: Path, tmp_path: Path, clock: FakeClock
):
    """Who copies a backup into place by hand has a history that was cut as well; positions given out from then on stay good."""
    backup, unseen = tmp_path / "backup.db", {"copying": lambda _done, _of: None, "verifying": lambda _done, _of: None}
    async with serving(journal_path, clock=clock) as world:
        await begin(world.client)
        old = (await world.client.listed()).position
        back_up(journal_path, backup, ProtobufCodec(), **unseen)
    async with serving(backup, clock=clock) as world:
        assert (await refused(world.client, resume_after=old))[1] == "POSITION_EPOCH_ENDED"
        new = (await world.client.listed()).position
    async with serving(backup, clock=clock) as world:
        assert (await world.client.listed(at_least=new)).position == new
    async with serving(journal_path, clock=clock) as world:
        assert (await world.client.listed(at_least=old)).position == old


async def test_a_position_of_the_future(journal_path: Path, tmp_path: Path, clock: FakeClock):
    """After an older state of the file was put back by other means than ours, positions beyond it are POSITION_IN_FUTURE."""
    async with serving(journal_path, clock=clock) as world:
        await begin(world.client)
    shutil.copy(journal_path, tmp_path / "backup.db")
    async with serving(journal_path, clock=clock) as world:
        await story(world.client)
        ahead, revision = (await world.client.listed()).position, world.head
    async with serving(tmp_path / "backup.db", clock=clock) as world:
        metadata = {"requested_revision": str(revision), "current_revision": "3"}
        told = (grpc.StatusCode.OUT_OF_RANGE, "POSITION_IN_FUTURE", metadata)
        assert await refused(world.client, resume_after=ahead) == told
        assert await refused(world.client, at_least=ahead) == told


async def test_a_position_of_another_store(world: World, tmp_path: Path):
    """POSITION_FOREIGN."""
    await begin(world.client)
    async with serving(tmp_path / "other.db") as other:
        await begin(other.client)
        foreign = (await other.client.listed()).position
    told = (grpc.StatusCode.INVALID_ARGUMENT, "POSITION_FOREIGN", {})
    assert await refused(world.client, resume_after=foreign) == told
    assert await refused(world.client, at_least=foreign) == told
    export = await world.client.refused(history.ExportTransitionsRequest(resume_after=foreign))
    assert export.reason == "POSITION_FOREIGN"


async def test_a_position_of_another_tenant(world: World):
    """POSITION_FOREIGN, as if it were another store."""
    await begin(world.client)
    foreign = (await world.caller(tenant="other").listed()).position
    assert await refused(world.client, resume_after=foreign) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "POSITION_FOREIGN",
        {},
    )


@pytest.mark.parametrize("chosen", FILTERS[1:])
async def test_a_position_of_another_filter(client: Client, chosen: dict):
    """POSITION_FILTER_CHANGED in either direction: the views differ, so the rest of one is not the rest of the other."""
    await begin(client)
    told = (grpc.StatusCode.INVALID_ARGUMENT, "POSITION_FILTER_CHANGED", {})
    for given, used in (({}, chosen), (chosen, {}), (chosen, {"staff_ids": ["chi"]})):
        position = (await client.watch(filter=given).began()).position
        assert await refused(client, filter=used, resume_after=position) == told
        position = (await client.listed(filter=given)).position
        assert await refused(client, filter=used, resume_after=position) == told


async def test_the_same_filter_in_other_words_is_the_same(client: Client):
    """Order and repeats of a filter's values do not matter."""
    await begin(client)
    async with client.watch(filter={"staff_ids": ["ana", "ben"], "statuses": [OFFLINE, BUSY]}) as watch:
        position = (await watch.began()).position
    same = {"staff_ids": ["ben", "ana", "ben"], "statuses": [BUSY, OFFLINE, BUSY]}
    async with client.watch(filter=same, resume_after=position) as watch:
        await watch.began()


async def test_positions_of_answers_fit_every_filter(client: Client):
    """Who has just changed something can watch from there on, whatever the filter."""
    await begin(client)
    position = (await client.change("ana", BUSY)).position
    for chosen in FILTERS:
        async with client.watch(filter=chosen, resume_after=position) as watch:
            await watch.began()


async def test_resuming_demands_nothing_else(client: Client):
    """at_least makes no sense beside resume_after."""
    await begin(client)
    here = (await client.listed()).position
    refusal = await client.refused(router.WatchStaffRequest(resume_after=here, at_least=here))
    assert (refusal.reason, refusal.metadata) == ("INVALID_FIELD", {"field": "at_least"})


# --- quotas and ends --------------------------------------------------------------------------------------------------


async def test_watches_have_a_quota_by_caller(journal_path: Path):
    """One too many is WATCH_QUOTA with RetryInfo; other callers have their own, and a closed one frees its place."""
    async with serving(journal_path, streams_per_caller=3) as world:
        greedy, modest = world.caller(actor="greedy"), world.caller(actor="modest")
        await greedy.create("ana")
        watches = [await greedy.watch().began() for _ in range(3)]
        refusal = await greedy.refused(router.WatchStaffRequest())
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "WATCH_QUOTA")
        assert refusal.metadata == {"limit": "3", "name": "streams_per_caller"}
        assert refusal.detail(error_details_pb2.RetryInfo).retry_delay.seconds > 0
        assert (await greedy.refused(history.ExportTransitionsRequest())).reason == "WATCH_QUOTA"
        async with modest.watch() as other:
            await other.began()
        desktop = greedy.attach("ana")
        await desktop.frame()  # workspaces have a quota of their own.
        desktop.call.cancel()
        watches[0].call.cancel()
        await eventually(lambda: world.open_streams == 2, "the closed streams are counted out")
        async with greedy.watch() as again:
            await again.began()


async def test_a_stopping_server_says_farewell(journal_path: Path, clock: FakeClock):
    """Every stream gets GoingAway with its position, then DRAINING with RetryInfo; nothing is lost at the next server."""
    async with serving(journal_path, clock=clock) as world:
        client = world.client
        await begin(client)
        watches = [await client.watch(filter=chosen).began() for chosen in FILTERS]
        attached = client.attach("ana")
        await attached.frame()
        changed = (await client.change("ana", AVAILABLE)).staff
        await world.running.server.stop()
        for watch in watches:
            refusal = await watch.refusal()
            assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "DRAINING")
            assert refusal.detail(error_details_pb2.RetryInfo).retry_delay.seconds > 0
            farewell = watch.frames[-1]
            assert farewell.WhichOneof("event") == "going_away"
            assert farewell.going_away.reconnect_after.seconds > 0
            assert farewell.position
            assert not any(frame.HasField("going_away") for frame in watch.frames[:-1])
            if "ana" in watch.view:
                assert watch.view["ana"] == changed, "what was committed was told before the farewell"
        assert (await attached.refusal()).reason == "DRAINING"
        assert world.open_streams == 0
    async with serving(journal_path, clock=clock) as world:
        for chosen, watch in zip(FILTERS, watches, strict=True):
            async with world.client.watch(filter=chosen, resume_after=watch.position) as resumed:
                await resumed.began()


async def test_a_farewell_keeps_what_was_already_seen_apart(journal_path: Path, clock: FakeClock):
    """Resuming after the farewell's position tells what came later, and nothing of before."""
    async with serving(journal_path, clock=clock) as world:
        await begin(world.client)
        watch = await world.client.watch().began()
        await world.client.change("ana", AVAILABLE)
        await watch.until_changes(1)
        await world.running.server.stop()
        await watch.refusal()
    async with serving(journal_path, clock=clock) as world:
        changed = (await world.client.change("ana", BUSY)).staff
        async with world.client.watch(resume_after=watch.position) as resumed:
            (change,) = await resumed.until_changes(1)
        assert change.staff == changed


async def test_cancelled_watchers_leave_nothing_behind(client: Client, world: World):
    """However a stream ends, the server's books are as before: streams, waiters, shared frames' watchers."""
    await begin(client)
    for chosen in FILTERS * 3:
        async with client.watch(filter=chosen) as watch:
            await watch.began()
    async with world.another_channel() as gone:
        for chosen in FILTERS:
            await gone.watch(filter=chosen).began()
        abandoned = [Stream(gone.channel.unary_stream(WATCH)(b"")) for _ in range(3)]
        await abandoned[0].frame()
        assert world.open_streams >= len(FILTERS)
    await eventually(lambda: world.open_streams == 0, "every stream is counted out")
    log = world.engine.replica.rings("default")
    await eventually(lambda: not log.waiting, "no waiter is left")
    assert not world.running.server._streams._watchers
    assert not world.running.server._streams.quotas._open
