"""The journal's file: checked, locked, opened, and watched for being replaced; knows no records."""

import ctypes
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Self

from onduty_server.adapters.sqlite import schema
from onduty_server.adapters.sqlite.lock import FileLock
from onduty_server.adapters.sqlite.private_files import make_file
from onduty_server.domain.model.errors import JournalUnavailableError

_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\x00"

BUSY_MILLISECONDS: Final = 5_000
"""How long to wait for another program that has the file open, such as ``sqlite3``."""

_WAL_PAGES: Final = 4_000
"""Past this length (16 MB) an append writes the WAL back, without waiting for readers: its share of an append is small."""


_UNREAD_FORM: Final = (
    "was written by a build from before the first release, in a form that is no longer read: "
    "name another file, move this one away, or delete it with `onduty journal delete`"
)


class JournalOpenError(Exception):
    """The file cannot be a journal, or cannot be opened. The message says why and what to do."""


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
        self.is_new = make_file(path) or not path.stat().st_size
        self._path = str(path)
        self._uri = path.as_uri()
        self._wal = f"{path}-wal"
        self._lock = lock
        self._lost = ""
        # Open until the end, so that no other connection is ever the last one, which would remove the WAL.
        self._anchor = _connect(f"{self._uri}?mode=rwc")
        try:
            _set_up(self._anchor)
            meta = dict(self._anchor.execute("SELECT name, value FROM meta").fetchall())
            if "epoch" not in meta:
                raise JournalOpenError(f"{path} {_UNREAD_FORM}")  # noqa: TRY301 - what closes the anchor is here.
            self.store_id, self.epoch = meta["store_id"], meta["epoch"]
            self._opened = (_identity(self._path), _identity(self._wal))
        except BaseException:
            self._anchor.close()
            raise

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal at ``path``, or make one if there is no file or an empty one.

        Raises:
            JournalOpenError: It is not a journal, or not accessible. It was not changed.
            JournalLockedError: Another process has it open, or this one has.
        """
        try:
            path = path.resolve()
            _check_place(path)
            lock = FileLock.acquire(path)
            try:
                check_header(path)
                return cls(path, lock)
            except BaseException:
                lock.release()
                raise
        except (sqlite3.Error, OSError) as error:
            raise JournalOpenError(f"the journal {path} cannot be opened: {described(error)}") from error

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
        self._lock.release()


def described(error: Exception) -> str:
    """An error with SQLite's name for it, which says more than the sentence."""
    name = getattr(error, "sqlite_errorname", None)
    return f"{error} ({name})" if name else str(error)


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise JournalOpenError(f"{path} is a directory: name a file in it")
    if not path.parent.is_dir():
        raise JournalOpenError(f"{path} cannot be made, as its directory does not exist: create it first")
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise JournalOpenError(f"{path} is not a regular file")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
        raise JournalOpenError(f"{path} cannot be read and written by this user: change its owner or permissions")
    if not os.access(path.parent, os.W_OK | os.X_OK, effective_ids=True):
        raise JournalOpenError(
            f"{path} is in a directory that this user cannot write, but SQLite keeps files beside it: "
            "change the directory's owner or permissions"
        )


def check_header(path: Path, *, of_any_version: bool = False) -> None:
    """Refuse what is not ours by its first bytes, as opening it with SQLite could already change it.

    ``of_any_version``: it is not to be read.

    Raises:
        JournalOpenError: It is not a journal that this release reads. No file, or an empty one, passes.
        OSError: It cannot be read.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header:
        return
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise JournalOpenError(f"{path} is not a journal, nor any SQLite database: name another file")
    if int.from_bytes(header[68:72]) != schema.APPLICATION_ID:
        raise JournalOpenError(f"{path} is a SQLite database of another program: name another file")
    if not of_any_version:
        _check_version(path, int.from_bytes(header[60:64]))


def _check_version(path: Path, version: int) -> None:
    if 0 < version <= schema.FORMS_NOT_READ:
        raise JournalOpenError(f"{path} {_UNREAD_FORM}")
    if version > schema.VERSION:
        raise JournalOpenError(
            f"{path} was written by a newer release (its version is {version}, this release knows {schema.VERSION}): "
            "use that release or a later one"
        )


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


def _set_up(connection: sqlite3.Connection) -> None:
    """Tables first, then WAL: so the file's header names the program from its first commit on."""
    schema.bring_up_to_date(connection)
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise JournalOpenError(f"the file system cannot keep a write-ahead log (journal mode is {mode}): use a local disk")
