"""What the policy no longer keeps is forgotten; the present state never is."""

from adapters.journal_entries import answer_of
from engine_floor import BUSY, TENANT, Floor

from onduty_server.domain.model.state import AVAILABLE
from onduty_server.engine.write.answers import RequestKey
from onduty_server.ports import HistoryQuery

DAY = 24 * 3600


async def revisions(floor: Floor) -> list[int]:
    """The revisions that history still has."""
    return [record.revision for record in (await floor.engine.journal.history(HistoryQuery(TENANT))).changes]


async def test_history_beyond_the_retention_goes_and_heads_stay(floor: Floor) -> None:
    """After the retention only the last record of each staff member is left, and revisions go on from there."""
    await floor.create("kim", "lee")
    for choice in (AVAILABLE, BUSY, AVAILABLE):
        await floor.choose("kim", choice)
    floor.clock.move(181 * DAY)
    await floor.choose("kim", BUSY)
    forgotten = await floor.engine.retention.forget()

    assert forgotten == 4
    assert await revisions(floor) == [2, 6]
    assert await floor.engine.journal.horizon(TENANT) == 5
    assert floor.engine.head == 6


async def test_history_within_the_retention_stays(floor: Floor) -> None:
    """Nothing goes before its time."""
    await floor.create("kim")
    await floor.choose("kim")
    floor.clock.move(179 * DAY)

    assert await floor.engine.retention.forget() == 0
    assert await revisions(floor) == [1, 2]


async def test_answers_are_kept_for_a_day_at_least(floor: Floor) -> None:
    """A request id is known for more than 24 hours, and forgotten after two days."""
    await floor.create("kim")
    await floor.choose("kim", request=RequestKey("r-1", b"content"))
    floor.clock.move(1.9 * DAY)
    await floor.engine.retention.forget()
    kept = await answer_of(floor.engine.journal, TENANT, "r-1")
    floor.clock.move(0.2 * DAY)
    await floor.engine.retention.forget()

    assert kept is not None
    assert await answer_of(floor.engine.journal, TENANT, "r-1") is None
