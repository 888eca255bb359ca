"""Whether a path can be a journal's, found out before SQLite opens it; changes nothing."""

import os
import re
import stat
from pathlib import Path
from typing import Final

from onduty_server.adapters.sqlite import schema
from onduty_server.ports import JournalOpenError

_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\x00"

_ROLLBACK_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_ROLLBACK_HEADER_BYTES: Final = 20

_MOUNTS: Final = Path("/proc/self/mountinfo")
_OCTAL: Final = re.compile(rb"\\([0-7]{3})")
"""How a mount's path has its blanks."""

UNREAD_FORM: Final = (
    "was written by a build from before the first release, in a form that is no longer read: "
    "name another file, move this one away, or delete it with `onduty journal delete`"
)


def described(error: Exception) -> str:
    """An error with SQLite's name for it, which says more than the sentence."""
    name = getattr(error, "sqlite_errorname", None)
    return f"{error} ({name})" if name else str(error)


def check_place(path: Path) -> None:
    """Refuse a path where no journal can be, or where two processes could have it without noticing each other.

    Raises:
        JournalOpenError: It says what to do.
        OSError: It cannot be looked at.
    """
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
    _check_names(path)


def _check_names(path: Path) -> None:
    """SQLite finds the log by the file's name, and so do other processes the lock: with two names nothing fits together."""
    if path.exists() and path.stat().st_nlink > 1:
        raise JournalOpenError(
            f"{path} has {path.stat().st_nlink} names (hard links), and lock and write-ahead log belong to one name only: "
            f"remove the others, which `find -samefile {path}` lists"
        )
    if is_mount_point(path):
        raise JournalOpenError(
            f"{path} is mounted by itself, so its write-ahead log would stay outside of the mount and be lost with it: "
            "mount the directory that it is in"
        )


def is_mount_point(path: Path) -> bool:
    """Whether something is mounted at just this path, which is absolute and without links. False where it cannot be told."""
    try:
        mounts = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    name = os.fsencode(path)
    return any(_OCTAL.sub(lambda found: bytes([int(found[1], 8)]), mount.split()[4]) == name for mount in mounts)


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
        if _was_being_made(path):
            return
        raise JournalOpenError(f"{path} is not a journal, nor any SQLite database: name another file")
    if int.from_bytes(header[68:72]) != schema.APPLICATION_ID:
        raise JournalOpenError(f"{path} is a SQLite database of another program: name another file")
    if not of_any_version:
        _check_version(path, int.from_bytes(header[60:64]))


def _was_being_made(path: Path) -> bool:
    """Whether a power cut struck while SQLite made the file: its rollback journal is there, and undoes all of it."""
    try:
        with Path(f"{path}-journal").open("rb") as file:
            header = file.read(_ROLLBACK_HEADER_BYTES)
    except OSError:
        return False
    return header.startswith(_ROLLBACK_MAGIC) and header[16:20] == bytes(4)  # there were no pages before.


def _check_version(path: Path, version: int) -> None:
    if 0 < version <= schema.FORMS_NOT_READ:
        raise JournalOpenError(f"{path} {UNREAD_FORM}")
    if version > schema.VERSION:
        raise JournalOpenError(
            f"{path} was written by a newer release (its version is {version}, this release knows {schema.VERSION}): "
            "use that release or a later one"
        )
