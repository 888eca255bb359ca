"""Reads a list of calls in progress: CSV with a heading, or a JSON object a line. It does not know the server."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from onduty.v1 import staff_pb2
from onduty_cli.failures import InputError
from onduty_cli.file_text import FileText, read_file
from onduty_cli.moments import parse_moment
from onduty_cli.nearness import did_you_mean
from onduty_cli.words import DIRECTIONS, full_name

COLUMNS = ("staff_id", "call_id", "direction", "leg", "occurred_at")
NEEDED = ("staff_id", "call_id")
_OTHER_NAMES = {"staff": "staff_id", "call": "call_id", "channel": "leg", "started_at": "occurred_at", "start": "occurred_at"}


class ListedCall(NamedTuple):
    """A call of the list. ``occurred_at`` is in microseconds since the epoch, None where the list does not say."""

    staff_id: str
    call_id: str
    direction: str
    leg: str
    occurred_at: int | None


def read_calls(path: Path, *, now: int) -> list[ListedCall]:
    """Reads the calls of a file, or of standard input for ``-``; an empty one lists none.

    Raises:
        InputError: The file cannot be used. Every faulty line is named, up to ten.
    """
    file = read_file(path)
    rows = _objects(file) if file.text.lstrip().startswith("{") else _table(file)
    calls: list[ListedCall] = []
    faults: list[str] = []
    for line, row in rows:
        try:
            calls.append(_call(row, now=now))
        except ValueError as error:
            faults.append(f"line {line}: {error}")
    if faults:
        more = f", and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise InputError(file.name, "; ".join(faults[:10]) + more)
    return calls


def _objects(file: FileText) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line, text in enumerate(file.text.splitlines(), start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError as error:
            raise InputError(file.name, f"line {line}: not a JSON object: {error}") from error
        if not isinstance(row, dict):
            raise InputError(file.name, f"line {line}: not a JSON object")
        _check_columns(file, line, tuple(row))
        yield line, row


def _table(file: FileText) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = file.rows()
    line, cells = next(rows, (1, list(NEEDED)))
    heading = [_column(cell) for cell in cells]
    while heading and not heading[-1]:
        heading.pop()
    _check_columns(file, line, heading)
    for row_line, row in rows:
        yield row_line, dict(zip(heading, (cell.strip() for cell in row), strict=False))


def _column(cell: str) -> str:
    name = re.sub(r"[\s_-]+", "_", cell.strip().lower())
    return _OTHER_NAMES.get(name, name)


def _check_columns(file: FileText, line: int, names: Sequence[str]) -> None:
    for name in names:
        if name not in COLUMNS:
            near = did_you_mean(name, COLUMNS)
            raise InputError(file.name, f"line {line}: {name or 'an empty name'} is none of {', '.join(COLUMNS)}{near}")
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(file.name, f"line {line} must name {' and '.join(NEEDED)}; it has no {' and no '.join(missing)}")


def _call(row: Mapping[str, Any], *, now: int) -> ListedCall:
    staff_id, call_id = str(row.get("staff_id") or ""), str(row.get("call_id") or "")
    if not staff_id or not call_id:
        raise ValueError(f"{'staff_id' if not staff_id else 'call_id'} is empty")
    direction = str(row.get("direction") or "")
    full = full_name(staff_pb2.Direction, direction) if direction else "DIRECTION_UNSPECIFIED"
    if full is None:
        raise ValueError(f"{direction!r} is none of {', '.join(DIRECTIONS)}{did_you_mean(direction, DIRECTIONS)}")
    at = str(row.get("occurred_at") or "")
    return ListedCall(staff_id, call_id, full, str(row.get("leg") or ""), parse_moment(at, now=now) if at else None)
