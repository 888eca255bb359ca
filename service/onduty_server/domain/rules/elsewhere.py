"""When a call that is on offer to several people is answered by one of them, or by somebody else.

A call is answered by whoever accepts its offer, and by whoever telephony says is in it now and was not before. Who dials it
answers nothing.
"""

from typing import NamedTuple

from onduty_server.domain.model.commands import AcceptOffer, CallStarted, Command, ReconcileCalls
from onduty_server.domain.model.state import Call, Offer, StaffState
from onduty_server.domain.model.status import Direction
from onduty_server.domain.rules.assigning import ANSWERED_BY


class Answered(NamedTuple):
    """A call that somebody answered. ``direction`` is what telephony said of it; None: nothing, or it had been on offer."""

    call_id: str
    source: str
    direction: Direction | None


def answered(before: StaffState, after: StaffState, command: Command) -> list[Answered]:
    """The calls that a staff member answered by a change from ``before`` to ``after``."""
    if isinstance(command, CallStarted):
        said = {command.call.call_id: command.call.direction}
    elif isinstance(command, ReconcileCalls):
        said = {call.call_id: call.direction for call in command.calls}
    elif isinstance(command, AcceptOffer):
        said = {}
    else:
        return []
    return [
        Answered(call.call_id, call.source, None if call.claim_id else said.get(call.call_id))
        for call in after.calls
        if not any(_is_same(call, known) for known in before.calls)
    ]


def _is_same(call: Call, known: Call) -> bool:
    return call.call_id == known.call_id and same_source(call.source, known.source)


def same_source(one: str, other: str) -> bool:
    """Whether two names of a call's source may mean one source: an empty one may be any."""
    return not one or not other or one == other


def ends(offer: Offer, call: Answered) -> bool:
    """Whether an offer to somebody else ends because a call was answered."""
    if offer.call_id != call.call_id or not same_source(offer.source, call.source):
        return False
    return call.direction is None or call.direction in ANSWERED_BY[offer.direction]
