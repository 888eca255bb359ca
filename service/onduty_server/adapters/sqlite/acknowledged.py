"""What a process has acknowledged of a journal, noted beside it, so that the next one notices where some of it is missing.

The note is a line in the lock file, written after each commit and not synced: after a kill it is exact, after a power cut it
may be some seconds old. It is never ahead of what is durable, and one that cannot be read counts as none, so that there is no
false alarm. A clean close removes it with the lock file.
"""

import sqlite3
import zlib
from pathlib import Path
from typing import Final, NamedTuple, Self

from onduty_server.adapters.sqlite.file_checks import described
from onduty_server.adapters.sqlite.queries import HEAD
from onduty_server.adapters.sqlite.read_only import reading
from onduty_server.ports import JournalOpenError

NOTE_AT: Final = 32
"""Where the note begins in the lock file. Before it is the owner's process id."""

_WORD: Final = b"acknowledged"


class Acknowledged(NamedTuple):
    """Everything of this epoch of a store up to this revision was durable."""

    store_id: str
    epoch: int
    revision: int

    def packed(self) -> bytes:
        """The note, always as long."""
        text = b"%s %s %012x %020d" % (_WORD, self.store_id.encode(), self.epoch, self.revision)
        return b"%s %08x\n" % (text, zlib.crc32(text))

    @classmethod
    def unpacked(cls, note: bytes) -> Self | None:
        """A note back; None: it is none, or a part of one."""
        text, _, checksum = note.strip().rpartition(b" ")
        parts = text.split()
        if len(parts) != 4 or parts[0] != _WORD or checksum != b"%08x" % zlib.crc32(text):
            return None
        return cls(parts[1].decode(), int(parts[2], 16), int(parts[3]))


NOTE_BYTES: Final = len(Acknowledged("0" * 16, 0, 0).packed())


def left_beside(journal: Path) -> Acknowledged | None:
    """What the process that has a journal, or had it last and did not end in order, acknowledged; None: it is not known."""
    try:
        with journal.with_name(f"{journal.name}.lock").open("rb") as file:
            file.seek(NOTE_AT)
            return Acknowledged.unpacked(file.read(NOTE_BYTES))
    except OSError:
        return None


def check_all_there(path: Path, left: Acknowledged | None) -> None:
    """Compare a file with what a process that did not end in order has left beside it, without changing either.

    Raises:
        JournalOpenError: Something that was acknowledged is missing. It says what to do.
    """
    if left is None or not left.revision or path.with_name(f"{path.name}-journal").exists():
        return  # with a rollback journal beside it, it is a copy that was being opened, and cannot be read without changing it.
    if not path.exists() or not path.stat().st_size:
        raise JournalOpenError(
            f"there is no journal at {path}, but one was in use here until its process was killed: put it back, "
            f"with its write-ahead log; or, to begin afresh, remove {path}.lock"
        )
    try:
        with reading(path) as connection:
            problem = missing(connection, left)
    except sqlite3.Error as error:
        raise JournalOpenError(f"the journal {path} cannot be read: {described(error)}") from error
    if problem:
        raise JournalOpenError(
            f"of the journal {path} {problem}. Put the right files there, and start again. To go on without what is missing: "
            f"`onduty journal backup left.db --journal {path}`, then `onduty journal restore left.db --to {path} --force`"
        )


def missing(connection: sqlite3.Connection, left: Acknowledged) -> str:
    """What is missing, in words; empty: nothing, or another history was put there."""
    meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    (head,) = connection.execute(HEAD).fetchone()
    is_another = (meta.get("store_id"), meta.get("epoch")) != (left.store_id, left.epoch) or "is_copy" in meta
    if is_another or head >= left.revision:
        return ""
    return (
        f"revisions up to {left.revision:,} were acknowledged, but it ends at {head:,}: "
        "its write-ahead log is missing, damaged, or another one's"
    )
