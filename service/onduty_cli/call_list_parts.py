"""Cuts a source's list of calls into requests that the contract takes; it sends none."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from onduty_cli.call_list_file import ListedCall

CALLS_MOST: Final = 1_000
"""The calls of one request, and the people of its scope, as the contract has them."""


class Part(NamedTuple):
    """What one request tells."""

    calls: Sequence[ListedCall]
    staff_ids: Sequence[str]
    """The people whose calls these are, all of them. Empty: everybody's."""


def fits_in_one(calls: Sequence[ListedCall], staff_ids: Sequence[str]) -> bool:
    """Whether one request holds the list."""
    return len(calls) <= CALLS_MOST and len(staff_ids) <= CALLS_MOST


def parts_of(calls: Sequence[ListedCall], people: Iterable[str]) -> Iterator[Part]:
    """Yields the list by people, each once, with all calls of theirs.

    Args:
        calls: The list.
        people: All whom the list is about: also those without a call in it, whose calls end.
    """
    everybody = sorted({*people, *(call.staff_id for call in calls)})
    numbers = Counter(call.staff_id for call in calls)
    part: list[str] = []
    held = 0
    for staff_id in everybody:
        if part and (len(part) == CALLS_MOST or held + numbers[staff_id] > CALLS_MOST):
            yield _part(calls, part)
            part, held = [], 0
        part.append(staff_id)
        held += numbers[staff_id]
    if part:
        yield _part(calls, part)


def _part(calls: Sequence[ListedCall], staff_ids: list[str]) -> Part:
    wanted = set(staff_ids)
    return Part([call for call in calls if call.staff_id in wanted], staff_ids)
