"""Two engines over one journal: each shows every record once, in order, whoever committed it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from engine_floor import BUSY, TENANT, Floor
from fake_clock import FakeClock

from onduty.v1 import staff_pb2
from onduty_server.adapters.sqlite import SqliteJournal
from onduty_server.domain.model.state import AVAILABLE
from onduty_server.domain.model.status import Status
from onduty_server.engine.engine import Engine
from onduty_server.engine.live.replica import MissingRecordsError
from onduty_server.engine.staff_filter import EVERYBODY
from onduty_server.engine.watch.watcher import Watcher
from onduty_server.ports import Revision
from onduty_server.wire.codec import ProtobufCodec


@asynccontextmanager
async def two_floors(path: Path, clock: FakeClock) -> AsyncIterator[tuple[Floor, Floor]]:
    """Two engines over one open journal."""
    journal = await SqliteJournal.open(path)
    engines = [Engine(journal, ProtobufCodec(), clock) for _ in range(2)]
    try:
        for engine in engines:
            await engine.start()
        yield Floor(engines[0], clock), Floor(engines[1], clock)
    finally:
        for engine in engines:
            await engine.stop()
        await journal.close()


async def seen_by(watcher: Watcher, through: int) -> list[int]:
    """The revisions that a watcher yields up to one."""
    revisions: list[int] = []
    async with asyncio.timeout(30):
        while watcher.cursor < through:
            batch = await watcher.next(asyncio.get_running_loop().time() + 1)
            elements = batch.elements if batch else ()
            revisions += [staff_pb2.StaffChange.FromString(element).staff.revision for element in elements]
    return revisions


async def test_a_hole_before_an_own_commit_is_read_first(journal_path: Path, clock: FakeClock) -> None:
    """What another engine committed meanwhile is shown before the own commit, to watchers as well."""
    async with two_floors(journal_path, clock) as (one, other):
        await one.create("ann", "ben")
        await other.engine.replica.catch_up()
        watcher = other.engine.watch(TENANT, EVERYBODY, other.engine.head)
        await one.choose("ben")
        answer = await other.choose("ann")

        assert answer.staff.revision == other.engine.head == 4
        assert other.state("ben").status is Status.AVAILABLE
        assert await seen_by(watcher, 4) == [3, 4]


async def test_a_decision_on_a_stale_state_is_made_again(journal_path: Path, clock: FakeClock) -> None:
    """Both change one person: the second is decided on what the first has left."""
    async with two_floors(journal_path, clock) as (one, other):
        await one.create("ann")
        await other.engine.replica.catch_up()
        await one.choose("ann", BUSY)
        answer = await other.choose("ann", AVAILABLE)

        assert answer.staff.previous == 2
        assert answer.staff.revision == other.engine.head == 3


async def test_reading_on_from_everywhere_at_once_shows_each_record_once(journal_path: Path, clock: FakeClock) -> None:
    """Many who read on at once, and commits in between, publish nothing twice and nothing out of order."""
    async with two_floors(journal_path, clock) as (one, other):
        await one.create("ann", "ben", "cid")
        await other.engine.replica.catch_up()
        watcher = other.engine.watch(TENANT, EVERYBODY, other.engine.head)
        for _ in range(10):
            choices = (BUSY, AVAILABLE)
            await asyncio.gather(
                *(one.choose(name, choice) for name in ("ann", "ben") for choice in choices),
                *(other.choose("cid", choice) for choice in choices),
                *(other.engine.replica.catch_up() for _ in range(5)),
            )
        await asyncio.gather(one.engine.replica.catch_up(), other.engine.replica.catch_up())

        assert await seen_by(watcher, other.engine.head) == list(range(4, other.engine.head + 1))
        assert {name: record.revision for name, record in other.engine.rosters(TENANT).staff.items()} == {
            name: record.revision for name, record in one.engine.rosters(TENANT).staff.items()
        }


async def test_a_request_that_another_engine_answered_gets_that_answer(journal_path: Path, clock: FakeClock) -> None:
    """The journal is the truth about requests, too."""
    from onduty_server.engine.write.answers import RequestKey

    async with two_floors(journal_path, clock) as (one, other):
        await one.create("ann")
        key = RequestKey("r-1", b"content")
        first = await one.choose("ann", BUSY, request=key)
        again = await other.choose("ann", BUSY, request=key)

        assert again.replayed
        assert again.record.revision == first.staff.revision


async def test_records_that_are_gone_are_not_passed_over(floor: Floor) -> None:
    """Where the journal has not what follows the head, the head stays where it is."""
    await floor.create("ann")
    record = await floor.engine.journal.record(Revision(1))
    floor.engine.replica._journal = SimpleNamespace(read=lambda *_: asyncio.sleep(0, [record._replace(revision=Revision(9))]))
    with pytest.raises(MissingRecordsError):
        await floor.engine.replica.catch_up()
    assert floor.engine.head == 1
