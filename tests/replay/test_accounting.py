"""Explaining the server's sums by records and lateness."""

import itertools
from dataclasses import replace

from onduty_replay.accounting import ServerTimes, StaffAccount, StatusChange, settle, total
from onduty_replay.pace import Pace, PlayedTime
from onduty_replay.plan import StaffPlan
from onduty_replay.timeline import PlannedCall, Status, shifts_of

SPEED = 1000
BEGUN_AT = 1_700_000_000_000_000
COUNTDOWN = 30_000
CAUSES = ("STAFF", "OFFER_ACCEPTED", "CALL_ENDED", "WRAP_UP_ENDED", "STAFF")
PERSON_CALLS = (PlannedCall("c1", 1000, 1100, 2),)
PERSON = StaffPlan("FERN", ("calls",), PERSON_CALLS, tuple(shifts_of(PERSON_CALLS)))
PACE = Pace(SPEED, PlayedTime([(880, 1160)]), BEGUN_AT)


def told(*late_us: int) -> list[StatusChange]:
    """The planned changes, each so many microseconds of the server's clock late."""
    boundaries = PERSON.shifts[0].boundaries
    found: list[StatusChange] = []
    for number, (boundary, late, cause) in enumerate(zip(boundaries, late_us, CAUSES, strict=True), start=1):
        at = BEGUN_AT + PACE.played.at(boundary.at) * 1_000_000 // SPEED + late
        spent = at - found[-1].at if found else 0
        found.append(StatusChange(number, (boundary.before, ""), (boundary.after, ""), cause, at, spent))
    return found


def sums(changes: list[StatusChange]) -> ServerTimes:
    """What a server that is right sums up."""
    microseconds: dict[str, int] = {}
    for earlier, later in itertools.pairwise(changes):
        microseconds[earlier.after[0]] = microseconds.get(earlier.after[0], 0) + later.at - earlier.at
    return ServerTimes(microseconds, 1)


def account(changes: list[StatusChange], server: ServerTimes | None = None) -> StaffAccount:
    return settle(PERSON, changes, server or sums(changes), pace=PACE, countdown=COUNTDOWN)


def in_line(settled: StaffAccount):
    return next(one for one in settled.accounts if one.status == Status.IN_LINE)


def test_what_is_on_time_has_no_difference():
    """The server's sums are the file's."""
    settled = account(told(0, 0, 0, 0, 0))
    assert settled.is_explained
    assert [one.difference for one in settled.accounts] == [0, 0, 0, 0]


def test_a_status_lasts_longer_by_a_late_end_and_shorter_by_a_late_beginning():
    """3 ms late in line, 8 ms late out: 5 ms more, which are 5 simulated seconds at speed 1000."""
    line = in_line(account(told(1, 3_000, 8_000, 8_000, 9_000)))
    assert (line.file, line.server, line.timing, line.unexplained) == (100_000_000, 105_000_000, 5_000_000, 0)


def test_a_sum_that_is_not_what_the_stream_said_is_unexplained():
    """Also by a microsecond of the server's clock."""
    changes = told(0, 0, 0, 0, 0)
    right = sums(changes)
    wrong = ServerTimes({**right.microseconds, "IN_LINE": right.microseconds["IN_LINE"] + 1}, 1)
    line = in_line(account(changes, wrong))
    assert line.unexplained == SPEED
    assert not line.is_explained


def test_another_order_of_statuses_is_named_and_stays_unexplained():
    """What follows the first change that is not the planned one has no lateness."""
    changes = told(0, 0, 0, 0, 0)
    changes[2:4] = [replace(changes[3], before=("IN_LINE", ""))]
    settled = account(changes)
    assert "planned was IN_LINE to AFTER_CALL_WORK" in settled.problems[0]
    assert not in_line(settled).is_explained


def test_a_change_by_another_cause_is_named():
    """A call that ends by its age was not ended by telephony."""
    changes = told(0, 0, 0, 0, 0)
    changes[2] = replace(changes[2], cause="CALL_AGE")
    assert "call ended came by CALL_AGE" in account(changes).problems[0]


def test_a_missing_change_is_named():
    """The stream must tell as many changes as were planned."""
    assert "5 changes of status planned, the stream told 4" in account(told(0, 0, 0, 0, 0)[:4]).problems[0]


def test_a_hole_in_the_stream_is_named():
    """Each change must leave the status that the one before led to."""
    changes = told(0, 0, 0, 0, 0)
    changes[1] = replace(changes[1], before=("AVAILABLE", "x"))
    assert any("left ('AVAILABLE', 'x')" in problem for problem in account(changes).problems)


def test_a_time_in_status_that_the_instants_contradict_is_named():
    """The transition's own figure is held against the instants."""
    changes = told(0, 0, 0, 0, 0)
    changes[3] = replace(changes[3], spent=29_999)
    assert any("29999 us in the status before" in problem for problem in account(changes).problems)


def test_a_countdown_that_is_not_the_policys_is_named():
    """The countdown ends a wrap-up after exactly its length."""
    assert any("a wrap-up of 30001 us" in problem for problem in account(told(0, 0, 0, 1, 0)).problems)


def test_a_person_may_end_a_wrap_up_early_but_not_late():
    """After the countdown nobody but the countdown ends it."""
    early, late = told(0, 0, 0, -5, 0), told(0, 0, 0, 5, 0)
    for changes in (early, late):
        changes[3] = replace(changes[3], cause="STAFF")
    assert account(early).is_explained
    assert not account(late).is_explained


def test_calls_must_agree():
    """A call that the server did not count is not explained by anything."""
    changes = told(0, 0, 0, 0, 0)
    assert not account(changes, replace(sums(changes), calls_started=0)).is_explained


def test_time_in_a_status_that_was_never_planned_is_unexplained():
    """It has a line of its own."""
    changes = told(0, 0, 0, 0, 0)
    server = ServerTimes({**sums(changes).microseconds, "BUSY": 5}, 1)
    assert [(one.status, one.unexplained) for one in account(changes, server).accounts if one.file == 0][-1] == ("BUSY", 5_000)


def test_totals_add_up_by_status():
    """The sum of two people is twice one."""
    settled = account(told(1, 3_000, 8_000, 8_000, 9_000))
    (line,) = [one for one in total([settled, settled]) if one.status == Status.IN_LINE]
    assert (line.file, line.difference, line.unexplained) == (200_000_000, 10_000_000, 0)
