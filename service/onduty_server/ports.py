"""What the engine needs from the outside, as protocols whose docstrings are the contract; implements nothing.

An adapter that keeps these promises can replace another. The journal's promises are checked by one suite against every
adapter (``tests/adapters/journal_contract.py``).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, NewType, Protocol

from onduty_server.domain.model.change import Change
from onduty_server.domain.model.ended_legs import EndedLegs
from onduty_server.domain.model.policy import BreakReason, Policy
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import ActorRole, Cause, Instant, Micros, Status

Revision = NewType("Revision", int)
"""A record's place in the total order of a store: 1, 2, 3 ... without gaps; 0 is before all."""

NO_REVISION: Final = Revision(0)
"""Before all records; also "none"."""


# --- the journal ------------------------------------------------------------------------------------------------------


class RecordKind(IntEnum):
    """What a record is about."""

    STAFF = 1
    BREAK_REASON = 2
    POLICY = 3
    ENDED_LEGS = 4
    CLOCK = 5


class Key(NamedTuple):
    """What a record is of. ``name`` is the staff id, the break reason's code, or empty for the policy and the clock.

    ``ENDED_LEGS`` is what was remembered of a staff member since their last change: it counts until the next one. The clock is
    of no tenant: its name is empty.
    """

    tenant: str
    kind: RecordKind
    name: str


class Interval(NamedTuple):
    """A stay in one status that a record closes: it lasted from ``since`` to the record's ``changed_at``."""

    status: Status
    break_reason: str
    since: Instant


class Entry(NamedTuple):
    """A record to append.

    ``expected`` is the revision of the key's last record, 0 if it has none. It concerns the journal before the batch: entries
    of one key within a batch follow each other, and all carry the same ``expected``.
    ``state`` and ``change`` are encoded without their revision; ``change`` is empty for configuration.
    ``closes`` is set where the visible status or break reason changed.
    """

    key: Key
    expected: Revision
    state: bytes
    private: bytes
    change: bytes
    changed_at: Instant
    recorded_at: Instant
    cause: Cause | None = None
    closes: Interval | None = None
    calls_started: int = 0


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


class Mark(NamedTuple):
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
    """A record as the journal holds it: an entry with its revision, and the revision of the same key before it (0: none)."""

    revision: Revision
    previous: Revision
    key: Key
    state: bytes
    private: bytes
    change: bytes


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which staff records of a tenant. Empty tuples and None do not restrict; ``limit`` is 1-10,000 records.

    ``after`` excludes revisions up to it (with ``newest_first``: from it on, 0 meaning none); ``start <= changed_at < end``.
    """

    tenant: str
    staff_ids: tuple[str, ...] = ()
    start: Instant | None = None
    end: Instant | None = None
    causes: tuple[Cause, ...] = ()
    status_changes_only: bool = False
    after: Revision = NO_REVISION
    newest_first: bool = False
    limit: int = 1000


class StatusTotal(NamedTuple):
    """Time that one staff member spent in one status and break reason, from closed intervals."""

    staff_id: str
    status: Status
    break_reason: str
    total: Micros


class CallsTotal(NamedTuple):
    """Calls of one staff member that began."""

    staff_id: str
    calls_started: int


class Totals(NamedTuple):
    """Time and calls in an interval."""

    times: list[StatusTotal]
    calls: list[CallsTotal]


class StaleEntryError(Exception):
    """An entry's key has another last revision than expected. Nothing of the batch was appended."""

    def __init__(self, index: int) -> None:
        """``index`` is that of the first such entry in the batch."""
        super().__init__(f"entry {index} is stale")
        self.index = index


class DuplicateMarkError(Exception):
    """A mark's request id is kept already. Nothing of the batch was appended."""

    def __init__(self, index: int, stored: StoredAnswer) -> None:
        """``index`` is that of the first such mark in the batch."""
        super().__init__(f"mark {index} is a duplicate")
        self.index = index
        self.stored = stored


class JournalLockedError(Exception):
    """Another process holds the journal. The message says which file and, where known, which process."""


class Journal(Protocol):
    """An ordered, durable log of full states, and the single source of truth.

    Every method but ``close`` raises ``JournalUnavailableError`` (domain/model/errors.py) when the storage fails or is lost. An
    adapter never acknowledges what is not on durable storage, and never answers from storage that has been replaced under it.
    After a failed append it is open whether the batch is there; ``head`` and ``read`` then tell the truth.
    """

    @property
    def store_id(self) -> str:
        """Names the store: made with it, never changed, the same for all processes that share it; 16 hex digits."""

    async def append(self, entries: Sequence[Entry], marks: Sequence[Mark]) -> list[Revision]:
        """Append a batch, all or nothing, and return the entries' revisions when it is committed and synced.

        Revisions of a batch are consecutive, in order, and greater than all before. They become visible to readers in order.

        Raises:
            StaleEntryError: An entry's ``expected`` is not its key's last revision.
            DuplicateMarkError: A mark's request id is kept already.
        """

    async def head(self) -> Revision:
        """The last revision, 0 for an empty journal."""

    async def horizon(self, tenant: str) -> Revision:
        """The newest revision of the tenant that may be missing because history was forgotten: all after it are there.

        0: all are.
        """

    def latest(self) -> AsyncIterator[list[Record]]:
        """The last record of every key, in chunks, by ascending revision, all as of one moment. Recovery is this."""

    async def read(self, after: Revision, limit: int, *, tenant: str | None = None) -> list[Record]:
        """Up to ``limit`` records with a greater revision, in order; of one tenant or of all."""

    async def record(self, revision: Revision) -> Record | None:
        """The record with this revision, or None if it was forgotten or never was."""

    async def find_answer(self, tenant: str, request_id: str) -> StoredAnswer | None:
        """The answer kept for a request id, or None."""

    async def history(self, query: HistoryQuery) -> list[Record]:
        """The records that match, by ascending revision (descending with ``newest_first``)."""

    async def totals(self, tenant: str, staff_ids: tuple[str, ...], start: Instant, end: Instant) -> Totals:
        """Time in statuses from closed intervals, clipped to ``start`` and ``end``, and calls begun in that time.

        The interval that is still open is not in it: no record closes it yet.
        """

    async def forget(self, tenant: str, changed_before: Instant, *, limit: int) -> int:
        """Forget up to ``limit`` of the tenant's records that took effect before an instant, except the last of each key.

        Returns how many were forgotten. Raises the tenant's ``horizon`` in the same transaction. Never blocks appends for long.
        """

    async def forget_answers(self, answered_before: Instant, *, limit: int) -> int:
        """Forget up to ``limit`` kept answers older than an instant; returns how many."""

    async def close(self) -> None:
        """Let the storage go. Idempotent."""


# --- the rest ---------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """The only source of time. Lengths of time are right whatever happens to the machine's wall clock."""

    def start_from(self, last: Instant) -> None:
        """Say what the journal's last instant is, 0 if none; ``now()`` is not before it. Called once, before all decisions."""

    def now(self) -> Instant:
        """The present in microseconds. It does not go back, and steps forward by ``step`` only."""

    @property
    def divergence(self) -> Micros:
        """How far the wall clock was ahead of ``now()`` when that was called last; negative: behind."""

    @property
    def step_due(self) -> Micros:
        """By how much ``now()`` is to step forward, to follow a wall clock that was set; 0: not at all."""

    def step(self, by: Micros) -> None:
        """Have ``now()`` step forward. Who calls it has everybody's deadlines move with it."""

    async def sleep_until(self, at: Instant) -> None:
        """Return when ``now()`` has reached ``at``."""

    def cpu(self) -> Micros:
        """The CPU time that the process has used so far, on all cores together."""


class Codec(Protocol):
    """States and changes as bytes. What it encodes once is stored, kept for snapshots and sent to watchers as it is."""

    def encode_state(self, state: StaffState) -> bytes:
        """The public state, without its revision."""

    def encode_private(self, state: StaffState) -> bytes:
        """What is stored beside the public state."""

    def encode_change(self, change: Change) -> bytes:
        """The change, without its revision."""

    def decode_state(self, state: bytes, private: bytes) -> StaffState:
        """The state back from its two parts."""

    def state_with_revision(self, state: bytes, revision: Revision) -> bytes:
        """The public state as clients see it."""

    def change_with_revision(self, change: bytes, revision: Revision) -> bytes:
        """The change as clients see it."""

    def numbered(self, state: bytes, change: bytes, revision: Revision) -> tuple[bytes, bytes]:
        """Both with their revision: the state as clients see it, and the two together as an element of a watch frame."""

    def mark_left(self, staff_change: bytes) -> bytes:
        """The same element, saying that the staff member left the view."""

    def decode_change(self, change: bytes) -> Change:
        """The change back."""

    def encode_colleague(self, state: StaffState) -> bytes:
        """The state as colleagues see it."""

    def encode_ended_legs(self, ended: EndedLegs) -> bytes:
        """Ended legs, remembered without a change."""

    def decode_ended_legs(self, state: bytes) -> EndedLegs:
        """Ended legs back."""

    def encode_clock(self, record: ClockRecord) -> bytes:
        """What is known of the clock."""

    def decode_clock(self, state: bytes) -> ClockRecord:
        """What is known of the clock, back."""

    def encode_break_reason(self, reason: BreakReason, *, deleted: bool) -> bytes:
        """A break reason; deleted ones are kept as a tombstone."""

    def decode_break_reason(self, state: bytes) -> BreakReason | None:
        """A break reason back, or None for a tombstone."""

    def encode_policy(self, policy: Policy) -> bytes:
        """A policy."""

    def decode_policy(self, state: bytes) -> Policy:
        """A policy back."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: from the credential, or from the open configuration on loopback.

    ``role`` None means any role (no authentication is configured). ``skill_groups`` None means no restriction.
    """

    tenant: str
    role: ActorRole | None = None
    actor_id: str = ""
    skill_groups: frozenset[str] | None = None
    expires_at: Instant | None = None


class Authenticator(Protocol):
    """Turns a call's metadata and peer into a principal."""

    def authenticate(self, metadata: Sequence[tuple[str, str | bytes]]) -> Principal:
        """The principal.

        Raises:
            UnauthenticatedError: The credential is missing, invalid or has ended.
            InvalidFieldsError: The metadata names a tenant or actor that cannot be one.
        """
