"""Periods cut into intervals of a time zone: nothing is left out, nothing counted twice, days as the calendar has them."""

from datetime import UTC, datetime
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model.intervals import IntervalLength, beginning, cuts
from onduty_server.domain.model.status import Instant

HOUR = 3_600_000_000
ZONES = (
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Asia/Kathmandu",  # five hours and three quarters.
    "Australia/Lord_Howe",  # its clocks change by half an hour.
    "America/Havana",  # at midnight.
    "Asia/Beirut",
    "Pacific/Apia",  # it has left out a whole day.
)
SHORT = (IntervalLength.QUARTER_HOUR, IntervalLength.HALF_HOUR, IntervalLength.HOUR)


def instant(text: str) -> Instant:
    return Instant(round(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1_000_000))


def local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone))


def cut(start: str, end: str, length: IntervalLength, zone: str) -> list[int]:
    return list(cuts(instant(start), instant(end), length, ZoneInfo(zone)))


def test_the_whole_is_one() -> None:
    """Without an interval there are start and end."""
    assert cut("2026-03-01T00:00+00:00", "2026-04-01T00:00+00:00", IntervalLength.WHOLE, "UTC") == [
        instant("2026-03-01T00:00+00:00"),
        instant("2026-04-01T00:00+00:00"),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Vienna", "2026-03-29", 23),
        ("Europe/Vienna", "2026-10-25", 25),
        ("Europe/Vienna", "2026-06-01", 24),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("America/Havana", "2026-03-08", 23),
        ("America/Havana", "2026-11-01", 25),
    ],
)
def test_days_are_those_of_the_calendar(zone: str, day: str, hours: float) -> None:
    """As long as the clock says, also where it is changed at midnight."""
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    first = Instant(round(start.timestamp()) * 1_000_000)
    _, second = islice(cuts(first, Instant(first + 100 * HOUR), IntervalLength.DAY, ZoneInfo(zone)), 2)
    assert second - first == hours * HOUR
    assert local(second, zone).date().toordinal() == start.date().toordinal() + 1


def test_hours_begin_with_the_zones_clock() -> None:
    """The first and the last are cut to the period."""
    found = cut("2026-03-01T10:20+05:45", "2026-03-01T12:10+05:45", IntervalLength.HOUR, "Asia/Kathmandu")
    assert [local(at, "Asia/Kathmandu").strftime("%H:%M") for at in found] == ["10:20", "11:00", "12:00", "12:10"]


def test_a_clock_that_changes_by_half_an_hour_begins_an_hour() -> None:
    """The hours beside the change are the shorter ones."""
    found = cut("2026-04-05T00:30+11:00", "2026-04-05T03:00+10:30", IntervalLength.HOUR, "Australia/Lord_Howe")
    assert [(later - at) / HOUR for at, later in pairwise(found)] == [0.5, 1, 0.5, 1]


def test_an_end_that_is_a_cut_is_told_once() -> None:
    """Intervals have no length of zero."""
    found = cut("2026-03-01T00:00+00:00", "2026-03-03T00:00+00:00", IntervalLength.DAY, "UTC")
    assert [(later - at) / HOUR for at, later in pairwise(found)] == [24, 24]


@settings(UNHURRIED, max_examples=200)
@given(
    start=st.integers(1_600_000_000, 2_000_000_000),
    seconds=st.integers(1, 4 * 24 * 3600),
    length=st.sampled_from([*SHORT, IntervalLength.DAY]),
    zone=st.sampled_from(ZONES),
    within=st.integers(0, 4 * 24 * 3600),
)
def test_any_period_is_cut_whole(start: int, seconds: int, length: IntervalLength, zone: str, within: int) -> None:
    """Ascending, from the start to the end; wherever one begins within it, the cuts after that are the same."""
    first, last = Instant(start * 1_000_000), Instant((start + seconds) * 1_000_000)
    found = list(cuts(first, last, length, ZoneInfo(zone)))
    assert (found[0], found[-1]) == (first, last)
    assert all(at < later for at, later in pairwise(found))
    assert all(later - at <= 25 * HOUR for at, later in pairwise(found))
    inside = Instant((start + within % seconds) * 1_000_000)
    begun = beginning(inside, length, ZoneInfo(zone))
    assert begun <= inside
    assert max(begun, first) == max(at for at in found if at <= inside)
    assert list(cuts(max(begun, first), last, length, ZoneInfo(zone))) == [at for at in found if at >= max(begun, first)]
