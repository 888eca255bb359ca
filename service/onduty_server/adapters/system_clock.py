"""The machine's clock: the only module that reads the time. It decides nothing by it."""

import asyncio
import time

from onduty_server.domain.status import SECOND, Instant, Micros

_LONGEST_SLEEP_SECONDS = 60.0


class SystemClock:
    """Wall-clock time in microseconds; sleeps are cut so that a clock that is set forward is noticed."""

    def now(self) -> Instant:
        """Microseconds since the Unix epoch."""
        return Instant(time.time_ns() // 1000)  # noqa: TID251 - this is the module that may.

    async def sleep_until(self, at: Instant) -> None:
        """Return when ``now()`` has reached ``at``, within the event loop's precision of about a millisecond."""
        while (left := at - self.now()) > 0:  # noqa: ASYNC110 - an instant is awaited, not a condition.
            await asyncio.sleep(min(left / SECOND, _LONGEST_SLEEP_SECONDS))

    def cpu(self) -> Micros:
        """The CPU time that the process has used so far, user and system, of all threads."""
        return Micros(time.process_time_ns() // 1000)
