"""Which RPCs the client has by hand, and how a request of the contract becomes one of its methods' arguments."""

from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from onduty.v1 import errors_pb2, router_service_pb2
from onduty.v1.batch_pb2 import ItemResult, ItemTaken
from onduty_client import (
    InvalidRequestError,
    OndutyError,
    RefusedError,
    ReportResults,
    RevisionMismatchError,
    StaffList,
)
from onduty_client.error_map import DOMAIN

_GUARDED = ("expected_revision", "request_id")
_CODES = {code.name: code.value[0] for code in grpc.StatusCode}


def _picked(request: Any, *names: str) -> dict[str, Any]:
    return {name: _value(request, name) for name in names}


def _value(request: Any, name: str) -> Any:
    """A field's value; None for an optional one that is not set."""
    has_presence = request.DESCRIPTOR.fields_by_name[name].has_presence
    return None if has_presence and not request.HasField(name) else getattr(request, name)


def _claim(router: Any, request: Any) -> Any:
    ttl = request.ttl.seconds + request.ttl.nanos / 1e9 if request.HasField("ttl") else None
    terms = {"ttl": ttl, **_picked(request, "direction", "source", "another_offer", "request_id")}
    match request.WhichOneof("target"):
        case "named":
            return router.claim(request.call_id, **_picked(request.named, "staff_id", "expected_revision"), **terms)
        case "candidates":
            return router.claim_first(request.call_id, request.candidates.staff_ids, **terms)
        case _:
            chosen = _picked(request.group_member, "skill_groups", "required_groups", "exclude_staff_ids", "order")
            return router.claim_member(request.call_id, **chosen, **terms)


def _fact(method: Callable[..., Any], request: Any, *names: str) -> Any:
    occurred_at = request.occurred_at if request.HasField("occurred_at") else None
    return method(request.staff_id, request.call_id, occurred_at=occurred_at, **_picked(request, *names, *_GUARDED))


ROUTER: dict[str, Callable[[Any, Any], Any]] = {
    "ClaimStaff": _claim,
    "WithdrawClaim": lambda router, request: router.withdraw(request.claim_id, **_picked(request, "reason", *_GUARDED)),
    "GetClaim": lambda router, request: router.get_claim(request.claim_id, **_picked(request, "at_least")),
    "ReportCallStarted": lambda router, request: _fact(
        router.call_started, request, "direction", "source", "leg", "on_hold", "answered"
    ),
    "ReportCallEnded": lambda router, request: _fact(router.call_ended, request, "source", "leg", "answered"),
    "ReportCallEvents": lambda router, request: router.report(request.events, request_id=request.request_id),
    "ReconcileCalls": lambda router, request: router.reconcile(
        request.source,
        request.calls,
        observed_at=request.observed_at if request.HasField("observed_at") else None,
        **_picked(request, "observed_position", "staff_ids", "request_id"),
    ),
    "ListStaff": lambda router, request: router.list_staff(request.filter, at_least=request.at_least),
}

WORKSPACE: dict[str, Callable[[Any, Any], Any]] = {
    "ChangeStatus": lambda desk, request: desk.change_status(
        request.choice.status, break_reason=request.choice.break_reason, **_picked(request, "note", *_GUARDED)
    ),
    "SetNextStatus": lambda desk, request: desk.set_next_status(
        request.choice.status, break_reason=request.choice.break_reason, **_picked(request, *_GUARDED)
    ),
    "ClearNextStatus": lambda desk, request: desk.clear_next_status(**_picked(request, *_GUARDED)),
    "BackToReception": lambda desk, request: desk.back_to_reception(**_picked(request, *_GUARDED)),
    "ContinueAfterCallWork": lambda desk, request: desk.continue_wrap_up(**_picked(request, *_GUARDED)),
    "AcceptOffer": lambda desk, request: desk.accept(request.claim_id, **_picked(request, *_GUARDED)),
    "DeclineOffer": lambda desk, request: desk.decline(request.claim_id, **_picked(request, "note", *_GUARDED)),
    "PlaceCall": lambda desk, request: desk.place_call(request.call_id, **_picked(request, "direction", "source", *_GUARDED)),
    "ListBreakReasons": lambda desk, request: desk.break_reasons(**_picked(request, "include_disabled", "at_least")),
}


def is_by_hand(service: str, method: str, request: Any) -> bool:
    """The client has this by hand, for a request like this."""
    if method in {"ListStaff", "ListBreakReasons"} and (request.page_size or request.page_token):
        return False
    if method == "ClaimStaff" and not request.HasField("target"):
        return False
    if method in {"ChangeStatus", "SetNextStatus"} and not request.HasField("choice"):
        return False
    return (service == "RouterService" and method in ROUTER) or (service == "WorkspaceService" and method in WORKSPACE)


def as_message(answer: Any) -> Message:
    """The answer of a method by hand as the RPC's response."""
    if isinstance(answer, StaffList):
        return router_service_pb2.ListStaffResponse(staff=answer.staff, position=answer.position, total_size=len(answer.staff))
    if isinstance(answer, ReportResults):
        results = [_result(one) for one in answer]
        return router_service_pb2.ReportCallEventsResponse(results=results, position=answer.position)
    assert isinstance(answer, Message)
    return answer


def _result(one: ItemTaken | OndutyError) -> ItemResult:
    return ItemResult(error=_status(one)) if isinstance(one, OndutyError) else ItemResult(taken=one)


def _status(error: OndutyError) -> status_pb2.Status:
    """The status that the error was made of, as far as the error tells it."""
    status = status_pb2.Status(code=_CODES[error.code], message=error.message)
    if error.reason:
        info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata)
        status.details.add().Pack(info)
    match error:
        case InvalidRequestError(violations=violations) if violations:
            bad = error_details_pb2.BadRequest()
            for violation in violations:
                bad.field_violations.add(field=violation.field, description=violation.description)
            status.details.add().Pack(bad)
        case RefusedError(allowed=allowed) if allowed is not None:
            refusal = errors_pb2.TransitionRefusal(current=error.current, requested=error.requested, allowed=allowed)
            status.details.add().Pack(refusal)
        case RevisionMismatchError(current=current) if current is not None:
            mismatch = errors_pb2.RevisionMismatch(current=current, expected_revision=error.expected_revision)
            status.details.add().Pack(mismatch)
        case _:
            pass
    return status
