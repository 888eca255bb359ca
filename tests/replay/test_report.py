"""What is shown at the end and while it runs."""

import io
import json
from datetime import date

import pytest
from rich.console import Console

from onduty_replay.accounting import ServerTimes, settle
from onduty_replay.document import document_of
from onduty_replay.pace import Pace, PlayedTime
from onduty_replay.plan import Plan, RowCounts, StaffPlan
from onduty_replay.player import Progress, Replayed
from onduty_replay.progress import shown_progress, words
from onduty_replay.report import nearly_latest, show_report
from onduty_replay.tally import Tally
from onduty_replay.timeline import PlannedCall, shifts_of

CALLS = (PlannedCall("c1", 1000, 1100, 2),)
PERSON = StaffPlan("FERN", ("calls",), CALLS, tuple(shifts_of(CALLS)))
PLAN = Plan(date(2024, 3, 11), (PERSON,), (), RowCounts(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0))


@pytest.fixture
def unexplained() -> Replayed:
    """A run of which the stream told nothing and the server summed up a second in line."""
    pace = Pace(1000, PlayedTime([(880, 1160)]), 0)
    account = settle(PERSON, [], ServerTimes({"IN_LINE": 1_000}, 1), pace=pace, countdown=30_000)
    return Replayed(PLAN, 1000, (account,), Tally(), 1.5)


def shown(replayed: Replayed, *, width: int = 140) -> str:
    text = io.StringIO()
    show_report(Console(file=text, width=width), replayed)
    return text.getvalue()


@pytest.mark.parametrize("width", [140, 100, 80, 40])
def test_no_label_and_no_figure_is_lost_in_a_narrow_window(unexplained, width: int):
    """It may be drawn without a frame, or be wrapped by the terminal, but never cut."""
    text = shown(unexplained, width=width)
    for told in ("FERN", "1/1", "IN_LINE", "AFTER_CALL_WORK", "100.000", "-99.000000", "unexplained"):
        assert told in text
    assert "…" not in text


def test_the_tables_fit_a_window_of_80_columns(unexplained):
    """A usual one wraps no line."""
    assert max(map(len, shown(unexplained, width=80).splitlines())) <= 80


def test_what_is_not_explained_is_shown(unexplained):
    """A second of the server where the file has a hundred."""
    text = shown(unexplained)
    assert "-99.000000" in text
    assert "NOT explained" in text
    assert "FERN: 5 changes of status planned, the stream told 0" in text


def test_the_document_holds_the_exact_rest(unexplained):
    """Microseconds as a whole number, for programs; and it is JSON."""
    document = json.loads(json.dumps(document_of(unexplained)))
    assert not document["explained"]
    assert document["total"][0]["unexplained_microseconds"] == -99_000_000
    assert document["staff"][0]["calls_at_server"] == 1


def test_nearly_the_latest_leaves_out_one_in_a_hundred():
    """Of 1 to 200 the last two."""
    assert nearly_latest(range(1, 201)) == 198
    assert nearly_latest([7]) == 7


def test_progress_is_in_words():
    """Day, simulated time, calls and lateness."""
    progress = Progress(played=60.0, total=400, simulated=86_400 + 3_661)
    assert words(PLAN, progress, Tally(calls_ended=1, lateness_ms=2.34)) == (
        "day 2, Tue 2024-03-12 01:01:01  calls 1/1  late 2.3 ms"
    )


def test_without_a_terminal_progress_is_lines_now_and_then():
    """Not one every time that something could be shown."""
    text = io.StringIO()
    with shown_progress(Console(file=text, width=100), PLAN) as show:
        for _ in range(26):
            show(Progress(1.0, 2, 3), Tally())
    assert len(text.getvalue().splitlines()) == 2


def test_on_a_terminal_progress_is_a_bar():
    """The same words before it."""
    text = io.StringIO()
    with shown_progress(Console(file=text, width=160, force_terminal=True), PLAN) as show:
        show(Progress(1.0, 2, 3), Tally())
    assert "day 1, Mon 2024-03-11 00:00:03" in text.getvalue()
