"""Steps of the clock: lengths of time keep what they have left, nothing fires early, and a crash on the way loses nothing."""

import asyncio
from pathlib import Path

import pytest
from engine_floor import BUSY, ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.domain.model.status import Cause, Direction, Instant, Status, seconds
from onduty_server.engine.background import clock_follower, journal_health
from onduty_server.engine.background.clock_follower import ClockFollower
from onduty_server.engine.live import clock_steps
from onduty_server.engine.write.answers import RequestKey
from onduty_server.engine.write.jobs import Answer
from onduty_server.ports import HistoryQuery
from onduty_server.wire.codec import ProtobufCodec

HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def looks_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine does not look at the clock by itself, but once at its start."""
    monkeypatch.setattr(clock_follower, "LOOK_SECONDS", 600.0)
    monkeypatch.setattr(journal_health, "PROBE_SECONDS", (0.01,))


async def in_wrap_up(floor: Floor, *names: str) -> None:
    """Sign in, talk, hang up: 30 s of wrap-up begin."""
    for name in names:
        await floor.choose(name)
        await floor.submit(name, commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN))
        await floor.submit(name, commands.CallEnded("c1", ORIGIN))


async def step(floor: Floor, by_seconds: float = HOUR) -> None:
    """The wall clock has been ahead for long enough, and the engine looks."""
    floor.clock.step_due = seconds(by_seconds)
    await floor.engine.clock_follower.look()


async def step_alone(floor: Floor, monkeypatch: pytest.MonkeyPatch, by_seconds: float = HOUR) -> None:
    """The same, where the engine gets no further than the step itself."""

    async def nothing(_self: object, _steps: object) -> None:
        return

    with monkeypatch.context() as patch:
        patch.setattr(ClockFollower, "_carry_over", nothing)
        await step(floor, by_seconds)


async def history(floor: Floor, *causes: Cause) -> list[Change]:
    """The changes of these causes, oldest first."""
    codec = ProtobufCodec()
    records = (await floor.engine.journal.history(HistoryQuery(TENANT, causes=causes))).changes
    return [codec.decode_change(record.change) for record in records]


def left(floor: Floor, name: str) -> float:
    """How many seconds the wrap-up has left."""
    wrap_up = floor.state(name).wrap_up
    assert wrap_up is not None
    assert wrap_up.ends_at is not None
    return (wrap_up.ends_at - floor.clock.now()) / 1e6


async def wraps_up_to_its_end(floor: Floor, name: str, for_seconds: float) -> None:
    """The wrap-up lasts exactly so much longer."""
    floor.clock.move(for_seconds - 0.1)
    await floor.engine.deadline_loop.fire_due()
    assert floor.state(name).status is Status.AFTER_CALL_WORK
    floor.clock.move(0.1)
    await floor.engine.deadline_loop.fire_due()
    assert floor.state(name).status is Status.AVAILABLE


# --- a step -----------------------------------------------------------------------------------------------------------


async def test_a_wrap_up_lasts_as_long_whatever_the_clock_does(floor: Floor) -> None:
    """A step of an hour in the middle of a wrap-up of 30 s leaves it what it had left, by a change of its own."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    floor.clock.move(10)
    await step(floor)

    assert left(floor, "kim") == 20
    (change,) = await history(floor, Cause.CLOCK)
    assert (change.status, change.time_in_previous) == (Status.AFTER_CALL_WORK, None)
    await wraps_up_to_its_end(floor, "kim", 20)


async def test_nothing_fires_early_while_a_step_is_carried_over(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the step and its carrying over, neither the loop nor a command takes a deadline for passed."""
    await floor.create("ann", "bob")
    await in_wrap_up(floor, "ann", "bob")
    await step_alone(floor, monkeypatch)
    await floor.engine.deadline_loop.fire_due()
    await floor.submit("bob", commands.ContinueAfterCallWork(ORIGIN))

    assert await history(floor, Cause.WRAP_UP_ENDED) == []
    assert left(floor, "ann") == 30
    assert floor.state("bob").status is Status.AFTER_CALL_WORK


async def test_a_reader_is_not_shown_a_deadline_from_before_the_step(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads before a step is carried over is shown what it was carried over to."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    await step_alone(floor, monkeypatch)
    await floor.engine.fire_overdue()

    assert left(floor, "kim") == 30


async def test_everybody_is_moved_once_in_slices(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each person with something that runs has one change by the clock; who has nothing has none."""
    monkeypatch.setattr(clock_follower, "CARRIED_AT_ONCE", 3)
    names = [f"p{number}" for number in range(10)]
    await floor.create(*names, "idle")
    await in_wrap_up(floor, *names)
    await step(floor)
    await floor.engine.clock_follower.look()
    await floor.engine.deadline_loop.fire_due()

    assert sorted(change.staff_id for change in await history(floor, Cause.CLOCK)) == names
    assert {left(floor, name) for name in names} == {30}


async def test_others_are_served_while_a_step_is_carried_over(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that comes in between is decided between two slices, not after the last."""
    monkeypatch.setattr(clock_follower, "CARRIED_AT_ONCE", 1)
    names = [f"p{number}" for number in range(30)]
    await floor.create(*names, "kim")
    await in_wrap_up(floor, *names)
    floor.clock.step_due = seconds(HOUR)
    looking = asyncio.create_task(floor.engine.clock_follower.look())
    await floor.until(lambda: bool(floor.engine.replica.steps.to_carry_over))
    await floor.choose("kim")
    done = looking.done()
    await looking

    assert not done
    assert len(await history(floor, Cause.CLOCK)) == len(names)


async def test_a_step_in_a_batch_divides_it(floor: Floor) -> None:
    """Commands of one batch before and after a step count from the present that each of them met."""
    await floor.create("ann", "bob", "cid")
    await in_wrap_up(floor, "ann", "bob", "cid")
    floor.clock.move(5)

    def before_and_after(batch):
        batch.act(TENANT, "ann", commands.UpdateStaff("Before", None, ORIGIN))
        batch.step_clock(seconds(HOUR))
        batch.act(TENANT, "bob", commands.UpdateStaff("After", None, ORIGIN))
        return Answer()

    await floor.engine.transact(TENANT, before_and_after)
    await floor.engine.clock_follower.look()

    assert {left(floor, name) for name in ("ann", "bob", "cid")} == {25}
    assert sorted(change.staff_id for change in await history(floor, Cause.CLOCK)) == ["ann", "bob", "cid"]


async def test_two_steps_before_the_first_is_carried_over(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who owes two steps is moved by both, at once; who was moved by the first owes the second."""
    await floor.create("ann", "bob")
    await in_wrap_up(floor, "ann", "bob")
    await floor.engine.supervisor.stop()
    await step_alone(floor, monkeypatch)
    await floor.submit("bob", commands.UpdateStaff("Bob", None, ORIGIN))
    await step_alone(floor, monkeypatch, 2 * HOUR)
    await floor.engine.clock_follower.look()

    assert {left(floor, name) for name in ("ann", "bob")} == {30}
    moved = [change.staff_id for change in await history(floor, Cause.CLOCK)]
    assert sorted(moved) == ["ann", "bob", "bob"]


async def test_lateness_is_not_forgotten_with_a_step(floor: Floor) -> None:
    """A call that ended just now is still known to have ended just now: a late start of it is not a new call."""
    await floor.create("kim")
    await floor.choose("kim", BUSY)
    await floor.submit("kim", commands.CallEnded("c1", ORIGIN, source="pbx"))
    revision = floor.revision("kim")
    await step(floor)
    await floor.engine.clock_follower.look()
    await floor.submit("kim", commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN))

    assert (floor.state("kim").status, floor.revision("kim")) == (Status.BUSY, revision)
    floor.clock.move(11)
    await floor.submit("kim", commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN))
    assert floor.state("kim").status is Status.IN_LINE


# --- restarts and failures --------------------------------------------------------------------------------------------


async def test_a_crash_after_the_step_carries_it_over_at_the_start(
    journal_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that died after a step, with some people moved and some not, leaves everybody what they had left."""
    async with opened(journal_path, clock) as floor:
        await floor.create("ann", "bob", "cid")
        await in_wrap_up(floor, "ann", "bob", "cid")
        await step_alone(floor, monkeypatch)
        await floor.submit("bob", commands.UpdateStaff("Bob", None, ORIGIN))
    clock.move(10)
    async with opened(journal_path, clock) as floor:
        await floor.until(lambda: not floor.engine.replica.steps.to_carry_over)

        assert {left(floor, name) for name in ("ann", "bob", "cid")} == {20}
        assert await history(floor, Cause.WRAP_UP_ENDED) == []


async def test_time_that_passed_while_the_service_was_down_counts(journal_path: Path, clock: FakeClock) -> None:
    """After a step that was carried over, a start an hour later finds the wrap-up over, at the instant when it was due."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await in_wrap_up(floor, "kim")
        await step(floor)
        due = Instant(clock.now() + seconds(30))
    clock.move(HOUR)
    async with opened(journal_path, clock) as floor:
        assert floor.state("kim").status is Status.AVAILABLE
        assert [change.changed_at for change in await history(floor, Cause.WRAP_UP_ENDED)] == [due]


@pytest.mark.parametrize("lands", [False, True])
async def test_a_step_whose_append_fails_is_taken_where_it_landed(floor: Floor, lands: bool) -> None:
    """The present steps with the record of the step: not without it, once where it landed after all, and never twice."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    before, append = floor.clock.now(), floor.engine.journal.append

    async def broken(entries, answer_rows):
        if lands and entries:
            await append(entries, answer_rows)
        raise JournalUnavailableError("broken by the test")

    floor.engine.journal.append = broken
    with pytest.raises(JournalUnavailableError):
        await step(floor)
    assert floor.clock.now() == before
    floor.engine.journal.append = append
    await floor.until(lambda: floor.engine.healthy)
    assert floor.clock.now() == before + (seconds(HOUR) if lands else 0)
    await floor.engine.clock_follower.look()

    assert (floor.clock.now(), left(floor, "kim")) == (before + seconds(HOUR), 30)


# --- history ----------------------------------------------------------------------------------------------------------


async def revisions(floor: Floor) -> list[int]:
    """The revisions that history still has."""
    return [record.revision for record in (await floor.engine.journal.history(HistoryQuery(TENANT))).changes]


@pytest.mark.parametrize("restarts", [0, 1, 2])
async def test_a_step_makes_no_history_older(journal_path: Path, clock: FakeClock, restarts: int) -> None:
    """However far the clock steps, and however often the service starts afterwards, what is younger is not forgotten."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim", BUSY)
        await step(floor, 3000 * DAY)
        kept = await revisions(floor)
        await floor.engine.retention.forget()
        assert await revisions(floor) == kept
    for _ in range(restarts):
        async with opened(journal_path, clock) as floor:
            await floor.engine.retention.forget()
            assert await revisions(floor) == kept


async def test_a_step_makes_no_answer_older(floor: Floor) -> None:
    """A request that comes again after the clock has stepped gets its first answer, also once the cache has forgotten it."""
    await floor.create("kim")
    request = RequestKey("r1", b"busy")
    await floor.choose("kim", BUSY, request=request)
    await step(floor, 3000 * DAY)
    await floor.engine.retention.forget()
    floor.engine.book.forget_recent()
    again = await floor.choose("kim", BUSY, request=request)
    assert again.replayed


async def test_time_that_no_server_saw_makes_no_history_older(journal_path: Path, clock: FakeClock) -> None:
    """A start that finds 3,000 days to have passed forgets nothing by it, and neither do later starts."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim", BUSY)
        kept = await revisions(floor)
    clock.move(3000 * DAY)
    for _ in range(2):
        async with opened(journal_path, clock) as floor:
            await floor.engine.retention.forget()
            assert await revisions(floor) == kept


async def test_history_after_a_step_grows_old_as_time_passes(floor: Floor) -> None:
    """What changed after a step is forgotten when the retention has passed since, and what is older with it."""
    await floor.create("kim")
    await step(floor, 3000 * DAY)
    await floor.choose("kim", BUSY)
    await floor.choose("kim")
    floor.clock.move(181 * DAY)
    await floor.choose("kim", BUSY)
    last = floor.revision("kim")
    await floor.engine.retention.forget()

    assert await revisions(floor) == [last]


def test_steps_that_are_remembered_are_bounded(clock: FakeClock) -> None:
    """A clock that steps again and again leaves a bounded number of steps."""
    steps = clock_steps.ClockSteps(clock, "here")
    for number in range(100):
        steps.committed(steps.step(clock.now(), seconds(1)), number + 1)
    assert len(steps.kept) == clock_steps.STEPS_KEPT
    assert steps.owed(50) == seconds(50)


# --- overdue ----------------------------------------------------------------------------------------------------------


async def test_a_reader_is_not_shown_what_is_overdue_where_the_loop_stands_still(floor: Floor) -> None:
    """With the loop of deadlines stopped, who reads has what is due fired first."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    await floor.engine.supervisor.stop()
    floor.clock.move(31)
    assert floor.state("kim").status is Status.AFTER_CALL_WORK
    await asyncio.gather(*(floor.engine.fire_overdue() for _ in range(50)))

    assert floor.state("kim").status is Status.AVAILABLE
    assert len(await history(floor, Cause.WRAP_UP_ENDED)) == 1


async def test_a_reader_does_not_wait_for_a_journal_that_fails(floor: Floor) -> None:
    """Where what is due cannot be made durable, what is durable is shown, without an error."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    await floor.engine.supervisor.stop()
    floor.clock.move(31)

    async def broken(_entries, _marks):
        raise JournalUnavailableError("broken by the test")

    floor.engine.journal.append = broken
    async with asyncio.timeout(30):
        await floor.engine.fire_overdue()
        await floor.engine.fire_overdue()
    assert floor.state("kim").status is Status.AFTER_CALL_WORK
