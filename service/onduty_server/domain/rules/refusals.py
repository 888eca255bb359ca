"""Refusals: the table's no as an error that says what is allowed instead, and choices that no status would allow."""

from typing import Any

from onduty_server.domain.model.errors import (
    BreakReasonDisabledError,
    BreakReasonUnknownError,
    FieldViolation,
    InvalidFieldsError,
    NotAssignableError,
    TransitionRefusedError,
)
from onduty_server.domain.model.policy import Rules
from onduty_server.domain.model.state import Choice, StaffState
from onduty_server.domain.model.status import Action, Direction, Status
from onduty_server.domain.rules.assigning import bar
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.requests import CHANGE_TO, PLACED, Cell, allowed, cell
from onduty_server.domain.rules.visible import is_open


def refusal(
    state: StaffState,
    requested: Action | None,
    rules: Rules,
    kind: type[TransitionRefusedError] = TransitionRefusedError,
    **fields: Any,
) -> TransitionRefusedError:
    """The refusal of ``requested`` in ``state``, with what is allowed instead; ``fields`` are those of ``kind``."""
    return kind(state, requested, allowed(state, rules.policy), **fields)


def granted(draft: Draft, action: Action) -> Cell:
    """The cell of the table of requests.

    Raises:
        TransitionRefusedError: The table refuses the action.
    """
    found = cell(action, draft.before, draft.policy)
    if found is Cell.REFUSED:
        raise refusal(draft.before, action, draft.rules)
    return found


def placed(draft: Draft, direction: Direction) -> Cell:
    """The cell of the table of requests for a call that is placed by hand.

    Raises:
        TransitionRefusedError: The table refuses it, or calls of this direction.
    """
    found = granted(draft, Action.PLACE_CALL)
    if direction not in PLACED[found]:
        only = " or ".join(one.name for one in sorted(PLACED[found]))
        raise refusal(draft.before, Action.PLACE_CALL, draft.rules, only=only)
    return found


def check_open(draft: Draft, direction: Direction) -> None:
    """Refuse a claim of somebody to whom calls of this direction are not open.

    Raises:
        NotAssignableError: The status does not open them, or something bars every call.
    """
    state = draft.before
    barred = bar(state.offer, state.connection, state.hold_off)
    if barred is not None or not is_open(state.status, direction, draft.policy):
        words = barred.words if barred is not None else ""
        raise refusal(state, Action.CLAIM, draft.rules, NotAssignableError, direction=direction, barred=words)


def refuse_system_status(draft: Draft, choice: Choice) -> None:
    """Refuse a choice of IN_LINE or AFTER_CALL_WORK: that goes before any fault in its reason."""
    if choice.status in (Status.IN_LINE, Status.AFTER_CALL_WORK):
        raise refusal(draft.before, CHANGE_TO[choice.status], draft.rules)


def reason_fault(choice: Choice) -> FieldViolation | None:
    """What is wrong with a choice's reason, whatever the catalogue has: a break has one, no other status has."""
    if choice.status is not Status.ON_BREAK and choice.break_reason:
        return FieldViolation("choice.break_reason", f"must be empty with {choice.status.name}: only ON_BREAK takes one")
    if choice.status is Status.ON_BREAK and not choice.break_reason:
        return FieldViolation("choice.break_reason", "must be given with ON_BREAK: ListBreakReasons tells which there are")
    return None


def check_reason(choice: Choice, rules: Rules) -> None:
    """ON_BREAK needs a reason that exists and can be chosen; any other status refuses a reason."""
    fault = reason_fault(choice)
    if fault is not None:
        raise InvalidFieldsError((fault,))
    if choice.status is not Status.ON_BREAK:
        return
    found = rules.break_reason(choice.break_reason)
    if found is None:
        raise BreakReasonUnknownError(choice.break_reason)
    if not found.enabled or found.built_in:
        raise BreakReasonDisabledError(choice.break_reason)
