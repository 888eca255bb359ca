"""What a watcher gets of a run of changes: those that match its filter, bounded, conflated if it wants the latest only."""

from collections.abc import Sequence
from typing import Final, Protocol

from onduty_server.domain.model.status import Status
from onduty_server.engine.staff_filter import ColleagueFilter, StaffFilter
from onduty_server.engine.watch.change import Delivery, LoggedChange
from onduty_server.ports import NO_REVISION, Revision

FRAME_BYTES: Final = 256 * 1024
FRAME_CHANGES: Final = 2_000
LATEST_BYTES: Final = 1024 * 1024
ELEMENT_BYTES: Final = 500
"""About what an element has that is not in memory."""


class LeftMarks(Protocol):
    """What a watcher is sent of who left its filter. A codec makes both."""

    def mark_left(self, staff_change: bytes) -> bytes:
        """The element, saying that the staff member left."""

    def left_view(self, staff_id: str, revision: Revision) -> bytes:
        """An element that says so and nothing else: where they are now is not the watcher's to see."""


def select(
    changes: Sequence[LoggedChange],
    staff_filter: StaffFilter,
    through: Revision,
    marks: LeftMarks,
    *,
    latest_only: bool,
) -> Delivery | None:
    """What a watcher with this filter gets of ``changes``: one bounded batch, or None if nothing matches.

    A staff member who was in the filter and is not any more comes as *left*; whoever left the view of who asks, without a word
    of where they are now. With ``latest_only`` only the last change of
    each staff member is kept, judged against the state before the first one.
    """
    window = changes[:FRAME_CHANGES]
    if latest_only:
        window = _within(window, LATEST_BYTES)  # what is left of it after conflating goes out as one frame
    cut = len(window) < len(changes)
    if cut:
        through = window[-1].revision
    if isinstance(staff_filter, ColleagueFilter):
        window = [change for change in window if change.seen]
    first_of: dict[str, LoggedChange] = {}
    last_of: dict[str, LoggedChange] = {}
    conflated = False
    if latest_only:
        for change in window:
            first_of.setdefault(change.staff_id, change)
            last_of[change.staff_id] = change
        conflated = len(last_of) < len(window)
        window = sorted(last_of.values(), key=lambda change: change.revision) if conflated else window
    elements: list[bytes] = []
    size, first = 0, NO_REVISION
    for change in window:
        was = first_of[change.staff_id].was if conflated else change.was
        element = _element(change, was, staff_filter, marks)
        if element is None:
            continue
        if elements and size + len(element) > FRAME_BYTES and not conflated:
            return Delivery(elements, Revision(change.revision - 1), first=first)
        first = first or change.revision
        elements.append(element)
        size += len(element)
    return Delivery(elements, through, conflated, first=first) if elements or cut else None


def _within(changes: Sequence[LoggedChange], most: int) -> Sequence[LoggedChange]:
    """The first changes whose elements together have at most so many bytes, but at least one."""
    size = 0
    for number, change in enumerate(changes):
        size += len(change.element)
        if number and size > most:
            return changes[:number]
    return changes


def _element(
    change: LoggedChange,
    was: tuple[tuple[str, ...], Status] | None,
    staff_filter: StaffFilter,
    marks: LeftMarks,
) -> bytes | None:
    if staff_filter.is_open:
        return marks.mark_left(change.element) if change.deleted else change.element
    if not change.deleted and staff_filter.matches(change.staff_id, change.groups, change.status):
        return change.element
    if was is not None and staff_filter.matches(change.staff_id, *was):
        if not staff_filter.shows(change.groups):
            return marks.left_view(change.staff_id, change.revision)
        return marks.mark_left(change.element)
    return None
