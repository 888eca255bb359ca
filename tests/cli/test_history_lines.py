"""Changes as lines of a terminal."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from onduty.v1 import staff_pb2
from onduty_cli.history_lines import HistoryLines
from onduty_cli.moments import timestamp_of

NOON = round(datetime(2026, 3, 10, 12, 0, 0, 250_000, tzinfo=UTC).timestamp() * 1_000_000)
DAY = 86_400_000_000


@pytest.fixture(autouse=True)
def _in_central_europe(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def change(at: int = NOON, **fields: object) -> staff_pb2.Transition:
    given = {
        "staff_id": "kim",
        "previous_status": staff_pb2.STATUS_AFTER_CALL_WORK,
        "status": staff_pb2.STATUS_ON_BREAK,
        "break_reason": "lunch",
        "cause": staff_pb2.CAUSE_SUPERVISOR,
        "actor": staff_pb2.Actor(role=staff_pb2.ACTOR_ROLE_SUPERVISOR, id="ana"),
        "changed_at": timestamp_of(at),
        **fields,
    }
    return staff_pb2.Transition(**given)


def lines(*changes: staff_pb2.Transition, width: int = 80) -> list[str]:
    return [line.plain for line in HistoryLines(width).of(changes)]


def test_a_change_is_one_line_under_its_day():
    """When, who, from → to with its reason, why and by whom; the zone is named."""
    assert lines(change()) == [
        "Tuesday 2026-03-10  times in CET, UTC+01:00",
        "13:00:00  kim  AFTER_CALL_WORK → ON_BREAK lunch  supervisor by ana",
    ]


def test_each_day_has_one_heading_over_pages_too():
    """A page is no reason to say the day again."""
    shown = HistoryLines(80)
    first = [line.plain for line in shown.of([change(), change()])]
    second = [line.plain for line in shown.of([change(), change(NOON + DAY)])]
    assert sum("2026-03-10" in line for line in first + second) == 1
    assert second[1:3] == ["", "Wednesday 2026-03-11  times in CET, UTC+01:00"]


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_words_are_not_broken_and_nothing_is_wider_than_the_terminal(width: int):
    """A note goes on below, between its words."""
    note = "Needed at the front desk for the rest of the day, call me back"
    shown = lines(change(note=note, call_id="c-1"), width=width)
    assert all(len(line) <= width for line in shown[1:])
    words = " ".join(shown[1:]).replace("“", "").replace("”", "").split()
    assert note.split() == words[-len(note.split()) :]
    assert "AFTER_CALL_WORK" in words


def test_one_word_that_is_too_long_is_folded():
    """Nothing of it is lost."""
    shown = lines(change(note="x" * 200), width=60)
    assert sum(line.count("x") for line in shown) == 200
    assert all(len(line) <= 60 for line in shown)


def test_a_wide_terminal_has_more_columns():
    """The revision, milliseconds, and how long the status before lasted, under a heading."""
    lasted = change(revision=42)
    lasted.time_in_previous_status.FromSeconds(977)
    heading, _, line = lines(lasted, width=140)
    assert heading.split()[:2] == ["revision", "time"]
    assert line.split()[:2] == ["42", "13:00:00.250"]
    assert "16m17s" in line


def test_what_the_cause_says_is_not_said_again():
    """The service itself and the person are no news either."""
    system = staff_pb2.Actor(role=staff_pb2.ACTOR_ROLE_SYSTEM)
    assert lines(change(cause=staff_pb2.CAUSE_BREAK_LIMIT, actor=system))[1].endswith("lunch  break limit")
    own = staff_pb2.Actor(role=staff_pb2.ACTOR_ROLE_WORKSPACE, id="kim")
    assert lines(change(cause=staff_pb2.CAUSE_STAFF, actor=own))[1].endswith("lunch  staff")
