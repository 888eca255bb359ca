"""Who is chosen by a claim on skill groups, held against a naive model of everybody, with changes between the claims."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from engine_floor import ORIGIN, TENANT
from fake_clock import FakeClock
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import CallerError, NobodyAvailableError, NotAssignableError
from onduty_server.domain.model.policy import Policy
from onduty_server.domain.model.skill_groups import SkillGroup, level_in
from onduty_server.domain.model.state import AVAILABLE, Attachment, Choice, StaffState
from onduty_server.domain.model.status import ClaimOrder, Direction, Instant, Status, WithdrawReason, seconds
from onduty_server.domain.rules.assigning import TURN
from onduty_server.domain.rules.visible import can_be_claimed
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.choosing import Wanted
from onduty_server.engine.write.claim_ids import ClaimIds
from onduty_server.engine.write.claims import Claimed, ClaimJobs
from onduty_server.ports import Revision
from onduty_server.wire.codec import ProtobufCodec

T0 = Instant(1_700_000_000_000_000)
NAMES = [f"s{number}" for number in range(6)]
GROUPS = ["cards", "loans"]
JOBS = ClaimJobs(TENANT, ClaimIds("00" * 8, TENANT))
CODEC = ProtobufCodec()

POLICY = Policy(
    claim_ttl=seconds(600),
    hold_off_after_decline=seconds(30),
    no_answer_misses=3,
    break_internal_calls=True,
    after_call_work_internal_calls=True,
)

STEADY = ClockSteps(FakeClock(), "here")
"""A clock that never steps."""


class Batches:
    """Batches over one roster, the one after the other; ``desk`` is the present one's."""

    def __init__(self) -> None:
        """Nobody yet."""
        self.roster = Roster()
        self.roster.configure_policy(POLICY, Revision(1))
        self.now = T0
        self._revision = 1
        self.batch = self._next()

    def _next(self) -> Batch:
        return Batch(lambda _tenant: self.roster, CODEC, self.now, self.now, STEADY)

    def commit(self, after_seconds: float) -> None:
        """The batch becomes durable, and another one begins a while later."""
        for one in self.batch.pending:
            self._revision += 1
            if one.staff is not None:
                one.staff.revision = Revision(self._revision)
                self.roster.replace(one.staff)
            elif one.on_commit is not None:
                one.on_commit(Revision(self._revision))
        self.now = Instant(self.now + seconds(after_seconds))
        self.batch = self._next()

    def job(self, run: Callable[[Batch], object]) -> object:
        """Run a job as the committer does: what one that fails has changed is dropped."""
        try:
            outcome = run(self.batch)
        except CallerError as error:
            self.batch.drop()
            return error
        self.batch.merge()
        return outcome

    def states(self) -> list[StaffState]:
        """Everybody as the batch sees them, what is due having fired."""
        staff = [self.batch.staff(TENANT, name) for name in NAMES]
        return [self.batch.current(TENANT, one.state.staff_id).state for one in staff if one is not None]


def naive(states: list[StaffState], wanted: Wanted, direction: Direction) -> tuple[str, str] | None:
    """The one to choose, found by looking at everybody."""
    for group, least in wanted.skill_groups:
        fitting = [
            state
            for state in states
            if can_be_claimed(state, direction, POLICY)
            and (level_in(state.skill_groups, group) or 0) >= least
            and level_in(state.skill_groups, group) is not None
            and all((level_in(state.skill_groups, name) or -1) >= level for name, level in wanted.required if level)
            and all(level_in(state.skill_groups, name) is not None for name, _ in wanted.required)
            and state.staff_id not in wanted.excluded
        ]
        if fitting:
            return min(fitting, key=lambda state: _rank(state, group, wanted.order)).staff_id, group
    return None


def _rank(state: StaffState, group: str, order: ClaimOrder) -> tuple[object, ...]:
    since = state.status_since if state.idle_since is None else state.idle_since
    waited = (since, state.staff_id)
    match order:
        case ClaimOrder.LONGEST_IDLE:
            return (TURN.index(state.status), *waited)
        case ClaimOrder.LONGEST_SINCE_CALL:
            turns = [turn for turn in (state.last_call_ended_at, state.passed_over_at) if turn is not None]
            return (TURN.index(state.status), max(turns, default=0), *waited)
        case ClaimOrder.HIGHEST_LEVEL:
            return (TURN.index(state.status), -(level_in(state.skill_groups, group) or 0), *waited)


levels = st.sampled_from([0, 0, 5])
memberships = st.lists(st.builds(SkillGroup, st.sampled_from(GROUPS), levels), max_size=2, unique_by=lambda one: one.name)
in_groups = memberships.map(lambda groups: tuple(sorted(groups)))
mostly_in_cards = st.just((SkillGroup("cards"),)) | in_groups
asked_groups = st.lists(
    st.builds(SkillGroup, st.sampled_from(GROUPS), levels), min_size=1, max_size=2, unique_by=lambda one: one.name
)
wanteds = st.builds(
    Wanted,
    asked_groups.map(tuple),
    st.just(()) | in_groups.filter(lambda groups: len(groups) < 2),
    st.frozensets(st.sampled_from(NAMES), max_size=2),
    st.sampled_from(ClaimOrder),
)
who = st.sampled_from(NAMES)
choices = st.sampled_from([AVAILABLE, AVAILABLE, AVAILABLE, Choice(Status.BUSY), Choice(Status.OFFLINE)])
any_command = st.one_of(
    st.builds(commands.ChangeStatus, choices, st.just(ORIGIN)),
    st.builds(
        commands.CallStarted, st.builds(commands.SourceCall, st.sampled_from(["x1", "x2"])), st.just("pbx"), st.just(ORIGIN)
    ),
    st.builds(commands.CallEnded, st.sampled_from(["x1", "x2"]), st.just(ORIGIN)),
    st.builds(commands.UpdateStaff, st.none(), in_groups, st.just(ORIGIN)),
    st.just(commands.Attach(Attachment("w1", "server-1"), ORIGIN)),
    st.just(commands.Detach("w1", "server-1", ORIGIN)),
    st.just(commands.DeleteStaff(ORIGIN)),
    st.just(commands.Reset(ORIGIN)),
)
steps = st.one_of(
    st.tuples(st.just("claim"), wanteds, st.sampled_from(Direction)),
    st.tuples(st.just("claim"), wanteds, st.sampled_from(Direction)),
    st.tuples(st.just("act"), who, any_command),
    st.tuples(st.just("act"), who, any_command),
    st.tuples(st.just("answer"), who, st.sampled_from(["accept", "decline", "withdraw", "unreachable"])),
    st.tuples(st.just("fail"), who, any_command),
    st.tuples(st.just("commit"), st.sampled_from([0.0, 1.0, 45.0]), st.none()),
)


def _answer(claim_id: str, how: str) -> commands.Command:
    match how:
        case "accept":
            return commands.AcceptOffer(claim_id, ORIGIN)
        case "decline":
            return commands.DeclineOffer(claim_id, ORIGIN)
        case "withdraw":
            return commands.WithdrawClaim(claim_id, ORIGIN)
        case _:
            return commands.WithdrawClaim(claim_id, ORIGIN, WithdrawReason.UNREACHABLE)


def _fails_after(who_acts: str, command: commands.Command) -> Callable[[Batch], object]:
    def run(batch: Batch) -> object:
        batch.act(TENANT, who_acts, command)
        return batch.act(TENANT, "nobody", command)

    return run


@UNHURRIED
@given(
    people=st.lists(mostly_in_cards, min_size=len(NAMES), max_size=len(NAMES)), story=st.lists(steps, min_size=20, max_size=60)
)
def test_the_one_chosen_is_the_one_that_looking_at_everybody_finds(people, story):
    """Whatever happened before, committed or not, failed or not, a claim on groups takes the first of all who can be given it.

    Nobody to whom the direction is not open is chosen, and where nobody is found the counts are those of everybody.
    """
    batches = Batches()
    for name, groups in zip(NAMES, people, strict=True):
        batches.job(
            lambda batch, name=name, groups=groups: batch.create(TENANT, commands.CreateStaff(name, name, groups, ORIGIN))
        )
        batches.job(lambda batch, name=name: batch.act(TENANT, name, commands.ChangeStatus(AVAILABLE, ORIGIN)))
    batches.commit(1)
    for number, (kind, one, other) in enumerate(story):
        if kind == "commit":
            batches.commit(one)
        elif kind == "claim":
            _check_claim(batches, f"c{number}", one, other)
        elif kind == "answer":
            staff = batches.batch.staff(TENANT, one)
            if staff is not None and staff.state.offer is not None:
                command = _answer(staff.state.offer.claim_id, other)
                batches.job(lambda batch, one=one, command=command: batch.act(TENANT, one, command))
        elif kind == "fail":
            assert isinstance(batches.job(_fails_after(one, other)), CallerError)
        else:
            batches.job(lambda batch, one=one, other=other: batch.act(TENANT, one, other))


def _check_claim(batches: Batches, call_id: str, wanted: Wanted, direction: Direction) -> None:
    states = batches.states()
    expected = naive(states, wanted, direction)
    outcome = batches.job(JOBS.group_member(wanted, Claimed(call_id, direction, ORIGIN)))
    if expected is None:
        assert isinstance(outcome, NobodyAvailableError)
        for counts in outcome.groups:
            members = [state for state in states if level_in(state.skill_groups, counts.skill_group) is not None]
            assert counts.counts == _counts(members)
        asked = {group.name for group in wanted.skill_groups}
        assert outcome.counts == _counts([one for one in states if asked & {group.name for group in one.skill_groups}])
        return
    assert not isinstance(outcome, CallerError)
    claimed = next(one for one in batches.states() if one.offer is not None and one.offer.call_id == call_id)
    assert (claimed.staff_id, claimed.offer.skill_group) == expected


def _counts(states: list[StaffState]) -> dict[Status, tuple[int, int]]:
    by_status = {status: [one for one in states if one.status is status] for status in Status}
    return {
        status: (len(found), sum(one.capabilities.assign_inbound for one in found))
        for status, found in by_status.items()
        if found
    }


# --- particular cases -------------------------------------------------------------------------------------------------


def _signed_in(*names: str, groups: tuple[SkillGroup, ...] = (SkillGroup("cards"),)) -> Batches:
    """People who signed in a second after one another, all durable."""
    batches = Batches()
    for name in names:
        batches.job(lambda batch, name=name: batch.create(TENANT, commands.CreateStaff(name, name, groups, ORIGIN)))
        batches.job(lambda batch, name=name: batch.act(TENANT, name, commands.ChangeStatus(AVAILABLE, ORIGIN)))
        batches.commit(1)
    return batches


def _claims(batches: Batches, call_id: str, **how: object) -> str:
    """Claim by the group cards; whose claim it is."""
    wanted = replace(Wanted((SkillGroup("cards"),)), **{name: how[name] for name in how if name != "another_offer"})
    claimed = Claimed(call_id, Direction.INBOUND, ORIGIN, another_offer=bool(how.get("another_offer")))
    outcome = batches.job(JOBS.group_member(wanted, claimed))
    assert not isinstance(outcome, CallerError), outcome
    return outcome.staff.state.staff_id


def test_who_declined_is_last_in_both_orders_of_time():
    """Who let a call pass goes to the end of the line by waiting and by the last call, so that the next one is rung up."""
    for order in (ClaimOrder.LONGEST_IDLE, ClaimOrder.LONGEST_SINCE_CALL):
        batches = _signed_in("s1", "s2")
        batches.roster.configure_policy(replace(POLICY, hold_off_after_decline=seconds(0)), Revision(1))
        batches.batch = Batch(lambda _tenant, roster=batches.roster: roster, CODEC, batches.now, batches.now, STEADY)
        assert _claims(batches, "c1", order=order) == "s1"
        offer = batches.batch.current(TENANT, "s1").state.offer
        batches.job(lambda batch, offer=offer: batch.act(TENANT, "s1", commands.DeclineOffer(offer.claim_id, ORIGIN)))
        assert _claims(batches, "c1", order=order) == "s2"


def test_a_second_of_busy_costs_no_place_by_the_last_call():
    """By the last call it does not matter how long somebody has waited."""
    batches = _signed_in("s1", "s2")
    for number, name in enumerate(("s1", "s2")):
        start = commands.CallStarted(commands.SourceCall(f"x{number}"), "pbx", ORIGIN)
        batches.job(lambda batch, name=name, start=start: batch.act(TENANT, name, start))
        end = commands.CallEnded(f"x{number}", ORIGIN)
        batches.job(lambda batch, name=name, end=end: batch.act(TENANT, name, end))
        batches.job(lambda batch, name=name: batch.act(TENANT, name, commands.BackToReception(ORIGIN)))
        batches.commit(1)
    for choice in (Choice(Status.BUSY), AVAILABLE):
        batches.job(lambda batch, choice=choice: batch.act(TENANT, "s1", commands.ChangeStatus(choice, ORIGIN)))
        batches.commit(1)
    assert _claims(batches, "c1", order=ClaimOrder.LONGEST_SINCE_CALL) == "s1"
    assert _claims(batches, "c2", order=ClaimOrder.LONGEST_IDLE) == "s2"


def test_call_on_offer_answers_a_second_claim():
    """A second claim of the call gets the offer that there is, and nothing new happens."""
    batches = _signed_in("s1", "s2")
    assert _claims(batches, "c1") == "s1"
    before = len(batches.batch.pending)
    outcome = batches.job(JOBS.group_member(Wanted((SkillGroup("cards"),)), Claimed("c1", Direction.INBOUND, ORIGIN)))
    assert outcome.detail["already_offered"]
    assert (outcome.staff.state.staff_id, outcome.applied, len(batches.batch.pending)) == ("s1", False, before)


def test_another_offer_is_made_where_it_is_asked_for():
    """A call rings at two people where the router says so."""
    batches = _signed_in("s1", "s2")
    assert [_claims(batches, "c1"), _claims(batches, "c1", another_offer=True)] == ["s1", "s2"]


def test_whom_a_claim_passes_over_does_not_answer_it():
    """The offer to somebody whom the second claim excludes is not what the router asks for."""
    batches = _signed_in("s1", "s2")
    assert [_claims(batches, "c1"), _claims(batches, "c1", excluded=frozenset({"s1"}))] == ["s1", "s2"]


def test_whom_one_claim_passes_over_the_next_one_finds():
    """Being passed over by one claim costs nobody a place in the next, whoever was taken in between."""
    batches = _signed_in("s1", "s2", "s3")
    assert _claims(batches, "c1", excluded=frozenset({"s1"})) == "s2"
    assert _claims(batches, "c2", excluded=frozenset({"s1"})) == "s3"
    assert _claims(batches, "c3") == "s1"


def test_call_of_another_source_is_another_call():
    """One source's call on offer does not answer a claim for another's of the same id; an empty source fits any."""
    batches = _signed_in("s1", "s2", "s3")
    wanted = Wanted((SkillGroup("cards"),))
    found = [
        batches.job(JOBS.group_member(wanted, Claimed("17", Direction.INBOUND, ORIGIN, source))).staff.state.staff_id
        for source in ("pbx-a", "pbx-b", "pbx-a", "")
    ]
    assert found == ["s1", "s2", "s1", "s1"]


def test_offer_that_has_run_out_answers_no_claim():
    """Deadlines that have passed fire first: an offer that is over is not found again."""
    batches = _signed_in("s1", "s2")
    assert _claims(batches, "c1") == "s1"
    batches.commit(601)
    assert _claims(batches, "c1") == "s2"


def test_candidates_are_tried_in_their_order():
    """The first candidate who can be given the call is claimed; where none can, the refusal counts them."""
    batches = _signed_in("s1", "s2", "s3")
    batches.job(lambda batch: batch.act(TENANT, "s3", commands.ChangeStatus(Choice(Status.BUSY), ORIGIN)))
    claim = JOBS.candidates(("s3", "s2", "s1"), Claimed("c1", Direction.INBOUND, ORIGIN))
    assert batches.job(claim).staff.state.staff_id == "s2"
    refused = batches.job(JOBS.candidates(("s3", "s2", "s3"), Claimed("c2", Direction.INBOUND, ORIGIN)))
    assert isinstance(refused, NobodyAvailableError)
    assert (refused.groups, refused.counts) == ((), {Status.AVAILABLE: (1, 0), Status.BUSY: (1, 0)})


def test_candidates_who_are_unknown_are_passed_over():
    """Somebody deleted in a router's list stops no call; where nobody of the list is there, all are named."""
    batches = _signed_in("s1")
    refused = batches.job(JOBS.candidates(("x", "y"), Claimed("c1", Direction.INBOUND, ORIGIN)))
    assert str(refused) == "there is no staff member 'x', 'y'"
    batches.job(JOBS.candidates(("x", "s1", "y"), Claimed("c1", Direction.INBOUND, ORIGIN)))
    assert batches.batch.current(TENANT, "s1").state.offer is not None


def test_named_claim_of_the_same_call_again_gets_its_offer():
    """The same person named again for the call has the offer already; for another call it is refused."""
    batches = _signed_in("s1")
    first = batches.job(JOBS.named("s1", Claimed("c1", Direction.INBOUND, ORIGIN)))
    again = batches.job(JOBS.named("s1", Claimed("c1", Direction.INBOUND, ORIGIN)))
    assert (again.detail["claim_id"], again.detail["already_offered"]) == (first.detail["claim_id"], True)
    assert isinstance(batches.job(JOBS.named("s1", Claimed("c2", Direction.INBOUND, ORIGIN))), NotAssignableError)


def test_what_a_claim_costs_does_not_grow_with_the_batch(monkeypatch: pytest.MonkeyPatch):
    """Of the line that many claims of a batch take from, each passes over a place at most once in all, not once a claim."""
    people = 200
    batches = _signed_in(*(f"s{number:03}" for number in range(people)))
    looked_at = []
    is_touched = Batch.is_touched

    def counting(batch: Batch, tenant: str, staff_id: str) -> bool:
        looked_at.append(staff_id)
        return is_touched(batch, tenant, staff_id)

    monkeypatch.setattr(Batch, "is_touched", counting)
    for number in range(people):
        _claims(batches, f"c{number}")
    assert len(looked_at) <= 2 * people
    refused = batches.job(JOBS.group_member(Wanted((SkillGroup("cards"),)), Claimed("one-more", Direction.INBOUND, ORIGIN)))
    assert isinstance(refused, NobodyAvailableError)
    assert refused.counts == {Status.AVAILABLE: (people, 0)}
