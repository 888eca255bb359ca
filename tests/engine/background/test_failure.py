"""When the journal fails: nothing is acknowledged that was not written, and the engine recovers by itself."""

import asyncio
from pathlib import Path

import pytest
from engine_floor import BUSY, Floor, opened
from fake_clock import FakeClock

from onduty_server.domain.model.errors import DrainingError, JournalUnavailableError, OverloadedError
from onduty_server.domain.model.status import Status
from onduty_server.engine.background import journal_health
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.write import committer, fair_queue


def break_journal(floor: Floor, *, lands: bool) -> None:
    """Make appends fail, before or after the batch is in the file. A real file is broken in the acceptance tests."""
    append = floor.engine.journal.append

    async def broken(entries, answer_rows):
        if lands and entries:
            await append(entries, answer_rows)
        raise JournalUnavailableError("broken by the test")

    floor.engine.journal.append = broken
    floor.mend = lambda: setattr(floor.engine.journal, "append", append)


@pytest.fixture(autouse=True)
def quick_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait half a second for each probe."""
    monkeypatch.setattr(journal_health, "PROBE_SECONDS", (0.01,))


@pytest.mark.parametrize("lands", [False, True])
async def test_a_failed_append_is_not_acknowledged(floor: Floor, lands: bool) -> None:
    """Whether the batch reached the file or not, its callers are told that it failed and nothing of it is shown."""
    await floor.create("kim")
    health: list[bool] = []
    floor.engine.on_health = health.append
    break_journal(floor, lands=lands)
    with pytest.raises(JournalUnavailableError):
        await floor.choose("kim")

    assert floor.state("kim").status is Status.OFFLINE
    assert health == [False]
    with pytest.raises(JournalUnavailableError):
        await floor.choose("kim", BUSY)


@pytest.mark.parametrize("lands", [False, True])
async def test_it_works_again_by_itself_and_shows_what_is_in_the_file(
    journal_path: Path, clock: FakeClock, lands: bool
) -> None:
    """After the journal works again the engine shows exactly what the file holds, and revisions go on from there."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        watcher = floor.engine.watch("default", StaffFilter(), floor.engine.head)
        break_journal(floor, lands=lands)
        with pytest.raises(JournalUnavailableError):
            await floor.choose("kim")
        floor.mend()
        await floor.until(lambda: floor.engine.healthy)

        assert floor.state("kim").status is (Status.AVAILABLE if lands else Status.OFFLINE)
        await floor.choose("kim", BUSY)
        assert floor.revision("kim") == (3 if lands else 2)
        async with asyncio.timeout(30):
            seen = []
            while watcher.cursor < floor.engine.head:
                batch = await watcher.next(asyncio.get_running_loop().time() + 1)
                seen += batch.elements if batch else []
        assert len(seen) == (2 if lands else 1)
    async with opened(journal_path, clock) as floor:
        assert floor.state("kim").status is Status.BUSY


async def test_deadlines_that_could_not_fire_fire_later(floor: Floor) -> None:
    """A deadline that passes while the journal is away fires once it is back, at its own instant. No offer is missed by it."""
    await floor.create("kim")
    await floor.choose("kim")
    await floor.claim("kim")
    expires_at = floor.state("kim").offer.expires_at
    break_journal(floor, lands=False)
    floor.clock.move(60)
    await floor.until(lambda: not floor.engine.healthy)
    floor.mend()
    await floor.until(lambda: floor.state("kim").offer is None)

    assert floor.state("kim").changed_at == expires_at
    assert floor.state("kim").misses == 0


async def test_a_stopping_engine_takes_nothing_new(journal_path: Path, clock: FakeClock) -> None:
    """What waits is finished, what comes later is told that the server is going away."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        waiting = asyncio.create_task(floor.choose("kim"))
        await asyncio.sleep(0)
        await floor.engine.stop()
        await waiting
        with pytest.raises(DrainingError):
            await floor.choose("kim", BUSY)

    assert waiting.result().staff.revision == 2


async def test_too_many_waiting_commands_are_refused(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that grows without end would be a slow failure: beyond the bound callers are told to wait."""
    await floor.create("kim")
    monkeypatch.setattr(fair_queue, "JOBS_MOST", 10)
    done = await asyncio.gather(*(floor.choose("kim") for _ in range(10)), return_exceptions=True)

    assert sum(isinstance(one, OverloadedError) for one in done) == 5


async def test_a_lost_journal_is_noticed_while_nobody_writes(
    journal_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal file that is removed makes the engine unhealthy without waiting for the next command."""
    monkeypatch.setattr(journal_health, "CHECK_SECONDS", 0.01)
    async with opened(journal_path, clock) as floor:
        health: list[bool] = []
        floor.engine.on_health = health.append
        journal_path.unlink()
        await floor.until(lambda: health == [False])
        with pytest.raises(JournalUnavailableError):
            await floor.create("kim")


async def test_an_append_that_hangs_has_failed_after_a_while(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its callers are told, others are turned away at once, and when it returns all is well and nothing is lost."""
    await floor.create("kim", "lee")
    append, hanging = floor.engine.journal.append, asyncio.Event()

    async def hung(entries, answer_rows):
        await hanging.wait()
        return await append(entries, answer_rows)

    floor.engine.journal.append = hung
    with monkeypatch.context() as patched:
        patched.setattr(committer, "APPEND_SECONDS_MOST", 0.05)
        with pytest.raises(JournalUnavailableError):
            await floor.choose("kim")
    assert not floor.engine.healthy
    with pytest.raises(JournalUnavailableError):
        await floor.choose("lee")
    hanging.set()
    await floor.until(lambda: floor.engine.healthy)

    assert floor.state("kim").status is Status.AVAILABLE
    assert (await floor.choose("lee")).staff.revision == floor.engine.head == 4


async def test_a_committer_that_ends_is_begun_again(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault outside of any commit does not leave a server that answers nobody."""
    await floor.create("kim")
    take = floor.engine.queue.waiting.take

    def broken(cost_most: int):
        floor.engine.queue.waiting.take = take
        raise ZeroDivisionError

    floor.engine.queue.waiting.take = broken
    assert (await floor.choose("kim")).applied
