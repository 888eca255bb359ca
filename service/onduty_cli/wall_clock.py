"""The present, for commands; they read no other clock."""

import time


class WallClock:
    """This machine's wall clock, as it is: a table that is watched all day follows where the clock is set."""

    def now(self) -> int:
        """Microseconds since the epoch."""
        return time.time_ns() // 1_000  # noqa: TID251 - this is the command line's clock.
