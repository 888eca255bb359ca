"""Makes the client's errors of a ``google.rpc.Status``, of a call or of one item of a batch. It raises nothing."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.message import DecodeError
from google.rpc import code_pb2, error_details_pb2, status_pb2

from onduty.v1 import errors_pb2
from onduty_client import errors

DOMAIN: Final = "onduty.dev"
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
    "QUERY_TOO_LONG": errors.InvalidRequestError,
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
    "COLLEAGUES_HIDDEN": errors.RefusedError,
    "STAFF_NOT_DELETED": errors.RefusedError,
    "NOBODY_AVAILABLE": errors.NobodyAvailableError,
    "REVISION_MISMATCH": errors.RevisionMismatchError,
    "POSITION_TOO_OLD": errors.PositionError,
    "POSITION_IN_FUTURE": errors.PositionError,
    "POSITION_EPOCH_ENDED": errors.PositionError,
    "POSITION_FOREIGN": errors.PositionError,
    "POSITION_FILTER_CHANGED": errors.PositionError,
    "ATTACHMENT_REPLACED": errors.ReplacedError,
    "WATCH_QUOTA": errors.OverloadedError,
    "ATTACHMENT_QUOTA": errors.OverloadedError,
    "OVERLOADED": errors.OverloadedError,
    "RATE_LIMITED": errors.OverloadedError,
    "WATCHER_TOO_SLOW": errors.OverloadedError,
    "JOURNAL_UNAVAILABLE": errors.UnavailableError,
    "LEADER_UNAVAILABLE": errors.UnavailableError,
    "DRAINING": errors.UnavailableError,
    "ISSUER_UNAVAILABLE": errors.UnavailableError,
    "UNAUTHENTICATED": errors.AccessError,
    "PERMISSION_DENIED": errors.AccessError,
    "METHOD_UNKNOWN": errors.UnsupportedError,
    "INTERNAL": errors.InternalError,
}
"""The error of each reason of the contract; a test holds it complete."""

CODE_ERRORS: Final[Mapping[str, type[errors.OndutyError]]] = {
    "INVALID_ARGUMENT": errors.InvalidRequestError,
    "NOT_FOUND": errors.NotFoundError,
    "ALREADY_EXISTS": errors.AlreadyExistsError,
    "FAILED_PRECONDITION": errors.RefusedError,
    "OUT_OF_RANGE": errors.PositionError,
    "RESOURCE_EXHAUSTED": errors.OverloadedError,
    "UNAVAILABLE": errors.UnavailableError,
    "DEADLINE_EXCEEDED": errors.TimedOutError,
    "UNAUTHENTICATED": errors.AccessError,
    "PERMISSION_DENIED": errors.AccessError,
    "UNIMPLEMENTED": errors.UnsupportedError,
    "INTERNAL": errors.InternalError,
    "UNKNOWN": errors.InternalError,
}
"""The error of a failure without a reason, or with one that this client does not know."""


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
    code: str, message: str, trailing_metadata: Iterable[Any] | None, *, request_id: str = "", is_over: bool = False
) -> errors.OndutyError:
    """The error of a call that ended with this gRPC code, these words and this trailing metadata.

    ``is_over``: the call was cancelled here. Another CANCELLED is a server's that has too many calls, or a proxy's that goes
    away: it is an UNAVAILABLE.
    """
    if code == "CANCELLED" and not is_over:
        code, message = "UNAVAILABLE", message or "the call was cancelled on its way"
    return _made(_read(_Told(code, message, request_id), _status_in(trailing_metadata)))


def error_of_item(status: status_pb2.Status, *, request_id: str = "") -> errors.OndutyError:
    """The error of one item of a batch: the one that the same request would have had on its own."""
    known = code_pb2.Code.DESCRIPTOR.values_by_number.get(status.code)
    return _made(_read(_Told(known.name if known else "UNKNOWN", status.message, request_id), status))


def _status_in(trailing_metadata: Iterable[Any] | None) -> status_pb2.Status:
    for key, value in trailing_metadata or ():
        if key == DETAILS_KEY:
            try:
                return status_pb2.Status.FromString(value)
            except DecodeError:
                break
    return status_pb2.Status()


def _read(told: _Told, status: status_pb2.Status) -> _Told:
    """Adds what the details say. One that cannot be read says nothing; the code and the words remain."""
    for packed in status.details:
        if reader := _READERS.get(packed.type_url.rpartition("/")[2]):
            with suppress(DecodeError):
                reader(told, packed.value)
    return told


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
        return {"expected_revision": int(expected) if expected.isdecimal() else None}
    current = told.mismatch.current if told.mismatch.HasField("current") else None
    expected_revision = told.mismatch.expected_revision if told.mismatch.HasField("expected_revision") else None
    return {"current": current, "expected_revision": expected_revision}


def _nobody(told: _Told) -> dict[str, Any]:
    if told.nobody is None:
        return {}
    return {"counts": tuple(told.nobody.counts), "skill_groups": tuple(told.nobody.skill_groups)}


_EXTRAS: Final[Mapping[type[errors.OndutyError], Callable[[_Told], dict[str, Any]]]] = {
    errors.InvalidRequestError: lambda told: {"violations": told.violations},
    errors.RefusedError: _refused,
    errors.NobodyAvailableError: _nobody,
    errors.RevisionMismatchError: _mismatched,
    errors.ReplacedError: lambda told: {"workspace_id": told.metadata.get("workspace_id", "")},
    errors.OverloadedError: lambda told: {"retry_after": told.retry_after},
    errors.UnavailableError: lambda told: {"retry_after": told.retry_after},
    errors.InternalError: lambda told: {"incident_id": told.metadata.get("incident_id", "")},
}
