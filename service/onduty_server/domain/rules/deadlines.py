"""Deadlines as data: which instants in a state will fire, and in which order; fires nothing.

A deadline is an absolute instant stored in the state, so that a restart neither loses nor resets it.
"""

from enum import IntEnum
from typing import NamedTuple

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Instant


class DeadlineKind(IntEnum):
    """The kinds, in the order in which equal instants fire."""

    OFFER = 1
    CALL_AGE = 2
    WRAP_UP = 3
    GRACE = 4
    BREAK_LIMIT = 5


class Deadline(NamedTuple):
    """An instant at which something ends by itself. ``subject`` is the call's id for CALL_AGE, else empty."""

    at: Instant
    kind: DeadlineKind
    subject: str = ""


def deadlines(state: StaffState) -> list[Deadline]:
    """Every deadline of a state, in no particular order."""
    found: list[Deadline] = []
    if state.deleted:
        return found
    if state.offer is not None:
        found.append(Deadline(state.offer.expires_at, DeadlineKind.OFFER))
    found += [Deadline(call.ends_by, DeadlineKind.CALL_AGE, call.call_id) for call in state.calls]
    if state.wrap_up is not None:
        ends = state.wrap_up.ends_at if state.wrap_up.ends_at is not None else state.wrap_up.capped_at
        if ends is not None:
            found.append(Deadline(ends, DeadlineKind.WRAP_UP))
    if state.connection.offline_at is not None:
        found.append(Deadline(state.connection.offline_at, DeadlineKind.GRACE))
    if state.break_ends_at is not None:
        found.append(Deadline(state.break_ends_at, DeadlineKind.BREAK_LIMIT))
    return found


def next_deadline(state: StaffState) -> Deadline | None:
    """The deadline that fires first, or None."""
    found = deadlines(state)
    return min(found) if found else None
