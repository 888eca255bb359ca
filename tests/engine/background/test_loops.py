"""The loops of the engine: all of them are watched over, and the memory that they hold is reported."""

import asyncio

import pytest
from engine_floor import BUSY, TENANT, Floor

from onduty_server.domain.model.errors import OverloadedError
from onduty_server.domain.model.state import AVAILABLE
from onduty_server.engine.write import fair_queue

LOOPS = {"journal", "deadlines", "clock", "erasing", "retention", "policies", "rings", "attachments"}


async def test_every_loop_is_watched_over(floor: Floor) -> None:
    """A loop outside the supervisor would die in silence with its first fault: every task but the committer is one of its."""
    tasks = {task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("onduty-")}
    assert tasks == {f"onduty-{name}" for name in LOOPS} | {"onduty-committer"}
    assert set(floor.engine.supervisor._tasks) == LOOPS


async def test_rings_hold_no_more_than_their_budget(floor: Floor) -> None:
    """The budget of all rings together hears of every change that one of them takes, and has it let go of the oldest."""
    floor.engine.replica.rings.change_bytes.most = 4_000
    await floor.create("kim")
    for number in range(60):
        await floor.choose("kim", BUSY if number % 2 else AVAILABLE)
    assert floor.engine.replica.rings(TENANT).size <= 8_000
    assert floor.engine.replica.rings(TENANT).floor > 1


async def test_deadlines_fire_however_many_callers_wait(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's own work is never refused for load, as callers' is."""
    await floor.create("kim")
    await floor.choose("kim")
    await floor.claim("kim")

    def full(_queue: object, _tenant: str) -> None:
        raise OverloadedError(0)

    monkeypatch.setattr(fair_queue.FairQueue, "check_room", full)
    with pytest.raises(OverloadedError):
        await floor.choose("kim", BUSY)
    floor.clock.move(3600)
    await floor.engine.deadline_loop.fire_due()
    assert floor.state("kim").offer is None
