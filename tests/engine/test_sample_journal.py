"""A journal of the first form is opened, found sound and replayed by this version and every later one."""

import gzip
from pathlib import Path

import pytest
from adapters.journal_entries import answer_of
from engine_floor import TENANT, opened
from fake_clock import FakeClock

from onduty_server.adapters.sqlite.inspection import verify
from onduty_server.domain.model.status import Status
from onduty_server.past import ConfigurationQuery, HistoryQuery, PersonQuery
from onduty_server.wire.codec import ProtobufCodec

SAMPLE = Path(__file__).with_name("sample-journal.db.gz")


@pytest.fixture
def sample(journal_path: Path) -> Path:
    """A copy of the sample, where a journal is."""
    journal_path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    return journal_path


async def test_the_states_are_those_of_the_story(sample: Path) -> None:
    """Everybody is as they were left."""
    async with opened(sample, FakeClock()) as floor:
        assert {name: floor.state(name).status for name in ("ana", "ben", "chi", "dan")} == {
            "ana": Status.AFTER_CALL_WORK,
            "ben": Status.ON_BREAK,
            "chi": Status.IN_LINE,
            "dan": Status.OFFLINE,
        }
        assert floor.state("ana").display_name == "Ana Sample"
        assert floor.state("ben").break_reason == "lunch"
        assert floor.state("ben").break_ends_at is not None
        assert [call.call_id for call in floor.state("chi").calls] == ["call-2"]
        assert floor.engine.rosters(TENANT).rules.break_reason("lunch").display_name == "Lunch"
        assert sorted(floor.engine.rosters(TENANT).staff) == ["ana", "ben", "chi", "dan"]


async def test_the_past_is_that_of_the_story(sample: Path) -> None:
    """Changes, calls, persons, configuration and answers are found as ever, and new ones follow."""
    async with opened(sample, FakeClock()) as floor:
        journal, codec = floor.engine.journal, ProtobufCodec()
        changes = [codec.decode_change(one.change) for one in (await journal.history(HistoryQuery(TENANT))).changes]
        assert "eve" not in {change.staff_id for change in changes}
        assert len({change.staff_id for change in changes}) == 5
        assert len((await journal.history(HistoryQuery(TENANT, call_ids=("call-1",), source="pbx"))).changes) == 2
        assert len(await journal.persons(PersonQuery(TENANT, staff_ids=("dan",), every_bearer=True))) == 2
        assert len((await journal.configuration_changes(ConfigurationQuery(TENANT))).changes) > 10
        assert (await answer_of(journal, TENANT, "sample-1")).fingerprint == b"content"
        head = floor.engine.head
        await floor.choose("dan")
        assert floor.revision("dan") == head + 1


def test_the_sample_is_sound(sample: Path) -> None:
    """Nothing is found to be wrong, neither before it was opened nor after."""
    report = verify(sample, ProtobufCodec())
    assert (report.problems, report.staff) == ([], 4)
