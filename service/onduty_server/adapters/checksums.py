"""What tells a record that was damaged in the file: a checksum over its key and its parts, kept beside them."""

import struct
import zlib
from typing import Any, Final

from onduty_server.ports import Key, Record, RecordDamagedError, RecordKind, Revision

_NUMBERS: Final = struct.Struct(">qqqIIII").pack

_KINDS: Final = {kind.value: kind for kind in RecordKind}


def checksum(  # noqa: PLR0917 - SQL has no other arguments
    revision: int,
    previous: int,
    tenant: str,
    kind: int,
    name: str,
    state: bytes,
    private: bytes,
    change: bytes,
    configuration: bytes,
) -> int:
    """The CRC32 of a record, with all that a ``Record`` has. Also a function of the append connection's SQL."""
    key = f"{tenant}\n{name}".encode()
    numbers = _NUMBERS(revision, previous, kind, len(key), len(state), len(private), len(change))
    return zlib.crc32(b"".join((numbers, key, state, private, change, configuration)))


def record(row: tuple[Any, ...]) -> Record:
    """A record from the columns of ``queries.RECORD``.

    Raises:
        RecordDamagedError: It is not what was appended.
    """
    revision, previous, tenant, kind, name, state, private, change, configuration, kept = row
    named = _KINDS.get(kind)
    if named is None or checksum(revision, previous, tenant, kind, name, state, private, change, configuration) != kept:
        raise RecordDamagedError(Revision(revision))
    return Record(revision, previous, Key(tenant, named, name), state, private, change, configuration)
