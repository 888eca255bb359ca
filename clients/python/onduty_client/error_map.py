"""Makes the client's errors from what the server sent: one table by reason, one by gRPC code. It raises nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from onduty.v1 import errors_pb2
from onduty_client import errors

DOMAIN: Final = "onduty"
DETAILS_KEY: Final = "grpc-status-details-bin"
REASON_PREFIX: Final = "ERROR_REASON_"

REASON_ERRORS: Final[Mapping[str, type[errors.OndutyError]]] = {
    "INVALID_FIELD": errors.InvalidRequestError,
    "MALFORMED_REQUEST": errors.InvalidRequestError,
    "REQUEST_TOO_LARGE": errors.InvalidRequestError,
    "REQUEST_ID_REUSED": errors.InvalidRequestError,
    "BREAK_REASON_UNKNOWN": errors.InvalidRequestError,
    "BREAK_REASON_DISABLED": errors.InvalidRequestError,
    "PAGE_TOKEN_INVALID": errors.InvalidRequestError,
    "POSITION_MALFORMED": errors.InvalidRequestError,
    "STAFF_UNKNOWN": errors.NotFoundError,
    "CLAIM_UNKNOWN": errors.NotFoundError,
    "STAFF_EXISTS": errors.AlreadyExistsError,
    "BREAK_REASON_EXISTS": errors.AlreadyExistsError,
    "TRANSITION_REFUSED": errors.RefusedError,
    "STAFF_NOT_ASSIGNABLE": errors.RefusedError,
    "OFFER_GONE": errors.RefusedError,
    "STAFF_SIGNED_IN": errors.RefusedError,
    "BREAK_REASON_BUILT_IN": errors.RefusedError,
    "NOBODY_AVAILABLE": errors.NobodyAvailableError,
    "REVISION_MISMATCH": errors.RevisionMismatchError,
    "POSITION_TOO_OLD": errors.PositionError,
    "POSITION_IN_FUTURE": errors.PositionError,
    "POSITION_FOREIGN": errors.PositionError,
    "POSITION_FILTER_CHANGED": errors.PositionError,
    "WATCH_QUOTA": errors.OverloadedError,
    "OVERLOADED": errors.OverloadedError,
    "WATCHER_TOO_SLOW": errors.OverloadedError,
    "JOURNAL_UNAVAILABLE": errors.UnavailableError,
    "DRAINING": errors.UnavailableError,
    "UNAUTHENTICATED": errors.AccessError,
    "PERMISSION_DENIED": errors.AccessError,
    "METHOD_UNKNOWN": errors.UnsupportedError,
    "INTERNAL": errors.InternalError,
}
"""The error of each reason of the contract; a test holds it complete."""

CODE_ERRORS: Final[Mapping[str, type[errors.OndutyError]]] = {
    "INVALID_ARGUMENT": errors.InvalidRequestError,
    "UNAVAILABLE": errors.UnavailableError,
    "DEADLINE_EXCEEDED": errors.TimedOutError,
    "UNAUTHENTICATED": errors.AccessError,
    "PERMISSION_DENIED": errors.AccessError,
    "UNIMPLEMENTED": errors.UnsupportedError,
    "INTERNAL": errors.InternalError,
    "UNKNOWN": errors.InternalError,
}
"""The error of a failure without a reason, or with one that this client does not know."""

_CODE_NAMES: Final = {code.value[0]: code.name for code in grpc.StatusCode}


def error_class(reason: str, code: str) -> type[errors.OndutyError]:
    """The class of an error with this reason (empty: none) and this gRPC code's name."""
    return REASON_ERRORS.get(reason) or CODE_ERRORS.get(code) or errors.OndutyError


@dataclass(slots=True)
class _Told:
    """What the server told of a failure, wherever it stood."""

    code: str
    message: str
    request_id: str
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    violations: list[errors.Violation] = field(default_factory=list)
    retry_after: float | None = None
    refusal: errors_pb2.TransitionRefusal | None = None
    mismatch: errors_pb2.RevisionMismatch | None = None
    nobody: errors_pb2.NobodyAvailable | None = None


def error_of_status(
    code: str, message: str, trailing_metadata: Iterable[Any] | None, *, request_id: str = ""
) -> errors.OndutyError:
    """The error of a call that ended with this gRPC code, these words and this trailing metadata."""
    told = _Told(code, message, request_id)
    for key, value in trailing_metadata or ():
        if key == DETAILS_KEY:
            _read_details(told, value)
    return _made(told)


def error_of_item(item: errors_pb2.ItemError, *, request_id: str = "") -> errors.OndutyError:
    """The error of one item of a batch."""
    told = _Told(_CODE_NAMES.get(item.code, "UNKNOWN"), item.message, request_id, metadata=dict(item.metadata))
    told.reason = reason_name(item.reason)
    told.violations = [errors.Violation(fault.field, fault.description) for fault in item.fields]
    if item.HasField("refusal"):
        told.refusal = item.refusal
    return _made(told)


def reason_name(reason: int) -> str:
    """The name of a reason without its prefix; empty for none and for one that this client does not know."""
    if reason not in errors_pb2.ErrorReason.values() or not reason:
        return ""
    return errors_pb2.ErrorReason.Name(reason).removeprefix(REASON_PREFIX)


def _read_details(told: _Told, value: bytes) -> None:
    try:
        status = status_pb2.Status.FromString(value)
        for packed in status.details:
            if reader := _READERS.get(packed.type_url.rpartition("/")[2]):
                reader(told, packed.value)
    except DecodeError:
        return  # Details that cannot be read say nothing; the code and the words remain.


def _read_info(told: _Told, value: bytes) -> None:
    info = error_details_pb2.ErrorInfo.FromString(value)
    if info.domain == DOMAIN:
        told.reason, told.metadata = info.reason, dict(info.metadata)


def _read_bad_request(told: _Told, value: bytes) -> None:
    faults = error_details_pb2.BadRequest.FromString(value).field_violations
    told.violations = [errors.Violation(fault.field, fault.description) for fault in faults]


def _read_retry(told: _Told, value: bytes) -> None:
    delay = error_details_pb2.RetryInfo.FromString(value).retry_delay
    told.retry_after = delay.seconds + delay.nanos / 1e9


def _read_refusal(told: _Told, value: bytes) -> None:
    told.refusal = errors_pb2.TransitionRefusal.FromString(value)


def _read_mismatch(told: _Told, value: bytes) -> None:
    told.mismatch = errors_pb2.RevisionMismatch.FromString(value)


def _read_nobody(told: _Told, value: bytes) -> None:
    told.nobody = errors_pb2.NobodyAvailable.FromString(value)


_READERS: Final[Mapping[str, Callable[[_Told, bytes], None]]] = {
    "google.rpc.ErrorInfo": _read_info,
    "google.rpc.BadRequest": _read_bad_request,
    "google.rpc.RetryInfo": _read_retry,
    "onduty.v1.TransitionRefusal": _read_refusal,
    "onduty.v1.RevisionMismatch": _read_mismatch,
    "onduty.v1.NobodyAvailable": _read_nobody,
}


def _made(told: _Told) -> errors.OndutyError:
    kind = error_class(told.reason, told.code)
    extra = _EXTRAS[kind](told) if kind in _EXTRAS else {}
    return kind(
        told.message,
        code=told.code,
        reason=told.reason,
        metadata=told.metadata,
        request_id=told.request_id,
        **extra,
    )


def _refused(told: _Told) -> dict[str, Any]:
    if told.refusal is None:
        return {}
    return {
        "current": told.refusal.current if told.refusal.HasField("current") else None,
        "requested": told.refusal.requested or None,
        "allowed": tuple(told.refusal.allowed),
    }


def _mismatched(told: _Told) -> dict[str, Any]:
    if told.mismatch is None:
        expected = told.metadata.get("expected_revision", "")
        return {"expected_revision": int(expected) if expected.isdecimal() else 0}
    current = told.mismatch.current if told.mismatch.HasField("current") else None
    return {"current": current, "expected_revision": told.mismatch.expected_revision}


def _nobody(told: _Told) -> dict[str, Any]:
    if told.nobody is None:
        return {"skill_group": told.metadata.get("skill_group", "")}
    return {"skill_group": told.nobody.skill_group, "counts": tuple(told.nobody.counts)}


_EXTRAS: Final[Mapping[type[errors.OndutyError], Callable[[_Told], dict[str, Any]]]] = {
    errors.InvalidRequestError: lambda told: {"violations": told.violations},
    errors.RefusedError: _refused,
    errors.NobodyAvailableError: _nobody,
    errors.RevisionMismatchError: _mismatched,
    errors.OverloadedError: lambda told: {"retry_after": told.retry_after},
    errors.UnavailableError: lambda told: {"retry_after": told.retry_after},
    errors.InternalError: lambda told: {"incident_id": told.metadata.get("incident_id", "")},
}
