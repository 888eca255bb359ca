"""Keeps the engine's loops going: repeats each step, backs off after a failure, and reports a loop that keeps failing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from onduty_server.domain.model.errors import OndutyError

log = structlog.get_logger(__name__)

BACK_OFF_SECONDS: Final = (0.5, 1.0, 2.0, 5.0)
"""The pause after so many failures in a row; the last one for all further ones."""

FAULT_AFTER: Final = 3
"""So many unforeseen failures in a row are a fault."""

STOP_SECONDS: Final = 10.0
"""As long as ``stop`` waits for loops that do not end at once."""

Step = Callable[[], Awaitable[object]]


class Supervisor:
    """Owns the tasks of the loops. ``faults`` are the names of those that do not get on."""

    def __init__(self, on_fault: Callable[[], None]) -> None:
        """No loop runs yet; ``on_fault`` is called whenever ``faults`` has changed."""
        self._on_fault = on_fault
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._steps: dict[str, tuple[Step, float]] = {}
        self.faults: set[str] = set()
        self._stopping = False

    def start(self, name: str, step: Step, *, rest_seconds: float = 0.0, rests_first: bool = False) -> None:
        """Repeat a step, with a rest after each, and before the first where told. A step that waits by itself needs none."""
        self._steps[name] = (step, rest_seconds)
        first_rest = rest_seconds if rests_first else 0.0
        task = asyncio.create_task(self._repeat(name, step, rest_seconds, first_rest), name=f"onduty-{name}")
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._ended(name))

    async def stop(self) -> None:
        """End all loops."""
        self._stopping = True
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=STOP_SECONDS)
        if self.faults:  # what does not run is not at fault.
            self.faults.clear()
            self._on_fault()

    async def _repeat(self, name: str, step: Step, rest_seconds: float, first_rest: float) -> None:
        await asyncio.sleep(first_rest)
        waits, failures = 0, 0
        while True:
            try:
                await step()
            except OndutyError as error:  # foreseen: the journal does not take anything now
                waits += 1
                log.warning("loop_waits", loop=name, error=str(error))
            except Exception:
                failures += 1
                log.exception("loop_failed", loop=name, failures=failures)
                if failures == FAULT_AFTER:
                    self._set_fault(name, is_fault=True)
            else:
                if failures:
                    log.info("loop_works_again", loop=name)
                    self._set_fault(name, is_fault=False)
                waits = failures = 0
            troubles = waits + failures
            await asyncio.sleep(BACK_OFF_SECONDS[min(troubles, len(BACK_OFF_SECONDS)) - 1] if troubles else rest_seconds)

    def _set_fault(self, name: str, *, is_fault: bool) -> None:
        before = name in self.faults
        (self.faults.add if is_fault else self.faults.discard)(name)
        if before is not is_fault:
            self._on_fault()

    def _ended(self, name: str) -> None:
        """A loop never ends by itself: whatever ended it, another one takes its place, and the fault stays."""
        if self._stopping:
            return
        log.error("loop_ended", loop=name)
        self._set_fault(name, is_fault=True)
        step, rest_seconds = self._steps[name]
        self.start(name, step, rest_seconds=rest_seconds)
