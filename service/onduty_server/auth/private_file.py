"""Changes a file that only its owner may read: one change at a time, all of it or nothing, and on disk when it returns."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from onduty_server.auth.watched_files import FileRefusedError

FILE_MODE: Final = 0o600
FOR_OTHERS: Final = stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP
"""What nobody but the owner should have. Reading by the group may be meant: a service may read what another user writes."""


def mode_for_others(path: Path) -> int | None:
    """The file's mode where others than its owner may read or change it, else None. A file that is not there is nobody's."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
    return mode if mode & FOR_OTHERS else None


def change_file(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Put what ``change`` makes of the content in its place; a file that is not there is empty, and made for its owner only.

    Raises:
        FileRefusedError: It cannot be read or written, or ``change`` refuses it. The file is as it was.
    """
    target = path.resolve()  # where a link leads; the link stays.
    try:
        with _locked(target) as content:
            _replace(target, change(content))
    except OSError as error:
        raise FileRefusedError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _locked(path: Path) -> Iterator[bytes]:
    """The content, while nobody else changes the file. Whoever waited looks again: the file may be another by then."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        with os.fdopen(descriptor, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    yield file.read()
                    return


def _replace(path: Path, content: bytes) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
    directory = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
