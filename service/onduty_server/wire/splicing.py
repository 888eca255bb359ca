"""Answers and stream frames spliced from bytes that were encoded once; the field numbers are those of the contract.

A test holds every splice against the message that the generated code parses from it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from onduty_server.engine.watch.selection import FRAME_BYTES
from onduty_server.wire.primitives import varint

_LENGTH_DELIMITED = 2


def _tag(number: int) -> bytes:
    return bytes([number << 3 | _LENGTH_DELIMITED])


_FIELD = [_tag(number) if number else b"" for number in range(16)]
_TRUE = [bytes([number << 3, 1]) if number else b"" for number in range(16)]


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field."""
    return b"".join((_FIELD[number], varint(len(content)), content))


# --- unary answers: staff = 1, position = 2, replayed = 3 in every answer about one person ---------------------------


def answer(staff: bytes, position: str, *, replayed: bool = False, extra: bytes = b"") -> bytes:
    """An answer about one staff member; ``extra`` holds the fields that only this answer has."""
    token = position.encode()
    parts = (_FIELD[1], varint(len(staff)), staff, _FIELD[2], varint(len(token)), token, _TRUE[3] if replayed else b"", extra)
    return b"".join(parts)


def applied(*, changed: bool) -> bytes:
    """The field ``applied = 4``."""
    return _TRUE[4] if changed else b""


def outcome(value: int) -> bytes:
    """The field ``outcome = 5`` of an answer to a fact; ``value`` is below 128."""
    return bytes((5 << 3, value))


def claim(claim_id: str, skill_group: str, *, already_offered: bool) -> bytes:
    """The fields ``claim_id = 4``, ``skill_group = 5`` and ``already_offered = 6``."""
    group = field(5, skill_group.encode()) if skill_group else b""
    return b"".join((field(4, claim_id.encode()), group, _TRUE[6] if already_offered else b""))


# --- WatchStaffResponse: position = 1, snapshot_chunk = 2, changes = 3, bookmark = 4, going_away = 5, catching_up = 6 --

CATCHING_UP: Final = _TRUE[6]
"""What is put behind a frame of a watch that has not shown yet what was there when it was opened."""


def snapshot(bodies: Iterable[bytes], position: str) -> Iterator[bytes]:
    """The frames of a snapshot; only the last one is flagged and has the position."""
    chunk: list[bytes] = []
    size = 0
    for body in bodies:
        if size + len(body) > FRAME_BYTES and chunk:
            yield field(2, b"".join(chunk))
            chunk, size = [], 0
        chunk += (_FIELD[1], varint(len(body)), body)
        size += len(body) + 4
    chunk.append(_TRUE[2])
    yield field(1, position.encode()) + field(2, b"".join(chunk))


def changes(elements: Iterable[bytes], position: str, *, conflated: bool) -> bytes:
    """A frame of changes."""
    parts: list[bytes] = []
    for element in elements:
        parts += (_FIELD[1], varint(len(element)), element)
    if conflated:
        parts.append(_TRUE[2])
    size = sum(map(len, parts))
    return b"".join((field(1, position.encode()), _FIELD[3], varint(size), *parts))


def bookmark(position: str) -> bytes:
    """A frame that says: everything up to the position was sent."""
    return field(1, position.encode()) + field(4, b"")


def going_away(position: str, reconnect_after: bytes) -> bytes:
    """A frame that announces the end; ``reconnect_after`` is an encoded GoingAway."""
    return field(1, position.encode()) + field(5, reconnect_after)


# --- AttachResponse: position = 1, change = 2, bookmark = 3, going_away = 4 ---------------------------------------------


def attached(element: bytes, position: str) -> bytes:
    """A frame with the own state."""
    return field(1, position.encode()) + field(2, element)


def attached_bookmark(position: str) -> bytes:
    """A frame that says: the stream lives."""
    return field(1, position.encode()) + field(3, b"")


def attached_going_away(position: str, reconnect_after: bytes) -> bytes:
    """A frame that announces the end."""
    return field(1, position.encode()) + field(4, reconnect_after)
