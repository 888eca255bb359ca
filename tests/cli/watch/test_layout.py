"""Fitting text into cells."""

import pytest
from rich.text import Text

from onduty_cli.watch.layout import Part, cropped_in_the_middle, fitted, padded

PARTS = [Part(Text("quit")), Part(Text("sort by name"), rank=1, short=Text("sort")), Part(Text("more"), rank=2)]


@pytest.mark.parametrize(
    ("width", "line"),
    [(30, "quit  sort by name  more"), (23, "quit  sort by name"), (17, "quit  sort"), (9, "quit"), (3, "qu…")],
)
def test_what_matters_least_goes_first(width: int, line: str):
    """A part is shortened before it is left out; only the last one is cut."""
    assert fitted(PARTS, width).plain == line


@pytest.mark.parametrize("width", range(9))
def test_a_cell_has_exactly_its_width(width: int):
    """Letters of two cells too."""
    assert padded(Text("王伟 Li"), width).cell_len == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("s000042", 7, "s000042"), ("staff-000042", 8, "sta…0042"), ("staff-000042", 7, "sta…042"), ("ab", 1, "…"), ("ab", 0, "")],
)
def test_both_ends_of_an_id_stay(text: str, width: int, shown: str):
    """Ids often differ at the end only."""
    assert cropped_in_the_middle(text, width) == shown
