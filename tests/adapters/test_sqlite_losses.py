"""What was acknowledged and is not there any more is noticed at the next start, and after an honest kill nothing is."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from adapters.journal_entries import entry
from adapters.killed_journal import killed

from onduty_server.adapters.sqlite import JournalOpenError, SqliteJournal, schema
from onduty_server.adapters.sqlite.acknowledged import NOTE_AT, Acknowledged, left_beside
from onduty_server.adapters.sqlite.inspection import verify
from onduty_server.wire.codec import ProtobufCodec


def beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def contents(path: Path) -> dict[str, bytes]:
    """All files but the shared memory, which is of no meaning without a process."""
    return {one.name: one.read_bytes() for one in path.parent.iterdir() if not one.name.endswith("-shm")}


async def head(path: Path) -> int:
    """Open, look, and close."""
    journal = await SqliteJournal.open(path)
    try:
        return await journal.head()
    finally:
        await journal.close()


async def refused(path: Path, why: str) -> None:
    """It does not open, however often it is tried, and stays as it is, so that it can be mended."""
    before = contents(path)
    for _ in range(2):
        with pytest.raises(JournalOpenError, match=why):
            await SqliteJournal.open(path)
    after = contents(path)
    assert {name: content[NOTE_AT:] for name, content in after.items() if name.endswith(".lock")} == {
        name: content[NOTE_AT:] for name, content in before.items() if name.endswith(".lock")
    }
    assert {**before, f"{path.name}.lock": b""} == {**after, f"{path.name}.lock": b""}


async def test_a_missing_log_is_noticed(journal_path: Path):
    """After a kill, the newest changes are in the log alone. Where it comes back, all is there."""
    killed(journal_path, 5)
    beside(journal_path, "-wal").rename(beside(journal_path, "-away"))
    await refused(journal_path, "revisions up to 5 were acknowledged, but it ends at 0: its write-ahead log is missing")
    beside(journal_path, "-away").rename(beside(journal_path, "-wal"))
    assert await head(journal_path) == 5
    assert list(journal_path.parent.iterdir()) == [journal_path]


async def test_any_damage_of_the_log_is_noticed(journal_path: Path):
    """One flipped bit anywhere in what was written: SQLite ends the log there without a word. Nothing of it is thrown away."""
    killed(journal_path, 8)
    rng = random.Random(5)
    wal = beside(journal_path, "-wal")
    log = wal.read_bytes()
    for number in range(24):
        place = rng.randrange(len(log)) if number else 0
        flipped = bytearray(log)
        flipped[place] ^= 1 << rng.randrange(8)
        wal.write_bytes(flipped)
        await refused(journal_path, "revisions up to 8 were acknowledged, but it ends at [0-7]:")
    wal.write_bytes(log)
    assert await head(journal_path) == 8


async def test_an_older_copy_in_its_place_is_noticed(journal_path: Path, tmp_path: Path):
    """As from a snapshot of the disk; with its own log, or after a clean stop."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna"), entry("ben")], [])
    await journal.close()
    shutil.copy(journal_path, tmp_path / "older")
    killed(journal_path, 3)
    for suffix in ("-wal", "-shm"):
        beside(journal_path, suffix).unlink()
    shutil.copy(tmp_path / "older", journal_path)
    await refused(journal_path, "revisions up to 5 were acknowledged, but it ends at 2")


@pytest.mark.parametrize("emptied", [False, True])
async def test_a_journal_that_is_gone_is_not_begun_afresh_by_itself(journal_path: Path, emptied: bool):
    """Unless whoever took it away says so, by removing the lock file too."""
    killed(journal_path, 3)
    for suffix in ("", "-wal", "-shm"):
        beside(journal_path, suffix).unlink()
    if emptied:
        journal_path.touch()
    await refused(journal_path, "but one was in use here until its process was killed")
    beside(journal_path, ".lock").unlink()
    assert await head(journal_path) == 0


async def test_verify_says_what_is_missing(journal_path: Path):
    """Without a start; while a server has it, nothing is."""
    killed(journal_path, 3)
    assert not missing_in(journal_path)
    beside(journal_path, "-wal").unlink()
    assert missing_in(journal_path) == ["revisions up to 3 were acknowledged, but it ends at 0"]


def missing_in(path: Path) -> list[str]:
    return [one.partition(":")[0] for one in verify(path, ProtobufCodec()).problems if "acknowledged" in one]


# --- no false alarms --------------------------------------------------------------------------------------------------


async def test_a_log_that_somebody_else_wrote_back_is_not_missed(journal_path: Path):
    """Whoever looks into it with ``sqlite3`` after a kill has the log written into the file, and removed."""
    killed(journal_path, 3)
    look = sqlite3.connect(journal_path)
    assert look.execute("SELECT count(*) FROM journal").fetchone() == (3,)
    look.close()
    assert not beside(journal_path, "-wal").exists()
    assert await head(journal_path) == 3


async def test_a_note_that_is_behind_is_no_alarm(journal_path: Path):
    """After a power cut it may be some seconds old."""
    killed(journal_path, 3)
    note(journal_path, left_beside(journal_path)._replace(revision=1).packed())
    assert await head(journal_path) == 3


WRONG_SUM = b"acknowledged 0123456789abcdef 0123456789ab %020d 00000000\n" % 9


@pytest.mark.parametrize("torn", [b"", bytes(60), b"acknowledged 0123", WRONG_SUM])
async def test_a_torn_note_is_no_alarm(journal_path: Path, torn: bytes):
    """Only a whole one counts."""
    killed(journal_path, 3)
    beside(journal_path, "-wal").unlink()
    note(journal_path, torn)
    assert await head(journal_path) == 0


def note(path: Path, content: bytes) -> None:
    lock = beside(path, ".lock")
    lock.write_bytes(lock.read_bytes()[:NOTE_AT] + content)


async def test_another_journal_is_not_measured_by_the_note(journal_path: Path):
    """Whoever moved the killed one away, and put another there, meant that."""
    killed(journal_path, 3)
    other = journal_path.with_name("other.db")
    journal = await SqliteJournal.open(other)
    await journal.append([entry("anna")], [])
    await journal.close()
    beside(journal_path, "-wal").unlink()
    other.replace(journal_path)
    assert await head(journal_path) == 1


async def test_a_backup_put_in_place_by_hand_is_not_measured_by_the_note(journal_path: Path, tmp_path: Path):
    """It begins an epoch of its own."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna")], [])
    await journal.close()
    shutil.copy(journal_path, tmp_path / "backup.db")
    with sqlite3.connect(tmp_path / "backup.db") as backup:
        schema.mark_copy(backup)
    backup.close()
    killed(journal_path, 3)
    for suffix in ("-wal", "-shm"):
        beside(journal_path, suffix).unlink()
    shutil.copy(tmp_path / "backup.db", journal_path)
    assert await head(journal_path) == 1


async def test_a_restore_that_was_killed_at_its_end_is_not_measured_by_the_note(journal_path: Path):
    """What it put there has an epoch of its own, whether or not the lock file of the journal before was removed."""
    killed(journal_path, 3)
    lock = beside(journal_path, ".lock").read_bytes()
    restored = journal_path.with_name("restored.db")
    journal = await SqliteJournal.open(restored)
    await journal.append([entry("anna")], [])
    await journal.close()
    with sqlite3.connect(restored) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'store_id'", (left_beside(journal_path).store_id,))
    connection.close()
    beside(journal_path, "-wal").unlink()
    restored.replace(journal_path)
    beside(journal_path, ".lock").write_bytes(lock)
    assert await head(journal_path) == 1


async def test_a_clean_close_leaves_no_note(journal_path: Path):
    """Whatever is done to the file afterwards is its owner's business; and a killed one leaves what it had acknowledged."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("anna"), entry("ben")], [])
    assert left_beside(journal_path) == Acknowledged(journal.store_id, journal.epoch, 2)
    await journal.close()
    assert left_beside(journal_path) is None
    killed(journal_path)
    assert left_beside(journal_path).revision == 3
