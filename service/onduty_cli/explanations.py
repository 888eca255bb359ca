"""Makes of a failure one or two lines: what happened, and what to do next; it neither prints nor exits."""

from collections.abc import Callable, Sequence
from shlex import quote

from onduty.v1 import staff_pb2
from onduty_cli.failures import (
    CommandError,
    InputError,
    ItemsError,
    NoAnswerError,
    RefusedError,
    UnknownNameError,
    UnreachableError,
)
from onduty_cli.staff_id import id_fault, proposed_id
from onduty_cli.start_command import start_command
from onduty_cli.words import action_words, actions_in_words, status_word

Lines = tuple[str, ...]

WATCH_AFRESH = "Watch afresh, without --resume-after."

SENTENCES: dict[str, tuple[str, str]] = {
    "MALFORMED_REQUEST": (
        "failed: the server could not read the {message}",
        "Server and command line may be of different versions; compare `onduty --version`.",
    ),
    "REQUEST_TOO_LARGE": (
        "refused: the request has {size_bytes} bytes, the server takes {max_bytes}",
        "Ask for less at once.",
    ),
    "REQUEST_ID_REUSED": (
        "refused: request id {request_id} was used before for something else",
        "Give a new --request-id.",
    ),
    "STAFF_EXISTS": ("refused: staff member {staff_id} exists already", "See `onduty staff show {staff_id}`."),
    "CLAIM_UNKNOWN": (
        "unknown: there is no claim {claim_id}",
        "It may have ended; `onduty staff show STAFF_ID` shows the outstanding offer.",
    ),
    "BREAK_REASON_UNKNOWN": (
        "refused: there is no break reason {break_reason}",
        "See `onduty breaks list`, or add it: onduty breaks add {break_reason}",
    ),
    "BREAK_REASON_DISABLED": (
        "refused: the break reason {break_reason} cannot be chosen",
        "See `onduty breaks list`; a disabled one comes back with: onduty breaks enable {break_reason}",
    ),
    "BREAK_REASON_EXISTS": (
        "refused: the break reason {break_reason} exists already",
        "Change it: onduty breaks update {break_reason}",
    ),
    "BREAK_REASON_BUILT_IN": (
        "refused: the break reason {break_reason} is built in",
        "It cannot be disabled or deleted; the policy's no_answer.status says whether it is used.",
    ),
    "STAFF_SIGNED_IN": (
        "refused: {staff_id} is signed in ({current_status})",
        "Sign out first: onduty status set {staff_id} offline",
    ),
    "POSITION_TOO_OLD": (
        "refused: the position is at revision {requested_revision}, the oldest kept is {oldest_revision}",
        WATCH_AFRESH,
    ),
    "POSITION_IN_FUTURE": (
        "refused: the position is at revision {requested_revision}, the server is at {current_revision}",
        WATCH_AFRESH,
    ),
    "POSITION_EPOCH_ENDED": ("refused: the position is from before a restore of the store", WATCH_AFRESH),
    "POSITION_FOREIGN": ("refused: the position belongs to another store or tenant", WATCH_AFRESH),
    "POSITION_FILTER_CHANGED": (
        "refused: the position was given out for another filter",
        "Watch afresh, or with the filter the position came from.",
    ),
    "POSITION_MALFORMED": ("refused: the position is not one that Onduty made", WATCH_AFRESH),
    "PAGE_TOKEN_INVALID": ("failed: the list changed under its pages", "Run the command again."),
    "QUERY_TOO_LONG": (
        "refused: this takes longer than {limit_seconds} s",
        "Ask for a shorter interval, or for fewer people.",
    ),
    "WATCHER_TOO_SLOW": (
        "failed: this watch fell too far behind",
        "Watch again; --latest keeps up by leaving out changes in between.",
    ),
    "WATCH_QUOTA": ("refused: too many open watches, the limit is {limit}", "Close some, then try again."),
    "ATTACHMENT_QUOTA": ("refused: too many attached workspaces, the limit is {limit}", "Close some, then try again."),
    "ATTACHMENT_REPLACED": (
        "failed: another workspace attached as {workspace_id} and took the place",
        "Give each workspace an id of its own.",
    ),
    "COLLEAGUES_HIDDEN": (
        "refused: the policy lets nobody see colleagues",
        "An administrator can change it: onduty policy set colleagues=own-groups",
    ),
    "STAFF_NOT_DELETED": (
        "refused: {staff_id} is not deleted; only the history of a deleted person can be erased",
        "Delete first: onduty staff delete {staff_id}",
    ),
    "OVERLOADED": ("refused: the server has too much to do", "Try again shortly."),
    "RATE_LIMITED": (
        "refused: more is asked for a second than may be, {limit} ({name})",
        "Try again shortly, or have whoever runs the server raise {name}.",
    ),
    "JOURNAL_UNAVAILABLE": (
        "failed: the server cannot reach its journal just now",
        "Try again shortly; if it stays so, look at the server's disk or database, and its log.",
    ),
    "LEADER_UNAVAILABLE": (
        "failed: no replica leads just now",
        "Try again shortly; if it stays so, look at `onduty replicas`, the database, and the servers' logs.",
    ),
    "ISSUER_UNAVAILABLE": (
        "failed: the server cannot check tokens yet: their issuer has not answered",
        "Try again shortly; if it stays so, look at the server's log.",
    ),
    "DRAINING": ("failed: the server is shutting down", "Try again when it is back."),
    "INTERNAL": (
        "failed: a fault inside the server",
        "Report incident {incident_id}; the server's log has the rest.",
    ),
    "METHOD_UNKNOWN": (
        "failed: the server does not know {method}",
        "Server and command line may be of different versions; compare `onduty --version`.",
    ),
}
"""By the catalogue's name: what happened, and what to do next. Braces name keys of the error's metadata."""


class _Known(dict[str, str]):
    """Values for a sentence; what a server left out is a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def explain(failure: CommandError) -> Lines:
    """Returns the lines for any failure; none where everything has been said already."""
    match failure:
        case UnreachableError(server=server, detail=detail):
            return (
                f"cannot reach Onduty at {server} ({detail})",
                f"Start it with {start_command()}, or name another with --server HOST:PORT or ONDUTY_SERVER.",
            )
        case NoAnswerError(server=server, timeout_seconds=seconds):
            return (
                f"no answer from {server} within {seconds:g} s; a change may have been made or not",
                "Look at the present state before you repeat it, or wait longer with --timeout.",
            )
        case InputError(name=name, fault=fault):
            return (f"cannot use {name}: {fault}",)
        case UnknownNameError(kind=kind, name=name, near=near, hint=hint):
            return (f"unknown: there is no {kind} {name}", *meant(near), hint)
        case RefusedError():
            return explain_refusal(failure)
        case ItemsError():
            return ()
    return (f"failed: {failure}",)


def meant(near: Sequence[str]) -> Lines:
    """Returns the line that asks whether one of these was meant; none if there is none."""
    return (f"Did you mean {' or '.join(near)}?",) if near else ()


def explain_refusal(refused: RefusedError) -> Lines:
    """Returns the lines for the service's answer."""
    if special := _SPECIAL.get(refused.reason):
        return special(refused)
    if sentences := SENTENCES.get(refused.reason):
        what_happened, what_next = sentences
        to_type = {key: quote(value) for key, value in refused.metadata.items()}
        return what_happened.format_map(_Known(refused.metadata)), what_next.format_map(_Known(to_type))
    if refused.code == "UNIMPLEMENTED":
        return (
            "failed: the server does not know this request",
            "Is it an Onduty server, and of this version? See --server and `onduty --version`.",
        )
    return (f"failed: {refused.reason or refused.code}: {refused.message}",)


def _invalid_field(refused: RefusedError) -> Lines:
    faults = refused.field_faults or ((refused.metadata.get("field", "a field"), refused.message),)
    return ("refused: " + "; ".join(f"{field}: {description}" for field, description in faults),)


def _transition_refused(refused: RefusedError) -> Lines:
    if refused.refusal is None:
        return (f"refused: {refused.message}",)
    current, requested = refused.refusal.current, refused.refusal.requested
    first = f"refused: {_who_is_what(current)}; allowed now: {actions_in_words(refused.refusal.allowed)}"
    return first, _hint(requested, current)


def _hint(requested: int, current: staff_pb2.Staff) -> str:
    if requested in {staff_pb2.ACTION_CHANGE_TO_IN_LINE, staff_pb2.ACTION_CHANGE_TO_AFTER_CALL_WORK}:
        return "Only the system sets IN_LINE and AFTER_CALL_WORK."
    if requested in {staff_pb2.ACTION_BACK_TO_RECEPTION, staff_pb2.ACTION_CONTINUE_AFTER_CALL_WORK}:
        return f"`{action_words(requested)}` is possible only in AFTER_CALL_WORK."
    if requested in {staff_pb2.ACTION_SET_NEXT_STATUS, staff_pb2.ACTION_CLEAR_NEXT_STATUS}:
        return f"Outside a call a status applies at once: onduty status set {quote(current.staff_id)} STATUS"
    if current.status == staff_pb2.STATUS_IN_LINE:
        return f"To set what comes after the call: onduty status next {quote(current.staff_id)} STATUS"
    if current.status == staff_pb2.STATUS_OFFLINE:
        return f"Sign in first: onduty status set {quote(current.staff_id)} available"
    return f"See `onduty staff show {quote(current.staff_id)}`."


def _staff_unknown(refused: RefusedError) -> Lines:
    staff_id = refused.metadata.get("staff_id", "?")
    add = f"onduty staff add {quote(staff_id)}"
    if id_fault(staff_id):
        add = f"onduty staff add {proposed_id(staff_id)} --name {quote(staff_id)}"
    return f"unknown: there is no staff member {staff_id}", f"See `onduty staff list`, or add one: {add}"


def _not_assignable(refused: RefusedError) -> Lines:
    if refused.refusal is None:
        return (f"refused: {refused.message}",)
    current = refused.refusal.current
    offer = f" with call {current.offer.call_id} on offer" if current.HasField("offer") else ""
    return (
        f"refused: no call can be assigned to {current.staff_id}, who is {_status_of(current)}{offer}",
        "See who can take one: onduty staff list --status available",
    )


def _nobody_available(refused: RefusedError) -> Lines:
    groups = [group for group in refused.metadata.get("skill_groups", "").split(",") if group]
    asked = " or ".join(groups)
    if refused.nobody is None or not refused.nobody.counts:
        return f"refused: nobody is in skill group {asked or '?'}", "See the groups: onduty summary"
    counts = ", ".join(f"{count.count} {status_word(count.status)}{_not_free(count)}" for count in refused.nobody.counts)
    if not groups:
        return f"refused: none of them can take a call now: {counts}", "See who can: onduty staff list --status available"
    watched = " ".join(f"--group {quote(group)}" for group in groups)
    return f"refused: nobody in {asked} can take a call now: {counts}", f"Try again, or watch: onduty watch {watched}"


def _not_free(count: staff_pb2.StatusCount) -> str:
    """How many of those who are AVAILABLE could be assigned a call, were they whom the claim asks for."""
    if count.status != staff_pb2.STATUS_AVAILABLE:
        return ""
    if count.assignable:
        return (
            f" ({count.assignable} can be assigned calls, but not by this claim: its levels, groups and exceptions count too)"
        )
    return " (on offer, held off or without a workspace)"


def _offer_gone(refused: RefusedError) -> Lines:
    claim = refused.metadata.get("claim_id", "?")
    if refused.refusal is None:
        return (f"refused: claim {claim} is not on offer, or no longer",)
    return (f"refused: claim {claim} is not on offer, or no longer; {_who_is_what(refused.refusal.current)}",)


def _revision_mismatch(refused: RefusedError) -> Lines:
    what = refused.metadata.get("staff_id") or refused.metadata.get("break_reason", "it")
    now = f"; {_who_is_what(refused.mismatch.current)}" if refused.mismatch else ""
    return f"refused: {what} has changed meanwhile{now}", "Look again and decide anew."


def _who_is_what(staff: staff_pb2.Staff) -> str:
    return f"{staff.staff_id} is {_status_of(staff)}"


def _status_of(staff: staff_pb2.Staff) -> str:
    reason = f" ({staff.break_reason})" if staff.break_reason else ""
    return status_word(staff.status) + reason


def _unauthenticated(refused: RefusedError) -> Lines:
    return (
        f"refused: {refused.message}",
        "Commands take it from --token-file, --token-command, or the variable ONDUTY_TOKEN.",
    )


def _permission_denied(refused: RefusedError) -> Lines:
    return f"refused: {refused.message}", "`onduty whoami` shows what your credential reaches."


_SPECIAL: dict[str, Callable[[RefusedError], Lines]] = {
    "INVALID_FIELD": _invalid_field,
    "TRANSITION_REFUSED": _transition_refused,
    "STAFF_NOT_ASSIGNABLE": _not_assignable,
    "STAFF_UNKNOWN": _staff_unknown,
    "NOBODY_AVAILABLE": _nobody_available,
    "OFFER_GONE": _offer_gone,
    "REVISION_MISMATCH": _revision_mismatch,
    "UNAUTHENTICATED": _unauthenticated,
    "PERMISSION_DENIED": _permission_denied,
}
