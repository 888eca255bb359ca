"""The floor as a watcher knows it: made of the stream's frames, asked for everybody. It does no input or output."""

from collections.abc import Iterable
from dataclasses import dataclass

from onduty.v1.router_service_pb2 import WatchStaffResponse
from onduty.v1.staff_pb2 import CAUSE_UNSPECIFIED, Staff, StaffChange, Transition


@dataclass(frozen=True, slots=True)
class FloorChange:
    """One change as the watcher saw it."""

    transition: Transition
    left: bool = False
    """The staff member left the filter, or was deleted."""
    seen_late: bool = False
    """It happened while the watch was interrupted and shows only in the new snapshot: cause and steps are not known."""


class Floor:
    """All staff of a watch."""

    def __init__(self) -> None:
        """Begin empty, without a snapshot."""
        self._staff: dict[str, Staff] = {}
        self._incoming: dict[str, Staff] = {}
        self.is_complete = False
        """A whole snapshot has been seen."""

    def apply(self, frame: WatchStaffResponse) -> list[FloorChange]:
        """Takes a frame in and returns the changes it brought; a first snapshot brings none."""
        kind = frame.WhichOneof("event")
        if kind == "snapshot_chunk":
            self._incoming.update((staff.staff_id, staff) for staff in frame.snapshot_chunk.staff)
            return self._use_snapshot() if frame.snapshot_chunk.last else []
        if kind == "changes":
            for change in frame.changes.changes:
                self._take(change)
            return [FloorChange(change.transition, change.left) for change in frame.changes.changes]
        return []

    def forget_incoming(self) -> None:
        """Drops a snapshot that did not come to its end."""
        self._incoming = {}

    def __len__(self) -> int:
        return len(self._staff)

    def staff(self) -> list[Staff]:
        """Returns all staff by id."""
        return sorted(self._staff.values(), key=lambda staff: staff.staff_id)

    def _take(self, change: StaffChange) -> None:
        staff_id = change.staff.staff_id or change.transition.staff_id
        if change.left:
            self._staff.pop(staff_id, None)
        else:
            self._staff[staff_id] = change.staff

    def _use_snapshot(self) -> list[FloorChange]:
        before, after = self._staff, self._incoming
        changes = list(_differences(before, after)) if self.is_complete else []
        self._staff, self._incoming, self.is_complete = after, {}, True
        return changes


def _differences(before: dict[str, Staff], after: dict[str, Staff]) -> Iterable[FloorChange]:
    for staff_id in sorted(before.keys() | after.keys()):
        old, new = before.get(staff_id), after.get(staff_id)
        if new is None or (old is not None and old.revision == new.revision):
            if new is None and old is not None:
                yield FloorChange(_between(old, old), left=True, seen_late=True)
            continue
        yield FloorChange(_between(old or new, new), seen_late=True)


def _between(old: Staff, new: Staff) -> Transition:
    return Transition(
        revision=new.revision,
        staff_id=new.staff_id,
        previous_status=old.status,
        previous_break_reason=old.break_reason,
        status=new.status,
        break_reason=new.break_reason,
        cause=CAUSE_UNSPECIFIED,
        changed_at=new.changed_at,
    )
