"""Loops that fail, end and heal."""

import asyncio

import pytest

from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.engine.background import supervisor
from onduty_server.engine.background.supervisor import Supervisor


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between tries."""
    monkeypatch.setattr(supervisor, "BACK_OFF_SECONDS", (0.0,))


class Loop:
    """A step that does what it is told, and the faults that were reported."""

    def __init__(self) -> None:
        self.supervisor = Supervisor(lambda: self.faults.append(set(self.supervisor.faults)))
        self.faults: list[set[str]] = []
        self.steps = 0
        self.error: BaseException | None = None

    async def step(self) -> None:
        """One step."""
        self.steps += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error

    async def until(self, steps: int) -> None:
        """Let so many more steps begin."""
        wanted = self.steps + steps
        async with asyncio.timeout(30):
            while self.steps < wanted:
                await asyncio.sleep(0)


async def test_a_loop_that_fails_goes_on_and_is_a_fault_until_it_works() -> None:
    """One failure is none; several in a row are a fault, which ends with the first step that succeeds."""
    loop = Loop()
    loop.supervisor.start("busy", loop.step)
    await loop.until(2)
    loop.error = ZeroDivisionError()
    await loop.until(1)
    assert loop.faults == []
    await loop.until(supervisor.FAULT_AFTER + 1)
    assert loop.faults == [{"busy"}]
    loop.error = None
    await loop.until(2)
    assert loop.faults == [{"busy"}, set()]
    await loop.supervisor.stop()


async def test_waiting_for_the_journal_is_no_fault() -> None:
    """What is foreseen is tried again for as long as it takes."""
    loop = Loop()
    loop.error = JournalUnavailableError("away")
    loop.supervisor.start("busy", loop.step)
    await loop.until(10)
    assert loop.faults == []
    await loop.supervisor.stop()


async def test_a_loop_that_ends_is_begun_again_and_the_fault_stays() -> None:
    """Whatever ended it: it never ends by itself."""
    loop = Loop()
    loop.supervisor.start("busy", loop.step)
    await loop.until(1)
    loop.supervisor._tasks["busy"].cancel()
    await loop.until(3)
    assert loop.faults == [{"busy"}]
    await loop.supervisor.stop()
    steps = loop.steps
    await asyncio.sleep(0)
    assert loop.steps == steps


async def test_what_does_not_run_any_more_is_not_at_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has ceased to lead is not unwell for what failed while it led."""
    monkeypatch.setattr(supervisor, "BACK_OFF_SECONDS", (0.0,))
    told: list[bool] = []
    loops = Supervisor(lambda: told.append(bool(loops.faults)))

    async def broken() -> None:
        raise ZeroDivisionError

    loops.start("broken", broken)
    async with asyncio.timeout(30):
        while not loops.faults:
            await asyncio.sleep(0)
    await loops.stop()

    assert not loops.faults
    assert told == [True, False]
