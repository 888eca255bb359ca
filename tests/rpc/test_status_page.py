"""The staff-status page, walked by RPC as a desktop, a router and a telephony source would walk it."""

from fake_clock import FakeClock
from rpc_world import AFTER_CALL_WORK, AVAILABLE, BUSY, IN_LINE, OFFLINE, ON_BREAK, World

from onduty.v1 import staff_pb2
from onduty.v1 import workspace_service_pb2 as pb


async def test_available_is_assigned_inbound_calls_and_may_dial(timed: World):
    """Available: the system assigns inbound calls, and the staff member can make outbound calls."""
    client = timed.client
    await client.create_available("ana", "cards")
    assert (await client.get("ana")).capabilities == staff_pb2.Capabilities(
        assign_inbound=True, dial_out=True, internal_calls=True, change_status=True
    )
    claim = await client.claim("c1", skill_group="cards")
    assert claim.staff.staff_id == "ana"
    await client.change("ana", BUSY)
    await client.change("ana", AVAILABLE)
    placed = await client.ask(pb.PlaceCallRequest(staff_id="ana", call_id="c2"))
    assert placed.staff.status == IN_LINE


async def test_busy_is_not_assigned_but_may_dial_and_be_called_by_colleagues(timed: World):
    """Busy: no new inbound calls, outbound by hand, internal calls and transfers are received."""
    client = timed.client
    await client.create("ana", "cards")
    busy = (await client.change("ana", BUSY)).staff
    assert busy.capabilities == staff_pb2.Capabilities(dial_out=True, internal_calls=True, change_status=True)
    transfer = await client.started("ana", "c1", direction=staff_pb2.DIRECTION_TRANSFER)
    assert transfer.staff.status == IN_LINE
    assert not transfer.staff.calls[0].irregular


async def test_on_break_has_a_reason_and_may_dial(timed: World):
    """On break: a specific reason, no new inbound calls, outbound by hand."""
    client = timed.client
    await client.break_reason("lunch")
    await client.create("ana")
    at_lunch = (await client.change("ana", ON_BREAK, "lunch")).staff
    assert at_lunch.break_reason == "lunch"
    assert at_lunch.capabilities == staff_pb2.Capabilities(dial_out=True, change_status=True)


async def test_in_line_is_set_by_the_system_and_cannot_be_left(timed: World):
    """In line: no inbound and no outbound calls, and no change until the call is over."""
    client = timed.client
    await client.create_available("ana")
    talking = (await client.started("ana", "c1")).staff
    assert talking.status == IN_LINE
    assert talking.capabilities == staff_pb2.Capabilities()
    for request in (
        pb.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}),
        pb.PlaceCallRequest(staff_id="ana", call_id="c2"),
    ):
        assert (await client.refused(request)).reason == "TRANSITION_REFUSED"
    assert (await client.get("ana")) == talking


async def test_the_wrap_up_after_a_call_counts_down_to_available(timed: World, clock: FakeClock):
    """After-call work begins when the call ends, counts down, and leads back to idle by itself."""
    client = timed.client
    await client.create_available("ana")
    await client.started("ana", "c1")
    clock.move(125)
    wrapping = (await client.ended("ana", "c1")).staff
    assert wrapping.status == AFTER_CALL_WORK
    assert wrapping.wrap_up.ends_at.seconds == wrapping.wrap_up.started_at.seconds + 30
    clock.move(30)
    idle = await client.until_status("ana", AVAILABLE)
    assert idle.status_started_at == idle.idle_started_at == wrapping.wrap_up.ends_at
    last = (await client.transitions())[-1]
    assert last.cause == staff_pb2.CAUSE_WRAP_UP_ENDED
    assert last.actor.role == staff_pb2.ACTOR_ROLE_SYSTEM
    assert last.time_in_previous_status.seconds == 30


async def test_back_to_reception_switches_back_to_idle(timed: World, clock: FakeClock):
    """Before the countdown ends, Back to Reception leads back at once."""
    client = timed.client
    await client.create_available("ana")
    await client.started("ana", "c1")
    await client.ended("ana", "c1")
    clock.move(10)
    told = await client.ask(pb.BackToReceptionRequest(staff_id="ana"))
    assert told.staff.status == AVAILABLE
    assert (await client.transitions())[-1].time_in_previous_status.seconds == 10


async def test_continue_after_call_work_maintains_the_state(timed: World, clock: FakeClock):
    """Before the countdown ends, Continue After-Call Work keeps the status until the staff member ends it."""
    client = timed.client
    await client.create_available("ana")
    await client.started("ana", "c1")
    await client.ended("ana", "c1")
    await client.ask(pb.ContinueAfterCallWorkRequest(staff_id="ana"))
    clock.move(3_600)
    await client.create("ben")  # a commit in between: what was due would have fired before it
    assert (await client.get("ana")).status == AFTER_CALL_WORK
    told = await client.ask(pb.BackToReceptionRequest(staff_id="ana"))
    assert told.staff.status == AVAILABLE


async def test_offline_is_assigned_nothing_and_cannot_dial(timed: World):
    """Offline: no new tasks, no outbound calls; a new status signs in."""
    client = timed.client
    await client.create_available("ana", "cards")
    offline = (await client.change("ana", OFFLINE)).staff
    assert offline.capabilities == staff_pb2.Capabilities(change_status=True)
    assert (await client.refused(pb.PlaceCallRequest(staff_id="ana", call_id="c1"))).reason == "TRANSITION_REFUSED"
    assert (await client.change("ana", AVAILABLE)).staff.status == AVAILABLE


async def test_a_whole_day_is_kept_with_its_causes(timed: World, clock: FakeClock):
    """From sign-in to sign-out every change is in the history, in order, with its cause and the time before it."""
    client = timed.client
    await client.break_reason("lunch", limit_seconds=1_800)
    await client.create("ana", "cards")

    async def step(seconds: int, status: int, code: str = "") -> None:
        clock.move(seconds)
        await client.change("ana", status, code)

    await step(60, AVAILABLE)
    clock.move(60)
    claim = await client.claim("c1", skill_group="cards")
    clock.move(5)
    await client.ask(pb.AcceptOfferRequest(staff_id="ana", claim_id=claim.claim_id))
    clock.move(180)
    await client.ended("ana", "c1")
    await step(10, ON_BREAK, "lunch")
    clock.move(2_000)
    await client.until("ana", lambda staff: staff.overdue)
    await step(1, BUSY)
    await step(600, OFFLINE)
    told = [(one.cause, one.status, one.time_in_previous_status.seconds) for one in await client.transitions()]
    assert told == [
        (staff_pb2.CAUSE_ADMIN, OFFLINE, 0),
        (staff_pb2.CAUSE_STAFF, AVAILABLE, 60),
        (staff_pb2.CAUSE_CLAIM, AVAILABLE, 0),
        (staff_pb2.CAUSE_OFFER_ACCEPTED, IN_LINE, 65),
        (staff_pb2.CAUSE_CALL_ENDED, AFTER_CALL_WORK, 180),
        (staff_pb2.CAUSE_STAFF, ON_BREAK, 10),
        (staff_pb2.CAUSE_BREAK_LIMIT, ON_BREAK, 0),
        (staff_pb2.CAUSE_STAFF, BUSY, 2_001),
        (staff_pb2.CAUSE_STAFF, OFFLINE, 600),
    ]
