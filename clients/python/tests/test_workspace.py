"""One staff member's workspace against a real server; both kinds of client."""

import asyncio
import threading

import pytest
from breakable_link import breakable_link
from kinds import BLOCKING, QUICK, World
from onduty_process import LONG, OndutyProcess

import onduty_client
from onduty.v1.admin_service_pb2 import (
    CreateBreakReasonRequest,
    DeleteStaffRequest,
    GetPolicyRequest,
    UpdatePolicyRequest,
)
from onduty.v1.policy_pb2 import AfterCallWorkPolicy, Policy
from onduty.v1.staff_pb2 import (
    STATUS_AFTER_CALL_WORK,
    STATUS_AVAILABLE,
    STATUS_BUSY,
    STATUS_IN_LINE,
    STATUS_OFFLINE,
    STATUS_ON_BREAK,
)


async def open_desk(world: World, connection, staff_id: str = "ana", **options):
    """An attached workspace, with the states it told."""
    told: list = []
    desk = world.kind.workspace(connection, staff_id, on_state=told.append, **options)
    await world.do(desk.attach)
    await world.do(desk.wait_attached, LONG)
    return desk, told


def read_states(world: World, desk) -> tuple[list, asyncio.Task]:
    """The statuses that iterating over the workspace gives, as they come, and the task that does it."""
    seen: list = []

    async def read_async() -> None:
        async for state in desk.states():
            seen.append(state.status)  # noqa: PERF401 - the test waits for each.

    def read() -> None:
        for state in desk.states():
            seen.append(state.status)  # noqa: PERF401 - the test waits for each.

    return seen, asyncio.create_task(read_async() if world.kind.name == "asyncio" else asyncio.to_thread(read))


async def test_call_is_taken_through_wrap_up(world: World):
    """Offer, answer, end, countdown, back to reception: every state is told, each once, in order."""
    connection = world.connect()
    await world.create(connection, "ana")
    desk, told = await open_desk(world, connection)
    router = world.kind.router(connection)
    await world.do(desk.change_status, STATUS_AVAILABLE)
    await world.do(router.claim, "c1", staff_id="ana", ttl=100)
    await world.until(lambda: desk.state.HasField("offer"))
    assert 60 < desk.remaining_offer() < 140
    assert (await world.do(desk.accept)).staff.calls[0].call_id == "c1"
    assert (desk.state.status, desk.remaining_offer(), desk.remaining_wrap_up()) == (STATUS_IN_LINE, None, None)
    await world.do(desk.set_next_status, STATUS_BUSY)
    await world.do(desk.clear_next_status)
    await world.do(router.call_ended, "ana", "c1")
    await world.until(lambda: desk.state.status == STATUS_AFTER_CALL_WORK)
    first = desk.remaining_wrap_up()
    await world.until(lambda: desk.remaining_wrap_up() < first - 0.05)
    assert 10 < first < 50
    await world.do(desk.continue_wrap_up)
    assert desk.remaining_wrap_up() is None
    await world.do(desk.back_to_reception)
    await world.do(desk.change_status, STATUS_OFFLINE)
    await world.until(lambda: told[-1].status == STATUS_OFFLINE)
    assert [one.status for one in told] == [
        STATUS_OFFLINE,
        STATUS_AVAILABLE,
        STATUS_AVAILABLE,
        *[STATUS_IN_LINE] * 3,
        *[STATUS_AFTER_CALL_WORK] * 2,
        STATUS_AVAILABLE,
        STATUS_OFFLINE,
    ]
    assert [one.revision for one in told] == sorted({one.revision for one in told})


async def test_break_is_taken_for_a_reason(world: World):
    """From the catalogue; another is refused."""
    connection = world.connect()
    await world.create(connection, "ana")
    lunch = CreateBreakReasonRequest(code="lunch")
    await world.do(connection.call, connection.services.admin.CreateBreakReason, lunch)
    desk = world.kind.workspace(connection, "ana")
    assert [one.code for one in (await world.do(desk.break_reasons)).break_reasons] == ["lunch"]
    answer = await world.do(desk.take_break, "lunch", note="soup")
    assert (answer.staff.status, answer.staff.break_reason) == (STATUS_ON_BREAK, "lunch")
    assert desk.state == answer.staff
    with pytest.raises(onduty_client.InvalidRequestError) as unknown:
        await world.do(desk.take_break, "nap")
    assert unknown.value.reason == "BREAK_REASON_UNKNOWN"


async def test_offer_is_declined_and_calls_are_placed(world: World):
    """Without a known offer nothing is asked; a placed call is in line at once."""
    connection = world.connect()
    await world.create(connection, "ana")
    desk, _ = await open_desk(world, connection)
    with pytest.raises(onduty_client.RefusedError) as gone:
        await world.do(desk.decline)
    assert (gone.value.reason, gone.value.request_id) == ("OFFER_GONE", "")
    await world.do(desk.change_status, STATUS_AVAILABLE)
    await world.do(world.kind.router(connection).claim, "c1", staff_id="ana")
    await world.until(lambda: desk.state.HasField("offer"))
    assert (await world.do(desk.decline, note="on the phone")).staff.misses == 1
    placed = await world.do(desk.place_call, "out-1", source="pbx")
    assert (placed.staff.status, placed.staff.calls[0].source) == (STATUS_IN_LINE, "pbx")


async def test_states_can_be_iterated(world: World):
    """The known one first, then each new one, until the attachment ends."""
    connection = world.connect()
    await world.create(connection, "ana")
    desk, _ = await open_desk(world, connection)
    seen, reading = read_states(world, desk)
    await world.until(lambda: seen)
    await world.do(desk.change_status, STATUS_AVAILABLE)
    await world.do(desk.change_status, STATUS_BUSY)
    await world.until(lambda: len(seen) == 3)
    await world.do(desk.detach)
    await asyncio.wait_for(reading, LONG)
    assert seen == [STATUS_OFFLINE, STATUS_AVAILABLE, STATUS_BUSY]


async def test_state_that_is_told_late_is_iterated_once(world: World):
    """A handler is still busy with the state before it when the states begin to be read."""
    connection = world.connect()
    await world.create(connection, "ana")
    entered, leave = threading.Event(), threading.Event()

    async def slow(_state) -> None:
        entered.set()
        await asyncio.to_thread(leave.wait, 2 * LONG)

    def blocks(_state) -> None:
        entered.set()
        leave.wait(2 * LONG)

    desk = world.kind.workspace(connection, "ana", on_state=slow if world.kind.name == "asyncio" else blocks)
    await world.do(desk.attach)
    await world.until(entered.is_set)
    await world.do(desk.change_status, STATUS_AVAILABLE)
    seen, reading = read_states(world, desk)
    await world.until(lambda: desk._readers)
    leave.set()
    await world.until(lambda: seen)
    await world.do(desk.change_status, STATUS_BUSY)
    await world.until(lambda: STATUS_BUSY in seen)
    await world.do(desk.detach)
    await asyncio.wait_for(reading, LONG)
    assert seen == [STATUS_AVAILABLE, STATUS_BUSY]


async def test_attached_means_told(server: OndutyProcess):
    """Waiting lasts until the handlers have the first state, also where it has come and nobody tells it yet."""
    world = World(BLOCKING, server.address)
    connection = world.connect()
    await world.create(connection, "ana")
    told: list = []
    desk = BLOCKING.workspace(connection, "ana", on_state=told.append)
    tell, may_tell = desk._tell, threading.Event()

    def tell_late() -> None:
        if desk.attached:
            may_tell.wait(2 * LONG)
        tell()

    desk._tell = tell_late
    desk.attach()
    await world.until(lambda: desk.attached)
    with pytest.raises(onduty_client.TimedOutError):
        desk.wait_attached(0.1)
    may_tell.set()
    desk.wait_attached(LONG)
    assert [one.status for one in told] == [STATUS_OFFLINE]
    await world.close()


async def test_handler_may_ask(world: World):
    """A handler that accepts every offer is told the states in order, and so are the handlers after it."""
    connection = world.connect()
    await world.create(connection, "ana")
    desk, first = await open_desk(world, connection)
    second: list = []

    async def accept_async(state) -> None:
        if state.HasField("offer"):
            await desk.accept(state.offer.claim_id)

    def accept(state) -> None:
        if state.HasField("offer"):
            desk.accept(state.offer.claim_id)

    desk.on_state(accept_async if world.kind.name == "asyncio" else accept)
    desk.on_state(second.append)
    await world.do(desk.change_status, STATUS_AVAILABLE)
    await world.do(world.kind.router(connection).claim, "c1", staff_id="ana")
    await world.until(lambda: second and second[-1].status == STATUS_IN_LINE)
    assert [one.revision for one in second] == [one.revision for one in first[1:]]


async def test_attachment_comes_back_after_a_break(world: World):
    """Within the grace, so that the staff member stays signed in."""
    connection = world.connect()
    await world.create(connection, "ana")
    with breakable_link(world.address) as link:
        behind = world.connect(target=link.address, **QUICK)
        desk, _ = await open_desk(world, behind)
        await world.do(desk.change_status, STATUS_AVAILABLE)
        before = desk.state.revision
        link.cut()
        await world.until(lambda: desk.attached and desk.state.revision > before)
        assert desk.last_error is not None
        assert (desk.state.status, desk.state.connection.HasField("offline_at")) == (STATUS_AVAILABLE, False)


async def test_workspace_of_the_same_id_takes_the_place(world: World):
    """The older one ends for good, with an error that says so; the newer one lives on."""
    connection = world.connect(**QUICK)
    await world.create(connection, "ana")
    older, _ = await open_desk(world, connection, workspace_id="desk-7")
    newer, _ = await open_desk(world, connection, workspace_id="desk-7", user_agent="desk/2")
    await world.until(lambda: not older.attached)
    with pytest.raises(onduty_client.ReplacedError) as replaced:
        await world.do(older.wait_attached, LONG)
    assert (replaced.value.reason, replaced.value.workspace_id) == ("ATTACHMENT_REPLACED", "desk-7")
    await world.do(newer.change_status, STATUS_BUSY)
    (there,) = newer.state.connection.workspaces
    assert (newer.attached, there.workspace_id, there.user_agent) == (True, "desk-7", "desk/2")


async def test_detached_workspace_goes_offline_after_the_grace(world: World):
    """Detaching ends the stream; the policy does the rest. It may be attached again."""
    connection = world.connect()
    await world.create(connection, "ana")
    policy = Policy()
    policy.disconnect_grace.FromMilliseconds(100)
    await world.do(connection.call, connection.services.admin.UpdatePolicy, UpdatePolicyRequest(policy=policy))
    desk, _ = await open_desk(world, connection)
    await world.do(desk.change_status, STATUS_AVAILABLE)
    await world.do(desk.detach)
    await world.do(desk.detach)
    assert not desk.attached
    floor = await world.do(world.kind.router(connection).floor)
    await world.do(floor.wait_current, LONG)
    await world.until(lambda: floor.get("ana").status == STATUS_OFFLINE)
    await world.do(desk.attach)
    await world.do(desk.wait_attached, LONG)
    assert desk.attached


async def test_deleted_staff_member_ends_the_attachment(world: World):
    """Not attached, nothing is retried, and waiting says why."""
    connection = world.connect()
    await world.create(connection, "ana")
    desk, _ = await open_desk(world, connection)
    await world.do(connection.call, connection.services.admin.DeleteStaff, DeleteStaffRequest(staff_id="ana"))
    await world.until(lambda: not desk.attached)
    with pytest.raises(onduty_client.NotFoundError) as gone:
        await world.do(desk.wait_attached, LONG)
    assert gone.value.reason == "STAFF_UNKNOWN"


async def test_unknown_staff_member_cannot_attach(world: World):
    """It is not tried for ever."""
    desk = world.kind.workspace(world.connect(), "nobody")
    await world.do(desk.attach)
    with pytest.raises(onduty_client.NotFoundError):
        await world.do(desk.wait_attached, LONG)


async def test_waiting_has_a_deadline(world: World):
    """Also where nothing was attached at all."""
    desk = world.kind.workspace(world.connect(), "ana")
    with pytest.raises(onduty_client.OndutyError, match="detached"):
        await world.do(desk.wait_attached, 0.1)
    with breakable_link(world.address) as link:
        link.refuse()
        desk = world.kind.workspace(world.connect(target=link.address), "ana")
        await world.do(desk.attach)
        with pytest.raises(onduty_client.TimedOutError):
            await world.do(desk.wait_attached, 0.3)


async def test_countdown_follows_the_policy(world: World):
    """What the server counts is what is shown; at its end the status changes."""
    connection = world.connect()
    await world.create(connection, "ana")
    desk, told = await open_desk(world, connection)
    await world.do(desk.change_status, STATUS_AVAILABLE)
    router = world.kind.router(connection)
    await set_countdown(world, connection, 400_000)
    await world.do(router.call_started, "ana", "c1")
    await world.do(router.call_ended, "ana", "c1")
    await world.until(lambda: desk.state.HasField("wrap_up"))
    assert 300 < desk.remaining_wrap_up() < 500
    await world.do(desk.back_to_reception)
    await set_countdown(world, connection, 200)
    await world.do(router.call_started, "ana", "c2")
    await world.do(router.call_ended, "ana", "c2")
    await world.until(lambda: [one.status for one in told[-2:]] == [STATUS_AFTER_CALL_WORK, STATUS_AVAILABLE])
    wrapping_up, free = told[-2:]
    ends_at = wrapping_up.wrap_up.ends_at
    assert ends_at.ToMicroseconds() - wrapping_up.status_started_at.ToMicroseconds() == 200_000
    assert (free.status_started_at, desk.remaining_wrap_up()) == (ends_at, None)


async def set_countdown(world: World, connection, milliseconds: int) -> None:
    """Sets the policy's countdown."""
    policy = Policy(after_call_work=AfterCallWorkPolicy(enabled=True))
    policy.after_call_work.countdown.FromMilliseconds(milliseconds)
    await world.do(connection.call, connection.services.admin.UpdatePolicy, UpdatePolicyRequest(policy=policy))
    stated = await world.do(connection.call, connection.services.admin.GetPolicy, GetPolicyRequest())
    assert stated.policy.after_call_work.countdown.ToMilliseconds() == milliseconds
