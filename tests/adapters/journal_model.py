"""The journal's contract as the simplest thing that keeps it: lists in memory, no storage, no tasks."""

from collections import defaultdict
from collections.abc import Sequence

from onduty_server.ports import (
    CallsTotal,
    DuplicateMarkError,
    Entry,
    HistoryQuery,
    Key,
    Mark,
    Record,
    RecordKind,
    StaleEntryError,
    StatusTotal,
    StoredAnswer,
    Totals,
)


class JournalModel:
    """What a journal holds after what was done to it."""

    def __init__(self) -> None:
        self.head = 0
        self.horizon: dict[str, int] = {}
        self.records: dict[int, tuple[Record, Entry]] = {}
        self.last: dict[Key, int] = {}
        self.answers: dict[tuple[str, str], tuple[StoredAnswer, int]] = {}

    def refusals(self, entries: Sequence[Entry], marks: Sequence[Mark]) -> list[Exception]:
        """Why a batch is refused. Of two reasons, which one is told is the adapter's choice."""
        refusals: list[Exception] = []
        for index, entry in enumerate(entries):
            if entry.expected != self.last.get(entry.key, 0):
                refusals.append(StaleEntryError(index))
                break
        kept = {key: answer for key, (answer, _) in self.answers.items()}
        for index, mark in enumerate(marks):
            if stored := kept.get((mark.tenant, mark.request_id)):
                refusals.append(DuplicateMarkError(index, stored))
                break
            kept[mark.tenant, mark.request_id] = StoredAnswer(mark.fingerprint, 0, b"")
        return refusals

    def append(self, entries: Sequence[Entry], marks: Sequence[Mark]) -> list[int]:
        """What is not refused."""
        first = self.head + 1
        for entry in entries:
            self.head += 1
            previous = self.last.get(entry.key, 0)
            record = Record(self.head, previous, entry.key, entry.state, entry.private, entry.change)
            self.records[self.head] = record, entry
            self.last[entry.key] = self.head
        for mark in marks:
            revision = mark.revision if mark.entry is None else first + mark.entry
            answer = StoredAnswer(mark.fingerprint, revision, mark.detail)
            self.answers[mark.tenant, mark.request_id] = answer, mark.answered_at
        return [*range(first, self.head + 1)]

    def forgettable(self, tenant: str, changed_before: int) -> set[int]:
        """What may be forgotten."""
        return {
            revision
            for revision, (record, entry) in self.records.items()
            if record.key.tenant == tenant and entry.changed_at < changed_before and self.last[record.key] != revision
        }

    def forget(self, revisions: set[int]) -> None:
        """Which ones, up to the limit, is the adapter's choice."""
        for revision in revisions:
            record, _ = self.records.pop(revision)
            tenant = record.key.tenant
            self.horizon[tenant] = max(self.horizon.get(tenant, 0), revision)

    def latest(self) -> list[Record]:
        """See ``Journal``."""
        return [self.records[revision][0] for revision in sorted(self.last.values())]

    def read(self, after: int, limit: int, tenant: str | None) -> list[Record]:
        """See ``Journal``."""
        records = (record for revision, (record, _) in sorted(self.records.items()) if revision > after)
        return [record for record in records if tenant in {None, record.key.tenant}][:limit]

    def _staff(self, tenant: str, staff_ids: tuple[str, ...]) -> list[tuple[Record, Entry]]:
        return [
            (record, entry)
            for _, (record, entry) in sorted(self.records.items())
            if record.key[:2] == (tenant, RecordKind.STAFF) and (not staff_ids or record.key.name in staff_ids)
        ]

    def history(self, query: HistoryQuery) -> list[Record]:
        """See ``Journal``."""
        found = [
            record
            for record, entry in self._staff(query.tenant, query.staff_ids)
            if (query.start is None or entry.changed_at >= query.start)
            and (query.end is None or entry.changed_at < query.end)
            and (not query.causes or entry.cause in query.causes)
            and (not query.status_changes_only or entry.closes)
        ]
        if query.newest_first:
            found = [record for record in reversed(found) if not query.after or record.revision < query.after]
        return [record for record in found if query.newest_first or record.revision > query.after][: query.limit]

    def totals(self, tenant: str, staff_ids: tuple[str, ...], start: int, end: int) -> Totals:
        """See ``Journal``."""
        times: dict[tuple, int] = defaultdict(int)
        calls: dict[str, int] = defaultdict(int)
        for record, entry in self._staff(tenant, staff_ids):
            if entry.closes:
                stayed = min(entry.changed_at, end) - max(entry.closes.since, start)
                times[record.key.name, entry.closes.status, entry.closes.break_reason] += max(0, stayed)
            if start <= entry.changed_at < end:
                calls[record.key.name] += entry.calls_started
        return Totals(
            [StatusTotal(*key, total) for key, total in sorted(times.items()) if total],
            [CallsTotal(name, count) for name, count in sorted(calls.items()) if count],
        )
