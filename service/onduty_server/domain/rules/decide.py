"""What comes of a command: the new state and its change, nothing, or a refusal. A pure function.

It has no rule: it finds the effect of the command, which looks up what the tables say, and makes the regions agree.
"""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change, ChangeKind
from onduty_server.domain.model.policy import Rules
from onduty_server.domain.model.state import UNCONNECTED, StaffState
from onduty_server.domain.model.status import Cause, FactOutcome, Instant, Status
from onduty_server.domain.rules.agreeing import agree
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.effects import connection, deadlines, facts, offers, requests, supervision
from onduty_server.domain.rules.facts import OUTCOMES, TABLE, Fact, FactCell
from onduty_server.domain.rules.knowledge import Told, known
from onduty_server.domain.rules.visible import capabilities

Decision = tuple[StaffState, Change] | None
"""The new state with its change, or None where the request is fine and changes nothing."""

_content = attrgetter(*(field.name for field in fields(StaffState) if field.name != "changed_at"))
"""All of a state but when it became so."""


def decide(state: StaffState, command: commands.Command, rules: Rules, now: Instant) -> Decision:
    """What comes of ``command`` in ``state`` under ``rules`` at ``now``.

    A deadline that has passed must have fired (``Expire``) before any other command is decided. The change takes effect at
    ``now``, or at the state's ``changed_at`` if the clock went back; lengths of time count from ``now`` either way. A
    deadline's change takes effect, and what it begins counts, from the deadline's own instant.

    Raises:
        CallerError: The command is refused; nothing changes.
    """
    draft = Draft(state, command.origin, rules, now)
    EFFECTS[type(command)](draft, command)
    agree(draft)
    after = draft.state()
    if not draft.is_moved and _content(after) == _content(state):
        return None
    return after, draft.change(after)


def fact_outcome(
    state: StaffState, command: commands.CallStarted | commands.CallEnded, rules: Rules, now: Instant
) -> FactOutcome:
    """What the teller of a fact is told: that ``decide`` applies it, or why it does not."""
    draft = Draft(state, command.origin, rules, now)
    if isinstance(command, commands.CallEnded):
        told = Told(command.call_id, command.source, command.leg, command.occurred_at)
        return OUTCOMES[TABLE[Fact.ENDED][known(draft, Fact.ENDED, told).known]]
    told = facts.told_of(command.call, command.source)
    knowledge = known(draft, Fact.STARTED, told)
    cell = TABLE[Fact.STARTED][knowledge.known]
    report = facts.Report(told, (), command.call.direction, command.call.on_hold, command.call.answered)
    if cell is FactCell.CONFIRM and all(facts.informed(call, report) == call for call in knowledge.calls):
        return FactOutcome.REPEATED
    return OUTCOMES[cell]


def list_outcomes(
    state: StaffState, command: commands.ReconcileCalls, rules: Rules, now: Instant
) -> list[tuple[commands.SourceCall, FactOutcome]]:
    """The calls of a list that ``decide`` does not take, with why."""
    draft = Draft(state, command.origin, rules, now)
    cells = facts.reconcile_calls(draft, command)
    outcomes = [(call, OUTCOMES[cell]) for call, cell in zip(command.calls, cells, strict=True)]
    return [(call, outcome) for call, outcome in outcomes if outcome is not FactOutcome.APPLIED]


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
        kind=ChangeKind.CREATED,
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
    commands.CallStarted: facts.call_started,
    commands.CallEnded: facts.call_ended,
    commands.ReconcileCalls: facts.reconcile_calls,
    commands.ForceStatus: supervision.force_status,
    commands.Reset: supervision.reset,
    commands.Attach: connection.attach,
    commands.Detach: connection.detach,
    commands.Expire: deadlines.expire,
    commands.ApplyPolicy: supervision.apply_policy,
    commands.UpdateStaff: supervision.update_staff,
    commands.DeleteStaff: supervision.delete_staff,
}
"""The effect of every command; a test holds it complete."""
