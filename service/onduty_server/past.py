"""What the journal keeps for questions about the past, and what such questions and their answers look like, as values.

A record carries in columns what filters and sums need (``Facets``), so that nobody decodes a message to skip it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, NewType

from onduty_server.domain.model.status import Cause, Direction, Instant, Micros, OfferEnd, Status

Revision = NewType("Revision", int)
"""A record's place in the total order of a store: 1, 2, 3 ... without gaps; 0 is before all."""

NO_REVISION: Final = Revision(0)
"""Before all records; also "none"."""

PersonId = NewType("PersonId", str)
"""Who is behind a staff id: 16 hex digits below 2 to the 63rd, drawn at random at the creation."""

_HEX: Final = frozenset("0123456789abcdef")


def looks_like_person_id(value: str) -> bool:
    """Whether a text has the form of a person id."""
    return len(value) == 16 and _HEX.issuperset(value)


NOBODY: Final = PersonId("")
"""No person: a record of configuration."""


# --- what a record carries ---------------------------------------------------------------------------------------------


class Interval(NamedTuple):
    """A stay in one status that a record closes: it lasted from ``since`` to the record's ``changed_at``."""

    status: Status
    break_reason: str
    since: Instant


class CallName(NamedTuple):
    """A call that a record is about; ``source`` may be empty."""

    source: str
    call_id: str


class Talk(NamedTuple):
    """A call that a record ends: it lasted from ``since`` to the record's ``changed_at``. ``direction`` is the last known."""

    direction: Direction
    since: Instant


class Life(IntEnum):
    """What a record is in the life of its person."""

    GOES_ON = 0
    BEGINS = 1
    ENDS = 2


class Facets(NamedTuple):
    """What a record says of itself in columns.

    ``closes`` is set where the status, the break reason or the names of the skill groups changed: a stay is cut where groups
    change, so that each has one set of groups, ``groups``, which are those before the change (of a person's first record: after
    it). ``groups_after`` is set where they changed. ``moved`` says that the visible status or break reason changed. ``started``
    has the direction of each call that began, ``answered`` of each that ended and was answered. ``configuration`` is an encoded
    change of configuration. ``status`` is the status after the change; None: what is recorded has none. ``seen`` says whether
    colleagues may see anything of the change.
    """

    person: PersonId = NOBODY
    life: Life = Life.GOES_ON
    cause: Cause | None = None
    moved: bool = False
    closes: Interval | None = None
    groups: tuple[str, ...] = ()
    groups_after: tuple[str, ...] | None = None
    calls: tuple[CallName, ...] = ()
    answered: tuple[Direction, ...] = ()
    talks: tuple[Talk, ...] = ()
    offer_made: bool = False
    offer_end: OfferEnd | None = None
    configuration: bytes = b""
    status: Status | None = None
    seen: bool = True


NO_FACETS: Final = Facets()


class Place(NamedTuple):
    """Where a staff member stands, as far as filters look: the names of the skill groups, and the status."""

    groups: tuple[str, ...]
    status: Status


class Standing(NamedTuple):
    """What filters look at of a staff record: the places before and after it. ``was`` is None for one who is created."""

    now: Place
    was: Place | None
    deleted: bool
    seen: bool


def standing_of(facets: Facets) -> Standing | None:
    """The standing in a record's facets; None where they have no status."""
    status = facets.status
    if status is None:
        return None
    now = Place(facets.groups if facets.groups_after is None else facets.groups_after, status)
    was = None
    if facets.life is not Life.BEGINS:
        was = Place(facets.groups, status if facets.closes is None else facets.closes.status)
    return Standing(now, was, facets.life is Life.ENDS, facets.seen)


# --- changes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which staff records of a tenant. Empty tuples and None do not restrict; an empty ``within`` leaves nothing.

    ``staff_ids`` are the persons who have these ids at revision ``bearers_at`` (None: now), or had them last; ``person_ids``
    any. ``skill_groups``: the person was in one of them before or after the change; ``within``: and in one of these at the same
    time. ``call_ids``: the change is about one of
    them, of ``source`` unless empty. ``start <= changed_at < end``. ``after`` excludes revisions up to it (with
    ``newest_first``: from it on, 0 meaning none), ``through`` those beyond it. ``limit`` is 1-10,000 records, ``bytes_most``
    what their changes have together; one comes in any case.
    """

    tenant: str
    staff_ids: tuple[str, ...] = ()
    person_ids: tuple[PersonId, ...] = ()
    skill_groups: tuple[str, ...] = ()
    call_ids: tuple[str, ...] = ()
    source: str = ""
    start: Instant | None = None
    end: Instant | None = None
    causes: tuple[Cause, ...] = ()
    status_changes_only: bool = False
    after: Revision = NO_REVISION
    through: Revision | None = None
    bearers_at: Revision | None = None
    newest_first: bool = False
    limit: int = 1000
    bytes_most: int = 1 << 30
    within: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ConfigurationQuery:
    """Which changes of configuration of a tenant; fields as in ``HistoryQuery``. ``kinds`` are numbers of ``RecordKind``.

    With ``within`` only those changes of staff who were in one of these groups before or after, and no erasures.
    """

    tenant: str
    kinds: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()
    start: Instant | None = None
    end: Instant | None = None
    after: Revision = NO_REVISION
    through: Revision | None = None
    newest_first: bool = False
    limit: int = 1000
    bytes_most: int = 1 << 30
    within: tuple[str, ...] | None = None


class PastChange(NamedTuple):
    """A change as it was encoded, without its revision."""

    revision: Revision
    change: bytes


class PastPage(NamedTuple):
    """Changes in the order that was asked for, and whether there are more."""

    changes: list[PastChange]
    more: bool


def groups_asked(query: "HistoryQuery | SumsQuery") -> tuple[str, ...] | None:
    """The groups of which a question wants one, which ``within`` restricts further; None: it does not ask for groups."""
    return query.skill_groups or query.within


# --- persons and sums -------------------------------------------------------------------------------------------------


class Person(NamedTuple):
    """A person with a past. ``last`` is the revision of the deletion, 0 for who is there; ``last_state`` its encoded state."""

    person_id: PersonId
    staff_id: str
    first: Revision
    began_at: Instant
    last: Revision = NO_REVISION
    ended_at: Instant | None = None
    last_state: bytes = b""


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """Which persons of a tenant, by staff id and first revision. Empty tuples and None do not restrict.

    ``through`` is the present that is asked about: persons created later are left out, and who was deleted later is there.
    ``staff_ids``: who has them at that present, or had them last; with ``every_bearer`` all who ever had them, but for those
    whose erasure is ordered. ``alive_after``: deleted after it, or not at all. ``within``: who was in one of these groups at
    any time; empty: nobody. ``after`` is the staff id and first revision to go on after.
    """

    tenant: str
    staff_ids: tuple[str, ...] = ()
    person_ids: tuple[PersonId, ...] = ()
    every_bearer: bool = False
    alive_after: Instant | None = None
    through: Revision | None = None
    after: tuple[str, Revision] | None = None
    limit: int = 1000
    within: tuple[str, ...] | None = None


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


# --- erasing ----------------------------------------------------------------------------------------------------------


class Erasure(NamedTuple):
    """A record's order to erase a deleted person, who is called ``pseudonym`` from then on; that is a person id too.

    ``last`` is the person's last record; its parts are replaced by these at once, and the staff id is free for somebody new.
    """

    person: PersonId
    pseudonym: PersonId
    last: Revision
    state: bytes
    private: bytes
    change: bytes
    configuration: bytes


class PendingErasure(NamedTuple):
    """An erasure that is ordered and not finished. ``staff_id`` is empty when only traces in the storage are left."""

    tenant: str
    pseudonym: PersonId
    staff_id: str


class RecordParts(NamedTuple):
    """The encoded parts of a record."""

    state: bytes
    private: bytes
    change: bytes
    configuration: bytes
