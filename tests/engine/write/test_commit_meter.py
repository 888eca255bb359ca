"""What the committer's metrics say of real work: batches, waiting, causes, and how late deadlines fire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from engine_floor import BUSY, ORIGIN, Floor, opened
from fake_clock import FakeClock

from onduty_server.domain.model import commands
from onduty_server.domain.model.status import Direction, Status
from onduty_server.observability.recorder import HistogramSeries, Recorder

WRAP_UP_SECONDS = 30


@pytest.fixture
def recorder() -> Recorder:
    """What the engine's work is recorded by."""
    return Recorder()


@pytest.fixture
async def floor(journal_path: Path, clock: FakeClock, recorder: Recorder) -> AsyncIterator[Floor]:
    """An engine that is metered."""
    async with opened(journal_path, clock, recorder) as running:
        yield running


def count(series: HistogramSeries) -> int:
    """How many values it has."""
    return sum(series.counts)


async def in_wrap_up(floor: Floor, name: str) -> None:
    """Sign in, talk, hang up."""
    await floor.create(name)
    await floor.choose(name)
    await floor.submit(name, commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN))
    await floor.submit(name, commands.CallEnded("c1", ORIGIN))


async def test_each_commit_is_timed_and_sized(floor: Floor, recorder: Recorder) -> None:
    """One append a batch, with its jobs, its records, and how long its requests waited."""
    appended = count(recorder.distribution("onduty_journal_commit_seconds"))
    await floor.create("kim")
    await floor.choose("kim", BUSY)
    assert count(recorder.distribution("onduty_journal_commit_seconds")) == appended + 2
    assert recorder.distribution("onduty_batch_jobs").total >= 2
    assert count(recorder.distribution("onduty_queue_seconds", "callers")) == 2


async def test_changes_are_counted_by_cause(floor: Floor, recorder: Recorder) -> None:
    """What is committed, and not what is asked for: choosing what is chosen changes nothing."""
    await floor.create("kim")
    for _ in range(3):
        await floor.choose("kim", BUSY)
    assert recorder.counter("onduty_changes_total", "STAFF").value == 1
    assert recorder.counter("onduty_changes_total", "ADMIN").value == 1


async def test_a_deadline_is_as_late_as_the_present_is_beyond_its_instant(floor: Floor, recorder: Recorder) -> None:
    """By kind, in seconds of the service's own time."""
    await in_wrap_up(floor, "kim")
    floor.clock.move(WRAP_UP_SECONDS + 7)
    await floor.until(lambda: floor.state("kim").status is Status.AVAILABLE)
    lateness = recorder.distribution("onduty_deadline_lateness_seconds", "WRAP_UP")
    assert (count(lateness), lateness.total) == (1, 7)
    assert count(recorder.distribution("onduty_deadline_lateness_seconds", "OFFER")) == 0


async def test_a_deadline_is_not_late_by_the_time_in_which_no_server_ran(
    journal_path: Path, clock: FakeClock, recorder: Recorder
) -> None:
    """Nobody could be served: an alarm at every start would be a false one."""
    async with opened(journal_path, clock) as before:
        await in_wrap_up(before, "kim")
    clock.move(3600)
    async with opened(journal_path, clock, recorder):
        lateness = recorder.distribution("onduty_deadline_lateness_seconds", "WRAP_UP")
        assert (count(lateness), lateness.total) == (1, 0)
