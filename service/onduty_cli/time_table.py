"""Draws the time spent in each status as a table; it asks the server nothing."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from onduty_cli.moments import elapsed_text, instant_of, length_of, moment_text
from onduty_cli.output import plain_table, printable
from onduty_cli.sheets import PersonTime, calls_started, status_rank
from onduty_cli.staff_words import status_text

_Spent = dict[tuple[int, str], int]
"""Microseconds by status and break reason."""
_TO_THE_RIGHT = ("time", "share", "calls")


def narrow(table: Table) -> Table:
    """Returns a table of times without names and shares: ids and times say the same where there is no room for all."""
    kept = [column for column in table.columns if column.header not in {"name", "share"}]
    shown = plain_table(*(str(column.header) for column in kept))
    for column, before in zip(shown.columns, kept, strict=True):
        column.justify = before.justify
    for row, cells in zip(table.rows, zip(*(column.cells for column in kept), strict=True), strict=True):
        shown.add_row(*cells, style=row.style)
    return shown


def time_table(people: Sequence[PersonTime], *, by: str, sign_ins: bool) -> Table:
    """Returns the time by staff member, status and break reason, each with its share, and totals."""
    part_heading = "day" if by == "day" else "from"
    headings = [*([part_heading] if by else []), "staff", "name", "status", *_TO_THE_RIGHT]
    table = plain_table(*headings, *(["first sign-in", "last sign-out"] if sign_ins else []))
    for column in table.columns:
        column.justify = "right" if column.header in _TO_THE_RIGHT else "left"
    sums: Counter[tuple[int, str]] = Counter()
    for person in people:
        spent: _Spent = {(time.status, time.break_reason): length_of(time.time) for time in person.times.times}
        sums.update(spent)
        first = [*([_part(person, by)] if by else []), person.times.staff_id, person.display_name]
        ends = [_clock(person.first_sign_in), _clock(person.last_sign_out)] if sign_ins else []
        _add_times(table, first, spent, calls_started(person.times), ends)
    if len(people) > 1:
        count = len({person.times.staff_id for person in people})
        first = [*([""] if by else []), f"all {count}", ""]
        _add_times(table, first, dict(sums), sum(calls_started(person.times) for person in people), [""] * (2 * sign_ins))
    return table


def _part(person: PersonTime, by: str) -> str:
    """The interval as a reader knows it: a date, or when it begins."""
    return person.part if by == "day" else moment_text(instant_of(person.times.starts_at))[:16]


def _clock(iso: str) -> str:
    """The time of day of an ISO 8601 text; it falls on the row's day."""
    return iso[11:19]


def _add_times(table: Table, first: list[str], spent: _Spent, calls: int, ends: list[str]) -> None:
    total = sum(spent.values())
    who = [Text(printable(cell)) for cell in first]
    for status, reason in sorted(spent, key=lambda one: status_rank(*one)):
        length = spent[status, reason]
        share = f"{length / total:.1%}" if total else ""
        table.add_row(*who, status_text(status, reason), Text(elapsed_text(length)), Text(share), Text(""), *[""] * len(ends))
    table.add_row(*who, "total", elapsed_text(total), "", str(calls), *ends, style="bold")
