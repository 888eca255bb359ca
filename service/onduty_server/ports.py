"""What the engine needs from the outside, as protocols whose docstrings are the contract; implements nothing.

An adapter that keeps these promises can replace another. The journal's promises are checked by one suite against every
adapter (``tests/adapters/journal_contract.py``).
"""

from collections.abc import AsyncIterator, Sequence
from enum import IntEnum
from typing import Final, NamedTuple, Protocol

from onduty_server.domain.model.change import Change
from onduty_server.domain.model.configuration import ConfigurationChange
from onduty_server.domain.model.ended_legs import EndedLegs
from onduty_server.domain.model.policy import BreakReason, Policy
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Instant, Micros
from onduty_server.past import (
    NO_FACETS,
    NO_REVISION,
    ConfigurationQuery,
    Erasure,
    Facets,
    HistoryQuery,
    Interval,
    PastPage,
    PendingErasure,
    Person,
    PersonId,
    PersonQuery,
    Place,
    RecordParts,
    Revision,
    Standing,
    Sums,
    SumsQuery,
)

__all__ = ["NO_REVISION", "HistoryQuery", "Interval", "Revision"]  # of past.py, where the ports need them too.

# --- the journal ------------------------------------------------------------------------------------------------------


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


EPOCH_BITS: Final = 48
"""How large an epoch is: it is made at random, and no two of a store are ever the same."""


class StaleEntriesError(Exception):
    """The keys of entries have other last revisions than expected. Nothing of the batch was appended."""

    def __init__(self, indexes: tuple[int, ...]) -> None:
        """``indexes`` are those of all such entries of the batch, ascending."""
        super().__init__(f"stale entries: {', '.join(map(str, indexes))}")
        self.indexes = indexes


class DuplicateAnswersError(Exception):
    """Answers are kept already for request ids of the batch. Nothing of it was appended."""

    def __init__(self, stored: dict[int, StoredAnswer]) -> None:
        """``stored`` has the kept answers, by the index of each such row of the batch."""
        super().__init__(f"answered before: {', '.join(map(str, stored))}")
        self.stored = stored


class RecordDamagedError(Exception):
    """A record in the storage is not what was appended. The others may be right; the damage is for a person to look at."""

    def __init__(self, revision: Revision) -> None:
        """``revision`` is that of the record."""
        super().__init__(
            f"revision {revision} of the journal is damaged, as its checksum says: look at the disk, see with "
            "`onduty journal verify` what else is, and restore the newest backup that verifies"
        )
        self.revision = revision


class JournalOpenError(Exception):
    """The storage is no journal, or cannot be opened. The message says why and what to do."""


class JournalLockedError(Exception):
    """Another process holds the journal. The message says which and, where known, by which process."""


class Scrubber(Protocol):
    """Takes a person out of encoded records and answers; ``Codec`` is one."""

    def scrub(self, parts: RecordParts, pseudonym: PersonId) -> RecordParts:
        """A record of the person, with the pseudonym for the id, and neither name, note, call, claim, request nor actor."""

    def scrub_actor(self, parts: RecordParts, staff_id: str, pseudonym: PersonId) -> RecordParts | None:
        """A record of somebody else, with the pseudonym where the id names the actor; None: it names nobody there."""

    def scrub_answer(self, detail: bytes, staff_id: str) -> bytes | None:
        """An answer's detail without what it says about the id; None: it says nothing."""


class Journal(Protocol):
    """An ordered, durable log of full states, and the single source of truth.

    Every method but ``close`` raises ``JournalUnavailableError`` (domain/model/errors) when the storage fails or is lost. An
    adapter never acknowledges what is not on durable storage, and never answers from storage that has been replaced under it.
    After a failed append it is open whether the batch is there; ``head`` and ``read`` then tell the truth.

    What returns records, changes or persons raises ``RecordDamagedError`` where what it would return is not what was appended.

    ``history``, ``configuration_changes``, ``persons``, ``sums``, ``changes_of``, ``read`` and ``places`` may take long. A
    tenant has one running at a time, and nothing else waits for it. They end soon when their task is cancelled. All but
    ``read`` and ``places``, which watchers cannot do without, raise ``OverloadedError`` where too many of a tenant wait, and
    ``QueryTooLongError`` where one takes too long.
    """

    @property
    def store_id(self) -> str:
        """Names the store: made with it, never changed, the same for all processes that share it; 16 hex digits."""

    @property
    def epoch(self) -> int:
        """Names the history: a number without order, made at random with the store, of ``EPOCH_BITS`` bits and never 0.

        Made anew whenever the history may have been cut, so that it names one line of records, for ever. It does not change
        while the journal is open.
        """

    async def append(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Revision]:
        """Append a batch, all or nothing, and return the entries' revisions when it is committed and synced.

        Revisions of a batch are consecutive, in order, and greater than all before. They become visible to readers in order.

        Raises:
            StaleEntriesError: The ``expected`` of entries is not their key's last revision.
            DuplicateAnswersError: Answers are kept already for request ids of the rows.
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

    async def places(self, tenant: str, at: Revision, through: Revision) -> dict[str, Place | None]:
        """Where they stood at a revision, by id: all whose place changed after it, up to another. None: they were not there.

        Right only where ``at`` is not before the tenant's ``horizon``.
        """

    async def record(self, revision: Revision) -> Record | None:
        """The record with this revision, or None if it was forgotten or never was."""

    async def recorded_at(self, revision: Revision) -> Instant | None:
        """When the newest kept record up to a revision, of whichever tenant, was recorded; None: none is kept."""

    async def records(self, revisions: Sequence[Revision]) -> dict[Revision, Record]:
        """The records with these revisions, any number of them, without those that were forgotten or never were."""

    async def find_answers(self, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        """The answers kept for these requests, by tenant and request id, any number of them; nothing for those without one."""

    async def history(self, query: HistoryQuery) -> PastPage:
        """The changes that match, by ascending revision (descending with ``newest_first``)."""

    async def configuration_changes(self, query: ConfigurationQuery) -> PastPage:
        """The changes of configuration that match, as their facets have them, in the order of ``history``."""

    async def persons(self, query: PersonQuery) -> list[Person]:
        """The persons that match, by staff id and first revision. One of whom no record is left is not among them."""

    async def sums(self, query: SumsQuery) -> Sums:
        """What the records tell of these persons; in no particular order."""

    async def complete_from(self, tenant: str) -> Instant | None:
        """The instant from which the tenant's history is whole; None: nothing was forgotten yet."""

    async def forget(self, tenant: str, changed_before: Instant, *, limit: int) -> int:
        """Forget up to ``limit`` of the tenant's records that took effect before an instant, except the last of each key.

        Returns how many were forgotten. Raises the tenant's ``horizon`` and ``complete_from`` in the same transaction. Never
        blocks appends for long.
        """

    async def forget_answers(self, answered_before: Instant, *, limit: int) -> int:
        """Forget up to ``limit`` kept answers older than an instant; returns how many."""

    async def changes_of(self, tenant: str, person: Person) -> int:
        """How many records of a person are kept."""

    async def erasures(self) -> list[PendingErasure]:
        """The erasures that were ordered and are not finished."""

    async def erase(self, erasure: PendingErasure, scrubber: Scrubber, *, limit: int) -> bool:
        """Go on with an erasure that was ordered, by about ``limit`` records; returns whether something is left to do.

        Rewrites the person's records, those of others that name the id as an actor while the person had it, and kept answers;
        at the end the storage has no trace of what was replaced. Each step is durable and may be repeated. Appends get their
        turn in between.
        """

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
        """The CPU time that the process has used so far, on all cores together, and that its event loop has waited for."""


class Codec(Scrubber, Protocol):
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

    def element(self, staff: bytes, change: bytes, revision: Revision) -> bytes:
        """An element of a watch frame, of a state as clients see it and a change without its revision."""

    def mark_left(self, staff_change: bytes) -> bytes:
        """The same element, saying that the staff member left the filter."""

    def left_view(self, staff_id: str, revision: Revision) -> bytes:
        """An element that says that the staff member left at a revision, and nothing else of them."""

    def decode_change(self, change: bytes) -> Change:
        """The change back."""

    def encode_colleague(self, state: StaffState) -> bytes:
        """The state as colleagues see it."""

    def encode_ended_legs(self, state: StaffState) -> bytes:
        """Ended legs of somebody, remembered without a change."""

    def decode_ended_legs(self, state: bytes) -> tuple[str, EndedLegs]:
        """Whose they are, and ended legs back; of nobody, and none, where the person was erased."""

    def encode_clock(self, record: ClockRecord) -> bytes:
        """What is known of the clock."""

    def decode_clock(self, state: bytes) -> ClockRecord:
        """What is known of the clock, back."""

    def encode_break_reason(self, reason: BreakReason, *, deleted: bool) -> bytes:
        """A break reason; deleted ones are kept as a tombstone."""

    def encode_configuration(self, change: ConfigurationChange) -> bytes:
        """A change of configuration, without its revision."""

    def decode_break_reason(self, state: bytes) -> BreakReason | None:
        """A break reason back, or None for a tombstone."""

    def encode_policy(self, policy: Policy) -> bytes:
        """A policy."""

    def decode_policy(self, state: bytes) -> Policy:
        """A policy back."""
