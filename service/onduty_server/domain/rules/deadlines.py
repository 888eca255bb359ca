"""The table of deadlines: which instants in a state will fire, in which order, with which cause and effect.

A deadline is an absolute instant stored in the state, so that a restart neither loses nor resets it.
"""

from collections.abc import Callable, Iterable
from enum import Enum, IntEnum
from typing import Final, NamedTuple

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Cause, Instant, Status
from onduty_server.domain.rules.knowledge import over_the_limit


class DeadlineKind(IntEnum):
    """The kinds, in the order in which equal instants fire."""

    CALL_LIMIT = 1
    OFFER = 2
    CALL_AGE = 3
    WRAP_UP = 4
    GRACE = 5
    BREAK_LIMIT = 6
    HOLD_OFF = 7


class Deadline(NamedTuple):
    """An instant at which something ends by itself. ``subject`` is the call's id for CALL_AGE, else empty."""

    at: Instant
    kind: DeadlineKind
    subject: str = ""


class Expiry(Enum):
    """What a deadline does when it fires."""

    DROP_A_CALL = "the oldest irregular call is dropped, else the oldest; wrap-up is not owed for it"
    MISS_THE_OFFER = "the offer ends and counts as a miss"
    END_THE_CALL = "the call ends; what follows a last call follows"
    LEAVE_WRAP_UP = "the next choice applies, else the policy's return"
    LAPSE = "the choice becomes OFFLINE; in a call when it ends"
    END_HOLD_OFF = "calls can be assigned again"
    BE_OVERDUE = "the break is overdue; the choice becomes OFFLINE where the policy says so"
    LET_THE_OFFER_GO = "the offer ends and is no miss"
    BEGIN_THE_GRACE_ANEW = "the grace begins anew, from now"


class Row(NamedTuple):
    """A kind of deadline. ``when`` says in words what ``instants`` finds in a state.

    ``unattended`` is what it does instead where no server ran when it passed: nobody could answer, or come back.
    """

    kind: DeadlineKind
    when: str
    instants: Callable[[StaffState], Iterable[Deadline]]
    cause: Cause
    expiry: Expiry
    unattended: Expiry | None = None


AT_ONCE: Final = Instant(0)
"""The instant of what is due as soon as it is there. It fires at the state's own instant."""


def _call_limit(state: StaffState) -> Iterable[Deadline]:
    return (Deadline(AT_ONCE, DeadlineKind.CALL_LIMIT),) if over_the_limit(state.calls) else ()


def _offer(state: StaffState) -> Iterable[Deadline]:
    return () if state.offer is None else (Deadline(state.offer.expires_at, DeadlineKind.OFFER),)


def _call_age(state: StaffState) -> Iterable[Deadline]:
    return [Deadline(call.ends_by, DeadlineKind.CALL_AGE, call.call_id) for call in state.calls]


def _wrap_up(state: StaffState) -> Iterable[Deadline]:
    if state.wrap_up is None:
        return ()
    ends = state.wrap_up.ends_at if state.wrap_up.ends_at is not None else state.wrap_up.capped_at
    return () if ends is None else (Deadline(ends, DeadlineKind.WRAP_UP),)


def _grace(state: StaffState) -> Iterable[Deadline]:
    ends_at = state.connection.offline_at
    return () if ends_at is None else (Deadline(ends_at, DeadlineKind.GRACE),)


def _break_limit(state: StaffState) -> Iterable[Deadline]:
    if state.break_ends_at is None or state.status is not Status.ON_BREAK:
        return ()
    return (Deadline(state.break_ends_at, DeadlineKind.BREAK_LIMIT),)


def _hold_off(state: StaffState) -> Iterable[Deadline]:
    return () if state.hold_off is None else (Deadline(state.hold_off.ends_at, DeadlineKind.HOLD_OFF),)


TABLE: Final = (
    Row(
        DeadlineKind.CALL_LIMIT,
        "at once, while there are more calls than there may be",
        _call_limit,
        Cause.CALL_LIMIT,
        Expiry.DROP_A_CALL,
    ),
    Row(
        DeadlineKind.OFFER,
        "the offer's time is over",
        _offer,
        Cause.NO_ANSWER,
        Expiry.MISS_THE_OFFER,
        Expiry.LET_THE_OFFER_GO,
    ),
    Row(
        DeadlineKind.CALL_AGE,
        "a call was not confirmed for the policy's greatest age",
        _call_age,
        Cause.CALL_AGE,
        Expiry.END_THE_CALL,
    ),
    Row(
        DeadlineKind.WRAP_UP,
        "the countdown, or the cap of an open-ended wrap-up, is over",
        _wrap_up,
        Cause.WRAP_UP_ENDED,
        Expiry.LEAVE_WRAP_UP,
    ),
    Row(
        DeadlineKind.GRACE,
        "no workspace came back within the grace",
        _grace,
        Cause.DISCONNECTED,
        Expiry.LAPSE,
        Expiry.BEGIN_THE_GRACE_ANEW,
    ),
    Row(
        DeadlineKind.BREAK_LIMIT,
        "the break's limit is over; while a call or its wrap-up holds it off, as soon as these are over",
        _break_limit,
        Cause.BREAK_LIMIT,
        Expiry.BE_OVERDUE,
    ),
    Row(
        DeadlineKind.HOLD_OFF,
        "the hold-off after a declined or missed offer, or an unreachable phone, is over",
        _hold_off,
        Cause.HOLD_OFF_ENDED,
        Expiry.END_HOLD_OFF,
    ),
)
"""Every kind, in the order in which equal instants fire."""

ROWS: Final = {row.kind: row for row in TABLE}


def deadlines(state: StaffState) -> list[Deadline]:
    """Every deadline of a state, in no particular order."""
    if state.deleted:
        return []
    found: list[Deadline] = []
    for row in TABLE:
        found += row.instants(state)
    return found


def next_deadline(state: StaffState) -> Deadline | None:
    """The deadline that fires first, or None."""
    found = deadlines(state)
    return min(found) if found else None
