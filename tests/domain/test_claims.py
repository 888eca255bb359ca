"""Claims by direction, hold-offs, what counts as a miss, and offers that others answer."""

from dataclasses import replace

import pytest
from domain_builders import BY_ROUTER, BY_STAFF, Person, in_status, in_wrap_up, later, on_offer
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import EndedOffer
from onduty_server.domain.model.errors import NotAssignableError
from onduty_server.domain.model.policy import NoAnswerStatus, Policy
from onduty_server.domain.model.state import UNCONNECTED, Connection, HoldOff, Offer, StaffState
from onduty_server.domain.model.status import (
    Cause,
    Direction,
    HoldOffKind,
    Instant,
    OfferEnd,
    Status,
    WithdrawReason,
    seconds,
)
from onduty_server.domain.rules.assigning import BARS, NEEDS, bar, is_barred
from onduty_server.domain.rules.elsewhere import Answered, answered, ends
from onduty_server.domain.rules.visible import can_be_claimed, capabilities, status_opens

OPEN_BY_DEFAULT = {
    Direction.INBOUND: {Status.AVAILABLE},
    Direction.TRANSFER: {Status.AVAILABLE, Status.BUSY},
    Direction.INTERNAL: {Status.AVAILABLE, Status.BUSY},
    Direction.OUTBOUND: {Status.AVAILABLE, Status.BUSY, Status.ON_BREAK, Status.AFTER_CALL_WORK},
}


def _claim(direction: Direction) -> commands.Claim:
    return commands.Claim("k1", "c1", None, direction, "pbx", BY_ROUTER)


# --- what the direction asks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", Direction, ids=lambda one: one.name)
@pytest.mark.parametrize("status", Status, ids=lambda one: one.name)
def test_claim_needs_what_its_direction_asks(status: Status, direction: Direction):
    """A claim is granted in the statuses that open its direction, under the default policy, and refused in all others."""
    person = in_status(status)
    if status in OPEN_BY_DEFAULT[direction]:
        assert person.changes_by(_claim(direction)).cause is Cause.CLAIM
        assert person.state.offer is not None
        assert (person.state.offer.direction, person.status) == (direction, status)
    else:
        assert person.refuses(_claim(direction), NotAssignableError).direction is direction


@pytest.mark.parametrize("direction", Direction, ids=lambda one: one.name)
def test_one_offer_at_a_time_whatever_the_direction(direction: Direction):
    """Who has an offer is claimed for nothing else."""
    person = on_offer()
    error = person.refuses(commands.Claim("k2", "c2", None, direction, "", BY_ROUTER), NotAssignableError)
    assert error.barred == "with an offer outstanding"


@pytest.mark.parametrize("direction", Direction, ids=lambda one: one.name)
def test_nobody_is_claimed_while_the_workspace_is_gone(direction: Direction):
    """While the grace runs no call of any direction is put on offer."""
    person = in_status(Status.AVAILABLE)
    person.attaches()
    person.detaches()
    assert person.refuses(_claim(direction), NotAssignableError).barred == "but the workspace is gone"


@pytest.mark.parametrize("direction", Direction, ids=lambda one: one.name)
def test_nobody_is_claimed_while_held_off(direction: Direction):
    """While a hold-off runs no call of any direction is put on offer, and it says so."""
    person = on_offer()
    person.claim_withdrawn(reason=WithdrawReason.UNREACHABLE)
    error = person.refuses(_claim(direction), NotAssignableError)
    assert str(error).startswith("'ada' is AVAILABLE but held off: ")


def test_policy_opens_breaks_and_wrap_ups_to_transfers():
    """Transfers reach people on a break and in wrap-up where the policy says so."""
    for person in (
        in_status(Status.ON_BREAK, break_internal_calls=True),
        in_wrap_up(after_call_work_internal_calls=True),
    ):
        assert person.changes_by(_claim(Direction.TRANSFER)).cause is Cause.CLAIM


offers = st.none() | st.just(Offer("k9", "c9", Instant(1), Instant(2), Direction.INBOUND))
connections = st.sampled_from([UNCONNECTED, Connection((), Instant(5))])
hold_offs = st.none() | st.sampled_from([HoldOff(Instant(5), kind) for kind in HoldOffKind])


@UNHURRIED
@given(
    state=st.builds(
        lambda status, offer, connection, hold_off: StaffState(
            "ada", "", (), status, Instant(0), Instant(0), offer=offer, connection=connection, hold_off=hold_off
        ),
        st.sampled_from(Status),
        offers,
        connections,
        hold_offs,
    ),
    direction=st.sampled_from(Direction),
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_can_be_claimed_is_open_and_not_barred(state: StaffState, direction: Direction, flags: tuple[bool, bool, bool]):
    """Who can be claimed is who has the capability that the direction needs and is barred by nothing; all ways to ask agree."""
    policy = Policy(break_internal_calls=flags[0], after_call_work_dial_out=flags[1], after_call_work_internal_calls=flags[2])
    found = bar(state.offer, state.connection, state.hold_off)
    assert (found is not None) is is_barred(state.offer, state.connection, state.hold_off)
    expected = found is None and getattr(status_opens(state.status, policy), NEEDS[direction])
    assert can_be_claimed(state, direction, policy) is expected
    may = capabilities(state.status, state.offer, state.connection, policy, state.hold_off)
    assert may.assign_inbound is can_be_claimed(state, Direction.INBOUND, policy)
    assert getattr(may, NEEDS[direction]) or not can_be_claimed(state, direction, policy)


def test_every_direction_needs_something_and_every_bar_has_words():
    """The table of claims is complete."""
    assert set(NEEDS) == set(Direction)
    assert all(one.words for one in BARS)


# --- the offer while it rings -----------------------------------------------------------------------------------------


def test_transfer_on_offer_stays_where_it_stays_open():
    """Who becomes AVAILABLE, or BUSY, while a transfer rings keeps the offer: both are open to transfers."""
    person = in_status(Status.BUSY)
    person.is_claimed(direction=Direction.TRANSFER)
    person.chooses(Status.AVAILABLE)
    person.chooses(Status.BUSY)
    assert person.state.offer is not None


@pytest.mark.parametrize("direction", Direction, ids=lambda one: one.name)
def test_a_break_that_is_begun_while_it_rings_ends_the_offer(direction: Direction):
    """Whatever the direction: who pauses while it rings is not rung up. No miss is counted."""
    person = in_status(Status.AVAILABLE, break_internal_calls=True)
    person.is_claimed(direction=direction)
    change = person.chooses(Status.ON_BREAK)
    assert change is not None
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.SUPERSEDED)
    assert person.state.misses == 0


def test_diallers_offer_in_a_break_stays_until_it_is_answered():
    """A dialler's call to somebody on a break is on offer like any other."""
    person = in_status(Status.ON_BREAK)
    person.is_claimed(direction=Direction.OUTBOUND)
    person.accepts()
    assert (person.status, person.call().direction) == (Status.IN_LINE, Direction.OUTBOUND)


def test_offer_ends_when_the_policy_closes_its_direction():
    """A policy that closes breaks to transfers ends the transfers on offer there."""
    person = in_status(Status.ON_BREAK, break_internal_calls=True)
    person.is_claimed(direction=Direction.TRANSFER)
    change = person.under(break_internal_calls=False).told_policy()
    assert change is not None
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.SUPERSEDED)


def test_wrap_up_goes_on_under_an_offer_that_is_let_pass():
    """A missed offer in a wrap-up leaves the wrap-up as it is; the no-answer status applies after it."""
    person = in_wrap_up(no_answer_misses=1)
    person.is_claimed("k1", "c1", direction=Direction.OUTBOUND, ttl_seconds=5)
    person.wait(5)
    assert (person.status, person.state.misses) == (Status.AFTER_CALL_WORK, 1)
    person.wait(25)
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, "no-answer")


def test_missed_offer_in_a_break_leaves_the_break():
    """Who is on a break already stays on that break, for its own reason."""
    person = in_status(Status.ON_BREAK, no_answer_misses=1)
    person.is_claimed(direction=Direction.OUTBOUND)
    person.wait(20)
    assert (person.status, person.state.break_reason, person.state.misses) == (Status.ON_BREAK, "coffee", 1)


# --- the call stays what the claim said -------------------------------------------------------------------------------


def test_start_without_a_direction_keeps_the_claims():
    """Telephony that reports the offered call without a direction answers the offer, and the call is what the claim said."""
    person = in_status(Status.AVAILABLE)
    person.is_claimed(direction=Direction.OUTBOUND, source="pbx")
    person.call_starts("c1", None, leg="a")
    call = person.call()
    assert (call.direction, call.source, call.leg, call.claim_id) == (Direction.OUTBOUND, "pbx", "a", "k1")
    assert person.last.ended_offer == EndedOffer("k1", "c1", OfferEnd.ACCEPTED)


def test_telephony_may_say_otherwise():
    """A claimed call that telephony reports with another direction has that one from then on."""
    person = on_offer()
    person.accepts()
    person.call_starts("c1", Direction.OUTBOUND)
    assert person.call().direction is Direction.OUTBOUND
    assert person.call_starts("c1", None) is None


def test_offered_call_that_starts_with_source_and_leg_named_only_then_is_answered():
    """A claim without a source is answered by the start that names source and leg."""
    person = on_offer()
    person.call_starts("c1", None, source="pbx", leg="a")
    assert (person.call().source, person.call().leg, person.call().claim_id) == ("pbx", "a", "k1")


def test_start_without_a_direction_of_an_unknown_call_is_inbound():
    """A call of which nobody said a direction is INBOUND."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", None)
    assert person.call().direction is Direction.INBOUND


# --- hold-offs --------------------------------------------------------------------------------------------------------


def _declined(person: Person) -> None:
    person.declines()


def _missed(person: Person) -> None:
    person.wait(19)


def _unreachable(person: Person) -> None:
    person.claim_withdrawn(reason=WithdrawReason.UNREACHABLE)


AFTER = {
    HoldOffKind.DECLINE: ("hold_off_after_decline", _declined),
    HoldOffKind.MISS: ("hold_off_after_miss", _missed),
    HoldOffKind.UNREACHABLE: ("hold_off_after_unreachable", _unreachable),
}


@pytest.mark.parametrize("kind", HoldOffKind, ids=lambda one: one.name)
def test_hold_off_runs_as_long_as_the_policy_says_and_ends_by_itself(kind: HoldOffKind):
    """After a decline, a miss or an unreachable phone no call is assigned for the policy's time; then it can be again."""
    name, happens = AFTER[kind]
    person = on_offer(**{name: seconds(40)})
    happens(person)
    assert person.state.hold_off == HoldOff(later(person.now, 40), kind)
    assert not person.state.capabilities.assign_inbound
    assert person.wait(39.999999) == []
    (change,) = person.wait(0.000001)
    assert (change.cause, change.time_in_previous) == (Cause.HOLD_OFF_ENDED, None)
    assert person.state.capabilities.assign_inbound


@pytest.mark.parametrize("kind", HoldOffKind, ids=lambda one: one.name)
def test_hold_off_of_no_length_is_none(kind: HoldOffKind):
    """Where the policy says 0 nobody is held off."""
    name, happens = AFTER[kind]
    person = on_offer(**{name: seconds(0)})
    happens(person)
    assert person.state.hold_off is None
    assert person.state.capabilities.assign_inbound


def test_only_an_unreachable_phone_is_held_off_by_default():
    """By default 5 s after an unreachable phone, and nothing after a decline or a miss."""
    assert [Policy().hold_off(kind) for kind in HoldOffKind] == [0, 0, seconds(5)]


@pytest.mark.parametrize("reason", [WithdrawReason.CALLER_GONE, WithdrawReason.OTHER], ids=lambda one: one.name)
def test_withdrawal_for_another_reason_keeps_the_place_in_line(reason: WithdrawReason):
    """A caller who hung up is nobody's fault: no miss, no hold-off, and the person is as long in line as before."""
    person = on_offer()
    waited_since = person.state.idle_since
    person.claim_withdrawn(reason=reason)
    assert (person.state.idle_since, person.state.hold_off, person.state.misses) == (waited_since, None, 0)


def test_unreachable_phone_goes_to_the_end_of_the_line_without_a_miss():
    """A phone that cannot be reached is not tried again and again while others wait, and nobody is blamed for it."""
    person = on_offer()
    person.claim_withdrawn(reason=WithdrawReason.UNREACHABLE)
    assert (person.state.idle_since, person.state.passed_over_at, person.state.misses) == (person.now, person.now, 0)


def test_longer_hold_off_goes_on():
    """A shorter hold-off does not cut a longer one."""
    person = on_offer(hold_off_after_decline=seconds(60))
    person.declines()
    held_off = person.state.hold_off
    person.wait(1)
    offer = Offer("k2", "c2", person.now, later(person.now, 20), Direction.INBOUND)
    person.state = replace(person.state, offer=offer)
    person.claim_withdrawn("k2", WithdrawReason.UNREACHABLE)
    assert person.state.hold_off == held_off


@pytest.mark.parametrize("kind", HoldOffKind, ids=lambda one: one.name)
def test_own_change_to_available_ends_a_hold_off_but_not_that_of_a_dead_phone(kind: HoldOffKind):
    """Who says to be there is asked again at once; a phone that cannot be reached is not mended by saying so."""
    name, happens = AFTER[kind]
    person = on_offer(**{name: seconds(40)})
    happens(person)
    person.chooses(Status.BUSY)
    person.chooses(Status.AVAILABLE)
    assert (person.state.hold_off is not None) is (kind is HoldOffKind.UNREACHABLE)


@pytest.mark.parametrize("kind", HoldOffKind, ids=lambda one: one.name)
def test_reset_ends_every_hold_off(kind: HoldOffKind):
    """A reset is for when something is stuck: nothing is held off after it."""
    name, happens = AFTER[kind]
    person = on_offer(**{name: seconds(40)})
    happens(person)
    person.is_reset()
    assert (person.state.hold_off, person.state.misses, person.state.capabilities.assign_inbound) == (None, 0, True)


# --- misses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.BUSY, Status.ON_BREAK], ids=lambda one: one.name)
def test_supervisors_change_starts_the_count_anew(status: Status):
    """After a supervisor's change, whatever it is, misses count from the beginning."""
    person = on_offer()
    person.declines()
    person.is_forced(status)
    assert person.state.misses == 0


def test_answered_call_starts_the_count_anew():
    """Who answers shows to be there."""
    person = on_offer()
    person.declines()
    person.is_claimed("k2", "c2", direction=Direction.OUTBOUND)
    person.accepts("k2")
    assert person.state.misses == 0


def test_offer_that_ran_out_while_no_server_ran_is_no_miss():
    """Nobody could answer it: it ends EXPIRED, and neither misses nor the place in line nor a hold-off tell of it."""
    person = on_offer(hold_off_after_miss=seconds(30), no_answer_misses=1)
    waited_since = person.state.idle_since
    (change,) = person.service_is_down(60)
    assert (change.cause, change.ended_offer) == (Cause.NO_ANSWER, EndedOffer("k1", "c1", OfferEnd.EXPIRED))
    assert (person.status, person.state.misses, person.state.hold_off) == (Status.AVAILABLE, 0, None)
    assert person.state.idle_since == waited_since


def test_offer_that_runs_out_after_the_server_came_back_is_a_miss():
    """An offer that outlives the time without a server is the person's to answer again."""
    person = on_offer()
    assert person.service_is_down(10) == []
    person.wait(10)
    assert person.state.misses == 1


def test_answered_elsewhere_is_no_miss():
    """An offer that somebody else answers ends without a miss, and the place in line is kept."""
    person = on_offer()
    waited_since = person.state.idle_since
    change = person.is_answered_elsewhere()
    assert change is not None
    assert (change.cause, change.ended_offer) == (Cause.ANSWERED_ELSEWHERE, EndedOffer("k1", "c1", OfferEnd.ELSEWHERE))
    assert (person.state.misses, person.state.idle_since, person.state.hold_off) == (0, waited_since, None)
    assert person.is_answered_elsewhere() is None


def test_no_answer_none_still_puts_last_in_line():
    """Without a no-answer status the one who let a call pass is last in both orders."""
    person = on_offer(no_answer_status=NoAnswerStatus.NONE, no_answer_misses=1)
    person.declines()
    assert (person.status, person.state.idle_since, person.state.passed_over_at) == (Status.AVAILABLE, person.now, person.now)


# --- the last call ----------------------------------------------------------------------------------------------------


def test_last_call_ended_is_noted_with_the_last_call_of_an_engagement():
    """Only the last of several calls notes its end; a later engagement notes anew."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    person.call_starts("c2")
    person.call_ends("c1")
    assert person.state.last_call_ended_at is None
    person.wait(5)
    person.call_ends("c2")
    assert person.state.last_call_ended_at == person.now


def test_calls_that_a_supervisor_drops_have_ended():
    """A supervisor's change at once ends the calls."""
    person = in_status(Status.IN_LINE)
    person.is_forced(Status.BUSY, immediately=True)
    assert person.state.last_call_ended_at == person.now


def test_reset_forgets_the_last_call():
    """After a reset it is as if there had been no calls."""
    person = in_wrap_up()
    person.call_starts("c2")
    person.is_reset()
    assert person.state.last_call_ended_at is None


# --- answered elsewhere -----------------------------------------------------------------------------------------------


def _answers(person: Person, command: commands.Command) -> list[Answered]:
    before = person.state
    person.does(command)
    return answered(before, person.state, command)


def _start(call_id: str = "c1", direction: Direction | None = None) -> commands.CallStarted:
    return commands.CallStarted(commands.SourceCall(call_id, direction), "pbx", BY_ROUTER)


def test_who_accepts_answers():
    """An accepted offer answers its call, whatever its direction."""
    assert _answers(on_offer(), commands.AcceptOffer("k1", BY_STAFF)) == [Answered("c1", "", None)]


def test_who_is_reported_in_a_call_answers_it():
    """So does whoever telephony puts into it, by a start or by a list."""
    person = in_status(Status.AVAILABLE)
    assert _answers(person, _start("c1", Direction.TRANSFER)) == [Answered("c1", "pbx", Direction.TRANSFER)]
    listed = (commands.SourceCall("c1"), commands.SourceCall("c2"))
    assert _answers(person, commands.ReconcileCalls("pbx", listed, BY_ROUTER)) == [Answered("c2", "pbx", None)]


def test_who_is_in_the_call_already_answers_nothing():
    """A confirmation and a further leg of a call that somebody is in are no answer to its offers."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", leg="a")
    assert _answers(person, _start()) == []
    assert _answers(person, commands.CallStarted(commands.SourceCall("c1", None, leg="b"), "pbx", BY_ROUTER)) == []


def test_who_dials_answers_nothing():
    """The one who calls is not the one who is called."""
    assert _answers(in_status(Status.BUSY), commands.PlaceCall("c1", Direction.INTERNAL, "pbx", BY_STAFF)) == []


def test_facts_that_are_not_applied_answer_nothing():
    """A late start of a call that has ended ends nobody's offer."""
    person = in_status(Status.AVAILABLE)
    person.call_ends("c1")
    assert _answers(person, _start()) == []


@pytest.mark.parametrize(
    ("offered", "said", "ended"),
    [
        (Direction.INBOUND, Direction.INBOUND, True),
        (Direction.INBOUND, Direction.INTERNAL, True),
        (Direction.INBOUND, None, True),
        (Direction.OUTBOUND, Direction.OUTBOUND, True),
        (Direction.TRANSFER, Direction.TRANSFER, True),
        (Direction.TRANSFER, None, True),
        (Direction.TRANSFER, Direction.INBOUND, False),
        (Direction.TRANSFER, Direction.OUTBOUND, False),
        (Direction.INTERNAL, Direction.INTERNAL, True),
        (Direction.INTERNAL, Direction.OUTBOUND, False),
    ],
)
def test_a_late_word_of_the_one_who_hands_over_ends_no_offer(offered: Direction, said: Direction | None, ended: bool):
    """The one who hands a call over has it as another direction than the one who takes it."""
    offer = Offer("k1", "c1", Instant(0), Instant(1), offered)
    assert ends(offer, Answered("c1", "pbx", said)) is ended


@pytest.mark.parametrize(("offered", "source", "ended"), [("", "pbx", True), ("pbx", "", True), ("pbx", "other", False)])
def test_two_sources_may_use_one_call_id(offered: str, source: str, ended: bool):
    """An offer of one source's call does not end with another source's call of the same id; an empty source may be any."""
    offer = Offer("k1", "c1", Instant(0), Instant(1), Direction.INBOUND, offered)
    assert ends(offer, Answered("c1", source, None)) is ended
    assert not ends(offer, Answered("c2", offered, None))


def test_call_of_another_source_with_the_same_id_is_another_call():
    """Who is in the one source's call and comes into the other's answers that one."""
    before = in_status(Status.AVAILABLE)
    before.call_starts("c1", source="pbx-a")
    command = commands.CallStarted(commands.SourceCall("c1"), "pbx-b", BY_ROUTER)
    assert _answers(before, command) == [Answered("c1", "pbx-b", None)]


def test_call_by_claim_keeps_no_direction_of_the_fact():
    """A start that answers an offer answers the call whatever direction telephony gives it."""
    person = on_offer()
    found = _answers(person, _start("c1", Direction.OUTBOUND))
    assert found == [Answered("c1", "pbx", None)]
