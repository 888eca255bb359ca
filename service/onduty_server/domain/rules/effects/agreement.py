"""What makes the regions agree: the effects of ``agreeing.STEPS``."""

from dataclasses import replace

from onduty_server.domain.model.policy import ReturnTo
from onduty_server.domain.model.state import (
    AVAILABLE,
    BREAKS_LEFT_MOST,
    OFFLINE,
    BreakLeft,
    Connection,
    InterruptedWrapUp,
    WrapUp,
)
from onduty_server.domain.model.status import Instant, Micros, OfferEnd
from onduty_server.domain.rules.draft import Draft, heads_for_break


def interrupt(draft: Draft) -> None:
    """The running wrap-up is put aside with what it has left."""
    wrap_up = draft.wrap_up
    assert wrap_up is not None, "a wrap-up is interrupted"
    draft.interrupted = InterruptedWrapUp(wrap_up.call_id, _left(draft, wrap_up.ends_at), _left(draft, wrap_up.capped_at))
    draft.wrap_up = None


def _left(draft: Draft, until: Instant | None) -> Micros | None:
    return None if until is None else Micros(max(until - draft.now, 0))


def begin_wrap_up(draft: Draft) -> None:
    """The wrap-up that is owed begins, not shorter than what an interrupted one had left."""
    owed, interrupted = draft.owed, draft.interrupted
    assert owed is not None, "a wrap-up is owed"
    left = interrupted.left if interrupted is not None and interrupted.left is not None else Micros(0)
    countdown = max(draft.policy.wrap_up_countdown, left)
    draft.wrap_up = WrapUp(owed.call_id, draft.now, draft.after(countdown))


def resume_wrap_up(draft: Draft) -> None:
    """The interrupted wrap-up goes on with what it had left."""
    interrupted = draft.interrupted
    assert interrupted is not None, "a wrap-up was interrupted"
    ends_at = None if interrupted.left is None else draft.after(interrupted.left)
    capped_at = None if interrupted.cap_left is None else draft.after(interrupted.cap_left)
    draft.wrap_up = WrapUp(interrupted.call_id, draft.now, ends_at, capped_at)


def leave_wrap_up(draft: Draft) -> None:
    """The next choice if one is set, else the policy's return."""
    draft.wrap_up = None
    if draft.next is not None:
        draft.choice = draft.next
    elif draft.policy.return_to is ReturnTo.AVAILABLE:
        draft.choice = AVAILABLE
    draft.next = None


def take_next(draft: Draft) -> None:
    """The next choice applies."""
    assert draft.next is not None, "a next choice is set"
    draft.choice, draft.next = draft.next, None


def sign_out(draft: Draft) -> None:
    """The choice becomes OFFLINE."""
    draft.choice = OFFLINE


def clear_for_offline(draft: Draft) -> None:
    """OFFLINE has no wrap-up and no grace."""
    draft.wrap_up = None
    draft.connection = Connection(draft.connection.attachments)


def forget_engagement(draft: Draft) -> None:
    """What was owed and what was interrupted is forgotten."""
    draft.owed = draft.interrupted = None


def drop_next(draft: Draft) -> None:
    """There is no next choice."""
    draft.next = None


def note_end_of_calls(draft: Draft) -> None:
    """The last call ended now."""
    draft.last_call_ended_at = draft.now


def supersede_offer(draft: Draft) -> None:
    """The offer ends without a miss."""
    draft.end_offer(OfferEnd.SUPERSEDED)


def change_grace(draft: Draft) -> None:
    """A grace that runs on becomes that of a break, counted from its beginning, or at most the usual one from now."""
    ends_at, began_at, policy = draft.connection.offline_at, draft.connection.grace_began_at, draft.policy
    assert ends_at is not None, "a grace runs"
    assert began_at is not None, "it has begun"
    if heads_for_break(draft.choice, draft.next):
        ends_at = Instant(began_at + policy.grace(on_break=True))
    else:
        ends_at = min(ends_at, draft.after(policy.disconnect_grace))
    draft.connection = replace(draft.connection, offline_at=ends_at)


def begin_break(draft: Draft) -> None:
    """The break's limit counts from now; a reason taken earlier in the same break has what it had left."""
    code = draft.choice.break_reason
    left = _breaks_left(draft)
    reason = draft.rules.break_reason(code)
    limit = reason.limit if reason is not None else Micros(0)
    draft.break_ends_at = draft.after(min(left.pop(code, limit), limit)) if limit else None
    draft.overdue = False
    draft.breaks_left = tuple([BreakLeft(*one) for one in left.items()][-BREAKS_LEFT_MOST:])


def _breaks_left(draft: Draft) -> dict[str, Micros]:
    """What each reason of the break has left, the one that is left now included, the last one last."""
    left = {one.break_reason: one.left for one in draft.breaks_left}
    if draft.overdue or draft.break_ends_at is not None:
        left[draft.before.choice.break_reason] = Micros(0) if draft.overdue else _left(draft, draft.break_ends_at) or Micros(0)
    return left


def end_break(draft: Draft) -> None:
    """No limit runs, nothing is overdue."""
    draft.break_ends_at = None
    draft.overdue = False
    draft.breaks_left = ()


def begin_to_wait(draft: Draft) -> None:
    """The person waits for a call from now on."""
    draft.idle_since = draft.now


def wait_no_more(draft: Draft) -> None:
    """The person waits for no call."""
    draft.idle_since = None
