"""What a record says of itself in columns, so that filters and sums need not decode messages."""

from enum import IntEnum
from typing import Final, NamedTuple

from onduty_server.domain.model.status import Cause, Direction, Instant, OfferEnd, Status
from onduty_server.past.identities import NOBODY, PersonId


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
