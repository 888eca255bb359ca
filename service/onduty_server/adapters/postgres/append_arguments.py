"""A batch as the arguments of the append function: one array for each column; talks to no database."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

from onduty_server.adapters.checksums import checksum
from onduty_server.adapters.columns import columns, person_number
from onduty_server.adapters.postgres.arrays import BOOL, BYTES, INT2, INT4, INT8, TEXT, Array, ArrayType, array
from onduty_server.past import Facets, Life
from onduty_server.ports import AnswerRow, Entry, Key, RecordKind

SEPARATOR: Final = "\x1f"
"""Between the names of groups; no name has a control character."""

KEY_TYPES: Final = (TEXT, INT2, TEXT)
ENTRY_TYPES: Final = (
    *(INT4, INT8, INT4, INT8, INT8, INT8, INT8, INT2, BOOL, INT2, TEXT, INT8, TEXT, TEXT, INT8, TEXT, INT4, TEXT, TEXT),
    *(BYTES, BYTES, BYTES, BYTES, INT8),
)
CALL_TYPES: Final = (INT4, TEXT, TEXT)
LIFE_TYPES: Final = (INT4, INT8, INT2)
ANSWER_TYPES: Final = (TEXT, TEXT, BYTES, INT8, INT4, BYTES, INT8)
ERASURE_TYPES: Final = (INT4, INT8, INT8, INT8, TEXT, BYTES, BYTES, BYTES, BYTES, INT8)
TYPES: Final[tuple[ArrayType, ...]] = (*KEY_TYPES, *ENTRY_TYPES, *CALL_TYPES, *LIFE_TYPES, *ANSWER_TYPES, *ERASURE_TYPES)
"""The types of the arrays, in the order of the function's arguments."""

Rows = list[tuple[Any, ...]]


def append_arguments(entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Array]:
    """The arrays, in the order of ``TYPES``."""
    return [array(kind, values) for kind, values in zip(TYPES, append_columns(entries, answer_rows), strict=True)]


def append_columns(entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[list[Any]]:
    """The values of the arrays."""
    places: dict[Key, int] = {}
    last_of: dict[Key, int] = {}
    rows: Rows = []
    calls: Rows = []
    lives: Rows = []
    erasures: Rows = []
    ceiling = -(1 << 63)
    for number, entry in enumerate(entries, 1):
        key, facets = entry.key, entry.facets
        ceiling = max(ceiling, entry.changed_at, entry.recorded_at)
        rows.append(
            (
                places.setdefault(key, len(places) + 1),
                entry.expected,
                last_of.get(key),
                person_number(facets.person) if facets.person else None,
                entry.changed_at,
                entry.recorded_at,
                ceiling,
                *_facet_values(facets),
                entry.state,
                entry.private,
                entry.change,
                facets.configuration or None,
                content_checksum(key, entry.state, entry.private, entry.change, facets.configuration),
            )
        )
        last_of[key] = number
        if len(facets.calls) > 1:
            calls += [(number, call_id, source) for source, call_id in facets.calls[1:]]
        if facets.life is not Life.GOES_ON:
            lives.append((number, person_number(facets.person), int(facets.life)))
        if entry.erases is not None:
            erasures.append(_erasure(number, entry))
    answers = [(r.tenant, r.request_id, r.fingerprint, r.revision, r.entry, r.detail, r.answered_at) for r in answer_rows]
    keys = [(tenant, int(kind), name) for tenant, kind, name in places]
    return [
        *_turned(keys, len(KEY_TYPES)),
        *_turned(rows, len(ENTRY_TYPES)),
        *_turned(calls, len(CALL_TYPES)),
        *_turned(lives, len(LIFE_TYPES)),
        *_turned(answers, len(ANSWER_TYPES)),
        *_turned(erasures, len(ERASURE_TYPES)),
    ]


def content_checksum(key: Key, state: bytes, private: bytes, change: bytes, configuration: bytes) -> int:
    """The checksum of all of a record but its place; the database adds that (``sealed_1``)."""
    tenant, kind, name = key
    return checksum(0, 0, tenant, int(kind), name, state, private, change, configuration)


def sealed(content: int, revision: int, previous: int) -> int:
    """As ``sealed_1`` in the database."""
    place = (revision % (1 << 31) * 2_654_435_761) ^ (previous % (1 << 31) * 2_246_822_519)
    return content ^ place & 0xFFFF_FFFF


def _facet_values(facets: Facets) -> tuple[Any, ...]:
    found = columns(facets, None, None)
    return (
        found.cause,
        facets.moved,
        found.closed_status,
        found.closed_reason,
        found.closed_since,
        SEPARATOR.join(facets.groups) if facets.groups else None,
        SEPARATOR.join(facets.groups_after) if facets.groups_after else None,
        found.counts,
        found.talks,
        found.standing,
        found.call_id,
        found.source,
    )


def _erasure(number: int, entry: Entry) -> tuple[Any, ...]:
    order = entry.erases
    assert order is not None, "only entries that erase come here"
    key = Key(entry.key.tenant, RecordKind.STAFF, order.pseudonym)
    content = content_checksum(key, order.state, order.private, order.change, order.configuration)
    return (
        number,
        person_number(order.person),
        person_number(order.pseudonym),
        order.last,
        order.pseudonym,
        order.state,
        order.private,
        order.change,
        order.configuration or None,
        content,
    )


def _turned(rows: Rows, width: int) -> list[list[Any]]:
    """Rows as columns."""
    return [list(map(itemgetter(number), rows)) for number in range(width)]
