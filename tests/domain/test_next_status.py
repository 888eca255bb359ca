"""The next choice: set in a call or after-call work, applied when both are over, cleared by what makes it void."""

import pytest
from domain_builders import BY_STAFF, chosen, in_status, in_wrap_up

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import (
    BreakReasonDisabledError,
    BreakReasonUnknownError,
    InvalidFieldsError,
    TransitionRefusedError,
)
from onduty_server.domain.model.policy import ReturnTo
from onduty_server.domain.model.state import Choice
from onduty_server.domain.model.status import CHOOSABLE, Cause, Status
from onduty_server.domain.rules.requests import CHANGE_TO

CHOICES = pytest.mark.parametrize("status", sorted(CHOOSABLE), ids=lambda status: status.name)


@CHOICES
def test_next_choice_applies_after_wrap_up(status: Status):
    """A next choice set in the call waits for the wrap-up and applies at its end."""
    person = in_status(Status.IN_LINE)
    person.sets_next(status)
    person.call_ends("c0")
    assert (person.status, person.state.next) == (Status.AFTER_CALL_WORK, chosen(status))
    (change,) = person.wait(30)
    assert (person.state.choice, person.state.next) == (chosen(status), None)
    assert (person.status, change.cause) == (status, Cause.WRAP_UP_ENDED)


@CHOICES
def test_next_choice_applies_at_the_calls_end_without_wrap_up(status: Status):
    """Where there is no wrap-up the next choice applies as the last call ends."""
    person = in_status(Status.IN_LINE, wrap_up_enabled=False)
    person.sets_next(status)
    person.call_ends("c0")
    assert (person.status, person.state.next) == (status, None)


def test_next_choice_goes_before_the_return_rule():
    """A next choice applies whatever the policy's return is."""
    person = in_status(Status.IN_LINE, return_to=ReturnTo.PRE_CALL)
    person.sets_next(Status.BUSY)
    person.call_ends("c0")
    person.wait(30)
    assert person.status is Status.BUSY


def test_next_choice_set_in_wrap_up():
    """A next choice can still be set in after-call work, and leaves the countdown as it is."""
    person = in_wrap_up()
    person.sets_next(Status.ON_BREAK, "lunch")
    person.wait(30)
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, "lunch")


def test_last_next_choice_counts():
    """A next choice replaces the one before it."""
    person = in_status(Status.IN_LINE)
    person.sets_next(Status.BUSY)
    person.sets_next(Status.OFFLINE)
    assert person.state.next == chosen(Status.OFFLINE)


def test_same_next_choice_changes_nothing():
    """Setting the next choice that is set already changes nothing."""
    person = in_status(Status.IN_LINE)
    person.sets_next(Status.ON_BREAK)
    assert person.sets_next(Status.ON_BREAK) is None


def test_cleared_next_choice_does_not_apply():
    """A next choice that was taken back leaves the return rule."""
    person = in_status(Status.IN_LINE)
    person.sets_next(Status.BUSY)
    person.does(commands.ClearNextStatus(BY_STAFF))
    person.call_ends("c0")
    person.wait(30)
    assert person.status is Status.AVAILABLE


def test_next_choice_outlives_a_second_call():
    """A call that begins in after-call work puts the next choice off to its own end."""
    person = in_wrap_up()
    person.sets_next(Status.BUSY)
    person.places("c1")
    assert person.state.next == chosen(Status.BUSY)
    person.call_ends("c1")
    person.wait(30)
    assert person.status is Status.BUSY


def test_back_to_reception_clears_the_next_choice():
    """Back to reception is AVAILABLE, whatever was to come next."""
    person = in_wrap_up()
    person.sets_next(Status.OFFLINE)
    person.goes_back_to_reception()
    assert (person.status, person.state.next) == (Status.AVAILABLE, None)


def test_own_choice_clears_the_next_choice():
    """Another status chosen in after-call work goes before the next choice."""
    person = in_wrap_up()
    person.sets_next(Status.OFFLINE)
    person.chooses(Status.BUSY)
    assert (person.status, person.state.next) == (Status.BUSY, None)


def test_next_choice_applies_after_a_call_in_offline():
    """A next choice set in a call that came while OFFLINE signs the person in at the call's end, without wrap-up."""
    person = in_status(Status.OFFLINE)
    person.call_starts("c1")
    person.sets_next(Status.BUSY)
    person.call_ends("c1")
    assert (person.status, person.state.wrap_up, person.state.next) == (Status.BUSY, None, None)


def test_next_break_begins_when_it_applies():
    """The limit of a next break counts from when the break begins."""
    person = in_status(Status.IN_LINE, wrap_up_enabled=False)
    person.sets_next(Status.ON_BREAK, "lunch")
    assert person.state.break_ends_at is None
    person.wait(600)
    person.call_ends("c0")
    assert person.state.break_ends_at == person.now + person.rules.break_reasons["lunch"].limit


@pytest.mark.parametrize("status", [Status.IN_LINE, Status.AFTER_CALL_WORK], ids=lambda status: status.name)
def test_system_statuses_cannot_be_next(status: Status):
    """A status that only the system sets cannot be the next choice."""
    error = in_status(Status.IN_LINE).refuses(commands.SetNextStatus(Choice(status), BY_STAFF), TransitionRefusedError)
    assert error.requested is CHANGE_TO[status]


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        (Choice(Status.ON_BREAK), InvalidFieldsError),
        (Choice(Status.BUSY, "coffee"), InvalidFieldsError),
        (Choice(Status.ON_BREAK, "unheard-of"), BreakReasonUnknownError),
        (Choice(Status.ON_BREAK, "training"), BreakReasonDisabledError),
    ],
)
def test_next_choice_needs_a_choosable_reason(choice: Choice, error):
    """A next choice is held to the catalogue like any other choice."""
    in_status(Status.IN_LINE).refuses(commands.SetNextStatus(choice, BY_STAFF), error)
