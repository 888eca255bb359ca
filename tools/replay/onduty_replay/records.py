"""Reads call records from a tab-separated file into checked values; decides nothing about how they are played.

The columns are those of the Anonymous Bank records: one call a line, clock times ``H:MM:SS``, dates ``YYMMDD``. A clock time
that lies more than twelve hours before the row's ``vru_entry`` is past midnight: it belongs to the day after ``date``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Final

from onduty_replay.names import counted

COLUMNS: Final = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "vru_time",
    "q_start", "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip
NO_SERVER: Final = "NO_SERVER"
DAY_SECONDS: Final = 86_400
HALF_DAY_SECONDS: Final = DAY_SECONDS // 2
ERRORS_SHOWN: Final = 20


class Outcome(Enum):
    """What became of a call; the values are the file's words."""

    SERVED = "AGENT"
    HUNG_UP = "HANG"
    PHANTOM = "PHANTOM"


@dataclass(frozen=True, slots=True)
class Interval:
    """Seconds since the midnight that begins the row's date; the end is at or after the start."""

    start: int
    end: int

    @property
    def seconds(self) -> int:
        """The length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One row."""

    line: int
    """The line in the file, from 1."""
    key: str
    """Date, voice-response line and call id: unique in the file."""
    day: date
    kind: str
    """The type column in lower case: the skill group that the call is for."""
    outcome: Outcome
    server: str | None
    """Who served it. None: the file names nobody."""
    queued: Interval | None
    """The time in the queue. None: the caller never queued."""
    service: Interval | None
    """The time served. None: the row has none."""
    reached_at: int
    """When the caller left the voice-response unit and the queue: where a served row without service times is placed."""
    past_midnight: bool
    """A clock time of the row belongs to the day after its date."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one line."""

    line: int
    text: str


class RecordsInvalidError(ValueError):
    """The file cannot be played. ``faults`` has every line at fault."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        """Build the sentence from the first faults."""
        self.faults = tuple(faults)
        shown = [f"line {fault.line}: {fault.text}" for fault in self.faults[:ERRORS_SHOWN]]
        if len(self.faults) > ERRORS_SHOWN:
            shown.append(f"and {len(self.faults) - ERRORS_SHOWN} more")
        super().__init__("\n".join(shown))


class _CellError(ValueError):
    """One cell, or the relation of two, is not what it must be."""


def read_records(path: Path) -> list[CallRecord]:
    """Every row of the file.

    Raises:
        RecordsInvalidError: a column is missing or unknown, or a row is at fault.
        OSError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RecordsInvalidError([RowFault(1, f"not UTF-8 text: {error.reason} at byte {error.start}")]) from error
    return parse_records(text.splitlines())


def parse_records(lines: Iterable[str]) -> list[CallRecord]:
    """Every row of the lines, the first of which names the columns.

    Raises:
        RecordsInvalidError: as ``read_records``. All rows are read first, so every fault is told at once.
    """
    numbered = enumerate(lines, start=1)
    columns = _columns(next(numbered, (1, ""))[1])
    records: list[CallRecord] = []
    faults: list[RowFault] = []
    line_of_key: dict[str, int] = {}
    for line, text in numbered:
        if not text.strip():
            continue
        try:
            record = _record(line, text, columns)
        except _CellError as error:
            faults.append(RowFault(line, str(error)))
            continue
        if (first := line_of_key.setdefault(record.key, line)) != line:
            faults.append(RowFault(line, f"the same call as line {first} ({record.key})"))
        records.append(record)
    if faults:
        raise RecordsInvalidError(faults)
    return records


def choose_days(records: Sequence[CallRecord], *, days: Sequence[date], first_days: int | None) -> list[CallRecord]:
    """The records of the days named, or of the first days of the file, or all.

    Raises:
        ValueError: a day named is not in the file.
    """
    if not records:
        return []
    present = sorted({record.day for record in records})
    if missing := [day for day in days if day not in present]:
        listed = ", ".join(f"{day:%y%m%d}" for day in missing)
        raise ValueError(f"no calls on {listed}; the file has {present[0]:%y%m%d} to {present[-1]:%y%m%d}")
    chosen = set(days) if days else set(present[:first_days])
    return [record for record in records if record.day in chosen]


def parse_day(text: str) -> date:
    """A date written ``YYMMDD``; 70 to 99 are of the last century.

    Raises:
        ValueError: it is not such a date.
    """
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a date YYMMDD")
    year = int(text[:2])
    try:
        return date(year + (1900 if year >= 70 else 2000), int(text[2:4]), int(text[4:]))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date YYMMDD: {error}") from error


def _columns(header: str) -> dict[str, int]:
    names = header.lstrip("\ufeff").rstrip("\r\n").split("\t")
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    faults = []
    if missing:
        faults.append(RowFault(1, f"columns missing: {', '.join(missing)}"))
    if unknown:
        faults.append(RowFault(1, f"columns unknown: {', '.join(repr(name) for name in unknown)}"))
    if len(set(names)) != len(names):
        faults.append(RowFault(1, "a column is named twice"))
    if faults:
        raise RecordsInvalidError(faults)
    return {name: at for at, name in enumerate(names)}


def _record(line: int, text: str, columns: dict[str, int]) -> CallRecord:
    cells = text.split("\t")
    if len(cells) != len(columns):
        raise _CellError(f"{counted(len(cells), 'column')} where the header has {len(columns)}")
    row = {name: cells[at].strip() for name, at in columns.items()}
    day, outcome = _day(row["date"]), _outcome(row["outcome"])
    clock = _RowClock(row)
    queued = clock.interval("q_start", "q_exit", "q_time") if outcome is not Outcome.PHANTOM else None
    service = clock.interval("ser_start", "ser_exit", "ser_time") if outcome is Outcome.SERVED else None
    return CallRecord(
        line=line,
        key=f"{row['date']}-{_word(row, 'vru+line')}-{_word(row, 'call_id')}",
        day=day,
        kind=_kind(row),
        outcome=outcome,
        server=None if (name := _word(row, "server")) == NO_SERVER else name,
        queued=queued,
        service=service,
        reached_at=queued.end if queued else clock.at("vru_exit"),
        past_midnight=clock.past_midnight,
    )


class _RowClock:
    """Reads a row's clock times as seconds since the midnight that begins its date."""

    def __init__(self, row: dict[str, str]) -> None:
        self._row = row
        self._entry = _clock_time("vru_entry", row["vru_entry"])
        self.past_midnight = False

    def at(self, column: str) -> int:
        """The instant in the column."""
        seconds = _clock_time(column, self._row[column])
        if self._entry - seconds > HALF_DAY_SECONDS:
            self.past_midnight = True
            return seconds + DAY_SECONDS
        return seconds

    def interval(self, start_column: str, end_column: str, length_column: str) -> Interval | None:
        """The interval of two columns. None: both are 0:00:00 and the length is 0, as where there was none."""
        row = self._row
        length = _whole_number(length_column, row[length_column])
        if not (_clock_time(start_column, row[start_column]) or _clock_time(end_column, row[end_column]) or length):
            return None
        start, end = self.at(start_column), self.at(end_column)
        if end < start:
            raise _CellError(f"{end_column} {row[end_column]} is before {start_column} {row[start_column]}")
        return Interval(start, end)


def _clock_time(column: str, text: str) -> int:
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        raise _CellError(f"{column} {text!r} is not a time H:MM:SS")
    hours, minutes, seconds = map(int, parts)
    if hours >= 48 or minutes >= 60 or seconds >= 60:
        raise _CellError(f"{column} {text!r} is not a time H:MM:SS below 48:00:00")
    return hours * 3600 + minutes * 60 + seconds


def _whole_number(column: str, text: str) -> int:
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise _CellError(f"{column} {text!r} is not a number of seconds")
    return int(text)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise _CellError(f"date {error}") from error


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError:
        known = ", ".join(outcome.value for outcome in Outcome)
        raise _CellError(f"outcome {text!r} is none of {known}") from None


def _word(row: dict[str, str], column: str) -> str:
    text = row[column]
    if not text or len(text) > 40 or not text.isprintable():
        raise _CellError(f"{column} {text!r} is not 1 to 40 printable characters")
    return text


def _kind(row: dict[str, str]) -> str:
    kind = _word(row, "type").lower()
    if not kind.isascii() or not kind.isalnum():
        raise _CellError(f"type {row['type']!r} is not letters and digits")
    return kind
