"""What rows about the past are made into, whichever database they come from: pages and sums; reads nothing itself."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from onduty_server.adapters.columns import person_name
from onduty_server.domain.model.status import Direction, Micros, Status
from onduty_server.past import (
    Counts,
    CutTalk,
    GroupStay,
    PastChange,
    PastPage,
    PastState,
    Revision,
    Sums,
    TalkSum,
    TimeSum,
)
from onduty_server.ports import Record

_STATUSES: Final = {status.value: status for status in Status}
_DIRECTIONS: Final = {direction.value: direction for direction in Direction}

Rows = Iterable[tuple[Any, ...]]


class SumQueries(Protocol):
    """The statements that sum, each to have a source of records before it."""

    GROUP_STAYS: str
    CUT_TALKS: str

    def times(self, *, groups: bool) -> str:
        """Time by person, interval, status and break reason."""

    def talks(self, *, groups: bool, cut: bool) -> str:
        """Time in ended calls, and how many began, by person, interval and direction."""

    def counts(self, *, groups: bool) -> str:
        """Offers and answered calls by person and interval."""


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


def sums_of(ask: Callable[[str], Rows], queries: SumQueries, *, grouped: bool) -> Sums:
    """What the records of a source tell, without the states; ``ask`` runs a statement on it."""
    times = ask(queries.times(groups=grouped))
    sums = Sums(
        [TimeSum(person_name(who), n, _STATUSES[status], reason, Micros(t)) for who, n, status, reason, t in times],
        [],
        [],
        [],
        [],
        {},
    )
    if grouped:
        stays = ask(queries.GROUP_STAYS)
        sums.group_stays.extend(GroupStay(person_name(who), since, until, bool(c)) for who, since, until, c in stays)
    cut = bool(sums.group_stays)
    if cut:
        for who, direction, since, until, counts in ask(queries.CUT_TALKS):
            sums.cut_talks.append(CutTalk(person_name(who), _DIRECTIONS[direction], since, until, bool(counts)))
    for who, number, direction, time, started in ask(queries.talks(groups=grouped, cut=cut)):
        sums.talks.append(TalkSum(person_name(who), number, _DIRECTIONS[direction], Micros(time), started))
    sums.counts.extend(_counts_of(*row) for row in ask(queries.counts(groups=grouped)))
    return sums


def add_states(sums: Sums, later: Rows, states: Mapping[Revision, Record]) -> None:
    """Add the states of those who have changed since: each with the revision of the last record before."""
    for person, before in later:
        last = states.get(Revision(before))
        sums.states[person_name(person)] = None if last is None else PastState(last.state, last.private)


def _counts_of(person: int, number: int, *found: int) -> Counts:
    made, accepted, declined, missed, other, *answered = found
    a, b, c, d = answered
    return Counts(person_name(person), number, made, accepted, declined, missed, other, (a, b, c, d))
