"""A journal is copied between a file and a database, and is the same journal there."""

import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from adapters.contract_erasing import Scrubber, life, order
from adapters.journal_entries import answer_row, entry, latest, ordered, person, staff, stay
from adapters.postgres_factory import PostgresFactory, postgres_factory

from onduty_server.adapters.postgres import copying as in_database
from onduty_server.adapters.sqlite import SqliteJournal
from onduty_server.adapters.sqlite.copying import FileSource, FileTarget
from onduty_server.adapters.stored_rows import CopyError
from onduty_server.domain.model.status import Cause, Direction, OfferEnd, Status
from onduty_server.past import CallName, ConfigurationQuery, HistoryQuery, Life, PersonQuery, SumsQuery, Talk
from onduty_server.ports import Journal, JournalLockedError, JournalOpenError, Key, RecordDamagedError, RecordKind

pytestmark = pytest.mark.slow


@pytest.fixture
def factory(postgres_address: str) -> Iterator[PostgresFactory]:
    """Schemas in the server of all tests."""
    with postgres_factory(postgres_address) as made:
        yield made


@pytest.fixture
async def lived_in(journal_path: Path) -> AsyncIterator[Path]:
    """A file with everything that a journal can hold: forgotten history, erased people, several calls, answers."""
    journal = await SqliteJournal.open(journal_path)
    rng, last = random.Random(1), {}
    for number in range(120):
        name = rng.choice(["anna", "ben", "cleo", "Zoë"])
        facets: dict[str, Any] = {
            "closes": stay(number * 10, rng.choice([*Status]), rng.choice(["", "lunch"])) if last.get(name) else None,
            "cause": rng.choice([Cause.STAFF, Cause.CLAIM]),
            "groups": rng.choice([(), ("cards",), ("cards", "Zürich")]),
            "groups_after": rng.choice([None, ("loans",)]),
            "calls": tuple(CallName("pbx", f"call-{number}-{n}") for n in range(rng.randint(0, 3))),
            "status": rng.choice([*Status]),
            "seen": rng.random() < 0.5,
            "talks": tuple(Talk(Direction.OUTBOUND, number * 10 + n) for n in range(rng.randint(0, 2))),
            "offer_end": rng.choice([None, OfferEnd.EXPIRED]),
        }
        life_of = Life.GOES_ON if last.get(name) else Life.BEGINS
        batch = [entry(name, last.get(name, 0), at=1_000 + number * 10, life=life_of, state=b"%d" % number, **facets)]
        (last[name],) = await journal.append(batch, [answer_row(f"r-{number}", entry=0, at=number, detail=b"d")])
    policy = Key("acme", RecordKind.POLICY, "")
    await journal.append([entry(policy, configuration=b"one", at=3_000), entry(staff("anna", "other"), at=3_000)], [])
    gone = await life(journal, "dora", records=4)
    again = await life(journal, "dora", records=3, expected=gone, person=person("dora", 1))
    await journal.append([order(again, "dora", person("dora", 1))], [])
    for one in await journal.erasures():
        while await journal.erase(one, Scrubber(), limit=100):
            pass
    await journal.forget("acme", 1_400, limit=1_000)
    await journal.forget_answers(20, limit=100)
    await journal.close()
    return journal_path


async def all_of(journal: Journal) -> list[Any]:
    """What a journal answers to every question."""
    found: list[Any] = [journal.store_id, journal.epoch, await journal.head(), await journal.read(0, 10_000)]
    found.append(await latest(journal))
    found.append(await journal.find_answers([("acme", f"r-{number}") for number in range(120)]))
    for tenant in ("acme", "other"):
        persons = await journal.persons(PersonQuery(tenant))
        sums = await journal.sums(SumsQuery(tenant, tuple(persons), (0, 1_500, 5_000), found[2], found[2]))
        found += [await journal.horizon(tenant), await journal.complete_from(tenant), persons]
        found += [ordered(sums), await journal.places(tenant, await journal.horizon(tenant), found[2])]
        found.append(await journal.configuration_changes(ConfigurationQuery(tenant)))
        for query in ({}, {"staff_ids": ("anna",)}, {"call_ids": ("call-60-1", "call-61-0")}, {"skill_groups": ("loans",)}):
            found.append(await journal.history(HistoryQuery(tenant, **query)))
    return found


async def test_a_journal_is_the_same_in_the_database_and_back(lived_in: Path, factory: PostgresFactory, tmp_path: Path):
    """Every question has the same answer, and appends go on as they would have."""
    journal = await SqliteJournal.open(lived_in)
    before = await all_of(journal)
    await journal.close()
    with FileSource.open(lived_in) as source, in_database.target(factory.options) as target:
        target.take(source.rows(), lambda _done, _of: None)
    journal = await factory.open()
    assert await all_of(journal) == before
    await journal.close()
    back = tmp_path / "back.db"
    with in_database.source(factory.options) as source:
        FileTarget(back).take(source.rows(), lambda _done, _of: None)
    journal = await SqliteJournal.open(back)
    assert await all_of(journal) == before
    await journal.close()
    for opened in (await SqliteJournal.open(back), await factory.open()):
        head = await opened.head()
        last = {one.key: one.revision for one in await latest(opened)}
        batch = [entry("anna", last[staff("anna")], at=9_000, life=Life.GOES_ON), entry("dora", 0, person=person("dora", 2))]
        assert await opened.append(batch, []) == [head + 1, head + 2]
        await opened.close()


async def test_the_source_is_retired(lived_in: Path, factory: PostgresFactory):
    """Whoever serves from it later has another epoch than the copy."""
    with FileSource.open(lived_in) as source, in_database.target(factory.options) as target:
        target.take(source.rows(), lambda _done, _of: None)
        source.retire()
    copy, old = await factory.open(), await SqliteJournal.open(lived_in)
    assert copy.store_id == old.store_id
    assert copy.epoch != old.epoch
    await copy.close()
    await old.close()
    with in_database.source(factory.options) as source:
        source.retire()
    again = await factory.open()
    assert again.epoch != copy.epoch
    await again.close()


async def test_what_is_in_use_is_not_copied(lived_in: Path, factory: PostgresFactory):
    """Neither from nor to; nor is what is not there."""
    journal = await factory.open()
    for way in (in_database.source, in_database.target):
        with pytest.raises(JournalLockedError), way(factory.options):
            pass
    await journal.append([entry("anna")], [])
    await journal.close()
    with pytest.raises(CopyError, match="is not empty"), in_database.target(factory.options):
        pass
    with pytest.raises(JournalOpenError, match="there is no journal"), in_database.source(factory.another().options):
        pass
    with pytest.raises(CopyError, match="is there already"):
        FileTarget(lived_in)
    served = await SqliteJournal.open(lived_in)
    with pytest.raises(JournalLockedError), FileSource.open(lived_in):
        pass
    await served.close()


async def test_damage_is_not_copied(factory: PostgresFactory, tmp_path: Path):
    """The copy ends where it comes to it, and nothing is left of it."""
    journal = await factory.open()
    await journal.append([entry("anna"), entry("ben")], [])
    await journal.close()
    with factory.connect() as other:
        other.execute("UPDATE journal SET state = 'stat3' WHERE revision = 2")
    with pytest.raises(RecordDamagedError), in_database.source(factory.options) as source:
        FileTarget(tmp_path / "copy.db").take(source.rows(), lambda _done, _of: None)
    assert list(tmp_path.iterdir()) == []
