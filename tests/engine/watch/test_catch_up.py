"""What has left the ring is read from the journal once for all, off the loop, and within a bound."""

import asyncio
import threading

import pytest
from engine_floor import BUSY, TENANT, Floor

from onduty_server.domain.model.state import AVAILABLE
from onduty_server.engine.staff_filter import EVERYBODY, StaffFilter
from onduty_server.engine.watch import catch_up, ring, selection
from onduty_server.engine.watch.watcher import Watcher

NAMES = [f"p{number}" for number in range(10)]


async def long_past(floor: Floor, monkeypatch: pytest.MonkeyPatch, *, changes: int) -> int:
    """A history that has left the ring; returns the revision before it."""
    monkeypatch.setattr(ring, "RING_CHANGES", 1)
    monkeypatch.setattr(selection, "FRAME_CHANGES", 20)
    await floor.create(*NAMES)
    start = floor.engine.head
    for number in range(changes):
        await floor.choose(NAMES[number % 10], (AVAILABLE, BUSY)[number // 10 % 2])
    return start


async def drained(watcher: Watcher) -> int:
    """How many changes a watcher yields until there is nothing left."""
    count = 0
    while (batch := await watcher.next(asyncio.get_running_loop().time())) is not None:
        count += len(batch.elements)
    return count


async def test_many_who_come_back_after_the_same_pause_read_the_journal_once(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever their filters, all walk the same chunks; each gets everything."""
    start = await long_past(floor, monkeypatch, changes=100)
    reads, read = [], floor.engine.journal.read

    async def counting(after, limit, *, tenant=None):
        reads.append(after)
        return await read(after, limit, tenant=tenant)

    floor.engine.journal.read = counting
    filters = [EVERYBODY] * 10 + [StaffFilter(staff_ids=frozenset(NAMES))] * 10
    watchers = [floor.engine.watch(TENANT, staff_filter, start) for staff_filter in filters]
    assert await asyncio.gather(*map(drained, watchers)) == [100] * 20
    assert len(reads) == len(set(reads)) <= 6


async def test_messages_are_decoded_on_another_thread(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop goes on meanwhile."""
    start = await long_past(floor, monkeypatch, changes=40)
    threads, decode = set(), floor.engine.codec.decode_change

    def decoding(change):
        threads.add(threading.current_thread())
        return decode(change)

    floor.engine.codec.decode_change = decoding
    assert await drained(floor.engine.watch(TENANT, EVERYBODY, start)) == 40
    assert threading.main_thread() not in threads


async def test_what_is_kept_is_bounded_by_bytes_and_dropped_with_time(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come back at however many places."""
    monkeypatch.setattr(catch_up, "CHUNKS_BYTES", 30_000)
    start = await long_past(floor, monkeypatch, changes=100)
    catching_up = floor.engine.replica.catching_up
    for cursor in range(start, start + 95, 7):
        await drained(floor.engine.watch(TENANT, EVERYBODY, cursor))
        assert 0 < catching_up.size <= 30_000
        assert catching_up.size == sum(chunk.size for chunk in catching_up._chunks.values())
    catching_up.age()
    assert (catching_up.size, len(catching_up._chunks), catching_up._reading) == (0, 0, {})


async def test_an_erased_tenants_chunks_are_dropped(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the journal rewrites is not told from memory."""
    start = await long_past(floor, monkeypatch, changes=40)
    await drained(floor.engine.watch(TENANT, EVERYBODY, start))
    floor.engine.replica.catching_up.forget("other")
    assert floor.engine.replica.catching_up.size
    floor.engine.replica.catching_up.forget(TENANT)
    assert not floor.engine.replica.catching_up.size


async def test_what_is_read_while_it_is_rewritten_is_read_once_more(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erasure that ends during a reading leaves nothing of before in memory."""
    start = await long_past(floor, monkeypatch, changes=10)
    catching_up, reads, read = floor.engine.replica.catching_up, [], floor.engine.journal.read

    async def erased_meanwhile(after, limit, *, tenant=None):
        records = await read(after, limit, tenant=tenant)
        reads.append(after)
        if len(reads) == 1:
            catching_up.forget(TENANT)
        return records

    floor.engine.journal.read = erased_meanwhile
    assert await drained(floor.engine.watch(TENANT, EVERYBODY, start)) == 10
    assert len(reads) == 2
