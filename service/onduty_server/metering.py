"""How the server counts and times its work, as a port: what is metered is named in ``observability/catalogue.py``.

Calls are made on the event loop's thread, inside the work itself. They are cheap, do no I/O and never wait.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

Reading = Mapping[tuple[str, ...], float]
"""The present values of a gauge, by the values of its labels."""

Read = Callable[[], Reading | Awaitable[Reading]]
"""Takes a reading, in the event loop. What looks at many things is a coroutine, and lets others have their turn."""


class Counter(Protocol):
    """One series that only grows."""

    def add(self, amount: int = 1) -> None:
        """So many more."""


class Distribution(Protocol):
    """One series of a histogram."""

    def observe(self, value: float) -> None:
        """One more value, in the metric's unit."""


class Meter(Protocol):
    """Hands out series by the metric's name and the values of its labels, in the catalogue's order.

    A series that is asked for exists from then on, at zero. Values of labels are bounded by who asks: never an id of a person,
    a call or a request.
    """

    def counter(self, name: str, *labels: str) -> Counter:
        """A series of a counter. It is the same one whenever it is asked for."""

    def distribution(self, name: str, *labels: str) -> Distribution:
        """A series of a histogram, likewise."""

    def gauge(self, name: str, read: Read) -> None:
        """Have a gauge read whenever somebody looks."""

    def now(self) -> float:
        """Seconds of a steady clock, to take differences of."""


class _Nothing:
    """Takes everything and keeps nothing."""

    def add(self, amount: int = 1) -> None:
        """Nothing."""

    def observe(self, value: float) -> None:
        """Nothing."""


class Unmetered:
    """The meter of a server that nobody looks into."""

    _nothing: Final = _Nothing()

    def counter(self, _name: str, *_labels: str) -> Counter:
        """A series that stays as it is."""
        return self._nothing

    def distribution(self, _name: str, *_labels: str) -> Distribution:
        """Likewise."""
        return self._nothing

    def gauge(self, _name: str, _read: Read) -> None:
        """Nobody reads it."""

    def now(self) -> float:
        """No time passes: what it is for is not kept."""
        return 0.0


UNMETERED: Final = Unmetered()
