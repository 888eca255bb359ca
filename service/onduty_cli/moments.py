"""Reads and writes durations and instants as people type and read them; it never reads a clock."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

import typer
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from onduty_cli.nearness import did_you_mean
from onduty_cli.zones import machine_zone_name

MICROSECONDS = 1_000_000
"""Microseconds in a second: instants and durations are whole microseconds throughout the command line."""

_UNITS = {
    "ms": 1_000,
    "s": MICROSECONDS,
    "m": 60 * MICROSECONDS,
    "h": 3_600 * MICROSECONDS,
    "d": 86_400 * MICROSECONDS,
}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_DURATION = re.compile(rf"(?:{_PART.pattern})+")
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_LONGEST_DAYS = 100_000
_NAMED_DAYS = {"today": 0, "yesterday": -1}


class _Chosen:
    """The zone in which one run of the command line reads and writes instants; every thread of it uses the same."""

    zone: tzinfo | None = None
    """None: the machine's."""


def choose_zone(zone: tzinfo | None) -> None:
    """Reads and writes all instants in the zone from here on; None for the machine's."""
    _Chosen.zone = zone


def iana_zone_name() -> str:
    """Names the zone in which instants are read and written as the server knows it.

    Raises:
        typer.BadParameter: This machine's zone has no such name.
    """
    name = str(_Chosen.zone) if _Chosen.zone is not None else machine_zone_name()
    if not name:
        raise typer.BadParameter("this machine's time zone has no name: give one with --zone, as in Europe/Berlin")
    return name


def zone_name() -> str:
    """Names the zone in which instants are read and written: ``Europe/Berlin``; ``local time`` where it has no name."""
    if _Chosen.zone is not None:
        return str(_Chosen.zone)
    return machine_zone_name() or "local time"


def parse_duration(text: str) -> int:
    """Reads a duration such as ``20s``, ``15m``, ``1h30m`` or ``7d``, or a plain ``0``.

    Returns:
        Microseconds, never negative.

    Raises:
        ValueError: The text is not a duration; the message says how one is written.
    """
    stripped = text.strip().lower()
    if stripped == "0":
        return 0
    if not _DURATION.fullmatch(stripped):
        raise ValueError(f"{text!r} is not a duration; write one as 20s, 15m, 1h30m or 7d")
    microseconds = sum(round(float(amount) * _UNITS[unit]) for amount, unit in _PART.findall(stripped))
    if microseconds > _LONGEST_DAYS * _UNITS["d"]:
        raise ValueError(f"{text!r} is longer than {_LONGEST_DAYS} days")
    return microseconds


def parse_moment(text: str, *, now: int) -> int:
    """Reads an instant: ``2h`` (that long ago), ``14:30`` (today), ``today``, ``yesterday``, ``now``, or ISO 8601.

    An ISO instant without an offset, and the beginning of a day, are meant in the chosen zone.

    Args:
        text: What was typed.
        now: The present instant, in microseconds since the epoch.

    Returns:
        Microseconds since the epoch.

    Raises:
        ValueError: The text is not an instant; the message says how one is written.
    """
    stripped = text.strip().lower()
    today = _local(now).date()
    if stripped == "now":
        return now
    if stripped in _NAMED_DAYS:
        return day_begins(today + timedelta(days=_NAMED_DAYS[stripped]))
    if _DURATION.fullmatch(stripped):
        return now - parse_duration(stripped)
    try:
        if _TIME_OF_DAY.fullmatch(stripped):
            hour, _, rest = stripped.partition(":")
            stripped = f"{today.isoformat()}T{hour:0>2}:{rest}"
        return _microseconds(_zoned(datetime.fromisoformat(stripped.upper())))
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is not an instant; write one as 2h (ago), 14:30, today, 2026-03-01 or 2026-03-01T14:30:00Z"
            f"{did_you_mean(stripped, (*_NAMED_DAYS, 'now'))}"
        ) from None


def day_of(instant: int) -> date:
    """Returns the day in the chosen zone on which an instant falls."""
    return _local(instant).date()


def day_begins(day: date) -> int:
    """Returns the first instant of a day in the chosen zone. A day has 23 or 25 hours where the clocks change on it."""
    return _microseconds(_zoned(datetime(day.year, day.month, day.day)))  # noqa: DTZ001 - the zone is given next.


def _zoned(moment: datetime) -> datetime:
    # A time that the clocks leave out is read by the offset before, one that comes twice as the first.
    if moment.tzinfo is not None:
        return moment
    return moment.astimezone() if _Chosen.zone is None else moment.replace(tzinfo=_Chosen.zone)


def _local(instant: int) -> datetime:
    return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=instant)).astimezone(_Chosen.zone)


def _microseconds(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def moment_text(instant: int) -> str:
    """Writes an instant in local time to the millisecond: ``2026-03-01 14:30:00.250``."""
    return _local(instant).isoformat(sep=" ", timespec="milliseconds")[:23]


def iso_text(instant: int) -> str:
    """Writes an instant in ISO 8601 with the chosen zone's offset, exact: ``2026-03-01T14:30:00.250000+01:00``."""
    return _local(instant).isoformat(timespec="microseconds")


def clock_text(instant: int) -> str:
    """Writes the local time of day to the second: ``14:30:00``."""
    return _local(instant).strftime("%H:%M:%S")


def elapsed_text(microseconds: int) -> str:
    """Writes a length of time to the second with its units: ``7s``, ``12m30s``, ``1h02m30s``, ``3d01h02m30s``; below 0 is 0."""
    minutes, seconds = divmod(max(microseconds, 0) // MICROSECONDS, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d{hours:02}h{minutes:02}m{seconds:02}s"
    if hours:
        return f"{hours}h{minutes:02}m{seconds:02}s"
    return f"{minutes}m{seconds:02}s" if minutes else f"{seconds}s"


def day_text(instant: int) -> str:
    """Writes the local day: ``Sunday 2026-03-01``."""
    return _local(instant).strftime("%A %Y-%m-%d")


def time_of_day_text(instant: int) -> str:
    """Writes the local time of day to the millisecond: ``14:30:00.250``."""
    return moment_text(instant)[11:]


def zone_text(instant: int) -> str:
    """Names the zone in which instants are written, as it is at that instant: ``CET, UTC+01:00``, or ``UTC``."""
    local = _local(instant)
    offset = f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:5]
    name = local.tzname() or ""
    if offset == "UTC+00:00" and name in {"", "UTC", "GMT"}:
        return "UTC"
    return offset if not name or name.startswith(("+", "-")) else f"{name}, {offset}"


def span_text(microseconds: int) -> str:
    """Writes a length of time with its units, the two greatest: ``7s``, ``16m17s``, ``1h02m``, ``3d04h``; below 0 is 0."""
    minutes, seconds = divmod(max(microseconds, 0) // MICROSECONDS, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d{hours:02}h"
    if hours:
        return f"{hours}h{minutes:02}m"
    return f"{minutes}m{seconds:02}s" if minutes else f"{seconds}s"


def duration_text(microseconds: int) -> str:
    """Writes a duration as ``parse_duration`` reads it: ``30s``, ``1h30m``, ``180d``; ``0`` for none."""
    parts: list[str] = []
    for unit in ("d", "h", "m", "s", "ms"):
        amount, microseconds = divmod(microseconds, _UNITS[unit])
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts) or "0"


def instant_of(timestamp: Timestamp) -> int:
    """Returns a timestamp of the contract as microseconds since the epoch."""
    return timestamp.ToMicroseconds()


def timestamp_of(instant: int) -> Timestamp:
    """Returns microseconds since the epoch as a timestamp of the contract."""
    timestamp = Timestamp()
    timestamp.FromMicroseconds(instant)
    return timestamp


def length_of(duration: Duration) -> int:
    """Returns a duration of the contract in microseconds."""
    return duration.ToMicroseconds()


def duration_of(microseconds: int) -> Duration:
    """Returns microseconds as a duration of the contract."""
    duration = Duration()
    duration.FromMicroseconds(microseconds)
    return duration
