"""Ends of unknown calls: remembered durably, with no revision, no history and no word to watchers."""

import asyncio
from pathlib import Path

from engine_floor import BUSY, ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock

from onduty_server.domain.model import commands
from onduty_server.domain.model.status import Direction, FactOutcome, Status
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.write import transactions
from onduty_server.engine.write.answers import RequestKey
from onduty_server.engine.write.jobs import Answer
from onduty_server.ports import HistoryQuery

END = commands.CallEnded("c1", ORIGIN, source="pbx")
START = commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN)


async def told(
    floor: Floor,
    fact: commands.CallStarted | commands.CallEnded,
    request: RequestKey | None = None,
    expected: int | None = None,
) -> Answer:
    """Report a fact about Kim."""
    return await floor.engine.transact(TENANT, transactions.report(TENANT, "kim", fact, expected), request)


async def busy(floor: Floor) -> int:
    """Kim is BUSY; returns the revision."""
    await floor.create("kim")
    await floor.choose("kim", BUSY)
    return floor.revision("kim")


async def test_end_of_an_unknown_call_makes_no_revision(floor: Floor) -> None:
    """The person's revision stays, so that who expects it is not refused; history has nothing of it; the teller is told."""
    revision = await busy(floor)
    answer = await told(floor, END)

    assert answer.detail == {"outcome": int(FactOutcome.NOT_KNOWN)}
    assert (answer.applied, answer.staff.revision, floor.revision("kim")) == (False, revision, revision)
    assert len(await floor.engine.journal.history(HistoryQuery(TENANT))) == revision
    await told(floor, START, expected=revision)
    assert (floor.state("kim").status, floor.revision("kim")) == (Status.BUSY, revision)


async def test_watchers_are_not_told_of_it(floor: Floor) -> None:
    """A watcher gets nothing of it, and goes on after it; so does one that resumes from the journal."""
    await busy(floor)
    head = floor.engine.head
    live, late = (floor.engine.watch(TENANT, StaffFilter(), head) for _ in range(2))
    await told(floor, END)
    loop = asyncio.get_running_loop()
    assert await live.next(loop.time() + 0.05) is None
    await floor.choose("kim")
    floor.engine.replica.rings(TENANT).floor = floor.engine.head
    for watcher in (live, late):
        batch = await watcher.next(loop.time() + 30)
        assert batch is not None
        assert len(batch.elements) == 1


async def test_it_survives_a_restart(journal_path: Path, clock: FakeClock) -> None:
    """After a restart a late start of the call is still known to be late, before and after another change."""
    async with opened(journal_path, clock) as floor:
        await busy(floor)
        await told(floor, END)
    async with opened(journal_path, clock) as floor:
        revision = floor.revision("kim")
        assert (await told(floor, START)).detail == {"outcome": int(FactOutcome.ENDED_BEFORE)}
        assert floor.revision("kim") == revision
        await floor.choose("kim")
    async with opened(journal_path, clock) as floor:
        assert (await told(floor, START)).detail == {"outcome": int(FactOutcome.ENDED_BEFORE)}


async def test_more_is_remembered_after_a_restart(journal_path: Path, clock: FakeClock) -> None:
    """Records of what is remembered follow one another over restarts and changes."""
    for number in range(3):
        async with opened(journal_path, clock) as floor:
            if not number:
                await busy(floor)
            await told(floor, commands.CallEnded(f"a{number}", ORIGIN))
            await floor.choose("kim", BUSY if number % 2 else floor.state("kim").choice)
            await told(floor, commands.CallEnded(f"b{number}", ORIGIN))
            remembered = [leg.call_id for leg in floor.state("kim").ended_legs]
    assert remembered == [f"{which}{number}" for number in range(3) for which in "ab"]


async def test_in_one_batch_with_changes(floor: Floor) -> None:
    """Before, between and after changes of one batch it is remembered, and the revisions are those of the changes."""
    await busy(floor)
    answers = await asyncio.gather(
        told(floor, commands.CallEnded("a", ORIGIN)),
        floor.choose("kim"),
        told(floor, commands.CallEnded("b", ORIGIN), RequestKey("r1", b"b")),
        told(floor, commands.CallEnded("c", ORIGIN)),
        floor.choose("kim", BUSY),
        told(floor, commands.CallEnded("d", ORIGIN)),
    )
    assert [leg.call_id for leg in floor.state("kim").ended_legs] == ["a", "b", "c", "d"]
    found = [answer.staff.revision for answer in answers]
    assert found[0] < found[1] == found[2] == found[3] < found[4] == found[5] == floor.revision("kim")
    assert len({answer.staff.body for answer in answers}) == 3


async def test_the_same_request_again_gets_the_first_answer(journal_path: Path, clock: FakeClock) -> None:
    """The answer to a fact that was only remembered is kept like any other, at hand and after a restart."""
    request = RequestKey("r1", b"end")
    async with opened(journal_path, clock) as floor:
        revision = await busy(floor)
        first = await told(floor, END, request)
        again = await told(floor, END, request)
    async with opened(journal_path, clock) as floor:
        later = await told(floor, END, request)
    for answer in (again, later):
        assert (answer.replayed, answer.applied, answer.detail) == (True, False, first.detail)
        assert answer.record is not None
        assert answer.record.revision == revision


async def test_a_work_that_is_taken_back_remembers_nothing(floor: Floor) -> None:
    """What a work remembered goes with the work, where it is refused in the end."""
    await busy(floor)

    def half_done(batch):
        batch.act(TENANT, "kim", END)
        batch.act(TENANT, "kim", commands.BackToReception(ORIGIN))

    await asyncio.gather(floor.engine.transact(TENANT, half_done), return_exceptions=True)
    assert not floor.state("kim").ended_legs


async def test_a_deleted_person_leaves_nothing_to_the_next(journal_path: Path, clock: FakeClock) -> None:
    """Who is created again with the same id remembers nothing of the one before, after a restart too."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await told(floor, END)
        await floor.submit("kim", commands.DeleteStaff(ORIGIN))
        await floor.create("kim")
        assert not floor.state("kim").ended_legs
    async with opened(journal_path, clock) as floor:
        assert not floor.state("kim").ended_legs
        await told(floor, END)
        assert [leg.call_id for leg in floor.state("kim").ended_legs] == ["c1"]
