"""What has left the ring is read from the journal once for all, off the loop, and within a bound."""

import asyncio
import contextlib
import random
import threading
from dataclasses import replace

import pytest
from engine_floor import BUSY, TENANT, Floor, random_change

from onduty_server.domain.model.errors import OndutyError
from onduty_server.domain.model.state import AVAILABLE
from onduty_server.domain.model.status import Status
from onduty_server.engine.staff_filter import EVERYBODY, ColleagueFilter, StaffFilter
from onduty_server.engine.watch import budgets, ring, selection
from onduty_server.engine.watch.catch_up import logged
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


async def test_many_who_come_back_to_the_same_place_share_what_they_get(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivery by delivery; another filter has its own."""
    start = await long_past(floor, monkeypatch, changes=60)
    filters = (EVERYBODY, EVERYBODY, StaffFilter(staff_ids=frozenset(NAMES)))
    watchers = [floor.engine.watch(TENANT, staff_filter, start) for staff_filter in filters]
    for _ in range(3):
        first, second, other = [await watcher.next(asyncio.get_running_loop().time() + 60) for watcher in watchers]
        assert first is second
        assert first is not other
        assert first.elements == other.elements


async def test_elements_are_put_together_on_another_thread(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop goes on meanwhile."""
    start = await long_past(floor, monkeypatch, changes=40)
    threads, numbered = set(), floor.engine.codec.numbered

    def numbering(state, change, revision):
        threads.add(threading.current_thread())
        return numbered(state, change, revision)

    floor.engine.codec.numbered = numbering
    assert await drained(floor.engine.watch(TENANT, EVERYBODY, start)) == 40
    assert threads
    assert threading.main_thread() not in threads


@pytest.mark.parametrize(
    ("staff_filter", "matching"),
    [
        (EVERYBODY, 40),
        (StaffFilter(staff_ids=frozenset({"p3"})), 4),
        (StaffFilter(skill_groups=frozenset({"nobody"})), 0),
        (StaffFilter(statuses=frozenset({Status.ON_BREAK})), 0),
        (ColleagueFilter(statuses=frozenset({Status.BUSY})), 30),
    ],
    ids=["everybody", "ids", "groups", "statuses", "colleagues"],
)
async def test_no_message_is_decoded_to_be_skipped_or_sent(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, staff_filter: StaffFilter, matching: int
) -> None:
    """What filters look at stands in columns beside the messages, and elements are spliced from bytes."""
    start = await long_past(floor, monkeypatch, changes=40)
    decoded = []
    for name in ("decode_state", "decode_change"):
        monkeypatch.setattr(floor.engine.codec, name, lambda *parts: decoded.append(parts))
    assert await drained(floor.engine.watch(TENANT, staff_filter, start)) == matching
    assert not decoded


@pytest.mark.parametrize("seed", range(3))
async def test_the_columns_say_what_the_messages_do(floor: Floor, seed: int) -> None:
    """Places before and after, creation and deletion, of every record of a random history."""
    dice = random.Random(seed)
    for _ in range(150):
        with contextlib.suppress(OndutyError):
            await random_change(floor, dice)
    codec = floor.engine.codec
    for record in await floor.engine.journal.read(0, 1_000, tenant=TENANT):
        decoded = logged(record._replace(standing=None), codec)
        assert record.standing is not None
        assert replace(logged(record, codec), seen=True) == decoded


async def test_what_is_kept_is_bounded_by_bytes_and_dropped_with_time(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come back at however many places."""
    monkeypatch.setattr(budgets, "CHUNKS_BYTES", 30_000)
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
