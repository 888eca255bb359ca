"""Files and directories that only their owner may read, whatever the umask is; knows nothing of what is in them."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

FILE_MODE: Final = 0o600
DIRECTORY_MODE: Final = 0o700

BESIDE: Final = ("", "-wal", "-shm", ".lock")
"""What is added to a journal's name for each of its files."""

_FOR_OTHERS: Final = stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH | stat.S_IWGRP
"""What nobody but the owner should have. Reading by the group may be meant, as for a program that makes backups."""


class OpenFile(NamedTuple):
    """A file that others than its owner may read or change."""

    path: Path
    mode: int


def make_directories(path: Path) -> None:
    """Make a directory and the missing ones above it, each for the owner only. What is there stays as it is.

    Raises:
        OSError: One cannot be made.
    """
    if path.is_dir():
        return
    make_directories(path.parent)
    with suppress(FileExistsError):  # somebody else was quicker.
        path.mkdir(DIRECTORY_MODE)
        path.chmod(DIRECTORY_MODE)


def make_file(path: Path) -> bool:
    """Make an empty file for the owner only; returns whether there was none. SQLite gives its other files the same mode.

    Raises:
        OSError: It cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    except FileExistsError:
        return False
    try:
        os.fchmod(descriptor, FILE_MODE)  # a umask may have taken bits away.
    finally:
        os.close(descriptor)
    return True


def open_to_others(journal: Path) -> Sequence[OpenFile]:
    """Those of a journal's files that others may read or change."""
    found = []
    for suffix in BESIDE[:3]:
        path = journal.with_name(journal.name + suffix)
        with suppress(FileNotFoundError):
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & _FOR_OTHERS:
                found.append(OpenFile(path, mode))
    return found
