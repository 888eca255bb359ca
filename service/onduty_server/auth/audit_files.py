"""The files of the audit log: lines are added at the end of the newest; the oldest file goes when there are too many bytes."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from onduty_server.auth.audit_entries import AuditEntry, entry_of, line_of
from onduty_server.auth.private_file import FILE_MODE

FILES: Final = 4
"""The newest, and those before it: ``.1``, ``.2`` and ``.3``."""


class AuditFiles:
    """One process's. Its methods block; none is to be called by two threads at once."""

    def __init__(self, path: Path, bytes_most: int) -> None:
        """``bytes_most`` is what all files have together, roughly."""
        self.path = path
        self._file_bytes = max(bytes_most // FILES, 1)

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries; they are on disk when this returns.

        Raises:
            OSError: They are not, or not all.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, FILE_MODE)
        with os.fdopen(descriptor, "ab") as file:
            file.write(b"".join(map(line_of, entries)))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if size >= self._file_bytes:
            self._rotate()

    def _rotate(self) -> None:
        for number in range(FILES - 1, 0, -1):
            older = older_files(self.path)[number - 1]
            newer = self.path if number == 1 else older_files(self.path)[number - 2]
            if newer.exists():
                newer.replace(older)


def older_files(path: Path) -> list[Path]:
    """The files before the newest, the youngest first; they need not be there."""
    return [path.with_name(f"{path.name}.{number}") for number in range(1, FILES)]


def latest_entries(path: Path, most: int) -> list[AuditEntry]:
    """The last entries of a log, the oldest of them first. Files that are not needed for so many are not read.

    Raises:
        OSError: A file that is there cannot be read.
    """
    found: list[AuditEntry] = []
    for file in (path, *older_files(path)):
        if len(found) >= most:
            break
        found[:0] = deque(_entries_of(file), maxlen=most)
    return found[-most:]


def read_entries(path: Path) -> Iterator[AuditEntry]:
    """All entries of a log, the oldest first. A line that is none is left out.

    Raises:
        OSError: A file that is there cannot be read.
    """
    for file in (*reversed(older_files(path)), path):
        yield from _entries_of(file)


def _entries_of(file: Path) -> Iterator[AuditEntry]:
    with suppress(FileNotFoundError), file.open("rb") as lines:
        yield from (entry for entry in map(entry_of, lines) if entry is not None)
