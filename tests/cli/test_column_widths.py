"""How a terminal's width is divided among the columns of a table."""

from hypothesis import given
from hypothesis import strategies as st

from onduty_cli.column_widths import Need, divided, need_of

NEEDS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 60)).map(lambda two: Need(two[0], sum(two))), min_size=1)


def test_a_need_is_of_words_and_texts():
    """Wide characters count two cells."""
    assert need_of(["status", "ON_BREAK lunch", "王伟"]) == Need(8, 14)
    assert need_of([]) == Need(0, 0)


def test_columns_get_all_that_they_want_where_there_is_room():
    """And no more."""
    assert divided(100, [Need(3, 3), Need(9, 13)]) == [3, 13]


def test_one_column_of_long_texts_takes_the_lines():
    """Those that want little more are whole first."""
    assert divided(40, [Need(15, 15), Need(9, 13), Need(5, 90)]) == [15, 13, 12]


def test_the_longest_word_is_cut_where_there_is_no_room_for_all():
    """The others stay whole."""
    assert divided(20, [Need(5, 5), Need(30, 30), Need(6, 9)]) == [5, 9, 6]


@given(st.integers(0, 200), NEEDS)
def test_nothing_is_wider_than_the_terminal_and_no_word_is_cut_in_need(width: int, needs: list[Need]):
    """No column vanishes, or is wider than what it wants."""
    widths = divided(width, needs)
    assert sum(widths) <= max(width, len(needs))
    assert all(0 < given <= need.most for given, need in zip(widths, needs, strict=True))
    if sum(need.least for need in needs) <= width:
        assert all(given >= need.least for given, need in zip(widths, needs, strict=True))
