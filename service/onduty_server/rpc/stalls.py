"""Finds streams whose peer has stopped reading, so that they are ended.

A write to a peer that does not read waits in the core, without a word and for as long as the connection lives. Nothing tells
of it but the time that it takes.
"""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

SWEEPS_PER_LIMIT: Final = 8


class StalledWriteError(Exception):
    """The peer has not taken a frame for the whole limit. Thrown into the stream, which knows what to tell."""


class Write:
    """What one stream is writing. ``began_at`` is the event loop's time while a frame waits to be taken, else None."""

    __slots__ = ("began_at", "stalled", "task")

    def __init__(self, task: "asyncio.Task[object] | None") -> None:
        """Nothing is being written yet."""
        self.task = task
        self.began_at: float | None = None
        self.stalled = False


class Stalls:
    """All streams' writes, and the sweep over them while there are any."""

    def __init__(self, limit_seconds: float) -> None:
        """A write that takes longer than ``limit_seconds`` is broken off."""
        self._limit = limit_seconds
        self._writes: set[Write] = set()
        self._sweep: asyncio.TimerHandle | None = None
        self.ended = 0
        """How many streams were ended since the start because their peer did not read."""

    @property
    def writes(self) -> Collection[Write]:
        """Those of all open streams."""
        return self._writes

    @contextmanager
    def observed(self) -> Iterator[Write]:
        """The calling task is a stream for the length of the block.

        Where a write of it stalls the task is cancelled, and ``stalled`` says that it was for that.
        """
        write = Write(asyncio.current_task())
        self._writes.add(write)
        if self._sweep is None:
            self._sweep_later()
        try:
            yield write
        finally:
            self._writes.discard(write)
            if not self._writes and self._sweep is not None:
                self._sweep.cancel()
                self._sweep = None

    def _sweep_later(self) -> None:
        self._sweep = asyncio.get_running_loop().call_later(self._limit / SWEEPS_PER_LIMIT, self._break_off)

    def _break_off(self) -> None:
        since = asyncio.get_running_loop().time() - self._limit
        for write in self._writes:
            if write.began_at is not None and write.began_at <= since and not write.stalled and write.task is not None:
                write.stalled = True
                self.ended += 1
                write.task.cancel()
        self._sweep_later()
