"""Deadlines and the clock: each fires once at its own instant, in order, and no clock makes time run backwards."""

from itertools import pairwise

import pytest
from domain_builders import T0, Person, in_status, in_wrap_up, later, on_offer

from onduty_server.domain.model import commands
from onduty_server.domain.model.policy import BreakLimitAction
from onduty_server.domain.model.status import Cause, Instant, Status, seconds
from onduty_server.domain.rules.deadlines import Deadline, DeadlineKind, deadlines, next_deadline


def _gone(person: Person) -> Person:
    """The person's only workspace attaches and vanishes."""
    person.attaches()
    person.detaches()
    return person


# --- deadlines --------------------------------------------------------------------------------------------------------


def test_nobody_has_a_deadline_unasked():
    """A status alone ends by itself in no case but IN_LINE and AFTER_CALL_WORK."""
    for status in Status:
        has_one = next_deadline(in_status(status).state) is not None
        assert has_one is (status in {Status.IN_LINE, Status.AFTER_CALL_WORK})


def test_everything_that_runs_out_has_its_deadline():
    """Offer, call, countdown, cap, grace and break limit each have a deadline at their instant."""
    offer = on_offer()
    assert set(deadlines(offer.state)) == {Deadline(later(offer.now, 19), DeadlineKind.OFFER)}
    call = in_status(Status.AVAILABLE)
    call.call_starts("c1")
    assert set(deadlines(call.state)) == {Deadline(later(call.now, 4 * 3600), DeadlineKind.CALL_AGE, "c1")}
    wrap_up = in_wrap_up(wrap_up_cap=seconds(90))
    assert set(deadlines(wrap_up.state)) == {Deadline(later(wrap_up.now, 30), DeadlineKind.WRAP_UP)}
    wrap_up.continues()
    assert set(deadlines(wrap_up.state)) == {Deadline(later(wrap_up.now, 90), DeadlineKind.WRAP_UP)}
    grace = _gone(in_status(Status.BUSY))
    assert set(deadlines(grace.state)) == {Deadline(later(grace.now, 60), DeadlineKind.GRACE)}
    lunch = Person()
    lunch.chooses(Status.ON_BREAK, "lunch")
    assert set(deadlines(lunch.state)) == {Deadline(later(lunch.now, 1800), DeadlineKind.BREAK_LIMIT)}


def test_open_ended_wrap_up_has_no_deadline():
    """Without a cap a stopped countdown leaves nothing that fires."""
    person = in_wrap_up()
    person.continues()
    assert list(deadlines(person.state)) == []


def test_every_call_has_its_own_deadline():
    """Each call in progress has its own age."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    person.wait(10)
    person.call_starts("c2")
    began = person.now
    assert set(deadlines(person.state)) == {
        Deadline(later(began, 4 * 3600 - 10), DeadlineKind.CALL_AGE, "c1"),
        Deadline(later(began, 4 * 3600), DeadlineKind.CALL_AGE, "c2"),
    }


def test_the_earliest_deadline_is_next():
    """Of several deadlines the one with the earliest instant is next."""
    person = _gone(on_offer())
    due = next_deadline(person.state)
    assert due is not None
    assert due.kind is DeadlineKind.OFFER
    person.wait(20)
    due = next_deadline(person.state)
    assert due is not None
    assert due.kind is DeadlineKind.GRACE


def test_equal_instants_have_an_order():
    """At one instant: too many calls, then offers, then calls (by id), then wrap-up, then the grace, then break limits."""
    at = Instant(7)
    in_order = [
        Deadline(at, DeadlineKind.CALL_LIMIT),
        Deadline(at, DeadlineKind.OFFER),
        Deadline(at, DeadlineKind.CALL_AGE, "c1"),
        Deadline(at, DeadlineKind.CALL_AGE, "c2"),
        Deadline(at, DeadlineKind.WRAP_UP),
        Deadline(at, DeadlineKind.GRACE),
        Deadline(at, DeadlineKind.BREAK_LIMIT),
    ]
    assert all(first < second for first, second in pairwise(in_order))
    assert Deadline(Instant(6), DeadlineKind.BREAK_LIMIT) < in_order[0]


def test_wrap_up_and_grace_at_one_instant():
    """A wrap-up and a grace that end at one instant both fire: AVAILABLE for no time at all, then OFFLINE."""
    person = in_wrap_up(disconnect_grace=seconds(30))
    _gone(person)
    assert [change.cause for change in person.wait(30)] == [Cause.WRAP_UP_ENDED, Cause.DISCONNECTED]
    assert (person.status, person.last.time_in_previous) == (Status.OFFLINE, 0)


# --- late -------------------------------------------------------------------------------------------------------------


def test_late_deadline_takes_effect_at_its_own_instant():
    """However late it fires, a deadline's change bears the deadline's instant; when it was recorded is kept beside it."""
    person = in_wrap_up()
    ends_at = later(person.now, 30)
    (change,) = person.wait(3600)
    assert (change.changed_at, change.recorded_at) == (ends_at, person.now)
    assert (person.state.status_since, person.state.idle_since, person.state.changed_at) == (ends_at, ends_at, ends_at)
    assert change.time_in_previous == seconds(30)


def test_deadlines_that_passed_together_fire_in_order():
    """After a long absence everything happens as it would have: the call ends, the wrap-up after it, and so on."""
    person = in_status(Status.IN_LINE)
    began = person.state.status_since
    changes = person.wait(24 * 3600)
    assert [(change.cause, change.changed_at) for change in changes] == [
        (Cause.CALL_AGE, later(began, 4 * 3600)),
        (Cause.WRAP_UP_ENDED, later(began, 4 * 3600 + 30)),
    ]
    assert person.status is Status.AVAILABLE


def test_late_deadline_begins_the_next_one_in_the_past():
    """A deadline that begins another one begins it at its own instant, so that neither is put off."""
    person = in_status(Status.IN_LINE, wrap_up_enabled=False, break_limit_action=BreakLimitAction.OFFLINE)
    began = person.state.status_since
    person.sets_next(Status.ON_BREAK, "lunch")
    changes = person.wait(24 * 3600)
    assert [(change.cause, change.status, change.changed_at) for change in changes] == [
        (Cause.CALL_AGE, Status.ON_BREAK, later(began, 4 * 3600)),
        (Cause.BREAK_LIMIT, Status.OFFLINE, later(began, 4 * 3600 + 1800)),
    ]


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_expiry_without_a_due_deadline_changes_nothing(status: Status):
    """Nothing fires before its instant, and nothing fires twice."""
    assert in_status(status).does(commands.Expire()) is None


def test_deadline_fires_once():
    """A deadline that has fired is gone."""
    person = on_offer()
    person.wait(20)
    assert person.does(commands.Expire()) is None
    assert person.state.misses == 1


def test_expiry_fires_one_deadline():
    """Each expiry is one change: the first of those that have passed."""
    person = in_status(Status.IN_LINE)
    person.now = later(person.now, 24 * 3600)
    change = person.does(commands.Expire())
    assert change is not None
    assert (change.cause, person.status) == (Cause.CALL_AGE, Status.AFTER_CALL_WORK)


# --- the clock --------------------------------------------------------------------------------------------------------


def test_change_bears_the_present_instant():
    """A command's change takes effect when it is decided, and is recorded then."""
    person = in_status(Status.AVAILABLE)
    person.wait(3)
    change = person.chooses(Status.BUSY)
    assert change is not None
    assert change.changed_at == change.recorded_at == person.state.changed_at == person.state.status_since == person.now


def test_clock_that_went_back_does_not_take_changes_back():
    """With the clock behind the last change, the next change takes effect at the last one's instant."""
    person = in_status(Status.AVAILABLE)
    changed_at = person.state.changed_at
    person.now = later(T0, -3600)
    change = person.chooses(Status.BUSY)
    assert change is not None
    assert (change.changed_at, change.recorded_at, change.time_in_previous) == (changed_at, changed_at, 0)
    assert person.state.status_since == changed_at


def test_deadlines_count_from_the_present():
    """With the clock behind the last change, a deadline that begins is so long after the present: it lasts what it should."""
    person = in_status(Status.AVAILABLE)
    changed_at = person.state.changed_at
    person.now = later(T0, -3600)
    change = person.is_claimed()
    assert change is not None
    assert person.state.offer is not None
    assert (change.changed_at, person.state.offer.expires_at) == (changed_at, later(person.now, 20))
    (expired,) = person.wait(20)
    assert (expired.cause, expired.changed_at) == (Cause.NO_ANSWER, changed_at)


@pytest.mark.parametrize("glitch_seconds", [3600, 86400])
def test_clock_that_was_ahead_for_a_moment_makes_nothing_longer(glitch_seconds):
    """One change under a clock that is far ahead, then the right clock again: wrap-up, age and grace last what they should."""
    person = in_status(Status.AVAILABLE)
    right = person.now
    person.now = later(right, glitch_seconds)
    person.chooses(Status.BUSY)
    person.now = right
    person.call_starts("c1")
    assert person.call("c1").ends_by == later(right, 4 * 3600)
    person.call_ends("c1")
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.ends_at == later(right, 30)
    assert [change.cause for change in person.wait(30)] == [Cause.WRAP_UP_ENDED]
    assert person.state.idle_since == later(right, 30), "the place in line is not the glitch's"


def test_deadline_does_not_fire_before_its_instant_when_the_clock_went_back():
    """A clock that went back puts deadlines off; it fires none."""
    person = on_offer()
    person.now = T0
    assert person.fire() == []
    assert person.does(commands.Expire()) is None


def test_time_in_statuses_adds_up_over_a_clock_that_goes_back():
    """No time is lost or counted twice by a clock that goes back and on again."""
    person = in_status(Status.AVAILABLE)
    for now, status in [(30, Status.BUSY), (10, Status.ON_BREAK), (20, Status.AVAILABLE), (50, Status.OFFLINE)]:
        person.now = later(T0, now)
        person.chooses(status)
    total = sum(change.time_in_previous or 0 for change in person.changes)
    assert total == person.state.status_since - T0 == seconds(50)


def test_waiting_is_counted_in_available_only():
    """``idle_since`` is the instant of becoming AVAILABLE, and set nowhere else."""
    for status in Status:
        person = in_status(status)
        assert person.state.idle_since == (person.state.status_since if status is Status.AVAILABLE else None)
