"""The waits between attempts of a stream. It does not wait itself."""

import random
from collections.abc import Callable

_DOUBLINGS_MOST = 30


def _jitter() -> float:
    # It keeps a thousand clients from coming back in one moment; it guards no secret.
    return random.uniform(0.5, 1.0)  # noqa: S311


class Backoff:
    """Waits that double from ``initial`` to ``maximum`` seconds, each times a random factor of 0.5-1."""

    def __init__(self, initial: float, maximum: float, *, factor: Callable[[], float] = _jitter) -> None:
        """Begin with the first wait. ``factor`` gives the factor of one wait."""
        self._initial = initial
        self._maximum = maximum
        self._factor = factor
        self._attempts = 0

    def next_wait(self, asked: float = 0.0) -> float:
        """The wait in seconds before the next attempt; ``asked`` is what the server asked for, and is added."""
        ceiling: float = min(self._initial * 2**self._attempts, self._maximum)
        self._attempts = min(self._attempts + 1, _DOUBLINGS_MOST)
        return asked + ceiling * self._factor()

    def start_anew(self) -> None:
        """A stream has carried a frame: the next wait is the first one again."""
        self._attempts = 0
