"""How facets stand in columns: persons as numbers, counts packed into one, talks as a small list; reads and writes nothing."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from onduty_server.domain.model.status import OfferEnd, Status
from onduty_server.past import Facets, Life, PersonId, Place, Standing, Talk

MADE_SHIFT: Final = 32
END_SHIFT: Final = 33
END_MASK: Final = 31
ANSWERED_SHIFT: Final = 38
"""Where ``counts`` has whether an offer was made, how one ended, and the answered calls that ended, six bits a direction.

The bits below are not used. A person has fewer calls than six bits can count.
"""

LIFE_SHIFT: Final = 8
LIFE_MASK: Final = 3
UNSEEN: Final = 1 << 10
GROUPLESS: Final = 1 << 11
"""Where ``standing`` has what the record is in its person's life, whether colleagues see nothing of it, and whether the person
is in no group after it, which ``groups_after`` does not tell from no change. Below is the status after it."""


PERSONS_AT_HAND: Final = 8_192
"""Persons whose numbers need not be read from their ids again."""


class Columns(NamedTuple):
    """The facets that have a column of their own, in the order of the table, but for what takes a look-up."""

    cause: int | None
    moved: int
    closed_status: int | None
    closed_reason: str | None
    closed_since: int | None
    groups: int | None
    groups_after: int | None
    counts: int | None
    talks: str | None
    standing: int | None
    call_id: str | None
    source: str | None


def columns(facets: Facets, groups: int | None, groups_after: int | None) -> Columns:
    """Facets as columns; ``groups`` and ``groups_after`` are the numbers of their sets."""
    status, reason, since = facets.closes or (None, None, None)
    source, call_id = facets.calls[0] if facets.calls else (None, None)
    return Columns(
        None if facets.cause is None else int(facets.cause),
        int(facets.moved),
        None if status is None else int(status),
        reason,
        since,
        groups,
        groups_after,
        _counts(facets) or None if facets.answered or facets.offer_made or facets.offer_end else None,
        _talks(facets.talks) if facets.talks else None,
        None if facets.status is None else _standing(facets, facets.status),
        call_id,
        source,
    )


@lru_cache(PERSONS_AT_HAND)
def person_number(person: str) -> int:
    """A person id as a number of 63 bits; no other text is one, and a query for it finds nothing."""
    try:
        number = int(person, 16) if len(person) == 16 else -1
    except ValueError:
        number = -1
    return number if 0 <= number < 1 << 63 else -1


def person_name(number: int) -> PersonId:
    """The person id of a number."""
    return PersonId(f"{number:016x}")


def group_set(names: Sequence[str]) -> str:
    """A set of group names as it is kept."""
    return json.dumps(sorted(names), ensure_ascii=False, separators=(",", ":"))


def standing(packed: int, closed_status: int | None, groups: tuple[str, ...], groups_after: tuple[str, ...]) -> Standing:
    """A standing from the column; ``groups`` are the names before, ``groups_after`` those after unless there are none."""
    life, status = packed >> LIFE_SHIFT & LIFE_MASK, _STATUSES[packed & (1 << LIFE_SHIFT) - 1]
    was = None
    if life != Life.BEGINS:
        was = Place(groups, status if closed_status is None else _STATUSES[closed_status])
    return Standing(Place(() if packed & GROUPLESS else groups_after, status), was, life == Life.ENDS, not packed & UNSEEN)


def _standing(facets: Facets, status: Status) -> int:
    packed = status | facets.life << LIFE_SHIFT
    if not facets.seen:
        packed |= UNSEEN
    return packed | GROUPLESS if facets.groups_after == () else packed


_STATUSES: Final = {status.value: status for status in Status}


def _counts(facets: Facets) -> int:
    packed = 0
    for direction in facets.answered:
        packed += 1 << ANSWERED_SHIFT + 6 * (direction - 1)
    if facets.offer_made:
        packed |= 1 << MADE_SHIFT
    if facets.offer_end is not None:
        packed |= facets.offer_end << END_SHIFT
    return packed


def _talks(talks: Sequence[Talk]) -> str:
    return json.dumps([[int(direction), since] for direction, since in talks], separators=(",", ":"))


_ENDS: Final = {end.name: int(end) for end in OfferEnd}
ACCEPTED: Final = _ENDS["ACCEPTED"]
DECLINED: Final = _ENDS["DECLINED"]
EXPIRED: Final = _ENDS["EXPIRED"]
"""How ``counts`` has the ends that are counted apart; all others are "other"."""
