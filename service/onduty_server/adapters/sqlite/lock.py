"""One process per journal file: locks that the kernel lets go when the process ends, however it ends."""

import fcntl
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from onduty_server.adapters.sqlite.acknowledged import NOTE_AT, NOTE_BYTES, Acknowledged
from onduty_server.adapters.sqlite.private_files import FILE_MODE
from onduty_server.ports import JournalLockedError

_LOCKS_FILE: Final = sys.platform == "linux"
"""Only there a lock on a whole file leaves SQLite's locks on parts of it alone."""


class FileLock:
    """A lock on ``<path>.lock``, which names the owner and what it acknowledged, and on the journal's file itself.

    The first is removed with the lock. The second keeps out who has the file by another name. ``left`` is the note of an owner
    that did not end in order.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        """Use ``acquire``."""
        self._path = path
        self._descriptor = descriptor
        self._held = -1
        self.left = Acknowledged.unpacked(os.pread(descriptor, NOTE_BYTES, NOTE_AT))

    @classmethod
    def acquire(cls, journal: Path) -> Self:
        """Lock, or raise ``JournalLockedError``; never wait."""
        path = journal.with_name(f"{journal.name}.lock")
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = os.pread(descriptor, NOTE_AT, 0).decode(errors="replace").strip()
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
        os.pwrite(descriptor, f"{os.getpid():<{NOTE_AT - 1}}\n".encode(), 0)
        lock = cls(path, descriptor)
        try:
            if journal.exists():
                lock.hold(journal)
        except BaseException:
            lock.release(keep_acknowledged=True)
            raise
        return lock

    def hold(self, journal: Path) -> None:
        """Lock the journal's file itself, if it is not locked yet. Nothing of this process may have it open.

        Its descriptor stays open until the release: closing any would let SQLite's locks go.

        Raises:
            JournalLockedError: Another process has it, by whatever name.
        """
        if self._held >= 0 or not _LOCKS_FILE:
            return
        held = os.open(journal, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            raise JournalLockedError(
                f"{journal} is in use by another process, which has it by another name, or whose lock file was removed: "
                "stop it, or name another file"
            ) from None
        except BaseException:
            os.close(held)
            raise
        self._held = held

    def note(self, acknowledged: Acknowledged) -> None:
        """Note what was acknowledged. It costs a write into a page of memory, and may fail without a word."""
        with suppress(OSError):
            os.pwrite(self._descriptor, acknowledged.packed(), NOTE_AT)

    def release(self, *, keep_acknowledged: bool = False) -> None:
        """Unlock, and remove the lock file, but for one whose note is still to be compared. Idempotent.

        No connection of this process may be open to the journal.
        """
        if self._descriptor < 0:
            return
        kept = keep_acknowledged and Acknowledged.unpacked(os.pread(self._descriptor, NOTE_BYTES, NOTE_AT)) is not None
        if not kept and _leads_to(self._path, self._descriptor):
            with suppress(OSError):  # one that is left behind locks nothing.
                self._path.unlink()
        if self._held >= 0:
            os.close(self._held)
        os.close(self._descriptor)
        self._descriptor = self._held = -1


def _leads_to(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
