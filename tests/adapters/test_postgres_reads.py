"""What reads of the journal in PostgreSQL hold beside the contract: whom they keep waiting, damage, forms of the tables."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from adapters.journal_entries import answer_row, entry, history
from adapters.postgres_factory import PostgresFactory, postgres_factory
from patience import PATIENCE_SECONDS
from wait_until import wait_until

from onduty_server.adapters import pooled_journal
from onduty_server.adapters.postgres import PostgresJournal, past_queries, schema, store
from onduty_server.domain.model.errors import QueryTooLongError
from onduty_server.past import Person, PersonId, Revision
from onduty_server.ports import JournalOpenError, RecordDamagedError

pytestmark = pytest.mark.slow

ENDLESS = "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b WHERE a <> %(person)s"
SOMEBODY = Person(PersonId("0" * 16), "ana", Revision(1), 0, Revision(0), None, b"")


@pytest.fixture
def factory(postgres_address: str) -> Iterator[PostgresFactory]:
    """A store in the server of all tests."""
    with postgres_factory(postgres_address) as made:
        yield made


@pytest.fixture
async def floor(factory: PostgresFactory, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostgresJournal]:
    """A journal with a record and an answer of each of three tenants, where ``changes_of`` takes for ever."""
    monkeypatch.setattr(past_queries, "CHANGES_OF", ENDLESS)
    opened = await factory.open()
    for tenant in ("acme", "other", "third"):
        key = entry("ana").key._replace(tenant=tenant)
        await opened.append([entry(key)], [answer_row("r", tenant=tenant, entry=0)])
    yield opened
    await opened.close()


def running(factory: PostgresFactory) -> int:
    """How many endless questions the database works on."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%%generate_series(1, 1000000) b%%'"
    asked += " AND pid <> pg_backend_pid()"
    with factory.connect() as other:
        return other.execute(asked, []).fetchone()[0]


async def endless(factory: PostgresFactory, floor: PostgresJournal, tenant: str) -> "asyncio.Task[int]":
    """A question that takes for ever, and has begun."""
    before = running(factory)
    task = asyncio.create_task(floor.changes_of(tenant, SOMEBODY))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while running(factory) == before:
            await asyncio.sleep(0.02)
    return task


async def cancelled(*tasks: "asyncio.Task[int]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_point_reads_and_the_log_wait_for_no_scan(factory: PostgresFactory, floor: PostgresJournal):
    """While as many scans as may run are under way and more wait, appends are made and all else is answered."""
    scans = [await endless(factory, floor, tenant) for tenant in ("acme", "other")]
    scans += [asyncio.create_task(floor.changes_of(tenant, SOMEBODY)) for tenant in ("third", "acme")]
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await floor.head() == 3
        assert sorted(await floor.records([Revision(2), Revision(3)])) == [2, 3]
        assert len(await floor.find_answers([("acme", "r"), ("other", "r")])) == 2
        assert len(await floor.read(Revision(0), 10, tenant="acme")) == 1
        assert await floor.append([entry("more")], []) == [4]
    assert not any(scan.done() for scan in scans)
    await cancelled(*scans)


async def test_a_scan_whose_caller_is_gone_ends_in_the_database(factory: PostgresFactory, floor: PostgresJournal):
    """It is cancelled there, and its tenant's next question is answered."""
    for _ in range(2):
        scan = await endless(factory, floor, "acme")
        following = asyncio.create_task(history(floor, tenant="acme"))
        await cancelled(scan)
        assert await asyncio.wait_for(following, PATIENCE_SECONDS) == [1]
        await asyncio.to_thread(wait_until, lambda: running(factory) == 0, what="the end of the scan")


async def test_a_late_cancellation_harms_no_later_question(factory: PostgresFactory):
    """Questions that are cancelled at any moment, also when they are done, leave those that follow alone."""
    opened = await factory.open()
    await opened.append([entry("anna")], [])
    for steps in range(40):
        gone = asyncio.create_task(history(opened))
        for _ in range(steps % 8):
            await asyncio.sleep(0)
        gone.cancel()
        assert await history(opened) == [1]
        await asyncio.gather(gone, return_exceptions=True)
    await opened.close()


async def test_a_scan_that_takes_too_long_is_ended(factory: PostgresFactory, monkeypatch: pytest.MonkeyPatch):
    """With an error of its own; the journal is as before."""
    monkeypatch.setattr(past_queries, "CHANGES_OF", ENDLESS)
    monkeypatch.setattr(pooled_journal, "SCAN_SECONDS_MOST", 0.2)
    opened = await factory.open()
    await opened.append([entry("anna")], [])
    with pytest.raises(QueryTooLongError, match=r"longer than 0\.2 s"):
        await opened.changes_of("acme", SOMEBODY)
    assert await history(opened) == [1]
    await opened.close()


async def test_closing_ends_scans(factory: PostgresFactory, monkeypatch: pytest.MonkeyPatch):
    """A shutdown does not wait for them, and the database ends them by itself."""
    monkeypatch.setattr(past_queries, "CHANGES_OF", ENDLESS)
    opened = await factory.open()
    await opened.append([entry("anna")], [])
    scans = [await endless(factory, opened, tenant) for tenant in ("acme", "other")]
    await asyncio.wait_for(opened.close(), PATIENCE_SECONDS)
    outcomes = await asyncio.gather(*scans, return_exceptions=True)
    assert [type(outcome).__name__ for outcome in outcomes] == ["JournalUnavailableError"] * 2
    await asyncio.to_thread(wait_until, lambda: running(factory) == 0, what="the end of the scans")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE journal SET state = 'stat3' WHERE revision = 2",
        "UPDATE journal SET previous = 1 WHERE revision = 2",
        "UPDATE journal SET key_id = (SELECT key_id FROM journal WHERE revision = 1) WHERE revision = 2",
        "DELETE FROM journal WHERE revision = 1; UPDATE journal SET revision = 1 WHERE revision = 2",
        "UPDATE tenants SET name = 'acmf'",
    ],
)
async def test_a_record_that_is_not_what_was_appended_is_told(factory: PostgresFactory, damage: str):
    """Its parts, its key, its tenant and its place are covered by its checksum."""
    opened = await factory.open()
    await opened.append([entry("anna"), entry("ben"), entry("cleo")], [])
    with factory.connect() as other:
        other.execute(damage)
    with pytest.raises(RecordDamagedError):
        await opened.read(Revision(0), 10)
    await opened.close()


async def test_damage_is_not_hidden_by_an_erasure_beside_it(factory: PostgresFactory):
    """The place of the next bearer's first record changes with the erasure; a part that was damaged stays told."""
    from adapters.contract_erasing import life, order

    from onduty_server.past import PersonId as Id

    opened = await factory.open()
    last = await life(opened)
    await opened.append([entry("anna", last, person=Id(f"{1:016x}"))], [])
    with factory.connect() as other:
        other.execute("UPDATE journal SET state = 'stat3' WHERE revision = %s", [last + 1])
    await opened.append([order(last)], [])
    with pytest.raises(RecordDamagedError):
        await opened.record(Revision(last + 1))
    await opened.close()


async def test_a_store_is_taken_on_while_a_server_of_the_form_before_serves(
    factory: PostgresFactory, monkeypatch: pytest.MonkeyPatch
):
    """A step is made once, beside a server that goes on; a program that is too old for it is refused in words."""
    old = await factory.open()
    steps = (*schema.STEPS, schema.Step(("ALTER TABLE journal ADD COLUMN note text",), oldest=1))
    with factory.connect() as other:
        assert store.bring_up_to_date(other, factory.options, steps) is False
        assert store.bring_up_to_date(other, factory.options, steps) is False
        assert store.read_meta(other).form == len(steps)
    assert await old.append([entry("anna")], []) == [1]
    assert await history(old) == [1]
    await old.close()
    await (await factory.open()).close()
    steps = (*steps, schema.Step(("ALTER TABLE journal DROP COLUMN note",), oldest=len(schema.STEPS) + 1))
    with factory.connect() as other:
        store.bring_up_to_date(other, factory.options, steps)
    with pytest.raises(
        JournalOpenError,
        match=f"was taken on to form {len(steps)} by a newer Onduty, and this one knows form {len(schema.STEPS)} only",
    ):
        await factory.open()


async def test_appends_notify(factory: PostgresFactory):
    """Who listens is told the last revision of each batch, after it can be read."""
    opened = await factory.open()
    with factory.connect() as other:
        other.execute(f"LISTEN onduty_{opened.store_id}")
        await opened.append([entry("anna"), entry("ben")], [])
        (told,) = await asyncio.to_thread(lambda: list(other.notifies(timeout=PATIENCE_SECONDS, stop_after=1)))
        assert told.payload == "2"
        assert other.execute("SELECT max(revision) FROM journal").fetchone() == (2,)
    await opened.close()
