"""What an export has written so far, in a file beside the wanted one, and a note of how far it is, so that it can go on."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final, Self

NOTE_FORM: Final = 1


class SpoolError(Exception):
    """What was begun cannot be gone on with. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Note:
    """How far an export is; ``size_bytes`` of the file are good.

    ``typed`` is what was asked for, and ``asked`` what that meant when it began: words as ``2h`` mean something else later.
    """

    typed: str
    asked: str
    position: str = ""
    rows: int = 0
    size_bytes: int = 0
    form: int = NOTE_FORM


class Spool:
    """The rows of one export, as they came. Used in a with block; ``finish`` gives the file its name."""

    def __init__(self, target: Path, note: Note, file: BinaryIO) -> None:
        """Use ``open``."""
        self._target = target
        self._file = file
        self.note = note

    @classmethod
    def open(cls, target: Path, begin: Note, *, header: bytes, restart: bool) -> Self:
        """Go on with what was begun, or begin, with a header before the rows.

        Raises:
            SpoolError: Something else was begun there.
            OSError
        """
        note = None if restart else _read(_note_of(target))
        if note is None or not part_of(target).exists():
            _note_of(target).unlink(missing_ok=True)  # it is of other rows, and would be believed the next time.
            file: BinaryIO = part_of(target).open("wb")
            file.write(header)
            return cls(target, begin, file)
        if note.typed != begin.typed:
            raise SpoolError(f"{part_of(target)} is of an export of something else; --restart begins anew")
        if part_of(target).stat().st_size < note.size_bytes:
            raise SpoolError(f"{part_of(target)} is shorter than what was noted of it; --restart begins anew")
        file = part_of(target).open("r+b")
        file.truncate(note.size_bytes)
        file.seek(note.size_bytes)
        return cls(target, note, file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def write(self, lines: Sequence[bytes], position: str) -> None:
        """Add rows, up to a position of the service; they are noted as good once the system has them."""
        self._file.writelines(lines)
        self._file.flush()
        self.note = replace(self.note, position=position, rows=self.note.rows + len(lines), size_bytes=self._file.tell())
        new = _note_of(self._target).with_name(f"{_note_of(self._target).name}.new")
        new.write_text(json.dumps(asdict(self.note)), encoding="utf-8")
        new.replace(_note_of(self._target))

    def finish(self) -> None:
        """The file has all rows: give it its name."""
        self.flush()
        part_of(self._target).replace(self._target)
        self.forget()

    def flush(self) -> None:
        """All rows are on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def forget(self) -> None:
        """Leave nothing beside the target."""
        for left in (part_of(self._target), _note_of(self._target)):
            left.unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """What is written until all of it is there."""
    return target.with_name(f"{target.name}.part")


def _note_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.part.json")


def _read(path: Path) -> Note | None:
    try:
        return Note(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise SpoolError(f"{path} cannot be read: {error}; --restart begins anew") from error
