"""Watchers over the log: what they get is what happened, whatever they asked for and however far they fell behind."""

import asyncio
import random
from dataclasses import dataclass

import pytest
from engine_floor import BUSY, NAMES, ORIGIN, TENANT, Floor, random_change

from onduty.v1 import staff_pb2
from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import WatcherTooSlowError
from onduty_server.domain.model.state import AVAILABLE
from onduty_server.domain.model.status import Instant, Status
from onduty_server.engine.staff_filter import EVERYBODY, StaffFilter
from onduty_server.engine.watch import budgets, ring, selection
from onduty_server.engine.watch.watcher import Watcher, WatcherState
from onduty_server.engine.write import transactions

FILTERS = [
    EVERYBODY,
    StaffFilter(staff_ids=frozenset({"p1"})),
    StaffFilter(staff_ids=frozenset({"p1", "p2", "p5"})),
    StaffFilter(skill_groups=frozenset({"red"})),
    StaffFilter(statuses=frozenset({Status.AVAILABLE})),
    StaffFilter(skill_groups=frozenset({"red", "blue"}), statuses=frozenset({Status.BUSY, Status.OFFLINE})),
]


@dataclass
class View:
    """What a watcher believes: the staff in its filter, and the revisions it was told."""

    staff: dict[str, int]
    told: list[int]

    def take(self, element: bytes) -> None:
        """Apply a change as a client would."""
        change = staff_pb2.StaffChange.FromString(element)
        assert change.staff.revision == change.transition.revision
        self.told.append(change.staff.revision)
        if change.left:
            self.staff.pop(change.staff.staff_id, None)
        else:
            self.staff[change.staff.staff_id] = change.staff.revision


def snapshot(floor: Floor, chosen: StaffFilter) -> dict[str, int]:
    """The staff that match now, with their revisions."""
    return {one.state.staff_id: one.revision for one in floor.engine.rosters(TENANT).select(chosen)}


async def drain(watcher: Watcher, view: View, batches: int = 1 << 30) -> None:
    """Take everything there is, or so many batches."""
    while batches and (batch := await watcher.next(asyncio.get_running_loop().time())) is not None:
        batches -= 1
        for element in batch.elements:
            view.take(element)


async def not_called(*_arguments: object, **_named: object) -> None:
    """Stands where something must not be called."""
    raise AssertionError


@pytest.mark.parametrize("latest_only", [False, True])
@pytest.mark.parametrize("ring_changes", [5, 100_000])
@pytest.mark.parametrize("seed", range(4))
async def test_every_view_ends_equal_to_the_roster(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, seed: int, ring_changes: int, latest_only: bool
) -> None:
    """Reliable and ordered: after random changes, pauses and resumes each filtered view is the roster's; nothing came twice.

    A ring of five changes makes lagging watchers go through the journal, and those of the latest states through the roster.
    """
    monkeypatch.setattr(ring, "RING_CHANGES", ring_changes)
    monkeypatch.setattr(selection, "FRAME_CHANGES", 6)
    monkeypatch.setattr(selection, "LATEST_BYTES", 1_500)
    if latest_only:
        monkeypatch.setattr(floor.engine.journal, "read", not_called)
    dice = random.Random(seed)
    await floor.create(*NAMES[:4])
    views = [View(snapshot(floor, chosen), []) for chosen in FILTERS]
    watchers = [floor.engine.watch(TENANT, chosen, floor.engine.head, latest_only=latest_only) for chosen in FILTERS]
    for _ in range(60):
        await asyncio.gather(*(random_change(floor, dice) for _ in range(dice.randint(1, 3))), return_exceptions=True)
        for number, chosen in enumerate(FILTERS):
            if dice.random() < 0.3:
                await drain(watchers[number], views[number], dice.choice((1, 2, 1 << 30)))
            if dice.random() < 0.1:
                left = watchers[number]
                watchers[number] = floor.engine.watch(TENANT, chosen, left.cursor, since=left.since, latest_only=latest_only)
    for chosen, watcher, view in zip(FILTERS, watchers, views, strict=True):
        await drain(watcher, view)

        assert view.staff == snapshot(floor, chosen)
        assert view.told == sorted(set(view.told))
        assert watcher.cursor == floor.engine.head


@pytest.mark.parametrize("chosen", FILTERS, ids=["everybody", "one", "some", "group", "status", "groups and statuses"])
async def test_nothing_is_left_out(floor: Floor, monkeypatch: pytest.MonkeyPatch, chosen: StaffFilter) -> None:
    """Every change of those in the filter, before or after it, is told: once, in order, from ring and journal alike."""
    dice = random.Random(7)
    await floor.create(*NAMES)
    start = floor.engine.head
    live, view = floor.engine.watch(TENANT, chosen, start), View({}, [])
    for _ in range(80):
        await random_change(floor, dice)
        await drain(live, view)
    monkeypatch.setattr(ring, "RING_CHANGES", 1)
    await floor.create("last")
    late, resumed = floor.engine.watch(TENANT, chosen, start), View({}, [])
    await drain(live, view)
    await drain(late, resumed)

    assert resumed.told == view.told
    if chosen is EVERYBODY:
        assert view.told == list(range(start + 1, floor.engine.head + 1))


async def test_watchers_with_the_same_filter_and_cursor_share_a_batch(floor: Floor) -> None:
    """A frame is built once for all who need the same."""
    await floor.create("kim")
    watchers = [floor.engine.watch(TENANT, EVERYBODY, floor.engine.head) for _ in range(3)]
    await floor.choose("kim")
    batches = [await watcher.next(asyncio.get_running_loop().time() + 60) for watcher in watchers]

    assert batches[0] is batches[1] is batches[2]


async def test_a_waiting_watcher_is_woken_by_its_staff_only(floor: Floor) -> None:
    """A watcher of one person sleeps through the changes of others, and its cursor does not hold on to the ring."""
    await floor.create("kim", "lee")
    watcher = floor.engine.watch(TENANT, StaffFilter(staff_ids=frozenset({"kim"})), floor.engine.head)
    waiting = asyncio.create_task(watcher.next(asyncio.get_running_loop().time() + 60))
    await asyncio.sleep(0)
    await floor.choose("lee")
    await asyncio.sleep(0.01)
    slept = not waiting.done()
    await floor.choose("kim")
    batch = await waiting

    assert slept
    assert len(batch.elements) == 1
    watcher.close()
    assert not floor.engine.replica.rings(TENANT).waiting


async def test_a_watcher_of_idle_staff_never_goes_to_the_journal(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far the ring has moved on, one whose staff did not change has missed nothing."""
    monkeypatch.setattr(ring, "RING_CHANGES", 2)
    await floor.create("kim", "lee")
    watcher = floor.engine.watch(TENANT, StaffFilter(staff_ids=frozenset({"kim"})), floor.engine.head)
    for choice in (AVAILABLE, BUSY, AVAILABLE, BUSY, AVAILABLE):
        await floor.choose("lee", choice)
    monkeypatch.setattr(floor.engine.journal, "read", None)

    assert await watcher.next(asyncio.get_running_loop().time()) is None
    assert watcher.cursor == floor.engine.head


async def test_a_watcher_beyond_the_kept_history_is_told_so(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes that were forgotten cannot be delivered: the watcher ends instead of skipping them."""
    monkeypatch.setattr(ring, "RING_CHANGES", 1)
    await floor.create("kim")
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head)
    for choice in (AVAILABLE, BUSY, AVAILABLE):
        await floor.choose("kim", choice)
    await floor.engine.journal.forget(TENANT, Instant(floor.clock.now() + 1), limit=100)

    with pytest.raises(WatcherTooSlowError):
        await watcher.next(asyncio.get_running_loop().time())


async def test_an_interrupted_watcher_hands_out_what_it_has_first(floor: Floor) -> None:
    """At a drain the last changes are sent before the farewell."""
    await floor.create("kim")
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head)
    await floor.choose("kim")
    watcher.interrupt()
    until = asyncio.get_running_loop().time() + 60

    assert len((await watcher.next(until)).elements) == 1
    assert await watcher.next(until) is None


async def test_frames_are_bounded_by_bytes(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lagging watcher gets several frames rather than one of any size, and none is cut within a revision."""
    monkeypatch.setattr(selection, "FRAME_BYTES", 400)
    await floor.create(*NAMES)
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head)
    for name in NAMES:
        await floor.choose(name)
    sizes = []
    while (batch := await watcher.next(asyncio.get_running_loop().time())) is not None:
        sizes.append((len(batch.elements), sum(map(len, batch.elements))))

    assert len(sizes) > 1
    assert sum(count for count, _ in sizes) == len(NAMES)
    assert all(size <= 400 or count == 1 for count, size in sizes)


async def test_the_ring_is_bounded_by_bytes(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large changes are, the ring holds no more than its bytes, and who asks for older ones still gets them."""
    monkeypatch.setattr(budgets, "RING_BYTES", 1_000)
    await floor.create("kim")
    start = floor.engine.head
    watcher = floor.engine.watch(TENANT, EVERYBODY, start)
    for number in range(40):
        await floor.choose("kim", (AVAILABLE, BUSY)[number % 2])
    log = floor.engine.replica.rings(TENANT)
    view = View({}, [])
    held = sum(len(change.element) for change in log._changes)
    await drain(watcher, view)

    assert held <= 1_000 * 9 / 8
    assert log.floor > start
    assert view.told == list(range(start + 1, floor.engine.head + 1))


async def test_the_ring_lets_go_of_what_is_old(floor: Floor) -> None:
    """What has been in the ring for longer than its age leaves it, also when nothing happens; the journal still has it."""
    await floor.create("kim")
    start = floor.engine.head
    await floor.choose("kim")
    log = floor.engine.replica.rings(TENANT)
    log.age(0.0)
    old = floor.engine.head
    await floor.choose("kim", BUSY)
    log.age(ring.RING_AGE_SECONDS - 1)
    young = [change.revision for change in log._changes]
    log.age(ring.RING_AGE_SECONDS)
    view = View({}, [])
    await drain(floor.engine.watch(TENANT, EVERYBODY, start), view)

    assert young == [start, start + 1, start + 2]
    assert [change.revision for change in log._changes] == [start + 2]
    assert log.floor == old
    assert view.told == [start + 1, start + 2]


async def test_the_rings_of_all_tenants_fit_together(floor: Floor) -> None:
    """A busy tenant uses what others leave; when there is too much, it shrinks, and those within their share do not."""
    shown = floor.engine.replica
    shown.rings.change_bytes.most = 40_000
    for tenant in ("busy", "quiet"):
        create = transactions.create_staff(tenant, commands.CreateStaff("kim", "", (), ORIGIN))
        await floor.engine.transact(tenant, create)
    await floor.engine.submit("quiet", "kim", commands.ChangeStatus(AVAILABLE, ORIGIN))
    quiet = shown.rings("quiet").size
    for number in range(300):
        await floor.engine.submit("busy", "kim", commands.ChangeStatus((AVAILABLE, BUSY)[number % 2], ORIGIN))
        assert sum(one.size for one in shown.rings.values()) <= 40_000 * 17 / 16 + 500

    assert shown.rings("quiet").size == quiet
    assert shown.rings("busy").size > 20_000
    assert sum(len(change.element) for change in shown.rings("busy")._changes) == shown.rings("busy").size


async def test_a_watchers_state_says_where_it_stands(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Live in the ring, catching up behind it, stalled while nobody asks for what there is."""
    monkeypatch.setattr(ring, "RING_CHANGES", 4)
    await floor.create("kim")
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head)
    assert watcher.state is WatcherState.LIVE
    waiting = asyncio.create_task(watcher.next(asyncio.get_running_loop().time() + 60))
    await asyncio.sleep(0)
    assert watcher.state is WatcherState.LIVE
    await floor.choose("kim")
    await waiting
    for number in range(20):
        await floor.choose("kim", (BUSY, AVAILABLE)[number % 2])
    assert watcher.state is WatcherState.STALLED
    states, read = [], floor.engine.journal.read

    async def seen(after, limit, *, tenant=None):
        states.append(watcher.state)
        return await read(after, limit, tenant=tenant)

    floor.engine.journal.read = seen
    while watcher.cursor < floor.engine.head:
        await watcher.next(asyncio.get_running_loop().time() + 60)
    assert states == [WatcherState.CATCHING_UP]
    assert watcher.state is WatcherState.LIVE


async def test_a_watcher_is_not_behind_where_only_others_moved_the_head(floor: Floor) -> None:
    """What other tenants did is nothing to catch up with, also while a change of its own waits for the next round."""
    await floor.create("kim")
    for number in range(5):
        command = commands.CreateStaff(f"p{number}", "P", (), ORIGIN)
        await floor.engine.transact("other", transactions.create_staff("other", command))
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head - 1)
    changes = floor.engine.replica.rings(TENANT)
    changes._rounds._rests_until = asyncio.get_running_loop().time() + 600
    await floor.choose("kim")
    assert changes.visible < watcher.cursor

    assert await watcher.next(0.0) is None
    assert not watcher.is_behind


async def test_a_watcher_is_behind_until_the_round_that_has_what_had_happened(floor: Floor) -> None:
    """A change that was acknowledged before the watch was opened, and that no round of watchers has told yet, is to come."""
    await floor.create("kim")
    changes = floor.engine.replica.rings(TENANT)
    await floor.until(lambda: not changes._rounds.fresh)
    start = floor.engine.head
    changes._rounds._rests_until = asyncio.get_running_loop().time() + 600
    await floor.choose("kim")
    watcher = floor.engine.watch(TENANT, EVERYBODY, start)

    assert await watcher.next(0.0) is None
    assert watcher.is_behind
    changes._rounds._begin()
    assert (await watcher.next(0.0)).through == floor.engine.head
    assert not watcher.is_behind


async def test_much_that_does_not_match_is_told_as_progress(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a word is due, a watcher that still looks for what matches says how far it came."""
    monkeypatch.setattr(ring, "RING_CHANGES", 1)
    monkeypatch.setattr(selection, "FRAME_CHANGES", 5)
    await floor.create("kim", "lee")
    start = floor.engine.head
    for number in range(40):
        await floor.choose("kim", (AVAILABLE, BUSY)[number % 2])
    watcher = floor.engine.watch(TENANT, StaffFilter(skill_groups=frozenset({"nobodys"})), start)
    progress = await watcher.next(0.0)

    assert progress is not None
    assert not progress.elements
    assert start < watcher.cursor < floor.engine.head
    assert watcher.is_behind
