"""What staff ask for themselves, once the table of requests has granted it."""

from onduty_server.domain.model import commands
from onduty_server.domain.model.state import AVAILABLE, WrapUp
from onduty_server.domain.model.status import Action, Cause, Instant, Status
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.knowledge import ReportedLeg, matching
from onduty_server.domain.rules.refusals import check_reason, granted, placed, refuse_system_status
from onduty_server.domain.rules.requests import CHANGE_TO, Cell


def change_status(draft: Draft, command: commands.ChangeStatus) -> None:
    """The choice becomes what is asked; choosing AVAILABLE forgives misses and what they held off."""
    refuse_system_status(draft, command.choice)
    check_reason(command.choice, draft.rules)
    found = granted(draft, CHANGE_TO[command.choice.status])
    same_reason = found is Cell.CHOOSE_UNLESS_SAME_REASON and command.choice == draft.choice
    if found is Cell.UNCHANGED or same_reason:
        return
    draft.choose(command.choice)
    if command.choice.status is Status.AVAILABLE:
        draft.forgive()


def back_to_reception(draft: Draft, _command: commands.BackToReception) -> None:
    """The wrap-up ends, the choice becomes AVAILABLE."""
    granted(draft, Action.BACK_TO_RECEPTION)
    draft.call_id = draft.wrap_up.call_id if draft.wrap_up else ""
    draft.choose(AVAILABLE)
    draft.forgive()


def continue_after_call_work(draft: Draft, _command: commands.ContinueAfterCallWork) -> None:
    """The countdown stops; the cap, where the policy has one, counts from the wrap-up's beginning."""
    granted(draft, Action.CONTINUE_AFTER_CALL_WORK)
    wrap_up = draft.wrap_up
    assert wrap_up is not None, "AFTER_CALL_WORK has a wrap-up"
    draft.call_id = wrap_up.call_id
    if wrap_up.ends_at is None:
        return
    cap = draft.policy.wrap_up_cap
    capped_at = Instant(max(wrap_up.since + cap, wrap_up.ends_at)) if cap else None
    draft.wrap_up = WrapUp(wrap_up.call_id, wrap_up.since, None, capped_at)


def set_next_status(draft: Draft, command: commands.SetNextStatus) -> None:
    """The next choice is noted."""
    refuse_system_status(draft, command.choice)
    check_reason(command.choice, draft.rules)
    granted(draft, Action.SET_NEXT_STATUS)
    draft.next = command.choice


def clear_next_status(draft: Draft, _command: commands.ClearNextStatus) -> None:
    """The next choice is taken back."""
    granted(draft, Action.CLEAR_NEXT_STATUS)
    draft.next = None


def place_call(draft: Draft, command: commands.PlaceCall) -> None:
    """A call dialled by hand starts. One that is in progress already changes nothing."""
    placed(draft, command.direction)
    if matching(draft.calls, ReportedLeg(command.call_id, command.source, "", None)):
        return
    draft.cause = Cause.CALL_PLACED
    draft.call_id = command.call_id
    draft.start_call(command.call_id, command.direction, command.source)
