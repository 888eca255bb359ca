"""Draws the live table's rows into the width there is; which rows and in what order is arrangement.py's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from onduty.v1.staff_pb2 import Staff
from onduty_cli.moments import span_text
from onduty_cli.output import printable
from onduty_cli.skill_groups import membership_texts
from onduty_cli.watch.arrangement import Row
from onduty_cli.watch.layout import cropped_in_the_middle, padded
from onduty_cli.watch.trouble import RINGING, is_assignable, remarks
from onduty_cli.words import STATUS_STYLES, status_word

TROUBLE_STYLE: Final = "bold bright_red"
_RINGING_STYLE: Final = "bold yellow"
_GAP: Final = "  "
_SPAN_WIDTH: Final = 6
_ASSIGN_HEADING: Final = "assign"
_LEAST_ID, _LEAST_NAME, _LEAST_NOTE, _LEAST_HEADING = 8, 8, 14, 5


def style_of(status: str) -> str:
    """Returns the colour of a shown status."""
    return _RINGING_STYLE if status == RINGING else STATUS_STYLES.get(status, "")


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of the columns in cells; 0 leaves a column out."""

    staff: int
    name: int
    status: int
    note: int
    next: int = 0
    groups: int = 0

    def heading(self) -> Text:
        """Returns the line above the rows."""
        cells = [Text("staff"), Text("name"), Text("status"), Text("for"), Text(_ASSIGN_HEADING), Text("what")]
        line = self._line(" ", [*cells, Text("next"), Text("groups")])
        line.stylize("bold")
        return line

    def line(self, row: Row, now: int, *, is_fresh: bool) -> Text:
        """Returns a person's line; what is not fresh is dim. ``now`` is in microseconds since the epoch."""
        staff = row.staff
        can = is_assignable(staff)
        cells = [
            Text(cropped_in_the_middle(printable(staff.staff_id), self.staff)),
            Text(printable(staff.display_name)),
            _status(row),
            Text(span_text(now - row.since)),
            Text("yes" if can else "-", style="green" if can else "dim"),
            _note(row, now),
            Text(_next(staff)),
            Text(printable(" ".join(membership_texts(staff.skill_groups))), style="dim"),
        ]
        line = self._line("!" if row.trouble else " ", cells)
        if not is_fresh:
            line.stylize("not bold dim")
        return line

    def _line(self, mark: str, cells: Sequence[Text]) -> Text:
        widths = (self.staff, self.name, self.status, _SPAN_WIDTH, len(_ASSIGN_HEADING), self.note, self.next, self.groups)
        shown = [
            padded(cell, width, right=place == 3)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            if width
        ]
        return Text.assemble((mark, TROUBLE_STYLE), Text(_GAP).join(shown))


def columns_for(width: int, rows: Sequence[Row]) -> Columns:
    """Returns the columns for a terminal so wide; the rows that can be scrolled to say how much room they want."""
    status = min(max((cell_len(_status(row).plain) for row in rows), default=6), 15 if width < 100 else 28)
    staff = _widest((row.staff.staff_id for row in rows), at_most=12 if width < 100 else 24)
    fixed = 1 + status + _SPAN_WIDTH + len(_ASSIGN_HEADING) + 4 * len(_GAP)
    left = width - fixed - staff
    name = _widest((row.staff.display_name for row in rows), at_most=16 if width < 100 else 32)
    name = min(name, left - _LEAST_NOTE - 2)
    if name < _LEAST_NAME:
        # A column of initials says less than whole ids and what is going on.
        room = left + staff
        staff = max(min(staff, room - _LEAST_NOTE), min(staff, _LEAST_ID))
        return Columns(staff, 0, status, max(room - staff, 0))
    left -= name + len(_GAP)
    if width < 110:
        return Columns(staff, name, status, left)
    upcoming = _widest((_next(row.staff) for row in rows), at_most=18)
    note = min(max(30, left // 2), left - upcoming - 4)
    return Columns(staff, name, status, note, upcoming, left - note - upcoming - 2 * len(_GAP))


def _widest(texts: Iterable[str], *, at_most: int) -> int:
    return max(min(max(map(cell_len, texts), default=0), at_most), _LEAST_HEADING)


def _status(row: Row) -> Text:
    staff = row.staff
    word = RINGING if row.status == RINGING else status_word(staff.status, staff.break_reason)
    return Text(printable(word), style=style_of(row.status))


def _note(row: Row, now: int) -> Text:
    others = [printable(remark) for remark in remarks(row.staff, now, row.trouble)]
    if not row.trouble:
        return Text(", ".join(others))
    return Text.assemble((row.trouble.words, TROUBLE_STYLE), "".join(f", {other}" for other in others))


def _next(staff: Staff) -> str:
    return printable(status_word(staff.next.status, staff.next.break_reason)) if staff.HasField("next") else ""
