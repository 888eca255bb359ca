"""The closed sets of the domain and its scalar types; holds no rules.

The numbers equal those of the enums in ``proto/onduty/v1/`` (a test holds them together), so that converting at
the edge is a cast.
"""

from enum import Enum, IntEnum
from typing import Final, NewType

Instant = NewType("Instant", int)
"""Microseconds since the Unix epoch, UTC."""

Micros = NewType("Micros", int)
"""A length of time in microseconds, never negative."""

SECOND: Final = 1_000_000


def seconds(count: float) -> Micros:
    """``count`` seconds as a length of time."""
    return Micros(round(count * SECOND))


class Status(IntEnum):
    """The visible status (source: the staff-status page, "Status Description")."""

    OFFLINE = 1
    AVAILABLE = 2
    BUSY = 3
    ON_BREAK = 4
    IN_LINE = 5
    AFTER_CALL_WORK = 6


CHOOSABLE: Final = frozenset({Status.OFFLINE, Status.AVAILABLE, Status.BUSY, Status.ON_BREAK})
"""The statuses a staff member or supervisor can choose; the others are set by the system only."""


class Direction(IntEnum):
    """The kind of a call, seen from the staff member."""

    INBOUND = 1
    OUTBOUND = 2
    INTERNAL = 3
    TRANSFER = 4


class Cause(IntEnum):
    """Why a change happened."""

    STAFF = 1
    SUPERVISOR = 2
    RESET = 3
    CLAIM = 4
    OFFER_ACCEPTED = 5
    OFFER_DECLINED = 6
    CLAIM_WITHDRAWN = 7
    NO_ANSWER = 8
    CALL_STARTED = 9
    CALL_ENDED = 10
    CALL_PLACED = 11
    CALL_AGE = 12
    RECONCILE = 13
    WRAP_UP_ENDED = 14
    ATTACHED = 15
    DETACHED = 16
    DISCONNECTED = 17
    BREAK_LIMIT = 18
    ADMIN = 19
    POLICY = 20
    CALL_LIMIT = 21
    HOLD_OFF_ENDED = 22
    ANSWERED_ELSEWHERE = 23
    CLOCK = 24


class ActorRole(IntEnum):
    """The part an actor plays."""

    SYSTEM = 1
    WORKSPACE = 2
    ROUTER = 3
    SUPERVISOR = 4
    ADMIN = 5


class OfferEnd(IntEnum):
    """How an offer ended."""

    ACCEPTED = 1
    DECLINED = 2
    WITHDRAWN = 3
    EXPIRED = 4
    SUPERSEDED = 5
    ELSEWHERE = 6


class WithdrawReason(IntEnum):
    """Why a claim is withdrawn."""

    CALLER_GONE = 1
    UNREACHABLE = 2
    OTHER = 3


class ClaimOrder(IntEnum):
    """Who goes first among those who can be claimed."""

    LONGEST_IDLE = 1
    LONGEST_SINCE_CALL = 2
    HIGHEST_LEVEL = 3


class HoldOffKind(Enum):
    """After what no call is assigned for a while. Clients are not told."""

    DECLINE = 1
    MISS = 2
    UNREACHABLE = 3


class Action(IntEnum):
    """What may be asked."""

    CHANGE_TO_AVAILABLE = 1
    CHANGE_TO_BUSY = 2
    CHANGE_TO_ON_BREAK = 3
    CHANGE_TO_OFFLINE = 4
    CHANGE_TO_IN_LINE = 5
    CHANGE_TO_AFTER_CALL_WORK = 6
    BACK_TO_RECEPTION = 7
    CONTINUE_AFTER_CALL_WORK = 8
    SET_NEXT_STATUS = 9
    CLEAR_NEXT_STATUS = 10
    PLACE_CALL = 11
    CLAIM = 12


class FactOutcome(IntEnum):
    """What came of a fact."""

    APPLIED = 1
    REPEATED = 2
    ENDED_BEFORE = 3
    OLDER_THAN_RUNNING = 4
    NOT_KNOWN = 5
    AMBIGUOUS = 6
    CALLS_FULL = 7
