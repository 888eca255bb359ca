"""Reads staff from a CSV file, row by row with the line each came from; it does not know the server."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onduty_server.cli.failures import InputError

COLUMNS = ("staff_id", "display_name", "skill_groups")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A staff member as the file has it."""

    line: int
    """The line of the file at which the row begins; the first is 1."""
    staff_id: str
    display_name: str
    skill_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row that is no staff member, and why."""

    line: int
    fault: str


def read_staff_rows(lines: Iterable[str], *, name: str) -> Iterator[StaffRow | FaultyRow]:
    """Yields the rows below the heading line; empty lines are passed over.

    Args:
        lines: The file's lines, with their ends.
        name: What to call the file in errors.

    Raises:
        InputError: There is no heading line with a column staff_id, or it names a column that is not known.
    """
    rows = _numbered(lines, name)
    first, heading = next(rows, (1, []))
    heading = [column.strip().lower() for column in heading]
    unknown = [column for column in heading if column not in COLUMNS]
    if "staff_id" not in heading or unknown or len(set(heading)) < len(heading):
        found = ", ".join(heading) or "nothing"
        raise InputError(name, f"line {first} must name columns of {', '.join(COLUMNS)}; it has {found}")
    seen: dict[str, int] = {}
    for line, cells in rows:
        row = _row(line, heading, cells)
        if isinstance(row, StaffRow) and seen.setdefault(row.staff_id, line) != line:
            yield FaultyRow(line, f"{row.staff_id} is already on line {seen[row.staff_id]}")
        else:
            yield row


def _numbered(lines: Iterable[str], name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(name, f"line {line}: {error}") from error


def _row(line: int, heading: list[str], cells: list[str]) -> StaffRow | FaultyRow:
    if len(cells) > len(heading):
        return FaultyRow(line, f"{len(cells)} columns where the heading has {len(heading)}")
    named = dict(zip(heading, (cell.strip() for cell in cells), strict=False))
    if not named.get("staff_id"):
        return FaultyRow(line, "staff_id is empty")
    groups = (group.strip() for group in re.split(r"[;|]", named.get("skill_groups", "")))
    return StaffRow(line, named["staff_id"], named.get("display_name", ""), tuple(group for group in groups if group))
