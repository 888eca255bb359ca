"""Watching colleagues: what staff see of one another, how the stream follows, and what never reaches them."""

import asyncio
from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor
from rpc_world import AVAILABLE, BUSY, IN_LINE, ON_BREAK, RARE_BOOKMARKS, Client, Stream, World, eventually

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import policy_pb2, staff_pb2
from onduty.v1 import workspace_service_pb2 as pb


class Colleagues(Stream):
    """The stream as a desktop would keep it: a view and the last position."""

    def __init__(self, client: Client, staff_id: str = "ana", **fields) -> None:
        """Begin to watch."""
        fields = {"bookmark_interval": RARE_BOOKMARKS, **fields}
        super().__init__(client.call(pb.WatchColleaguesRequest(staff_id=staff_id, **fields)))
        self.view: dict[str, pb.Colleague] = {}
        self.frames: list[pb.WatchColleaguesResponse] = []
        self.position = ""

    async def frame(self) -> pb.WatchColleaguesResponse:
        """The next frame, worked into view and position."""
        frame = await super().frame()
        self.frames.append(frame)
        self.position = frame.position or self.position
        self.view.update({one.staff_id: one for one in frame.snapshot_chunk.colleagues})
        for change in frame.changes.changes:
            if change.left:
                self.view.pop(change.colleague.staff_id, None)
            else:
                self.view[change.colleague.staff_id] = change.colleague
        return frame

    async def began(self) -> "Colleagues":
        """The snapshot is there."""
        while not (await self.frame()).snapshot_chunk.last:
            pass
        return self


async def floor(client: Client, policy: int | None = None) -> None:
    """Ana and Ben are in cards, Ben and Cid in loans; Dov is in neither. There is a break reason."""
    await client.break_reason("lunch")
    if policy is not None:
        await client.policy(colleagues=policy)
    await client.create("ana", "cards")
    await client.create("ben", "cards", "loans")
    await client.create("cid", "loans")
    await client.create("dov")


async def groups(client: Client, staff_id: str, *names: str) -> None:
    """The staff member is in these groups from now on."""
    members = [{"name": name} for name in names]
    await client.ask(admin.UpdateStaffRequest(staff_id=staff_id, skill_groups=members))


# --- who is seen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "seen"),
    [
        (None, {"ben"}),
        (policy_pb2.COLLEAGUES_OWN_GROUPS, {"ben"}),
        (policy_pb2.COLLEAGUES_ALL, {"ben", "cid", "dov"}),
    ],
)
async def test_policy_says_who_is_seen(client: Client, policy: int | None, seen: set[str]):
    """By default those who share a group, by policy everybody; oneself never."""
    await floor(client, policy)
    async with Colleagues(client) as watch:
        await watch.began()
        assert set(watch.view) == seen
        for name in ("ana", "ben", "cid", "dov"):
            await client.change(name, BUSY)
        while watch.view["ben"].status != BUSY or any(one.status != BUSY for one in watch.view.values()):
            await watch.frame()
        assert set(watch.view) == seen


async def test_nobody_is_seen_where_the_policy_hides_colleagues(client: Client):
    """FAILED_PRECONDITION with COLLEAGUES_HIDDEN, before anything is told."""
    await floor(client, policy_pb2.COLLEAGUES_NOBODY)
    refusal = await client.refused(pb.WatchColleaguesRequest(staff_id="ana"))
    assert (refusal.code, refusal.reason, refusal.metadata) == (grpc.StatusCode.FAILED_PRECONDITION, "COLLEAGUES_HIDDEN", {})


async def test_who_is_in_no_group_sees_nobody_by_default(client: Client):
    """There is nobody to share a group with, and nothing wrong with that."""
    await floor(client)
    async with Colleagues(client, "dov") as watch:
        await watch.began()
        assert watch.view == {}


async def test_who_does_not_exist_watches_nobody(client: Client):
    """STAFF_UNKNOWN."""
    assert (await client.refused(pb.WatchColleaguesRequest(staff_id="eve"))).reason == "STAFF_UNKNOWN"


# --- what is seen -----------------------------------------------------------------------------------------------------


async def test_colleague_is_seen_with_status_since_and_name(client: Client):
    """Id, name, groups, status and since when are those of the state, in the snapshot and in changes."""
    await floor(client)
    await client.ask(admin.UpdateStaffRequest(staff_id="ben", display_name="Ben Okafor"))
    async with Colleagues(client) as watch:
        await watch.began()
        for status in (AVAILABLE, ON_BREAK):
            before = await client.get("ben")
            assert watch.view["ben"] == pb.Colleague(
                staff_id="ben",
                display_name="Ben Okafor",
                skill_groups=["cards", "loans"],
                status=before.status,
                status_started_at=before.status_started_at,
                open_to_transfers=before.capabilities.internal_calls,
            )
            await client.change("ben", status, "lunch" if status == ON_BREAK else "")
            await watch.frame()
        assert watch.view["ben"].status == ON_BREAK


async def test_open_to_transfers_follows_what_may_be_sent(client: Client):
    """AVAILABLE and BUSY are open; an offer that rings, a vanished desktop, a break and a call are not."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        seen = [watch.view["ben"].open_to_transfers]

        async def then(step) -> None:
            await step
            await watch.frame()
            seen.append(watch.view["ben"].open_to_transfers)

        await then(client.change("ben", AVAILABLE))
        await then(client.claim("c1", staff_id="ben"))
        await then(client.started("ben", "c1"))
        await then(client.ended("ben", "c1"))
        await then(client.change("ben", BUSY))
        await then(client.change("ben", ON_BREAK, "lunch"))
    assert seen == [False, True, False, False, False, True, False]


async def test_colleague_whose_desktop_is_gone_is_not_open(client: Client):
    """While the grace runs nothing is to be sent."""
    await floor(client)
    await client.change("ben", BUSY)
    desktop = client.attach("ben")
    await desktop.frame()
    async with Colleagues(client) as watch:
        await watch.began()
        assert watch.view["ben"].open_to_transfers
        desktop.call.cancel()
        await watch.frame()
        assert (watch.view["ben"].status, watch.view["ben"].open_to_transfers) == (BUSY, False)


async def test_colleagues_hear_nothing_of_what_they_do_not_see(client: Client):
    """A second call, a next choice, a note, an attached desktop: no frame is sent, live or on resuming."""
    await floor(client)
    await client.change("ben", AVAILABLE)
    async with Colleagues(client) as watch:
        await watch.began()
        await client.started("ben", "c1")
        await watch.frame()
        position = watch.position
        await client.started("ben", "c2")
        await client.ask(pb.SetNextStatusRequest(staff_id="ben", choice={"status": BUSY}))
        desktop = client.attach("ben")
        await desktop.frame()
        await client.ended("ben", "c2")
        await client.ended("ben", "c1")
        frame = await watch.frame()
        assert [change.colleague.status for change in frame.changes.changes] == [staff_pb2.STATUS_AFTER_CALL_WORK]
    async with Colleagues(client, resume_after=position) as watch:
        assert (await watch.frame()).HasField("bookmark")
        frame = await watch.frame()
        assert len(frame.changes.changes) == 1
    desktop.call.cancel()


def _strings(message) -> Iterator[str]:
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for one in values:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                yield from _strings(one)
            elif isinstance(one, str) and field.name != "position":
                yield one


async def test_nothing_else_leaks(client: Client):
    """No break reason, call, claim, note, actor, request or workspace is in any frame, whatever happens to a colleague."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        await client.change("ben", ON_BREAK, "lunch", note="secret note", request_id="secret request")
        await client.change("ben", AVAILABLE)
        await client.claim("secret-call", staff_id="ben", source="secret source")
        await client.started("ben", "secret-call", source="secret source")
        await client.ended("ben", "secret-call", source="secret source")
        desktop = client.attach("ben", workspace_id="secret-desk", user_agent="secret desktop")
        await desktop.frame()
        desktop.call.cancel()
        await client.change("ben", BUSY)
        while watch.view["ben"].status != BUSY:
            await watch.frame()
        told = {text for frame in watch.frames for text in _strings(frame)}
    assert told == {"ben", "cards", "loans"}


# --- following --------------------------------------------------------------------------------------------------------


async def test_colleague_who_leaves_the_group_is_dropped(client: Client):
    """With the id alone; so is one who is deleted. Who joins is there."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        await groups(client, "ben", "loans")
        frame = await watch.frame()
        (change,) = frame.changes.changes
        assert (change.left, change.colleague) == (True, pb.Colleague(staff_id="ben"))
        await groups(client, "cid", "cards")
        await watch.frame()
        assert set(watch.view) == {"cid"}
        await client.remove("cid")
        await watch.frame()
        assert watch.view == {}


async def _farewell(watch: Colleagues) -> None:
    """The stream ends in order, with a going_away that has no position to go on from."""
    rest = await watch.rest()
    assert [frame.WhichOneof("event") for frame in rest] == ["going_away"]
    assert rest[0].position == ""


@pytest.mark.parametrize("policy", [policy_pb2.COLLEAGUES_NOBODY, policy_pb2.COLLEAGUES_ALL])
async def test_stream_ends_when_the_policy_changes(client: Client, policy: int):
    """At once, though nobody changes: begin afresh. Other changes of the policy leave it alone."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        await client.policy(break_internal_calls=True)
        await client.policy(colleagues=policy)
        await _farewell(watch)


async def test_stream_ends_when_the_own_groups_change(client: Client):
    """At once: who begins afresh sees those of the new groups, and a position from before is of another filter."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        await groups(client, "ana", "loans")
        await _farewell(watch)
    async with Colleagues(client) as again:
        await again.began()
        assert set(again.view) == {"ben", "cid"}
    refusal = await client.refused(pb.WatchColleaguesRequest(staff_id="ana", resume_after=watch.position))
    assert refusal.reason == "POSITION_FILTER_CHANGED"


async def test_who_may_no_longer_be_seen_is_not_shown_even_in_the_same_batch(client: Client, world: World):
    """A colleague's change that becomes durable together with the change of policy that hides it is not sent."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        hiding = admin.UpdatePolicyRequest(policy={"colleagues": policy_pb2.COLLEAGUES_NOBODY})
        changing = pb.ChangeStatusRequest(staff_id="ben", choice={"status": BUSY})
        await world.in_one_commit(client, changing, hiding)
        await _farewell(watch)


async def test_own_deletion_ends_the_stream(client: Client):
    """Who is not there any more sees nobody."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        await client.remove("ana")
        await _farewell(watch)


async def test_resuming_tells_the_latest_of_what_was_missed(client: Client):
    """One element a colleague, however often they changed, without a snapshot."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
    for status in (AVAILABLE, BUSY, AVAILABLE, BUSY):
        await client.change("ben", status)
    await client.started("cid", "c1")
    async with Colleagues(client, resume_after=watch.position) as again:
        assert (await again.frame()).HasField("bookmark")
        frame = await again.frame()
    assert [(one.colleague.staff_id, one.colleague.status) for one in frame.changes.changes] == [("ben", BUSY)]


async def test_position_of_another_watch_is_refused(client: Client):
    """A position of WatchStaff with the same groups is of another filter."""
    await floor(client)
    async with client.watch(filter={"skill_groups": ["cards"]}) as staff:
        await staff.began()
    refusal = await client.refused(pb.WatchColleaguesRequest(staff_id="ana", resume_after=staff.position))
    assert refusal.reason == "POSITION_FILTER_CHANGED"


async def test_bookmarks_say_that_the_stream_lives(client: Client):
    """Where nothing happens a bookmark comes at the interval that was asked for."""
    await floor(client)
    async with Colleagues(client, bookmark_interval={"seconds": 1}) as watch:
        await watch.began()
        assert (await watch.frame()).WhichOneof("event") == "bookmark"


async def test_many_colleagues_share_their_frames(client: Client, world: World):
    """Watchers of the same groups get the same, each without themselves, however many change at once."""
    names = [f"p{number}" for number in range(12)]
    await client.policy(colleagues=policy_pb2.COLLEAGUES_ALL)
    for name in names:
        await client.create(name, "cards")
    watches = [await Colleagues(client, name).began() for name in names]
    await asyncio.gather(*(client.change(name, BUSY) for name in names))
    for name, watch in zip(names, watches, strict=True):
        while any(one.status != BUSY for one in watch.view.values()):
            await watch.frame()
        assert set(watch.view) == set(names) - {name}
        watch.call.cancel()
    await eventually(lambda: world.open_streams == 0, "every stream is closed")


async def test_snapshot_and_changes_say_the_same_of_a_colleague(client: Client):
    """Through every status, what a change told is what a new snapshot tells."""
    await floor(client)
    async with Colleagues(client) as watch:
        await watch.began()
        steps = [
            lambda: client.change("ben", AVAILABLE),
            lambda: client.claim("c1", staff_id="ben"),
            lambda: client.started("ben", "c1"),
            lambda: client.ended("ben", "c1"),
            lambda: client.change("ben", ON_BREAK, "lunch"),
            lambda: client.change("ben", staff_pb2.STATUS_OFFLINE),
        ]
        for step in steps:
            await step()
            await watch.frame()
            async with Colleagues(client) as fresh:
                await fresh.began()
            assert fresh.view == watch.view
    assert watch.view["ben"].status != IN_LINE
