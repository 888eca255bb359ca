"""The SQLite journal: the contract with real files, and what only a file can show."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from adapters.contract_model import ModelContract
from adapters.journal_contract import JournalContract
from adapters.journal_entries import answer_row, entry, history, latest, revisions
from adapters.sqlite_factory import SqliteFactory

from onduty_server.adapters.sqlite import SqliteJournal, reader, storage, writer
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import StaleEntriesError


@pytest.fixture
def journal_factory(tmp_path: Path) -> SqliteFactory:
    return SqliteFactory(tmp_path)


class TestSqliteJournal(JournalContract):
    """All promises, no gaps."""


class TestSqliteJournalWithShortTail(ModelContract):
    """The same where the heads are brought up to date all the time."""

    @pytest.fixture(autouse=True)
    def _short_tail(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer, "_TAIL_MOST", 3)


async def test_the_heads_follow_the_log(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Guard, latest records and chains are right before, at and after each time the heads catch up, also after reopening."""
    monkeypatch.setattr(writer, "_TAIL_MOST", 5)
    last = dict.fromkeys(["anna", "ben", "cleo"], 0)
    made: dict[str, list[int]] = {name: [] for name in last}
    journal = await SqliteJournal.open(journal_path)
    for number in range(40):
        name = ["anna", "ben", "anna", "cleo"][number % 4]
        with pytest.raises(StaleEntriesError):
            await journal.append([entry("new"), entry(name, last[name] + 1)], [])
        (last[name],) = await journal.append([entry(name, last[name])], [])
        made[name].append(last[name])
        assert revisions(await latest(journal)) == sorted(filter(None, last.values()))
        assert await history(journal, staff_ids=(name,)) == made[name]
        if number % 7 == 0:
            await journal.close()
            journal = await SqliteJournal.open(journal_path)
    await journal.close()


async def test_the_tail_is_bounded(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is kept in memory of the keys does not grow with their number."""
    monkeypatch.setattr(writer, "_TAIL_MOST", 50)
    journal = await SqliteJournal.open(journal_path)
    for number in range(300):
        await journal.append([entry(f"staff-{number}")], [])
        assert len(journal._writer._tail) <= 51
    await journal.close()


async def test_neither_readers_nor_the_loop_wait_for_the_writer(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While an append waits for another program's lock, everything is read as before."""
    monkeypatch.setattr(storage, "BUSY_MILLISECONDS", 60_000)
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    other = sqlite3.connect(journal_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    append = asyncio.create_task(journal.append([entry("ben")], []))
    for _ in range(20):
        assert await journal.head() == 1
        assert revisions(await latest(journal)) == [1]
    assert not append.done()
    other.execute("ROLLBACK")
    assert await append == [2]
    other.close()
    await journal.close()


async def test_a_lock_held_too_long_makes_it_unavailable(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An append fails then, and the next one after the lock is gone works."""
    monkeypatch.setattr(storage, "BUSY_MILLISECONDS", 10)
    journal = await SqliteJournal.open(journal_path)
    other = sqlite3.connect(journal_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalUnavailableError, match=r"append.*SQLITE_BUSY") as unavailable:
        await journal.append([entry("anna")], [answer_row("a", entry=0)])
    assert isinstance(unavailable.value.__cause__, sqlite3.Error)
    other.execute("ROLLBACK")
    assert await journal.append([entry("anna")], [answer_row("a", entry=0)]) == [1]
    other.close()
    await journal.close()


async def test_a_commit_that_is_not_acknowledged_is_not_forgotten(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What fails after the commit is unavailable to its caller; the head tells that it landed, and revisions go on."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    check = storage.JournalFile.check
    failures = ["the path cannot be seen"]

    def fail_once(file: storage.JournalFile) -> None:
        if failures:
            raise JournalUnavailableError(failures.pop())
        check(file)

    monkeypatch.setattr(storage.JournalFile, "check", fail_once)
    with pytest.raises(JournalUnavailableError):
        await journal.append([entry("anna", 1)], [])
    assert await journal.head() == 2
    with pytest.raises(StaleEntriesError):
        await journal.append([entry("anna", 1)], [])
    assert await journal.append([entry("anna", 2)], []) == [3]
    await journal.close()


async def test_an_append_given_up_is_left_out(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """If its turn has not come; of the one under way it is open. The others are appended, and what they are told is true."""
    monkeypatch.setattr(storage, "BUSY_MILLISECONDS", 60_000)
    journal = await SqliteJournal.open(journal_path)
    other = sqlite3.connect(journal_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    appends = [asyncio.create_task(journal.append([entry(f"staff-{number}")], [])) for number in range(20)]
    await asyncio.sleep(0)
    for append in appends[1::2]:
        append.cancel()
    await asyncio.sleep(0)
    other.execute("ROLLBACK")
    other.close()
    outcomes = await asyncio.gather(*appends, return_exceptions=True)
    assert outcomes[::2] == [[revision] for revision in range(1, 11)]
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[1::2])
    assert [record.key.name for record in await journal.read(0, 100)] == [f"staff-{number}" for number in range(0, 20, 2)]
    await journal.close()


async def test_every_commit_is_synced(journal_path: Path):
    """A kill does not show it, so the settings are looked at: a WAL, and an fsync at each commit."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    connection = journal._writer._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    await journal.close()


async def test_the_wal_is_bounded(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is written back while appends go on, and used again from its start."""
    monkeypatch.setattr(storage, "_WAL_PAGES", 50)
    journal = await SqliteJournal.open(journal_path)
    for number in range(200):
        await journal.append([entry(f"staff-{number}", state=bytes(8_192))], [])
    assert Path(f"{journal_path}-wal").stat().st_size < 100 * 4_096
    await journal.close()


async def test_a_clean_close_leaves_one_file(journal_path: Path):
    """No WAL, no shared memory, no lock; also when nothing was ever written or somebody is still reading."""
    journal = await SqliteJournal.open(journal_path)
    await journal.close()
    assert list(journal_path.parent.iterdir()) == [journal_path]
    journal = await SqliteJournal.open(journal_path)
    for start in range(0, 4_000, 1_000):
        await journal.append([entry(f"staff-{number}") for number in range(start, start + 1_000)], [])
    chunks = journal.latest()
    await anext(chunks)
    await journal.close()
    assert list(journal_path.parent.iterdir()) == [journal_path]
    with pytest.raises(JournalUnavailableError):
        [chunk async for chunk in chunks]


async def test_a_recovery_left_half_way_holds_nothing(journal_path: Path):
    """A connection whose statement is not at its end would stay open, and with it the WAL."""
    journal = await SqliteJournal.open(journal_path)
    for start in range(0, 5_000, 1_000):
        await journal.append([entry(f"staff-{number}") for number in range(start, start + 1_000)], [])
    left = reader.Reader(journal._file)
    assert len(left.next_latest()) == reader.CHUNK
    left.close()
    await journal.close()
    assert list(journal_path.parent.iterdir()) == [journal_path]


async def test_closing_interrupts_a_long_read(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A shutdown waits for appends, not for exports: a read that is under way then comes to no end of its own."""
    under_way, interrupted = threading.Event(), threading.Event()
    connect, interrupt = storage.JournalFile.connect, reader.Reader.interrupt

    def pause_once() -> None:
        if not under_way.is_set():
            under_way.set()
            interrupted.wait(30)

    def connect_slow(file: storage.JournalFile, *, read_only: bool = False) -> sqlite3.Connection:
        connection = connect(file, read_only=read_only)
        if read_only:
            connection.set_progress_handler(pause_once, 1_000)
        return connection

    def interrupt_and_tell(one: reader.Reader) -> None:
        interrupt(one)
        if one is journal._past_readers[-1]:
            interrupted.set()

    monkeypatch.setattr(storage.JournalFile, "connect", connect_slow)
    monkeypatch.setattr(reader.Reader, "interrupt", interrupt_and_tell)
    journal = await SqliteJournal.open(journal_path)
    for start in range(0, 5_000, 1_000):
        await journal.append([entry(f"staff-{number}") for number in range(start, start + 1_000)], [])
    reads = [asyncio.create_task(journal.read(0, 5_000)) for _ in range(30)]
    assert await asyncio.to_thread(under_way.wait, 30)
    await journal.close()
    outcomes = await asyncio.gather(*reads, return_exceptions=True)
    assert any(isinstance(outcome, JournalUnavailableError) for outcome in outcomes)
    assert all(isinstance(outcome, JournalUnavailableError) or len(outcome) == 5_000 for outcome in outcomes)
