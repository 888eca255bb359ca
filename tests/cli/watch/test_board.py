"""What the first and the last line of the live table say."""

import pytest

from onduty_cli.watch.arrangement import Arrangement
from onduty_cli.watch.board import Board, drawn
from onduty_cli.watch.feed import Freshness, Seen
from onduty_cli.watch.view import View

SECOND = 1_000_000
NOBODY = Arrangement(rows=(), everybody=0, assignable=0, troubled=0, counts=(), groups=())
WHY = "cannot reach Onduty at status.example:50051 (connection refused by the peer)"


def head(width: int, *, heard_at: int = 1_000 * SECOND, paused_at: int = 0) -> str:
    seen = Seen((), Freshness.LOST, heard_at, WHY, 3.0)
    board = Board("status.example:50051", seen, NOBODY, 1_007 * SECOND, paused_at)
    return drawn(board, View(), (width, 24))[0].plain


@pytest.mark.parametrize("width", [200, 100, 80, 60])
def test_the_reason_is_told_in_a_form_that_fits(width: int):
    """What matters less is left out, and nothing is cut in its middle."""
    text = head(width)
    assert len(text) <= width
    assert text.startswith(" NOT LIVE since 00:16:40")
    assert "again in 3 s: cannot reach Onduty" in text
    assert "…" not in text


def test_a_wide_window_has_all_of_it():
    """The age, the address, and what gRPC says."""
    assert head(200).startswith(" NOT LIVE since 00:16:40, 7s ago")
    assert head(200).endswith(WHY)


@pytest.mark.parametrize("width", [60, 30])
def test_what_fits_in_no_form_is_cut_at_its_end(width: int):
    """That the rows stand still matters as well."""
    text = head(width, paused_at=1_000 * SECOND)
    assert len(text) <= width
    assert text.startswith(" NOT LIVE since 00:16:40")


def test_before_the_first_answer_it_is_connecting():
    """There is nothing yet that could be out of date."""
    assert head(80, heard_at=0).startswith("Onduty  connecting to status.example:50051")


def test_the_foot_names_no_keys_while_they_are_typed_into_a_search():
    """A q is a letter then."""
    board = Board("status.example:50051", Seen((), Freshness.LIVE, SECOND, "", 0.0), NOBODY, SECOND)
    view = View()
    assert drawn(board, view, (80, 24))[-1].plain.startswith("q quit")
    view.press("/")
    assert drawn(board, view, (80, 24))[-1].plain == "type to filter; Enter keeps it, Esc drops it"
