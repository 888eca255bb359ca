"""The staff that match a filter, made of the frames of a watch. Pure: no I/O, no clock, no threads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from onduty.v1.router_service_pb2 import Changes, SnapshotChunk, WatchStaffResponse
from onduty.v1.staff_pb2 import Staff, StaffChange, Transition
from onduty_client.free_staff import FreeStaff


class ChangeKind(Enum):
    """What a change did to the view."""

    ADDED = "ADDED"
    """The staff member came into the view."""
    CHANGED = "CHANGED"
    LEFT = "LEFT"
    """The staff member left the filter, or was deleted."""


@dataclass(frozen=True, slots=True)
class FloorChange:
    """One change of the view. The messages are the view's own: read them, do not change them."""

    kind: ChangeKind
    staff_id: str
    before: Staff | None
    """None with ADDED."""
    after: Staff | None
    """None with LEFT."""
    transition: Transition | None
    """Why. None where only a snapshot shows the change: what lies between is not known."""
    revision: int
    """The change's revision; 0 where a snapshot shows that somebody left."""


class FloorView:
    """The staff by id. A snapshot is built aside and swapped in with its last chunk."""

    def __init__(self) -> None:
        """Begin empty, without a snapshot."""
        self._staff: dict[str, Staff] = {}
        self._free = FreeStaff()
        # What the stream said last of those of whom an answer has told more.
        self._streamed: dict[str, Staff] = {}
        # Set from the first chunk of a snapshot to its last.
        self._incoming: dict[str, Staff] | None = None
        self._complete = False

    @property
    def is_complete(self) -> bool:
        """A whole snapshot has been seen."""
        return self._complete

    @property
    def size(self) -> int:
        """How many staff the view has."""
        return len(self._staff)

    def get(self, staff_id: str) -> Staff | None:
        """One staff member; None where the view has no such."""
        return self._staff.get(staff_id)

    def all(self) -> list[Staff]:
        """Everybody, by id."""
        return [self._staff[staff_id] for staff_id in sorted(self._staff)]

    def available(self, skill_group: str = "") -> list[Staff]:
        """Those to whom an inbound call may be assigned, longest idle first; of everybody where the group is empty."""
        return [self._staff[staff_id] for staff_id in self._free.ids(skill_group)]

    def take(self, frame: WatchStaffResponse) -> list[FloorChange]:
        """Takes a frame in and returns what it changed, in the order of the stream. Kinds not known change nothing."""
        match frame.WhichOneof("event"):
            case "snapshot_chunk":
                return self._take_chunk(frame.snapshot_chunk)
            case "changes":
                return list(self._take_changes(frame.changes))
            case _:
                return []

    def learn(self, staff: Staff) -> None:
        """Shows a state that an answer told. The stream, which is later, still tells its change."""
        shown = self._staff.get(staff.staff_id)
        if shown is None or staff.revision <= shown.revision:
            return
        self._streamed.setdefault(staff.staff_id, shown)
        self._show(staff)

    def drop_incoming(self) -> None:
        """Throws a snapshot away that was cut short."""
        self._incoming = None

    def _take_chunk(self, chunk: SnapshotChunk) -> list[FloorChange]:
        if self._incoming is None:
            self._incoming = {}
        self._incoming.update((staff.staff_id, staff) for staff in chunk.staff)
        if not chunk.last:
            return []
        before, self._staff = self._staff | self._streamed, self._incoming
        self._incoming, self._complete = None, True
        self._streamed = {}
        self._free.fill(self._staff.values())
        return list(_differences(before, self._staff))

    def _take_changes(self, changes: Changes) -> Iterator[FloorChange]:
        for change in changes.changes:
            if (told := self._take_change(change)) is not None:
                yield told

    def _take_change(self, change: StaffChange) -> FloorChange | None:
        staff_id = change.staff.staff_id or change.transition.staff_id
        revision = change.transition.revision or change.staff.revision
        shown = self._staff.get(staff_id)
        before = self._streamed.get(staff_id, shown)
        if before is not None and revision <= before.revision:
            return None
        if change.left:
            if self._staff.pop(staff_id, None) is None:
                return None
            self._streamed.pop(staff_id, None)
            self._free.remove(staff_id)
            return FloorChange(ChangeKind.LEFT, staff_id, before, None, change.transition, revision)
        if staff_id in self._streamed and shown is not None and shown.revision > revision:
            self._streamed[staff_id] = change.staff
        else:
            self._streamed.pop(staff_id, None)
            self._show(change.staff)
        kind = ChangeKind.ADDED if before is None else ChangeKind.CHANGED
        return FloorChange(kind, staff_id, before, change.staff, change.transition, revision)

    def _show(self, staff: Staff) -> None:
        self._staff[staff.staff_id] = staff
        self._free.put(staff)


def _differences(before: Mapping[str, Staff], after: Mapping[str, Staff]) -> Iterator[FloorChange]:
    for staff_id in sorted(before.keys() | after.keys()):
        old, new = before.get(staff_id), after.get(staff_id)
        if new is None:
            yield FloorChange(ChangeKind.LEFT, staff_id, old, None, None, 0)
        elif old is None:
            yield FloorChange(ChangeKind.ADDED, staff_id, None, new, None, new.revision)
        elif old != new:
            # Not by revision alone: another store, or a restored one, counts the same numbers anew.
            yield FloorChange(ChangeKind.CHANGED, staff_id, old, new, None, new.revision)
