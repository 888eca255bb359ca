"""Sums of what staff did, page by page: from the journal what records tell, from the roster what goes on.

All pages of an answer show one revision and one end. However much is asked for, no more than a page is in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import islice, pairwise

from onduty_server.domain.model.intervals import SHORTEST, IntervalLength, beginning, cuts
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Direction, Instant, Status
from onduty_server.domain.model.values import value
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.write.facets import stay_since
from onduty_server.past import Counts, Person, PersonId, PersonQuery, Revision, Sums, SumsQuery
from onduty_server.ports import Codec, Journal

CHUNKS_MOST = 8
"""So often a page asks the journal for more, where it finds little; then it is told short."""


@value
class TimeQuestion:
    """What to sum: of whom (empty tuples do not restrict), from when, and in which intervals. ``end`` is not in the future."""

    tenant: str
    staff_ids: tuple[str, ...]
    person_ids: tuple[PersonId, ...]
    skill_groups: tuple[str, ...]
    start: Instant
    end: Instant
    length: IntervalLength
    zone: tzinfo


@value
class TimePlace:
    """Where a page begins: at interval ``start`` of the person with this id and first revision, or of the one after."""

    staff_id: str = ""
    first: Revision = Revision(0)
    start: Instant = Instant(0)


@dataclass(slots=True)
class TimeRow:
    """What one person did in one interval. Times in microseconds; talks and calls by direction."""

    person: Person
    display_name: str
    starts_at: Instant
    ends_at: Instant
    times: dict[tuple[Status, str], int] = field(default_factory=dict)
    talks: dict[Direction, int] = field(default_factory=dict)
    counts: Counts | None = None

    @property
    def place(self) -> TimePlace:
        """Where a page goes on after this row."""
        return TimePlace(self.person.staff_id, self.person.first, self.ends_at)


@dataclass(slots=True)
class _Chunk:
    """Persons who are summed together, over cuts that hold all of theirs; ``begins`` is where each one's rows begin."""

    persons: list[Person] = field(default_factory=list)
    begins: dict[PersonId, Instant] = field(default_factory=dict)
    bounds: list[Instant] = field(default_factory=list)
    last: TimePlace = field(default_factory=TimePlace)
    has_all: bool = True


class TimeSums:
    """Answers questions about time."""

    def __init__(self, journal: Journal, codec: Codec, rosters: Callable[[str], Roster], head: Callable[[], Revision]) -> None:
        """``head`` is the revision that the rosters show."""
        self._journal = journal
        self._codec = codec
        self._rosters = rosters
        self._head = head

    async def page(
        self, question: TimeQuestion, place: TimePlace, until: Revision, rows_most: int
    ) -> tuple[list[TimeRow], TimePlace | None]:
        """Up to ``rows_most`` rows as of revision ``until`` from a place on, and where the next page begins; None: nowhere."""
        rows: list[TimeRow] = []
        for _ in range(CHUNKS_MOST):
            left = rows_most - len(rows)
            limit = 2 + left // _intervals_most(question)
            query = PersonQuery(
                question.tenant,
                question.staff_ids,
                question.person_ids,
                alive_after=question.start,
                through=until,
                after=(place.staff_id, Revision(place.first - 1)),
                limit=limit,
            )
            found = await self._journal.persons(query)
            chunk = _chunk(question, place, found, left)
            if chunk.persons:
                rows += await self._rows(question, chunk, until)
            if len(found) < limit and chunk.has_all:
                return rows, None
            place = chunk.last
            if len(rows) >= rows_most:
                break
        return rows, place

    async def _rows(self, question: TimeQuestion, chunk: _Chunk, until: Revision) -> list[TimeRow]:
        through = self._head()
        roster = self._rosters(question.tenant)
        present = {one.person_id: _state(roster, one) for one in chunk.persons}  # as of the head, like the sums.
        query = SumsQuery(question.tenant, tuple(chunk.persons), tuple(chunk.bounds), until, through, question.skill_groups)
        sums = await self._journal.sums(query)
        filled = _Rows(chunk)
        filled.add(sums)
        for one in chunk.persons:
            state = present[one.person_id]
            filled.name(one, self._name(one) if state is None else state.display_name)
            if state is not None and _is_asked(question, state):
                filled.add_present(one.person_id, state, is_closed=one.person_id in sums.closed)
        return filled.rows()

    def _name(self, person: Person) -> str:
        return self._codec.decode_state(person.last_state, b"").display_name if person.last_state else ""


class _Rows:
    """The rows of a chunk while they are filled."""

    def __init__(self, chunk: _Chunk) -> None:
        self._chunk = chunk
        self._spans = list(pairwise(chunk.bounds))
        self._persons = {one.person_id: one for one in chunk.persons}
        self._names: dict[PersonId, str] = {}
        self._rows: dict[tuple[PersonId, int], TimeRow] = {}

    def name(self, person: Person, display_name: str) -> None:
        self._names[person.person_id] = display_name

    def add(self, sums: Sums) -> None:
        """Add what records tell."""
        for person_id, number, status, reason, time in sums.times:
            self._row(person_id, number).times[status, reason] = time
        for person_id, number, direction, time in sums.talks:
            self._row(person_id, number).talks[direction] = time
        for one in sums.counts:
            self._row(one.person_id, one.number).counts = one

    def add_present(self, person_id: PersonId, state: StaffState, *, is_closed: bool) -> None:
        """Add what goes on: it lasts to the end of the period."""
        end = self._chunk.bounds[-1]
        if not is_closed:
            kind = (state.status, state.break_reason)
            for number, time in self._parts(stay_since(state), end):
                times = self._row(person_id, number).times
                times[kind] = times.get(kind, 0) + time
        for call in state.calls:
            for number, time in self._parts(call.started_at, end):
                talks = self._row(person_id, number).talks
                talks[call.direction] = talks.get(call.direction, 0) + time

    def rows(self) -> list[TimeRow]:
        """By person, in the order of the chunk, and interval."""
        order = {one.person_id: number for number, one in enumerate(self._chunk.persons)}
        ordered = [self._rows[key] for key in sorted(self._rows, key=lambda key: (order[key[0]], key[1]))]
        found = [row for row in ordered if row.starts_at >= self._chunk.begins[row.person.person_id]]
        for row in found:
            row.display_name = self._names[row.person.person_id]
        return found

    def _row(self, person_id: PersonId, number: int) -> TimeRow:
        key = (person_id, number)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = TimeRow(self._persons[person_id], "", *self._spans[number])
        return row

    def _parts(self, since: Instant, until: Instant) -> Iterator[tuple[int, int]]:
        """The parts of a time in each interval."""
        for number, (starts, ends) in enumerate(self._spans):
            if ends > since and starts < until:
                yield number, min(until, ends) - max(since, starts)


def _intervals_most(question: TimeQuestion) -> int:
    """How many intervals a person can have at most, roughly."""
    if question.length is IntervalLength.WHOLE:
        return 1
    return 1 + (question.end - question.start) // SHORTEST[question.length]


def _chunk(question: TimeQuestion, place: TimePlace, found: Sequence[Person], rows_most: int) -> _Chunk:
    """The first persons who have together no more intervals than rows; of one who alone has more, the first intervals."""
    chunk, bounds, left = _Chunk(last=place), set[Instant](), rows_most
    for person in found:
        going_on = person.first == place.first and person.staff_id == place.staff_id
        own = list(islice(_cuts_of(question, person, place.start if going_on else Instant(0)), left + 2))
        if len(own) > left + 1:
            chunk.has_all = False
            if chunk.persons:
                break
            own = own[: left + 1]
        left -= max(len(own) - 1, 0)
        chunk.last = TimePlace(person.staff_id, person.first, own[-1] if own else question.end)
        if own:
            chunk.persons.append(person)
            chunk.begins[person.person_id] = own[0]
            bounds.update(own)
    chunk.bounds = sorted(bounds)
    return chunk


def _cuts_of(question: TimeQuestion, person: Person, since: Instant) -> Iterator[Instant]:
    """The cuts of a person's time within the period, from ``since`` on; none where there is no such time."""
    start, end = max(question.start, since), _end_of(person, question)
    if question.length is not IntervalLength.WHOLE and person.began_at > start:
        start = max(start, beginning(person.began_at, question.length, question.zone))
    if start >= end or person.began_at >= question.end:
        return iter(())
    return _whole(cuts(start, question.end, question.length, question.zone), end)


def _whole(found: Iterator[Instant], end: Instant) -> Iterator[Instant]:
    """The cuts up to the first that is not before ``end``."""
    for one in found:
        yield one
        if one >= end:
            return


def _end_of(person: Person, question: TimeQuestion) -> Instant:
    return question.end if person.ended_at is None else min(question.end, person.ended_at)


def _state(roster: Roster, person: Person) -> StaffState | None:
    staff = roster.staff.get(person.staff_id)
    return staff.state if staff is not None and staff.state.person_id == person.person_id else None


def _is_asked(question: TimeQuestion, state: StaffState) -> bool:
    return not question.skill_groups or not set(question.skill_groups).isdisjoint(names(state.skill_groups))
