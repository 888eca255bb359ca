"""Instants, lengths of time and varints, as protobuf has them."""

from typing import Final

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from onduty_server.domain.model.status import (
    SECOND,
    Instant,
    Micros,
)

_VARINTS: Final = [bytes((n,)) if n < 0x80 else bytes((n & 0x7F | 0x80, n >> 7)) for n in range(1 << 14)]


_LOW_PARTS: Final = [bytes((n & 0x7F | 0x80, n >> 7 | 0x80)) for n in range(1 << 14)]


def varint(value: int) -> bytes:
    """A non-negative integer as protobuf writes it."""
    low = b""
    while value >= 1 << 14:
        low += _LOW_PARTS[value & 0x3FFF]
        value >>= 14
    return low + _VARINTS[value]


def instant(stamp: Timestamp) -> Instant:
    """A protobuf timestamp as an instant, cut to microseconds."""
    return Instant(stamp.seconds * SECOND + stamp.nanos // 1000)


def put(at: Instant, stamp: Timestamp) -> None:
    """Set a message's timestamp in place: a third of the cost of one that is made and copied in."""
    stamp.seconds, micros = divmod(at, SECOND)
    stamp.nanos = micros * 1000


def duration(length: Micros) -> Duration:
    """A length of time as a protobuf duration."""
    whole, micros = divmod(length, SECOND)
    return Duration(seconds=whole, nanos=micros * 1000)


def micros(length: Duration) -> Micros:
    """A protobuf duration as microseconds, cut toward zero. It may be negative; the caller checks."""
    return Micros(length.seconds * SECOND + int(length.nanos / 1000))


def maybe_instant(message: Message, name: str) -> Instant | None:
    """The instant of a timestamp field, where it is set."""
    return instant(getattr(message, name)) if message.HasField(name) else None
