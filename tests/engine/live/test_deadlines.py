"""Deadlines: each fires once, at its own instant, also after a restart."""

import asyncio
from pathlib import Path

from engine_floor import BUSY, ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change
from onduty_server.domain.model.state import Attachment
from onduty_server.domain.model.status import Cause, Direction, Instant, Status, WithdrawReason, seconds
from onduty_server.engine.live.deadlines import DeadlineQueue
from onduty_server.ports import HistoryQuery
from onduty_server.wire.codec import ProtobufCodec


async def in_wrap_up(floor: Floor, name: str) -> None:
    """Sign in, talk, hang up."""
    await floor.choose(name)
    await floor.submit(name, commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN))
    await floor.submit(name, commands.CallEnded("c1", ORIGIN))


async def history(floor: Floor, *causes: Cause) -> list[Change]:
    """The changes of these causes, oldest first."""
    codec = ProtobufCodec()
    records = (await floor.engine.journal.history(HistoryQuery(TENANT, causes=causes))).changes
    return [codec.decode_change(record.change) for record in records]


async def test_the_countdown_ends_wrap_up(floor: Floor) -> None:
    """When the countdown is over the staff member is available, from that very instant."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    ends_at = floor.state("kim").wrap_up.ends_at
    floor.clock.move(29.9)
    await asyncio.sleep(0.02)
    before = floor.state("kim").status
    floor.clock.move(0.5)
    await floor.until(lambda: floor.state("kim").status is Status.AVAILABLE)

    assert before is Status.AFTER_CALL_WORK
    assert floor.state("kim").status_since == ends_at
    assert len(await history(floor, Cause.WRAP_UP_ENDED)) == 1


async def test_a_deadline_that_was_called_off_does_not_fire(floor: Floor) -> None:
    """Back to reception in time leaves nothing to fire."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    await floor.submit("kim", commands.BackToReception(ORIGIN))
    head = floor.engine.head
    floor.clock.move(5 * 3600)
    await floor.until(lambda: len(floor.engine.replica.deadlines) == 0)
    await floor.choose("kim", BUSY)

    assert floor.engine.head == head + 1


async def test_a_command_meets_the_state_after_what_was_due(floor: Floor) -> None:
    """A command that comes after a deadline is decided on the state after it, however late the deadline fires."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    floor.clock._now = seconds(floor.clock.now() / 1e6 + 31)  # moved without waking the sleeping loop
    answer = await floor.choose("kim", BUSY)

    assert [one.cause for one in await history(floor)][-2:] == [Cause.WRAP_UP_ENDED, Cause.STAFF]
    assert answer.staff.state.status is Status.BUSY


async def test_what_was_due_stays_true_when_the_command_is_refused(floor: Floor) -> None:
    """A refused command does not take back the deadline that fired before it."""
    await floor.create("kim")
    await in_wrap_up(floor, "kim")
    floor.clock._now = seconds(floor.clock.now() / 1e6 + 31)
    refused = await asyncio.gather(floor.submit("kim", commands.BackToReception(ORIGIN)), return_exceptions=True)

    assert refused[0].current.status is Status.AVAILABLE
    assert refused[0].revision == floor.revision("kim")
    assert floor.state("kim").status is Status.AVAILABLE


async def test_deadlines_that_passed_meanwhile_fire_at_start_in_their_order(journal_path: Path, clock: FakeClock) -> None:
    """After a stop, what was due fires in the order of the instants, each bearing its own, and what follows from it too."""
    async with opened(journal_path, clock) as floor:
        await floor.create("ann", "bob", "cid")
        await floor.choose("ann")
        await floor.submit("ann", commands.CallStarted(commands.SourceCall("old", Direction.INBOUND), "pbx", ORIGIN))
        clock.move(4 * 3600 - 10)
        await in_wrap_up(floor, "bob")
        await floor.choose("cid")
        await floor.claim("cid")
        start = clock.now()
    clock.move(3600)
    async with opened(journal_path, clock) as floor:
        fired = [(one.staff_id, one.cause, one.changed_at) for one in (await history(floor))[-4:]]

        assert fired == [
            ("ann", Cause.CALL_AGE, start + seconds(10)),
            ("cid", Cause.NO_ANSWER, start + seconds(20)),
            ("bob", Cause.WRAP_UP_ENDED, start + seconds(30)),
            ("ann", Cause.WRAP_UP_ENDED, start + seconds(40)),
        ]


async def test_deadlines_to_come_survive_a_restart(journal_path: Path, clock: FakeClock) -> None:
    """A countdown is not begun anew by a restart."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await in_wrap_up(floor, "kim")
        ends_at = floor.state("kim").wrap_up.ends_at
    clock.move(10)
    async with opened(journal_path, clock) as floor:
        assert floor.state("kim").wrap_up.ends_at == ends_at
        clock.move(20)
        await floor.until(lambda: floor.state("kim").status is Status.AVAILABLE)

        assert floor.state("kim").status_since == ends_at


async def test_workspaces_of_a_dead_process_get_their_grace_at_the_start(journal_path: Path, clock: FakeClock) -> None:
    """Streams die with their process: the grace runs from the next start, and attaching again cancels it."""
    async with opened(journal_path, clock) as floor:
        await floor.create("ann", "bob")
        for name in ("ann", "bob"):
            await floor.choose(name)
            await floor.submit(name, commands.Attach(Attachment("1", floor.engine.instance_id), ORIGIN))
    clock.move(1000)
    async with opened(journal_path, clock) as floor:
        assert floor.state("ann").connection.offline_at == clock.now() + seconds(60)
        await floor.submit("bob", commands.Attach(Attachment("1", floor.engine.instance_id), ORIGIN))
        clock.move(61)
        await floor.until(lambda: floor.state("ann").status is Status.OFFLINE)

        assert floor.state("bob").status is Status.AVAILABLE


async def test_many_deadlines_at_once_all_fire(floor: Floor, monkeypatch) -> None:
    """More deadlines than are fired in one batch are fired in several."""
    monkeypatch.setattr("onduty_server.engine.background.deadline_loop.FIRED_AT_ONCE", 7)
    names = [f"p{number}" for number in range(30)]
    await floor.create(*names)
    await asyncio.gather(*(in_wrap_up(floor, name) for name in names))
    floor.clock.move(31)
    await floor.until(lambda: all(floor.state(name).status is Status.AVAILABLE for name in names))

    assert len(await history(floor, Cause.WRAP_UP_ENDED)) == 30


async def test_who_cannot_be_fired_is_left_alone_for_a_while(floor: Floor) -> None:
    """One whose deadline breaks holds up nobody: others' fire, commands about that one are decided, and it heals."""
    await floor.create("kim", "lee", "max")
    for name in ("kim", "lee", "max"):
        await in_wrap_up(floor, name)
    encode = floor.engine.codec.encode_change

    def broken(change: Change) -> bytes:
        if change.staff_id == "lee" and change.cause is Cause.WRAP_UP_ENDED:
            raise ZeroDivisionError
        return encode(change)

    floor.engine.codec.encode_change = broken
    floor.clock.move(31)
    await floor.until(lambda: floor.state("max").status is floor.state("kim").status is Status.AVAILABLE)
    assert floor.engine.healthy
    assert len(floor.engine.replica.quarantine) == 1
    renamed = await floor.submit("lee", commands.UpdateStaff("Lee the Third", None, ORIGIN))
    assert renamed.staff.state.status is Status.AFTER_CALL_WORK

    floor.engine.codec.encode_change = encode
    floor.clock.move(2)
    await floor.until(lambda: floor.state("lee").status is Status.AVAILABLE)
    assert [change.staff_id for change in await history(floor, Cause.WRAP_UP_ENDED)] == ["kim", "max", "lee"]
    await floor.until(lambda: not len(floor.engine.replica.quarantine))


async def test_calls_that_ended_leave_nothing_behind_in_the_queue(floor: Floor) -> None:
    """However many calls come and go, a staff member has an entry or two; what is due in the end fires at its instant."""
    await floor.create("kim", "lee")
    await floor.choose("kim")
    await floor.choose("lee")
    sizes = []
    for number in range(40):
        call = commands.SourceCall(f"call-{number}", Direction.INBOUND)
        await floor.submit("lee", commands.CallStarted(call, "pbx", ORIGIN))
        floor.clock.move(20)
        await floor.submit("lee", commands.CallEnded(call.call_id, ORIGIN))
        floor.clock.move(5)
        await asyncio.sleep(0)
        sizes.append(len(floor.engine.replica.deadlines))
    await floor.claim("kim")
    ends_at = floor.state("lee").wrap_up.ends_at
    floor.clock.move(31)
    await floor.until(lambda: floor.state("kim").offer is None and floor.state("lee").status is not Status.AFTER_CALL_WORK)
    await floor.submit("lee", commands.CallStarted(commands.SourceCall("last", Direction.INBOUND), "pbx", ORIGIN))
    floor.clock.move(4 * 3600 + 31)
    await floor.until(lambda: not floor.state("lee").calls and floor.state("lee").status is not Status.AFTER_CALL_WORK)

    assert max(sizes) <= 2
    assert (await history(floor, Cause.WRAP_UP_ENDED))[0].changed_at == ends_at
    assert len(await history(floor, Cause.CALL_AGE)) == 1


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 50)), max_size=60), st.lists(st.integers(1, 20), max_size=20))
def test_nobody_is_looked_at_too_late(changes: list[tuple[int, int]], steps: list[int]) -> None:
    """Whatever deadlines come and go: at every instant all that are due are found, and entries stay few."""

    async def check() -> None:
        queue, due, now = DeadlineQueue(), dict[str, Instant](), Instant(0)
        pending = list(changes)
        for step in [*steps, 100]:
            for who, after in pending[:5]:
                due[f"p{who}"] = Instant(now + after)
                queue.push(due[f"p{who}"], "t", f"p{who}")
            pending = pending[5:]
            now = Instant(now + step)
            while entries := queue.due(now, 2):
                queue.drop(entries)
                for _, _, name in entries:
                    at = due.get(name)
                    if at is not None and at <= now:
                        del due[name]
                    elif at is not None:
                        queue.push(at, "t", name)
            assert all(at > now for at in due.values())
            assert len(queue) <= 4 * 5

    asyncio.run(check())


async def test_a_hold_off_outlives_the_process_and_ends_at_its_instant(journal_path: Path, clock: FakeClock) -> None:
    """Who could not be reached is held off by the next process too, and can be claimed again from the very instant."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim")
        await floor.claim("kim")
        await floor.submit("kim", commands.WithdrawClaim("claim-1", ORIGIN, WithdrawReason.UNREACHABLE))
        held_off = floor.state("kim").hold_off
    async with opened(journal_path, clock) as floor:
        assert floor.state("kim").hold_off == held_off
        assert not floor.state("kim").capabilities.assign_inbound
        clock.move(5)
        await floor.until(lambda: floor.state("kim").hold_off is None)
        assert floor.state("kim").changed_at == held_off.ends_at
        assert (await floor.claim_member()).staff.state.staff_id == "kim"
