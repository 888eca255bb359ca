"""After-call work: when it begins, how it ends, what stops it, what bounds it, and where it leads."""

import pytest
from domain_builders import Person, in_status, in_wrap_up, later

from onduty_server.domain.model.policy import ReturnTo
from onduty_server.domain.model.state import WrapUp
from onduty_server.domain.model.status import Cause, Direction, Status, seconds
from onduty_server.domain.rules.deadlines import next_deadline


def _after_a_call(direction: Direction = Direction.INBOUND, *, before: Status = Status.AVAILABLE, **policy) -> Person:
    """A person whose call of this direction ended this instant, 60 s after it began."""
    person = in_status(before, **policy)
    person.call_starts("c1", direction)
    person.wait(60)
    person.call_ends("c1")
    return person


# --- it begins --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", Direction, ids=lambda direction: direction.name)
def test_wrap_up_follows_every_direction_by_default(direction: Direction):
    """By default every call is followed by 30 s of after-call work."""
    person = _after_a_call(direction)
    assert person.status is Status.AFTER_CALL_WORK
    assert person.state.wrap_up == WrapUp("c1", person.now, later(person.now, 30))


@pytest.mark.parametrize("direction", Direction, ids=lambda direction: direction.name)
def test_policy_names_the_directions(direction: Direction):
    """A call is followed by wrap-up only where the policy has it for its direction."""
    person = _after_a_call(direction, wrap_up_directions=frozenset({Direction.INBOUND}))
    expected = Status.AFTER_CALL_WORK if direction is Direction.INBOUND else Status.AVAILABLE
    assert person.status is expected


@pytest.mark.parametrize("ends", [("c1", "c2"), ("c2", "c1")])
def test_consultation_that_ends_last_does_not_take_the_wrap_up(ends):
    """A customer's call that owes a wrap-up gets it, whichever of the engagement's calls ends last."""
    person = in_status(Status.AVAILABLE, wrap_up_directions=frozenset({Direction.INBOUND}))
    person.call_starts("c1", Direction.INBOUND)
    person.call_starts("c2", Direction.INTERNAL)
    for call_id in ends:
        person.call_ends(call_id)
    assert person.status is Status.AFTER_CALL_WORK
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.call_id == "c1"


def test_both_ended_by_a_reconciliation_owe_the_same():
    """A reconciliation that ends customer and consultation at once is followed by the customer's wrap-up."""
    person = in_status(Status.AVAILABLE, wrap_up_directions=frozenset({Direction.INBOUND}))
    person.call_starts("c1", Direction.INBOUND)
    person.call_starts("c2", Direction.INTERNAL)
    person.reconciled()
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.call_id == "c1"


@pytest.mark.parametrize("policy", [{}, {"wrap_up_directions": frozenset({Direction.INBOUND})}])
def test_open_ended_wrap_up_stays_open_over_a_call(policy):
    """Who said that the wrap-up goes on has it back after a call in between, without a countdown."""
    person = in_wrap_up(**policy)
    person.continues()
    person.places("c2", Direction.INTERNAL)
    assert person.status is Status.IN_LINE
    person.wait(60)
    person.call_ends("c2")
    assert person.status is Status.AFTER_CALL_WORK
    assert person.state.wrap_up is not None
    assert (person.state.wrap_up.call_id, person.state.wrap_up.ends_at) == ("c0", None)


def test_interrupted_wrap_up_goes_on_with_what_it_had_left():
    """A call that owes no wrap-up leaves the interrupted one what it had left."""
    person = in_wrap_up(wrap_up_directions=frozenset({Direction.INBOUND}))
    person.wait(10)
    person.places("c2", Direction.INTERNAL)
    person.wait(60)
    person.call_ends("c2")
    assert person.state.wrap_up == WrapUp("c0", person.now, later(person.now, 20))


def test_wrap_up_that_is_owed_is_not_shorter_than_what_was_interrupted():
    """The wrap-up of a call that interrupted another one lasts for both."""
    person = in_wrap_up(wrap_up_countdown=seconds(100))
    person.places("c2", Direction.OUTBOUND)
    person.under(wrap_up_countdown=seconds(30))
    person.call_ends("c2")
    assert person.state.wrap_up == WrapUp("c2", person.now, later(person.now, 100))


def test_cap_of_an_interrupted_wrap_up_goes_on():
    """An open-ended wrap-up that is capped has what was left of its cap after a call in between."""
    person = in_wrap_up(wrap_up_cap=seconds(90))
    person.continues()
    person.wait(40)
    person.places("c2", Direction.INTERNAL)
    person.wait(10)
    person.call_ends("c2")
    assert person.state.wrap_up == WrapUp("c0", person.now, None, later(person.now, 50))


@pytest.mark.parametrize("clear", [Person.is_reset, lambda person: person.is_forced(Status.BUSY, immediately=True)])
def test_supervisor_clears_an_interrupted_wrap_up(clear):
    """What a reset or a forced status clears does not come back after the next call."""
    person = in_wrap_up(wrap_up_directions=frozenset({Direction.INBOUND}))
    person.places("c2", Direction.INTERNAL)
    clear(person)
    assert (person.state.interrupted, person.state.owed, person.state.wrap_up) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "status"), [(True, Status.AFTER_CALL_WORK), (None, Status.AFTER_CALL_WORK), (False, Status.AVAILABLE)]
)
def test_unanswered_call_has_no_wrap_up_where_the_policy_says_so(told, status: Status):
    """By policy a dialled call that nobody answered is not wrapped up; the end tells whether it was."""
    person = in_status(Status.AVAILABLE, wrap_up_unanswered=False)
    person.places("c1")
    person.call_ends("c1", answered=told)
    assert person.status is status


def test_call_that_was_answered_stays_so():
    """A late word that a call was not answered does not take the wrap-up of one that was."""
    person = in_status(Status.AVAILABLE, wrap_up_unanswered=False)
    person.call_starts("c1", Direction.OUTBOUND, answered=True)
    person.call_ends("c1", answered=False)
    assert person.status is Status.AFTER_CALL_WORK


def test_countdown_is_the_policys():
    """The policy sets the countdown."""
    person = _after_a_call(wrap_up_countdown=seconds(5))
    assert person.state.wrap_up == WrapUp("c1", person.now, later(person.now, 5))


def test_disabled_wrap_up_returns_at_once():
    """Without wrap-up the return rule applies with the change that ended the call."""
    person = _after_a_call(before=Status.BUSY, wrap_up_enabled=False)
    assert (person.status, person.state.wrap_up) == (Status.AVAILABLE, None)
    assert person.last.cause is Cause.CALL_ENDED
    assert person.last.previous_status is Status.IN_LINE


def test_no_wrap_up_for_those_who_chose_offline():
    """A call in OFFLINE leads back to OFFLINE, without wrap-up."""
    person = _after_a_call(before=Status.OFFLINE)
    assert (person.status, person.state.wrap_up) == (Status.OFFLINE, None)


# --- it ends ----------------------------------------------------------------------------------------------------------


def test_countdown_ends_in_available():
    """When the countdown is over the person is AVAILABLE, at that very instant."""
    person = in_wrap_up()
    began = person.now
    (change,) = person.wait(30)
    assert person.status is Status.AVAILABLE
    assert (change.cause, change.call_id, change.changed_at) == (Cause.WRAP_UP_ENDED, "c0", later(began, 30))
    assert change.time_in_previous == seconds(30)


@pytest.mark.parametrize("before", [Status.AVAILABLE, Status.BUSY, Status.ON_BREAK], ids=lambda status: status.name)
def test_return_to_available_whatever_was_before(before: Status):
    """The default return is AVAILABLE, wherever the person came from."""
    person = _after_a_call(before=before)
    person.wait(30)
    assert person.state.choice.status is Status.AVAILABLE


@pytest.mark.parametrize("before", [Status.AVAILABLE, Status.BUSY, Status.ON_BREAK], ids=lambda status: status.name)
@pytest.mark.parametrize("wrap_up_enabled", [True, False], ids=["after wrap-up", "at once"])
def test_return_to_the_choice_before_the_call(before: Status, wrap_up_enabled):
    """Where the policy says so, the person returns to the choice held before the call, with its break reason."""
    person = _after_a_call(before=before, wrap_up_enabled=wrap_up_enabled, return_to=ReturnTo.PRE_CALL)
    person.wait(30)
    assert person.status is before
    assert person.state.break_reason == ("coffee" if before is Status.ON_BREAK else "")


def test_back_to_reception_is_available_under_every_policy():
    """Back to reception means AVAILABLE, also where the policy returns to the choice before the call."""
    person = _after_a_call(before=Status.BUSY, return_to=ReturnTo.PRE_CALL)
    person.goes_back_to_reception()
    assert (person.status, person.state.wrap_up) == (Status.AVAILABLE, None)


def test_back_to_reception_out_of_open_ended_wrap_up():
    """Back to reception ends a wrap-up whose countdown was stopped."""
    person = in_wrap_up()
    person.continues()
    person.wait(3600)
    person.goes_back_to_reception()
    assert person.status is Status.AVAILABLE
    assert person.last.time_in_previous == seconds(3600)


def test_own_choice_ends_wrap_up():
    """Another status chosen in after-call work applies at once; the countdown is gone."""
    person = in_wrap_up()
    person.chooses(Status.ON_BREAK)
    assert person.status is Status.ON_BREAK
    assert next_deadline(person.state) is None


def test_call_in_after_call_work_ends_wrap_up():
    """A call that begins in after-call work ends the wrap-up; after it comes a wrap-up of its own."""
    person = in_wrap_up()
    person.wait(10)
    person.places("c1")
    assert person.state.wrap_up is None
    person.wait(100)
    person.call_ends("c1")
    assert person.state.wrap_up == WrapUp("c1", person.now, later(person.now, 30))


# --- it is continued --------------------------------------------------------------------------------------------------


def test_continuing_stops_the_countdown():
    """A continued wrap-up is open-ended: it keeps its call and its beginning, and nothing ends it."""
    person = in_wrap_up()
    began = person.now
    person.wait(29)
    change = person.continues()
    assert change is not None
    assert person.state.wrap_up == WrapUp("c0", began, None, None)
    assert change.call_id == "c0"
    assert person.wait(7 * 24 * 3600) == []
    assert person.status is Status.AFTER_CALL_WORK


def test_continuing_again_changes_nothing():
    """There is nothing more to stop in an open-ended wrap-up."""
    person = in_wrap_up()
    person.continues()
    assert person.continues() is None


def test_cap_bounds_an_open_ended_wrap_up():
    """The cap counts from the beginning of the wrap-up and ends it as the countdown would have."""
    person = in_wrap_up(wrap_up_cap=seconds(300))
    began = person.now
    person.wait(20)
    person.continues()
    assert person.state.wrap_up == WrapUp("c0", began, None, later(began, 300))
    (change,) = person.wait(280)
    assert (person.status, change.cause) == (Status.AVAILABLE, Cause.WRAP_UP_ENDED)
    assert change.time_in_previous == seconds(300)


def test_continuing_again_does_not_move_the_cap():
    """The cap cannot be put off by continuing again."""
    person = in_wrap_up(wrap_up_cap=seconds(300))
    person.continues()
    person.wait(200)
    assert person.continues() is None
    person.wait(100)
    assert person.status is Status.AVAILABLE


def test_cap_shorter_than_the_countdown_does_not_shorten_it():
    """Continuing never ends a wrap-up sooner than the countdown it stopped."""
    person = in_wrap_up(wrap_up_cap=seconds(10))
    began = person.now
    person.continues()
    assert person.state.wrap_up == WrapUp("c0", began, None, later(began, 30))


def test_cap_does_not_bound_the_countdown():
    """The cap is for open-ended wrap-up only."""
    person = in_wrap_up(wrap_up_cap=seconds(10))
    person.wait(29)
    assert person.status is Status.AFTER_CALL_WORK
