"""The clients' error for each reason, as the client contract has it; a test holds it against the contract's page and enum."""

from collections.abc import Mapping
from typing import Any, Final

_ERRORS: Final[Mapping[str, str]] = {
    "InvalidRequestError": "INVALID_FIELD MALFORMED_REQUEST REQUEST_TOO_LARGE REQUEST_ID_REUSED BREAK_REASON_UNKNOWN"
    " BREAK_REASON_DISABLED PAGE_TOKEN_INVALID QUERY_TOO_LONG POSITION_MALFORMED",
    "NotFoundError": "STAFF_UNKNOWN CLAIM_UNKNOWN",
    "AlreadyExistsError": "STAFF_EXISTS BREAK_REASON_EXISTS",
    "RefusedError": "TRANSITION_REFUSED STAFF_NOT_ASSIGNABLE OFFER_GONE STAFF_SIGNED_IN BREAK_REASON_BUILT_IN"
    " COLLEAGUES_HIDDEN STAFF_NOT_DELETED",
    "NobodyAvailableError": "NOBODY_AVAILABLE",
    "RevisionMismatchError": "REVISION_MISMATCH",
    "PositionError": "POSITION_TOO_OLD POSITION_IN_FUTURE POSITION_EPOCH_ENDED POSITION_FOREIGN POSITION_FILTER_CHANGED",
    "ReplacedError": "ATTACHMENT_REPLACED",
    "OverloadedError": "WATCH_QUOTA ATTACHMENT_QUOTA OVERLOADED RATE_LIMITED WATCHER_TOO_SLOW",
    "UnavailableError": "JOURNAL_UNAVAILABLE LEADER_UNAVAILABLE DRAINING ISSUER_UNAVAILABLE",
    "AccessError": "UNAUTHENTICATED PERMISSION_DENIED",
    "UnsupportedError": "METHOD_UNKNOWN",
    "InternalError": "INTERNAL",
}
KIND_OF: Final[Mapping[str, str]] = {reason: kind for kind, reasons in _ERRORS.items() for reason in reasons.split()}
"""The kind of each reason."""


def complete(expected: Mapping[str, Any], *, has_errors: bool) -> dict[str, Any]:
    """An expected error with the kind that its reason has; of a driver without hand-written errors, what it can tell."""
    told = dict(expected)
    if not has_errors:
        return {**{name: value for name, value in told.items() if name != "request_id"}, "kind": ""}
    reason = told.get("reason")
    if reason in KIND_OF:
        told.setdefault("kind", KIND_OF[reason])
    return told
