"""What keys do to the view."""

from onduty_cli.watch.view import SORTS, STATUS_FILTERS, View, groups_meant

GROUPS = ["billing", "presales", "sales"]


def pressed(*keys: str, shown: int = 100, page: int = 10) -> View:
    view = View()
    view.fit(shown=shown, page=page)
    for key in keys:
        view.press(key, GROUPS)
    return view


def test_scrolling_stays_within_the_rows():
    """By rows, by pages, to both ends."""
    assert pressed("j", "down", "k").top == 1
    assert pressed("page-down", " ", "page-up").top == 10
    assert pressed("end").top == 90
    assert pressed("end", "down", "page-down").top == 90
    assert pressed("end", "home", "up").top == 0
    assert pressed("end", shown=3).top == 0


def test_fewer_rows_move_the_page_so_that_it_is_full():
    """Nobody looks at an empty page."""
    view = pressed("end")
    view.fit(shown=20, page=15)
    assert view.top == 5


def test_sorts_and_statuses_are_gone_through_and_back():
    """Each round ends where it began."""
    assert pressed("s").sort == SORTS[1]
    assert pressed(*"s" * len(SORTS)).sort == SORTS[0]
    assert pressed("S").sort == SORTS[-1]
    assert pressed(*"f" * len(STATUS_FILTERS)).status == ""
    assert pressed("F").status == STATUS_FILTERS[-1]


def test_typing_into_a_search_is_no_command():
    """Not even q."""
    view = pressed("/", *"qs", "backspace")
    assert (view.search, view.has_ended, view.prompt) == ("q", False, "search")
    assert pressed("/", *"qs", "enter").search == "qs"
    assert pressed("/", *"ab", "enter", "/", "c", "escape").search == "ab"


def test_what_is_typed_has_a_bound():
    """A file pasted into the search is cut."""
    assert len(pressed("/", *"x" * 1_000).search) == 64


def test_groups_are_typed_or_gone_through():
    """A name that is there means that group alone, else all that contain the text."""
    assert pressed("g", "down").group == "billing"
    assert pressed("g", "down", "down").group == "presales"
    assert pressed("g", "up").group == "sales"
    assert pressed("g", "p", "tab").group == "presales"
    assert groups_meant("sales", GROUPS) == ["sales"]
    assert groups_meant("SAL", GROUPS) == ["presales", "sales"]


def test_escape_shows_everybody_again_and_q_quits():
    """From the help too."""
    view = pressed("f", "/", "x", "enter", "g", "down", "enter", "escape")
    assert (view.status, view.search, view.group) == ("", "", "")
    assert pressed("q").has_ended
    assert pressed("?", "q").has_ended
    assert not pressed("?", "x").shows_help
