"""What watching holds on to is bounded for the process, with a share for each tenant, and let go of when nobody needs it."""

import pytest
from engine_floor import BUSY, ORIGIN, TENANT, Floor

from onduty_server.domain.model import commands
from onduty_server.domain.model.state import AVAILABLE
from onduty_server.engine.staff_filter import EVERYBODY, StaffFilter
from onduty_server.engine.watch import budgets, frames, ring
from onduty_server.engine.watch.budgets import Budget
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.frames import SharedFrames
from onduty_server.engine.write import transactions


class Part:
    """A holder that shrinks by as much as it is asked to."""

    def __init__(self, size: int) -> None:
        """Of this size."""
        self.size = size

    def shrink(self, excess: int) -> None:
        """By exactly that."""
        self.size -= excess


def test_whoever_has_most_gives_way_first_and_nobody_below_a_share() -> None:
    """A tenant uses what others leave, until they want it."""
    parts = [Part(700), Part(200), Part(50)]
    budget = Budget(800, lambda: parts)
    budget.added(50)
    assert [part.size for part in parts] == [700, 200, 50], "a sixteenth may be added before it is looked at"
    budget.added(1)
    assert [part.size for part in parts] == [550, 200, 50]
    parts[1].size = parts[2].size = 400
    budget.added(550)
    assert sum(part.size for part in parts) == 800
    assert min(part.size for part in parts) >= 800 // 3


async def tenant_with_history(floor: Floor, tenant: str, changes: int) -> int:
    """A tenant with one person and so many changes; returns the revision before them."""
    await floor.engine.transact(tenant, transactions.create_staff(tenant, commands.CreateStaff("kim", "", (), ORIGIN)))
    start = floor.engine.head
    for number in range(changes):
        await floor.engine.submit(tenant, "kim", commands.ChangeStatus((AVAILABLE, BUSY)[number % 2], ORIGIN))
    return start


async def test_shared_frames_of_all_tenants_fit_together(floor: Floor) -> None:
    """Watchers at many places do not make the process keep a frame for each, and spare another tenant's."""
    floor.engine.replica.rings.frame_bytes.most = 40_000
    quiet_start = await tenant_with_history(floor, "quiet", 3)
    start = await tenant_with_history(floor, "busy", 100)
    quiet, busy = (floor.engine.replica.rings(tenant).frames for tenant in ("quiet", "busy"))
    await floor.engine.watch("quiet", StaffFilter(), quiet_start).next(0)
    spared = quiet.size
    for cursor in range(start, floor.engine.head):
        await floor.engine.watch("busy", StaffFilter(), cursor).next(0)
        assert quiet.size + busy.size <= 40_000 * 17 / 16 + 80_000
        held = [one for one in busy._deliveries.values() if one is not None]
        assert busy.size == sum(frames.FRAME_LEAST + sum(map(len, one.elements)) for one in held)
    assert quiet.size == spared > 0


async def test_frames_are_gone_when_nobody_can_need_them(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment after the last watcher has come, also where nothing happens any more."""
    monkeypatch.setattr(frames, "KEPT_SECONDS", 0.001)
    start = await tenant_with_history(floor, TENANT, 3)
    shared = floor.engine.replica.rings(TENANT).frames
    await floor.engine.watch(TENANT, EVERYBODY, start).next(0)
    assert shared.size
    await floor.until(lambda: not shared.size)
    assert not shared._deliveries


async def test_a_frame_is_built_once(floor: Floor) -> None:
    """Also one in which there is nothing."""
    built = []
    shared = SharedFrames(built.append)
    made = Delivery([b"12345"], 7)
    assert shared.get("a", lambda: made) is shared.get("a", lambda: None) is made
    assert shared.get("b", lambda: None) is shared.get("b", lambda: made) is None
    assert built == [frames.FRAME_LEAST + 5, frames.FRAME_LEAST]
    shared.drop()
    assert (shared.size, shared.get("a", lambda: None)) == (0, None)
    shared.drop()


async def test_chunks_of_a_tenant_within_its_share_are_spared(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many places another tenant's watchers come back at."""
    monkeypatch.setattr(ring, "RING_CHANGES", 1)
    monkeypatch.setattr(budgets, "CHUNKS_BYTES", 60_000)
    quiet_start = await tenant_with_history(floor, "quiet", 5)
    start = await tenant_with_history(floor, "busy", 60)
    catching_up = floor.engine.replica.catching_up
    await catching_up.after("quiet", quiet_start, floor.engine.head)
    for cursor in range(start, floor.engine.head - 1):
        await catching_up.after("busy", cursor, cursor + 20)
        assert catching_up.size <= 60_000
    assert any(tenant == "quiet" for tenant, _ in catching_up._chunks)
