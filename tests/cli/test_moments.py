"""Durations and instants as people type and read them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from onduty_cli.moments import (
    clock_text,
    day_text,
    duration_of,
    duration_text,
    elapsed_text,
    instant_of,
    length_of,
    moment_text,
    parse_duration,
    parse_moment,
    span_text,
    time_of_day_text,
    timestamp_of,
    zone_text,
)

SECOND = 1_000_000


@pytest.fixture(autouse=True)
def _in_central_europe(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def micros(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * SECOND)


NOW = micros("2026-03-10T12:00:00+00:00")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20s", 20), ("15m", 900), ("1h30m", 5_400), ("7d", 604_800), ("1.5h", 5_400), ("250ms", 0.25), ("0", 0), (" 2H ", 7_200)],
)
def test_a_duration_is_read_with_its_units(text: str, seconds: float):
    """Units may be combined, in any case, with decimals."""
    assert parse_duration(text) == seconds * SECOND


@pytest.mark.parametrize("text", ["", "15", "-5s", "5 s", "5w", "s", "1h30", "1e3s", "nan", "999999999d"])
def test_what_is_no_duration_is_refused_with_an_example(text: str):
    """A number without a unit is refused too: it could mean anything."""
    with pytest.raises(ValueError, match=r"duration|longer"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["30s", "1h30m", "180d", "1d2h3m4s5ms", "0"])
def test_a_written_duration_reads_back_as_itself(text: str):
    """What `policy show` prints, `policy set` takes."""
    assert duration_text(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", "2026-03-10T10:00:00+00:00"),
        ("now", "2026-03-10T12:00:00+00:00"),
        ("today", "2026-03-10T00:00:00+01:00"),
        ("yesterday", "2026-03-09T00:00:00+01:00"),
        ("9:05", "2026-03-10T09:05:00+01:00"),
        ("14:30:15", "2026-03-10T14:30:15+01:00"),
        ("2026-03-01", "2026-03-01T00:00:00+01:00"),
        ("2026-03-01 14:30", "2026-03-01T14:30:00+01:00"),
        ("2026-03-01T14:30:00z", "2026-03-01T14:30:00+00:00"),
        ("2026-07-01T00:00:00", "2026-07-01T00:00:00+02:00"),
        ("2026-03-01T14:30:00.123456-05:00", "2026-03-01T14:30:00.123456-05:00"),
    ],
)
def test_an_instant_is_read_as_local_time_unless_it_says_otherwise(text: str, expected: str):
    """A duration means that long ago; a time of day means today."""
    assert parse_moment(text, now=NOW) == micros(expected)


def test_midnight_is_right_on_the_day_the_clock_changes():
    """Midnight of that day still has the offset of the day before."""
    noon = micros("2026-03-29T12:00:00+02:00")
    assert parse_moment("today", now=noon) == micros("2026-03-29T00:00:00+01:00")


@pytest.mark.parametrize("text", ["", "lunch", "25:00", "2026-13-01", "12:60", "-2h"])
def test_what_is_no_instant_is_refused_with_examples(text: str):
    """The message shows how an instant is written."""
    with pytest.raises(ValueError, match="2h \\(ago\\)"):
        parse_moment(text, now=NOW)


def test_an_instant_is_written_in_local_time_to_the_millisecond():
    """History shows milliseconds, the live view's clock seconds."""
    instant = micros("2026-03-10T12:00:00.123456+00:00")
    assert moment_text(instant) == "2026-03-10 13:00:00.123"
    assert clock_text(instant) == "13:00:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0s"), (7, "7s"), (750, "12m30s"), (3_750, "1h02m30s"), (3 * 86_400 + 3_750, "3d01h02m30s")],
)
def test_elapsed_time_is_written_with_its_units(seconds: int, text: str):
    """A local clock that runs behind the server's makes 0, not a negative time."""
    assert elapsed_text(seconds * SECOND) == text


def test_timestamps_and_durations_of_the_contract_keep_microseconds():
    """Nothing is lost between the contract and the command line."""
    instant = round(datetime(2026, 3, 10, 12, 0, 0, 123_456, tzinfo=UTC).timestamp() * SECOND)
    assert instant_of(timestamp_of(instant)) == instant
    assert length_of(duration_of(90_000_001)) == 90_000_001


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0s"), (7, "7s"), (977, "16m17s"), (3_720, "1h02m"), (3 * 86_400 + 4 * 3_600, "3d04h")],
)
def test_a_span_names_its_units(seconds: int, text: str):
    """Minutes and seconds cannot be taken for hours and minutes."""
    assert span_text(seconds * SECOND) == text


def test_a_day_and_a_zone_are_named():
    """The zone as it is at that instant."""
    assert day_text(micros("2026-03-10T23:30:00+00:00")) == "Wednesday 2026-03-11"
    assert zone_text(micros("2026-03-10T12:00:00+00:00")) == "CET, UTC+01:00"
    assert zone_text(micros("2026-07-10T12:00:00+00:00")) == "CEST, UTC+02:00"
    assert time_of_day_text(micros("2026-03-10T12:00:00.250+00:00")) == "13:00:00.250"
