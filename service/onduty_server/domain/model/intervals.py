"""Periods cut into quarters, half hours, hours and days of a time zone; reads no clock.

A day begins at the zone's midnight and has 23 to 25 hours where clocks change. Shorter intervals begin where the zone's clock
shows a multiple of their length, and where it is changed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import IntEnum
from typing import Final

from onduty_server.domain.model.status import SECOND, Instant

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class IntervalLength(IntEnum):
    """How long intervals are; WHOLE: the whole period is one."""

    WHOLE = 0
    QUARTER_HOUR = 1
    HALF_HOUR = 2
    HOUR = 3
    DAY = 4


_LENGTHS: Final = {
    IntervalLength.QUARTER_HOUR: 900 * SECOND,
    IntervalLength.HALF_HOUR: 1800 * SECOND,
    IntervalLength.HOUR: 3600 * SECOND,
}
SHORTEST: Final = {**_LENGTHS, IntervalLength.DAY: 20 * 3600 * SECOND}
"""No interval between two cuts of a period is shorter, but where clocks change."""


def cuts(start: Instant, end: Instant, length: IntervalLength, zone: tzinfo) -> Iterator[Instant]:
    """``start``, each beginning of an interval after it and before ``end``, and ``end``. ``start`` is before ``end``."""
    at = start
    while at < end:
        yield at
        at = end if length is IntervalLength.WHOLE else _next(at, length, zone)
    yield end


def beginning(at: Instant, length: IntervalLength, zone: tzinfo) -> Instant:
    """When the interval began that ``at`` lies in. Not for WHOLE."""
    if length is IntervalLength.DAY:
        return _midnight(_local(at, zone), 0)
    offset = _offset(at, zone)
    begun = Instant(at - (at + offset) % _LENGTHS[length])
    return begun if _offset(begun, zone) == offset else _change(begun, at, zone)


def _next(at: Instant, length: IntervalLength, zone: tzinfo) -> Instant:
    if length is IntervalLength.DAY:
        local = _local(at, zone)
        following = _midnight(local, 1)
        return following if following > at else _midnight(local, 2)
    offset = _offset(at, zone)
    step = _LENGTHS[length]
    following = Instant(at + step - (at + offset) % step)
    return following if _offset(following, zone) == offset else _change(at, following, zone)


def _local(at: Instant, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone)


def _offset(at: Instant, zone: tzinfo) -> int:
    offset = _local(at, zone).utcoffset()
    return 0 if offset is None else offset // _MICROSECOND


def _midnight(local: datetime, days: int) -> Instant:
    """The midnight that begins the local day, or one later; where clocks skip it, the instant at which they do."""
    day = local.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return Instant((day.replace(tzinfo=local.tzinfo) - _EPOCH) // _MICROSECOND)


def _change(before: Instant, after: Instant, zone: tzinfo) -> Instant:
    """When the zone's clock is changed between two instants, to the second; it shows another offset at the later one."""
    offset = _offset(before, zone)
    low, high = before // SECOND, -(-after // SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(Instant(middle * SECOND), zone) == offset:
            low = middle
        else:
            high = middle
    return Instant(high * SECOND)
