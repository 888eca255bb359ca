"""Attached workspaces: the own state now and at each change, the grace when the last one vanishes, and what survives."""

import asyncio
from pathlib import Path

import grpc
import pytest
from fake_clock import FakeClock
from google.rpc import error_details_pb2
from rpc_world import AVAILABLE, BUSY, IN_LINE, OFFLINE, Client, Stream, World, eventually, serving

from onduty.v1 import staff_pb2
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as pb


def attach(client: Client, staff_id: str = "ana", **fields) -> Stream:
    """Open a workspace."""
    return client.attach(staff_id, **fields)


async def attached(client: Client, staff_id: str = "ana", **fields) -> Stream:
    """Open a workspace and wait until it is attached."""
    stream = attach(client, staff_id, **fields)
    frame = await stream.frame()
    assert frame.change.transition.cause == staff_pb2.CAUSE_ATTACHED
    return stream


async def detached(client: Client, *streams: Stream, staff_id: str = "ana", left: int = 0) -> staff_pb2.Staff:
    """End workspaces and wait until so many are left."""
    for stream in streams:
        stream.call.cancel()
    return await client.until(staff_id, lambda staff: len(staff.connection.workspaces) == left)


# --- the stream -------------------------------------------------------------------------------------------------------


async def test_the_first_frame_has_the_own_state(client: Client, world: World):
    """As it is after attaching, with a position from which reads see it."""
    await client.create_available("ana", "cards")
    async with attach(client) as stream:
        frame = await stream.frame()
        assert frame.WhichOneof("event") == "change"
        assert frame.change.staff == await client.get("ana")
        assert len(frame.change.staff.connection.workspaces) == 1
        assert frame.change.staff.revision == world.head
        assert frame.change.transition.cause == staff_pb2.CAUSE_ATTACHED
        assert frame.change.transition.actor == staff_pb2.Actor(role=staff_pb2.ACTOR_ROLE_WORKSPACE, id="ana")
        await client.ask(pb.GetStaffRequest(staff_id="ana", at_least=frame.position))


async def test_every_change_of_the_own_state_is_told_and_no_other(client: Client):
    """Whoever made it; others' changes are not."""
    await client.create_available("ana")
    await client.create("ben")
    async with attach(client) as stream:
        await stream.frame()
        await client.change("ben", BUSY)
        told = [
            await client.claim("c1", staff_id="ana"),
            await client.ended("ana", "c1"),
            await client.ask(supervisor.ForceStatusRequest(staff_id="ana", choice={"status": BUSY}, note="why")),
        ]
        frames = [await stream.frame() for _ in told]
    assert [frame.change.staff for frame in frames] == [one.staff for one in told]
    assert [frame.change.transition.cause for frame in frames] == [
        staff_pb2.CAUSE_CLAIM,
        staff_pb2.CAUSE_CALL_ENDED,
        staff_pb2.CAUSE_SUPERVISOR,
    ]


async def test_bookmarks_say_that_the_stream_lives(client: Client):
    """Where nothing happens a bookmark comes at the interval that was asked for."""
    await client.create("ana")
    async with attach(client, bookmark_interval={"seconds": 1}) as stream:
        await stream.frame()
        frame = await stream.frame()
    assert frame.WhichOneof("event") == "bookmark"
    assert frame.position


async def test_several_workspaces_are_counted(client: Client):
    """Two desktops of one person see each other come and go."""
    await client.create_available("ana")
    first = await attached(client)
    second = await attached(client)
    frame = await first.frame()
    assert len(frame.change.staff.connection.workspaces) == 2
    state = await detached(client, second, left=1)
    assert not state.connection.HasField("offline_at"), "one is still there"
    frame = await first.frame()
    assert frame.change.transition.cause == staff_pb2.CAUSE_DETACHED
    assert frame.change.transition.actor.role == staff_pb2.ACTOR_ROLE_SYSTEM
    first.call.cancel()


async def test_who_is_deleted_has_left(client: Client):
    """The workspace of a deleted staff member is told so."""
    await client.create("ana")
    async with attach(client) as stream:
        await stream.frame()
        await client.remove("ana")
        frame = await stream.frame()
    assert frame.change.left
    assert frame.change.transition.kind == staff_pb2.TRANSITION_KIND_DELETED


async def test_a_seventeenth_workspace_is_refused(client: Client, world: World):
    """ATTACHMENT_QUOTA names the limit of one person, with RetryInfo; the sixteen go on, and a place that is freed is free."""
    await client.create("ana")
    streams = [await attached(client) for _ in range(16)]
    before = world.head
    refusal = await client.refused(pb.AttachRequest(staff_id="ana"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "ATTACHMENT_QUOTA")
    assert refusal.metadata == {"limit": "16", "name": "workspaces_per_staff"}
    assert refusal.detail(error_details_pb2.RetryInfo).retry_delay.seconds > 0
    assert world.head == before
    await detached(client, streams.pop(), left=15)
    streams.append(await attached(client))
    for stream in streams:
        stream.call.cancel()


# --- the same workspace again -----------------------------------------------------------------------------------------


async def test_a_workspace_says_what_it_is(client: Client):
    """Its own id, what it calls itself and since when it is attached are in the state; one without an id is given one."""
    await client.create_available("ana")
    own = await attached(client, workspace_id="desk-7", user_agent="Desk 1.2")
    other = await attached(client)
    first, second = (await client.get("ana")).connection.workspaces
    assert (first.workspace_id, first.user_agent) == ("desk-7", "Desk 1.2")
    assert second.workspace_id not in ("", "desk-7")
    assert first.attached_at.ToMicroseconds() <= second.attached_at.ToMicroseconds()
    own.call.cancel()
    other.call.cancel()


async def test_a_workspace_that_attaches_again_ends_its_older_stream(client: Client):
    """At once, with ABORTED and ATTACHMENT_REPLACED; it counts once all the time, and no grace runs for the old one."""
    await client.create_available("ana")
    older = await attached(client, workspace_id="desk-7")
    newer = await attached(client, workspace_id="desk-7")
    refusal = await older.refusal()
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.ABORTED, "ATTACHMENT_REPLACED")
    assert refusal.metadata == {"workspace_id": "desk-7"}
    state = await client.get("ana")
    assert [one.workspace_id for one in state.connection.workspaces] == ["desk-7"]
    assert not state.connection.HasField("offline_at")
    causes = [one.cause for one in await client.transitions()]
    assert staff_pb2.CAUSE_DETACHED not in causes
    await client.change("ana", BUSY)
    assert (await newer.frame()).change.staff.status == BUSY
    newer.call.cancel()


async def test_late_end_of_the_older_stream_detaches_nobody(client: Client):
    """Who cancels the older stream after the newer one was opened is attached still."""
    await client.create_available("ana")
    older = await attached(client, workspace_id="desk-7")
    newer = attach(client, workspace_id="desk-7")
    older.call.cancel()
    await newer.frame()
    await client.change("ana", BUSY)
    await newer.frame()
    state = await client.get("ana")
    assert (len(state.connection.workspaces), state.connection.HasField("offline_at")) == (1, False)
    newer.call.cancel()


async def test_sixteen_workspaces_can_each_attach_again(client: Client):
    """A workspace that takes its own place needs no other."""
    await client.create("ana")
    streams = [await attached(client, workspace_id=f"desk-{number}") for number in range(16)]
    streams.append(await attached(client, workspace_id="desk-3"))
    assert len((await client.get("ana")).connection.workspaces) == 16
    assert (await client.refused(pb.AttachRequest(staff_id="ana", workspace_id="more"))).reason == "ATTACHMENT_QUOTA"
    for stream in streams:
        stream.call.cancel()


async def test_many_attach_as_the_same_workspace(client: Client, world: World):
    """Of streams that all say to be the same workspace one is left, and nothing remains of the others."""
    await client.create_available("ana")
    before = world.head
    streams = [attach(client, workspace_id="desk-7") for _ in range(12)]
    await eventually(lambda: world.head >= before + 12 and world.open_streams == 1, "all have come, and all but one have ended")
    state = await client.get("ana")
    assert [one.workspace_id for one in state.connection.workspaces] == ["desk-7"]
    for stream in streams:
        stream.call.cancel()
    await client.until("ana", lambda staff: staff.connection.HasField("offline_at"))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"workspace_id": "x" * 129}, "workspace_id"),
        ({"workspace_id": "a\nb"}, "workspace_id"),
        ({"user_agent": "x" * 201}, "user_agent"),
    ],
)
async def test_faulty_workspace_is_refused(client: Client, world: World, fields: dict[str, str], fault: str):
    """What is too long or has control characters is INVALID_FIELD, and nothing is attached."""
    await client.create("ana")
    head = world.head
    refusal = await client.refused(pb.AttachRequest(staff_id="ana", **fields))
    assert (refusal.reason, list(refusal.faults)) == ("INVALID_FIELD", [fault])
    assert world.head == head


async def test_who_is_deleted_and_created_again_is_not_taken_for_replaced(client: Client):
    """The stream of the person before ends in order, so that the workspace attaches again."""
    await client.create("ana")
    stream = await attached(client, workspace_id="desk-7")
    await client.remove("ana")
    await client.create("ana")
    frames = await stream.rest()
    assert frames[-1].WhichOneof("event") == "going_away"


# --- the grace --------------------------------------------------------------------------------------------------------


async def test_when_the_last_workspace_ends_a_grace_runs_and_then_it_is_offline(timed: World, clock: FakeClock):
    """The choice becomes OFFLINE at the grace's own instant, with the cause DISCONNECTED."""
    client = timed.client
    await client.create_available("ana")
    state = await detached(client, await attached(client))
    assert state.status == AVAILABLE
    assert state.connection.offline_at.seconds - state.changed_at.seconds == 60
    clock.move(59)
    await client.create("ben")
    assert (await client.get("ana")).status == AVAILABLE
    clock.move(1)
    offline = await client.until_status("ana", OFFLINE)
    assert offline.choice.status == OFFLINE
    assert not offline.connection.HasField("offline_at")
    last = (await client.transitions())[-1]
    assert last.cause == staff_pb2.CAUSE_DISCONNECTED
    assert last.actor.role == staff_pb2.ACTOR_ROLE_SYSTEM
    assert last.changed_at == state.connection.offline_at


async def test_attaching_within_the_grace_calls_it_off(timed: World, clock: FakeClock):
    """A reload of the desktop costs nothing."""
    client = timed.client
    await client.create_available("ana")
    await detached(client, await attached(client))
    clock.move(59)
    stream = await attached(client)
    state = await client.get("ana")
    assert not state.connection.HasField("offline_at")
    clock.move(3_600)
    await client.create("ben")
    assert (await client.get("ana")).status == AVAILABLE
    stream.call.cancel()


async def test_without_a_workspace_there_is_no_grace(timed: World, clock: FakeClock):
    """An integration that only calls RPCs has no such deadline."""
    client = timed.client
    await client.create_available("ana")
    clock.move(100 * 3_600)
    await client.create("ben")
    assert (await client.get("ana")).status == AVAILABLE


async def test_a_grace_of_nothing_ends_at_once(client: Client):
    """disconnect_grace 0, by the machine's own clock: OFFLINE as soon as the stream is gone."""
    await client.policy(disconnect_grace={"seconds": 0})
    await client.create_available("ana")
    stream = await attached(client)
    stream.call.cancel()
    await client.until_status("ana", OFFLINE)
    causes = [one.cause for one in await client.transitions()][-2:]
    assert causes == [staff_pb2.CAUSE_DETACHED, staff_pb2.CAUSE_DISCONNECTED]


async def test_a_short_grace_in_a_rehearsal(journal_path: Path):
    """By the machine's own clock: the grace and its end."""
    async with serving(journal_path, rehearsal=True) as world:
        client = world.client
        await client.policy(disconnect_grace={"nanos": 100_000_000})
        await client.create_available("ana")
        stream = await attached(client)
        async with client.watch() as watch:
            await watch.began()
            stream.call.cancel()
            await watch.until(lambda seen: seen.view["ana"].status == OFFLINE)
        state, offline = (change.staff for change in watch.changes)
        lasts = state.connection.offline_at.ToMicroseconds() - state.changed_at.ToMicroseconds()
        assert lasts == 100_000
        assert offline.status_started_at == state.connection.offline_at


async def test_who_is_offline_has_no_grace(timed: World):
    """There is nothing left to become."""
    client = timed.client
    await client.create("ana")
    state = await detached(client, await attached(client))
    assert not state.connection.HasField("offline_at")
    assert not state.connection.lapsed


async def test_a_grace_that_ends_in_a_call_waits_for_its_end(timed: World, clock: FakeClock):
    """Who is talking is not signed out; after the call there is neither wrap-up nor AVAILABLE, but OFFLINE."""
    client = timed.client
    await client.create_available("ana")
    stream = await attached(client)
    await client.started("ana", "c1")
    await detached(client, stream)
    clock.move(60)
    state = await client.until("ana", lambda staff: staff.connection.lapsed)
    assert state.status == IN_LINE
    after = (await client.ended("ana", "c1")).staff
    assert after.status == OFFLINE
    assert not after.connection.lapsed
    assert not after.HasField("wrap_up")


async def test_coming_back_in_a_call_after_the_grace(timed: World, clock: FakeClock):
    """A workspace that attaches before the call ends makes good for it."""
    client = timed.client
    await client.create_available("ana")
    stream = await attached(client)
    await client.started("ana", "c1")
    await detached(client, stream)
    clock.move(60)
    await client.until("ana", lambda staff: staff.connection.lapsed)
    stream = await attached(client)
    assert not (await client.get("ana")).connection.lapsed
    assert (await client.ended("ana", "c1")).staff.status != OFFLINE
    stream.call.cancel()


async def test_an_offer_is_withdrawn_from_who_is_gone(timed: World, clock: FakeClock):
    """The end of the grace ends the offer, and says so."""
    client = timed.client
    await client.create_available("ana")
    stream = await attached(client)
    claim = await client.claim("c1", staff_id="ana", ttl={"seconds": 600})
    await detached(client, stream)
    clock.move(60)
    await client.until_status("ana", OFFLINE)
    ended = (await client.transitions())[-1].ended_offer
    assert (ended.claim_id, ended.end) == (claim.claim_id, staff_pb2.OFFER_END_SUPERSEDED)


async def test_a_policy_may_demand_a_workspace(timed: World, clock: FakeClock):
    """Signing in without one starts the grace; so does the policy's change for who is signed in already."""
    client = timed.client
    early = await client.create_available("ben")
    assert not early.connection.HasField("offline_at")
    await client.policy(require_attachment=True)
    assert (await client.get("ben")).connection.HasField("offline_at")
    state = await client.create_available("ana")
    assert state.connection.HasField("offline_at")
    stream = await attached(client)
    assert not (await client.get("ana")).connection.HasField("offline_at")
    clock.move(60)
    await client.until_status("ben", OFFLINE)
    assert (await client.get("ana")).status == AVAILABLE
    stream.call.cancel()


# --- what survives ----------------------------------------------------------------------------------------------------


async def test_workspaces_of_a_dead_server_are_let_go_with_a_grace(journal_path: Path, clock: FakeClock):
    """The next server finds attachments that nobody holds, and gives their owners the time to come back."""
    async with serving(journal_path, clock=clock) as world:
        for name in ("ana", "ben"):
            await world.client.create_available(name)
        streams = [await attached(world.client, name) for name in ("ana", "ana", "ben")]
    del streams
    clock.move(5)
    async with serving(journal_path, clock=clock) as world:
        client = world.client
        for name in ("ana", "ben"):
            state = await client.get(name)
            assert not state.connection.workspaces
            assert state.connection.offline_at.ToMicroseconds() == clock.now() + 60_000_000
            assert state.status == AVAILABLE
        stream = await attached(client, "ana")
        clock.move(60)
        await client.until_status("ben", OFFLINE)
        assert (await client.get("ana")).status == AVAILABLE
        stream.call.cancel()


async def test_a_draining_server_leaves_its_workspaces_to_the_next(journal_path: Path, clock: FakeClock):
    """A rolling restart is no reason to count anybody as gone: the grace begins when the next server starts."""
    async with serving(journal_path, clock=clock) as world:
        await world.client.create_available("ana")
        stream = await attached(world.client)
        await world.running.server.stop()
        assert (await stream.refusal()).reason == "DRAINING"
    async with serving(journal_path, clock=clock) as world:
        causes = [one.cause for one in await world.client.transitions()]
        assert causes[-2:] == [staff_pb2.CAUSE_ATTACHED, staff_pb2.CAUSE_DETACHED]


async def test_a_workspace_that_gives_up_at_once_is_not_left_attached(client: Client, world: World):
    """Cancelled before the first frame, at whatever moment: in the end nobody is counted."""
    await client.create_available("ana")
    gate = world.gate()
    gate.hold_before()
    stream = attach(client)
    await gate.arrived()
    stream.call.cancel()
    await eventually(lambda: world.open_streams == 0, "the stream is closed")
    gate.release()
    state = await client.until("ana", lambda staff: staff.connection.HasField("offline_at"))
    assert not state.connection.workspaces


async def test_many_come_and_go(client: Client, world: World):
    """After a storm of short visits the count is right, and nothing is left behind."""
    await client.create_available("ana")

    async def visit() -> None:
        async with attach(client) as stream:
            await stream.frame()

    for _ in range(8):  # a visit may be over and not counted out yet when the next ones begin; sixteen at once are the most.
        await asyncio.gather(*(visit() for _ in range(5)))
    await client.until("ana", lambda staff: not staff.connection.workspaces and staff.connection.HasField("offline_at"))
    await eventually(lambda: world.open_streams == 0, "every stream is closed")
    assert not world.running.server._workspaces._departures


async def test_nobody_is_attached_to_whom_does_not_exist(client: Client, world: World):
    """STAFF_UNKNOWN before anything is counted."""
    refusal = await client.refused(pb.AttachRequest(staff_id="ana"))
    assert refusal.reason == "STAFF_UNKNOWN"
    assert world.open_streams == 0
