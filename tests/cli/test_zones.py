"""Time zones: finding them, and days that are longer or shorter than others."""

from collections.abc import Iterator
from datetime import date

import pytest

from onduty_cli.moments import choose_zone, day_begins, day_of, iso_text, parse_moment, zone_name
from onduty_cli.zones import find_zone, machine_zone_name

HOUR = 3_600_000_000


@pytest.fixture(autouse=True)
def _the_machines_afterwards() -> Iterator[None]:
    yield
    choose_zone(None)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 28), 24),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Santiago", date(2026, 9, 6), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_a_day_lasts_from_midnight_to_midnight_of_the_zone(zone: str, day: date, hours: float):
    """Also where the clocks change on it, at midnight, or by half an hour."""
    choose_zone(find_zone(zone))
    begins, ends = day_begins(day), day_begins(date.fromordinal(day.toordinal() + 1))
    assert (ends - begins) / HOUR == hours
    assert day_of(begins) == day_of(ends - 1) == day


def test_what_is_typed_is_meant_in_the_zone():
    """An offset that is given counts more."""
    choose_zone(find_zone("Asia/Kolkata"))
    now = parse_moment("2026-03-10T12:00:00Z", now=0)
    assert iso_text(now) == "2026-03-10T17:30:00.000000+05:30"
    assert iso_text(parse_moment("today", now=now)) == "2026-03-10T00:00:00.000000+05:30"
    assert iso_text(parse_moment("14:30", now=now)) == "2026-03-10T14:30:00.000000+05:30"
    assert zone_name() == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("typed", "found"), [("utc", "UTC"), ("europe/berlin", "Europe/Berlin"), ("America/new york", "America/New_York")]
)
def test_case_and_blanks_do_not_count(typed: str, found: str):
    """They are nobody's intention."""
    assert str(find_zone(typed)) == found


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("../etc", "time zone"),
        ("localtime", "time zone"),
        ("right/Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_an_unknown_zone_is_refused_with_what_is_near(typed: str, near: str):
    """A city alone is enough for the hint."""
    with pytest.raises(ValueError, match=near):
        find_zone(typed)


def test_a_machine_without_time_zone_data_says_so(monkeypatch: pytest.MonkeyPatch):
    """Instead of finding fault with the name."""
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    with pytest.raises(ValueError, match="no time zone data"):
        find_zone("Mars/Phobos")


@pytest.mark.parametrize(
    ("variable", "name"),
    [("Europe/Paris", "Europe/Paris"), (":Asia/Tokyo", "Asia/Tokyo"), ("CET-1CEST", ""), ("localtime", "")],
)
def test_the_machines_zone_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, name: str):
    """If it has a name."""
    monkeypatch.setenv("TZ", variable)
    assert machine_zone_name() == name
