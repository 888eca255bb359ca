"""The journal: an ordered, durable log of records, and the single source of truth."""

from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

from onduty_server.domain.model.status import Instant
from onduty_server.past import (
    ConfigurationQuery,
    HistoryQuery,
    PastPage,
    PendingErasure,
    Person,
    PersonQuery,
    Place,
    Revision,
    Sums,
    SumsQuery,
)
from onduty_server.ports.codec import Scrubber
from onduty_server.ports.records import AnswerRow, Entry, Record, StoredAnswer

EPOCH_BITS: Final = 48
"""How large an epoch is: it is made at random, and no two of a store are ever the same."""


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
