"""Remembers when changes were committed, a mark for each round in which watchers were woken.

A mark a round costs next to nothing, where the time of every change would cost memory in every ring.
"""

from bisect import bisect_left
from typing import Final

from onduty_server.ports import Revision

MARKS_MOST: Final = 4_096
"""Rounds that are remembered: under load those of about twenty seconds."""


class RoundMarks:
    """The latest rounds of one ring."""

    def __init__(self) -> None:
        """None yet."""
        self._through: list[Revision] = []
        self._since: list[float] = []

    def add(self, through: Revision, since: float) -> None:
        """A round tells what was committed up to a revision. The first of it came at ``since``, of the event loop's time."""
        self._through.append(through)
        self._since.append(since)
        if len(self._through) >= 2 * MARKS_MOST:
            del self._through[:MARKS_MOST], self._since[:MARKS_MOST]

    def since(self, revision: Revision) -> float | None:
        """When a revision was committed, or a little before; None: no round has told it.

        What is older than all that is remembered counts as committed with the oldest.
        """
        place = bisect_left(self._through, revision)
        return self._since[place] if place < len(self._since) else None
