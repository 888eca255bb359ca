"""What becomes of appends when the database, or the way to it, fails under them: real servers, real kills, a real proxy."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from adapters.journal_entries import answer_of, answer_row, entry, latest, revisions, staff
from adapters.postgres_factory import PostgresFactory, postgres_factory
from conformance.fault_proxy import FaultProxy
from patience import PATIENCE_SECONDS
from postgres_server import PostgresServer

from onduty_server.adapters.postgres import PostgresJournal
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import JournalLockedError, JournalOpenError, StoredAnswer

pytestmark = pytest.mark.slow


@pytest.fixture
def factory(own_postgres: PostgresServer) -> PostgresFactory:
    """A store in a server of the test's own."""
    return PostgresFactory(own_postgres.address)


@pytest.fixture
def shared(postgres_address: str) -> Iterator[PostgresFactory]:
    """A store in the server of all tests, which stays well."""
    with postgres_factory(postgres_address) as made:
        yield made


@asynccontextmanager
async def through_proxy(
    factory: PostgresFactory, *, lock_seconds: float = 3.0
) -> AsyncIterator[tuple[FaultProxy, PostgresJournal]]:
    """A journal whose connections all go through a proxy."""
    server = int(factory.address.rpartition(":")[2].partition("/")[0])
    proxy = await FaultProxy(server).start()
    options = replace(factory.options, address=PostgresServer.address_at(proxy.port), lock_seconds=lock_seconds)
    journal = await PostgresJournal.open(options)
    try:
        yield proxy, journal
    finally:
        await journal.close()
        await proxy.stop()


async def until_it_works(journal: PostgresJournal) -> int:
    """The head, when the database is well again."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(JournalUnavailableError):
                return await journal.head()
            await asyncio.sleep(0.05)


# --- an append of which nobody knows how it ended ----------------------------------------------------------------------


async def test_a_commit_whose_answer_is_lost_is_found(own_postgres: PostgresServer, factory: PostgresFactory):
    """The connection is cut between the commit and its answer: the append says what became of it, and nothing is twice."""
    async with through_proxy(factory) as (proxy, journal):
        await journal.append([entry("anna")], [])
        proxy.cut_at_the_next_answer()
        assert await journal.append([entry("anna", 1), entry("ben")], [answer_row("r", entry=0)]) == [2, 3]
        assert not proxy.cuts_after_bytes
        assert revisions(await journal.read(0, 10)) == [1, 2, 3]
        assert await answer_of(journal, "acme", "r") == StoredAnswer(b"print", 2, b"")
        assert await journal.append([entry("ben", 3)], []) == [4]


async def test_answers_whose_commit_is_lost_are_found(own_postgres: PostgresServer, factory: PostgresFactory):
    """The same for a batch that has nothing but answers."""
    async with through_proxy(factory) as (proxy, journal):
        await journal.append([entry("anna")], [])
        proxy.cut_at_the_next_answer()
        assert await journal.append([], [answer_row("r", revision=1, detail=b"d")]) == []
        assert await answer_of(journal, "acme", "r") == StoredAnswer(b"print", 1, b"d")


async def test_a_request_that_is_lost_is_made_again(own_postgres: PostgresServer, factory: PostgresFactory):
    """The connections are cut before anything is sent: the append is made on a new one, once."""
    async with through_proxy(factory) as (proxy, journal):
        await journal.append([entry("anna")], [])
        proxy.cut()
        assert await journal.append([entry("anna", 1)], []) == [2]
        proxy.cut()
        assert revisions(await journal.read(0, 10)) == [1, 2]


async def test_nothing_is_read_while_an_append_may_still_land(own_postgres: PostgresServer, factory: PostgresFactory):
    """An append that waits in the database when its connection is cut: no read answers before it is there or not, for good."""
    async with through_proxy(factory, lock_seconds=0.5) as (proxy, journal):
        await journal.append([entry("anna")], [])
        with factory.connect() as other:
            other.execute("BEGIN")
            other.execute("SELECT 1 FROM head FOR UPDATE")
            append = asyncio.create_task(journal.append([entry("anna", 1)], []))
            await _until_somebody_waits(factory)
            proxy.cut()
            with pytest.raises(JournalUnavailableError):
                await append
            for read in (journal.head(), journal.read(0, 10), journal.record(2), journal.find_answers([("acme", "r")])):
                with pytest.raises(JournalUnavailableError):
                    await read
            other.execute("ROLLBACK")
        head = await until_it_works(journal)
        assert await journal.append([entry("anna", head)], []) == [head + 1]
        assert revisions(await journal.read(0, 10)) == [*range(1, head + 2)]


async def test_nothing_acknowledged_is_lost_or_twice_over_a_bad_line(own_postgres: PostgresServer, factory: PostgresFactory):
    """A line that is cut at any byte, over and over: what was acknowledged is there once, what was not at most once."""
    rng = random.Random(1)
    async with through_proxy(factory) as (proxy, journal):
        last, acknowledged, failed = 0, {}, set()
        for number in range(150):
            if rng.random() < 0.5:
                sent = [link.bytes_to_client for link in proxy._links]
                proxy.cuts_after_bytes = deque([min(sent, default=0) + rng.choice([0, 1, 5, 40, 150, 600, 2_000])])
            batch = [entry("anna", last, state=b"%d" % number), entry(f"staff-{number}", state=b"%d" % number)]
            try:
                (last, _) = await journal.append(batch, [answer_row(f"r-{number}", entry=0)])
                acknowledged[b"%d" % number] = last
            except JournalUnavailableError:
                failed.add(b"%d" % number)
                proxy.cuts_after_bytes.clear()
                await until_it_works(journal)
                last = {one.key: one.revision for one in await latest(journal)}.get(staff("anna"), 0)
        proxy.cuts_after_bytes.clear()
        await until_it_works(journal)
        found = [one for one in await journal.read(0, 10_000) if one.key.name == "anna"]
        states = [one.state for one in found]
        assert len(states) == len(set(states))
        assert {state: revision for revision, state in ((one.revision, one.state) for one in found)} | acknowledged == {
            one.state: one.revision for one in found
        }
        assert set(states) <= acknowledged.keys() | failed
        for number in range(150):
            kept = await answer_of(journal, "acme", f"r-{number}")
            assert (kept is not None) == (b"%d" % number in states)


# --- the database itself ----------------------------------------------------------------------------------------------


async def test_a_killed_database_loses_nothing_acknowledged(own_postgres: PostgresServer, factory: PostgresFactory):
    """SIGKILL to all of its processes under load, three times: what was acknowledged is there, and the journal heals itself."""
    journal = await factory.open()
    acknowledged: dict[str, int] = {}
    ending = asyncio.Event()

    async def load(name: str) -> None:
        number = 0
        while not ending.is_set():
            number += 1
            try:
                (revision,) = await journal.append([entry(f"{name}-{number}")], [])
                acknowledged[f"{name}-{number}"] = revision
            except JournalUnavailableError:
                await asyncio.sleep(0.05)

    loads = [asyncio.create_task(load(f"load-{number}")) for number in range(4)]
    for _ in range(3):
        before = len(acknowledged)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(acknowledged) < before + 30:
                await asyncio.sleep(0.01)
        own_postgres.kill()
        await asyncio.to_thread(own_postgres.start)
    ending.set()
    await asyncio.gather(*loads)
    await until_it_works(journal)
    found = {one.key.name: one.revision for one in await journal.read(0, 1_000_000)}
    assert acknowledged.items() <= found.items()
    assert sorted(found.values()) == [*range(1, len(found) + 1)]
    await journal.close()


async def test_a_database_that_hangs_is_a_failure(own_postgres: PostgresServer, factory: PostgresFactory):
    """One that answers nothing, with its connections open, fails appends and reads after their time; then all goes on."""
    options = replace(
        factory.options,
        address=f"{factory.address}?connect_timeout=2",
        statement_seconds=0.5,
    )
    journal = await PostgresJournal.open(options)
    await journal.append([entry("anna")], [])
    own_postgres.pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(JournalUnavailableError):
            await journal.append([entry("anna", 1)], [])
        with pytest.raises(JournalUnavailableError):
            await journal.head()
    own_postgres.resume()
    head = await until_it_works(journal)
    assert await journal.append([entry("anna", head)], []) == [head + 1]
    await journal.close()


async def test_a_reader_on_a_database_that_hangs_is_let_go(own_postgres: PostgresServer, factory: PostgresFactory):
    """A point read that gets no answer fails after its time."""
    journal = await PostgresJournal.open(
        replace(factory.options, address=f"{factory.address}?connect_timeout=2", statement_seconds=0.5)
    )
    assert await journal.head() == 0
    own_postgres.pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(JournalUnavailableError):
            await journal.head()
    own_postgres.resume()
    assert await until_it_works(journal) == 0
    await journal.close()


async def test_a_lock_held_elsewhere_makes_it_unavailable(shared: PostgresFactory):
    """An append that waits too long behind somebody's lock fails, and the next one after it is gone works."""
    journal = await PostgresJournal.open(replace(shared.options, lock_seconds=0.1))
    with shared.connect() as other:
        other.execute("BEGIN")
        other.execute("SELECT 1 FROM head FOR UPDATE")
        with pytest.raises(JournalUnavailableError, match="55P03"):
            await journal.append([entry("anna")], [answer_row("r", entry=0)])
        assert await journal.head() == 0
        other.execute("ROLLBACK")
    assert await journal.append([entry("anna")], [answer_row("r", entry=0)]) == [1]
    await journal.close()


async def test_a_statement_that_takes_too_long_is_ended(shared: PostgresFactory):
    """By the database itself; the connection goes on."""
    journal = await PostgresJournal.open(replace(shared.options, statement_seconds=0.2, lock_seconds=60))
    with shared.connect() as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE answers")
        with pytest.raises(JournalUnavailableError, match="57014"):
            await journal.append([entry("anna")], [answer_row("r", entry=0)])
        other.execute("ROLLBACK")
    assert await journal.append([entry("anna")], [answer_row("r", entry=0)]) == [1]
    await journal.close()


async def test_an_append_that_the_database_refuses_half_way_leaves_nothing(shared: PostgresFactory):
    """What cannot be written is not acknowledged; what was is there, and appends go on when they can."""
    journal = await shared.open()
    await journal.append([entry("anna")], [])
    with shared.connect() as other:
        other.execute("ALTER TABLE journal ADD CONSTRAINT refused CHECK (change <> 'too much')")
        with pytest.raises(JournalUnavailableError):
            await journal.append([entry("ben"), entry("cleo", change=b"too much")], [])
        other.execute("ALTER TABLE journal DROP CONSTRAINT refused")
    assert await journal.head() == 1
    assert await journal.append([entry("ben")], []) == [2]
    await journal.close()


# --- who may append ---------------------------------------------------------------------------------------------------


async def test_a_deposed_server_writes_nothing_more(shared: PostgresFactory):
    """One whose connection was ended, while another took the store, is told so, and nothing of it lands."""
    first = await shared.open()
    await first.append([entry("anna")], [])
    with shared.connect() as other:
        _end_connections(other)
    second = await shared.open()
    with pytest.raises(JournalUnavailableError, match="another server leads"):
        await first.append([entry("anna", 1, state=b"late")], [])
    assert await second.append([entry("anna", 1, state=b"second")], []) == [2]
    await second.close()
    with pytest.raises(JournalUnavailableError, match="another server leads"):
        await first.append([entry("anna", 2, state=b"late")], [])
    await first.close()
    third = await shared.open()
    assert [one.state for one in await third.read(0, 10)] == [b"state", b"second"]
    await third.close()


async def test_a_second_server_is_refused_in_words(shared: PostgresFactory):
    """It says where the other one is, and what can be done; when that has gone, it may."""
    first = await shared.open()
    with pytest.raises(JournalLockedError, match=r"is in use by a server on .*: stop it, or name another database or schema"):
        await shared.open()
    await first.close()
    await (await shared.open()).close()


async def test_a_history_that_was_cut_has_a_new_epoch(shared: PostgresFactory):
    """A running server notices that acknowledged records are missing and writes no more; the next begins an epoch."""
    journal = await shared.open()
    epoch = journal.epoch
    await journal.append([entry("anna"), entry("ben")], [])
    with shared.connect() as other:
        other.execute("DELETE FROM journal WHERE revision = 2")
        _end_connections(other)
    with pytest.raises(JournalUnavailableError, match="ends at revision 1, and revisions up to 2 were acknowledged"):
        await journal.append([entry("cleo")], [])
    with pytest.raises(JournalUnavailableError):
        await journal.append([entry("cleo")], [])
    await journal.close()
    journal = await shared.open()
    assert journal.epoch != epoch
    await journal.close()


async def test_another_line_of_history_has_a_new_epoch(shared: PostgresFactory):
    """A promoted standby, a restored dump, a restore to a point in time: the epoch is another one, once."""
    journal = await shared.open()
    store_id, epoch = journal.store_id, journal.epoch
    await journal.close()
    with shared.connect() as other:
        other.execute("UPDATE meta SET value = 'elsewhere' WHERE name = 'origin'")
    journal = await shared.open()
    anew = journal.epoch
    assert (journal.store_id, anew != epoch) == (store_id, True)
    await journal.close()
    journal = await shared.open()
    assert journal.epoch == anew
    await journal.close()


# --- opening ----------------------------------------------------------------------------------------------------------


async def test_no_message_has_the_password(own_postgres: PostgresServer, factory: PostgresFactory):
    """Whether the address cannot be read, or leads nowhere, or the database is gone later."""
    bad = ["postgresql://me:geheim@127.0.0.1:no/x", "postgresql://me:geheim@127.0.0.1:1/x", "postgresql://me:geheim@[::1/x"]
    for address in bad:
        with pytest.raises(JournalOpenError) as refused:
            await PostgresJournal.open(replace(factory.options, address=address))
        assert "geheim" not in f"{refused.value} {refused.value.__cause__}"
    address = factory.address.replace("onduty@", "onduty:geheim@")
    journal = await PostgresJournal.open(replace(factory.options, address=address))
    assert "geheim" not in journal.name
    own_postgres.stop()
    for call in (journal.head(), journal.append([entry("anna")], [])):
        with pytest.raises(JournalUnavailableError) as failed:
            await call
        assert "geheim" not in f"{failed.value} {failed.value.__cause__}"
    await journal.close()


async def test_a_database_that_does_not_sync_is_refused(own_postgres: PostgresServer, factory: PostgresFactory):
    """What it acknowledges, a power cut or a crash would take."""
    with factory.connect() as other:
        other.execute("ALTER ROLE onduty SET synchronous_commit = off")
    with pytest.raises(JournalOpenError, match="synchronous_commit is off"):
        await factory.open()
    with factory.connect() as other:
        other.execute("ALTER ROLE onduty RESET synchronous_commit")
    own_postgres.stop()
    own_postgres.start(fsync="off")
    with pytest.raises(JournalOpenError, match="fsync = off"):
        await factory.open()


async def test_an_ordinary_role_is_enough(own_postgres: PostgresServer, factory: PostgresFactory):
    """One that owns a database and is nothing beside: it makes the store, is cut off, goes on, and is refused twice."""
    with factory.connect() as other:
        other.execute("CREATE ROLE plain LOGIN")
        other.execute("CREATE DATABASE plain OWNER plain")
    options = replace(factory.options, address=f"postgresql://plain@127.0.0.1:{own_postgres.port}/plain")
    journal = await PostgresJournal.open(options)
    epoch = journal.epoch
    await journal.append([entry("anna")], [])
    with pytest.raises(JournalLockedError):
        await PostgresJournal.open(options)
    own_postgres.stop()
    own_postgres.start()
    assert await journal.append([entry("anna", 1)], []) == [2]
    await journal.close()
    journal = await PostgresJournal.open(options)
    assert (journal.epoch, await journal.head()) == (epoch, 2)
    await journal.close()


async def test_of_several_hosts_the_primary_is_found(own_postgres: PostgresServer, factory: PostgresFactory):
    """One that is not there and comes first is passed over."""
    address = f"postgresql://onduty@127.0.0.1:1,127.0.0.1:{own_postgres.port}/postgres"
    journal = await PostgresJournal.open(replace(factory.options, address=address))
    assert await journal.append([entry("anna")], []) == [1]
    await journal.close()


async def _until_somebody_waits(factory: PostgresFactory) -> None:
    """Return when a statement of the store waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'onduty %'"
    with factory.connect() as other:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not other.execute(waiting).fetchone()[0]:
                await asyncio.sleep(0.02)


def _end_connections(other) -> None:
    """End the append connection of the server that has this store, and wait for that."""
    holder = """
        SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.objid = 'head'::regclass::oid AND l.granted
    """
    for (pid,) in other.execute(holder).fetchall():
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
