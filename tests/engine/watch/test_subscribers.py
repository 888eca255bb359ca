"""Watchers of named staff are registered once, and woken for their own staff alone."""

import asyncio

import pytest
from engine_floor import BUSY, TENANT, Floor

from onduty_server.domain.model.state import AVAILABLE
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch import pacer
from onduty_server.engine.watch.subscribers import NamedWatchers


async def test_a_watcher_is_woken_once_however_many_of_its_staff_change() -> None:
    """And finds out at once, when it next waits, what happened while it was busy."""
    watchers = NamedWatchers()
    both, one = watchers.register(frozenset({"a", "b"})), watchers.register(frozenset({"b"}))
    waits = both.wait(), one.wait()
    watchers.changed(["a", "c"])
    watchers.wake()
    assert (waits[0].done(), waits[1].done()) == (True, False)
    watchers.changed(["b"])
    watchers.changed(["a"])
    watchers.wake()
    assert waits[1].done()
    assert both.wait().done()
    assert not both.wait().done()
    watchers.leave(both)
    watchers.leave(one)
    watchers.leave(one)
    assert len(watchers) == 0


async def test_waiting_again_registers_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a watcher of many waits, its names are filed once."""
    names = frozenset(f"p{number}" for number in range(50))
    await floor.create(*sorted(names))
    watcher = floor.engine.watch(TENANT, StaffFilter(staff_ids=names), floor.engine.head)
    changes = floor.engine.replica.rings(TENANT)
    registered, register = [], changes._named.register
    monkeypatch.setattr(changes._named, "register", lambda staff_ids: (registered.append(1), register(staff_ids))[1])
    for number in range(10):
        waiting = asyncio.create_task(watcher.next(asyncio.get_running_loop().time() + 60))
        await asyncio.sleep(0)
        await floor.choose("p7", (AVAILABLE, BUSY)[number % 2])
        assert len((await waiting).elements) == 1
    assert len(registered) == 1
    assert changes.waiting == 50
    watcher.close()
    assert changes.waiting == 0


async def test_a_watcher_that_comes_between_a_change_and_its_round_is_woken_by_the_round(floor: Floor) -> None:
    """The change is published and not visible yet: the watcher, which has not seen it, must not wait for the next one."""
    await floor.create("ana")
    watcher = floor.engine.watch(TENANT, StaffFilter(staff_ids=frozenset({"ana"})), floor.engine.head)
    ring = floor.engine.replica.rings(TENANT)
    ring._rounds.fresh = 1  # published, and its round is to come
    named = ring.watch(frozenset({"ana"}))
    waiting = ring.wait(named)
    assert not waiting.done()
    ring._begin_round()
    assert waiting.done()
    ring.leave(named)
    watcher.close()


async def test_watchers_of_named_staff_are_woken_in_the_rounds(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at each publish: what is committed while a round lasts wakes them once, and comes in one frame."""
    monkeypatch.setattr(pacer, "LONGEST_ROUND_SECONDS", 3_600.0)
    await floor.create("ana", "ben")
    ring = floor.engine.replica.rings(TENANT)
    other, named = ring.wait(None), ring.watch(frozenset({"ana"}))
    watcher = floor.engine.watch(TENANT, StaffFilter(staff_ids=frozenset({"ana"})), floor.engine.head)
    await floor.choose("ben")  # a round begins with it, and lasts until who was woken is back
    waits, watching = ring.wait(named), asyncio.create_task(watcher.next(asyncio.get_running_loop().time() + 60))
    for number in range(5):
        await floor.choose("ana", (BUSY, AVAILABLE)[number % 2])
        assert not waits.done()
    back = ring.wait(None, other)
    assert len((await watching).elements) == 5
    assert waits.done()
    ring.stop_waiting(back)
    ring.leave(named)
    watcher.close()
