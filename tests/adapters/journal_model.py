"""The journal's contract as the simplest thing that keeps it: lists in memory, no storage, no tasks."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from onduty_server.domain.model.status import OfferEnd, Status
from onduty_server.past import (
    Counts,
    CutTalk,
    Facets,
    GroupStay,
    HistoryQuery,
    PastChange,
    PastPage,
    PastState,
    PersonId,
    Place,
    Sums,
    SumsQuery,
    Talk,
    TalkSum,
    TimeSum,
    groups_asked,
    standing_of,
)
from onduty_server.ports import (
    AnswerRow,
    DuplicateAnswersError,
    Entry,
    Key,
    Record,
    RecordKind,
    StaleEntriesError,
    StoredAnswer,
)


class JournalModel:
    """What a journal holds after what was done to it."""

    def __init__(self) -> None:
        self.head = 0
        self.horizon: dict[str, int] = {}
        self.records: dict[int, tuple[Record, Entry]] = {}
        self.last: dict[Key, int] = {}
        self.answers: dict[tuple[str, str], tuple[StoredAnswer, int]] = {}

    def refusals(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Exception]:
        """Why a batch is refused. Of two reasons, which one is told is the adapter's choice."""
        refusals: list[Exception] = []
        stale = [index for index, entry in enumerate(entries) if entry.expected != self.last.get(entry.key, 0)]
        if stale:
            refusals.append(StaleEntriesError(tuple(stale)))
        kept = {key: answer for key, (answer, _) in self.answers.items()}
        stored = {}
        for index, answer_row in enumerate(answer_rows):
            key = (answer_row.tenant, answer_row.request_id)
            if key in kept:
                stored[index] = kept[key]
            kept.setdefault(key, StoredAnswer(answer_row.fingerprint, 0, b""))
        if stored:
            refusals.append(DuplicateAnswersError(stored))
        return refusals

    def append(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[int]:
        """What is not refused."""
        first = self.head + 1
        for entry in entries:
            self.head += 1
            previous = self.last.get(entry.key, 0)
            record = Record(self.head, previous, entry.key, entry.state, entry.private, entry.change)
            self.records[self.head] = record, entry
            self.last[entry.key] = self.head
        for answer_row in answer_rows:
            revision = answer_row.revision if answer_row.entry is None else first + answer_row.entry
            answer = StoredAnswer(answer_row.fingerprint, revision, answer_row.detail)
            self.answers[answer_row.tenant, answer_row.request_id] = answer, answer_row.answered_at
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
        records = (
            record._replace(standing=standing_of(entry.facets))
            for revision, (record, entry) in sorted(self.records.items())
            if revision > after
        )
        return [record for record in records if tenant in {None, record.key.tenant}][:limit]

    def places(self, tenant: str, at: int, through: int) -> dict[str, Place | None]:
        """See ``Journal``."""
        found: dict[str, Place | None] = {}
        for record, entry in self._staff(tenant):
            standing, facets = standing_of(entry.facets), entry.facets
            if standing is not None and at < record.revision <= through and (facets.closes or facets.life):
                found.setdefault(record.key.name, standing.was)
        return found

    def _staff(self, tenant: str) -> list[tuple[Record, Entry]]:
        return [
            (record, entry)
            for _, (record, entry) in sorted(self.records.items())
            if record.key[:2] == (tenant, RecordKind.STAFF)
        ]

    def history(self, query: HistoryQuery) -> PastPage:
        """See ``Journal``."""
        found = [
            PastChange(record.revision, entry.change)
            for record, entry in self._staff(query.tenant)
            if (not query.staff_ids or record.key.name in query.staff_ids)
            and (query.start is None or entry.changed_at >= query.start)
            and (query.end is None or entry.changed_at < query.end)
            and (not query.causes or entry.facets.cause in query.causes)
            and (not query.status_changes_only or entry.facets.moved)
            and (query.through is None or record.revision <= query.through)
            and (_is_of_groups(entry.facets.groups, query) or _is_of_groups(entry.facets.groups_after or (), query))
            and (not query.call_ids or any(call.call_id in query.call_ids for call in entry.facets.calls))
        ]
        if query.newest_first:
            found = [one for one in reversed(found) if not query.after or one.revision < query.after]
        found = [one for one in found if query.newest_first or one.revision > query.after]
        return PastPage(found[: query.limit], len(found) > query.limit)

    def sums(self, query: SumsQuery) -> Sums:
        """See ``Journal``."""
        times: dict[tuple, int] = defaultdict(int)
        talks: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
        counts: dict[tuple, list[int]] = defaultdict(lambda: [0] * 9)
        found = Sums([], [], [], [], [], {})
        persons = {one.person_id for one in query.persons}
        for record, entry in self._staff(query.tenant):
            facets, who = entry.facets, entry.facets.person
            if who in persons and record.revision <= query.until:
                whole = [talk for talk in facets.talks if not _is_cut(found, who, talk)]
                if _is_of_groups(facets.groups, query):
                    _add(entry, whole, query.bounds, (times, talks, counts))
                if groups_asked(query) is not None:
                    _divide(entry, query, found)
            elif who in persons and record.revision <= query.through and who not in found.states:
                before = self.records.get(record.previous)
                found.states[who] = None if before is None else PastState(before[0].state, before[0].private)
        found.times.extend(TimeSum(*key, time) for key, time in sorted(times.items()) if time)
        found.talks.extend(TalkSum(*key, *one) for key, one in sorted(talks.items()))
        found.counts.extend(Counts(*key, *one[:5], tuple(one[5:])) for key, one in sorted(counts.items()) if any(one))
        return found


def _add(entry: Entry, whole: list[Talk], bounds: Sequence[int], sums: tuple[dict, dict, dict]) -> None:
    times, talks, counts = sums
    facets, who, until = entry.facets, entry.facets.person, entry.changed_at
    for number, (starts, ends) in enumerate(pairwise(bounds)):
        if facets.closes:
            stayed = min(until, ends) - max(facets.closes.since, starts)
            times[who, number, facets.closes.status, facets.closes.break_reason] += max(0, stayed)
        for talk in whole:
            talked = min(until, ends) - max(talk.since, starts)
            if talked > 0 or starts <= talk.since < ends:
                talks[who, number, talk.direction][0] += max(0, talked)
                talks[who, number, talk.direction][1] += starts <= talk.since
        if starts <= until < ends:
            _count(counts[who, number], facets)


def _divide(entry: Entry, query: SumsQuery, found: Sums) -> None:
    """What groups that change in a call ask for."""
    facets, who, until = entry.facets, entry.facets.person, entry.changed_at
    counts = _is_of_groups(facets.groups, query)
    cut = [talk for talk in facets.talks if _is_cut(found, who, talk) and talk.since < query.bounds[-1]]
    found.cut_talks.extend(CutTalk(who, *talk, until, counts) for talk in cut)
    in_line = facets.closes is not None and facets.closes.status is Status.IN_LINE
    if in_line and not facets.moved and until >= query.bounds[0]:
        found.group_stays.append(GroupStay(who, facets.closes.since, until, counts))


def _is_cut(found: Sums, who: PersonId, talk: Talk) -> bool:
    return any(stay.person_id == who and stay.until > talk.since for stay in found.group_stays)


def _is_of_groups(groups: tuple[str, ...], query: HistoryQuery | SumsQuery) -> bool:
    is_seen = query.within is None or not set(query.within).isdisjoint(groups)
    return is_seen and (not query.skill_groups or not set(query.skill_groups).isdisjoint(groups))


def _count(counts: list[int], facets: Facets) -> None:
    for direction in facets.answered:
        counts[4 + direction] += 1
    counts[0] += facets.offer_made
    if facets.offer_end is not None:
        order = (OfferEnd.ACCEPTED, OfferEnd.DECLINED, OfferEnd.EXPIRED)
        counts[1 + (order.index(facets.offer_end) if facets.offer_end in order else 3)] += 1
