"""Keeps apart people whose deadlines could not be fired, for a while, so that they hold up nobody else."""

from collections.abc import Iterable
from typing import Final

from onduty_server.domain.model.status import SECOND, Instant, Micros

StaffKey = tuple[str, str]
"""Tenant and staff id."""

FIRST_SECONDS: Final = 1
SECONDS_MOST: Final = 3600


class Quarantine:
    """Who is in it, until when. Each further failure doubles the time; a firing that succeeds ends the count."""

    def __init__(self) -> None:
        """Nobody is in it."""
        self._until: dict[StaffKey, Instant] = {}
        self._failures: dict[StaffKey, int] = {}

    def add(self, key: StaffKey, now: Instant) -> None:
        """Firing somebody's deadlines has failed."""
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        seconds = min(FIRST_SECONDS << min(failures - 1, 20), SECONDS_MOST)
        self._until[key] = Instant(now + Micros(seconds * SECOND))

    def until(self, key: StaffKey) -> Instant:
        """When somebody's deadlines may be fired again; 0 for somebody who is not in quarantine."""
        return self._until.get(key, Instant(0))

    def release(self, keys: Iterable[StaffKey]) -> None:
        """Firing their deadlines has succeeded."""
        if self._failures:
            for key in keys:
                self._until.pop(key, None)
                self._failures.pop(key, None)

    def __len__(self) -> int:
        """How many people are in it, or were until lately."""
        return len(self._failures)
