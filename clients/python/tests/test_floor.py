"""The live floor against a real server: it follows, resumes, starts afresh, and leaves nothing behind."""

import asyncio
import threading
import time

import pytest
from breakable_link import breakable_link
from kinds import QUICK, World
from onduty_process import LONG, onduty_process

import onduty_client
from onduty.v1.admin_service_pb2 import DeleteStaffRequest
from onduty.v1.staff_pb2 import CAUSE_CLAIM, CAUSE_STAFF, STATUS_AVAILABLE, STATUS_BUSY, STATUS_OFFLINE, StaffFilter
from onduty_client import ChangeKind, FloorOptions, FloorState


async def open_floor(world: World, connection, **options):
    """A current floor, with what it told."""
    told: list = []
    states: list = []
    router = world.kind.router(connection)
    floor = await world.do(router.floor, on_change=told.append, on_state=states.append, **options)
    await world.do(floor.wait_current, LONG)
    return floor, told, states


async def test_floor_follows(world: World):
    """The snapshot is told as ADDED before it is current; then each change with its cause; then who left."""
    connection = world.connect()
    await world.create(connection, "ana", "ben")
    floor, told, states = await open_floor(world, connection)
    assert [(one.kind, one.staff_id, one.transition) for one in told] == [
        (ChangeKind.ADDED, "ana", None),
        (ChangeKind.ADDED, "ben", None),
    ]
    assert (states, floor.size, [one.staff_id for one in floor.all()]) == ([FloorState.CURRENT], 2, ["ana", "ben"])
    began = time.monotonic()
    await world.sign_in(connection, "ana")
    await world.do(connection.call, connection.services.admin.DeleteStaff, DeleteStaffRequest(staff_id="ben"))
    await world.until(lambda: len(told) == 4)
    changed, left = told[2:]
    assert (changed.kind, changed.before.status, changed.after.status) == (ChangeKind.CHANGED, STATUS_OFFLINE, STATUS_AVAILABLE)
    assert (changed.transition.cause, changed.revision) == (CAUSE_STAFF, changed.after.revision)
    assert (left.kind, left.after, left.revision > changed.revision) == (ChangeKind.LEFT, None, True)
    assert (floor.get("ben"), floor.get("ana").status) == (None, STATUS_AVAILABLE)
    age = floor.last_frame_age
    assert 0 <= age < time.monotonic() - began


async def test_floor_keeps_to_its_filter(world: World):
    """Who is not in the group is not there."""
    connection = world.connect()
    await world.create(connection, "ana")
    await world.create(connection, "lea", groups=("loans",))
    floor, _, _ = await open_floor(world, connection, staff_filter=StaffFilter(skill_groups=["loans"]))
    assert [one.staff_id for one in floor.all()] == ["lea"]


async def test_available_is_known_without_asking(world: World):
    """Longest idle first; a claim takes the person out until it is answered."""
    connection = world.connect()
    await world.create(connection, "ana", "ben")
    await world.sign_in(connection, "ben", "ana")
    floor, told, _ = await open_floor(world, connection)
    assert [one.staff_id for one in floor.available("cards")] == ["ben", "ana"]
    assert floor.available("loans") == []
    await world.do(world.kind.router(connection).claim, "c1", staff_id="ben")
    await world.until(lambda: told[-1].transition and told[-1].transition.cause == CAUSE_CLAIM)
    assert [one.staff_id for one in floor.available("cards")] == ["ana"]


async def test_floor_resumes_after_a_restart(own_world: World, own_server):
    """On the same address and journal: STALE, then CURRENT, and what happened meanwhile is told once, with its cause."""
    with breakable_link(own_server.address) as link:
        connection = own_world.connect(target=link.address, **QUICK)
        await own_world.create(connection, "ana")
        floor, told, states = await open_floor(own_world, connection)
        await own_world.sign_in(connection, "ana")
        await own_world.until(lambda: len(told) == 2)
        link.refuse()
        await asyncio.to_thread(own_server.stop)
        await own_world.until(lambda: states == [FloorState.CURRENT, FloorState.STALE])
        assert [one.staff_id for one in floor.available()] == ["ana"]
        with onduty_process(own_server.journal) as again:
            other = own_world.connect(target=again.address)
            await own_world.do(own_world.kind.workspace(other, "ana").change_status, STATUS_BUSY)
            link.lead_to(again.address)
            await own_world.until(lambda: len(told) == 3 and states[-1] is FloorState.CURRENT)
            assert (told[2].kind, told[2].transition.cause, told[2].before.status) == (
                ChangeKind.CHANGED,
                CAUSE_STAFF,
                STATUS_AVAILABLE,
            )
            assert states == [FloorState.CURRENT, FloorState.STALE, FloorState.CURRENT]
            await own_world.close()


async def test_floor_starts_afresh_on_another_store(own_world: World, own_server, tmp_path):
    """The old view stays until the new snapshot is there; then the differences are told, without causes."""
    with breakable_link(own_server.address) as link:
        connection = own_world.connect(target=link.address, **QUICK)
        await own_world.create(connection, "ana", "ben")
        floor, told, states = await open_floor(own_world, connection)
        link.refuse()
        await asyncio.to_thread(own_server.stop)
        await own_world.until(lambda: states[-1] is FloorState.STALE)
        assert floor.size == 2
        with onduty_process(tmp_path / "other.db") as other:
            link.lead_to(other.address)
            await own_world.until(lambda: states[-1] is FloorState.CURRENT)
            assert [(one.kind, one.staff_id, one.revision, one.transition) for one in told[2:]] == [
                (ChangeKind.LEFT, "ana", 0, None),
                (ChangeKind.LEFT, "ben", 0, None),
            ]
            await own_world.create(connection, "eve")
            await own_world.until(lambda: told[-1].staff_id == "eve")
            await own_world.close()


async def test_silent_stream_is_opened_again(world: World):
    """A link that swallows everything: STALE after three intervals, nobody available after the limit, CURRENT when it heals."""
    connection = world.connect()
    await world.create(connection, "ana")
    await world.sign_in(connection, "ana")
    with breakable_link(world.address) as link:
        behind = world.connect(target=link.address, **QUICK, bookmark_interval=1, trust_limit=3.5)
        states: list = []
        ages: list[float] = []
        made = threading.Event()

        def note(state: FloorState) -> None:
            if state is FloorState.STALE:
                made.wait(LONG)
                ages.append(floor.last_frame_age)
            states.append(state)

        floor = await world.do(world.kind.router(behind).floor, on_state=note)
        made.set()
        await world.do(floor.wait_current, LONG)
        link.swallow()
        await world.until(lambda: states[-1] is FloorState.STALE)
        assert ages[-1] > 2.99
        assert "no frame came within 3 s" in str(floor.last_error)
        await world.until(lambda: floor.available() == [])
        assert floor.size == 1
        link.cut()
        await world.until(lambda: states[-1] is FloorState.CURRENT)
        await world.until(lambda: [one.staff_id for one in floor.available()] == ["ana"])


async def test_cut_links_lose_and_repeat_nothing(world: World):
    """Ten breaks while a person changes: every revision is told once, in order."""
    connection = world.connect()
    await world.create(connection, "ana")
    with breakable_link(world.address) as link:
        behind = world.connect(target=link.address, **QUICK)
        floor, told, states = await open_floor(world, behind)
        desk = world.kind.workspace(connection, "ana")
        revisions = []
        breaks = 0
        for turn in range(30):
            answer = await world.do(desk.change_status, STATUS_BUSY if turn % 2 else STATUS_AVAILABLE)
            revisions.append(answer.staff.revision)
            if turn % 3 == 0:
                await world.until(lambda: states.count(FloorState.CURRENT) > breaks)  # noqa: B023 - waited for here.
                link.cut()
                breaks += 1
        await world.until(lambda: floor.get("ana").revision == revisions[-1])
        await world.until(lambda: len(told) == 31)
        assert [one.revision for one in told[1:]] == revisions


async def test_what_waiting_cannot_mend_fails_the_floor(world: World):
    """The state is FAILED, waiting fails with the error, and nobody is available."""
    router = world.kind.router(world.connect())
    floor = await world.do(router.floor, StaffFilter(skill_groups=["NOT A GROUP"]))
    with pytest.raises(onduty_client.InvalidRequestError) as wrong:
        await world.do(floor.wait_current, LONG)
    assert wrong.value.violations
    assert (floor.state, floor.available(), floor.last_error) == (FloorState.FAILED, [], wrong.value)


async def test_waiting_has_a_deadline(world: World):
    """The error says that it took too long, and why the stream is not there."""
    with breakable_link(world.address) as link:
        link.refuse()
        floor = await world.do(world.kind.router(world.connect(target=link.address)).floor)
        await world.until(lambda: floor.last_error)
        with pytest.raises(onduty_client.TimedOutError) as late:
            await world.do(floor.wait_current, 0.1)
        assert floor.state is FloorState.CONNECTING
        assert isinstance(late.value.__cause__, onduty_client.UnavailableError)


async def test_handler_that_fails_harms_nothing(world: World):
    """It is reported; the other handlers and the floor go on."""
    connection = world.connect()
    await world.create(connection, "ana")
    reported: list = []
    seen: list = []

    def fails(change) -> None:
        raise LookupError(change.staff_id)

    router = world.kind.router(connection)
    floor = await world.do(router.floor, on_change=fails, on_error=reported.append)
    floor.on_change(seen.append)
    await world.do(floor.wait_current, LONG)
    await world.sign_in(connection, "ana")
    await world.until(lambda: len(reported) == 2 and seen and seen[-1].kind is ChangeKind.CHANGED)
    assert {type(one) for one in reported} == {LookupError}


async def test_failing_handler_is_logged_where_nobody_asked(world: World, caplog):
    """With the package's own logger."""
    connection = world.connect()
    await world.create(connection, "ana")
    await open_floor(world, connection)
    floor = await world.do(world.kind.router(connection).floor, on_change=lambda _change: 1 / 0)
    await world.do(floor.wait_current, LONG)
    assert [one.exc_info[0] for one in caplog.records if one.name == "onduty_client"] == [ZeroDivisionError]


async def test_close_waits_for_a_running_handler(world: World):
    """And may be called twice; CLOSED is told last."""
    connection = world.connect()
    await world.create(connection, "ana")
    entered, leave, left = threading.Event(), threading.Event(), threading.Event()
    states: list = []

    async def slow(_change) -> None:
        entered.set()
        await asyncio.to_thread(leave.wait, 2 * LONG)
        left.set()

    def blocks(_change) -> None:
        entered.set()
        leave.wait(2 * LONG)
        left.set()

    handler = slow if world.kind.name == "asyncio" else blocks
    floor = await world.do(world.kind.router(connection).floor, on_change=handler, on_state=states.append)
    await world.until(entered.is_set)
    closing = asyncio.create_task(world.do(floor.close))
    await world.until(lambda: floor.is_closed)
    await asyncio.sleep(0.1)
    assert not closing.done()
    leave.set()
    await asyncio.wait_for(closing, LONG)
    assert left.is_set()
    await world.do(floor.close)
    assert (floor.state, states[-1], floor.available()) == (FloorState.CLOSED, FloorState.CLOSED, [])


async def test_floor_may_be_closed_by_its_own_handler(world: World):
    """It waits for the others, not for itself."""
    connection = world.connect()
    await world.create(connection, "ana")
    floors: list = []
    ready = threading.Event()

    async def close_async(_change) -> None:
        await floors[0].close()

    def close(_change) -> None:
        ready.wait(LONG)
        floors[0].close()

    handler = close_async if world.kind.name == "asyncio" else close
    floors.append(await world.do(world.kind.router(connection).floor, on_change=handler))
    ready.set()
    await world.until(lambda: floors[0].state is FloorState.CLOSED)


async def test_nothing_is_left_after_close(world: World):
    """No task, no thread, no stream: also when the connection is closed over open floors and attachments."""
    first = world.connect()
    await world.create(first, "ana")
    await world.do(first.close)
    tasks, threads = asyncio.all_tasks(), own_threads()
    connection = world.connect()
    router = world.kind.router(connection)
    floors = [await world.do(router.floor, None, FloorOptions(trust_limit=1)) for _ in range(5)]
    desk = world.kind.workspace(connection, "ana")
    await world.do(desk.attach)
    for floor in floors:
        await world.do(floor.wait_current, LONG)
    await world.do(desk.wait_attached, LONG)
    await world.do(connection.close)
    assert {floor.state for floor in floors} == {FloorState.CLOSED}
    await world.until(lambda: own_threads() <= threads)
    await world.until(lambda: asyncio.all_tasks() <= tasks | {asyncio.current_task()})


def own_threads() -> set[threading.Thread]:
    """The threads that are the client's."""
    return {one for one in threading.enumerate() if one.name.startswith("onduty")}
