"""One process per journal file: a lock that the kernel lets go when the process ends, however it ends."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from onduty_server.adapters.sqlite.private_files import FILE_MODE
from onduty_server.ports import JournalLockedError


class FileLock:
    """A lock on ``<path>.lock``, which holds the owner's process id and is removed with the lock.

    The journal's own file is not locked: closing any descriptor of it would let SQLite's locks go.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        """Use ``acquire``."""
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def acquire(cls, journal: Path) -> Self:
        """Lock, or raise ``JournalLockedError``; never wait."""
        path = journal.with_name(f"{journal.name}.lock")
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
                os.close(descriptor)
                by = f"process {owner}" if owner else "another process"
                raise JournalLockedError(f"{journal} is in use by {by}: stop it, or name another file") from None
            except BaseException:
                os.close(descriptor)
                raise
            if _leads_to(path, descriptor):
                break
            os.close(descriptor)  # its owner removed it between our two calls.
        with suppress(PermissionError):  # it is another user's, left behind by a process that was killed.
            os.fchmod(descriptor, FILE_MODE)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(path, descriptor)

    def release(self) -> None:
        """Unlock. Idempotent."""
        if self._descriptor < 0:
            return
        if _leads_to(self._path, self._descriptor):
            with suppress(OSError):  # one that is left behind locks nothing.
                self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1


def _leads_to(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
