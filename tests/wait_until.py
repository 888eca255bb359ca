"""Waits for a condition of another process by asking again, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

from patience import PATIENCE_SECONDS

T = TypeVar("T")

ASK_AGAIN_SECONDS = 0.02


def wait_until(condition: Callable[[], T], within: float = PATIENCE_SECONDS, *, what: str = "") -> T:
    """The first true value of ``condition``; fails with its last value when ``within`` seconds have passed."""
    end = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() >= end:
            raise AssertionError(f"{what or 'the condition'} did not come true within {within:g} s; last value: {found!r}")
        time.sleep(ASK_AGAIN_SECONDS)
