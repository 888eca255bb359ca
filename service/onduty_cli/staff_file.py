"""Reads staff from a CSV file, row by row with the line each came from; it does not know the server."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from onduty_cli.counted import counted
from onduty_cli.failures import InputError
from onduty_cli.file_text import FileText, read_file
from onduty_cli.nearness import did_you_mean
from onduty_cli.sheets import STAFF
from onduty_cli.skill_groups import Membership, parse_membership
from onduty_cli.staff_id import id_fault, proposed_id

COLUMNS = ("staff_id", "display_name", "skill_groups")

_OTHER_NAMES = {
    "id": "staff_id", "staff": "staff_id", "name": "display_name", "groups": "skill_groups", "skills": "skill_groups",
}  # fmt: skip
_PASSED_OVER = frozenset(STAFF.columns) - set(COLUMNS)
"""What `staff list --csv` writes besides: its file can be imported elsewhere."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A staff member as the file has it."""

    line: int
    """The line of the file at which the row begins; the first is 1."""
    staff_id: str
    display_name: str
    skill_groups: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row that is no staff member, and why."""

    line: int
    fault: str


def staff_columns(file: FileText) -> list[str]:
    """Returns which of ``COLUMNS`` the heading has, in the contract's order.

    Raises:
        InputError: There is no heading line with a column staff_id, or it names a column that is not known.
    """
    heading = _heading(file, *next(file.rows(), (1, [])))
    return [column for column in COLUMNS if column in heading]


def read_staff_rows(file: FileText) -> Iterator[StaffRow | FaultyRow]:
    """Yields the rows below the heading line; blank lines are passed over.

    Raises:
        InputError: As ``staff_columns``, or the quotes are broken.
    """
    rows = file.rows()
    heading = _heading(file, *next(rows, (1, [])))
    seen: dict[str, int] = {}
    for line, cells in rows:
        row = _row(line, heading, cells)
        if isinstance(row, StaffRow) and seen.setdefault(row.staff_id, line) != line:
            yield FaultyRow(line, f"{row.staff_id} is already on line {seen[row.staff_id]}")
        else:
            yield row


def read_staff_ids(path: Path) -> list[str]:
    """Reads ids alone: a CSV file with a column staff_id, or an id a line; blank lines and those after # do not count.

    Raises:
        InputError: The file cannot be used.
    """
    file = read_file(path)
    first, cells = next(file.rows(), (1, []))
    if "staff_id" in [_column(cell) for cell in cells]:
        heading = [_column(cell) for cell in cells]
        place = heading.index("staff_id")
        rows = [row for line, row in file.rows() if line > first]
        return [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
    lines = (line.strip() for line in file.text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _column(cell: str) -> str:
    name = re.sub(r"[\s_-]+", "_", cell.strip().lower())
    return _OTHER_NAMES.get(name, name)


def _heading(file: FileText, line: int, cells: Sequence[str]) -> list[str]:
    heading = [_column(cell) for cell in cells]
    while heading and not heading[-1]:
        heading.pop()
    for column in heading:
        if column not in COLUMNS and column not in _PASSED_OVER and "staff_id" in heading:
            near = did_you_mean(column, COLUMNS)
            raise InputError(
                file.name, f"line {line} must name columns of {', '.join(COLUMNS)}; {column or 'an empty one'} is none{near}"
            )
    if "staff_id" not in heading or len(set(heading)) < len(heading):
        found = ", ".join(heading) or "nothing"
        raise InputError(file.name, f"line {line} must name columns of {', '.join(COLUMNS)}; it has {found}")
    return heading


def _row(line: int, heading: list[str], cells: list[str]) -> StaffRow | FaultyRow:
    while len(cells) > len(heading) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > len(heading):
        beyond = cells[len(heading)].strip()
        return FaultyRow(
            line, f"{counted(len(cells), 'column')} where the heading has {len(heading)}; the first beyond is {beyond!r}"
        )
    named = dict(zip(heading, (cell.strip() for cell in cells), strict=False))
    staff_id = named.get("staff_id", "")
    if not staff_id:
        return FaultyRow(line, "staff_id is empty")
    if fault := id_fault(staff_id):
        return FaultyRow(line, f"staff_id {fault}; did you mean {proposed_id(staff_id)}, and a column display_name?")
    groups = (group.strip() for group in re.split(r"[;|,]", named.get("skill_groups", "")))
    try:
        memberships = tuple(parse_membership(group) for group in groups if group)
    except ValueError as error:
        return FaultyRow(line, f"skill_groups: {error}")
    return StaffRow(line, staff_id, named.get("display_name", ""), memberships)
