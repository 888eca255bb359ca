"""How facets stand in columns: persons as numbers, counts packed into one, talks as a small list; reads and writes nothing."""

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from onduty_server.domain.model.status import OfferEnd
from onduty_server.past import Facets, PersonId, Talk

MADE_SHIFT: Final = 32
END_SHIFT: Final = 33
END_MASK: Final = 31
ANSWERED_SHIFT: Final = 38
"""Where ``counts`` has whether an offer was made, how one ended, and the answered calls that ended, six bits a direction.

Below are the calls begun, eight bits a direction. A person has fewer calls than six bits can count.
"""


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
        _counts(facets) or None,
        _talks(facets.talks) if facets.talks else None,
        call_id,
        source,
    )


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


def _counts(facets: Facets) -> int:
    packed = 0
    for direction in facets.started:
        packed += 1 << 8 * (direction - 1)
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
