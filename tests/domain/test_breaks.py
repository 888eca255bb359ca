"""Breaks: the reason a break needs, its limit, the overdue mark, and what the policy makes of it."""

import pytest
from domain_builders import BY_STAFF, LUNCH_LIMIT_SECONDS, REASONS, Person, in_status, later

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import BreakReasonDisabledError, BreakReasonUnknownError, InvalidFieldsError
from onduty_server.domain.model.policy import NO_ANSWER_REASON, BreakLimitAction, BreakReason, Policy, ReturnTo, Rules
from onduty_server.domain.model.state import BREAKS_LEFT_MOST, Choice
from onduty_server.domain.model.status import ActorRole, Cause, Status, seconds


def _at_lunch(**policy) -> Person:
    """A person whose lunch, which has a limit, began this instant."""
    person = in_status(Status.AVAILABLE, **policy)
    person.chooses(Status.ON_BREAK, "lunch")
    return person


# --- the reason -------------------------------------------------------------------------------------------------------


def test_break_needs_a_reason():
    """ON_BREAK without a reason is refused for the field."""
    error = Person().refuses(commands.ChangeStatus(Choice(Status.ON_BREAK), BY_STAFF), InvalidFieldsError)
    assert [violation.field for violation in error.violations] == ["choice.break_reason"]


@pytest.mark.parametrize("status", [Status.OFFLINE, Status.AVAILABLE, Status.BUSY], ids=lambda status: status.name)
def test_other_statuses_refuse_a_reason(status: Status):
    """Any other status refuses a reason, also where it would change nothing."""
    for person in (in_status(status), in_status(Status.ON_BREAK)):
        error = person.refuses(commands.ChangeStatus(Choice(status, "coffee"), BY_STAFF), InvalidFieldsError)
        assert [violation.field for violation in error.violations] == ["choice.break_reason"]


def test_unknown_reason_is_refused():
    """A reason that is not in the catalogue is refused by its code."""
    error = Person().refuses(commands.ChangeStatus(Choice(Status.ON_BREAK, "nap"), BY_STAFF), BreakReasonUnknownError)
    assert error.code == "nap"


def test_disabled_reason_is_refused():
    """A reason that the tenant disabled cannot be chosen."""
    error = Person().refuses(commands.ChangeStatus(Choice(Status.ON_BREAK, "training"), BY_STAFF), BreakReasonDisabledError)
    assert error.code == "training"


@pytest.mark.parametrize("catalogue", [{}, {NO_ANSWER_REASON: BreakReason(NO_ANSWER_REASON)}], ids=["default", "updated"])
def test_built_in_reason_cannot_be_chosen(catalogue):
    """The reason for missed offers is the service's own, whatever the catalogue holds."""
    person = Person(under=Rules(break_reasons=catalogue))
    person.refuses(commands.ChangeStatus(Choice(Status.ON_BREAK, NO_ANSWER_REASON), BY_STAFF), BreakReasonDisabledError)


def test_leaving_a_break_whose_reason_was_removed():
    """A break outlives its reason: it runs on, and can be left."""
    person = in_status(Status.ON_BREAK)
    person.rules = Rules(person.rules.policy, {})
    assert person.told_policy() is None
    assert person.state.break_reason == "coffee"
    person.chooses(Status.AVAILABLE)
    assert person.status is Status.AVAILABLE


def test_returning_to_a_break_whose_reason_was_removed():
    """A break that the return rule leads back to needs no reason in the catalogue any more, and keeps its limit."""
    person = _at_lunch(return_to=ReturnTo.PRE_CALL, wrap_up_enabled=False)
    due = person.state.break_ends_at
    person.places()
    person.rules = Rules(person.rules.policy, {})
    person.call_ends()
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, "lunch")
    assert person.state.break_ends_at == due


# --- the limit --------------------------------------------------------------------------------------------------------


def test_limit_counts_from_the_breaks_beginning():
    """A break whose reason has a limit ends its allowance so long after it began."""
    person = _at_lunch()
    assert person.state.break_ends_at == later(person.now, LUNCH_LIMIT_SECONDS)
    assert not person.state.overdue


def test_reason_without_a_limit_has_no_deadline():
    """A break whose reason has no limit never becomes overdue."""
    person = in_status(Status.ON_BREAK)
    assert person.state.break_ends_at is None
    assert person.wait(24 * 3600) == []
    assert not person.state.overdue


def test_break_over_its_limit_is_overdue():
    """Over its limit a break is marked overdue, by a change of its own; the status stays."""
    person = _at_lunch()
    due = person.state.break_ends_at
    (change,) = person.wait(LUNCH_LIMIT_SECONDS + 10)
    assert (person.status, person.state.overdue, person.state.break_ends_at) == (Status.ON_BREAK, True, None)
    assert (change.cause, change.actor.role, change.changed_at) == (Cause.BREAK_LIMIT, ActorRole.SYSTEM, due)
    assert change.time_in_previous is None


def test_overdue_is_said_once():
    """An overdue break makes no further change."""
    person = _at_lunch()
    person.wait(LUNCH_LIMIT_SECONDS)
    assert person.wait(24 * 3600) == []


def test_policy_signs_out_the_overdue():
    """Where the policy says so, a break over its limit ends in OFFLINE."""
    person = _at_lunch(break_limit_action=BreakLimitAction.OFFLINE)
    (change,) = person.wait(LUNCH_LIMIT_SECONDS)
    assert (person.status, person.state.choice.status, person.state.overdue) == (Status.OFFLINE, Status.OFFLINE, False)
    assert (change.cause, change.time_in_previous) == (Cause.BREAK_LIMIT, seconds(LUNCH_LIMIT_SECONDS))


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.BUSY, Status.OFFLINE], ids=lambda status: status.name)
def test_leaving_the_break_ends_limit_and_mark(status: Status):
    """Back from the break, neither limit nor mark is left."""
    for waited in (1, LUNCH_LIMIT_SECONDS):
        person = _at_lunch()
        person.wait(waited)
        person.chooses(status)
        assert (person.state.break_ends_at, person.state.overdue) == (None, False)


def test_another_reason_has_its_own_limit():
    """A change of reason ends the limit and the mark of the reason before, and begins the new one's."""
    person = _at_lunch()
    person.wait(LUNCH_LIMIT_SECONDS)
    person.chooses(Status.ON_BREAK, "coffee")
    assert (person.state.break_ends_at, person.state.overdue) == (None, False)


def test_reason_changed_to_and_fro_goes_on_with_what_it_had_left():
    """A reason taken again in the same break has what was left of its limit, however often it is left and taken."""
    person = _at_lunch()
    left = LUNCH_LIMIT_SECONDS
    for _ in range(3):
        person.wait(500)
        left -= 500
        person.chooses(Status.ON_BREAK, "coffee")
        assert person.state.break_ends_at is None
        person.wait(100)
        person.chooses(Status.ON_BREAK, "lunch")
        assert person.state.break_ends_at == later(person.now, left)
    person.wait(left)
    assert person.state.overdue


def test_overdue_reason_taken_again_is_overdue():
    """A reason whose limit has passed has nothing left when it is taken again in the same break."""
    person = _at_lunch()
    person.wait(LUNCH_LIMIT_SECONDS)
    person.chooses(Status.ON_BREAK, "coffee")
    person.chooses(Status.ON_BREAK, "lunch")
    (change,) = person.fire()
    assert (change.cause, person.state.overdue) == (Cause.BREAK_LIMIT, True)


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.BUSY, Status.OFFLINE], ids=lambda status: status.name)
def test_break_after_another_status_is_a_new_one(status: Status):
    """Back from the break, what its reasons had left is forgotten."""
    person = _at_lunch()
    person.wait(500)
    person.chooses(Status.ON_BREAK, "coffee")
    person.chooses(status)
    assert person.state.breaks_left == ()
    person.chooses(Status.ON_BREAK, "lunch")
    assert person.state.break_ends_at == later(person.now, LUNCH_LIMIT_SECONDS)


def test_reasons_remembered_with_what_they_had_left_are_bounded():
    """Of a break with very many reasons, so many are remembered."""
    catalogue = {f"r{number}": BreakReason(f"r{number}", limit=seconds(600)) for number in range(BREAKS_LEFT_MOST + 9)}
    person = Person(under=Rules(break_reasons=catalogue))
    for code in catalogue:
        person.chooses(Status.ON_BREAK, code)
    assert len(person.state.breaks_left) == BREAKS_LEFT_MOST
    assert person.state.breaks_left[-1].break_reason == f"r{BREAKS_LEFT_MOST + 7}"


def test_same_reason_again_does_not_renew_the_limit():
    """Choosing the break one is on does not put its limit off."""
    person = _at_lunch()
    due = person.state.break_ends_at
    person.wait(60)
    assert person.chooses(Status.ON_BREAK, "lunch") is None
    assert person.state.break_ends_at == due


def test_limit_of_a_break_goes_on_over_a_call():
    """A call made on a break does not begin the break's limit anew."""
    person = _at_lunch(return_to=ReturnTo.PRE_CALL, wrap_up_enabled=False)
    due = person.state.break_ends_at
    person.wait(60)
    person.places()
    person.wait(60)
    person.call_ends()
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, "lunch")
    assert (person.state.break_ends_at, person.state.overdue) == (due, False)


def test_limit_that_passes_in_a_call_counts_after_it():
    """A break whose limit passes in a call is overdue as soon as it goes on, at that instant."""
    person = _at_lunch(return_to=ReturnTo.PRE_CALL, wrap_up_enabled=False)
    person.places()
    assert person.wait(LUNCH_LIMIT_SECONDS + 60) == []
    person.call_ends()
    (change,) = person.fire()
    assert (change.cause, change.changed_at) == (Cause.BREAK_LIMIT, person.now)
    assert (person.status, person.state.overdue) == (Status.ON_BREAK, True)


def test_overdue_break_stays_overdue_over_a_call():
    """A call on a break that is overdue already leaves it overdue."""
    person = _at_lunch(return_to=ReturnTo.PRE_CALL, wrap_up_enabled=False)
    person.wait(LUNCH_LIMIT_SECONDS)
    person.places()
    person.call_ends()
    assert (person.state.break_ends_at, person.state.overdue) == (None, True)


def test_running_break_keeps_the_limit_it_began_with():
    """A limit that the tenant changes holds for breaks that begin after it."""
    person = _at_lunch()
    due = person.state.break_ends_at
    person.rules = Rules(Policy(), {**REASONS, "lunch": BreakReason("lunch", limit=seconds(60))})
    person.told_policy()
    assert person.state.break_ends_at == due


def test_workspace_on_a_break_leaves_the_limit():
    """Changes beside the status leave limit and mark as they are."""
    person = _at_lunch()
    due = person.state.break_ends_at
    person.attaches()
    assert person.state.break_ends_at == due
    person.wait(LUNCH_LIMIT_SECONDS)
    person.detaches()
    assert person.state.overdue
