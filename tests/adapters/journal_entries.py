"""Entries, answers and storages for the journal's tests, with what a test does not care about filled in."""

import hashlib
from collections.abc import Iterable
from typing import Any, Protocol

from onduty_server.domain.model.status import Instant, Status
from onduty_server.past import (
    NOBODY,
    Facets,
    HistoryQuery,
    Interval,
    Life,
    PastChange,
    PersonId,
    PersonQuery,
    Revision,
    Sums,
    SumsQuery,
)
from onduty_server.ports import AnswerRow, Entry, Journal, Key, Record, RecordKind, StoredAnswer


class JournalFactory(Protocol):
    """One storage of an adapter, empty at first."""

    shared: bool
    """Whether several processes may have it open at once."""

    async def open(self) -> Journal:
        """The storage, opened; ``JournalLockedError`` if it is open and not ``shared``. The caller closes it."""

    def another(self) -> "JournalFactory":
        """Another storage, empty too."""


def staff(name: str, tenant: str = "acme") -> Key:
    return Key(tenant, RecordKind.STAFF, name)


def person(key: Key | str, generation: int = 0) -> PersonId:
    """A person who has a staff id; by ``generation`` one after another."""
    tenant, _, name = staff(key) if isinstance(key, str) else key
    return PersonId(f"{int(hashlib.sha256(f'{tenant} {name} {generation}'.encode()).hexdigest()[:16], 16) >> 1:016x}")


def entry(key: Key | str, expected: int = 0, *, at: int = 1_000, state: bytes = b"state", **fields: Any) -> Entry:
    """An entry; what is not one of its own fields is a facet. A person begins with the first of their entries."""
    key = staff(key) if isinstance(key, str) else key
    private, change = fields.pop("private", b"private"), fields.pop("change", b"change")
    recorded_at, erases = Instant(fields.pop("recorded_at", at)), fields.pop("erases", None)
    if key.kind is RecordKind.STAFF:
        fields = {"person": person(key), "life": Life.BEGINS, **fields}
    facets = Facets(**{"person": NOBODY, "moved": fields.get("closes") is not None, **fields})
    return Entry(key, Revision(expected), state, private, change, Instant(at), recorded_at, facets, erases)


def answer_row(
    request_id: str, *, tenant: str = "acme", fingerprint: bytes = b"print", at: int = 1_000, **fields: Any
) -> AnswerRow:
    return AnswerRow(tenant, request_id, fingerprint, Instant(at), **fields)


def stay(since: int, status: Status = Status.AVAILABLE, break_reason: str = "") -> Interval:
    return Interval(status, break_reason, Instant(since))


def revisions(records: Iterable[Record | PastChange]) -> list[int]:
    return [record.revision for record in records]


async def latest(journal: Journal) -> list[Record]:
    return [record async for chunk in journal.latest() for record in chunk]


async def history(journal: Journal, **query: Any) -> list[int]:
    page = await journal.history(HistoryQuery(**{"tenant": "acme", **query}))
    return revisions(page.changes)


async def sums(journal: Journal, *bounds: int, **query: Any) -> Sums:
    """The sums of all who match, at the head; ``until`` another revision."""
    head = await journal.head()
    until, groups, within = query.pop("until", head), query.pop("skill_groups", ()), query.pop("within", None)
    persons = await journal.persons(PersonQuery(**{"tenant": "acme", **query}))
    return await journal.sums(SumsQuery("acme", tuple(persons), bounds, until, head, groups, within))


def ordered(found: Sums) -> Sums:
    """Sums in an order of their own, to be compared."""
    return Sums(*map(sorted, found[:5]), found.states)


async def answer_of(journal: Journal, tenant: str, request_id: str) -> StoredAnswer | None:
    """The answer kept for one request, or None."""
    return (await journal.find_answers([(tenant, request_id)])).get((tenant, request_id))
