"""Lays words out in lines of a terminal's width, broken between words; it knows nothing of what they say."""

from collections.abc import Iterator, Sequence

from rich.text import Text

_LEAST_REST = 20
"""With less room than this beside what stands before, the words begin on a line of their own."""


def flowing(line: Text, words: Sequence[Text], *, width: int, indent: int) -> Iterator[Text]:
    """Yields the line with the words after it; what does not fit goes on below, indented, between words."""
    if width - indent < _LEAST_REST:
        indent = min(4, width // 4)
    is_blank = False
    for word in words:
        if line.cell_len + word.cell_len > width and not is_blank:
            yield from _folded(line, width)
            line, is_blank = Text(" " * indent), True
        line = Text.assemble(line, word, " ")
        is_blank = False
    yield from _folded(line, width)


def _folded(line: Text, width: int) -> Iterator[Text]:
    line.rstrip()
    while line.cell_len > width:
        # One word, or an id, that is wider than the terminal.
        head = line.copy()
        head.truncate(width)
        yield head
        line = line[len(head.plain) :]
    yield line
