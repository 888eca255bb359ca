"""A watcher of the latest states that was away is shown those who changed, once each, from the roster."""

import asyncio
import random
from pathlib import Path

import pytest
from engine_floor import BUSY, NAMES, ORIGIN, TENANT, Floor, opened, random_change
from fake_clock import FakeClock

from onduty.v1 import staff_pb2
from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import WatcherTooSlowError
from onduty_server.domain.model.state import AVAILABLE
from onduty_server.domain.model.status import Direction, Instant, Status
from onduty_server.engine.staff_filter import EVERYBODY, ColleagueFilter, StaffFilter
from onduty_server.engine.watch import ring, selection
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.watcher import Watcher, WatcherState

RED = StaffFilter(skill_groups=frozenset({"red"}))
FREE = StaffFilter(statuses=frozenset({Status.AVAILABLE}))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody who misses more than four changes is away."""
    monkeypatch.setattr(ring, "RING_CHANGES", 4)
    monkeypatch.setattr(selection, "FRAME_CHANGES", 4)


async def delivered(watcher: Watcher) -> list[Delivery]:
    """All that there is."""
    found = []
    while (delivery := await watcher.next(asyncio.get_running_loop().time())) is not None:
        found.append(delivery)
    return found


def changes(deliveries: list[Delivery]) -> list[staff_pb2.StaffChange]:
    """What was delivered, decoded."""
    return [staff_pb2.StaffChange.FromString(element) for delivery in deliveries for element in delivery.elements]


async def busy_hour(floor: Floor, count: int) -> None:
    """So many changes of everybody."""
    for number in range(count):
        await floor.choose(NAMES[number % 8], (AVAILABLE, BUSY)[number // 8 % 2])


@pytest.mark.parametrize("held", [4, 100_000], ids=["beyond the ring", "within the ring"])
async def test_a_lag_costs_one_element_a_person(floor: Floor, monkeypatch: pytest.MonkeyPatch, small: None, held: int) -> None:
    """However many changes were missed, and nothing is read of the log."""
    monkeypatch.setattr(ring, "RING_CHANGES", held)
    await floor.create(*NAMES)
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head, latest_only=True)
    await busy_hour(floor, 100)
    monkeypatch.setattr(floor.engine.journal, "read", None)
    assert watcher.state is WatcherState.STALLED
    deliveries = await delivered(watcher)

    assert [one.staff.revision for one in changes(deliveries)] == list(range(floor.engine.head - 7, floor.engine.head + 1))
    assert [one.transition.revision for one in changes(deliveries)] == [one.staff.revision for one in changes(deliveries)]
    assert [one.conflated for one in deliveries] == [True]
    assert watcher.cursor == floor.engine.head
    assert watcher.state is WatcherState.LIVE


async def test_watchers_who_fell_behind_together_share_what_they_get(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, small: None
) -> None:
    """Delivery by delivery, also where one is ahead of the others; another filter is another walk."""
    monkeypatch.setattr(selection, "LATEST_BYTES", 300)
    await floor.create(*NAMES, groups=("red",))
    filters = (RED, RED, RED, EVERYBODY)
    watchers = [floor.engine.watch(TENANT, one, floor.engine.head, latest_only=True) for one in filters]
    await busy_hour(floor, 100)
    first, second, third, other = [await delivered(watcher) for watcher in watchers]

    assert len(first) > 1
    assert all(one is two is three for one, two, three in zip(first, second, third, strict=True))
    assert not any(one is two for one, two in zip(first, other, strict=True))
    assert changes(first) == changes(other)


async def test_what_was_not_left_out_is_not_called_conflated(floor: Floor, small: None) -> None:
    """Eight people, one change each."""
    await floor.create(*NAMES)
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head, latest_only=True)
    await busy_hour(floor, 8)
    assert [one.conflated for one in await delivered(watcher)] == [False]


async def test_who_left_the_view_is_told_and_who_never_was_in_it_is_not(floor: Floor, small: None) -> None:
    """Of those who do not match: who left, and who was deleted, if they were in the view."""
    await floor.create("p0", "p1", "p2", "p3", "p4", groups=("red",))
    await floor.create("p5", "p6", groups=("blue",))
    watcher = floor.engine.watch(TENANT, RED, floor.engine.head, latest_only=True)
    await floor.submit("p0", commands.UpdateStaff(None, (), ORIGIN))
    await floor.submit("p1", commands.DeleteStaff(ORIGIN))
    await floor.submit("p5", commands.DeleteStaff(ORIGIN))
    await floor.create("p7", groups=("red",))
    await floor.submit("p7", commands.DeleteStaff(ORIGIN))
    await floor.choose("p6")
    await floor.choose("p2")
    await floor.submit("p3", commands.DeleteStaff(ORIGIN))
    await floor.create("p3", groups=("blue",))
    told = changes(await delivered(watcher))

    assert [(one.staff.staff_id, one.left) for one in told] == [("p0", True), ("p1", True), ("p2", False), ("p3", True)]


async def test_a_position_in_the_middle_of_a_walk_goes_on_from_there(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, small: None
) -> None:
    """Nothing comes twice, and who has left meanwhile is told whether they were shown before the break or not."""
    monkeypatch.setattr(selection, "LATEST_BYTES", 300)
    await floor.create(*NAMES)
    watcher = floor.engine.watch(TENANT, FREE, floor.engine.head, latest_only=True)
    for name in NAMES:
        await floor.choose(name)
    first = await watcher.next(asyncio.get_running_loop().time() + 60)
    shown = [one.staff.staff_id for one in changes([first])]
    assert watcher.since is not None
    await floor.choose(shown[0], BUSY)
    positions = floor.engine.positions(TENANT)
    reached = positions.reached(positions.token(watcher.cursor, since=watcher.since), floor.engine.head)
    assert reached == (watcher.cursor, watcher.since)
    resumed = floor.engine.watch(TENANT, FREE, reached.through, since=reached.since, latest_only=True)
    rest = changes(await delivered(resumed))

    assert [one.staff.staff_id for one in rest] == [*NAMES[len(shown) :], shown[0]]
    assert [one.left for one in rest] == [False] * (8 - len(shown)) + [True]
    assert (resumed.cursor, resumed.since) == (floor.engine.head, None)


async def test_every_change_from_the_middle_of_a_walk_begins_where_the_walk_did(floor: Floor, small: None) -> None:
    """What the walk left out is not lost to who asks for every change afterwards."""
    await floor.create(*NAMES)
    start = floor.engine.head
    await busy_hour(floor, 20)
    watcher = floor.engine.watch(TENANT, EVERYBODY, start + 10, since=start)
    assert [one.staff.revision for one in changes(await delivered(watcher))] == list(range(start + 1, start + 21))


async def test_colleagues_are_not_shown_what_they_see_nothing_of(floor: Floor, small: None) -> None:
    """A change of what only supervisors see is left out of a walk too."""
    await floor.create(*NAMES)
    await floor.submit("p1", commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN))
    watcher = floor.engine.watch(TENANT, ColleagueFilter(), floor.engine.head, latest_only=True)
    await floor.choose("p0")
    start = floor.engine.head
    for number in range(10):
        await floor.submit("p1", commands.SetNextStatus((AVAILABLE, BUSY)[number % 2], ORIGIN))
    assert floor.engine.head == start + 10
    assert [one.staff.staff_id for one in changes(await delivered(watcher))] == ["p0"]


@pytest.mark.parametrize("chosen", [EVERYBODY, RED])
async def test_a_watch_whose_past_is_forgotten_ends(floor: Floor, small: None, chosen: StaffFilter) -> None:
    """Nothing is skipped unsaid."""
    await floor.create(*NAMES, groups=("red",))
    watcher = floor.engine.watch(TENANT, chosen, floor.engine.head, latest_only=True)
    await floor.submit("p0", commands.UpdateStaff(None, (), ORIGIN))
    await busy_hour(floor, 40)
    await floor.engine.journal.forget(TENANT, Instant(floor.clock.now() + 1), limit=100)

    with pytest.raises(WatcherTooSlowError):
        await delivered(watcher)


async def test_a_walk_shows_one_moment(floor: Floor, monkeypatch: pytest.MonkeyPatch, small: None) -> None:
    """Who changes while it lasts comes with the state of when it began, and again after it."""
    monkeypatch.setattr(selection, "LATEST_BYTES", 300)
    await floor.create(*NAMES)
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head, latest_only=True)
    for name in NAMES:
        await floor.choose(name)
    through = floor.engine.head
    first = await watcher.next(asyncio.get_running_loop().time() + 60)
    await floor.choose("p7", BUSY)
    told = [one.staff.revision for one in changes([first, *await delivered(watcher)])]
    assert told == list(range(through - 7, through + 2))


async def test_an_erased_persons_colleagues_come_from_the_journal(floor: Floor, small: None) -> None:
    """What an erasure rewrites is not told from memory."""
    await floor.create(*NAMES)
    watcher = floor.engine.watch(TENANT, EVERYBODY, floor.engine.head, latest_only=True)
    await busy_hour(floor, 16)
    floor.engine.replica._drop_changes(TENANT)
    assert [one.transition.revision for one in changes(await delivered(watcher))] == list(
        range(floor.engine.head - 7, floor.engine.head + 1)
    )


@pytest.mark.parametrize("seed", range(4))
async def test_views_are_the_rosters_over_restarts(
    journal_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, small: None, seed: int
) -> None:
    """Positions are resumed by processes that have seen nothing of what lies between."""
    monkeypatch.setattr(selection, "LATEST_BYTES", 1_500)
    dice = random.Random(seed)
    filters = [EVERYBODY, RED, FREE, StaffFilter(staff_ids=frozenset({"p1", "p2"}))]
    views: list[dict[str, int]] = [{} for _ in filters]
    places: list[tuple[int, int | None]] = [(0, None) for _ in filters]
    for _ in range(6):
        async with opened(journal_path, clock) as floor:
            monkeypatch.setattr(floor.engine.journal, "read", None)
            watchers = [
                floor.engine.watch(TENANT, one, cursor, since=since, latest_only=True)
                for one, (cursor, since) in zip(filters, places, strict=True)
            ]
            for _ in range(25):
                await asyncio.gather(random_change(floor, dice), return_exceptions=True)
                number = dice.randrange(len(filters))
                if dice.random() < 0.2:
                    await _take(watchers[number], views[number])
            places = [(watcher.cursor, watcher.since) for watcher in watchers]
            roster = floor.engine.rosters(TENANT)
            for one, watcher, view in zip(filters, watchers, [dict(view) for view in views], strict=True):
                while await _take(watcher, view):
                    pass
                assert view == {staff.state.staff_id: staff.revision for staff in roster.select(one)}


async def _take(watcher: Watcher, view: dict[str, int]) -> bool:
    delivery = await watcher.next(asyncio.get_running_loop().time())
    for change in changes([delivery] if delivery is not None else []):
        if change.left:
            view.pop(change.staff.staff_id, None)
        else:
            assert view.get(change.staff.staff_id, 0) < change.staff.revision
            view[change.staff.staff_id] = change.staff.revision
    return delivery is not None
