"""Relates simulated time to played time and to the server's clock; it never reads a clock.

Simulated time runs in whole seconds of the records. Played time is the same with the stretches cut out in which nothing is
planned and nobody is signed in. Speed says how many played seconds pass in a second of the server's clock.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from onduty_replay.plan import Plan

MICROSECONDS: Final = 1_000_000
IDLE_SECONDS: Final = 600
"""A longer stretch without activity is cut out ..."""
MARGIN_SECONDS: Final = 60
"""... but for this long before and after it, so that workspaces have time to attach and detach."""


class PlayedTime:
    """Maps simulated to played seconds and back."""

    def __init__(self, activity: Iterable[tuple[int, int]]) -> None:
        """Take the intervals in which something is planned, in any order."""
        self._begins: list[int] = []
        self._played: list[int] = []
        end: int | None = None
        for start, finish in sorted(activity):
            if end is None or start - end > IDLE_SECONDS:
                played = 0 if end is None else self.at(end) + MARGIN_SECONDS
                self._begins.append(start - MARGIN_SECONDS)
                self._played.append(played)
            end = finish if end is None else max(end, finish)
        if end is None:
            raise ValueError("nothing is planned")
        self.total = self.at(end) + MARGIN_SECONDS
        """The played seconds from the beginning to the end."""

    def at(self, simulated: int) -> int:
        """The played second of a simulated one that is not cut out."""
        stretch = max(0, bisect_right(self._begins, simulated) - 1)
        return self._played[stretch] + simulated - self._begins[stretch]

    def simulated(self, played: float) -> int:
        """The simulated second that is reached after so many played ones, for showing."""
        stretch = max(0, bisect_right(self._played, played) - 1)
        return self._begins[stretch] + int(played) - self._played[stretch]


@dataclass(frozen=True, slots=True)
class Pace:
    """How simulated instants lie on the server's clock."""

    speed: int
    played: PlayedTime
    begun_at: int
    """The played second 0 by the server's clock, in microseconds since the epoch."""

    def lateness(self, planned: int, happened_at: int) -> int:
        """How much later than planned something happened, in simulated microseconds, exactly; negative: earlier.

        ``planned`` is a simulated second, ``happened_at`` microseconds since the epoch by the server's clock.
        """
        return (happened_at - self.begun_at) * self.speed - self.played.at(planned) * MICROSECONDS


def played_time_of(plan: Plan) -> PlayedTime:
    """The played time of a plan."""
    shifts = [(shift.begins_at, shift.ends_at) for person in plan.staff for shift in person.shifts]
    return PlayedTime([*shifts, *((hang_up.rings_at, hang_up.gone_at) for hang_up in plan.hang_ups)])
