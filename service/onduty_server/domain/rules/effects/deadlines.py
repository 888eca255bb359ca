"""Deadlines that fire: the effects of ``deadlines.TABLE``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from onduty_server.domain.model import commands
from onduty_server.domain.model.policy import BreakLimitAction
from onduty_server.domain.model.state import OFFLINE, Connection
from onduty_server.domain.model.status import HoldOffKind, OfferEnd
from onduty_server.domain.rules.deadlines import AT_ONCE, ROWS, Deadline, Expiry, next_deadline
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.effects.agreement import leave_wrap_up
from onduty_server.domain.rules.effects.connection import begin_grace_anew
from onduty_server.domain.rules.effects.facts import hang_up
from onduty_server.domain.rules.effects.offers import miss


def expire(draft: Draft, command: commands.Expire) -> None:
    """The first deadline that has passed fires, at its own instant, from which all that it begins counts."""
    due = next_deadline(draft.before)
    if due is None or due.at > draft.now:
        return
    row = ROWS[due.kind]
    is_attended = due.at >= command.attended_from
    expiry = row.expiry if is_attended or row.unattended is None else row.unattended
    if expiry is not Expiry.BEGIN_THE_GRACE_ANEW:  # which counts from the present
        draft.at = max(due.at, draft.before.changed_at)
        draft.now = draft.now if due.at == AT_ONCE else due.at
    draft.cause = row.cause
    EFFECTS[expiry](draft, due)


def _drop_a_call(draft: Draft, _due: Deadline) -> None:
    dropped = next((call for call in draft.calls if call.irregular), draft.calls[0])
    draft.call_id = dropped.call_id
    draft.drop_calls((dropped,))
    draft.remember(dropped.call_id, dropped.source, dropped.leg, dropped.occurred_at)


def _miss_the_offer(draft: Draft, _due: Deadline) -> None:
    draft.call_id = draft.end_offer(OfferEnd.EXPIRED).call_id
    miss(draft, HoldOffKind.MISS)


def _let_the_offer_go(draft: Draft, _due: Deadline) -> None:
    draft.call_id = draft.end_offer(OfferEnd.EXPIRED).call_id


def _end_hold_off(draft: Draft, _due: Deadline) -> None:
    draft.hold_off = None


def _end_the_call(draft: Draft, due: Deadline) -> None:
    draft.call_id = due.subject
    hang_up(draft, tuple([call for call in draft.calls if (call.ends_by, call.call_id) == (due.at, due.subject)]))


def _leave_wrap_up(draft: Draft, _due: Deadline) -> None:
    draft.call_id = draft.wrap_up.call_id if draft.wrap_up else ""
    leave_wrap_up(draft)


def _lapse(draft: Draft, _due: Deadline) -> None:
    draft.connection = Connection(draft.connection.attachments, None, lapsed=True)


def _begin_the_grace_anew(draft: Draft, _due: Deadline) -> None:
    begin_grace_anew(draft)


def _be_overdue(draft: Draft, _due: Deadline) -> None:
    draft.break_ends_at = None
    draft.overdue = True
    if draft.policy.break_limit_action is BreakLimitAction.OFFLINE:
        draft.choice = OFFLINE


EFFECTS: Final[Mapping[Expiry, Callable[[Draft, Deadline], None]]] = MappingProxyType(
    {
        Expiry.DROP_A_CALL: _drop_a_call,
        Expiry.MISS_THE_OFFER: _miss_the_offer,
        Expiry.END_THE_CALL: _end_the_call,
        Expiry.LEAVE_WRAP_UP: _leave_wrap_up,
        Expiry.LAPSE: _lapse,
        Expiry.BE_OVERDUE: _be_overdue,
        Expiry.END_HOLD_OFF: _end_hold_off,
        Expiry.LET_THE_OFFER_GO: _let_the_offer_go,
        Expiry.BEGIN_THE_GRACE_ANEW: _begin_the_grace_anew,
    }
)
"""The effect of every row."""
