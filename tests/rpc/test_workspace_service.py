"""One staff member's side: every RPC of the workspace service, and every error that it documents. Attach has its own file."""

import grpc
import pytest
from rpc_world import AFTER_CALL_WORK, AVAILABLE, BUSY, IN_LINE, OFFLINE, ON_BREAK, Client, Refusal, World

from onduty.v1 import admin_service_pb2, errors_pb2, staff_pb2
from onduty.v1 import workspace_service_pb2 as pb


async def ringing(client: Client, staff_id: str = "ana", call_id: str = "c1") -> str:
    """Make an offer to a new staff member; its claim."""
    await client.create_available(staff_id)
    return (await client.claim(call_id, staff_id=staff_id)).claim_id


async def wrapping_up(client: Client, staff_id: str = "ana") -> None:
    """Bring a new staff member to after-call work."""
    await client.create_available(staff_id)
    await client.started(staff_id, "c1")
    await client.ended(staff_id, "c1")


def is_refusal(refusal: Refusal, status: str, requested: str) -> errors_pb2.TransitionRefusal:
    """Hold a refused transition to its form; the typed detail."""
    assert refusal.code is grpc.StatusCode.FAILED_PRECONDITION
    assert refusal.reason == "TRANSITION_REFUSED"
    assert refusal.metadata == {"staff_id": "ana", "current_status": status, "requested": requested}
    detail = refusal.detail(errors_pb2.TransitionRefusal)
    assert detail.current.status == staff_pb2.Status.Value(f"STATUS_{status}")
    assert detail.requested == staff_pb2.Action.Value(f"ACTION_{requested}")
    return detail


# --- GetStaff ---------------------------------------------------------------------------------------------------------


async def test_get_staff_tells_the_whole_state(client: Client, world: World):
    """A new staff member is OFFLINE, may sign in and nothing else, and bears the revision of the creation."""
    created = await client.create("ana", "loans", "cards", name="Ana Ruiz")
    told = await client.ask(pb.GetStaffRequest(staff_id="ana"))
    assert told.staff == created
    assert told.staff.display_name == "Ana Ruiz"
    assert [one.name for one in told.staff.skill_groups] == ["cards", "loans"]
    assert told.staff.status == OFFLINE
    assert told.staff.capabilities == staff_pb2.Capabilities(change_status=True)
    assert told.staff.choice.status == OFFLINE
    assert told.staff.revision == world.head == 1
    assert told.staff.status_started_at == told.staff.changed_at
    assert told.position


async def test_get_staff_of_somebody_unknown(client: Client):
    """STAFF_UNKNOWN names the id."""
    refusal = await client.refused(pb.GetStaffRequest(staff_id="ana"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")
    assert refusal.metadata == {"staff_id": "ana"}
    assert refusal.domain == "onduty.dev"


@pytest.mark.parametrize(
    "request_type",
    [
        pb.ChangeStatusRequest,
        pb.BackToReceptionRequest,
        pb.ContinueAfterCallWorkRequest,
        pb.SetNextStatusRequest,
        pb.ClearNextStatusRequest,
        pb.PlaceCallRequest,
        pb.AcceptOfferRequest,
        pb.DeclineOfferRequest,
        pb.AttachRequest,
    ],
    ids=lambda kind: kind.DESCRIPTOR.name,
)
async def test_nobody_can_act_for_somebody_unknown(client: Client, world: World, request_type):
    """Every RPC about a staff member answers STAFF_UNKNOWN, and changes nothing."""
    request = request_type(staff_id="ana")
    known = request_type.DESCRIPTOR.fields_by_name
    for field, value in (("call_id", "c1"), ("claim_id", "k1")):
        if field in known:
            setattr(request, field, value)
    if "choice" in known:
        request.choice.status = AVAILABLE
    refusal = await client.refused(request)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")
    assert refusal.metadata == {"staff_id": "ana"}
    assert world.head == 0


# --- ChangeStatus -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [AVAILABLE, BUSY, ON_BREAK])
async def test_change_status_signs_in(client: Client, status: int):
    """From OFFLINE any choice signs in."""
    await client.break_reason("lunch")
    await client.create("ana")
    told = await client.change("ana", status, "lunch" if status == ON_BREAK else "")
    assert told.staff.status == told.staff.choice.status == status
    assert told.staff.break_reason == ("lunch" if status == ON_BREAK else "")
    assert not told.replayed
    assert told.staff == await client.get("ana")


async def test_change_status_to_the_same_changes_nothing(client: Client, world: World):
    """Choosing what is already chosen answers OK with the present state, and makes no new revision."""
    available = await client.create_available("ana")
    before = world.head
    told = await client.change("ana", AVAILABLE)
    assert told.staff == available
    assert world.head == before


async def test_another_break_reason_is_another_status(client: Client):
    """On a break a new reason begins anew; the same one changes nothing."""
    await client.break_reason("lunch")
    await client.break_reason("meeting")
    await client.create("ana")
    lunch = (await client.change("ana", ON_BREAK, "lunch")).staff
    assert (await client.change("ana", ON_BREAK, "lunch")).staff == lunch
    meeting = (await client.change("ana", ON_BREAK, "meeting")).staff
    assert meeting.break_reason == "meeting"
    assert meeting.revision > lunch.revision


@pytest.mark.parametrize("status", ["IN_LINE", "AFTER_CALL_WORK"])
async def test_statuses_of_the_system_cannot_be_chosen(client: Client, world: World, status: str):
    """IN_LINE and AFTER_CALL_WORK are refused; the refusal says what can be asked instead."""
    await client.create_available("ana")
    before = world.head
    request = pb.ChangeStatusRequest(staff_id="ana", choice={"status": f"STATUS_{status}"})
    detail = is_refusal(await client.refused(request), "AVAILABLE", f"CHANGE_TO_{status}")
    assert list(detail.allowed) == [
        staff_pb2.ACTION_CHANGE_TO_BUSY,
        staff_pb2.ACTION_CHANGE_TO_ON_BREAK,
        staff_pb2.ACTION_CHANGE_TO_OFFLINE,
        staff_pb2.ACTION_PLACE_CALL,
        staff_pb2.ACTION_CLAIM,
    ]
    assert detail.current == await client.get("ana")
    assert world.head == before


async def test_nothing_can_be_chosen_in_a_call(client: Client):
    """In a call the change is refused; the next choice can be set instead."""
    await client.create_available("ana")
    await client.started("ana", "c1")
    refusal = await client.refused(pb.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}))
    detail = is_refusal(refusal, "IN_LINE", "CHANGE_TO_BUSY")
    assert list(detail.allowed) == [staff_pb2.ACTION_SET_NEXT_STATUS, staff_pb2.ACTION_CLEAR_NEXT_STATUS]
    assert "IN_LINE" in refusal.message


async def test_a_break_needs_a_reason_of_the_catalogue(client: Client):
    """Unknown and disabled reasons are refused by name; the built-in one is the service's own."""
    await client.break_reason("off", enabled=False)
    await client.create("ana")
    for code, reason in (
        ("lunch", "BREAK_REASON_UNKNOWN"),
        ("off", "BREAK_REASON_DISABLED"),
        ("no-answer", "BREAK_REASON_DISABLED"),
    ):
        request = pb.ChangeStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": code})
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
        assert refusal.metadata == {"break_reason": code}


@pytest.mark.parametrize(("status", "code"), [(ON_BREAK, ""), (BUSY, "lunch"), (AVAILABLE, "lunch"), (OFFLINE, "lunch")])
async def test_a_reason_goes_with_a_break_and_with_nothing_else(client: Client, world: World, status: int, code: str):
    """ON_BREAK without a reason, and a reason without ON_BREAK, are faults of that field."""
    await client.break_reason("lunch")
    await client.create("ana")
    before = world.head
    refusal = await client.refused(pb.ChangeStatusRequest(staff_id="ana", choice={"status": status, "break_reason": code}))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD")
    assert refusal.metadata == {"field": "choice.break_reason"}
    assert refusal.faults.keys() == {"choice.break_reason"}
    assert world.head == before


async def test_a_change_away_withdraws_the_offer(client: Client):
    """Leaving AVAILABLE while an offer rings ends it, and the change says so to whoever watches."""
    claim_id = await ringing(client)
    async with client.watch() as watch:
        await watch.began()
        await client.change("ana", BUSY)
        (change,) = await watch.until_changes(1)
    assert not change.staff.HasField("offer")
    ended = change.transition.ended_offer
    assert (ended.claim_id, ended.call_id, ended.end) == (claim_id, "c1", staff_pb2.OFFER_END_SUPERSEDED)


async def test_a_change_in_after_call_work_ends_it(client: Client):
    """Choosing a status in after-call work takes effect at once."""
    await wrapping_up(client)
    told = await client.change("ana", BUSY)
    assert told.staff.status == BUSY
    assert not told.staff.HasField("wrap_up")


async def test_a_change_tells_who_and_why(world: World):
    """The transition has the actor of the credential, the note and the request id."""
    kiosk = world.caller(actor="kiosk-7")
    await world.client.create("ana")
    told = await kiosk.change("ana", BUSY, note="paperwork", request_id="r1")
    (transition,) = [one for one in await world.client.transitions() if one.revision == told.staff.revision]
    assert transition.cause == staff_pb2.CAUSE_STAFF
    assert transition.actor == staff_pb2.Actor(role=staff_pb2.ACTOR_ROLE_WORKSPACE, id="kiosk-7")
    assert (transition.note, transition.request_id) == ("paperwork", "r1")
    assert (transition.previous_status, transition.status) == (OFFLINE, BUSY)
    assert transition.HasField("time_in_previous_status")


async def test_without_a_credential_the_staff_member_is_the_actor(client: Client):
    """On an open server a workspace's changes name the staff member."""
    await client.create_available("ana")
    assert (await client.transitions())[-1].actor == staff_pb2.Actor(role=staff_pb2.ACTOR_ROLE_WORKSPACE, id="ana")


# --- after-call work --------------------------------------------------------------------------------------------------


async def test_back_to_reception_ends_after_call_work(client: Client):
    """It leads to AVAILABLE at once, and takes a next choice back."""
    await wrapping_up(client)
    await client.ask(pb.SetNextStatusRequest(staff_id="ana", choice={"status": BUSY}))
    told = await client.ask(pb.BackToReceptionRequest(staff_id="ana"))
    assert told.staff.status == AVAILABLE
    assert not told.staff.HasField("next")
    assert not told.staff.HasField("wrap_up")


async def test_back_to_reception_is_refused_elsewhere(client: Client):
    """There is nothing to come back from."""
    await client.create_available("ana")
    is_refusal(await client.refused(pb.BackToReceptionRequest(staff_id="ana")), "AVAILABLE", "BACK_TO_RECEPTION")


async def test_continue_after_call_work_stops_the_countdown(client: Client):
    """The status stays, the deadline goes; doing it again changes nothing."""
    await wrapping_up(client)
    assert (await client.get("ana")).wrap_up.HasField("ends_at")
    told = await client.ask(pb.ContinueAfterCallWorkRequest(staff_id="ana"))
    assert told.staff.status == AFTER_CALL_WORK
    assert told.staff.wrap_up.call_id == "c1"
    assert not told.staff.wrap_up.HasField("ends_at")
    assert (await client.ask(pb.ContinueAfterCallWorkRequest(staff_id="ana"))).staff == told.staff


async def test_continue_after_call_work_is_refused_elsewhere(client: Client):
    """There is no countdown."""
    await client.create("ana")
    refusal = await client.refused(pb.ContinueAfterCallWorkRequest(staff_id="ana"))
    is_refusal(refusal, "OFFLINE", "CONTINUE_AFTER_CALL_WORK")


# --- the next choice --------------------------------------------------------------------------------------------------


async def test_the_next_status_applies_after_call_and_wrap_up(client: Client):
    """Set in a call it waits for the end of the wrap-up."""
    await client.break_reason("lunch")
    await client.policy(after_call_work={"directions": ["DIRECTION_OUTBOUND"]})
    await client.create_available("ana")
    await client.started("ana", "c1")
    told = await client.ask(pb.SetNextStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": "lunch"}))
    assert told.staff.status == IN_LINE
    assert told.staff.next == staff_pb2.StatusChoice(status=ON_BREAK, break_reason="lunch")
    after = (await client.ended("ana", "c1")).staff
    assert (after.status, after.break_reason) == (ON_BREAK, "lunch")
    assert not after.HasField("next")


async def test_the_next_status_can_be_taken_back(client: Client):
    """Clearing it leaves the return rule to the policy; clearing nothing changes nothing."""
    await client.create_available("ana")
    await client.started("ana", "c1")
    await client.ask(pb.SetNextStatusRequest(staff_id="ana", choice={"status": BUSY}))
    cleared = (await client.ask(pb.ClearNextStatusRequest(staff_id="ana"))).staff
    assert not cleared.HasField("next")
    assert (await client.ask(pb.ClearNextStatusRequest(staff_id="ana"))).staff == cleared


async def test_next_status_is_for_calls_and_wrap_up_only(client: Client):
    """Elsewhere a choice can be made at once."""
    await client.create_available("ana")
    is_refusal(
        await client.refused(pb.SetNextStatusRequest(staff_id="ana", choice={"status": BUSY})), "AVAILABLE", "SET_NEXT_STATUS"
    )
    is_refusal(await client.refused(pb.ClearNextStatusRequest(staff_id="ana")), "AVAILABLE", "CLEAR_NEXT_STATUS")


async def test_next_status_cannot_be_one_of_the_systems(client: Client):
    """IN_LINE is never a choice."""
    await client.create_available("ana")
    await client.started("ana", "c1")
    is_refusal(
        await client.refused(pb.SetNextStatusRequest(staff_id="ana", choice={"status": IN_LINE})),
        "IN_LINE",
        "CHANGE_TO_IN_LINE",
    )


async def test_next_status_checks_the_break_reason(client: Client):
    """A next break needs a reason that can be chosen."""
    await client.create_available("ana")
    await client.started("ana", "c1")
    request = pb.SetNextStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": "lunch"})
    assert (await client.refused(request)).reason == "BREAK_REASON_UNKNOWN"
    assert (
        await client.refused(pb.SetNextStatusRequest(staff_id="ana", choice={"status": ON_BREAK}))
    ).reason == "INVALID_FIELD"


# --- calls by hand ----------------------------------------------------------------------------------------------------


async def test_place_call_leads_in_line(client: Client):
    """The call is an outbound one of the source named, and is not irregular."""
    await client.create_available("ana")
    told = await client.ask(pb.PlaceCallRequest(staff_id="ana", call_id="c1", source="pbx"))
    assert told.staff.status == IN_LINE
    (call,) = told.staff.calls
    assert (call.call_id, call.direction, call.source) == ("c1", staff_pb2.DIRECTION_OUTBOUND, "pbx")
    assert not call.irregular
    assert call.started_at == told.staff.changed_at
    assert call.ends_at.seconds - call.started_at.seconds == 4 * 3600


async def test_place_call_between_staff(client: Client):
    """A call to a colleague is an internal one."""
    await client.create_available("ana")
    told = await client.ask(pb.PlaceCallRequest(staff_id="ana", call_id="c1", direction="DIRECTION_INTERNAL"))
    assert told.staff.calls[0].direction == staff_pb2.DIRECTION_INTERNAL


async def test_place_call_withdraws_an_offer(client: Client):
    """Who dials is not to be offered a call; the offer's end is told."""
    claim_id = await ringing(client)
    await client.ask(pb.PlaceCallRequest(staff_id="ana", call_id="c2"))
    ended = (await client.transitions())[-1].ended_offer
    assert (ended.claim_id, ended.end) == (claim_id, staff_pb2.OFFER_END_SUPERSEDED)


async def test_place_call_is_refused_offline_and_in_a_call(client: Client):
    """Who is signed out or talking cannot dial."""
    await client.create("ana")
    is_refusal(await client.refused(pb.PlaceCallRequest(staff_id="ana", call_id="c1")), "OFFLINE", "PLACE_CALL")
    await client.change("ana", AVAILABLE)
    await client.started("ana", "c1")
    is_refusal(await client.refused(pb.PlaceCallRequest(staff_id="ana", call_id="c2")), "IN_LINE", "PLACE_CALL")


@pytest.mark.parametrize("direction", ["DIRECTION_INBOUND", "DIRECTION_TRANSFER"])
async def test_place_call_is_for_calls_that_one_dials(client: Client, direction: str):
    """Inbound calls and transfers come from elsewhere."""
    await client.create_available("ana")
    refusal = await client.refused(pb.PlaceCallRequest(staff_id="ana", call_id="c1", direction=direction))
    assert (refusal.reason, refusal.metadata) == ("INVALID_FIELD", {"field": "direction"})


async def test_the_policy_says_whether_to_dial_in_after_call_work(client: Client):
    """Allowed by default; barred where the tenant says so, and not listed as allowed then."""
    await wrapping_up(client)
    assert (await client.get("ana")).capabilities.dial_out
    await client.policy(after_call_work_dial_out=False)
    assert not (await client.get("ana")).capabilities.dial_out
    refusal = await client.refused(pb.PlaceCallRequest(staff_id="ana", call_id="c2"))
    detail = is_refusal(refusal, "AFTER_CALL_WORK", "PLACE_CALL")
    assert staff_pb2.ACTION_PLACE_CALL not in detail.allowed


# --- offers -----------------------------------------------------------------------------------------------------------


async def test_accept_offer_leads_in_line(client: Client):
    """The offered call starts, and remembers the claim; accepting again changes nothing."""
    claim_id = await ringing(client)
    told = await client.ask(pb.AcceptOfferRequest(staff_id="ana", claim_id=claim_id))
    assert told.staff.status == IN_LINE
    assert not told.staff.HasField("offer")
    (call,) = told.staff.calls
    assert (call.call_id, call.claim_id, call.direction) == ("c1", claim_id, staff_pb2.DIRECTION_INBOUND)
    again = await client.ask(pb.AcceptOfferRequest(staff_id="ana", claim_id=claim_id))
    assert again.staff == told.staff


async def test_decline_offer_counts_a_miss(client: Client):
    """One miss leaves AVAILABLE; the second in a row leads to the break of those who do not answer."""
    claim_id = await ringing(client)
    told = await client.ask(pb.DeclineOfferRequest(staff_id="ana", claim_id=claim_id, note="in a meeting"))
    assert (told.staff.status, told.staff.misses) == (AVAILABLE, 1)
    transition = (await client.transitions())[-1]
    assert transition.cause == staff_pb2.CAUSE_OFFER_DECLINED
    assert (transition.note, transition.call_id, transition.claim_id) == ("in a meeting", "c1", claim_id)
    second = (await client.claim("c2", staff_id="ana")).claim_id
    told = await client.ask(pb.DeclineOfferRequest(staff_id="ana", claim_id=second))
    assert (told.staff.status, told.staff.break_reason, told.staff.misses) == (ON_BREAK, "no-answer", 2)


@pytest.mark.parametrize("request_type", [pb.AcceptOfferRequest, pb.DeclineOfferRequest])
async def test_an_offer_that_is_gone(client: Client, world: World, request_type):
    """OFFER_GONE names the claim and has the present state; what was asked is no action of the table."""
    claim_id = await ringing(client)
    await client.change("ana", BUSY)
    before = world.head
    refusal = await client.refused(request_type(staff_id="ana", claim_id=claim_id))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "OFFER_GONE")
    assert refusal.metadata == {"staff_id": "ana", "claim_id": claim_id, "current_status": "BUSY"}
    detail = refusal.detail(errors_pb2.TransitionRefusal)
    assert detail.requested == staff_pb2.ACTION_UNSPECIFIED
    assert detail.current == await client.get("ana")
    assert world.head == before


# --- break reasons ----------------------------------------------------------------------------------------------------


async def test_break_reasons_are_listed_by_code(client: Client):
    """The choosable ones, or all of them, with the built-in one among these."""
    for code, enabled in (("rest", True), ("lunch", True), ("old", False)):
        await client.break_reason(code, enabled=enabled)
    told = await client.ask(pb.ListBreakReasonsRequest())
    assert [one.code for one in told.break_reasons] == ["lunch", "rest"]
    assert all(one.revision for one in told.break_reasons)
    told = await client.ask(pb.ListBreakReasonsRequest(include_disabled=True))
    assert [one.code for one in told.break_reasons] == ["lunch", "no-answer", "old", "rest"]
    assert [one.built_in for one in told.break_reasons] == [False, True, False, False]
    assert told.position


async def test_the_built_in_reason_can_have_another_name(client: Client):
    """It is listed under its new name, and still cannot be chosen."""
    await client.ask(admin_service_pb2.UpdateBreakReasonRequest(code="no-answer", display_name="Missed calls"))
    told = await client.ask(pb.ListBreakReasonsRequest(include_disabled=True))
    (listed,) = told.break_reasons
    assert (listed.display_name, listed.built_in, listed.enabled) == ("Missed calls", True, True)
    assert not (await client.ask(pb.ListBreakReasonsRequest())).break_reasons
