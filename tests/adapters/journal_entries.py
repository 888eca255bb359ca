"""Entries, marks and storages for the journal's tests, with what a test does not care about filled in."""

from typing import Any, Protocol

from onduty_server.domain.model.status import Instant, Status
from onduty_server.ports import Entry, HistoryQuery, Interval, Journal, Key, Mark, Record, RecordKind, Revision


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


def entry(key: Key | str, expected: int = 0, *, at: int = 1_000, state: bytes = b"state", **fields: Any) -> Entry:
    return Entry(
        key=staff(key) if isinstance(key, str) else key,
        expected=Revision(expected),
        state=state,
        private=fields.pop("private", b"private"),
        change=fields.pop("change", b"change"),
        changed_at=Instant(at),
        recorded_at=Instant(fields.pop("recorded_at", at)),
        **fields,
    )


def mark(request_id: str, *, tenant: str = "acme", fingerprint: bytes = b"print", at: int = 1_000, **fields: Any) -> Mark:
    return Mark(tenant, request_id, fingerprint, Instant(at), **fields)


def stay(since: int, status: Status = Status.AVAILABLE, break_reason: str = "") -> Interval:
    return Interval(status, break_reason, Instant(since))


def revisions(records: list[Record]) -> list[int]:
    return [record.revision for record in records]


async def latest(journal: Journal) -> list[Record]:
    return [record async for chunk in journal.latest() for record in chunk]


async def history(journal: Journal, **query: Any) -> list[int]:
    return revisions(await journal.history(HistoryQuery(**{"tenant": "acme", **query})))
