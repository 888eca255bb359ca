"""What the journal takes and gives, as values: records of states and changes, answers to requests, steps of the clock."""

from enum import IntEnum
from typing import NamedTuple

from onduty_server.domain.model.status import Instant, Micros
from onduty_server.past import NO_FACETS, NO_REVISION, Erasure, Facets, Revision, Standing


class RecordKind(IntEnum):
    """What a record is about."""

    STAFF = 1
    BREAK_REASON = 2
    POLICY = 3
    ENDED_LEGS = 4
    CLOCK = 5
    ERASURE = 6


class Key(NamedTuple):
    """What a record is of. ``name`` is the staff id, the break reason's code, an erased person's pseudonym, or empty.

    ``ENDED_LEGS``, by person id, is what was remembered of somebody since their last change: it counts until the next one. The
    clock is of no tenant: its name is empty.
    """

    tenant: str
    kind: RecordKind
    name: str


class Entry(NamedTuple):
    """A record to append.

    ``expected`` is the revision of the key's last record, 0 if it has none. It concerns the journal before the batch: entries
    of one key within a batch follow each other, and all carry the same ``expected``.
    ``state`` and ``change`` are encoded without their revision; ``change`` is empty for configuration. Every record of a staff
    member has a person in its ``facets``. ``erases`` orders the erasure of a person with this record.
    """

    key: Key
    expected: Revision
    state: bytes
    private: bytes
    change: bytes
    changed_at: Instant
    recorded_at: Instant
    facets: Facets = NO_FACETS
    erases: Erasure | None = None


class ClockStep(NamedTuple):
    """A step of the server's clock, or time that no server saw pass: ``at`` is the present after it, ``by`` its length.

    ``revision`` is that of the record that has it first; 0: that which is being read. ``is_owed``: not everybody's deadlines
    have been moved by it.
    """

    revision: Revision
    at: Instant
    by: Micros
    is_owed: bool


class ClockRecord(NamedTuple):
    """What is known of the clock: its latest steps. ``instance_id`` is the process that recorded the last one."""

    instance_id: str
    steps: tuple[ClockStep, ...] = ()


class AnswerRow(NamedTuple):
    """The answer to a request id, to be kept with the batch.

    The answer is the state at ``revision``, or at the revision of the batch's entry number ``entry`` (0-based) if that is not
    None, and ``detail``, which the journal does not look into. ``fingerprint`` tells the request's content.
    """

    tenant: str
    request_id: str
    fingerprint: bytes
    answered_at: Instant
    revision: Revision = NO_REVISION
    entry: int | None = None
    detail: bytes = b""


class StoredAnswer(NamedTuple):
    """A kept answer."""

    fingerprint: bytes
    revision: Revision
    detail: bytes


class Record(NamedTuple):
    """A record as the journal holds it: an entry with its revision, and the revision of the same key before it (0: none).

    ``standing`` is what the facets of a staff record say to filters. ``read`` alone has it, so that nobody decodes a message to
    skip it; None: it is not known.
    """

    revision: Revision
    previous: Revision
    key: Key
    state: bytes
    private: bytes
    change: bytes
    configuration: bytes = b""
    standing: Standing | None = None
