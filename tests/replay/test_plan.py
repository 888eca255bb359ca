"""From records to a plan, and what the records alone say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay.call_rows import HEADER, row, served
from unhurried import UNHURRIED

from onduty_replay.plan import HangUp, Plan, StaffPlan, file_times, plan_of
from onduty_replay.records import DAY_SECONDS, parse_records, read_records
from onduty_replay.timeline import Happening, PlannedCall, Status, shifts_of

SAMPLE = Path(__file__).parents[2] / "examples" / "calls-sample.tsv"


def plan(*rows: str) -> Plan:
    return plan_of(parse_records([HEADER, *rows]))


def person(*times: tuple[int, int]) -> StaffPlan:
    calls = tuple(PlannedCall(f"c{line}", start, end, line) for line, (start, end) in enumerate(times))
    return StaffPlan("FERN", ("calls",), calls, tuple(shifts_of(calls)))


def test_people_are_in_the_groups_of_the_calls_they_served():
    """Everybody is in one group, and in one for each type served."""
    (fern,) = plan(served(1, "9:00:00", "9:01:00", type="NW"), served(2, "9:05:00", "9:06:00", type="TT")).staff
    assert (fern.staff_id, fern.skill_groups) == ("FERN", ("calls", "nw", "tt"))


def test_later_days_are_counted_from_the_first():
    """Instants are seconds since the midnight that begins the first day."""
    (fern,) = plan(served(1, "0:00:10", "0:00:20", date="240312"), served(2, "0:00:10", "0:00:20")).staff
    assert sorted(call.start for call in fern.calls) == [10, DAY_SECONDS + 10]


def test_a_call_that_names_nobody_is_counted_not_played():
    """Nobody can be claimed for it."""
    made = plan(served(1, "9:00:00", "9:01:00"), served(2, "9:00:00", "9:00:50", server="NO_SERVER"))
    assert (made.counts.unattributed, made.counts.unattributed_seconds, made.calls) == (1, 50, 1)


def test_a_phantom_is_counted_not_played():
    """The file says to ignore it."""
    made = plan(served(1, "9:00:00", "9:01:00"), row(call_id="2", outcome="PHANTOM"))
    assert (made.counts.phantom, made.calls) == (1, 1)


def test_a_caller_who_hung_up_in_the_queue_rings_for_a_second():
    """The claim is for the group of the call's type and ends as the caller does."""
    hung_up = row(call_id="2", outcome="HANG", server="NO_SERVER", q_start="9:00:10", q_exit="9:00:40", q_time="30")
    assert plan(served(1, "9:00:00", "9:01:00"), hung_up).hang_ups == (HangUp("240311-VX0101-2", "ps", 32439, 32440),)


def test_a_caller_who_never_queued_is_counted_not_played():
    """There was nothing to ring for."""
    made = plan(served(1, "9:00:00", "9:01:00"), row(call_id="2", outcome="HANG", server="NO_SERVER"))
    assert (made.counts.never_queued, made.hang_ups) == (1, ())


def test_a_call_without_service_times_is_played_where_the_queue_ended():
    """It is a call of no length."""
    none = {"ser_start": "0:00:00", "ser_exit": "0:00:00", "ser_time": "0"}
    made = plan(row(**none))
    assert [(call.start, call.end) for call in made.staff[0].calls] == [(32410, 32410)]
    assert (made.counts.zero_length, made.counts.without_service_times) == (1, 1)


def test_overlapping_calls_are_counted():
    """Each call that begins during another of the same person is one."""
    made = plan(
        served(1, "9:00:00", "9:10:00"), served(2, "9:05:00", "9:06:00"), served(3, "9:07:00", "9:12:00"),
    )  # fmt: skip
    assert made.counts.overlapping == 2


@pytest.mark.parametrize("rows", [[], [row(server="NO_SERVER")]])
def test_nothing_to_play_is_told(rows):
    """A file without calls, or that names nobody, cannot be played."""
    with pytest.raises(ValueError, match="the file"):
        plan(*rows)


def test_in_line_is_the_union_of_the_calls():
    """Time in two calls at once counts once; the rest of the lengths is overlap."""
    times = file_times(person((1000, 1100), (1050, 1170), (1060, 1070)))
    assert times.seconds[Status.IN_LINE] == 170
    assert (times.call_seconds, times.overlap_seconds) == (230, 60)


def test_a_gap_is_wrap_up_and_waiting():
    """Ten seconds between calls: eight of wrap-up, two ready; then the last wrap-up in full, and the time to sign out."""
    times = file_times(person((1000, 1100), (1110, 1200)))
    assert times.seconds[Status.AFTER_CALL_WORK] == 8 + 30
    assert times.seconds[Status.AVAILABLE] == 120 + 2 + 30


def test_a_long_gap_is_a_break():
    """All but the wrap-up and two minutes at each end."""
    times = file_times(person((1000, 1100), (1100 + 1500, 2700)))
    assert times.seconds[Status.ON_BREAK] == 1500 - 30 - 240


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 60_000), st.sampled_from([0, 1, 7, 40, 300, 3000])), min_size=1, max_size=40))
def test_the_records_and_the_steps_say_the_same(times):
    """The seconds counted from the calls alone are those between the planned changes."""
    one = person(*((start, start + length) for start, length in times))
    planned = dict.fromkeys(file_times(one).seconds, 0)
    for shift in one.shifts:
        for boundary in shift.boundaries:
            for status, sign in ((boundary.before, 1), (boundary.after, -1)):
                if status in planned:
                    planned[status] += sign * boundary.at
    assert file_times(one).seconds == planned


@pytest.fixture(scope="module")
def sample() -> Plan:
    """The plan of the sample."""
    return plan_of(read_records(SAMPLE))


def test_the_sample_has_every_kind_of_row(sample: Plan):
    """It shows what makes real records hard."""
    counts = sample.counts
    assert len(sample.staff) == 6
    assert 110 <= counts.rows <= 130
    for kind in ("unattributed", "phantom", "hung_up_in_queue", "never_queued", "zero_length", "without_service_times",
                 "past_midnight", "overlapping"):  # fmt: skip
        assert getattr(counts, kind), kind


def test_the_sample_has_short_and_long_gaps(sample: Plan):
    """Gaps of four seconds, gaps of none, and breaks."""
    steps = [step.happening for person in sample.staff for shift in person.shifts for step in shift.steps]
    assert Happening.BREAK_START in steps
    gaps = set()
    for one in sample.staff:
        ends = {call.end for call in one.calls}
        gaps |= {call.start - end for call in one.calls for end in ends}
    assert {0, 4} <= gaps
