"""Those who catch up are given one delivery at a time, tenants by turns, with a rest after each."""

import asyncio

import pytest

from onduty_server.engine.watch import catch_up_pacer
from onduty_server.engine.watch.catch_up_pacer import CatchUpPacer


@pytest.fixture
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns follow each other without a rest."""
    monkeypatch.setattr(catch_up_pacer, "REST_SECONDS_A_CHANGE", 0.0)
    monkeypatch.setattr(catch_up_pacer, "LATE_SECONDS_MOST", 0.0)


async def served(pacer: CatchUpPacer, *names: str) -> list[str]:
    """The order in which these are served, each of the tenant that its first letter names."""
    order: list[str] = []

    async def wait(name: str) -> None:
        await pacer.turn(name[0], 1)
        order.append(name)

    async with asyncio.timeout(30):
        await asyncio.gather(*map(wait, names))
    return order


async def test_tenants_take_turns(restless: None) -> None:
    """However many of one tenant come first, another tenant's is next but one."""
    assert await served(CatchUpPacer(), "a1", "a2", "a3", "b1", "b2") == ["a1", "b1", "a2", "b2", "a3"]


async def test_who_goes_away_holds_up_nobody(restless: None) -> None:
    """A turn that nobody waits for any more is passed over."""
    pacer = CatchUpPacer()
    gone = [asyncio.create_task(pacer.turn("a", 1)) for _ in range(3)]
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    assert await served(pacer, "a4", "b1") == ["b1", "a4"]
    assert all(task.cancelled() for task in gone)


async def test_a_rest_follows_a_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is not handed out while the loop has its rest."""
    monkeypatch.setattr(catch_up_pacer, "REST_SECONDS_A_CHANGE", 60.0)
    pacer = CatchUpPacer()
    async with asyncio.timeout(30):
        await pacer.turn("a", 1)
    second = asyncio.create_task(pacer.turn("a", 1))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not second.done()
    second.cancel()
