"""Frames of a watch as a server would send them."""

from onduty.v1.router_service_pb2 import Changes, SnapshotChunk, WatchStaffResponse
from onduty.v1.staff_pb2 import STATUS_AVAILABLE, Capabilities, SkillGroup, Staff, StaffChange, Transition


def group(name: str) -> SkillGroup:
    return SkillGroup(name=name)


def person(staff_id: str, revision: int = 1, *, status: int = STATUS_AVAILABLE, idle: int = 0, groups=("cards",)) -> Staff:
    free = Capabilities(assign_inbound=status == STATUS_AVAILABLE)
    made = Staff(staff_id=staff_id, revision=revision, status=status, capabilities=free, skill_groups=map(group, groups))
    made.idle_started_at.seconds = idle
    return made


def snapshot(*staff: Staff, last: bool = True) -> WatchStaffResponse:
    return WatchStaffResponse(snapshot_chunk=SnapshotChunk(staff=staff, last=last))


def change(staff: Staff, *, left: bool = False) -> WatchStaffResponse:
    transition = Transition(revision=staff.revision, staff_id=staff.staff_id)
    return WatchStaffResponse(changes=Changes(changes=[StaffChange(staff=staff, transition=transition, left=left)]))
