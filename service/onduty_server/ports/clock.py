"""The clock: the only source of time."""

from typing import Protocol

from onduty_server.domain.model.status import Instant, Micros


class Clock(Protocol):
    """The only source of time. Lengths of time are right whatever happens to the machine's wall clock."""

    def start_from(self, last: Instant) -> None:
        """Say what the journal's last instant is, 0 if none; ``now()`` is not before it. Called once, before all decisions."""

    def now(self) -> Instant:
        """The present in microseconds. It does not go back, and steps forward by ``step`` only."""

    @property
    def divergence(self) -> Micros:
        """How far the wall clock was ahead of ``now()`` when that was called last; negative: behind."""

    @property
    def step_due(self) -> Micros:
        """By how much ``now()`` is to step forward, to follow a wall clock that was set; 0: not at all."""

    def step(self, by: Micros) -> None:
        """Have ``now()`` step forward. Who calls it has everybody's deadlines move with it."""

    async def sleep_until(self, at: Instant) -> None:
        """Return when ``now()`` has reached ``at``."""

    def cpu(self) -> Micros:
        """The CPU time that the process has used so far, on all cores together, and that its event loop has waited for."""
