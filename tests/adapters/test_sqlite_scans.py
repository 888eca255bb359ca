"""Questions about the past that take long: whom they keep waiting, and what becomes of them when nobody waits."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from adapters.journal_entries import answer_row, entry, history
from patience import PATIENCE_SECONDS

from onduty_server.adapters import pooled_journal
from onduty_server.adapters.sqlite import SqliteJournal, past_queries, storage
from onduty_server.domain.model.errors import QueryTooLongError
from onduty_server.past import Person, PersonId, Revision

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
SOMEBODY = Person(PersonId("0" * 16), "ana", Revision(1), 0, Revision(0), None, b"")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """``changes_of`` takes for ever; released when one has begun."""
    begun = threading.Semaphore(0)
    connect = storage.JournalFile.connect

    def connect_and_tell(file: storage.JournalFile, *, read_only: bool = False) -> sqlite3.Connection:
        connection = connect(file, read_only=read_only)
        connection.set_trace_callback(lambda statement: begun.release() if statement == ENDLESS else None)
        return connection

    monkeypatch.setattr(storage.JournalFile, "connect", connect_and_tell)
    monkeypatch.setattr(past_queries, "CHANGES_OF", ENDLESS)
    return begun


@pytest.fixture
async def floor(journal_path: Path) -> AsyncIterator[SqliteJournal]:
    """A journal with a record and an answer of each of three tenants."""
    opened = await SqliteJournal.open(journal_path)
    for tenant in ("acme", "other", "third"):
        await opened.append([entry(storage_key(tenant))], [answer_row("r", tenant=tenant, entry=0)])
    yield opened
    await opened.close()


def storage_key(tenant: str):
    """Somebody of a tenant."""
    return entry("ana").key._replace(tenant=tenant)


async def endless(floor: SqliteJournal, begun: threading.Semaphore, tenant: str) -> "asyncio.Task[int]":
    """A question that takes for ever, and has begun."""
    task = asyncio.create_task(floor.changes_of(tenant, SOMEBODY))
    assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE_SECONDS)
    return task


async def cancelled(*tasks: "asyncio.Task[int]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_point_reads_wait_for_no_scan(floor: SqliteJournal, begun: threading.Semaphore):
    """While as many scans as may run are under way and more wait, all that takes a search is answered, and the log is read."""
    scans = [await endless(floor, begun, tenant) for tenant in ("acme", "other")]
    scans += [asyncio.create_task(floor.changes_of(tenant, SOMEBODY)) for tenant in ("third", "acme", "other")]
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(20):
            assert await floor.head() == 3
            assert (await floor.record(Revision(1))).revision == 1
            assert sorted(await floor.records([Revision(2), Revision(3)])) == [2, 3]
            assert await floor.recorded_at(Revision(3)) == 1_000
            assert await floor.horizon("acme") == 0
            assert await floor.complete_from("acme") is None
            assert len(await floor.find_answers([("acme", "r"), ("other", "r")])) == 2
            assert len(await floor.read(Revision(0), 10)) == 3
            assert len(await floor.read(Revision(0), 10, tenant="acme")) == 1
    assert not any(scan.done() for scan in scans)
    await cancelled(*scans)


async def test_a_scan_whose_caller_is_gone_ends(floor: SqliteJournal, begun: threading.Semaphore):
    """Its thread, and its tenant's turn, are free: the next question is answered, over and over."""
    for _ in range(5):
        scans = [await endless(floor, begun, tenant) for tenant in ("acme", "other")]
        following = [asyncio.create_task(history(floor, tenant=tenant)) for tenant in ("acme", "third", "other")]
        await asyncio.sleep(0)
        assert not any(task.done() for task in following)
        await cancelled(*scans)
        assert await asyncio.wait_for(asyncio.gather(*following), PATIENCE_SECONDS) == [[1], [3], [2]]


async def test_a_late_stop_harms_no_later_question(floor: SqliteJournal):
    """Questions that are cancelled at any moment, also when they are done, leave those that follow alone."""
    for steps in range(200):
        gone = asyncio.create_task(history(floor, tenant="acme"))
        for _ in range(steps % 8):
            await asyncio.sleep(0)
        gone.cancel()
        assert await history(floor, tenant="acme") == [1]
        await asyncio.gather(gone, return_exceptions=True)


async def test_a_scan_that_takes_too_long_is_ended(
    journal_path: Path, begun: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
):
    """With an error of its own, which says how long it may take; the journal is as before."""
    monkeypatch.setattr(pooled_journal, "SCAN_SECONDS_MOST", 0.05)
    opened = await SqliteJournal.open(journal_path)
    await opened.append([entry("anna")], [])
    with pytest.raises(QueryTooLongError, match=r"longer than 0\.05 s"):
        await opened.changes_of("acme", SOMEBODY)
    assert await history(opened) == [1]
    await opened.close()


async def test_closing_ends_scans(journal_path: Path, begun: threading.Semaphore):
    """A shutdown does not wait for them."""
    opened = await SqliteJournal.open(journal_path)
    await opened.append([entry("anna")], [])
    scans = [await endless(opened, begun, tenant) for tenant in ("acme", "other")]
    scans.append(asyncio.create_task(opened.changes_of("third", SOMEBODY)))
    await asyncio.sleep(0)
    await asyncio.wait_for(opened.close(), PATIENCE_SECONDS)
    outcomes = await asyncio.gather(*scans, return_exceptions=True)
    assert [type(outcome).__name__ for outcome in outcomes] == ["JournalUnavailableError"] * 3
