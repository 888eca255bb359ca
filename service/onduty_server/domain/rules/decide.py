"""What comes of a command: the new state and its change, nothing, or a refusal. A pure function.

It must not hold a rule about who may do what when: that is ``transitions.TABLE``. Here are the effects.
"""

from collections.abc import Callable
from typing import Any, Final

from onduty_server.domain.model import commands as ask
from onduty_server.domain.model.errors import (
    BreakReasonDisabledError,
    BreakReasonUnknownError,
    FieldViolation,
    InvalidFieldsError,
    NotAssignableError,
    OfferGoneError,
    StaffSignedInError,
    TransitionRefusedError,
    WatchQuotaError,
)
from onduty_server.domain.model.policy import NO_ANSWER_REASON, BreakLimitAction, NoAnswerStatus, Policy, Rules
from onduty_server.domain.model.state import (
    AVAILABLE,
    OFFLINE,
    WORKSPACES_MOST,
    Change,
    Choice,
    Connection,
    Offer,
    StaffState,
    WrapUp,
)
from onduty_server.domain.model.status import (
    CHOOSABLE,
    Cause,
    Direction,
    Instant,
    OfferEnd,
    Status,
)
from onduty_server.domain.rules.deadlines import DeadlineKind, next_deadline
from onduty_server.domain.rules.requests import CHANGE_TO, Action, Cell, allowed, cell
from onduty_server.domain.rules.settle import Draft, settle
from onduty_server.domain.rules.visible import capabilities, visible_status

Decision = tuple[StaffState, Change] | None
"""The new state with its change, or None where the request is fine and changes nothing."""


def decide(state: StaffState, command: ask.Command, rules: Rules, now: Instant) -> Decision:
    """What comes of ``command`` in ``state`` under ``rules`` at ``now``.

    A deadline that has passed must have fired (``Expire``) before any other command is decided. The change takes effect at
    ``now``, or at the state's ``changed_at`` if the clock went back; a deadline's change at the deadline's own instant.

    Raises:
        CallerError: The command is refused; nothing changes.
    """
    at = max(now, state.changed_at)
    draft = Draft(state, command.origin, rules, at, at)
    _EFFECTS[type(command)](draft, command)
    return settle(draft)


def create(command: ask.CreateStaff, rules: Rules, now: Instant) -> tuple[StaffState, Change]:
    """A new staff member, OFFLINE from ``now``."""
    state = StaffState(
        staff_id=command.staff_id,
        display_name=command.display_name,
        skill_groups=command.skill_groups,
        status=Status.OFFLINE,
        status_since=now,
        changed_at=now,
        capabilities=capabilities(Status.OFFLINE, None, rules.policy),
    )
    change = Change(
        staff_id=command.staff_id,
        previous_status=None,
        previous_break_reason="",
        status=Status.OFFLINE,
        break_reason="",
        cause=Cause.ADMIN,
        actor=command.origin.actor,
        changed_at=now,
        recorded_at=now,
        request_id=command.origin.request_id,
        note=command.origin.note,
        created=True,
    )
    return state, change


def refusal(
    state: StaffState,
    requested: Action | None,
    rules: Rules,
    kind: type[TransitionRefusedError] = TransitionRefusedError,
    **fields: Any,
) -> TransitionRefusedError:
    """The refusal of ``requested`` in ``state``, with what is allowed instead; ``fields`` are those of ``kind``."""
    return kind(state, requested, allowed(state.status, state.offer, rules.policy), **fields)


# --- asked by staff ---------------------------------------------------------------------------------------------------


def _table(draft: Draft, action: Action) -> Cell:
    """The table's cell, raised as a refusal where it says so."""
    before = draft.before
    found = cell(action, before.status, before.offer, draft.policy)
    if found is Cell.REFUSED:
        kind = NotAssignableError if action is Action.CLAIM else TransitionRefusedError
        raise refusal(before, action, draft.rules, kind)
    return found


def _check_choice(choice: Choice, rules: Rules) -> None:
    """ON_BREAK needs a reason that exists and can be chosen; any other status refuses a reason."""
    if choice.status is not Status.ON_BREAK:
        if choice.break_reason:
            text = f"must be empty with {choice.status.name}: only ON_BREAK takes one"
            raise InvalidFieldsError((FieldViolation("break_reason", text),))
        return
    if not choice.break_reason:
        text = "must be given with ON_BREAK: ListBreakReasons tells which there are"
        raise InvalidFieldsError((FieldViolation("break_reason", text),))
    found = rules.break_reason(choice.break_reason)
    if found is None:
        raise BreakReasonUnknownError(choice.break_reason)
    if not found.enabled or found.built_in:
        raise BreakReasonDisabledError(choice.break_reason)


def _change_status(draft: Draft, command: ask.ChangeStatus) -> None:
    if command.choice.status not in CHOOSABLE:
        _table(draft, CHANGE_TO[command.choice.status])
    _check_choice(command.choice, draft.rules)
    found = _table(draft, CHANGE_TO[command.choice.status])
    if found is Cell.UNCHANGED:
        return
    if found is Cell.CHOOSE_UNLESS_SAME_REASON and command.choice == draft.choice:
        return
    _choose(draft, command.choice)
    if command.choice.status is Status.AVAILABLE:
        draft.misses = 0


def _choose(draft: Draft, choice: Choice) -> None:
    draft.choice = choice
    draft.wrap_up = None
    draft.next = None


def _back_to_reception(draft: Draft, _command: ask.BackToReception) -> None:
    _table(draft, Action.BACK_TO_RECEPTION)
    draft.call_id = draft.wrap_up.call_id if draft.wrap_up else ""
    _choose(draft, AVAILABLE)
    draft.misses = 0


def _continue_after_call_work(draft: Draft, _command: ask.ContinueAfterCallWork) -> None:
    _table(draft, Action.CONTINUE_AFTER_CALL_WORK)
    wrap_up = draft.wrap_up
    assert wrap_up is not None, "AFTER_CALL_WORK has a wrap-up"
    draft.call_id = wrap_up.call_id
    if wrap_up.ends_at is None:
        return
    cap = draft.policy.wrap_up_cap
    capped_at = Instant(max(wrap_up.since + cap, wrap_up.ends_at)) if cap else None
    draft.wrap_up = WrapUp(wrap_up.call_id, wrap_up.since, None, capped_at)


def _set_next_status(draft: Draft, command: ask.SetNextStatus) -> None:
    if command.choice.status not in CHOOSABLE:
        raise refusal(draft.before, CHANGE_TO[command.choice.status], draft.rules)
    _check_choice(command.choice, draft.rules)
    _table(draft, Action.SET_NEXT_STATUS)
    draft.next = command.choice


def _clear_next_status(draft: Draft, _command: ask.ClearNextStatus) -> None:
    _table(draft, Action.CLEAR_NEXT_STATUS)
    draft.next = None


def _place_call(draft: Draft, command: ask.PlaceCall) -> None:
    _table(draft, Action.PLACE_CALL)
    draft.cause = Cause.CALL_PLACED
    draft.call_id = command.call_id
    draft.start_call(command.call_id, command.direction, command.source)


# --- offers -----------------------------------------------------------------------------------------------------------


def _claim(draft: Draft, command: ask.Claim) -> None:
    _table(draft, Action.CLAIM)
    ttl = draft.policy.claim_ttl if command.ttl is None else command.ttl
    expires_at = Instant(draft.at + ttl)
    draft.cause = Cause.CLAIM
    draft.call_id = command.call_id
    draft.claim_id = command.claim_id
    draft.offer = Offer(command.claim_id, command.call_id, draft.at, expires_at, command.direction, command.source)


def _offer_for(draft: Draft, claim_id: str) -> Offer:
    """The outstanding offer of this claim, or the refusal that it is gone."""
    if draft.offer is None or draft.offer.claim_id != claim_id:
        raise refusal(draft.before, None, draft.rules, OfferGoneError, claim_id=claim_id)
    return draft.offer


def _accept_offer(draft: Draft, command: ask.AcceptOffer) -> None:
    if any(call.claim_id == command.claim_id for call in draft.calls):
        return
    offer = _offer_for(draft, command.claim_id)
    draft.cause = Cause.OFFER_ACCEPTED
    draft.call_id = offer.call_id
    _answer(draft, offer.direction, offer.source)


def _answer(draft: Draft, direction: Direction, source: str, occurred_at: Instant | None = None) -> None:
    """The offered call is answered: it starts, and the misses are forgotten."""
    offer = draft.end_offer(OfferEnd.ACCEPTED)
    draft.start_call(offer.call_id, direction, source, occurred_at=occurred_at, claim_id=offer.claim_id)
    draft.misses = 0


def _decline_offer(draft: Draft, command: ask.DeclineOffer) -> None:
    offer = _offer_for(draft, command.claim_id)
    draft.cause = Cause.OFFER_DECLINED
    draft.call_id = offer.call_id
    draft.end_offer(OfferEnd.DECLINED)
    _miss(draft)


def _miss(draft: Draft) -> None:
    """Count a miss; after the policy's number in a row its status applies. Waiting starts anew either way.

    Waiting anew puts the person last in the line of the longest idle, so that a caller is not offered to the same silent
    person again and again.
    """
    draft.misses += 1
    draft.idle_since = draft.at
    if draft.misses < draft.policy.no_answer_misses:
        return
    if draft.policy.no_answer_status is NoAnswerStatus.ON_BREAK:
        draft.choice = Choice(Status.ON_BREAK, NO_ANSWER_REASON)
    elif draft.policy.no_answer_status is NoAnswerStatus.BUSY:
        draft.choice = Choice(Status.BUSY)


def _withdraw_claim(draft: Draft, command: ask.WithdrawClaim) -> None:
    if draft.offer is None or draft.offer.claim_id != command.claim_id:
        return
    draft.cause = Cause.CLAIM_WITHDRAWN
    draft.call_id = draft.offer.call_id
    draft.end_offer(OfferEnd.WITHDRAWN)


# --- facts ------------------------------------------------------------------------------------------------------------


def _call_started(draft: Draft, command: ask.CallStarted) -> None:
    call = command.call
    draft.cause = Cause.CALL_STARTED
    draft.call_id = call.call_id
    draft.occurred_at = call.occurred_at
    if draft.calls and any(known.call_id == call.call_id for known in draft.calls):
        _adopt(draft, call, command.source)
    elif draft.offer is not None and draft.offer.call_id == call.call_id:
        _answer(draft, call.direction, command.source or draft.offer.source, call.occurred_at)
    elif not _ended_before(draft, call):
        _start_reported(draft, call, command.source)


def _adopt(draft: Draft, call: ask.SourceCall, source: str) -> None:
    """A known call takes what it lacks, source and the source's instant, from its own source's facts; the rest stays."""
    draft.calls = tuple(
        known.told(source, call.occurred_at)
        if known.call_id == call.call_id and (not known.source or source in ("", known.source))
        else known
        for known in draft.calls
    )


def _ended_before(draft: Draft, call: ask.SourceCall) -> bool:
    """Whether the report is a late one of a call that has ended; one that began after that end is a new call."""
    ended_at = draft.ended_calls.ended_at(call.call_id)
    return ended_at is not None and (call.occurred_at is None or call.occurred_at <= ended_at)


def _start_reported(draft: Draft, call: ask.SourceCall, source: str) -> None:
    status = visible_status(draft.choice, draft.calls, draft.wrap_up)
    may = capabilities(status, draft.offer, draft.policy)
    match call.direction:
        case Direction.INBOUND:
            regular = may.assign_inbound
        case Direction.OUTBOUND:
            regular = may.dial_out
        case Direction.INTERNAL | Direction.TRANSFER:
            regular = may.internal_calls
    draft.start_call(call.call_id, call.direction, source, irregular=not regular, occurred_at=call.occurred_at)
    if call.direction in (Direction.INBOUND, Direction.TRANSFER):
        draft.misses = 0


def _call_ended(draft: Draft, command: ask.CallEnded) -> None:
    draft.cause = Cause.CALL_ENDED
    draft.call_id = command.call_id
    draft.occurred_at = command.occurred_at
    for call in draft.calls:
        if call.call_id == command.call_id:
            draft.end_call(call)
            return
    if draft.offer is not None and draft.offer.call_id == command.call_id:
        draft.end_offer(OfferEnd.WITHDRAWN)


def _reconcile_calls(draft: Draft, command: ask.ReconcileCalls) -> None:
    """The source's other calls end, missing ones start; what follows a last call follows once, at the end."""
    draft.cause = Cause.RECONCILE
    told = {call.call_id for call in command.calls}
    gone = [call for call in draft.calls if call.source == command.source and call.call_id not in told]
    for call in gone:
        draft.drop_call(call)
    for told_call in command.calls:
        if any(known.call_id == told_call.call_id for known in draft.calls):
            _adopt(draft, told_call, command.source)
        elif draft.offer is not None and draft.offer.call_id == told_call.call_id:
            _answer(draft, told_call.direction, command.source, told_call.occurred_at)
        else:
            _start_reported(draft, told_call, command.source)
    if gone and not draft.calls:
        draft.after_last_call(gone[-1])


# --- supervisors and administrators -----------------------------------------------------------------------------------


def _force_status(draft: Draft, command: ask.ForceStatus) -> None:
    draft.cause = Cause.SUPERVISOR
    if command.choice.status not in CHOOSABLE:
        raise refusal(draft.before, CHANGE_TO[command.choice.status], draft.rules)
    _check_choice(command.choice, draft.rules)
    if draft.calls and not command.immediately:
        draft.next = command.choice
        return
    for call in draft.calls:
        draft.drop_call(call)
    _choose(draft, command.choice)


def _reset(draft: Draft, _command: ask.Reset) -> None:
    draft.cause = Cause.RESET
    for call in draft.calls:
        draft.drop_call(call)
    if draft.offer is not None:
        draft.end_offer(OfferEnd.SUPERSEDED)
    draft.wrap_up = None
    draft.next = None
    draft.misses = 0


def _update_staff(draft: Draft, command: ask.UpdateStaff) -> None:
    draft.cause = Cause.ADMIN
    if command.display_name is not None:
        draft.display_name = command.display_name
    if command.skill_groups is not None:
        draft.skill_groups = command.skill_groups


def _delete_staff(draft: Draft, _command: ask.DeleteStaff) -> None:
    draft.cause = Cause.ADMIN
    if draft.before.status is not Status.OFFLINE:
        raise refusal(draft.before, None, draft.rules, StaffSignedInError)
    draft.deleted = True
    draft.connection = Connection()


def policy_concerns(state: StaffState, policy: Policy) -> bool:
    """Whether ``ApplyPolicy`` under this policy would change the state: other capabilities, or a grace that must begin."""
    return capabilities(state.status, state.offer, policy) != state.capabilities or _must_attach(state, policy)


def _must_attach(state: StaffState, policy: Policy) -> bool:
    if not policy.require_attachment or state.choice.status is Status.OFFLINE:
        return False
    connection = state.connection
    return not connection.attachments and connection.offline_at is None and not connection.lapsed


def _apply_policy(draft: Draft, _command: ask.ApplyPolicy) -> None:
    draft.cause = Cause.POLICY
    if _must_attach(draft.before, draft.policy):
        draft.grace_from_now()


# --- connection -------------------------------------------------------------------------------------------------------


def _attach(draft: Draft, command: ask.Attach) -> None:
    if len(draft.connection.attachments) >= WORKSPACES_MOST:
        raise WatchQuotaError(WORKSPACES_MOST)
    draft.cause = Cause.ATTACHED
    draft.connection = Connection((*draft.connection.attachments, command.attachment))


def _detach(draft: Draft, command: ask.Detach) -> None:
    draft.cause = Cause.DETACHED
    had = draft.connection.attachments
    left = tuple(
        one
        for one in had
        if one.instance_id != command.instance_id or (command.attachment_id and one.attachment_id != command.attachment_id)
    )
    if len(left) == len(had):
        return
    draft.connection = Connection(left, draft.connection.offline_at, draft.connection.lapsed)
    if not left and draft.choice.status is not Status.OFFLINE:
        draft.grace_from_now()


# --- deadlines --------------------------------------------------------------------------------------------------------


def _expire(draft: Draft, _command: ask.Expire) -> None:
    """The first deadline that has passed fires, at its own instant."""
    due = next_deadline(draft.before)
    if due is None or due.at > draft.at:
        return
    draft.at = Instant(max(due.at, draft.before.changed_at))
    match due.kind:
        case DeadlineKind.OFFER:
            draft.cause = Cause.NO_ANSWER
            draft.call_id = draft.end_offer(OfferEnd.EXPIRED).call_id
            _miss(draft)
        case DeadlineKind.CALL_AGE:
            draft.cause = Cause.CALL_AGE
            draft.call_id = due.subject
            draft.end_call(next(call for call in draft.calls if call.call_id == due.subject))
        case DeadlineKind.WRAP_UP:
            draft.cause = Cause.WRAP_UP_ENDED
            draft.call_id = draft.wrap_up.call_id if draft.wrap_up else ""
            draft.finish_wrap_up()
        case DeadlineKind.GRACE:
            draft.cause = Cause.DISCONNECTED
            draft.connection = Connection(draft.connection.attachments, None, lapsed=True)
        case DeadlineKind.BREAK_LIMIT:
            draft.cause = Cause.BREAK_LIMIT
            draft.break_ends_at = None
            draft.overdue = True
            if draft.policy.break_limit_action is BreakLimitAction.OFFLINE:
                draft.choice = OFFLINE


_EFFECTS: Final[dict[type, Callable[[Draft, Any], None]]] = {
    ask.ChangeStatus: _change_status,
    ask.BackToReception: _back_to_reception,
    ask.ContinueAfterCallWork: _continue_after_call_work,
    ask.SetNextStatus: _set_next_status,
    ask.ClearNextStatus: _clear_next_status,
    ask.PlaceCall: _place_call,
    ask.Claim: _claim,
    ask.AcceptOffer: _accept_offer,
    ask.DeclineOffer: _decline_offer,
    ask.WithdrawClaim: _withdraw_claim,
    ask.CallStarted: _call_started,
    ask.CallEnded: _call_ended,
    ask.ReconcileCalls: _reconcile_calls,
    ask.ForceStatus: _force_status,
    ask.Reset: _reset,
    ask.Attach: _attach,
    ask.Detach: _detach,
    ask.Expire: _expire,
    ask.ApplyPolicy: _apply_policy,
    ask.UpdateStaff: _update_staff,
    ask.DeleteStaff: _delete_staff,
}
"""The effect of every command; a test holds it complete."""
