"""Judges who on the floor needs a look, and how soon; it is pure, and shows nothing."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from onduty.v1 import staff_pb2
from onduty.v1.staff_pb2 import Staff
from onduty_cli.moments import MICROSECONDS, instant_of, span_text
from onduty_cli.words import STATUS_ORDER, short_name

RINGING: Final = "RINGING"
"""What a table calls somebody whose phone rings: AVAILABLE in the contract, with an offer outstanding."""

_EXPIRES_SOON: Final = 5 * MICROSECONDS


class Kind(IntEnum):
    """What can be wrong, the most urgent first: by how soon somebody has to act."""

    RINGS_OUT = 0
    OVERDUE = 1
    DESKTOP_LOST = 2
    LONG_WRAP_UP = 3
    LONG_CALL = 4
    MISSED = 5
    NONE = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """From when a time in status is long, in microseconds."""

    wrap_up: int = 5 * 60 * MICROSECONDS
    call: int = 30 * 60 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one person, in words that need no colour; no words: nothing."""

    kind: Kind
    words: str = ""

    def __bool__(self) -> bool:
        return self.kind is not Kind.NONE


_NOTHING: Final = Trouble(Kind.NONE)


def is_ringing(staff: Staff) -> bool:
    """A call is on offer and not answered yet."""
    return staff.HasField("offer")


def is_assignable(staff: Staff) -> bool:
    """An inbound call can be assigned now; what the server says."""
    return staff.capabilities.assign_inbound


def shown_status(staff: Staff) -> str:
    """Returns the visible status's short name, or RINGING while a call is on offer to somebody AVAILABLE."""
    if staff.status == staff_pb2.STATUS_AVAILABLE and is_ringing(staff):
        return RINGING
    return short_name(staff_pb2.Status, staff.status)


SHOWN_STATUSES: Final = (
    short_name(staff_pb2.Status, STATUS_ORDER[0]),
    RINGING,
    *(short_name(staff_pb2.Status, status) for status in STATUS_ORDER[1:]),
)
"""Every status a table shows, in its order."""


def shown_since(staff: Staff) -> int:
    """Returns since when the shown status lasts, in microseconds since the epoch."""
    return instant_of(staff.offer.offered_at if shown_status(staff) == RINGING else staff.status_started_at)


def trouble_of(staff: Staff, now: int, limits: Limits) -> Trouble:
    """Returns the most urgent thing that is wrong with a person at ``now``, in microseconds since the epoch."""
    if is_ringing(staff) and instant_of(staff.offer.expires_at) - now <= _EXPIRES_SOON:
        return Trouble(Kind.RINGS_OUT, f"rings out in {span_text(instant_of(staff.offer.expires_at) - now)}")
    if staff.overdue:
        return Trouble(Kind.OVERDUE, "break OVERDUE")
    if staff.connection.lapsed:
        return Trouble(Kind.DESKTOP_LOST, "desktop lost, offline after the call")
    if staff.connection.HasField("offline_at"):
        left = instant_of(staff.connection.offline_at) - now
        return Trouble(Kind.DESKTOP_LOST, f"desktop lost, offline in {span_text(left)}")
    return _long(staff, now - instant_of(staff.status_started_at), limits)


def _long(staff: Staff, lasted: int, limits: Limits) -> Trouble:
    if staff.status == staff_pb2.STATUS_AFTER_CALL_WORK and lasted >= limits.wrap_up:
        return Trouble(Kind.LONG_WRAP_UP, "LONG wrap-up")
    if staff.status == staff_pb2.STATUS_IN_LINE and lasted >= limits.call:
        return Trouble(Kind.LONG_CALL, "LONG call")
    if staff.misses and staff.status in {staff_pb2.STATUS_ON_BREAK, staff_pb2.STATUS_BUSY}:
        # The policy has put away who did not answer; nothing but a look brings them back.
        return Trouble(Kind.MISSED, f"MISSED {staff.misses} call{'s' if staff.misses > 1 else ''}")
    return _NOTHING


def remarks(staff: Staff, now: int, trouble: Trouble = _NOTHING) -> list[str]:
    """Returns what is going on with a person beside the trouble, the most telling first: an offer, calls, what ends when."""
    said = [_offer(staff, now, trouble), *(call.call_id + ("!" if call.irregular else "") for call in staff.calls)]
    if staff.status == staff_pb2.STATUS_AFTER_CALL_WORK:
        said.append(_wrap_up(staff.wrap_up, now))
    if staff.HasField("break_ends_at"):
        said.append(f"{span_text(instant_of(staff.break_ends_at) - now)} left")
    if staff.misses and trouble.kind is not Kind.MISSED:
        said.append(f"{staff.misses} missed")
    return [one for one in said if one]


def _offer(staff: Staff, now: int, trouble: Trouble) -> str:
    if not is_ringing(staff):
        return ""
    if trouble.kind is Kind.RINGS_OUT:
        return staff.offer.call_id
    return f"{span_text(instant_of(staff.offer.expires_at) - now)}, {staff.offer.call_id}"


def _wrap_up(wrap_up: staff_pb2.WrapUp, now: int) -> str:
    if wrap_up.HasField("ends_at"):
        return f"{span_text(instant_of(wrap_up.ends_at) - now)} left"
    if wrap_up.HasField("capped_at"):
        return f"open-ended, {span_text(instant_of(wrap_up.capped_at) - now)} left"
    return "open-ended"
