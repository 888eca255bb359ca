"""What rows about the past are made into, whichever database they come from: pages and sums; reads nothing."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from onduty_server.adapters.columns import person_name
from onduty_server.domain.model.status import Direction, Instant, Micros, Status
from onduty_server.past import Counts, PastChange, PastPage, Sums, TalkSum, TimeSum

_STATUSES: Final = {status.value: status for status in Status}
_DIRECTIONS: Final = {direction.value: direction for direction in Direction}

Rows = Iterable[tuple[Any, ...]]


def page(found: Iterable[PastChange], limit: int, bytes_most: int) -> PastPage:
    """The first changes, as many as may be, and whether there are more; the others are not read."""
    changes: list[PastChange] = []
    size = 0
    for one in found:
        size += len(one.change)
        if changes and (len(changes) == limit or size > bytes_most):
            return PastPage(changes, more=True)
        changes.append(one)
    return PastPage(changes, more=False)


def sums_of(bounds: Sequence[Instant], times: Rows, talks: Rows, counts: Rows, going_on: Sequence[tuple[Any, ...]]) -> Sums:
    """The sums of rows: times by person, interval, status and reason; stays that go on, each with whether it counts."""
    summed: dict[tuple[int, int, int, str], int] = {}
    for *kind, time in (*times, *_parts(bounds, going_on)):
        who, number, status, reason = kind
        summed[who, number, status, reason] = summed.get((who, number, status, reason), 0) + time
    return Sums(
        [TimeSum(person_name(who), n, _STATUSES[status], reason, Micros(t)) for (who, n, status, reason), t in summed.items()],
        [TalkSum(person_name(who), n, _DIRECTIONS[direction], Micros(time)) for who, n, direction, time in talks],
        [_counts_of(*row) for row in counts],
        frozenset(person_name(who) for who, *_ in going_on),
    )


def _parts(bounds: Sequence[Instant], going_on: Rows) -> Iterator[tuple[int, int, int, str, int]]:
    """The parts of stays that go on to the last bound, in each interval; those that do not count are left out."""
    for who, status, reason, since, counts, *_ in going_on:
        for number, (starts, ends) in enumerate(pairwise(bounds)):
            if counts and ends > since:
                yield who, number, status, reason, ends - max(starts, since)


def _counts_of(person: int, number: int, *found: int) -> Counts:
    started, offers, answered = found[:4], found[4:9], found[9:]
    made, accepted, declined, missed, other = offers
    a, b, c, d = started
    e, f, g, h = answered
    return Counts(person_name(person), number, (a, b, c, d), made, accepted, declined, missed, other, (e, f, g, h))
