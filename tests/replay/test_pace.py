"""Simulated time, played time and the server's clock."""

import pytest

from onduty_replay.pace import Pace, PlayedTime


def test_nights_are_cut_out():
    """Between two stretches of activity two minutes are left, whatever lies between."""
    played = PlayedTime([(1000, 2000), (50_000, 51_000)])
    assert (played.at(1000), played.at(2000), played.at(50_000), played.total) == (60, 1060, 1180, 2240)


def test_a_short_pause_is_not_cut_out():
    """Up to ten minutes pass as they are."""
    played = PlayedTime([(1000, 2000), (2600, 3000)])
    assert played.at(2600) - played.at(2000) == 600


def test_activities_may_overlap_and_come_in_any_order():
    """A short one within a long one ends nothing."""
    played = PlayedTime([(1500, 1600), (1000, 4000), (4300, 4400)])
    assert played.at(4400) == 60 + 3400


def test_played_time_leads_back_to_simulated_time():
    """What is shown is where the records are."""
    played = PlayedTime([(1000, 2000), (50_000, 51_000)])
    assert [played.simulated(played.at(second)) for second in (1000, 1999, 50_000, 50_777)] == [1000, 1999, 50_000, 50_777]


def test_nothing_planned_is_an_error():
    """There is no time to play."""
    with pytest.raises(ValueError, match="nothing is planned"):
        PlayedTime([])


def test_lateness_is_exact():
    """Microseconds of the server's clock, times the speed, less what was planned: whole numbers, whatever the speed."""
    pace = Pace(7, PlayedTime([(1000, 2000)]), begun_at=1_700_000_000_000_003)
    assert pace.lateness(1000, 1_700_000_000_000_003) == -60_000_000
    assert pace.lateness(1000, 1_700_000_000_000_004) == -60_000_000 + 7
