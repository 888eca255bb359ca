"""What supervisors use to step in: forcing, resetting and counting."""

import grpc
import pytest
from rpc_world import AFTER_CALL_WORK, AVAILABLE, BUSY, IN_LINE, OFFLINE, ON_BREAK, Client, World, refusal_in

from onduty.v1 import errors_pb2, staff_pb2, workspace_service_pb2
from onduty.v1 import supervisor_service_pb2 as pb


async def force(client: Client, status: int, **fields):
    """Force ana's choice."""
    choice = {"status": status, "break_reason": fields.pop("break_reason", "")}
    return await client.ask(pb.ForceStatusRequest(staff_id="ana", choice=choice, **{"note": "why", **fields}))


# --- ForceStatus ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [AVAILABLE, BUSY, OFFLINE])
async def test_force_status_sets_the_choice(client: Client, status: int):
    """From anywhere outside a call, at once; the change has the note and names the supervisor's part."""
    await client.break_reason("lunch")
    await client.create("ana")
    await client.change("ana", ON_BREAK, "lunch")
    told = await force(client, status, note="floor is full")
    assert told.staff.status == status
    last = (await client.transitions())[-1]
    assert (last.cause, last.note) == (staff_pb2.CAUSE_SUPERVISOR, "floor is full")
    assert last.actor.role == staff_pb2.ACTOR_ROLE_SUPERVISOR


async def test_force_status_to_a_break_needs_its_reason(client: Client):
    """The reason is checked as for the staff member's own change."""
    await client.break_reason("lunch")
    await client.create("ana")
    request = pb.ForceStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": "nap"}, note="why")
    refusal = await client.refused(request)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "BREAK_REASON_UNKNOWN")
    assert (await force(client, ON_BREAK, break_reason="lunch")).staff.break_reason == "lunch"


async def test_force_status_to_what_is_so_changes_nothing(client: Client, world: World):
    """The same choice makes no revision."""
    await client.create_available("ana")
    before = world.head
    assert (await force(client, AVAILABLE)).staff.status == AVAILABLE
    assert world.head == before


async def test_force_status_in_a_call_waits_for_its_end(client: Client):
    """It becomes the next choice."""
    await client.create_available("ana")
    await client.started("ana", "c1")
    told = await force(client, BUSY)
    assert told.staff.status == IN_LINE
    assert told.staff.next.status == BUSY
    await client.ended("ana", "c1")
    told = await client.ask(pb.ForceStatusRequest(staff_id="ana", choice={"status": AVAILABLE}, note="why"))
    assert told.staff.status == AVAILABLE


async def test_force_status_immediately_drops_the_calls(client: Client):
    """The calls leave the record, and no wrap-up follows."""
    await client.create_available("ana")
    await client.started("ana", "c1")
    await client.started("ana", "c2")
    told = await force(client, OFFLINE, immediately=True)
    assert told.staff.status == OFFLINE
    assert not told.staff.calls
    assert not told.staff.HasField("wrap_up")
    assert not (await client.ended("ana", "c1")).applied


@pytest.mark.parametrize("status", ["IN_LINE", "AFTER_CALL_WORK"])
async def test_force_status_cannot_set_what_only_the_system_sets(client: Client, status: str):
    """TRANSITION_REFUSED."""
    await client.create("ana")
    refusal = await client.refused(pb.ForceStatusRequest(staff_id="ana", choice={"status": f"STATUS_{status}"}, note="why"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "TRANSITION_REFUSED")
    assert refusal.metadata == {"staff_id": "ana", "current_status": "OFFLINE", "requested": f"CHANGE_TO_{status}"}


@pytest.mark.parametrize("note", ["", "  ", "\n"])
async def test_force_status_needs_a_note(client: Client, world: World, note: str):
    """Stepping in without saying why is a fault."""
    await client.create("ana")
    before = world.head
    refusal = await client.refused(pb.ForceStatusRequest(staff_id="ana", choice={"status": BUSY}, note=note))
    assert (refusal.reason, refusal.metadata) == ("INVALID_FIELD", {"field": "note"})
    assert world.head == before


async def test_force_status_of_somebody_unknown(client: Client):
    """STAFF_UNKNOWN, as for a reset."""
    for request in (
        pb.ForceStatusRequest(staff_id="ana", choice={"status": BUSY}, note="why"),
        pb.ResetStaffRequest(staff_id="ana"),
    ):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")


async def test_a_batch_is_forced_each_on_its_own(client: Client):
    """Good items are applied, bad ones say why with the refusal's typed detail."""
    for name in ("ana", "ben"):
        await client.create_available(name)
    items = [
        pb.ForceStatusRequest(staff_id="ana", choice={"status": BUSY}, note="why"),
        pb.ForceStatusRequest(staff_id="nobody", choice={"status": BUSY}, note="why"),
        pb.ForceStatusRequest(staff_id="ben", choice={"status": IN_LINE}, note="why"),
        pb.ForceStatusRequest(staff_id="", choice={"status": 99}),
        pb.ForceStatusRequest(staff_id="ben", choice={"status": OFFLINE}, note="why"),
        pb.ForceStatusRequest(staff_id="ben", choice={"status": AVAILABLE}, note="why"),
    ]
    told = await client.ask(pb.BatchForceStatusRequest(requests=items))
    assert [one.taken.status for one in told.results] == [BUSY, 0, 0, 0, OFFLINE, AVAILABLE]
    unknown, refused, faulty = (refusal_in(one.error) for one in told.results[1:4])
    assert unknown.reason == "STAFF_UNKNOWN"
    assert refused.reason == "TRANSITION_REFUSED"
    detail = refused.detail(errors_pb2.TransitionRefusal)
    assert (detail.current.staff_id, detail.requested) == ("ben", staff_pb2.ACTION_CHANGE_TO_IN_LINE)
    assert set(faulty.faults) == {"staff_id", "choice.status", "note"}
    assert told.position


# --- ResetStaff -------------------------------------------------------------------------------------------------------


async def test_reset_clears_everything_but_the_choice(client: Client):
    """Calls, offer, wrap-up, next choice and misses go; the choice stays."""
    await client.create("ana")
    await client.change("ana", BUSY)
    await client.started("ana", "c1")
    await client.ask(workspace_service_pb2.SetNextStatusRequest(staff_id="ana", choice={"status": OFFLINE}))
    told = await client.ask(pb.ResetStaffRequest(staff_id="ana", note="stuck"))
    assert told.staff.status == told.staff.choice.status == BUSY
    assert not told.staff.calls
    assert not told.staff.HasField("next")
    last = (await client.transitions())[-1]
    assert (last.cause, last.note) == (staff_pb2.CAUSE_RESET, "stuck")


async def test_reset_ends_an_offer_without_a_miss(client: Client):
    """The offer is superseded."""
    await client.create_available("ana")
    await client.claim("c1", staff_id="ana")
    told = await client.ask(pb.ResetStaffRequest(staff_id="ana"))
    assert told.staff.capabilities.assign_inbound
    assert told.staff.misses == 0
    assert (await client.transitions())[-1].ended_offer.end == staff_pb2.OFFER_END_SUPERSEDED


async def test_reset_ends_wrap_up(client: Client):
    """A stuck wrap-up is over."""
    await client.create_available("ana")
    await client.started("ana", "c1")
    assert (await client.ended("ana", "c1")).staff.status == AFTER_CALL_WORK
    assert (await client.ask(pb.ResetStaffRequest(staff_id="ana"))).staff.status == AVAILABLE


async def test_reset_of_somebody_who_is_well_changes_nothing(client: Client, world: World):
    """There is nothing to repair."""
    await client.create_available("ana")
    before = world.head
    assert (await client.ask(pb.ResetStaffRequest(staff_id="ana"))).staff.status == AVAILABLE
    assert world.head == before


# --- GetStaffSummary --------------------------------------------------------------------------------------------------


def counted(counts) -> dict[int, tuple[int, int]]:
    """Status to members and assignable members."""
    return {one.status: (one.count, one.assignable) for one in counts}


async def floor(client: Client) -> None:
    """Five staff in three groups."""
    await client.create_available("ana", "cards", "english")
    await client.create_available("ben", "cards")
    await client.claim("c1", staff_id="ben")
    await client.create("chi", "loans")
    await client.change("chi", BUSY)
    await client.create("dov", "loans", "cards")
    await client.create("eva")


async def test_the_summary_counts_everybody_and_every_group(client: Client):
    """By status, and by group and status; who has several groups counts in each."""
    await floor(client)
    told = await client.ask(pb.GetStaffSummaryRequest())
    assert told.total == 5
    assert counted(told.counts) == {OFFLINE: (2, 0), AVAILABLE: (2, 1), BUSY: (1, 0)}
    assert [(one.skill_group, one.total, counted(one.counts)) for one in told.skill_groups] == [
        ("cards", 3, {OFFLINE: (1, 0), AVAILABLE: (2, 1)}),
        ("english", 1, {AVAILABLE: (1, 1)}),
        ("loans", 2, {OFFLINE: (1, 0), BUSY: (1, 0)}),
    ]
    assert told.position


async def test_a_filtered_summary_counts_who_matches(client: Client):
    """Only the groups asked for are told, each with its own members."""
    await floor(client)
    told = await client.ask(pb.GetStaffSummaryRequest(filter={"skill_groups": ["cards"]}))
    assert told.total == 3
    assert counted(told.counts) == {OFFLINE: (1, 0), AVAILABLE: (2, 1)}
    assert [one.skill_group for one in told.skill_groups] == ["cards"]
    told = await client.ask(pb.GetStaffSummaryRequest(filter={"statuses": [AVAILABLE]}))
    assert [(one.skill_group, one.total) for one in told.skill_groups] == [("cards", 2), ("english", 1)]


async def test_an_empty_summary(client: Client):
    """Nobody is an answer."""
    told = await client.ask(pb.GetStaffSummaryRequest())
    assert told.total == 0
    assert not told.counts
    assert not told.skill_groups


async def test_the_summary_follows_every_change(client: Client):
    """Groups without members vanish; statuses that nobody has are left out."""
    await client.create_available("ana", "cards")
    await client.started("ana", "c1")
    told = await client.ask(pb.GetStaffSummaryRequest())
    assert counted(told.counts) == {IN_LINE: (1, 0)}
    await force(client, OFFLINE, immediately=True)
    await client.remove("ana")
    told = await client.ask(pb.GetStaffSummaryRequest())
    assert (told.total, list(told.skill_groups)) == (0, [])
