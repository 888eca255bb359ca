"""The machine's wall clock, as it is; the server's own is made of it in ``steady_clock.py``."""

import asyncio
import os
import time

from onduty_server.domain.model.status import SECOND, Instant, Micros

_LONGEST_SLEEP_SECONDS = 0.5
"""A sleep does not go on counting while the machine sleeps; who wakes must look at the clock within this."""


class SystemClock:
    """Wall-clock time in microseconds; sleeps are cut so that a step of the clock is noticed."""

    def __init__(self) -> None:
        """``cpu`` is asked for by one thread."""
        self._schedule: int | None = None

    def now(self) -> Instant:
        """Microseconds since the Unix epoch."""
        return Instant(time.time_ns() // 1000)  # noqa: TID251 - this is the module that may.

    async def sleep_until(self, at: Instant) -> None:
        """Return when ``now()`` has reached ``at``, within the event loop's precision of about a millisecond."""
        while (left := at - self.now()) > 0:  # noqa: ASYNC110 - an instant is awaited, not a condition.
            await asyncio.sleep(min(left / SECOND, _LONGEST_SLEEP_SECONDS))

    def start_from(self, last: Instant) -> None:
        """The wall clock is what it is."""

    @property
    def divergence(self) -> Micros:
        """None from itself."""
        return Micros(0)

    @property
    def step_due(self) -> Micros:
        """It steps without asking."""
        return Micros(0)

    def step(self, by: Micros) -> None:
        """It steps without asking."""

    def cpu(self) -> Micros:
        """The CPU time that the process has used so far, of all its threads, and that this thread has waited for."""
        return Micros((time.process_time_ns() + self._waited()) // 1000)

    def _waited(self) -> int:
        """For how many nanoseconds this thread was ready to run and had no core; 0 where the kernel does not tell."""
        if self._schedule is None:
            self._schedule = _schedule_of_this_thread()
        return int(os.pread(self._schedule, 64, 0).split()[1]) if self._schedule >= 0 else 0


def _schedule_of_this_thread() -> int:
    """The kernel's account of a thread, to be read again and again for as long as the process lives; -1: there is none."""
    try:
        return os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1
