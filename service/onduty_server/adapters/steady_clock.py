"""The server's clock: lengths of time by the steady counter, instants led towards the wall clock, and never back.

A wall clock can be wrong for a moment, be set, or stand in 1970 until the network answers. Lengths of time must not follow it:
a wrap-up of 30 seconds lasts 30 seconds. So the present is the steady counter plus an offset, and only the offset follows the
wall clock, by these rules:

1. The wall clock differs by up to ``JUMP``: the offset is led there, ``LEAD`` of the time that passes.
2. It is ahead by more, and has been for ``LASTING``: a step is due, and taken when the server says so: everybody's deadlines
   must move with it. Until then nothing happens.
3. It is behind by more, and has been for ``LASTING``: the offset is led back, ``LEAD_BACK`` of the time that passes. The
   present goes slower for a while, and never back.
4. It is ahead by more than ``STEP_MOST``, or shows a date that cannot be: it is not believed.
"""

import time
from collections.abc import Callable
from typing import Final

from onduty_server.adapters.system_clock import SystemClock
from onduty_server.domain.model.status import SECOND, Instant, Micros, seconds

JUMP: Final = seconds(1)
"""A greater difference is a jump. The network time protocol keeps machines within milliseconds."""

LASTING: Final = seconds(60)
"""How long a jump must have lasted to count. The glitches that the field tells of last for seconds."""

LEAD: Final = 1 / 200
"""Ten times what the network time protocol's own slewing does: a second is made up in 200 seconds."""

LEAD_BACK: Final = 1 / 100
"""A wrap-up of 30 seconds then lasts 30.3."""

STEP_MOST: Final = seconds(10 * 365 * 24 * 3600)
"""A clock that is further ahead than this shows a date that nobody set, such as 2106."""

EARLIEST: Final = Instant(1_704_067_200 * SECOND)
"""The first day of 2024, before this was written: a clock that shows less is not set."""

LATEST: Final = Instant(EARLIEST + 5 * STEP_MOST)
"""A clock that shows more is broken."""


class SteadyTime:
    """The rules, without a clock: given readings of the wall and of the steady counter, it says what the present is."""

    def __init__(self, wall: int, steady: int) -> None:
        """Begin with the wall clock's word, or on the earliest day where it shows a date that cannot be.

        All readings are in microseconds; the steady ones never go back.
        """
        self._date_is_known = EARLIEST <= wall < LATEST
        self._offset = (wall if self._date_is_known else EARLIEST) - steady
        self._steady = steady
        self._jump: int | None = None
        self._jumped_at = 0
        self.divergence = Micros(0)
        """How far the wall clock is ahead of the present; negative where it is behind."""
        self.step_due = Micros(0)
        """By how much the present is to step forward; 0: not at all."""

    def start_from(self, last: Instant) -> None:
        """What is recorded already is not in the future; and a wall clock absurdly far ahead of it is not begun with.

        ``last`` of 0 says that nothing is recorded.
        """
        present = self._steady + self._offset
        if not last:
            return
        if present < last or present - last > STEP_MOST:
            self._offset = last - self._steady
        self._date_is_known = True

    def step(self, by: Micros) -> None:
        """The present steps forward."""
        self._offset += by
        self.step_due = Micros(0)
        self._jump = None
        self._date_is_known = True

    def read(self, wall: int, steady: int) -> Instant:
        """The present at these readings."""
        passed = max(0, steady - self._steady)
        self._steady += passed
        ahead = wall - (self._steady + self._offset)
        self.step_due = Micros(0)
        if abs(ahead) <= JUMP:
            self._jump = None
            self._lead(ahead, passed, LEAD)
        elif self._has_lasted(ahead) and self._is_believed(ahead, wall):
            self._follow(ahead, passed)
        self.divergence = Micros(wall - (self._steady + self._offset))
        return Instant(self._steady + self._offset)

    def _has_lasted(self, ahead: int) -> bool:
        """Whether the wall clock has been off by about as much for long enough."""
        if self._jump is None or abs(ahead - self._jump) > JUMP:
            self._jumped_at = self._steady
        self._jump = ahead
        return self._steady - self._jumped_at >= LASTING

    def _is_believed(self, ahead: int, wall: int) -> bool:
        return EARLIEST <= wall < LATEST and (ahead <= STEP_MOST or not self._date_is_known)

    def _follow(self, ahead: int, passed: int) -> None:
        if ahead < 0:
            self._lead(ahead, passed, LEAD_BACK)
        else:
            self.step_due = Micros(ahead)

    def _lead(self, ahead: int, passed: int, part: float) -> None:
        most = int(passed * part)
        self._offset += max(-most, min(most, ahead))


def _steady_reading() -> int:
    """A counter that goes on while the machine sleeps, where the system has one; in microseconds."""
    counter = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(counter) // 1000


class SteadyClock(SystemClock):
    """The server's clock: ``SteadyTime`` over the machine's clocks."""

    def __init__(self, wall: Callable[[], int] | None = None, steady: Callable[[], int] = _steady_reading) -> None:
        """``wall`` and ``steady`` read the two clocks in microseconds; by default the machine's."""
        super().__init__()
        self._wall = wall or super().now
        self._read_steady = steady
        self._time = SteadyTime(self._wall(), steady())

    def start_from(self, last: Instant) -> None:
        """``now()`` is not before what is recorded already."""
        self._time.start_from(last)

    def now(self) -> Instant:
        """The present in microseconds since the Unix epoch; it never goes back."""
        return self._time.read(self._wall(), self._read_steady())

    @property
    def divergence(self) -> Micros:
        """How far the wall clock was ahead when the clock was read last; negative where it was behind."""
        return self._time.divergence

    @property
    def step_due(self) -> Micros:
        """By how much ``now()`` was to step forward when the clock was read last; 0: not at all."""
        return self._time.step_due

    def step(self, by: Micros) -> None:
        """``now()`` steps forward."""
        self._time.step(by)
