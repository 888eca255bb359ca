"""What the regions make visible: status and capabilities as pure functions; changes nothing.

The staff-status page bars dialling out only in line and offline, and grants internal
calls and transfers to Busy by name; the rest is policy.
"""

from onduty_server.domain.policy import Policy
from onduty_server.domain.state import Call, Capabilities, Choice, Offer, WrapUp
from onduty_server.domain.status import Status


def visible_status(choice: Choice, calls: tuple[Call, ...], wrap_up: WrapUp | None) -> Status:
    """A call in progress is IN_LINE; else OFFLINE stays; else wrap-up is AFTER_CALL_WORK; else the choice."""
    if calls:
        return Status.IN_LINE
    if choice.status is Status.OFFLINE or wrap_up is None:
        return choice.status
    return Status.AFTER_CALL_WORK


_NOTHING = Capabilities(change_status=False)
_SIGN_IN_ONLY = Capabilities()
_ASSIGNABLE = Capabilities(assign_inbound=True, dial_out=True, internal_calls=True)
_TO_HAND = Capabilities(dial_out=True, internal_calls=True)
_DIAL_ONLY = Capabilities(dial_out=True)


def capabilities(status: Status, offer: Offer | None, policy: Policy) -> Capabilities:
    """What may be done in a status; an outstanding offer bars another assignment."""
    match status:
        case Status.OFFLINE:
            return _SIGN_IN_ONLY
        case Status.AVAILABLE:
            return _ASSIGNABLE if offer is None else _TO_HAND
        case Status.BUSY:
            return _TO_HAND
        case Status.ON_BREAK:
            return _TO_HAND if policy.break_internal_calls else _DIAL_ONLY
        case Status.IN_LINE:
            return _NOTHING
        case Status.AFTER_CALL_WORK:
            return Capabilities(dial_out=policy.after_call_work_dial_out, internal_calls=policy.after_call_work_internal_calls)
