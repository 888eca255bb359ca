"""The waits between attempts."""

import pytest

from onduty_client.backoff import Backoff


def test_factor_is_between_a_half_and_one():
    """Waits differ from client to client, and are never above the doubling."""
    waits = [Backoff(1, 10).next_wait() for _ in range(200)]
    assert 0.5 <= min(waits) < 0.6
    assert 0.9 < max(waits) <= 1


def test_waits_stay_finite_for_ever():
    """The thousandth attempt waits as long as the tenth."""
    backoff = Backoff(0.2, 10, factor=lambda: 1.0)
    assert {backoff.next_wait() for _ in range(1_000)} >= {0.2, 10}
    assert backoff.next_wait(asked=2.5) == pytest.approx(12.5)
