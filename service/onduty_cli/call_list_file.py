"""Reads a telephony source's list of calls, as a table with a heading or as JSON Lines; it does not know the server."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from onduty.v1 import staff_pb2
from onduty_cli.counted import counted
from onduty_cli.failures import InputError
from onduty_cli.file_text import FileText
from onduty_cli.nearness import did_you_mean
from onduty_cli.words import DIRECTIONS, full_name

COLUMNS: Final = ("staff_id", "call_id", "direction", "occurred_at", "leg")
"""What a list can say of a call; the first two it must say."""
FAULTS_SHOWN: Final = 5

_OTHER_NAMES: Final = {
    "staff": "staff_id", "call": "call_id", "started_at": "occurred_at", "since": "occurred_at", "channel": "leg",
}  # fmt: skip

ParseInstant = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call that the list says is in progress."""

    line: int
    """Where it stands in the file, from 1."""
    staff_id: str
    call_id: str
    direction: str | None
    """The contract's name; None: the list does not say."""
    occurred_at: int | None
    """When it started, in microseconds since the epoch; None: the list does not say."""
    leg: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a list has once."""
        return self.staff_id, self.call_id, self.leg


def read_call_list(file: FileText, parse_instant: ParseInstant) -> list[ListedCall]:
    """Reads the list, in its order. A list without calls has the heading alone, or nothing at all.

    Args:
        file: The file. A first character ``{`` means JSON Lines; else the first line names the columns.
        parse_instant: Reads an instant as microseconds since the epoch, or raises ValueError.

    Raises:
        InputError: Something cannot be read. It names up to five lines; a list is used whole or not at all.
    """
    calls: dict[tuple[str, str, str], ListedCall] = {}
    faults: list[str] = []
    for line, fields in _rows(file):
        try:
            call = _call(line, fields, parse_instant)
        except ValueError as error:
            faults.append(f"line {line}: {error}")
            continue
        if (first := calls.setdefault(call.key, call)) is not call:
            faults.append(f"line {line}: {call.call_id} of {call.staff_id} is already on line {first.line}")
    if faults:
        beyond = len(faults) - FAULTS_SHOWN
        more = [f"and {counted(beyond, 'more line')} at fault"] if beyond > 0 else []
        raise InputError(file.name, "; ".join(faults[:FAULTS_SHOWN] + more))
    return list(calls.values())


def _rows(file: FileText) -> Iterator[tuple[int, Mapping[str, str]]]:
    if file.text.lstrip().startswith("{"):
        return _json_rows(file)
    return _table_rows(file)


def _json_rows(file: FileText) -> Iterator[tuple[int, Mapping[str, str]]]:
    for line, text in enumerate(file.text.splitlines(), 1):
        if not text.strip():
            continue
        try:
            fields = json.loads(text)
        except ValueError as error:
            raise InputError(file.name, f"line {line} is no JSON object: {error}") from None
        if not isinstance(fields, dict):
            raise InputError(file.name, f"line {line} is no JSON object")
        yield line, {_column(file, line, name): _json_text(file, line, name, value) for name, value in fields.items()}


def _json_text(file: FileText, line: int, name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(file.name, f"line {line}: {name} must be a string, not {json.dumps(value)}")
    return value


def _table_rows(file: FileText) -> Iterator[tuple[int, Mapping[str, str]]]:
    rows = file.rows()
    line, cells = next(rows, (1, list(COLUMNS)))
    heading = [_column(file, line, cell) for cell in cells]
    if not {"staff_id", "call_id"} <= set(heading) or len(set(heading)) < len(heading):
        raise InputError(file.name, f"line {line} must name columns of {', '.join(COLUMNS)}; it has {', '.join(heading)}")
    for line, cells in rows:
        if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
            raise InputError(file.name, f"line {line} has {counted(len(cells), 'column')}, the heading has {len(heading)}")
        yield line, dict(zip(heading, cells, strict=False))


def _column(file: FileText, line: int, name: str) -> str:
    plain = re.sub(r"[\s_-]+", "_", name.strip().lower())
    column = _OTHER_NAMES.get(plain, plain)
    if column not in COLUMNS:
        near = did_you_mean(column, COLUMNS)
        raise InputError(file.name, f"line {line}: {name or 'an empty column'} is none of {', '.join(COLUMNS)}{near}")
    return column


def _call(line: int, fields: Mapping[str, str], parse_instant: ParseInstant) -> ListedCall:
    said = {name: text.strip() for name, text in fields.items()}
    for needed in ("staff_id", "call_id"):
        if not said.get(needed):
            raise ValueError(f"{needed} is empty")
    direction = said.get("direction", "")
    if direction and full_name(staff_pb2.Direction, direction) is None:
        raise ValueError(f"{direction!r} is none of {', '.join(DIRECTIONS)}{did_you_mean(direction, DIRECTIONS)}")
    occurred_at = said.get("occurred_at", "")
    return ListedCall(
        line,
        said["staff_id"],
        said["call_id"],
        full_name(staff_pb2.Direction, direction) if direction else None,
        parse_instant(occurred_at) if occurred_at else None,
        said.get("leg", ""),
    )
