"""Backs up a journal while it is in use, and removes one that nobody has in use."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from onduty_server.adapters.journal_report import JournalReport, Show
from onduty_server.adapters.sqlite import schema
from onduty_server.adapters.sqlite.copies import BackupError, copy_journal, sync, unfinished
from onduty_server.adapters.sqlite.file_checks import check_header, described
from onduty_server.adapters.sqlite.inspection import inspect, verify
from onduty_server.adapters.sqlite.lock import FileLock
from onduty_server.adapters.sqlite.private_files import BESIDE
from onduty_server.ports import Codec, JournalOpenError


def back_up(source: Path, target: Path, codec: Codec, *, force: bool = False, copying: Show, verifying: Show) -> JournalReport:
    """Copy the journal, as it is at one moment, to a file of its own, and verify the copy.

    The source may be in use by a server, which is not held up, or by nobody. The copy is complete without other files, is
    synced to the disk, only its owner may read it, and it takes its name when all of it is right.

    Raises:
        JournalOpenError: The source is not there, is no journal, or cannot be read.
        BackupError: The target is there already (without ``force``), is in use, or cannot be written; or the copy is damaged.
    """
    source, target = source.resolve(), target.absolute()
    if not source.is_file():
        raise JournalOpenError(f"there is no journal at {source}")
    _check_target(source, target, force=force)
    try:
        with unfinished(target) as copy:
            copy_journal(source, copy, copying, note=schema.mark_copy)
            report = verify(copy, codec, verifying)
            if report.problems:
                told = "; ".join(report.problems[:3])
                raise BackupError(
                    f"the copy of {source} is not right, so it was thrown away: {told}. Verify the journal itself."
                )
            _check_target(source, target, force=force)
            sync(copy)
            if force:
                copy.replace(target)
            else:
                os.link(copy, target)  # fails where meanwhile somebody else made one.
            sync(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"the backup {target} cannot be written: {described(error)}") from error
    report.path = target
    return report


def _check_target(source: Path, target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise BackupError(f"{target} is a directory: name a file in it")
    if not target.parent.is_dir():
        raise BackupError(f"{target} cannot be made, as its directory does not exist: create it first")
    if target.resolve() == source:
        raise BackupError(f"{target} is the journal itself: name another file")
    for suffix in BESIDE[1:]:
        beside = target.with_name(target.name + suffix)
        if beside.exists():
            raise BackupError(
                f"{beside} is there: {target} is a journal in use, or one whose server was killed; name another file"
            )
    if target.exists() and not force:
        raise BackupError(f"{target} is there already: name another file, or say --force to replace it")
    if target.exists() and not target.is_file():
        raise BackupError(f"{target} is not a regular file: name another")


@contextmanager
def nobody_has(path: Path) -> Iterator[None]:
    """Keeps servers from the journal for the length of the block.

    Raises:
        JournalOpenError: There is no journal at the path.
        JournalLockedError: A server has it.
    """
    if not path.is_file():
        raise JournalOpenError(f"there is no journal at {path}")
    try:
        check_header(path, of_any_version=True)
        lock = FileLock.acquire(path)
    except OSError as error:
        raise JournalOpenError(f"the journal {path} cannot be opened: {described(error)}") from error
    try:
        yield
    finally:
        lock.release()


def remove(path: Path) -> None:
    """Delete the journal's files. Only inside ``nobody_has``.

    Raises:
        JournalOpenError: One cannot be deleted.
    """
    try:
        for suffix in BESIDE[:3]:
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).unlink()
    except OSError as error:
        raise JournalOpenError(f"the journal {path} cannot be deleted: {described(error)}") from error


__all__ = ["BackupError", "back_up", "inspect", "nobody_has", "remove", "verify"]
