"""One table from domain errors to the gRPC status that callers get; internals never pass it.

Every error class that can be raised is in ``CATALOGUE`` (a test holds it complete), and every error that leaves the service has
an ``ErrorInfo`` with a reason of the contract's enum.
"""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from onduty_server.domain.model import errors
from onduty_server.domain.model.status import seconds
from onduty_server.rpc.error_details import (
    field_violations,
    mismatch,
    mismatch_metadata,
    nobody_available,
    refusal,
    refused_metadata,
)
from onduty_server.wire.primitives import duration

DOMAIN: Final = "onduty.dev"
RETRY_SECONDS: Final = (1.0, 2.0)
"""Between these, by chance: those who were refused together do not come again together."""
SENTENCE_BYTES: Final = 500
METHOD_LENGTH: Final = 200


class MalformedRequestError(errors.CallerError):
    """The bytes are not the message they should be."""

    def __init__(self, message: str) -> None:
        """``message`` names the expected message."""
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return f"the request is not a valid {self.message}: check field types, and that text is UTF-8"


class RequestTooLargeError(errors.CallerError):
    """The request has more bytes than the server takes."""

    def __init__(self, size: int, most: int) -> None:
        """Sizes in bytes."""
        super().__init__(size, most)
        self.size = size
        self.most = most

    def __str__(self) -> str:
        return f"the request has {self.size} bytes; at most {self.most} are taken: split it"


class MethodUnknownError(errors.CallerError):
    """No such RPC."""

    def __init__(self, method: str) -> None:
        """``method`` is the full name that was called; it may be anything, and is cut."""
        super().__init__(method)
        self.method = method if len(method) <= METHOD_LENGTH else f"{method[:METHOD_LENGTH]}..."

    def __str__(self) -> str:
        return f"{self.method} is not a method of this server"


class UnforeseenError(errors.ServiceError):
    """Anything that should not happen; the text is in the log under the incident id."""

    def __init__(self) -> None:
        """Makes a new incident id."""
        super().__init__()
        self.incident_id = secrets.token_hex(6)

    def __str__(self) -> str:
        return f"an unforeseen fault of the service; report incident {self.incident_id}"


class ForwardedError(errors.OndutyError):
    """The failure of a request that another replica decided, as that one told it."""

    def __init__(self, code: grpc.StatusCode, status: status_pb2.Status) -> None:
        """``status`` is what the caller gets."""
        super().__init__(code, status.message)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Spec:
    """How one error class looks to callers: code, reason, metadata and details."""

    code: grpc.StatusCode
    reason: str
    metadata: Callable[[Any], dict[str, Any]] = field(default=lambda _error: {})
    details: Callable[[Any], list[Message]] = field(default=lambda _error: [])
    sentence: str = ""


def _retry(_error: Any) -> list[Message]:
    return [error_details_pb2.RetryInfo(retry_delay=duration(seconds(random.uniform(*RETRY_SECONDS))))]  # noqa: S311 - it spreads load, and guards nothing.


def _retry_when_allowed(error: errors.RateLimitedError) -> list[Message]:
    return [error_details_pb2.RetryInfo(retry_delay=duration(seconds(error.retry_after_seconds)))]


def _bound(error: errors.ThrottledError) -> dict[str, Any]:
    return {"limit": error.limit, "name": error.bound}  # type: ignore[attr-defined]  # all but one kind have a limit.


_C = grpc.StatusCode
_JOURNAL = "the journal cannot be written or read just now: send the same request again, with the same request_id"

CATALOGUE: Final[dict[type[errors.OndutyError], Spec]] = {
    errors.InvalidFieldsError: Spec(
        _C.INVALID_ARGUMENT, "INVALID_FIELD", lambda e: {"field": e.violations[0].field}, field_violations
    ),
    MalformedRequestError: Spec(_C.INVALID_ARGUMENT, "MALFORMED_REQUEST", lambda e: {"message": e.message}),
    RequestTooLargeError: Spec(
        _C.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE", lambda e: {"size_bytes": e.size, "max_bytes": e.most}
    ),
    errors.RequestIdReusedError: Spec(_C.INVALID_ARGUMENT, "REQUEST_ID_REUSED", lambda e: {"request_id": e.request_id}),
    errors.StaffUnknownError: Spec(_C.NOT_FOUND, "STAFF_UNKNOWN", lambda e: {"staff_id": e.staff_id}),
    errors.StaffExistsError: Spec(_C.ALREADY_EXISTS, "STAFF_EXISTS", lambda e: {"staff_id": e.staff_id}),
    errors.StaffNotDeletedError: Spec(_C.FAILED_PRECONDITION, "STAFF_NOT_DELETED", lambda e: {"staff_id": e.staff_id}),
    errors.TransitionRefusedError: Spec(
        _C.FAILED_PRECONDITION,
        "TRANSITION_REFUSED",
        lambda e: {**refused_metadata(e), "requested": e.requested.name if e.requested else ""},
        refusal,
    ),
    errors.NotAssignableError: Spec(_C.FAILED_PRECONDITION, "STAFF_NOT_ASSIGNABLE", refused_metadata, refusal),
    errors.OfferGoneError: Spec(
        _C.FAILED_PRECONDITION, "OFFER_GONE", lambda e: {**refused_metadata(e), "claim_id": e.claim_id}, refusal
    ),
    errors.StaffSignedInError: Spec(_C.FAILED_PRECONDITION, "STAFF_SIGNED_IN", refused_metadata, refusal),
    errors.NobodyAvailableError: Spec(
        _C.FAILED_PRECONDITION,
        "NOBODY_AVAILABLE",
        lambda e: {"skill_groups": ",".join(group.skill_group for group in e.groups)},
        nobody_available,
    ),
    errors.ClaimUnknownError: Spec(_C.NOT_FOUND, "CLAIM_UNKNOWN", lambda e: {"claim_id": e.claim_id}),
    errors.RevisionMismatchError: Spec(_C.ABORTED, "REVISION_MISMATCH", mismatch_metadata, mismatch),
    errors.BreakReasonUnknownError: Spec(_C.INVALID_ARGUMENT, "BREAK_REASON_UNKNOWN", lambda e: {"break_reason": e.code}),
    errors.BreakReasonDisabledError: Spec(_C.INVALID_ARGUMENT, "BREAK_REASON_DISABLED", lambda e: {"break_reason": e.code}),
    errors.BreakReasonExistsError: Spec(_C.ALREADY_EXISTS, "BREAK_REASON_EXISTS", lambda e: {"break_reason": e.code}),
    errors.BreakReasonBuiltInError: Spec(_C.FAILED_PRECONDITION, "BREAK_REASON_BUILT_IN", lambda e: {"break_reason": e.code}),
    errors.PositionTooOldError: Spec(
        _C.OUT_OF_RANGE,
        "POSITION_TOO_OLD",
        lambda e: {"requested_revision": e.requested, "oldest_revision": e.oldest, "current_revision": e.current},
    ),
    errors.PositionInFutureError: Spec(
        _C.OUT_OF_RANGE,
        "POSITION_IN_FUTURE",
        lambda e: {"requested_revision": e.requested, "current_revision": e.current},
    ),
    errors.PositionEpochEndedError: Spec(_C.OUT_OF_RANGE, "POSITION_EPOCH_ENDED"),
    errors.PositionForeignError: Spec(_C.INVALID_ARGUMENT, "POSITION_FOREIGN"),
    errors.PositionFilterChangedError: Spec(_C.INVALID_ARGUMENT, "POSITION_FILTER_CHANGED"),
    errors.PositionMalformedError: Spec(_C.INVALID_ARGUMENT, "POSITION_MALFORMED"),
    errors.PageTokenInvalidError: Spec(_C.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID"),
    errors.WatcherTooSlowError: Spec(_C.RESOURCE_EXHAUSTED, "WATCHER_TOO_SLOW", lambda e: {"last_revision": e.last_revision}),
    errors.WatchQuotaError: Spec(_C.RESOURCE_EXHAUSTED, "WATCH_QUOTA", _bound, _retry),
    errors.AttachmentQuotaError: Spec(_C.RESOURCE_EXHAUSTED, "ATTACHMENT_QUOTA", _bound, _retry),
    errors.AttachmentReplacedError: Spec(_C.ABORTED, "ATTACHMENT_REPLACED", lambda e: {"workspace_id": e.workspace_id}),
    errors.ColleaguesHiddenError: Spec(_C.FAILED_PRECONDITION, "COLLEAGUES_HIDDEN"),
    errors.QueryTooLongError: Spec(
        _C.RESOURCE_EXHAUSTED, "QUERY_TOO_LONG", lambda e: {"limit_seconds": f"{e.limit_seconds:g}"}
    ),
    errors.OverloadedError: Spec(_C.RESOURCE_EXHAUSTED, "OVERLOADED", _bound, _retry),
    errors.RateLimitedError: Spec(
        _C.RESOURCE_EXHAUSTED, "RATE_LIMITED", lambda e: {"limit": e.per_second, "name": e.bound}, _retry_when_allowed
    ),
    errors.JournalUnavailableError: Spec(_C.UNAVAILABLE, "JOURNAL_UNAVAILABLE", details=_retry, sentence=_JOURNAL),
    errors.LeaderUnavailableError: Spec(
        _C.UNAVAILABLE,
        "LEADER_UNAVAILABLE",
        lambda e: {"decided": "UNKNOWN" if e.may_be_decided else "NO"},
        _retry,
        sentence="no replica leads just now: send the same request again, with the same request_id",
    ),
    errors.DrainingError: Spec(_C.UNAVAILABLE, "DRAINING", details=_retry),
    errors.IssuerUnavailableError: Spec(_C.UNAVAILABLE, "ISSUER_UNAVAILABLE", details=_retry),
    errors.UnauthenticatedError: Spec(_C.UNAUTHENTICATED, "UNAUTHENTICATED", lambda e: {"problem": e.problem.name}),
    errors.PermissionDeniedError: Spec(
        _C.PERMISSION_DENIED, "PERMISSION_DENIED", lambda e: {"method": e.method, "problem": e.problem.name}
    ),
    UnforeseenError: Spec(_C.INTERNAL, "INTERNAL", lambda e: {"incident_id": e.incident_id}),
    MethodUnknownError: Spec(_C.UNIMPLEMENTED, "METHOD_UNKNOWN", lambda e: {"method": e.method}),
}
"""Every error that callers can see, by class."""

_CLASS_BY_REASON: Final = {spec.reason: kind for kind, spec in CATALOGUE.items()}


def _sentence(spec: Spec, error: errors.OndutyError) -> str:
    """The error in words, cut where callers' own words would make it long."""
    text = spec.sentence or str(error)
    raw = text.encode()
    return text if len(raw) <= SENTENCE_BYTES else raw[:SENTENCE_BYTES].decode(errors="ignore") + "..."


def _metadata(spec: Spec, error: errors.OndutyError) -> dict[str, str]:
    return {key: str(value) for key, value in spec.metadata(error).items()}


def _spec(error: errors.OndutyError) -> Spec:
    """The row of an error. An adapter's own kind of one is told as what it is a kind of."""
    return next(CATALOGUE[kind] for kind in type(error).__mro__ if kind in CATALOGUE)


def reason_of(error: errors.OndutyError) -> str:
    """The reason that an error names in ErrorInfo."""
    if isinstance(error, ForwardedError):
        info = error_details_pb2.ErrorInfo()
        error.status.details[0].Unpack(info)
        return str(info.reason)
    return _spec(error).reason


def class_of(error: errors.OndutyError) -> type[errors.OndutyError]:
    """The class of an error; of a forwarded one, that which has its reason here. An unknown reason is an unforeseen fault's."""
    return _CLASS_BY_REASON.get(reason_of(error), UnforeseenError) if isinstance(error, ForwardedError) else type(error)


def status_of(error: errors.OndutyError) -> tuple[grpc.StatusCode, status_pb2.Status]:
    """The code and the rich status of an error."""
    if isinstance(error, ForwardedError):
        return error.code, error.status
    spec = _spec(error)
    info = error_details_pb2.ErrorInfo(reason=spec.reason, domain=DOMAIN, metadata=_metadata(spec, error))
    packed = []
    for message in (info, *spec.details(error)):
        packed.append(AnyMessage())
        packed[-1].Pack(message)
    return spec.code, status_pb2.Status(code=spec.code.value[0], message=_sentence(spec, error), details=packed)


def pushback_milliseconds(status: status_pb2.Status) -> int:
    """How long a status asks callers to wait; 0 where it does not say."""
    retry = error_details_pb2.RetryInfo()
    return retry.retry_delay.ToMilliseconds() if status.details[-1].Unpack(retry) else 0
