"""All that a store holds, as rows of no particular database: what a copy from one adapter to another is made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class CopyError(Exception):
    """There is no copy. The message says why and what to do; the target was not changed."""


class TenantRow(NamedTuple):
    """A tenant, and what is forgotten of it."""

    name: str
    horizon: int
    complete_from: int | None


class KeyRow(NamedTuple):
    """A key. ``is_free``: none of its records counts as its last, as whose it was is erased."""

    tenant: str
    kind: int
    name: str
    is_free: bool


class PersonRow(NamedTuple):
    """A person, whose key is of kind 1."""

    person: int
    tenant: str
    name: str
    first: int
    began_at: int
    last: int | None
    ended_at: int | None


class OtherCall(NamedTuple):
    """A call of a record beyond the first."""

    call_id: str
    source: str


class RecordRow(NamedTuple):
    """A record with all of its columns. ``talks`` is JSON."""

    revision: int
    tenant: str
    kind: int
    name: str
    previous: int
    person: int | None
    changed_at: int
    recorded_at: int
    time_ceiling: int
    cause: int | None
    moved: bool
    closed_status: int | None
    closed_reason: str | None
    closed_since: int | None
    groups: tuple[str, ...] | None
    groups_after: tuple[str, ...] | None
    counts: int | None
    talks: str | None
    standing: int | None
    call_id: str | None
    source: str | None
    state: bytes
    private: bytes
    change: bytes
    configuration: bytes | None
    other_calls: tuple[OtherCall, ...] = ()


class AnswerRow(NamedTuple):
    """A kept answer."""

    tenant: str
    request_id: str
    fingerprint: bytes
    revision: int
    detail: bytes
    answered_at: int


@dataclass(frozen=True, slots=True)
class StoredRows:
    """A store as of one moment. What is iterated over comes from the storage while it is."""

    store_id: str
    epoch: int
    head: int
    records_count: int
    tenants: list[TenantRow]
    keys: list[KeyRow]
    persons: list[PersonRow]
    records: Callable[[], Iterator[RecordRow]]
    """By ascending revision.

    Raises:
        RecordDamagedError: One is not what was appended.
    """
    answers: Callable[[], Iterator[AnswerRow]]


class RowSource(Protocol):
    """A store that nobody else has, to copy from."""

    def rows(self) -> StoredRows:
        """What is in it.

        Raises:
            CopyError: An erasure is under way.
        """

    def retire(self) -> None:
        """Have whoever serves from it later begin a new epoch: the copy has this one."""


class RowTarget(Protocol):
    """An empty store that nobody else has, to copy to."""

    def take(self, rows: StoredRows, show: Callable[[int, int], None]) -> None:
        """Hold all of it, and nothing if it fails."""
