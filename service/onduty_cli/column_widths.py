"""Divides a terminal's width among the columns of a table so that words stay whole; it draws nothing."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len


class Need(NamedTuple):
    """How many cells a column wants: at least for its longest word, at most for its longest text."""

    least: int
    most: int


def need_of(texts: Iterable[str]) -> Need:
    """Returns the need of a column with these texts, its heading among them."""
    texts = list(texts)
    words = (word for text in texts for word in text.split())
    return Need(max(map(cell_len, words), default=0), max(map(cell_len, texts), default=0))


def divided(width: int, needs: Sequence[Need]) -> list[int]:
    """Returns a width for each column, of at most ``width`` cells in all.

    Every column has room for its longest word. What is left goes first to those that want little more, so that one column of
    long texts takes the lines and not all of them. Words are cut only where there is no room for every longest one: then the
    longest of them.
    """
    widths = [need.least for need in needs]
    while sum(widths) > max(width, len(widths)):
        widths[widths.index(max(widths))] -= 1
    left = width - sum(widths)
    for place, need in sorted(enumerate(needs), key=lambda one: one[1].most - one[1].least):
        given = min(max(need.most - widths[place], 0), max(left, 0))
        widths[place] += given
        left -= given
    return widths
