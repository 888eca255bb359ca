"""The journal's file: checked, locked, opened, and watched for being replaced or cut; knows no records."""

import ctypes
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Self

from onduty_server.adapters.sqlite import schema
from onduty_server.adapters.sqlite.acknowledged import Acknowledged, check_all_there
from onduty_server.adapters.sqlite.file_checks import UNREAD_FORM, check_header, check_place, described
from onduty_server.adapters.sqlite.lock import FileLock
from onduty_server.adapters.sqlite.private_files import make_file
from onduty_server.adapters.sqlite.queries import HEAD
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import JournalOpenError

BUSY_MILLISECONDS: Final = 5_000
"""How long to wait for another program that has the file open, such as ``sqlite3``."""

_WAL_PAGES: Final = 4_000
"""Past this length (16 MB) an append writes the WAL back, without waiting for readers: its share of an append is small."""


_WAL_BYTES_KEPT: Final = 32_000_000
"""What a reader that stayed too long has let the WAL grow to, above this, is given back once it starts over."""


class FileIdentity(NamedTuple):
    """Which file a path leads to."""

    device: int
    inode: int


def _identity(path: str) -> FileIdentity | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - on the path of every append; a Path costs more than the call.
    except FileNotFoundError:
        return None
    return FileIdentity(found.st_dev, found.st_ino)


class JournalFile:
    """An open journal file, locked for this process.

    ``store_id`` and ``epoch`` are the store's; ``is_new`` says that opening made it; ``path`` is absolute, with links followed.
    """

    store_id: str
    epoch: int

    def __init__(self, path: Path, lock: FileLock) -> None:
        """Use ``open``."""
        self.path = path
        make_file(path)
        lock.hold(path)
        self._path = str(path)
        self._uri = path.as_uri()
        self._wal = f"{path}-wal"
        self._lock = lock
        self._lost = ""
        # Open until the end, so that no other connection is ever the last one, which would remove the WAL.
        self._anchor = _connect(f"{self._uri}?mode=rwc")
        try:
            self.is_new = _set_up(self._anchor)
            self.store_id, self.epoch, head = _identified(self._anchor, path)
            self._opened = (_identity(self._path), _identity(self._wal))
        except BaseException:
            self._anchor.close()
            raise
        self.acknowledge(head)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal at ``path``, or make one if there is no file or an empty one.

        Raises:
            JournalOpenError: It is not a journal, not accessible, or not all that was acknowledged. It was not changed.
            JournalLockedError: Another process has it open, or this one has.
        """
        try:
            path = path.resolve()
            check_place(path)
            lock = FileLock.acquire(path)
            try:
                check_header(path)
                check_all_there(path, lock.left)
                return cls(path, lock)
            except BaseException:
                lock.release(keep_acknowledged=True)
                raise
        except (sqlite3.Error, OSError) as error:
            raise JournalOpenError(f"the journal {path} cannot be opened: {described(error)}") from error

    def acknowledge(self, revision: int) -> None:
        """Note beside the file that all up to this revision is durable in it, so that a loss is noticed at the next start."""
        self._lock.note(Acknowledged(self.store_id, self.epoch, revision))

    @contextmanager
    def errors(self, doing: str) -> Iterator[None]:
        """Turn errors of SQLite and of the system into ``JournalUnavailableError``."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise JournalUnavailableError(f"cannot {doing} {self._path}: {described(error)}") from error

    def connect(self, *, read_only: bool = False) -> sqlite3.Connection:
        """A further connection to the same file. It belongs to one thread at a time.

        Raises:
            JournalUnavailableError: It cannot be opened, or is no longer the same file.
        """
        with self.errors("connect to"):
            self.check()
            connection = _connect(f"{self._uri}?mode=rw")
            try:
                connection.execute("SELECT 1 FROM meta").fetchone()
                if read_only:
                    connection.execute("PRAGMA query_only = ON")
                    connection.execute("PRAGMA cache_size = -4096")
                self.check()
            except BaseException:
                connection.close()
                raise
            return connection

    def check(self) -> None:
        """Make sure that the path still leads to the files that are open.

        Raises:
            JournalUnavailableError: It does not. It stays so until the journal is opened anew.
        """
        if self._lost:
            raise JournalUnavailableError(self._lost)
        with self.errors("find"):
            found = (_identity(self._path), _identity(self._wal))
        if found != self._opened:
            path = self._path if found[0] != self._opened[0] else self._wal
            self._lost = f"{path} was removed or replaced while it was in use: put the right file there and restart"
            raise JournalUnavailableError(self._lost)

    def close(self) -> None:
        """Let it go: the last connection writes the WAL back, also one that was removed meanwhile, and removes it."""
        file, wal = self._opened
        if _identity(self._path) == file and _identity(self._wal) in {wal, None}:
            self._anchor.close()
        else:
            # The WAL at the path is another journal's, and closing would remove it. So this one stays open, for good.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._anchor))
        self._lock.release(keep_acknowledged=_identity(self._wal) is not None)


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False, cached_statements=64
    )
    try:
        for pragma in (
            "synchronous = FULL",
            "fullfsync = ON",  # where fsync alone does not reach the disk (macOS).
            "checkpoint_fullfsync = ON",
            f"wal_autocheckpoint = {_WAL_PAGES}",
            f"journal_size_limit = {_WAL_BYTES_KEPT}",
            "mmap_size = 0",  # a mapped page that cannot be read is a signal, not an error.
            "cache_size = -16384",
            "temp_store = MEMORY",
            "secure_delete = ON",  # what is forgotten is not left in the file.
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _identified(connection: sqlite3.Connection, path: Path) -> tuple[str, int, int]:
    """The store's id, its epoch, and its last revision."""
    meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    if "epoch" not in meta:
        raise JournalOpenError(f"{path} {UNREAD_FORM}")
    (head,) = connection.execute(HEAD).fetchone()
    return meta["store_id"], meta["epoch"], head


def _set_up(connection: sqlite3.Connection) -> bool:
    """Tables first, then WAL: so the file's header names the program from its first commit on. Returns whether it was empty."""
    was_empty = schema.bring_up_to_date(connection)
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise JournalOpenError(f"the file system cannot keep a write-ahead log (journal mode is {mode}): use a local disk")
    return was_empty
