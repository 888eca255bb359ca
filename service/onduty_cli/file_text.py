"""Makes text of a file as spreadsheets write it, and finds out what separates its columns; it knows no staff."""

import codecs
import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onduty_cli.failures import InputError

BYTES_MOST: Final = 64 * 1024 * 1024
"""A directory of a hundred thousand people has a tenth of this; more is a file chosen by mistake."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file holds, and how it was written."""

    name: str
    """What to call the file in errors."""
    text: str
    encoding: str
    """As people call it."""

    @property
    def separator(self) -> str:
        """What the first line that is not blank has most of, outside quotes; a comma if it has none."""
        first = next((line for line in self.text.splitlines() if line.strip(' ,;\t"')), "")
        outside = "".join(first.split('"')[::2])
        return max(_SEPARATORS, key=lambda one: (outside.count(one), one == ","))

    @property
    def separator_words(self) -> str:
        """The separator in a word."""
        return _SEPARATORS[self.separator]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yields the rows that are not blank, each with the line it begins on; the first line is 1.

        Raises:
            InputError: The quotes are broken; the rest of the file cannot be trusted.
        """
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise InputError(self.name, f"line {line}: {error}") from error


def read_file(file: Path) -> FileText:
    """Reads a file, or standard input for ``-``.

    Raises:
        InputError: It cannot be read, is too large, or is not text.
    """
    name = "standard input" if str(file) == "-" else str(file)
    try:
        if str(file) == "-":
            content = sys.stdin.buffer.read(BYTES_MOST + 1)
        else:
            with file.open("rb") as stream:
                content = stream.read(BYTES_MOST + 1)
    except OSError as error:
        raise InputError(name, error.strerror or str(error)) from error
    if len(content) > BYTES_MOST:
        raise InputError(name, f"it has more than {BYTES_MOST // 1024 // 1024} MiB")
    text, encoding = decoded(content, name)
    return FileText(name, text, encoding)


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """Returns the text, and how it was encoded, in words.

    A byte order mark tells. Without one it is UTF-8 if it can be, else Windows-1252, which has all of Latin-1's letters.

    Raises:
        InputError: It is not text.
    """
    try:
        for mark, encoding, words in _MARKS:
            if content.startswith(mark):
                return content.decode(encoding), words
        if b"\0" in content:
            raise InputError(name, f"it is not text (byte {content.index(0)} is 0); save it as CSV")
        try:
            return content.decode("utf-8"), "UTF-8"
        except UnicodeDecodeError:
            return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        raise InputError(name, f"it is neither UTF-8, UTF-16 nor Windows-1252 text (byte {error.start})") from error
