"""Copies a journal into a file of its own, beside where it will be; nothing half-done keeps a journal's name."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from onduty_server.adapters.journal_report import Show
from onduty_server.adapters.sqlite.private_files import FILE_MODE
from onduty_server.adapters.sqlite.read_only import reading

_STEP_PAGES: Final = 2_048
"""Copied between two reports of progress: 8 MiB."""


class BackupError(Exception):
    """There is no backup, or no restored journal. The message says why and what to do; nothing with its name was changed."""


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """A file beside the target for what is not finished. One that was left behind by a kill is used again."""
    path = target.with_name(f".{target.name}.unfinished")
    descriptor = _open_alone(path)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another copy to {target} is under way") from None
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


def _open_alone(path: Path) -> int:
    """Open the file, or make it; not one that has another name, as it was finished but for losing this one."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)
    if os.fstat(descriptor).st_nlink <= 1:
        return descriptor
    os.close(descriptor)
    path.unlink()
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)


def copy_journal(source: Path, copy: Path, show: Show, *, note: Callable[[sqlite3.Connection], None]) -> None:
    """Copy a journal as it is at one moment; ``note`` writes into the copy what it is."""
    with reading(source) as connection, closing(sqlite3.connect(copy, isolation_level=None)) as into:
        # The transaction that is open here holds the moment: however long it takes, the copy never begins again.
        connection.execute("SELECT count(*) FROM meta").fetchone()
        connection.backup(into, pages=_STEP_PAGES, progress=lambda _status, left, total: show(total - left, total))
        # One file, complete by itself; a server that opens it turns the log on again.
        into.execute("PRAGMA journal_mode = DELETE").fetchone()
        into.execute("BEGIN")
        note(into)
        into.execute("COMMIT")


def sync(path: Path) -> None:
    """Have a file, or the names in a directory, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
