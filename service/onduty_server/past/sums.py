"""Questions for sums of time, talk and offers, and what records tell towards them."""

from dataclasses import dataclass
from typing import NamedTuple

from onduty_server.domain.model.status import Direction, Instant, Micros, Status
from onduty_server.past.changes import HistoryQuery
from onduty_server.past.identities import PersonId, Revision
from onduty_server.past.persons import Person


@dataclass(frozen=True, slots=True)
class SumsQuery:
    """What to sum: for each of these persons, in each interval between two neighbouring ``bounds`` (ascending, two or more).

    The sums are those of revision ``until``. Records after it, up to ``through``, only tell who has changed since.
    ``skill_groups``: what was done in one of them; ``within``: and in one of these at the same time (empty: nothing).
    """

    tenant: str
    persons: tuple[Person, ...]
    bounds: tuple[Instant, ...]
    until: Revision
    through: Revision
    skill_groups: tuple[str, ...] = ()
    within: tuple[str, ...] | None = None


class TimeSum(NamedTuple):
    """Time of a person in a status and break reason within interval ``number``, counted from 0."""

    person_id: PersonId
    number: int
    status: Status
    break_reason: str
    time: Micros


class TalkSum(NamedTuple):
    """Time of a person in ended calls of a direction within an interval, each on its own, and how many of them began in it."""

    person_id: PersonId
    number: int
    direction: Direction
    time: Micros
    started: int


class Counts(NamedTuple):
    """How often something happened to a person within an interval; ``answered`` by direction, INBOUND first."""

    person_id: PersonId
    number: int
    made: int = 0
    accepted: int = 0
    declined: int = 0
    missed: int = 0
    other: int = 0
    answered: tuple[int, int, int, int] = (0, 0, 0, 0)


class GroupStay(NamedTuple):
    """A stay in line that a change of groups ended. ``counts``: it was in one of the groups that are asked about."""

    person_id: PersonId
    since: Instant
    until: Instant
    counts: bool


class CutTalk(NamedTuple):
    """An ended call in which the person's groups changed. ``counts``: its end was in one of the groups asked about."""

    person_id: PersonId
    direction: Direction
    since: Instant
    until: Instant
    counts: bool


class PastState(NamedTuple):
    """A state as it was encoded, in its two parts."""

    state: bytes
    private: bytes


class Sums(NamedTuple):
    """Sums of what the records up to the question's revision tell, and what else is needed for what went on then.

    Not in the sums is what no record had ended: everybody's stay, and calls in progress. Nor are ``cut_talks``, which are to be
    divided by ``group_stays``; both are empty where no groups are asked about. ``states`` has the state, as of that revision,
    of everybody whose state has changed since; None: it is forgotten.
    """

    times: list[TimeSum]
    talks: list[TalkSum]
    counts: list[Counts]
    group_stays: list[GroupStay]
    cut_talks: list[CutTalk]
    states: dict[PersonId, PastState | None]


def groups_asked(query: HistoryQuery | SumsQuery) -> tuple[str, ...] | None:
    """The groups of which a question wants one, which ``within`` restricts further; None: it does not ask for groups."""
    return query.skill_groups or query.within
