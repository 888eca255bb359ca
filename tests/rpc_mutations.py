"""A request of every mutating RPC, with what must be so before it; for tests of promises that hold for all of them.

``MUTATIONS`` change something; ``UNCHANGING`` are fine and change nothing. Neither bears a request id yet.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from google.protobuf.message import Message
from rpc_world import AVAILABLE, BUSY, OFFLINE, ON_BREAK, Client

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import policy_pb2
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace

Prepare = Callable[[Client], Awaitable[Message]]

BATCHES = {"ReportCallEvents", "BatchForceStatus", "BatchCreateStaff"}
"""These say of each result whether it was given before."""


async def _ringing(client: Client) -> str:
    await client.create_available("ana", "cards")
    return (await client.claim("c1", staff_id="ana")).claim_id


async def _talking(client: Client) -> None:
    await client.create_available("ana", "cards")
    await client.started("ana", "c1", source="pbx")


async def _wrapping_up(client: Client) -> None:
    await _talking(client)
    await client.ended("ana", "c1")


# --- requests that change something -----------------------------------------------------------------------------------


async def _change_status(client: Client) -> Message:
    await client.break_reason("lunch")
    await client.create("ana")
    return workspace.ChangeStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": "lunch"}, note="hungry")


async def _back_to_reception(client: Client) -> Message:
    await _wrapping_up(client)
    return workspace.BackToReceptionRequest(staff_id="ana")


async def _continue_after_call_work(client: Client) -> Message:
    await _wrapping_up(client)
    return workspace.ContinueAfterCallWorkRequest(staff_id="ana")


async def _set_next_status(client: Client) -> Message:
    await _talking(client)
    return workspace.SetNextStatusRequest(staff_id="ana", choice={"status": BUSY})


async def _clear_next_status(client: Client) -> Message:
    await client.ask(await _set_next_status(client))
    return workspace.ClearNextStatusRequest(staff_id="ana")


async def _place_call(client: Client) -> Message:
    await client.create_available("ana")
    return workspace.PlaceCallRequest(staff_id="ana", call_id="c1")


async def _accept_offer(client: Client) -> Message:
    return workspace.AcceptOfferRequest(staff_id="ana", claim_id=await _ringing(client))


async def _decline_offer(client: Client) -> Message:
    return workspace.DeclineOfferRequest(staff_id="ana", claim_id=await _ringing(client), note="no")


async def _claim_staff(client: Client) -> Message:
    await client.create_available("ana", "cards")
    return router.ClaimStaffRequest(call_id="c1", group_member={"skill_groups": [{"name": "cards"}]})


async def _withdraw_claim(client: Client) -> Message:
    return router.WithdrawClaimRequest(claim_id=await _ringing(client))


async def _report_call_started(client: Client) -> Message:
    await client.create_available("ana")
    return router.ReportCallStartedRequest(staff_id="ana", call_id="c1", source="pbx")


async def _report_call_ended(client: Client) -> Message:
    await _talking(client)
    return router.ReportCallEndedRequest(staff_id="ana", call_id="c1", source="pbx")


async def _report_call_events(client: Client) -> Message:
    await client.create_available("ana")
    await client.create_available("ben")
    started = [router.ReportCallStartedRequest(staff_id=name, call_id=f"c-{name}") for name in ("ana", "ben")]
    ended = router.ReportCallEndedRequest(staff_id="ana", call_id="c-ana")
    return router.ReportCallEventsRequest(events=[*({"started": one} for one in started), {"ended": ended}])


async def _reconcile_calls(client: Client) -> Message:
    await _talking(client)
    await client.create_available("ben")
    calls = [{"staff_id": "ben", "call_id": "c2"}, {"staff_id": "nobody", "call_id": "c3"}]
    return router.ReconcileCallsRequest(source="pbx", calls=calls)


async def _force_status(client: Client) -> Message:
    await client.create_available("ana")
    return supervisor.ForceStatusRequest(staff_id="ana", choice={"status": BUSY}, note="why")


async def _batch_force_status(client: Client) -> Message:
    await client.create_available("ana")
    await client.create_available("ben")
    items = [supervisor.ForceStatusRequest(staff_id=name, choice={"status": BUSY}, note="why") for name in ("ana", "ben")]
    return supervisor.BatchForceStatusRequest(requests=items)


async def _reset_staff(client: Client) -> Message:
    await _talking(client)
    return supervisor.ResetStaffRequest(staff_id="ana", note="stuck")


async def _create_staff(client: Client) -> Message:
    return admin.CreateStaffRequest(staff_id="ana", display_name="Ana", skill_groups=[{"name": "cards"}])


async def _update_staff(client: Client) -> Message:
    await client.create("ana")
    return admin.UpdateStaffRequest(staff_id="ana", display_name="Ana", skill_groups=[{"name": "cards"}])


async def _delete_staff(client: Client) -> Message:
    await client.create("ana")
    return admin.DeleteStaffRequest(staff_id="ana")


async def _erase_staff(client: Client) -> Message:
    await client.create("ana")
    await client.remove("ana")
    return admin.EraseStaffRequest(staff_id="ana", note="works council")


async def _batch_create_staff(client: Client) -> Message:
    return admin.BatchCreateStaffRequest(requests=[{"staff_id": name} for name in ("ana", "ben")])


async def _create_break_reason(client: Client) -> Message:
    return admin.CreateBreakReasonRequest(code="rest", display_name="Rest", enabled=True)


async def _update_break_reason(client: Client) -> Message:
    await client.break_reason("rest")
    return admin.UpdateBreakReasonRequest(code="rest", display_name="Rest", enabled=True)


async def _delete_break_reason(client: Client) -> Message:
    await client.break_reason("rest", limit_seconds=60)
    return admin.DeleteBreakReasonRequest(code="rest")


async def _update_policy(client: Client) -> Message:
    return admin.UpdatePolicyRequest(policy=policy_pb2.Policy(claim_ttl={"seconds": 33}))


MUTATIONS: dict[str, Prepare] = {
    "ChangeStatus": _change_status,
    "BackToReception": _back_to_reception,
    "ContinueAfterCallWork": _continue_after_call_work,
    "SetNextStatus": _set_next_status,
    "ClearNextStatus": _clear_next_status,
    "PlaceCall": _place_call,
    "AcceptOffer": _accept_offer,
    "DeclineOffer": _decline_offer,
    "ClaimStaff": _claim_staff,
    "WithdrawClaim": _withdraw_claim,
    "ReportCallStarted": _report_call_started,
    "ReportCallEnded": _report_call_ended,
    "ReportCallEvents": _report_call_events,
    "ReconcileCalls": _reconcile_calls,
    "ForceStatus": _force_status,
    "BatchForceStatus": _batch_force_status,
    "ResetStaff": _reset_staff,
    "CreateStaff": _create_staff,
    "UpdateStaff": _update_staff,
    "DeleteStaff": _delete_staff,
    "EraseStaff": _erase_staff,
    "BatchCreateStaff": _batch_create_staff,
    "CreateBreakReason": _create_break_reason,
    "UpdateBreakReason": _update_break_reason,
    "DeleteBreakReason": _delete_break_reason,
    "UpdatePolicy": _update_policy,
}
"""Every mutating RPC by its name."""

# --- requests that are fine and change nothing ------------------------------------------------------------------------


def _repeated(prepare: Prepare) -> Prepare:
    """The same request, done already."""

    async def done(client: Client) -> Message:
        request = await prepare(client)
        await client.ask(request)
        return request

    return done


async def _reset_who_is_well(client: Client) -> Message:
    await client.create_available("ana")
    return supervisor.ResetStaffRequest(staff_id="ana")


async def _force_what_is_so(client: Client) -> Message:
    await client.create_available("ana")
    await client.create_available("ben")
    item = supervisor.ForceStatusRequest(staff_id="ana", choice={"status": AVAILABLE}, note="why")
    return supervisor.BatchForceStatusRequest(requests=[item])


async def _policy_as_it_is(client: Client) -> Message:
    return admin.UpdatePolicyRequest(policy=policy_pb2.Policy(claim_ttl={"seconds": 20}))


async def _built_in_as_it_is(client: Client) -> Message:
    return admin.UpdateBreakReasonRequest(code="no-answer", display_name="No answer", enabled=True)


UNCHANGING: dict[str, Prepare] = {
    "ChangeStatus": _repeated(_change_status),
    "ContinueAfterCallWork": _repeated(_continue_after_call_work),
    "SetNextStatus": _repeated(_set_next_status),
    "ClearNextStatus": _repeated(_clear_next_status),
    "AcceptOffer": _repeated(_accept_offer),
    "WithdrawClaim": _repeated(_withdraw_claim),
    "ReportCallStarted": _repeated(_report_call_started),
    "ReportCallEnded": _repeated(_report_call_ended),
    "ReportCallEvents": _repeated(_report_call_events),
    "ReconcileCalls": _repeated(_reconcile_calls),
    "ForceStatus": _repeated(_force_status),
    "BatchForceStatus": _force_what_is_so,
    "ResetStaff": _reset_who_is_well,
    "UpdateStaff": _repeated(_update_staff),
    "UpdateBreakReason": _repeated(_update_break_reason),
    "UpdateBreakReason of the built-in one": _built_in_as_it_is,
    "UpdatePolicy": _repeated(_update_policy),
    "UpdatePolicy that was never changed": _policy_as_it_is,
}
"""By the RPC's name; the other mutating RPCs change something or are refused."""


async def disturb(client: Client) -> None:
    """Change everything that an answer may have told, so that the present is no longer what it was."""
    for name in ("ana", "ben"):
        if (await client.listed(filter={"staff_ids": [name]})).total_size:
            force = supervisor.ForceStatusRequest(staff_id=name, choice={"status": OFFLINE}, note="why", immediately=True)
            await client.ask(force)
            groups = [{"name": "other"}]
            await client.ask(admin.UpdateStaffRequest(staff_id=name, display_name="Another", skill_groups=groups))
            await client.change(name, AVAILABLE)
    policy = policy_pb2.Policy(claim_ttl={"seconds": 55}, require_attachment=False, max_call_age={"seconds": 99})
    await client.ask(admin.UpdatePolicyRequest(policy=policy))
    listed = await client.ask(workspace.ListBreakReasonsRequest(include_disabled=True))
    for reason in listed.break_reasons:
        renamed = {"code": reason.code, "display_name": "Another", "enabled": True, "limit": {"seconds": 77}}
        await client.ask(admin.UpdateBreakReasonRequest(**renamed))


def identified(request: Any, request_id: str) -> Any:
    """The request with a request id."""
    copy = type(request)()
    copy.CopyFrom(request)
    copy.request_id = request_id
    return copy


def content(answer: Any) -> Any:
    """What an answer says, without its position and without whether it was given before."""
    copy = type(answer)()
    copy.CopyFrom(answer)
    copy.ClearField("position")
    if "replayed" in copy.DESCRIPTOR.fields_by_name:
        copy.ClearField("replayed")
    for result in getattr(copy, "results", ()):
        if result.HasField("taken"):
            result.taken.ClearField("replayed")
    return copy


def replayed(answer: Any) -> bool:
    """Whether an answer, or each result of a batch, says that it was given before."""
    if "replayed" in answer.DESCRIPTOR.fields_by_name:
        return bool(answer.replayed)
    told = {result.taken.replayed for result in answer.results}
    assert len(told) == 1, "a batch is repeated as a whole"
    return told.pop()
