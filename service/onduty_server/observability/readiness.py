"""What has to hold before requests are sent to a server, each by name; any thread may ask."""

from collections.abc import Callable, Mapping
from typing import Final

from onduty_server.metering import Reading
from onduty_server.observability.catalogue import READY_CHECKS

Trouble = Callable[[], str]
"""Says what is wrong; empty where nothing is. It reads plain values, and waits for nothing."""

UNKNOWN: Final = "not known yet"


class Readiness:
    """The checks. One that nobody has set does not hold."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._troubles: dict[str, Trouble] = dict.fromkeys(READY_CHECKS, lambda: UNKNOWN)

    def check(self, name: str, trouble: Trouble) -> None:
        """Set a check, which the catalogue names."""
        assert name in self._troubles, name
        self._troubles[name] = trouble

    def look(self) -> Mapping[str, str]:
        """What is wrong, by check, in their order; empty where a check holds."""
        return {name: trouble() for name, trouble in self._troubles.items()}

    def reading(self) -> Reading:
        """1 for each check that holds, and 0 for the others."""
        return {(name,): float(not trouble) for name, trouble in self.look().items()}
