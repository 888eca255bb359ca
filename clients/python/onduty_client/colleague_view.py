"""Colleagues as staff see them, made of the frames of a watch. Pure: no I/O, no clock, no threads."""

from collections.abc import Iterator
from dataclasses import dataclass

from onduty.v1.workspace_service_pb2 import Colleague, ColleagueChanges, ColleaguesChunk, WatchColleaguesResponse
from onduty_client.floor_view import ChangeKind


@dataclass(frozen=True, slots=True)
class ColleagueEvent:
    """One change of the view. The messages are the view's own: read them, do not change them."""

    kind: ChangeKind
    staff_id: str
    before: Colleague | None
    """None with ADDED."""
    after: Colleague | None
    """None with LEFT."""


class ColleagueView:
    """The colleagues by id. A snapshot is built aside and swapped in with its last chunk."""

    def __init__(self) -> None:
        """Begin empty, without a snapshot."""
        self._colleagues: dict[str, Colleague] = {}
        # Set from the first chunk of a snapshot to its last.
        self._incoming: dict[str, Colleague] | None = None
        self._complete = False

    @property
    def is_complete(self) -> bool:
        """A whole snapshot has been seen."""
        return self._complete

    @property
    def size(self) -> int:
        """How many colleagues the view has."""
        return len(self._colleagues)

    def get(self, staff_id: str) -> Colleague | None:
        """One colleague; None where the view has no such."""
        return self._colleagues.get(staff_id)

    def all(self) -> list[Colleague]:
        """All of them, by name, then by id."""
        return sorted(self._colleagues.values(), key=lambda one: (one.display_name.casefold(), one.staff_id))

    def take(self, frame: WatchColleaguesResponse) -> list[ColleagueEvent]:
        """Takes a frame in and returns what it changed. Kinds not known change nothing."""
        match frame.WhichOneof("event"):
            case "snapshot_chunk":
                return self._take_chunk(frame.snapshot_chunk)
            case "changes":
                return list(self._take_changes(frame.changes))
            case _:
                return []

    def drop_incoming(self) -> None:
        """Throws a snapshot away that was cut short."""
        self._incoming = None

    def clear(self) -> list[ColleagueEvent]:
        """Nobody is to be seen until the next snapshot."""
        before, self._colleagues = self._colleagues, {}
        self._incoming, self._complete = None, False
        return list(_differences(before, {}))

    def _take_chunk(self, chunk: ColleaguesChunk) -> list[ColleagueEvent]:
        if self._incoming is None:
            self._incoming = {}
        self._incoming.update((one.staff_id, one) for one in chunk.colleagues)
        if not chunk.last:
            return []
        before, self._colleagues = self._colleagues, self._incoming
        self._incoming, self._complete = None, True
        return list(_differences(before, self._colleagues))

    def _take_changes(self, changes: ColleagueChanges) -> Iterator[ColleagueEvent]:
        for change in changes.changes:
            staff_id = change.colleague.staff_id
            before = {one.staff_id: one for one in (self._colleagues.pop(staff_id, None),) if one is not None}
            after = {} if change.left else {staff_id: change.colleague}
            self._colleagues.update(after)
            yield from _differences(before, after)


def _differences(before: dict[str, Colleague], after: dict[str, Colleague]) -> Iterator[ColleagueEvent]:
    for staff_id in sorted(before.keys() | after.keys()):
        old, new = before.get(staff_id), after.get(staff_id)
        if new is None:
            yield ColleagueEvent(ChangeKind.LEFT, staff_id, old, None)
        elif old is None:
            yield ColleagueEvent(ChangeKind.ADDED, staff_id, None, new)
        elif old != new:
            yield ColleagueEvent(ChangeKind.CHANGED, staff_id, old, new)
