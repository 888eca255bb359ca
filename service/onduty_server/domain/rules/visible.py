"""What the regions make visible: status and capabilities as pure functions; changes nothing.

The staff-status page bars dialling out only in line and offline, and grants internal
calls and transfers to Busy by name; the rest is policy.
"""

from typing import Final

from onduty_server.domain.model.policy import Policy
from onduty_server.domain.model.state import Call, Capabilities, Choice, Connection, HoldOff, Offer, StaffState, WrapUp
from onduty_server.domain.model.status import Direction, Status
from onduty_server.domain.rules.assigning import NEEDS, is_barred


def visible_status(choice: Choice, calls: tuple[Call, ...], wrap_up: WrapUp | None) -> Status:
    """A call in progress is IN_LINE; else OFFLINE stays; else wrap-up is AFTER_CALL_WORK; else the choice."""
    if calls:
        return Status.IN_LINE
    if choice.status is Status.OFFLINE or wrap_up is None:
        return choice.status
    return Status.AFTER_CALL_WORK


_NOTHING = Capabilities(change_status=False)
_CONSULT = Capabilities(change_status=False, consult=True)
_SIGN_IN_ONLY = Capabilities()
_ASSIGNABLE = Capabilities(assign_inbound=True, dial_out=True, internal_calls=True)
_TO_HAND = Capabilities(dial_out=True, internal_calls=True)
_DIAL_ONLY = Capabilities(dial_out=True)


_FIXED: Final = {
    Status.OFFLINE: _SIGN_IN_ONLY,
    Status.AVAILABLE: _ASSIGNABLE,
    Status.BUSY: _TO_HAND,
    Status.IN_LINE: _NOTHING,
}


def capabilities(
    status: Status, offer: Offer | None, connection: Connection, policy: Policy, hold_off: HoldOff | None = None
) -> Capabilities:
    """What may be done in a status. No inbound call is assigned while anything bars it."""
    if status is Status.AVAILABLE and is_barred(offer, connection, hold_off):
        return _TO_HAND
    return status_opens(status, policy)


def status_opens(status: Status, policy: Policy) -> Capabilities:
    """What a status opens to everybody who is in it and not barred."""
    if status is Status.IN_LINE and policy.in_line_consultation:
        return _CONSULT
    found = _FIXED.get(status)
    if found is not None:
        return found
    if status is Status.ON_BREAK:
        return _TO_HAND if policy.break_internal_calls else _DIAL_ONLY
    return Capabilities(dial_out=policy.after_call_work_dial_out, internal_calls=policy.after_call_work_internal_calls)


def is_open(status: Status, direction: Direction, policy: Policy) -> bool:
    """Whether a status opens what a call of this direction needs."""
    opened: bool = getattr(status_opens(status, policy), NEEDS[direction])
    return opened


def can_be_claimed(state: StaffState, direction: Direction, policy: Policy) -> bool:
    """Whether a call of this direction can be put on offer to the staff member."""
    return not is_barred(state.offer, state.connection, state.hold_off) and is_open(state.status, direction, policy)
