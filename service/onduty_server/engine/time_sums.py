"""Sums how long staff were in which status, page by page: ended stays from the journal, the others from states as of then.

All pages of an answer show one revision and one end. However much is asked for, no more than a page is in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from itertools import islice

from onduty_server.domain.model.errors import PageTokenInvalidError
from onduty_server.domain.model.intervals import SHORTEST, IntervalLength, beginning, cuts
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Instant
from onduty_server.domain.model.values import value
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.time_rows import Chunk, TimePlace, TimeRow, TimeRows
from onduty_server.past import NO_REVISION, Person, PersonId, PersonQuery, Revision, Sums, SumsQuery
from onduty_server.ports import Codec, Journal

CHUNKS_MOST = 8
"""So often a page asks the journal for more, where it finds little; then it is told short."""


@value
class TimeQuestion:
    """What to sum: of whom (empty tuples do not restrict), from when, and in which intervals. ``end`` is not in the future.

    With ``within`` only what was done in one of these groups.
    """

    tenant: str
    staff_ids: tuple[str, ...]
    person_ids: tuple[PersonId, ...]
    skill_groups: tuple[str, ...]
    start: Instant
    end: Instant
    length: IntervalLength
    zone: tzinfo
    within: tuple[str, ...] | None = None


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
        """Up to ``rows_most`` rows as of revision ``until`` from a place on, and where the next page begins; None: nowhere.

        Raises:
            PageTokenInvalidError: A state as of that revision has been forgotten since.
        """
        rows: list[TimeRow] = []
        for _ in range(CHUNKS_MOST):
            left = rows_most - len(rows)
            limit = 2 + left // _intervals_most(question)
            query = PersonQuery(
                question.tenant,
                question.staff_ids,
                question.person_ids,
                alive_after=Instant(question.start - 1),
                through=until,
                after=(place.staff_id, Revision(place.first - 1)),
                limit=limit,
                within=question.within,
            )
            found = [_as_of(until, person) for person in await self._journal.persons(query)]
            chunk = _chunk(question, place, found, left)
            if chunk.persons:
                rows += await self._rows(question, chunk, until)
            if len(found) < limit and chunk.has_all:
                return rows, None
            place = chunk.last
            if len(rows) >= rows_most:
                break
        return rows, place

    async def _rows(self, question: TimeQuestion, chunk: Chunk, until: Revision) -> list[TimeRow]:
        through = self._head()
        roster = self._rosters(question.tenant)
        present = {person.person_id: _state(roster, person) for person in chunk.persons}  # as of the head
        persons, bounds = tuple(chunk.persons), tuple(chunk.bounds)
        query = SumsQuery(question.tenant, persons, bounds, until, through, question.skill_groups, question.within)
        sums = await self._journal.sums(query)
        rows = TimeRows(chunk, sums)
        for person in chunk.persons:
            state = self._state_then(person, sums, present[person.person_id])
            rows.name(person, self._last_name(person) if state is None else state.display_name)
            if state is not None:
                rows.add_present(person.person_id, state, counts=_is_asked(question, state))
        return rows.rows()

    def _state_then(self, person: Person, sums: Sums, present: StaffState | None) -> StaffState | None:
        """The state as of the revision of the sums; None: the person had been deleted."""
        if person.last or person.person_id not in sums.states:
            return present
        state = sums.states[person.person_id]
        if state is None:
            raise PageTokenInvalidError
        return self._codec.decode_state(*state)

    def _last_name(self, person: Person) -> str:
        return self._codec.decode_state(person.last_state, b"").display_name if person.last_state else ""


def _intervals_most(question: TimeQuestion) -> int:
    """How many intervals a person can have at most, roughly."""
    if question.length is IntervalLength.WHOLE:
        return 1
    return 1 + (question.end - question.start) // SHORTEST[question.length]


def _chunk(question: TimeQuestion, place: TimePlace, found: Sequence[Person], rows_most: int) -> Chunk:
    """The first persons who have together no more intervals than rows; of one who alone has more, the first intervals.

    The chunk ends with the person who has more: whoever comes after is looked at once all of that one's intervals are.
    """
    chunk, bounds, left = Chunk(last=place), set[Instant](), rows_most
    for person in found:
        going_on = person.first == place.first and person.staff_id == place.staff_id
        own = list(islice(_cuts_of(question, person, place.start if going_on else Instant(0)), left + 2))
        chunk.has_all = len(own) <= left + 1
        if not chunk.has_all and chunk.persons:
            break
        own = own[: left + 1]
        left -= max(len(own) - 1, 0)
        chunk.last = TimePlace(person.staff_id, person.first, own[-1] if own else question.end)
        if own:
            chunk.persons.append(person)
            chunk.begins[person.person_id] = own[0]
            bounds.update(own)
        if not chunk.has_all:
            break
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
    for cut in found:
        yield cut
        if cut >= end:
            return


def _end_of(person: Person, question: TimeQuestion) -> Instant:
    """Up to when there can be something to tell of a person: the very instant of the deletion is in it."""
    return question.end if person.ended_at is None else min(question.end, Instant(person.ended_at + 1))


def _as_of(until: Revision, person: Person) -> Person:
    """A person as of a revision: who was deleted later was there."""
    return person._replace(last=NO_REVISION, ended_at=None, last_state=b"") if person.last > until else person


def _state(roster: Roster, person: Person) -> StaffState | None:
    staff = roster.staff.get(person.staff_id)
    return staff.state if staff is not None and staff.state.person_id == person.person_id else None


def _is_asked(question: TimeQuestion, state: StaffState) -> bool:
    groups = names(state.skill_groups)
    is_seen = question.within is None or not set(question.within).isdisjoint(groups)
    return is_seen and (not question.skill_groups or not set(question.skill_groups).isdisjoint(groups))
