"""The SQLite journal's file: what is refused, who may have it open, what happens when it is taken away."""

# ruff: noqa: ASYNC221 - a test may wait for its files and programs: nothing else runs meanwhile.

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from adapters.journal_entries import entry, latest, revisions
from adapters.killed_journal import holding

from onduty_server.adapters.sqlite import JournalOpenError, SqliteJournal, schema
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import JournalLockedError


def _contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


async def _made(path: Path, count: int = 3) -> bytes:
    """A journal with some records, closed."""
    journal = await SqliteJournal.open(path)
    await journal.append([entry(f"staff-{number}") for number in range(count)], [])
    await journal.close()
    return path.read_bytes()


async def _refused(path: Path, why: str) -> None:
    """Opening fails with this reason and changes nothing in the directory."""
    before = _contents(path.parent) if path.parent.is_dir() else {}
    with pytest.raises(JournalOpenError, match=why) as refused:
        await SqliteJournal.open(path)
    assert str(path) in str(refused.value)
    assert before == (_contents(path.parent) if path.parent.is_dir() else {})


async def test_an_empty_file_becomes_a_journal(journal_path: Path):
    """Somebody may have made it to set its owner and permissions."""
    journal_path.touch(mode=0o600)
    await _made(journal_path)
    assert journal_path.stat().st_mode & 0o777 == 0o600


async def test_any_path_will_do(tmp_path: Path):
    """What would mean something in a URI means nothing in a path."""
    path = tmp_path / "a b?mode=memory&x#1%41é.db"
    await _made(path)
    assert list(tmp_path.iterdir()) == [path]
    journal = await SqliteJournal.open(path)
    assert await journal.head() == 3
    await journal.close()


async def test_a_new_file_names_the_program_from_its_first_bytes(journal_path: Path):
    """Application id and version are in the file's own header, not only in the WAL."""
    journal = await SqliteJournal.open(journal_path)
    header = journal_path.read_bytes()[:100]
    assert header[68:72] == b"OnDu"
    assert int.from_bytes(header[60:64]) == schema.VERSION
    await journal.close()


async def test_a_directory_is_refused(tmp_path: Path):
    """With a hint to name a file."""
    await _refused(tmp_path, "is a directory: name a file")


async def test_a_missing_directory_is_refused(tmp_path: Path):
    """It is not made: a missing mount must not become a new, empty journal."""
    await _refused(tmp_path / "missing" / "journal.db", "does not exist: create it")


async def test_a_special_file_is_refused(journal_path: Path):
    """Without waiting on it."""
    os.mkfifo(journal_path)
    await _refused(journal_path, "not a regular file")


@pytest.mark.parametrize("content", [b"hello", b"staff,status\n" * 1_000, b"SQLite format 3\x00" + bytes(10)])
async def test_another_file_is_refused(journal_path: Path, content: bytes):
    """Text, or the beginning of something."""
    journal_path.write_bytes(content)
    await _refused(journal_path, "not a journal")


async def test_a_power_cut_within_the_first_start_is_mended(tmp_path: Path, journal_path: Path):
    """What SQLite had written of the new file by then is undone by its rollback journal; nothing was acknowledged yet."""
    being_made = sqlite3.connect(tmp_path / "being-made.db", isolation_level=None)
    for statement in ("PRAGMA synchronous = FULL", "PRAGMA cache_size = 1", "BEGIN IMMEDIATE"):
        being_made.execute(statement)
    schema.MIGRATIONS[0](being_made)
    for suffix in ("", "-journal"):
        shutil.copy(tmp_path / f"being-made.db{suffix}", f"{journal_path}{suffix}")
    being_made.close()
    assert journal_path.stat().st_size > 4_096
    assert journal_path.read_bytes()[:16] == bytes(16), "it does not even look like a database"
    journal = await SqliteJournal.open(journal_path)
    assert journal.is_new
    assert await journal.append([entry("anna")], []) == [1]
    await journal.close()
    assert not journal_path.with_name("journal.db-journal").exists()


async def test_another_programs_database_is_refused(journal_path: Path):
    """Also with a WAL of its own, which stays as it is."""
    other = sqlite3.connect(journal_path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    for suffix in ("", "-wal"):
        shutil.copy(f"{journal_path}{suffix}", f"{journal_path.parent / 'copy.db'}{suffix}")
    other.close()
    await _refused(journal_path.parent / "copy.db", "another program")


async def test_a_newer_version_is_refused(journal_path: Path):
    """A later release may have written what this one cannot read."""
    await _made(journal_path)
    with sqlite3.connect(journal_path) as other:
        other.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    other.close()
    await _refused(journal_path, f"newer release .*version is {schema.VERSION + 1}, this release knows {schema.VERSION}")


async def test_an_older_version_is_brought_up_to_date(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each step once, all or nothing; what was in the file stays."""
    await _made(journal_path)
    steps = [lambda connection: connection.execute("CREATE TABLE added (x)"), lambda connection: 1 / 0]
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, *steps))
    now = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", now + 2)
    with pytest.raises(ZeroDivisionError):
        await SqliteJournal.open(journal_path)
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:2])
    monkeypatch.setattr(schema, "VERSION", now + 1)
    for _ in range(2):
        journal = await SqliteJournal.open(journal_path)
        assert await journal.head() == 3
        await journal.close()
    assert int.from_bytes(journal_path.read_bytes()[60:64]) == now + 1


async def test_a_form_from_before_the_first_release_is_refused(journal_path: Path):
    """In words that say what to do, before anything of the file is read or changed."""
    await _made(journal_path)
    with sqlite3.connect(journal_path) as other:
        other.execute(f"PRAGMA user_version = {schema.FORMS_NOT_READ}")
    other.close()
    before = journal_path.read_bytes()
    await _refused(journal_path, "from before the first release.*name another file")
    assert journal_path.read_bytes() == before


async def test_a_damaged_file_is_unavailable(journal_path: Path):
    """Never an error of SQLite's own, and never a wrong answer."""
    whole = await _made(journal_path, 1_000)
    journal_path.write_bytes(whole[:4_096] + bytes(len(whole) - 4_096))
    with pytest.raises(JournalOpenError, match="cannot be opened"):
        await SqliteJournal.open(journal_path)
    middle = len(whole) // 2 // 4_096 * 4_096
    journal_path.write_bytes(whole[:middle] + b"\xff" * 16_384 + whole[middle + 16_384 :])
    journal = await SqliteJournal.open(journal_path)
    with pytest.raises(JournalUnavailableError):
        await latest(journal)
    with pytest.raises(JournalUnavailableError):
        await journal.read(0, 1_000)
    await journal.close()


@pytest.fixture
def nobodys_directory() -> Iterator[Path]:
    """A directory that all may reach, unlike pytest's own."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.mark.parametrize(
    ("directory_mode", "file_mode", "why"),
    [
        (0o777, 0o444, "cannot be read and written"),
        (0o777, 0o222, "cannot be read and written"),
        (0o755, 0o666, "SQLite keeps"),
    ],
)
async def test_missing_permissions_are_named(nobodys_directory: Path, directory_mode: int, file_mode: int, why: str):
    """The file's and the directory's."""
    path = nobodys_directory / "journal.db"
    await _made(path)
    path.chmod(file_mode)
    nobodys_directory.chmod(directory_mode)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65_534)  # permissions do not hold for root.
    try:
        with pytest.raises(JournalOpenError, match=why):
            await SqliteJournal.open(path)
    finally:
        if root:
            os.seteuid(0)
    assert list(nobodys_directory.iterdir()) == [path]


async def test_a_file_is_opened_once_in_a_process(journal_path: Path):
    """Also by another name of the same file; and again after closing."""
    journal = await SqliteJournal.open(journal_path)
    link = journal_path.with_name("link.db")
    link.symlink_to(journal_path)
    for path in (journal_path, link):
        with pytest.raises(JournalLockedError, match=f"{journal_path} is in use by process {os.getpid()}"):
            await SqliteJournal.open(path)
    await journal.append([entry("anna")], [])
    await journal.close()
    journal = await SqliteJournal.open(link)
    assert await journal.head() == 1
    await journal.close()


async def test_a_file_is_opened_by_one_process(journal_path: Path):
    """The other is named; when it is killed, the file is free at once."""
    with holding(journal_path) as holder, pytest.raises(JournalLockedError, match=f"in use by process {holder.pid}"):
        await SqliteJournal.open(journal_path)
    journal = await SqliteJournal.open(journal_path)
    assert await journal.head() == 1
    await journal.close()
    assert list(journal_path.parent.iterdir()) == [journal_path]


async def test_others_may_read_the_file(journal_path: Path):
    """A backup or a look with ``sqlite3`` disturbs nothing, however it ends."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    look = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM journal').fetchone()[0])"
    assert subprocess.run([sys.executable, "-c", look, journal_path], capture_output=True, check=True).stdout == b"1\n"
    copy = sqlite3.connect(journal_path.with_name("backup.db"))
    with sqlite3.connect(journal_path) as source:
        source.backup(copy)
    source.close()
    copy.close()
    assert await journal.append([entry("ben")], []) == [2]
    await journal.close()
    backup = await SqliteJournal.open(journal_path.with_name("backup.db"))
    assert await backup.head() == 1
    await backup.close()


@pytest.mark.parametrize("suffix", ["", "-wal"])
async def test_nothing_is_acknowledged_once_the_file_is_gone(journal_path: Path, suffix: str):
    """Neither appends nor reads answer, and it stays so, even if the file comes back, until it is opened anew."""
    taken, away = Path(f"{journal_path}{suffix}"), journal_path.with_name("away")
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    taken.rename(away)
    with pytest.raises(JournalUnavailableError, match=f"{taken} was removed or replaced"):
        await journal.append([entry("ben")], [])
    assert not taken.exists()
    away.rename(taken)
    for call in (journal.append([entry("ben")], []), journal.head(), journal.record(1), latest(journal)):
        with pytest.raises(JournalUnavailableError, match="removed or replaced"):
            await call
    await journal.close()
    journal = await SqliteJournal.open(journal_path)
    assert (await journal.read(0, 1))[0].key.name == "anna"
    await journal.close()


async def test_closing_saves_what_is_in_a_removed_wal(journal_path: Path):
    """As long as the process lives, what it acknowledged is not lost with the WAL's name."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    Path(f"{journal_path}-wal").unlink()
    with pytest.raises(JournalUnavailableError):
        await journal.append([entry("ben")], [])
    await journal.close()
    journal = await SqliteJournal.open(journal_path)
    assert (await journal.record(1)).key.name == "anna"
    await journal.close()
    assert list(journal_path.parent.iterdir()) == [journal_path]


async def test_another_journal_in_its_place_is_left_alone(journal_path: Path):
    """Reads notice it too; and closing the lost journal takes nothing from the new one, whose newest records are in its WAL."""
    other_path = journal_path.with_name("other.db")
    other = await SqliteJournal.open(other_path)
    await other.append([entry("cleo"), entry("dora")], [])
    restored = {suffix: Path(f"{other_path}{suffix}").read_bytes() for suffix in ("", "-wal")}
    await other.close()
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    for suffix, content in restored.items():
        incoming = journal_path.with_name("incoming")
        incoming.write_bytes(content)
        incoming.rename(f"{journal_path}{suffix}")
    with pytest.raises(JournalUnavailableError):
        await journal.head()
    await journal.close()
    assert Path(f"{journal_path}-wal").read_bytes() == restored["-wal"]
    Path(f"{journal_path}-shm").unlink()
    journal = await SqliteJournal.open(journal_path)
    assert revisions(await latest(journal)) == [1, 2]
    await journal.close()
