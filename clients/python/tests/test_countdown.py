"""Countdowns by the server's clock, without a clock."""

import pytest

from onduty.v1.staff_pb2 import Staff
from onduty_client.countdown import ServerClock, remaining_offer, remaining_wrap_up


def wrapping_up(ends_at: float | None) -> Staff:
    staff = Staff()
    staff.wrap_up.call_id = "c"
    if ends_at is not None:
        staff.wrap_up.ends_at.FromMilliseconds(round(ends_at * 1000))
    return staff


def test_offset_is_the_largest_seen():
    """A frame that travelled long says less than one that travelled short; before the first the clocks agree."""
    clock = ServerClock()
    assert clock.offset == 0
    clock.observe(recorded_at=1_000.0, came_at=1_003.0)
    assert clock.offset == -3
    clock.observe(recorded_at=1_010.0, came_at=1_010.5)
    clock.observe(recorded_at=1_020.0, came_at=1_022.0)
    assert clock.offset == -0.5
    clock.start_anew()
    assert clock.offset == 0


def test_wrap_up_counts_down_to_nothing():
    """Never below 0, also where the server is late to end it."""
    assert remaining_wrap_up(wrapping_up(100.25), 90) == pytest.approx(10.25)
    assert remaining_wrap_up(wrapping_up(100), 101) == 0


@pytest.mark.parametrize("staff", [None, Staff(), wrapping_up(None)])
def test_no_countdown_outside_wrap_up_and_when_open_ended(staff):
    """There is nothing to count."""
    assert remaining_wrap_up(staff, 90) is None


def test_offer_counts_down():
    """Only while one is outstanding."""
    staff = Staff()
    assert remaining_offer(staff, 90) is None
    staff.offer.expires_at.seconds = 95
    assert remaining_offer(staff, 90) == 5
