"""What a person does for the calls that the records name."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_replay.timeline import Happening, PlannedCall, Shift, Status, shifts_of, spans_of


def calls(*times: tuple[int, int]) -> list[PlannedCall]:
    return [PlannedCall(f"c{line}", start, end, line) for line, (start, end) in enumerate(times)]


def steps(*times: tuple[int, int]) -> list[tuple[str, int]]:
    (shift,) = shifts_of(calls(*times))
    return [(step.happening.value, step.at) for step in shift.steps]


def changes(shift: Shift) -> list[tuple[str, str, int]]:
    return [(boundary.before.value, boundary.after.value, boundary.at) for boundary in shift.boundaries]


def test_one_call_makes_a_shift():
    """Sign in two minutes before, ring a second before, and out half a minute after the wrap-up."""
    assert steps((1000, 1100)) == [
        ("sign-in", 880),
        ("claim", 999),
        ("offer accepted", 1000),
        ("call ended", 1100),
        ("sign-out", 1160),
    ]


def test_one_call_makes_five_changes():
    """The wrap-up's end is a change that nobody asks for."""
    (shift,) = shifts_of(calls((1000, 1100)))
    assert changes(shift) == [
        ("OFFLINE", "AVAILABLE", 880),
        ("AVAILABLE", "IN_LINE", 1000),
        ("IN_LINE", "AFTER_CALL_WORK", 1100),
        ("AFTER_CALL_WORK", "AVAILABLE", 1130),
        ("AVAILABLE", "OFFLINE", 1160),
    ]


@pytest.mark.parametrize(
    ("gap", "ready_at", "claim_at"),
    [(0, 1100, 1100), (1, 1100, 1100), (2, 1100, 1101), (4, 1102, 1103), (31, 1129, 1130)],
)
def test_a_near_call_ends_the_wrap_up_first(gap, ready_at, claim_at):
    """The person goes back to reception two seconds before the next call, or at once where less is left."""
    planned = steps((1000, 1100), (1100 + gap, 1200))
    assert ("back to reception", ready_at) in planned
    assert planned[planned.index(("back to reception", ready_at)) + 1] == ("claim", claim_at)


def test_a_call_after_the_countdown_needs_nobody_to_end_the_wrap_up():
    """From a gap of thirty-two seconds on the countdown is over when the person must be ready."""
    assert "back to reception" not in [name for name, _ in steps((1000, 1100), (1132, 1200))]


def test_when_one_call_ends_as_another_begins_the_end_comes_first():
    """Both are claimed; neither overlaps."""
    planned = [name for name, _ in steps((1000, 1100), (1100, 1200))]
    assert planned[2:7] == ["offer accepted", "call ended", "back to reception", "claim", "offer accepted"]


def test_a_call_during_another_is_reported():
    """It cannot be claimed; in line lasts from the first start to the last end."""
    (shift,) = shifts_of(calls((1000, 1100), (1050, 1170)))
    assert [(step.happening.value, step.at) for step in shift.steps][2:6] == [
        ("offer accepted", 1000),
        ("second call reported", 1050),
        ("call ended", 1100),
        ("call ended", 1170),
    ]
    assert ("IN_LINE", "AFTER_CALL_WORK", 1170) in changes(shift)


def test_a_call_of_no_length_starts_and_ends_at_once():
    """It is claimed and accepted like any other, and has a wrap-up."""
    assert steps((1000, 1000))[2:4] == [("offer accepted", 1000), ("call ended", 1000)]


def test_a_call_of_no_length_at_the_end_of_another_comes_after_it():
    """End, then start and end, then the next start: all at one instant."""
    planned = [(name, at) for name, at in steps((1000, 1100), (1100, 1100), (1100, 1200)) if at == 1100]
    names = [name for name, _ in planned]
    assert names.count("call ended") == 2
    assert names.index("call ended") < names.index("offer accepted")


def test_a_long_gap_has_a_break():
    """From two minutes after the wrap-up to two minutes before the next call."""
    planned = steps((1000, 1100), (2301, 2400))
    assert ("break begins", 1250) in planned
    assert ("break ends", 2181) in planned


def test_twenty_minutes_are_not_a_long_gap():
    """Only a gap of more than twenty minutes has a break."""
    assert "break begins" not in [name for name, _ in steps((1000, 1100), (2300, 2400))]


def test_a_gap_of_more_than_four_hours_ends_the_shift():
    """The person signs out and in again."""
    shifts = shifts_of(calls((1000, 1100), (1100 + 4 * 3600 + 1, 20_000)))
    assert [(shift.begins_at, shift.ends_at) for shift in shifts] == [(880, 1160), (15_381, 20_060)]


def test_spans_join_calls_that_overlap():
    """A call that begins as another ends is a span of its own."""
    spans = spans_of(calls((0, 10), (5, 8), (9, 20), (20, 30)))
    assert [(span.start, span.end, len(span.calls)) for span in spans] == [(0, 20, 3), (20, 30, 1)]


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 40_000), st.sampled_from([0, 0, 1, 5, 40, 300, 3000])), min_size=1, max_size=40))
def test_any_calls_make_a_timeline_without_holes(times):
    """Each change begins where the one before ended, never earlier, from OFFLINE to OFFLINE; every call begins and ends."""
    planned = shifts_of(calls(*((start, start + length) for start, length in times)))
    for shift in planned:
        assert shift.boundaries[0].before == shift.boundaries[-1].after == Status.OFFLINE
        for earlier, later in pairwise(shift.boundaries):
            assert earlier.after == later.before
            assert earlier.at <= later.at
        assert [step.at for step in shift.steps] == sorted(step.at for step in shift.steps)
    happened = [step.happening for shift in planned for step in shift.steps]
    assert happened.count(Happening.CALL_ENDED) == len(times)
    assert happened.count(Happening.ACCEPT) + happened.count(Happening.CALL_STARTED) == len(times)
