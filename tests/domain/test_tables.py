"""The tables of deadlines and of agreeing steps, row by row: each does what it says, and none is there in vain."""

from collections.abc import Callable

import pytest
from domain_builders import Person, chosen, in_status, in_wrap_up, later, on_offer

from onduty_server.domain.model import commands
from onduty_server.domain.model.state import CALLS_MOST
from onduty_server.domain.model.status import CHOOSABLE, Cause, Direction, Status, WithdrawReason, seconds
from onduty_server.domain.rules import agreeing, deadlines
from onduty_server.domain.rules.deadlines import TABLE, DeadlineKind, Expiry, next_deadline
from onduty_server.domain.rules.effects import deadlines as expiries

# --- deadlines --------------------------------------------------------------------------------------------------------


def _too_many_calls() -> Person:
    person = in_status(Status.AVAILABLE)
    for number in range(CALLS_MOST + 1):
        person.call_starts(f"c{number}")
    return person


def _desktop_gone() -> Person:
    person = in_status(Status.AVAILABLE)
    person.attaches()
    person.detaches()
    return person


def _at_lunch() -> Person:
    person = Person()
    person.chooses(Status.ON_BREAK, "lunch")
    return person


def _held_off() -> Person:
    person = on_offer()
    person.claim_withdrawn(reason=WithdrawReason.UNREACHABLE)
    return person


DUE: dict[DeadlineKind, tuple[Callable[[], Person], float, Cause]] = {
    DeadlineKind.CALL_LIMIT: (_too_many_calls, 0, Cause.CALL_LIMIT),
    DeadlineKind.OFFER: (on_offer, 19, Cause.NO_ANSWER),
    DeadlineKind.CALL_AGE: (lambda: in_status(Status.IN_LINE), 4 * 3600 - 2, Cause.CALL_AGE),
    DeadlineKind.WRAP_UP: (in_wrap_up, 30, Cause.WRAP_UP_ENDED),
    DeadlineKind.GRACE: (_desktop_gone, 60, Cause.DISCONNECTED),
    DeadlineKind.BREAK_LIMIT: (_at_lunch, 1800, Cause.BREAK_LIMIT),
    DeadlineKind.HOLD_OFF: (_held_off, 5, Cause.HOLD_OFF_ENDED),
}
"""A person who has only this deadline, in how many seconds it is due, and its cause."""


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.kind.name)
def test_deadline_fires_once_at_its_instant_with_its_cause(row: deadlines.Row):
    """A row's deadline is found in a state that has it, fires neither before its instant nor twice, and bears its cause."""
    make, in_seconds, cause = DUE[row.kind]
    person = make()
    due = next_deadline(person.state)
    assert due is not None
    assert (due.kind, row.cause) == (row.kind, cause)
    if in_seconds:
        assert due.at == later(person.now, in_seconds)
        assert person.wait(in_seconds - 0.000001) == []
        (change,) = person.wait(0.000001)
    else:
        (change,) = person.fire()
    assert change.cause is cause
    assert person.does(commands.Expire()) is None


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.kind.name)
def test_deadline_moves_with_a_step_of_the_clock(row: deadlines.Row):
    """When the clock takes a step, a row's deadline is as far ahead as before, and fires then."""
    make, in_seconds, cause = DUE[row.kind]
    person = make()
    if not in_seconds:
        return
    hour = 3600
    person.now = later(person.now, hour)
    change = person.changes_by(commands.ShiftInstants(seconds(hour)))
    due = next_deadline(person.state)
    assert due is not None
    assert (change.cause, change.time_in_previous) == (Cause.CLOCK, None)
    assert (due.kind, due.at) == (row.kind, later(person.now, in_seconds))
    assert person.wait(in_seconds - 0.000001) == []
    assert [fired.cause for fired in person.wait(0.000001)] == [cause]


def test_deadline_table_is_complete_and_in_order():
    """Every kind has one row, in the order in which equal instants fire, and every effect is one that is carried out."""
    assert [row.kind for row in TABLE] == sorted(DeadlineKind)
    used = {row.expiry for row in TABLE} | {row.unattended for row in TABLE if row.unattended is not None}
    assert used == set(Expiry) == set(expiries.EFFECTS)


@pytest.mark.parametrize("status", CHOOSABLE, ids=lambda status: status.name)
def test_nothing_is_due_in_a_status_of_choice(status: Status):
    """Who is in a status of choice, without more, has no deadline of any row."""
    state = in_status(status).state
    assert [found for row in TABLE for found in row.instants(state)] == []


# --- agreeing steps ---------------------------------------------------------------------------------------------------


def _interrupted() -> bool:
    person = in_wrap_up()
    person.places("c2")
    return person.state.wrap_up is None and person.state.interrupted is not None


def _wraps_up() -> bool:
    return in_wrap_up().state.wrap_up is not None


def _resumes() -> bool:
    person = in_wrap_up(wrap_up_directions=frozenset({Direction.INBOUND}))
    person.places("c2", Direction.INTERNAL)
    person.call_ends("c2")
    return person.status is Status.AFTER_CALL_WORK


def _returns() -> bool:
    person = in_status(Status.BUSY, wrap_up_enabled=False)
    person.places()
    person.call_ends()
    return person.status is Status.AVAILABLE


def _signs_in_afterwards() -> bool:
    person = in_status(Status.OFFLINE)
    person.call_starts()
    person.sets_next(Status.AVAILABLE)
    person.call_ends()
    return person.status is Status.AVAILABLE


def _signs_out() -> bool:
    person = _desktop_gone()
    person.call_starts()
    person.wait(60)
    person.call_ends()
    return person.status is Status.OFFLINE


def _clears_for_offline() -> bool:
    person = _desktop_gone()
    person.chooses(Status.OFFLINE)
    return person.state.connection.offline_at is None


def _expects_a_workspace() -> bool:
    person = Person(require_attachment=True)
    person.chooses(Status.AVAILABLE)
    return person.state.connection.offline_at is not None


def _forgets_the_engagement() -> bool:
    person = in_wrap_up()
    person.places("c2")
    person.is_reset()
    return person.state.interrupted is None


def _drops_the_next_choice() -> bool:
    person = _desktop_gone()
    person.call_starts()
    person.sets_next(Status.BUSY)
    person.wait(60)
    person.call_ends()
    return person.state.next is None


def _changes_the_grace() -> bool:
    person = in_status(Status.BUSY, disconnect_grace_on_break=seconds(3600))
    person.attaches()
    person.detaches()
    person.chooses(Status.ON_BREAK)
    return person.state.connection.offline_at == later(person.now, 3600)


def _supersedes() -> bool:
    person = on_offer()
    person.chooses(Status.BUSY)
    return person.state.offer is None


def _break_begins() -> bool:
    return _at_lunch().state.break_ends_at is not None


def _break_ends() -> bool:
    person = _at_lunch()
    person.chooses(Status.BUSY)
    return person.state.break_ends_at is None


def _waits() -> bool:
    return in_status(Status.AVAILABLE).state.idle_since is not None


def _waits_no_more() -> bool:
    person = in_status(Status.AVAILABLE)
    person.chooses(Status.BUSY)
    return person.state.idle_since is None


STORIES = {
    "interrupt": _interrupted,
    "wrap up": _wraps_up,
    "resume": _resumes,
    "return": _returns,
    "sign in afterwards": _signs_in_afterwards,
    "sign out": _signs_out,
    "clear for OFFLINE": _clears_for_offline,
    "expect a workspace": _expects_a_workspace,
    "forget the engagement": _forgets_the_engagement,
    "note the end of calls": lambda: in_wrap_up().state.last_call_ended_at is not None,
    "drop the next choice": _drops_the_next_choice,
    "change the grace": _changes_the_grace,
    "supersede the offer": _supersedes,
    "begin the break": _break_begins,
    "end the break": _break_ends,
    "begin to wait": _waits,
    "wait no more": _waits_no_more,
}
"""For each step what it is there for, as a story that comes out right."""


@pytest.mark.parametrize("step", agreeing.STEPS, ids=lambda step: step.name)
def test_step_does_what_it_is_there_for(step: agreeing.Step, monkeypatch: pytest.MonkeyPatch):
    """With all steps the story comes out right; without this one it does not."""
    assert STORIES[step.name]()
    monkeypatch.setattr(agreeing, "STEPS", tuple(one for one in agreeing.STEPS if one is not step))
    assert not _comes_out_right(STORIES[step.name])


def _comes_out_right(story: Callable[[], bool]) -> bool:
    try:
        return story()
    except AssertionError:
        return False


def test_every_step_says_when_what_and_why():
    """Each step has a name of its own, a condition, an effect and a reason in words."""
    assert [step.name for step in agreeing.STEPS] == list(STORIES)
    assert all(step.condition and step.effect and step.reason for step in agreeing.STEPS)


def test_sign_out_goes_before_a_wrap_up_would_begin():
    """Order matters: who lost the desktop in a call is OFFLINE after it, without a wrap-up in between."""
    person = _desktop_gone()
    person.call_starts()
    person.wait(60)
    change = person.call_ends()
    assert change is not None
    assert (change.status, person.state.wrap_up) == (Status.OFFLINE, None)


def test_next_choice_of_offline_does_not_sign_in_again():
    """Order matters: a next choice of OFFLINE that the return applied is not taken for one that signs in."""
    person = in_status(Status.BUSY, wrap_up_enabled=False)
    person.places()
    person.sets_next(Status.OFFLINE)
    person.call_ends()
    assert (person.status, person.state.choice, person.state.next) == (Status.OFFLINE, chosen(Status.OFFLINE), None)
