"""How many jobs a batch is held open for, learned from the batches before.

A commit costs as much as several jobs, so a full batch is cheap. But who waits for more than will come waits in vain. So the
number follows what was about the last time, and is raised while the process has no CPU time to spare, until that is too much.
"""

import asyncio
from typing import Final

from onduty_server.domain.model.status import SECOND
from onduty_server.ports import Clock

PART: Final = 0.8
"""A batch is held open until it has this part of the jobs that were about: in the last one, and come during its commit."""

JOBS_MOST: Final = 128
"""A batch of so many jobs is not held open: a larger one is hardly cheaper."""

RAISE: Final = 1.25
RAISED_FROM: Final = 4
"""With fewer about, there are not more callers than that, and nothing is tried."""

TRIED_AGAIN_AFTER: Final = 256
"""Batches between one that was held open in vain and the next trial."""


class BatchSizer:
    """What is enough, batch after batch."""

    def __init__(self) -> None:
        """Nobody was about."""
        self.enough = 0
        self._content = 0

    def idle(self) -> None:
        """Nobody has asked for a while."""
        self.enough = 0

    def committed(self, jobs: int, waiting: int, *, in_vain: bool, busy: bool) -> None:
        """A batch of ``jobs`` is committed, and ``waiting`` came meanwhile.

        ``in_vain``: it was held open and had not enough in the end; ``busy``: the process had no CPU time to spare.
        """
        about = jobs + waiting
        part = int(PART * about)
        self._content = TRIED_AGAIN_AFTER if in_vain else max(self._content - 1, 0)
        if in_vain or not busy or about < RAISED_FROM:
            enough = part
        elif self._content:
            enough = max(part, self.enough)
        else:
            enough = max(part, int(RAISE * self.enough) + 1)
        self.enough = min(enough, JOBS_MOST)


class CpuMeter:
    """How busy the process is."""

    def __init__(self, clock: Clock) -> None:
        """Measures from now on."""
        self._clock = clock
        self._spent, self._at = clock.cpu(), asyncio.get_running_loop().time()

    def since_last(self) -> float:
        """CPU time by real time since the last call."""
        spent, at = self._clock.cpu(), asyncio.get_running_loop().time()
        part = (spent - self._spent) / SECOND / max(at - self._at, 1e-6)
        self._spent, self._at = spent, at
        return part
