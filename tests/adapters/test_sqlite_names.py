"""A journal's file has one name and one owner, whichever way somebody comes to it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from adapters.journal_entries import entry
from adapters.killed_journal import holding

from onduty_server.adapters.sqlite import JournalOpenError, SqliteJournal
from onduty_server.adapters.sqlite.file_checks import is_mount_point
from onduty_server.ports import JournalLockedError


async def made(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    await journal.append([entry("anna")], [])
    await journal.close()


async def test_a_file_with_two_names_is_refused(journal_path: Path):
    """By either name, whether the other one is in use or not; it opens again when the other name is gone."""
    await made(journal_path)
    other = journal_path.with_name("other.db")
    with holding(journal_path):
        other.hardlink_to(journal_path)
        with pytest.raises(JournalOpenError, match=f"{other} has 2 names .*find -samefile"):
            await SqliteJournal.open(other)
    with pytest.raises(JournalOpenError, match="2 names"):
        await SqliteJournal.open(journal_path)
    other.unlink()
    journal = await SqliteJournal.open(journal_path)
    assert await journal.head() == 2
    await journal.close()


async def test_the_file_itself_is_locked_too(journal_path: Path):
    """So that it does not matter whether somebody removes the lock file, or has the file by a name that cannot be seen."""
    await made(journal_path)
    with holding(journal_path):
        journal_path.with_name("journal.db.lock").unlink()
        for _ in range(2):
            with pytest.raises(JournalLockedError, match="is in use by another process"):
                await SqliteJournal.open(journal_path)
    journal = await SqliteJournal.open(journal_path)
    assert await journal.head() == 2
    await journal.close()


async def test_a_new_file_is_locked_as_well(journal_path: Path):
    """From before it is one."""
    with holding(journal_path):
        journal_path.with_name("journal.db.lock").unlink()
        with pytest.raises(JournalLockedError):
            await SqliteJournal.open(journal_path)


@pytest.fixture
def mounted(journal_path: Path, tmp_path: Path) -> Iterator[Path]:
    """The journal's file, mounted at a place with a blank in its name."""
    place = tmp_path / "the container" / "journal.db"
    place.parent.mkdir()
    place.touch()
    journal_path.touch()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if (
        mount is None
        or unmount is None
        or subprocess.run([mount, "--bind", journal_path, place], capture_output=True, check=False).returncode
    ):
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run([unmount, place], check=True)


async def test_a_file_that_is_mounted_by_itself_is_refused(journal_path: Path, mounted: Path):
    """Its log would stay outside; the directory is what to mount. The file behind it is a journal like any other."""
    with pytest.raises(JournalOpenError, match="mount the directory"):
        await SqliteJournal.open(mounted)
    assert list(mounted.parent.iterdir()) == [mounted]
    await made(journal_path)


def test_a_directory_that_is_mounted_is_none_of_a_files_business():
    """Only the very path counts."""
    assert is_mount_point(Path("/proc"))
    assert not is_mount_point(Path("/proc/self"))
    assert not is_mount_point(Path("/nowhere"))
