"""Messages in a stream's body: five bytes of flags and length, then the message."""

import struct
from typing import Final, NamedTuple

from onduty_web.codes import Code
from onduty_web.compression import GZIP, WORTH_BYTES, compressed, decompressed
from onduty_web.failures import CallError

COMPRESSED: Final = 0x01
CONNECT_END: Final = 0x02
WEB_TRAILERS: Final = 0x80

_PREFIX: Final = struct.Struct(">BI")


class Envelope(NamedTuple):
    """A part of a stream's body."""

    flags: int
    content: bytes


def wrapped(content: bytes, *, flags: int = 0, encoding: str) -> bytes:
    """The content in an envelope, compressed where that is agreed and worth it."""
    if encoding == GZIP and len(content) >= WORTH_BYTES:
        content, flags = compressed(content), flags | COMPRESSED
    return _PREFIX.pack(flags, len(content)) + content


def only_message(body: bytes, *, encoding: str, limit: int) -> bytes:
    """The message of a request that has just one.

    Raises:
        CallError: There are none or several, or it is larger than ``limit`` bytes, or its compression was not announced.
    """
    envelopes = _split(body)
    if len(envelopes) != 1:
        raise CallError(Code.UNIMPLEMENTED, f"the method takes one message, and {len(envelopes)} were sent")
    flags, content = envelopes[0]
    if flags & ~COMPRESSED:
        raise CallError(Code.INVALID_ARGUMENT, f"a request's envelope has unknown flags: {flags:#04x}")
    if flags & COMPRESSED:
        if encoding != GZIP:
            raise CallError(Code.INTERNAL, "a message is compressed, and no header says how")
        return decompressed(content, limit)
    if len(content) > limit:
        raise CallError(Code.RESOURCE_EXHAUSTED, f"the message is larger than {limit} bytes")
    return content


def _split(body: bytes) -> list[Envelope]:
    envelopes, at = [], 0
    while at < len(body):
        if at + _PREFIX.size > len(body):
            raise CallError(Code.INVALID_ARGUMENT, "the body ends within an envelope's prefix")
        flags, length = _PREFIX.unpack_from(body, at)
        at += _PREFIX.size
        if at + length > len(body):
            raise CallError(Code.INVALID_ARGUMENT, f"an envelope promises {length} bytes, and {len(body) - at} are there")
        envelopes.append(Envelope(flags, body[at : at + length]))
        at += length
    return envelopes
