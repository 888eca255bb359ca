"""Copies a journal while it is in use, and removes one that nobody has in use; nothing half-done keeps a journal's name."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from onduty_server.adapters.sqlite.inspection import JournalReport, Show, inspect, reading, verify
from onduty_server.adapters.sqlite.lock import FileLock
from onduty_server.adapters.sqlite.private_files import BESIDE, FILE_MODE
from onduty_server.adapters.sqlite.storage import JournalOpenError, check_header, described
from onduty_server.ports import Codec

_STEP_PAGES: Final = 2_048
"""Copied between two reports of progress: 8 MiB."""


class BackupError(Exception):
    """There is no backup. The message says why and what to do; nothing with the backup's name was changed."""


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
        with _unfinished(target) as copy:
            _copy(source, copy, copying)
            report = verify(copy, codec, verifying)
            if report.problems:
                told = "; ".join(report.problems[:3])
                raise BackupError(
                    f"the copy of {source} is not right, so it was thrown away: {told}. Verify the journal itself."
                )
            _check_target(source, target, force=force)
            _sync(copy)
            if force:
                copy.replace(target)
            else:
                os.link(copy, target)  # fails where meanwhile somebody else made one.
            _sync(target.parent)
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
def _unfinished(target: Path) -> Iterator[Path]:
    """A file beside the target for what is not finished. One that a killed backup left behind is used again."""
    path = target.with_name(f".{target.name}.unfinished")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another backup to {target} is under way") from None
        os.fchmod(descriptor, FILE_MODE)
        os.ftruncate(descriptor, 0)
        try:
            yield path
        finally:
            for suffix in ("", "-journal", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    path.with_name(path.name + suffix).unlink()
    finally:
        os.close(descriptor)


def _copy(source: Path, copy: Path, show: Show) -> None:
    with reading(source) as connection, closing(sqlite3.connect(copy, isolation_level=None)) as into:
        # The transaction that is open here holds the moment: however long it takes, the copy never begins again.
        connection.execute("SELECT count(*) FROM meta").fetchone()
        connection.backup(into, pages=_STEP_PAGES, progress=lambda _status, left, total: show(total - left, total))
        # One file, complete by itself; a server that opens it turns the log on again.
        into.execute("PRAGMA journal_mode = DELETE").fetchone()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
