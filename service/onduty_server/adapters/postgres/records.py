"""Rows of the database as records, each with its checksum looked at; asks for nothing."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from onduty_server.adapters.columns import standing
from onduty_server.adapters.postgres.append_arguments import content_checksum, sealed
from onduty_server.past import Place
from onduty_server.ports import Key, Record, RecordDamagedError, RecordKind, Revision

_KINDS: Final = {kind.value: kind for kind in RecordKind}


def record(row: tuple[Any, ...]) -> Record:
    """A record from the columns of ``queries.RECORD``.

    Raises:
        RecordDamagedError: It is not what was appended.
    """
    revision, previous, tenant, kind, name, state, private, change, configuration, kept = row
    named = _KINDS.get(kind)
    if named is None:
        raise RecordDamagedError(Revision(revision))
    key = Key(tenant, named, name)
    if sealed(content_checksum(key, state, private, change, configuration), revision, previous) != kept:
        raise RecordDamagedError(Revision(revision))
    return Record(revision, previous, key, state, private, change, configuration)


def record_with_standing(row: tuple[Any, ...]) -> Record:
    """A record from the same columns and those of ``queries.STANDING``; see ``record``."""
    *columns, packed, closed_status, groups, after = row
    found = record(tuple(columns))
    if packed is None:
        return found
    return found._replace(standing=standing(packed, closed_status, tuple(groups or ()), tuple(after or ())))


def place_before(packed: int, closed_status: int | None, groups: Sequence[str] | None) -> Place | None:
    """Where somebody stood before a record, from its columns."""
    return standing(packed, closed_status, tuple(groups or ()), ()).was


def records(rows: Iterable[tuple[Any, ...]]) -> list[Record]:
    """Several."""
    return list(map(record, rows))
