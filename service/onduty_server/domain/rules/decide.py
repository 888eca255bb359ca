"""What comes of a command: the new state and its change, nothing, or a refusal. A pure function.

It has no rule: it finds the effect of the command, which looks up what the tables say, and makes the regions agree.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, Final, NamedTuple

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change, ChangeKind
from onduty_server.domain.model.policy import Rules
from onduty_server.domain.model.state import UNCONNECTED, StaffState
from onduty_server.domain.model.status import Cause, FactOutcome, Instant, Status
from onduty_server.domain.rules.agreeing import agree
from onduty_server.domain.rules.draft import UNTOUCHED, Draft
from onduty_server.domain.rules.effects import clock, connection, deadlines, facts, offers, requests, supervision
from onduty_server.domain.rules.visible import capabilities


class Decision(NamedTuple):
    """What came of a command: the state, the change that led to it, and what the tellers of facts are told, in their order.

    ``change`` is None where the request is fine and changes nothing that anybody sees. The state is the one before then, or
    remembers more ended legs than that.
    """

    state: StaffState
    change: Change | None
    outcomes: Sequence[FactOutcome] = ()


_seen = attrgetter(*(field.name for field in fields(StaffState) if field.name not in ("changed_at", "ended_legs")))
"""All of a state that somebody sees, but for when it became so."""


def decide(state: StaffState, command: commands.Command, rules: Rules, now: Instant) -> Decision:
    """What comes of ``command`` in ``state`` under ``rules`` at ``now``.

    A deadline that has passed must have fired (``Expire``) before any other command is decided. The change takes effect at
    ``now``, or at the state's ``changed_at`` if the clock went back; lengths of time count from ``now`` either way. A
    deadline's change takes effect, and what it begins counts, from the deadline's own instant.

    Raises:
        CallerError: The command is refused; nothing changes.
    """
    draft = Draft(state, command.origin, rules, now)
    if EFFECTS[type(command)](draft, command) is UNTOUCHED:
        return Decision(state, None, draft.outcomes)
    agree(draft)
    after = draft.state()
    if draft.is_moved or _seen(after) != _seen(state):
        return Decision(after, draft.change(after), draft.outcomes)
    if draft.ended_legs is not state.ended_legs:
        return Decision(replace(state, ended_legs=draft.ended_legs), None, draft.outcomes)
    return Decision(state, None, draft.outcomes)


def create(command: commands.CreateStaff, rules: Rules, now: Instant) -> tuple[StaffState, Change]:
    """A new staff member, OFFLINE from ``now``."""
    state = StaffState(
        staff_id=command.staff_id,
        display_name=command.display_name,
        skill_groups=command.skill_groups,
        status=Status.OFFLINE,
        status_since=now,
        changed_at=now,
        capabilities=capabilities(Status.OFFLINE, None, UNCONNECTED, rules.policy),
        person_id=command.person_id,
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
        skill_groups_before=() if command.skill_groups else None,
        skill_groups_after=command.skill_groups or None,
        kind=ChangeKind.CREATED,
        person_id=command.person_id,
    )
    return state, change


EFFECTS: Final[dict[type, Callable[[Draft, Any], object]]] = {
    commands.ChangeStatus: requests.change_status,
    commands.BackToReception: requests.back_to_reception,
    commands.ContinueAfterCallWork: requests.continue_after_call_work,
    commands.SetNextStatus: requests.set_next_status,
    commands.ClearNextStatus: requests.clear_next_status,
    commands.PlaceCall: requests.place_call,
    commands.Claim: offers.claim,
    commands.AcceptOffer: offers.accept_offer,
    commands.DeclineOffer: offers.decline_offer,
    commands.WithdrawClaim: offers.withdraw_claim,
    commands.AnsweredElsewhere: offers.answered_elsewhere,
    commands.CallStarted: facts.call_started,
    commands.CallEnded: facts.call_ended,
    commands.ReconcileCalls: facts.reconcile_calls,
    commands.ForceStatus: supervision.force_status,
    commands.Reset: supervision.reset,
    commands.Attach: connection.attach,
    commands.Detach: connection.detach,
    commands.RenewGrace: connection.renew_grace,
    commands.Expire: deadlines.expire,
    commands.ShiftInstants: clock.shift_instants,
    commands.ApplyPolicy: supervision.apply_policy,
    commands.UpdateStaff: supervision.update_staff,
    commands.DeleteStaff: supervision.delete_staff,
}
"""The effect of every command; a test holds it complete."""
