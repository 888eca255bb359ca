"""The clocks of this machine. The only place of the client that reads them."""

import time

_STARTED = time.time() - time.monotonic()  # noqa: TID251 - this is the client's clock.


def monotonic() -> float:
    """Seconds of a clock that never goes back, from any beginning."""
    return time.monotonic()


def wall() -> float:
    """Seconds since 1970 as this machine's clock said at the program's start, and even from there: it is never set."""
    return _STARTED + time.monotonic()
