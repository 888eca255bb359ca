"""Adds up sums of time by person and interval: ended stays as records have them, and stays that were going on.

It asks nobody: what it adds up is given to it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Direction, Instant, Status
from onduty_server.domain.model.values import value
from onduty_server.engine.write.facets import stay_since
from onduty_server.past import Counts, GroupStay, Person, PersonId, Revision, Sums


@value
class TimePlace:
    """Where a page begins: at interval ``start`` of the person with this id and first revision, or of the one after."""

    staff_id: str = ""
    first: Revision = Revision(0)
    start: Instant = Instant(0)


@dataclass(slots=True)
class TimeRow:
    """What one person did in one interval. Times in microseconds; ``talks`` and the calls that began by direction."""

    person: Person
    display_name: str
    starts_at: Instant
    ends_at: Instant
    times: dict[tuple[Status, str], int] = field(default_factory=dict)
    talks: dict[Direction, int] = field(default_factory=dict)
    started: dict[Direction, int] = field(default_factory=dict)
    counts: Counts | None = None

    @property
    def place(self) -> TimePlace:
        """Where a page goes on after this row."""
        return TimePlace(self.person.staff_id, self.person.first, self.ends_at)


@dataclass(slots=True)
class Chunk:
    """Persons who are summed together, over cuts that hold all of theirs; ``begins`` is where each one's rows begin."""

    persons: list[Person] = field(default_factory=list)
    begins: dict[PersonId, Instant] = field(default_factory=dict)
    bounds: list[Instant] = field(default_factory=list)
    last: TimePlace = field(default_factory=TimePlace)
    has_all: bool = True


class TimeRows:
    """The rows of a chunk while they are filled."""

    def __init__(self, chunk: Chunk, sums: Sums) -> None:
        """The rows of what records tell."""
        self._chunk = chunk
        self._spans = list(pairwise(chunk.bounds))
        self._persons = {person.person_id: person for person in chunk.persons}
        self._names: dict[PersonId, str] = {}
        self._rows: dict[tuple[PersonId, int], TimeRow] = {}
        self._group_stays: defaultdict[PersonId, list[GroupStay]] = defaultdict(list)
        for stay in sums.group_stays:
            self._group_stays[stay.person_id].append(stay)
        self._add(sums)

    def name(self, person: Person, display_name: str) -> None:
        """Set what a person is called."""
        self._names[person.person_id] = display_name

    def _add(self, sums: Sums) -> None:
        for person_id, number, status, reason, time in sums.times:
            self._row(person_id, number).times[status, reason] = time
        for person_id, number, direction, time, started in sums.talks:
            self._add_talk(self._row(person_id, number), direction, time, started)
        for counts in sums.counts:
            self._row(counts.person_id, counts.number).counts = counts
        for person_id, direction, since, until, counted in sums.cut_talks:
            self._add_call(person_id, direction, since, until, counts=counted)

    def add_present(self, person_id: PersonId, state: StaffState, *, counts: bool) -> None:
        """Add what goes on: it lasts to the end of the period. ``counts``: it is in one of the groups that are asked about."""
        end = self._chunk.bounds[-1]
        kind = (state.status, state.break_reason)
        for number, time in self._parts(stay_since(state), end) if counts else ():
            times = self._row(person_id, number).times
            times[kind] = times.get(kind, 0) + time
        for call in state.calls:
            self._add_call(person_id, call.direction, call.started_at, max(end, call.started_at), counts=counts)

    def _add_call(self, person_id: PersonId, direction: Direction, since: Instant, until: Instant, *, counts: bool) -> None:
        """Add a call; ``counts``: its end is in one of the groups that are asked about."""
        begun = since
        for stay in sorted(self._group_stays[person_id]):
            starts, ends = max(since, stay.since), min(until, stay.until)
            if starts < ends:
                self._add_part(person_id, direction, (starts, ends), begun, counts=stay.counts)
                since = ends
        if since < until or since == begun:
            self._add_part(person_id, direction, (since, until), begun, counts=counts)

    def _add_part(
        self, person_id: PersonId, direction: Direction, part: tuple[Instant, Instant], begun: Instant, *, counts: bool
    ) -> None:
        """Add a part of a call that began at an instant, which is counted with the part that it lies in."""
        since, until = part
        for number, (starts, ends) in enumerate(self._spans) if counts else ():
            if ends > since and (starts < until or starts <= since):
                started = since == begun and starts <= since
                self._add_talk(self._row(person_id, number), direction, min(until, ends) - max(since, starts), int(started))

    @staticmethod
    def _add_talk(row: TimeRow, direction: Direction, time: int, started: int) -> None:
        row.talks[direction] = row.talks.get(direction, 0) + time
        row.started[direction] = row.started.get(direction, 0) + started

    def rows(self) -> list[TimeRow]:
        """By person, in the order of the chunk, and interval."""
        order = {person.person_id: number for number, person in enumerate(self._chunk.persons)}
        ordered = [self._rows[key] for key in sorted(self._rows, key=lambda key: (order[key[0]], key[1]))]
        rows = [row for row in ordered if row.starts_at >= self._chunk.begins[row.person.person_id]]
        for row in rows:
            row.display_name = self._names[row.person.person_id]
        return rows

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
