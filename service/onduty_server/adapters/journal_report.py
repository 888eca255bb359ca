"""What `onduty journal` tells of a journal, and how its records are checked, wherever they are; reads nothing itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from onduty_server.domain.model.status import Instant
from onduty_server.ports import Codec, RecordKind

PROBLEMS_MOST: Final = 20
"""So many are told; a file with more is as bad as one with these."""

Show = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


@dataclass(slots=True)
class JournalReport:
    """What a journal holds; ``path`` is its place. ``problems`` are sentences; none: nothing was found to be wrong."""

    path: Path | str
    size_bytes: int
    version: int = 0
    store_id: str = ""
    epoch: int = 0
    head: int = 0
    """The last revision; 0 for a journal without a change."""
    oldest: int = 0
    """The first revision that is still kept; 0 if there is none."""
    records: int = 0
    """Changes that are kept."""
    oldest_at: Instant | None = None
    newest_at: Instant | None = None
    staff_by_tenant: dict[str, int] = field(default_factory=dict)
    answers: int = 0
    log_is_missing: bool = False
    """The file was made to be read with a write-ahead log, and has none beside it. That is right after a server was stopped in
    order; a copy of a running one's file alone lacks what is in the log."""
    problems: list[str] = field(default_factory=list)

    @property
    def staff(self) -> int:
        """How many there are, over all tenants."""
        return sum(self.staff_by_tenant.values())

    def problem(self, text: str) -> None:
        """Note what is wrong; from the twentieth on only that there is more."""
        if len(self.problems) < PROBLEMS_MOST:
            self.problems.append(text)
        elif len(self.problems) == PROBLEMS_MOST:
            self.problems.append("and more")


class Row(NamedTuple):
    """A record as it is kept. Without a key or a tenant, ``kind`` and ``name`` are None."""

    revision: int
    tenant_id: int
    key_id: int
    previous: int
    changed_at: int
    recorded_at: int
    time_ceiling: int
    kind: int | None
    name: str | None
    state: bytes
    private: bytes
    change: bytes
    person: int | None
    tenant: str
    configuration: bytes
    checksum: int


class RecordChecks:
    """The check of every record: each follows the one before, belongs to a key, and can be decoded."""

    def __init__(
        self,
        codec: Codec,
        report: JournalReport,
        fits: Callable[[Row], bool],
        *,
        horizons: dict[int, int],
        moving: dict[int, int],
        persons: set[int],
        firsts: frozenset[int] = frozenset(),
    ) -> None:
        """``fits``: whether a checksum does. ``horizons`` by tenant.

        ``moving``: the key that records of a person get, of whom some have it already. ``firsts``: revisions that may begin a
        chain though there are earlier ones, as of who had the id before somebody that was erased.
        """
        self._codec = codec
        self._report = report
        self._fits = fits
        self._horizons = horizons
        self._forgotten = max(horizons.values(), default=0)
        self._moving = moving
        self._persons = persons
        self._firsts = firsts
        self.last_of_key: dict[int, int] = {}
        self._expected = 1
        self._ceiling = 0

    def check(self, row: Row) -> None:
        """Look at the next record."""
        self._check_order(row)
        self._check_content(row)

    def _check_order(self, row: Row) -> None:
        problem = self._report.problem
        if row.revision > self._expected and row.revision - 1 > self._forgotten:
            first = max(self._expected, self._forgotten + 1)
            gap = f"revision {first} is" if first == row.revision - 1 else f"revisions {first} to {row.revision - 1} are"
            problem(f"{gap} missing")
        if row.time_ceiling < max(self._ceiling, row.changed_at, row.recorded_at):
            problem(f"revision {row.revision} is out of the order of time")
        key_id = row.key_id if row.person is None else self._moving.get(row.person, row.key_id)
        before, follows = self.last_of_key.get(key_id), "of the same person or thing"
        if before is None and row.previous > self._horizons.get(row.tenant_id, 0):
            problem(f"revision {row.revision} follows revision {row.previous} {follows}, which is not there")
        begins_anew = row.previous == 0 and row.revision in self._firsts
        if before is not None and row.previous != before and not begins_anew:
            problem(f"revision {row.revision} should follow revision {before} {follows}, not {row.previous}")
        self._expected, self._ceiling = row.revision + 1, max(row.time_ceiling, self._ceiling)
        self.last_of_key[key_id] = row.revision

    def _check_content(self, row: Row) -> None:
        if row.kind is None or row.name is None:
            self._report.problem(f"revision {row.revision} belongs to nobody: its key or tenant is missing")
            return
        if row.person not in self._persons and row.kind == RecordKind.STAFF:
            self._report.problem(f"revision {row.revision} belongs to a person who is not there")
        if not self._fits(row):
            self._report.problem(f"revision {row.revision} is damaged: its checksum does not fit")
            return
        try:
            self._decode(row.kind, row.name, row.state, row.private, row.change)
        except Exception as error:  # noqa: BLE001 - whatever a damaged record makes of the decoder.
            self._report.problem(f"revision {row.revision} cannot be decoded: {type(error).__name__}: {error}")

    def _decode(self, kind: int, name: str, state: bytes, private: bytes, change: bytes) -> None:
        match RecordKind(kind):
            case RecordKind.STAFF:
                found = self._codec.decode_state(state, private)
                self._codec.decode_change(change)
                if found.staff_id != name:
                    raise ValueError(f"it is {found.staff_id!r}'s and stands under {name!r}")
            case RecordKind.BREAK_REASON:
                self._codec.decode_break_reason(state)
            case RecordKind.POLICY:
                self._codec.decode_policy(state)
            case RecordKind.ENDED_LEGS:
                list(self._codec.decode_ended_legs(state)[1])
            case RecordKind.CLOCK:
                self._codec.decode_clock(state)
            case RecordKind.ERASURE:
                int(state)
