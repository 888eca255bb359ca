"""The steps that make the regions agree once an effect has edited one of them: data, run in their order by one loop.

Theory of operation
-------------------
An effect edits what its command is about, and nothing else. What follows from that is a list of ``Step``: each has a
condition and an effect, and ``agree`` runs every step once, in the order of the list. A step sees what the steps before it
did; that is why the order matters, and each says why it stands where it does.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from onduty_server.domain.model.status import Cause, Status
from onduty_server.domain.rules.draft import Draft, heads_for_break
from onduty_server.domain.rules.effects import agreement
from onduty_server.domain.rules.visible import is_open


class Step(NamedTuple):
    """One step. ``condition`` and ``effect`` say in words what ``when`` and ``do`` do, for the docs."""

    name: str
    condition: str
    effect: str
    reason: str
    when: Callable[[Draft], bool]
    do: Callable[[Draft], None]


# --- conditions -------------------------------------------------------------------------------------------------------


# Most changes end no call: every condition on what follows a last call asks that first, at hand.


def _over(draft: Draft) -> bool:
    """The last call ended, of somebody who is still there."""
    return draft.hung_up and not draft.calls and not draft.connection.lapsed


def _over_signed_in(draft: Draft) -> bool:
    return _over(draft) and draft.choice.status is not Status.OFFLINE


def _owes(draft: Draft) -> bool:
    return draft.hung_up and draft.owed is not None and not _interrupted_open_ended(draft) and _over_signed_in(draft)


def _interrupted_open_ended(draft: Draft) -> bool:
    return draft.interrupted is not None and draft.interrupted.left is None


def _resumes(draft: Draft) -> bool:
    return draft.hung_up and draft.wrap_up is None and draft.interrupted is not None and _over_signed_in(draft)


def _returns(draft: Draft) -> bool:
    return draft.hung_up and draft.wrap_up is None and _over_signed_in(draft)


def _signs_in_afterwards(draft: Draft) -> bool:
    return draft.hung_up and draft.next is not None and draft.choice.status is Status.OFFLINE and _over(draft)


def _signs_in_unattached(draft: Draft) -> bool:
    connection = draft.connection
    if not draft.policy.require_attachment or connection.attachments or connection.offline_at is not None:
        return False
    return draft.choice.status is not Status.OFFLINE and draft.before.choice.status is Status.OFFLINE


def _offline_has_more(draft: Draft) -> bool:
    more = draft.wrap_up is not None or draft.connection.offline_at is not None or draft.connection.lapsed
    return more and draft.choice.status is Status.OFFLINE


def _last_call_ended(draft: Draft) -> bool:
    return bool(draft.before.calls) and not draft.calls and draft.cause is not Cause.RESET


def _offer_is_closed(draft: Draft) -> bool:
    """Whether the status no longer opens what the offered call needs, or the person has begun a break while it rang."""
    offer = draft.offer
    if offer is None:
        return False
    status, before = draft.status(), draft.before.status
    paused = status is Status.ON_BREAK and before is not Status.ON_BREAK
    return paused or not is_open(status, offer.direction, draft.policy)


def _next_has_no_place(draft: Draft) -> bool:
    return draft.next is not None and draft.status() not in (Status.IN_LINE, Status.AFTER_CALL_WORK)


def _break_begins(draft: Draft) -> bool:
    return draft.choice is not draft.before.choice and (
        draft.choice.status is Status.ON_BREAK and draft.choice != draft.before.choice
    )


def _break_is_over(draft: Draft) -> bool:
    limited = draft.overdue or draft.break_ends_at is not None or bool(draft.breaks_left)
    return limited and draft.choice.status is not Status.ON_BREAK


def _grace_is_another(draft: Draft) -> bool:
    before, ends_at = draft.before, draft.connection.offline_at
    if ends_at is None or ends_at != before.connection.offline_at or draft.policy.disconnect_grace_on_break is None:
        return False
    return heads_for_break(draft.choice, draft.next) is not heads_for_break(before.choice, before.next)


# --- the steps --------------------------------------------------------------------------------------------------------

STEPS: Final = (
    Step(
        "interrupt",
        "a call is in progress and a wrap-up runs",
        "the wrap-up is put aside with what it has left",
        "first: all that follows takes a call and a wrap-up never to be there together",
        lambda draft: draft.wrap_up is not None and bool(draft.calls),
        agreement.interrupt,
    ),
    Step(
        "wrap up",
        "the last call ended, a call of the engagement owes a wrap-up, and no open-ended one was interrupted",
        "the wrap-up of the latest such call begins, not shorter than what an interrupted one had left",
        "before the return: who wraps up does not return yet",
        _owes,
        agreement.begin_wrap_up,
    ),
    Step(
        "resume",
        "the last call ended, and a wrap-up was interrupted that no other one replaced",
        "it goes on with what it had left; an open-ended one stays open-ended",
        "after a wrap-up that is owed, which includes what was left",
        _resumes,
        agreement.resume_wrap_up,
    ),
    Step(
        "return",
        "the last call ended and nothing is wrapped up",
        "the next choice applies, else the policy's return",
        "after the wrap-ups",
        _returns,
        agreement.leave_wrap_up,
    ),
    Step(
        "sign in afterwards",
        "the last call ended of somebody who chose OFFLINE, and a next choice is set",
        "the next choice applies",
        "after the return, which may have chosen OFFLINE itself",
        _signs_in_afterwards,
        agreement.take_next,
    ),
    Step(
        "sign out",
        "the grace ended in a call, and no call is in progress any more",
        "the choice becomes OFFLINE",
        "after all that a last call brings, and before what OFFLINE clears",
        lambda draft: draft.connection.lapsed and not draft.calls,
        agreement.sign_out,
    ),
    Step(
        "clear for OFFLINE",
        "the choice is OFFLINE",
        "there is no wrap-up and no grace",
        "once the choice is settled",
        _offline_has_more,
        agreement.clear_for_offline,
    ),
    Step(
        "expect a workspace",
        "somebody signs in, the policy requires a workspace and none is attached",
        "the grace begins",
        "once the choice is settled",
        _signs_in_unattached,
        Draft.grace_from_now,
    ),
    Step(
        "forget the engagement",
        "no call is in progress",
        "what was owed and what was interrupted is forgotten",
        "after the wrap-ups, which are made of it",
        lambda draft: not draft.calls and (draft.owed is not None or draft.interrupted is not None),
        agreement.forget_engagement,
    ),
    Step(
        "note the end of calls",
        "the last call ended, but by a reset",
        "its end is when the last call ended",
        "at any place: nothing here depends on it",
        _last_call_ended,
        agreement.note_end_of_calls,
    ),
    Step(
        "drop the next choice",
        "the status is neither IN_LINE nor AFTER_CALL_WORK",
        "there is no next choice",
        "from here on the visible status is settled",
        _next_has_no_place,
        agreement.drop_next,
    ),
    Step(
        "change the grace",
        "a grace runs on, and what is chosen became a break or is none any more",
        "it lasts as long as for a break, or no longer than the usual grace from now",
        "once choice and next choice are settled",
        _grace_is_another,
        agreement.change_grace,
    ),
    Step(
        "supersede the offer",
        "an offer is outstanding, and the status does not open what its direction needs or became a break",
        "the offer ends, without a miss",
        "it needs the visible status",
        _offer_is_closed,
        agreement.supersede_offer,
    ),
    Step(
        "begin the break",
        "the choice became a break, or a break with another reason",
        "its limit counts from now, that of a reason taken earlier in the same break from what it had left",
        "by the choice, not by the status: calls made in a break do not begin it anew",
        _break_begins,
        agreement.begin_break,
    ),
    Step(
        "end the break",
        "the choice is no break",
        "no limit runs and nothing is overdue",
        "the other half of the step before",
        _break_is_over,
        agreement.end_break,
    ),
    Step(
        "begin to wait",
        "the status became AVAILABLE",
        "the person waits for a call from now on",
        "it needs the visible status",
        lambda draft: draft.before.status is not Status.AVAILABLE and draft.status() is Status.AVAILABLE,
        agreement.begin_to_wait,
    ),
    Step(
        "wait no more",
        "the status is not AVAILABLE",
        "the person waits for no call",
        "the other half of the step before",
        lambda draft: draft.idle_since is not None and draft.status() is not Status.AVAILABLE,
        agreement.wait_no_more,
    ),
)
"""In the order in which they run."""


def agree(draft: Draft) -> None:
    """Make all regions agree with the one that was edited."""
    for _, _, _, _, when, do in STEPS:
        if when(draft):
            do(draft)
