"""What must hold whatever happens: random commands, clocks and policies for several people, checked after every step.

Deadlines that have passed fire before each command, as the engine fires them. The search is the same in every run;
``ONDUTY_SEARCH=5000`` looks further, with so many random runs.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest
from domain_builders import BY_ADMIN, BY_ROUTER, BY_STAFF, BY_SUPERVISOR, T0, chosen, workspace
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from quick import examples
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change, ChangeKind
from onduty_server.domain.model.commands import Command
from onduty_server.domain.model.ended_legs import LEGS_KEPT
from onduty_server.domain.model.errors import CallerError, TransitionRefusedError
from onduty_server.domain.model.policy import (
    ALL_DIRECTIONS,
    BreakLimitAction,
    BreakReason,
    NoAnswerStatus,
    Policy,
    ReturnTo,
    Rules,
)
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import CALLS_MOST, WORKSPACES_MOST, StaffState
from onduty_server.domain.model.status import CHOOSABLE, Direction, Instant, Status, WithdrawReason, seconds
from onduty_server.domain.rules.deadlines import AT_ONCE, Deadline, DeadlineKind, deadlines, next_deadline
from onduty_server.domain.rules.decide import create, decide
from onduty_server.domain.rules.effects.supervision import policy_concerns
from onduty_server.domain.rules.visible import capabilities, is_open, visible_status

SEARCH = int(os.environ.get("ONDUTY_SEARCH", "0"))
NAMES = ("ada", "bob")
SOURCES = ("", "pbx", "other")
NEVER_REFUSED = (
    commands.CallStarted,
    commands.CallEnded,
    commands.ReconcileCalls,
    commands.WithdrawClaim,
    commands.AnsweredElsewhere,
    commands.Detach,
    commands.Reset,
    commands.UpdateStaff,
    commands.ApplyPolicy,
    commands.Expire,
)
"""Facts, repairs and the service's own commands."""

SAME_AGAIN = (
    commands.ChangeStatus,
    commands.ContinueAfterCallWork,
    commands.SetNextStatus,
    commands.ClearNextStatus,
    commands.AcceptOffer,
    commands.WithdrawClaim,
    commands.AnsweredElsewhere,
    commands.CallStarted,
    commands.CallEnded,
    commands.ReconcileCalls,
    commands.Detach,
    commands.Reset,
    commands.UpdateStaff,
    commands.DeleteStaff,
    commands.ApplyPolicy,
)
"""Commands that change nothing when they are given again at once."""

# --- what may happen --------------------------------------------------------------------------------------------------

who = st.sampled_from(NAMES)
call_ids = st.sampled_from([f"c{number}" for number in range(5)])
claim_ids = st.sampled_from(["k1", "k2"])
directions = st.sampled_from(Direction)
sources = st.sampled_from(SOURCES)
occurred = st.none() | st.integers(-600, 600).map(lambda offset: Instant(T0 + seconds(offset)))
legs = st.sampled_from(["", "", "a", "b"])
said = st.none() | st.booleans()
source_calls = st.builds(commands.SourceCall, call_ids, st.none() | directions, occurred, legs, said, said)
choices = st.one_of(
    st.sampled_from([Status.AVAILABLE, Status.BUSY, Status.OFFLINE]).map(chosen),
    st.sampled_from([chosen(Status.ON_BREAK, reason) for reason in ("lunch", "coffee")]),
)
odd_choices = st.builds(chosen, st.sampled_from(Status), st.sampled_from(["", "lunch", "unheard-of", "no-answer"]))

wrap_up_commands = st.one_of(
    st.just(commands.ContinueAfterCallWork(BY_STAFF)),
    st.just(commands.BackToReception(BY_STAFF)),
    st.builds(commands.SetNextStatus, choices | odd_choices, st.just(BY_STAFF)),
    st.just(commands.ClearNextStatus(BY_STAFF)),
)
staff_commands = st.one_of(
    st.builds(commands.ChangeStatus, choices, st.just(BY_STAFF)),
    st.builds(commands.ChangeStatus, odd_choices, st.just(BY_STAFF)),
    st.builds(commands.PlaceCall, call_ids, directions, sources, st.just(BY_STAFF)),
)
claims = st.builds(
    commands.Claim,
    claim_ids,
    call_ids,
    st.none() | st.sampled_from([seconds(1), seconds(600)]),
    directions,
    sources,
    st.just(BY_ROUTER),
)
unreachable = partial(commands.WithdrawClaim, reason=WithdrawReason.UNREACHABLE)
answers = st.sampled_from(
    [commands.AcceptOffer, commands.DeclineOffer, commands.WithdrawClaim, commands.AnsweredElsewhere, unreachable]
)
facts = st.one_of(
    st.builds(commands.CallStarted, source_calls, sources, st.just(BY_ROUTER)),
    st.builds(commands.CallEnded, call_ids, st.just(BY_ROUTER), occurred, sources, legs, said),
    st.builds(
        commands.ReconcileCalls,
        st.sampled_from(SOURCES[1:]),
        st.lists(source_calls, max_size=3, unique_by=lambda call: (call.call_id, call.leg)).map(tuple),
        st.just(BY_ROUTER),
        st.none() | occurred,
    ),
)
interventions = st.one_of(
    st.builds(commands.ForceStatus, choices | odd_choices, st.booleans(), st.just(BY_SUPERVISOR)),
    st.just(commands.Reset(BY_SUPERVISOR)),
)
connections = st.one_of(
    st.builds(
        commands.Attach,
        st.builds(workspace, st.sampled_from(["w1", "w2"]), st.sampled_from(["s1", "s2"]), own=st.sampled_from(["", "a", "b"])),
        st.just(BY_STAFF),
    ),
    st.builds(commands.Detach, st.sampled_from(["", "w1", "w2"]), st.sampled_from(["s1", "s2"]), st.just(BY_STAFF)),
)
updates = st.builds(
    commands.UpdateStaff,
    st.none() | st.sampled_from(["Ada", "Bob"]),
    st.none() | st.sampled_from([(), (SkillGroup("sales"),), (SkillGroup("sales", 3), SkillGroup("support"))]),
    st.just(BY_ADMIN),
)
any_policy = st.builds(
    Policy,
    wrap_up_enabled=st.booleans(),
    wrap_up_countdown=st.sampled_from([seconds(1), seconds(30), seconds(3600)]),
    wrap_up_directions=st.sampled_from([ALL_DIRECTIONS, frozenset({Direction.INBOUND}), frozenset()]),
    wrap_up_cap=st.sampled_from([seconds(0), seconds(1), seconds(300)]),
    return_to=st.sampled_from(ReturnTo),
    claim_ttl=st.sampled_from([seconds(1), seconds(20)]),
    no_answer_misses=st.integers(1, 3),
    no_answer_status=st.sampled_from(NoAnswerStatus),
    hold_off_after_decline=st.sampled_from([seconds(0), seconds(30)]),
    hold_off_after_miss=st.sampled_from([seconds(0), seconds(30)]),
    hold_off_after_unreachable=st.sampled_from([seconds(0), seconds(5)]),
    disconnect_grace=st.sampled_from([seconds(0), seconds(60)]),
    require_attachment=st.booleans(),
    late_fact_window=st.sampled_from([seconds(0), seconds(10)]),
    wrap_up_unanswered=st.booleans(),
    max_call_age=st.sampled_from([seconds(60), seconds(4 * 3600)]),
    break_internal_calls=st.booleans(),
    after_call_work_dial_out=st.booleans(),
    after_call_work_internal_calls=st.booleans(),
    break_limit_action=st.sampled_from(BreakLimitAction),
    disconnect_grace_on_break=st.sampled_from([None, seconds(0), seconds(8 * 3600)]),
    in_line_consultation=st.booleans(),
)
policies = st.just(Policy()) | st.just(Policy(wrap_up_cap=seconds(60), return_to=ReturnTo.PRE_CALL)) | any_policy
limits = st.sampled_from([seconds(0), seconds(1), seconds(1800)])
catalogues = st.fixed_dictionaries(
    {"coffee": st.builds(BreakReason, st.just("coffee"), enabled=st.booleans())},
    optional={
        "lunch": st.builds(BreakReason, st.just("lunch"), enabled=st.booleans(), limit=limits),
        "no-answer": st.builds(BreakReason, st.just("no-answer"), limit=limits),
    },
)


# --- what must hold ---------------------------------------------------------------------------------------------------


@dataclass
class Tracked:
    """One person as the test follows them: the state, and the time that the changes so far account for."""

    state: StaffState
    created_at: Instant
    accounted: int = 0


def _due_by_hand(state: StaffState) -> Iterator[Deadline]:
    """Every deadline a state must have, read off its parts."""
    if state.deleted:
        return
    if state.hold_off:
        yield Deadline(state.hold_off.ends_at, DeadlineKind.HOLD_OFF)
    if state.offer:
        yield Deadline(state.offer.expires_at, DeadlineKind.OFFER)
    for call in state.calls:
        yield Deadline(call.ends_by, DeadlineKind.CALL_AGE, call.call_id)
    if state.wrap_up and state.wrap_up.ends_at is not None:
        yield Deadline(state.wrap_up.ends_at, DeadlineKind.WRAP_UP)
    if state.wrap_up and state.wrap_up.ends_at is None and state.wrap_up.capped_at is not None:
        yield Deadline(state.wrap_up.capped_at, DeadlineKind.WRAP_UP)
    if state.connection.offline_at is not None:
        yield Deadline(state.connection.offline_at, DeadlineKind.GRACE)
    if state.break_ends_at is not None and state.status is Status.ON_BREAK:
        yield Deadline(state.break_ends_at, DeadlineKind.BREAK_LIMIT)


def _check_state(state: StaffState, policy: Policy) -> None:
    """What holds of every state."""
    status, choice = state.status, state.choice
    assert status is visible_status(choice, state.calls, state.wrap_up)
    assert state.capabilities == capabilities(status, state.offer, state.connection, policy, state.hold_off)
    assert choice.status in CHOOSABLE
    assert bool(choice.break_reason) is (choice.status is Status.ON_BREAK)
    assert state.offer is None or is_open(status, state.offer.direction, policy)
    assert state.next is None or status in {Status.IN_LINE, Status.AFTER_CALL_WORK}
    assert state.wrap_up is None or (not state.calls and choice.status is not Status.OFFLINE)
    assert (state.idle_since is not None) is (status is Status.AVAILABLE)
    assert choice.status is Status.ON_BREAK or (state.break_ends_at is None and not state.overdue and not state.breaks_left)
    assert not (state.overdue and state.break_ends_at is not None)
    assert max(state.status_since, state.idle_since or state.status_since) <= state.changed_at
    assert sorted(deadlines(state)) == sorted(_due_by_hand(state))
    _check_calls(state)
    _check_connection(state, policy)


def _check_calls(state: StaffState) -> None:
    """What holds of the calls in progress and of those that ended."""
    legs = [(call.call_id, call.source, call.leg) for call in state.calls]
    assert len(set(legs)) == len(legs), "a leg is known once"
    assert len(legs) <= CALLS_MOST + 1
    assert len(list(state.ended_legs)) <= LEGS_KEPT
    assert state.calls or (state.owed is None and state.interrupted is None)
    assert [call.started_at for call in state.calls] == sorted(call.started_at for call in state.calls)


def _check_connection(state: StaffState, policy: Policy) -> None:
    """What holds of the workspaces: a grace or a lapse only without any, and never in OFFLINE."""
    connection, signed_in = state.connection, state.choice.status is not Status.OFFLINE
    waits = connection.offline_at is not None or connection.lapsed
    assert len(connection.attachments) <= WORKSPACES_MOST
    own = [one.workspace_id for one in connection.attachments if one.workspace_id]
    assert len(set(own)) == len(own), "a workspace has one stream"
    assert not (waits and connection.attachments)
    assert not waits or signed_in
    assert not connection.lapsed or (state.calls and connection.offline_at is None)
    if policy.require_attachment and signed_in:
        assert waits or connection.attachments


def _check_change(before: StaffState, after: StaffState, change: Change, now: Instant) -> None:
    """What holds of every change, but for when it took effect."""
    moved = (before.status, before.break_reason) != (after.status, after.break_reason)
    assert replace(after, changed_at=before.changed_at) != before, "a change changes something"
    assert (change.previous_status, change.previous_break_reason) == (before.status, before.break_reason)
    assert (change.status, change.break_reason) == (after.status, after.break_reason)
    kind = ChangeKind.DELETED if after.deleted else ChangeKind.CHANGED
    assert (change.staff_id, change.kind) == (after.staff_id, kind)
    assert before.changed_at <= change.changed_at == after.changed_at <= change.recorded_at == max(now, change.changed_at)
    assert after.status_since == (change.changed_at if moved else before.status_since)
    assert (change.time_in_previous is not None) is (moved or after.deleted)
    if change.time_in_previous is not None:
        assert change.time_in_previous == change.changed_at - before.status_since >= 0
    assert len(after.calls) <= len(before.calls) + change.calls_started
    if before.offer is not None and (after.offer is None or after.offer.claim_id != before.offer.claim_id):
        assert change.ended_offer is not None
        assert (change.ended_offer.claim_id, change.ended_offer.call_id) == (before.offer.claim_id, before.offer.call_id)
    else:
        assert change.ended_offer is None
    groups = (None, None) if before.skill_groups == after.skill_groups else (before.skill_groups, after.skill_groups)
    assert (change.skill_groups_before, change.skill_groups_after) == groups


def _check_refusal(command: Command, before: StaffState, error: CallerError) -> None:
    """What holds of every refusal."""
    assert not isinstance(command, NEVER_REFUSED)
    assert not isinstance(error, TransitionRefusedError) or error.current is before


def _check_effect(command: Command, before: StaffState, after: StaffState) -> None:
    """What holds after particular commands, whether they changed anything or not."""
    match command:
        case commands.Reset():
            assert (after.calls, after.offer, after.wrap_up, after.next, after.misses) == ((), None, None, None, 0)
        case commands.Detach() if before.connection.attachments and not after.connection.attachments:
            assert after.choice.status is Status.OFFLINE or after.connection.offline_at is not None
        case commands.Attach():
            assert after.connection.offline_at is None
            assert not after.connection.lapsed


class Staffing(RuleBasedStateMachine):
    """Several people in one tenant, driven at random."""

    def __init__(self) -> None:
        """Nobody yet."""
        super().__init__()
        self.now = T0
        self.rules = Rules()
        self.staff: dict[str, Tracked] = {}

    # --- driving ------------------------------------------------------------------------------------------------------

    def _decide(self, name: str, command: Command) -> Change | None:
        """Decide one command and check all that holds of the outcome."""
        tracked = self.staff[name]
        before, known = tracked.state, repr(tracked.state)
        try:
            decision = decide(before, command, self.rules, self.now)
        except CallerError as error:
            _check_refusal(command, before, error)
            assert repr(before) == known
            return None
        assert decision == decide(before, command, self.rules, self.now), "the same command has the same outcome"
        assert repr(before) == known
        after, change, _ = decision
        _check_effect(command, before, after)
        if change is None:
            assert after == replace(before, ended_legs=after.ended_legs), "without a change nothing is seen to change"
            tracked.state = after
            return None
        _check_change(before, after, change, self.now)
        tracked.state = after
        tracked.accounted += change.time_in_previous or 0
        until = after.changed_at if after.deleted else after.status_since
        assert tracked.accounted == until - tracked.created_at, "time in statuses adds up"
        if isinstance(command, SAME_AGAIN):
            assert decide(after, command, self.rules, self.now).change is None, "the same again changes nothing"
        return change

    def _fire(self, name: str) -> None:
        """Fire what has passed, as the engine does before it decides anything else."""
        while (due := next_deadline(self.staff[name].state)) is not None and due.at <= self.now:
            before = self.staff[name].state
            change = self._decide(name, commands.Expire())
            assert change is not None, "a deadline that has passed changes the state"
            assert change.changed_at == max(due.at, before.changed_at), "a deadline takes effect at its own instant"
            assert due not in set(deadlines(self.staff[name].state)), "a deadline fires once"
        assert all(due.at > self.now for due in deadlines(self.staff[name].state))

    def _ask(self, name: str, command: Command) -> None:
        self._fire(name)
        before = self.staff[name].state
        change = self._decide(name, command)
        if change is not None:
            assert change.changed_at == max(self.now, before.changed_at)
            assert change.actor == command.origin.actor

    # --- steps --------------------------------------------------------------------------------------------------------

    @initialize(policy=policies, catalogue=catalogues)
    def begins(self, policy: Policy, catalogue: dict[str, BreakReason]) -> None:
        """A tenant with some policy hires everybody."""
        self.rules = Rules(policy, catalogue)
        for name in NAMES:
            self._hire(name)

    def _hire(self, name: str) -> None:
        state, change = create(commands.CreateStaff(name, name, (SkillGroup("sales"),), BY_ADMIN), self.rules, self.now)
        assert change.kind is ChangeKind.CREATED
        self.staff[name] = Tracked(state, self.now)

    @rule(name=who, command=staff_commands)
    def staff_ask(self, name: str, command: Command) -> None:
        """A staff member asks for something."""
        self._ask(name, command)

    @rule(name=who, command=wrap_up_commands)
    def staff_prepare_what_comes_next(self, name: str, command: Command) -> None:
        """A staff member in a call or in after-call work says how to go on; others are refused."""
        self._ask(name, command)

    @rule(name=who, claim=claims)
    def router_claims(self, name: str, claim: commands.Claim) -> None:
        """A router claims somebody, who is signed in for it more often than chance would have it."""
        self._ask(name, commands.ChangeStatus(chosen(Status.AVAILABLE), BY_STAFF))
        self._ask(name, claim)

    @rule(name=who, answer=answers, claim_id=st.none() | claim_ids)
    def offer_is_answered(self, name: str, answer: Callable[[str, commands.Origin], Command], claim_id: str | None) -> None:
        """An answer comes to the outstanding offer, or to one that may never have been."""
        offer = self.staff[name].state.offer
        self._ask(name, answer(claim_id or (offer.claim_id if offer else "k1"), BY_STAFF))

    @rule(name=who, number=st.integers(0, 2))
    def call_ends(self, name: str, number: int) -> None:
        """One of the calls in progress ends, if there is one."""
        calls = self.staff[name].state.calls
        if calls:
            self._ask(name, commands.CallEnded(calls[number % len(calls)].call_id, BY_ROUTER))

    @rule(name=who, for_seconds=st.sampled_from([1, 20]), command=wrap_up_commands)
    def call_is_taken_and_wrapped_up(self, name: str, for_seconds: int, command: Command) -> None:
        """A call comes and goes, and the staff member does something after it."""
        self._ask(name, commands.CallStarted(commands.SourceCall("c9", Direction.INBOUND), "pbx", BY_ROUTER))
        self.now = Instant(self.now + seconds(for_seconds))
        self._ask(name, commands.CallEnded("c9", BY_ROUTER))
        self._ask(name, command)

    @rule(name=who, command=facts)
    def telephony_reports(self, name: str, command: Command) -> None:
        """Telephony reports something."""
        self._ask(name, command)

    @rule(name=who, command=interventions)
    def supervisor_steps_in(self, name: str, command: Command) -> None:
        """A supervisor forces or resets."""
        self._ask(name, command)

    @rule(name=who, command=connections)
    def workspace_comes_or_goes(self, name: str, command: Command) -> None:
        """A workspace attaches or vanishes."""
        self._ask(name, command)

    @rule(name=who, update=st.none() | updates)
    def administrator_updates_or_replaces(self, name: str, update: commands.UpdateStaff | None) -> None:
        """An administrator changes name or groups; or deletes somebody, if that is possible, and hires a successor."""
        self._ask(name, update or commands.DeleteStaff(BY_ADMIN))
        if self.staff[name].state.deleted:
            self._hire(name)

    @rule(policy=policies)
    def policy_changes(self, policy: Policy) -> None:
        """The tenant's policy changes, and everybody's state is brought up to it."""
        for name in NAMES:
            self._fire(name)
        self.rules = replace(self.rules, policy=policy)
        for name in NAMES:
            concerned = policy_concerns(self.staff[name].state, policy)
            assert concerned is (self._decide(name, commands.ApplyPolicy(BY_ADMIN)) is not None)

    @rule(catalogue=catalogues)
    def catalogue_changes(self, catalogue: dict[str, BreakReason]) -> None:
        """Break reasons come, go and change."""
        self.rules = replace(self.rules, break_reasons=catalogue)

    @rule(for_seconds=st.sampled_from([0.000001, 1, 30, 60, 1800, 5 * 3600]))
    def time_passes(self, for_seconds: float) -> None:
        """The clock goes on."""
        self.now = Instant(self.now + seconds(for_seconds))
        for name in NAMES:
            self._fire(name)

    @rule(name=who, beside=st.sampled_from([-1, 0, 1]))
    def deadline_comes(self, name: str, beside: int) -> None:
        """The clock goes on to the next deadline, or a microsecond beside it."""
        due = next_deadline(self.staff[name].state)
        if due is not None:
            self.now = Instant(max(self.now, due.at + beside))
            self._fire(name)

    @rule(by_seconds=st.sampled_from([1, 3600, 86400]))
    def clock_steps(self, by_seconds: float) -> None:
        """The clock takes a step forward, and everybody's lengths of time with it: nothing is due that was not."""
        for name in NAMES:
            self._fire(name)
        self.now = Instant(self.now + seconds(by_seconds))
        for name in NAMES:
            before = deadlines(self.staff[name].state)
            self._decide(name, commands.ShiftInstants(seconds(by_seconds)))
            moved = [due if due.at == AT_ONCE else due._replace(at=due.at + seconds(by_seconds)) for due in before]
            assert sorted(deadlines(self.staff[name].state)) == sorted(moved)

    @rule(by_seconds=st.sampled_from([0.000001, 1, 60, 7200]))
    def clock_goes_back(self, by_seconds: float) -> None:
        """The clock is set back."""
        self.now = Instant(self.now - seconds(by_seconds))

    # --- after each step ----------------------------------------------------------------------------------------------

    @invariant()
    def every_state_is_true(self) -> None:
        """Everybody's state holds together."""
        for tracked in self.staff.values():
            _check_state(tracked.state, self.rules.policy)


Staffing.TestCase.settings = settings(
    UNHURRIED,
    derandomize=not SEARCH,
    database=None,
    max_examples=SEARCH or examples(300),
    stateful_step_count=50,
)


@pytest.mark.timeout(900)
class TestStaffing(Staffing.TestCase):
    """Whatever happens, everybody's state and every change hold together."""
