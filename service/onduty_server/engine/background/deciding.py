"""Deciding, from its beginning to its end: the committer's task, and the loops that run only where decisions are made."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

import structlog

from onduty_server.engine.background.attachments import AttachmentReconciler
from onduty_server.engine.background.deadline_loop import DeadlineLoop
from onduty_server.engine.background.retention import Retention
from onduty_server.engine.background.supervisor import Step, Supervisor
from onduty_server.engine.live.replica import NOT_YET, Replica
from onduty_server.engine.write.committer import Committer
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.ports import Clock
from onduty_server.replication import NotLeadingError

log = structlog.get_logger(__name__)

FINISHING_SECONDS: Final = 2.0
"""As long as a leader that hands over decides what it has taken."""

STOP_SECONDS: Final = 15.0
"""As long as ``stop`` waits for the last commit: longer than an append may take before it has failed."""


class Loop(NamedTuple):
    """A step that is repeated while this process decides."""

    name: str
    step: Step
    rest_seconds: float = 0.0
    rests_first: bool = False


class Deciding:
    """Begins once in a process of its own, and each time that a replica takes the lead."""

    def __init__(
        self,
        replica: Replica,
        queue: JobQueue,
        committer: Committer,
        clock: Clock,
        *,
        deadline_loop: DeadlineLoop,
        retention: Retention,
        attachments: AttachmentReconciler,
        loops: Callable[[], Sequence[Loop]],
        supervisor: Supervisor | None,
        on_change: Callable[[], None],
    ) -> None:
        """``loops`` is asked for them at each beginning; ``on_change`` is called whenever ``faults`` have changed.

        ``supervisor`` runs the loops of a process that decides as long as it lives; None: each beginning has one of its own.
        """
        self._replica = replica
        self._queue = queue
        self._committer = committer
        self._clock = clock
        self._deadline_loop = deadline_loop
        self._retention = retention
        self._attachments = attachments
        self._loops = loops
        self._on_change = on_change
        self._is_for_good = supervisor is not None
        self.supervisor = supervisor or Supervisor(on_change)
        self._committing: asyncio.Task[None] | None = None
        self.on_begun: Callable[[], Awaitable[None]] | None = None
        """Is called once this process has begun to decide."""

    @property
    def faults(self) -> set[str]:
        """The loops that fail again and again."""
        return self.supervisor.faults

    def start_committer(self) -> None:
        """Start the committer, which waits for jobs, also where none are taken."""
        self._committing = asyncio.create_task(self._committer.run(), name="onduty-committer")
        self._committing.add_done_callback(self._committer_ended)

    def _committer_ended(self, task: "asyncio.Task[None]") -> None:
        """The committer ends when the queue has stopped; a fault of its own must not end it for good."""
        if self._queue.stopping or task.cancelled():
            return
        log.error("committer_ended", exc_info=task.exception())
        self.start_committer()

    async def begin(self) -> int:
        """Take jobs, and do what is done by itself; returns how many people's deadlines had passed."""
        self._queue.accepting = True
        await self._retention.note_gap()
        fired = await self._deadline_loop.fire_due()
        await self._attachments.begin_graces()
        self._replica.attended_from = self._clock.now()
        if not self._is_for_good:
            self.supervisor = Supervisor(self._on_change)
        for loop in self._loops():
            self.supervisor.start(loop.name, loop.step, rest_seconds=loop.rest_seconds, rests_first=loop.rests_first)
        if self.on_begun is not None:
            await self.on_begun()
        return fired

    async def end(self, why: str) -> None:
        """Decide nothing from now on; what waits is to be asked of the leader."""
        self._queue.fail(NotLeadingError(why))
        self._replica.attended_from = NOT_YET
        await self.supervisor.stop()
        await self._deadline_loop.stop()

    async def finish(self) -> None:
        """Decide what was taken, and take nothing new; or give up after two seconds."""
        self._queue.accepting = False
        loop = asyncio.get_running_loop()
        until = loop.time() + FINISHING_SECONDS
        while (self._queue.waiting or self._committer.is_busy) and loop.time() < until:  # noqa: ASYNC110 - of two things, soon.
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """End the loops, and wait for the last commit. The queue has been stopped."""
        await self.supervisor.stop()
        await self._deadline_loop.stop()
        if self._committing is None:
            return
        _, hung = await asyncio.wait((self._committing,), timeout=STOP_SECONDS)
        for task in hung:
            log.error("stopped_with_append_under_way")
            task.cancel()
