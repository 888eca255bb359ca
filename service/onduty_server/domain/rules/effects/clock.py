"""A step of the server's clock: every length of time that runs keeps what it has left, and its age.

Instants that say when something happened stay as they are. What a length of time counts from or to moves by the step.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from onduty_server.domain.model import commands
from onduty_server.domain.model.policy import LATE_FACT_BOUNDS
from onduty_server.domain.model.status import Cause, Instant, Micros
from onduty_server.domain.rules.draft import Draft


def shift_instants(draft: Draft, command: commands.ShiftInstants) -> None:
    """All that a length of time counts from or to moves by the step."""
    draft.cause = Cause.CLOCK
    for shift in SHIFTS:
        shift(draft, command.by)


def _later(instant: Instant | None, by: Micros) -> Instant | None:
    return None if instant is None else Instant(instant + by)


def _offer(draft: Draft, by: Micros) -> None:
    offer = draft.offer
    if offer is not None:
        draft.offer = replace(offer, offered_at=Instant(offer.offered_at + by), expires_at=Instant(offer.expires_at + by))


def _calls(draft: Draft, by: Micros) -> None:
    if draft.calls:
        draft.calls = tuple([replace(call, ends_by=Instant(call.ends_by + by)) for call in draft.calls])


def _wrap_up(draft: Draft, by: Micros) -> None:
    one = draft.wrap_up
    if one is not None and (one.ends_at is not None or one.capped_at is not None):
        since, ends_at, capped_at = Instant(one.since + by), _later(one.ends_at, by), _later(one.capped_at, by)
        draft.wrap_up = replace(one, since=since, ends_at=ends_at, capped_at=capped_at)


def _grace(draft: Draft, by: Micros) -> None:
    one = draft.connection
    if one.offline_at is not None:
        draft.connection = replace(one, offline_at=_later(one.offline_at, by), grace_began_at=_later(one.grace_began_at, by))


def _hold_off(draft: Draft, by: Micros) -> None:
    if draft.hold_off is not None:
        draft.hold_off = replace(draft.hold_off, ends_at=Instant(draft.hold_off.ends_at + by))


def _break_limit(draft: Draft, by: Micros) -> None:
    draft.break_ends_at = _later(draft.break_ends_at, by)


def _ended_legs(draft: Draft, by: Micros) -> None:
    """The ages of ended legs, where one is young enough for a late start of it to be taken for one."""
    if any(leg.arrived_at + by + LATE_FACT_BOUNDS.most > draft.now for leg in draft.ended_legs):
        draft.ended_legs = draft.ended_legs.shifted(by)


SHIFTS: Final[tuple[Callable[[Draft, Micros], None], ...]] = (
    _offer,
    _calls,
    _wrap_up,
    _grace,
    _hold_off,
    _break_limit,
    _ended_legs,
)
"""Everything in a state that moves. Whatever has a row in ``deadlines.TABLE`` has its instants here."""
