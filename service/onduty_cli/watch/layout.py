"""Fits text into cells of a terminal: crops, pads, and leaves out what matters least; it knows nothing of staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line. What has the greatest ``rank`` is left out first; ``short`` stands in before that."""

    text: Text
    rank: int = 0
    short: Text | None = None


def fitted(parts: Sequence[Part], width: int, *, gap: str = "  ") -> Text:
    """Returns the parts as one line of at most ``width`` cells; parts are shortened, then left out, by their ranks."""
    kept = [part for part in parts if part.text.plain]
    while _width(kept, gap) > width and len(kept) > 1:
        least = max(range(len(kept)), key=lambda index: (kept[index].rank, index))
        shorter = kept[least].short
        kept[least : least + 1] = [Part(shorter, kept[least].rank)] if shorter is not None else []
    line = Text(gap).join(part.text for part in kept)
    return cropped(line, width)


def _width(parts: Sequence[Part], gap: str) -> int:
    return sum(part.text.cell_len for part in parts) + len(gap) * max(len(parts) - 1, 0)


def cropped(text: Text, width: int) -> Text:
    """Returns the text, cut with an ellipsis if it is wider than ``width`` cells."""
    if text.cell_len <= width:
        return text
    if width < 1:
        return Text()
    cut = text.copy()
    cut.truncate(width, overflow="ellipsis")
    return cut


def padded(text: Text, width: int, *, right: bool = False) -> Text:
    """Returns the text in exactly ``width`` cells."""
    text = cropped(text, width)
    space = " " * (width - text.cell_len)
    return Text.assemble(space, text) if right else Text.assemble(text, space)


def cropped_in_the_middle(text: str, width: int) -> str:
    """Returns the text in at most ``width`` cells, with both its ends: ids often differ at the end only."""
    if cell_len(text) <= width or width < 1:
        return text if width > 0 else ""
    tail = ""
    for character in reversed(text):
        if cell_len(character + tail) > width // 2:
            break
        tail = character + tail
    return f"{set_cell_size(text, width - 1 - cell_len(tail)).rstrip()}…{tail}"
