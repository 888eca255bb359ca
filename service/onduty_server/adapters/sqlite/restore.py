"""Puts a backup in the place of a journal that nobody has in use, and begins a new epoch in it."""

import os
import sqlite3
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from onduty_server.adapters.journal_report import JournalReport, Show
from onduty_server.adapters.sqlite import schema
from onduty_server.adapters.sqlite.copies import BackupError, copy_journal, sync, unfinished
from onduty_server.adapters.sqlite.file_checks import described
from onduty_server.adapters.sqlite.inspection import verify
from onduty_server.adapters.sqlite.lock import FileLock
from onduty_server.adapters.sqlite.private_files import make_directories
from onduty_server.ports import Codec, JournalOpenError


class Restored(NamedTuple):
    """What the journal holds now, and where the one that was there before is; None: there was none."""

    report: JournalReport
    replaced: Path | None


def restore(
    backup: Path,
    journal: Path,
    codec: Codec,
    *,
    force: bool = False,
    make_directory: bool = False,
    copying: Show,
    verifying: Show,
) -> Restored:
    """Copy a backup to the journal's place, verify the copy, and begin a new epoch in it.

    The backup stays as it is. A journal that is there is kept, under another name, with its write-ahead log. The restored one
    takes its name when all of it is right and synced; only its owner may read it.

    Raises:
        JournalOpenError: The backup is not there, is no journal, or cannot be read.
        JournalLockedError: A server has the journal.
        BackupError: There is a journal already (without ``force``), the backup is damaged, or the place cannot be written.
    """
    backup, journal = backup.resolve(), journal.resolve()
    if not backup.is_file():
        raise JournalOpenError(f"there is no backup at {backup}")
    try:
        if make_directory:
            make_directories(journal.parent)
        _check_place(backup, journal, force=force)
        lock = FileLock.acquire(journal)
        try:
            return _restore(backup, journal, codec, copying=copying, verifying=verifying)
        finally:
            lock.release()
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"the journal {journal} cannot be restored: {described(error)}") from error


def _check_place(backup: Path, journal: Path, *, force: bool) -> None:
    if journal.is_dir():
        raise BackupError(f"{journal} is a directory: name a file in it")
    if not journal.parent.is_dir():
        raise BackupError(f"{journal} cannot be made, as its directory does not exist: create it first")
    if journal == backup:
        raise BackupError(f"{backup} is the journal itself: name another file")
    if journal.exists() and not journal.is_file():
        raise BackupError(f"{journal} is not a regular file: name another")
    if journal.exists() and not force:
        raise BackupError(f"{journal} is there already: say --force to replace it; it is kept under another name then")


def _restore(backup: Path, journal: Path, codec: Codec, *, copying: Show, verifying: Show) -> Restored:
    with unfinished(journal) as copy:
        copy_journal(backup, copy, copying, note=schema.begin_epoch)
        report = verify(copy, codec, verifying)
        if report.problems:
            problems = "; ".join(report.problems[:3])
            raise BackupError(f"{backup} is damaged, so nothing was restored: {problems}. Take another backup.")
        sync(copy)
        _give_to_its_owner(copy, journal)
        replaced = _keep(journal) if journal.exists() else None
        for suffix in ("-wal", "-shm"):  # a log that is left beside another file destroys it.
            with suppress(FileNotFoundError):
                journal.with_name(journal.name + suffix).unlink()
        sync(journal.parent)
        copy.replace(journal)
        sync(journal.parent)
    report.path = journal
    return Restored(report, replaced)


def _keep(journal: Path) -> Path:
    """Give a journal another name, with its log, beside its own."""
    for number in count(1):
        kept = journal.with_name(f"{journal.name}.replaced-{number}")
        with suppress(FileExistsError):
            os.link(journal, kept)
            break
    with suppress(FileNotFoundError):
        os.link(f"{journal}-wal", f"{kept}-wal")
    return kept


def _give_to_its_owner(copy: Path, journal: Path) -> None:
    """What root restores is for the user that has the journal, or else its directory."""
    if os.geteuid() == 0:
        owner = (journal if journal.exists() else journal.parent).stat()
        os.chown(copy, owner.st_uid, owner.st_gid)
