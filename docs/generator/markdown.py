"""Markdown as text: tables, code, lengths of time; knows no page."""

from collections.abc import Iterable, Sequence
from typing import Final

_UNITS: Final = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with columns of even width, so that a diff shows the cell that changed."""
    lines = [[_cell(text) for text in row] for row in (head, *rows)]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(text.ljust(width) for text, width in zip(line, widths, strict=True))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    """Inline code."""
    return f"`{text}`"


def length(micros: int) -> str:
    """A length of time in the largest unit that divides it: 30 s, 4 h, 180 d."""
    for size, unit in _UNITS:
        if micros and not micros % size:
            return f"{micros // size} {unit}"
    return f"{micros / 1_000_000:g} s"


def bytes_size(count: int) -> str:
    """A number of bytes in MiB or KiB."""
    return f"{count // 2**20} MiB" if not count % 2**20 else f"{count // 2**10} KiB"


def first_sentence(text: str) -> str:
    """The text up to its first full stop that ends a sentence."""
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]
