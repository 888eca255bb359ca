"""What supervisors do: set a choice in any status, at once or after the call, and reset a stuck person."""

import pytest
from domain_builders import BY_SUPERVISOR, chosen, in_status, in_wrap_up, on_offer

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import EndedOffer
from onduty_server.domain.model.errors import (
    BreakReasonDisabledError,
    BreakReasonUnknownError,
    InvalidFieldsError,
    TransitionRefusedError,
)
from onduty_server.domain.model.policy import NO_ANSWER_REASON
from onduty_server.domain.model.state import Choice
from onduty_server.domain.model.status import CHOOSABLE, ActorRole, Cause, OfferEnd, Status
from onduty_server.domain.rules.requests import CHANGE_TO

CHOICES = pytest.mark.parametrize("target", sorted(CHOOSABLE), ids=lambda status: status.name)
NOT_IN_LINE = [status for status in Status if status is not Status.IN_LINE]


# --- force ------------------------------------------------------------------------------------------------------------


@CHOICES
@pytest.mark.parametrize("status", NOT_IN_LINE, ids=lambda status: status.name)
def test_forced_choice_applies_at_once(status: Status, target: Status):
    """Outside a call a forced choice applies at once, in after-call work too; what is so already changes nothing."""
    person = in_status(status)
    change = person.is_forced(target)
    assert (change is None) is (status is target)
    assert (person.status, person.state.choice, person.state.wrap_up) == (target, chosen(target), None)


def test_forced_change_names_the_supervisor_and_the_note():
    """The change says who forced it and why."""
    person = in_status(Status.AVAILABLE)
    change = person.is_forced(Status.BUSY)
    assert change is not None
    assert (change.cause, change.actor.role, change.note) == (Cause.SUPERVISOR, ActorRole.SUPERVISOR, "why")


@CHOICES
def test_forced_choice_waits_for_the_call(target: Status):
    """In a call a forced choice becomes the next choice and applies when call and wrap-up are over."""
    person = in_status(Status.IN_LINE)
    person.is_forced(target)
    assert (person.status, person.state.next) == (Status.IN_LINE, chosen(target))
    person.call_ends("c0")
    person.wait(30)
    assert person.status is target


def test_same_forced_choice_again_changes_nothing():
    """Forcing what waits for the call's end already changes nothing."""
    person = in_status(Status.IN_LINE)
    person.is_forced(Status.OFFLINE)
    assert person.is_forced(Status.OFFLINE) is None


@CHOICES
def test_forced_at_once_drops_the_calls(target: Status):
    """At once, the calls are dropped from the record and the choice applies, without wrap-up."""
    person = in_status(Status.IN_LINE)
    person.call_starts("c1")
    person.sets_next(Status.BUSY)
    person.is_forced(target, immediately=True)
    assert (person.status, person.call_ids(), person.state.wrap_up, person.state.next) == (target, [], None, None)
    assert not person.state.ended_legs


def test_report_of_a_dropped_calls_end_moves_nothing():
    """When telephony reports the end of a call that was dropped, nothing follows."""
    person = in_status(Status.IN_LINE)
    person.is_forced(Status.BUSY, immediately=True)
    assert person.call_ends("c0") is None
    assert person.status is Status.BUSY


def test_at_once_outside_a_call_is_the_same():
    """Without a call there is nothing to drop."""
    person = in_status(Status.AVAILABLE)
    person.is_forced(Status.BUSY, immediately=True)
    assert person.status is Status.BUSY


def test_force_to_the_present_choice_leaves_the_offer():
    """Forcing AVAILABLE on somebody who is AVAILABLE changes nothing, the offer included."""
    person = on_offer()
    assert person.is_forced(Status.AVAILABLE) is None
    assert person.state.offer is not None


def test_forced_available_out_of_the_no_answer_break():
    """A supervisor brings somebody back whom missed offers put on a break."""
    person = on_offer(no_answer_misses=1)
    person.declines()
    assert person.state.break_reason == NO_ANSWER_REASON
    person.is_forced(Status.AVAILABLE)
    assert person.status is Status.AVAILABLE


@pytest.mark.parametrize("immediately", [False, True])
@pytest.mark.parametrize("target", [Status.IN_LINE, Status.AFTER_CALL_WORK], ids=lambda status: status.name)
def test_system_statuses_cannot_be_forced(target: Status, immediately):
    """A status that only the system sets cannot be forced, in no status."""
    for status in Status:
        command = commands.ForceStatus(Choice(target), immediately, BY_SUPERVISOR)
        error = in_status(status).refuses(command, TransitionRefusedError)
        assert error.requested is CHANGE_TO[target]


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        (Choice(Status.ON_BREAK), InvalidFieldsError),
        (Choice(Status.AVAILABLE, "coffee"), InvalidFieldsError),
        (Choice(Status.ON_BREAK, "unheard-of"), BreakReasonUnknownError),
        (Choice(Status.ON_BREAK, "training"), BreakReasonDisabledError),
        (Choice(Status.ON_BREAK, NO_ANSWER_REASON), BreakReasonDisabledError),
    ],
)
def test_forced_break_needs_a_choosable_reason(choice: Choice, error):
    """A forced choice is one that staff could make: the catalogue holds for it too."""
    in_status(Status.IN_LINE).refuses(commands.ForceStatus(choice, immediately=True, origin=BY_SUPERVISOR), error)


# --- reset ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.OFFLINE, Status.AVAILABLE, Status.BUSY, Status.ON_BREAK], ids=lambda s: s.name)
def test_reset_of_somebody_who_is_not_stuck_changes_nothing(status: Status):
    """Where there is nothing to clear, a reset changes nothing."""
    assert in_status(status).is_reset() is None


@pytest.mark.parametrize("status", [Status.OFFLINE, Status.AVAILABLE, Status.BUSY, Status.ON_BREAK], ids=lambda s: s.name)
def test_reset_clears_calls_and_keeps_the_choice(status: Status):
    """Out of any number of calls a reset leads to the choice, without wrap-up."""
    person = in_status(status)
    person.call_starts("c1")
    person.call_starts("c2")
    change = person.is_reset()
    assert change is not None
    assert (person.status, person.state.choice, person.call_ids()) == (status, chosen(status), [])
    assert (change.cause, change.actor.role) == (Cause.RESET, ActorRole.SUPERVISOR)


def test_reset_clears_wrap_up():
    """Out of after-call work a reset leads to the choice at once."""
    person = in_wrap_up()
    person.continues()
    person.is_reset()
    assert (person.status, person.state.wrap_up) == (Status.AVAILABLE, None)


def test_reset_clears_the_offer():
    """An outstanding offer is withdrawn by a reset, which says so."""
    person = on_offer()
    change = person.is_reset()
    assert change is not None
    assert (person.status, person.state.offer) == (Status.AVAILABLE, None)
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.SUPERSEDED)


def test_reset_clears_the_next_choice():
    """What was to come after the call goes with the call."""
    person = in_status(Status.IN_LINE)
    person.sets_next(Status.OFFLINE)
    person.is_reset()
    assert (person.status, person.state.next) == (Status.AVAILABLE, None)


def test_reset_clears_the_misses():
    """A repaired person starts with no misses."""
    person = on_offer()
    person.declines()
    person.is_reset()
    assert person.state.misses == 0


def test_call_told_again_after_a_reset_is_a_new_call():
    """A reset clears the record; who still talks is in line as soon as telephony says so."""
    person = in_status(Status.IN_LINE)
    person.is_reset()
    person.call_starts("c0")
    assert (person.status, person.call_ids()) == (Status.IN_LINE, ["c0"])
