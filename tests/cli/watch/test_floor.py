"""The view that a watcher makes of the stream's frames."""

from onduty.v1.router_service_pb2 import Changes, SnapshotChunk, WatchStaffResponse
from onduty.v1.staff_pb2 import (
    STATUS_AVAILABLE,
    STATUS_BUSY,
    Bookmark,
    Staff,
    StaffChange,
    Status,
    Transition,
)
from onduty_cli.moments import timestamp_of
from onduty_cli.watch.floor import Floor


def person(staff_id: str, status: Status = STATUS_AVAILABLE, *, revision: int = 1, since: int = 0) -> Staff:
    return Staff(staff_id=staff_id, status=status, revision=revision, status_started_at=timestamp_of(since))


def snapshot(*staff: Staff, last: bool = True) -> WatchStaffResponse:
    return WatchStaffResponse(snapshot_chunk=SnapshotChunk(staff=staff, last=last))


def change(staff: Staff, previous: Status, *, left: bool = False) -> WatchStaffResponse:
    transition = Transition(staff_id=staff.staff_id, previous_status=previous, status=staff.status)
    return WatchStaffResponse(changes=Changes(changes=[StaffChange(staff=staff, transition=transition, left=left)]))


def floor_of(*staff: Staff) -> Floor:
    floor = Floor()
    floor.apply(snapshot(*staff))
    return floor


def test_a_snapshot_is_used_only_when_its_last_chunk_is_there():
    """Half a snapshot would show people missing who are not."""
    floor = Floor()
    floor.apply(snapshot(person("kim"), last=False))
    assert not floor.is_complete
    assert len(floor) == 0
    floor.apply(snapshot(person("lee")))
    assert floor.is_complete
    assert [staff.staff_id for staff in floor.staff()] == ["kim", "lee"]


def test_the_first_snapshot_brings_no_changes():
    """What was already so when the watch began did not change."""
    assert Floor().apply(snapshot(person("kim"))) == []


def test_a_change_takes_the_place_of_the_state_before():
    """And is returned to be shown."""
    floor = floor_of(person("kim"))
    (seen,) = floor.apply(change(person("kim", STATUS_BUSY, revision=2), STATUS_AVAILABLE))
    assert seen.transition.previous_status == STATUS_AVAILABLE
    assert [staff.status for staff in floor.staff()] == [STATUS_BUSY]


def test_who_left_the_filter_is_dropped():
    """A watcher keeps no ghosts."""
    floor = floor_of(person("kim"))
    (seen,) = floor.apply(change(person("kim", STATUS_BUSY, revision=2), STATUS_AVAILABLE, left=True))
    assert seen.left
    assert len(floor) == 0


def test_a_later_snapshot_brings_what_changed_meanwhile():
    """A watch that had to begin afresh still tells every difference, marked as seen late."""
    floor = floor_of(person("ann"), person("kim", revision=1), person("lee", revision=2))
    changes = floor.apply(
        snapshot(person("kim", STATUS_BUSY, revision=5), person("lee", revision=2), person("max", revision=6))
    )
    assert all(seen.seen_late for seen in changes)
    told = [(s.transition.staff_id, s.transition.previous_status, s.transition.status, s.left) for s in changes]
    assert told == [
        ("ann", STATUS_AVAILABLE, STATUS_AVAILABLE, True),
        ("kim", STATUS_AVAILABLE, STATUS_BUSY, False),
        ("max", STATUS_AVAILABLE, STATUS_AVAILABLE, False),
    ]
    assert [staff.staff_id for staff in floor.staff()] == ["kim", "lee", "max"]


def test_a_snapshot_that_broke_off_leaves_nothing_behind():
    """The next one begins clean."""
    floor = Floor()
    floor.apply(snapshot(person("ghost"), last=False))
    floor.forget_incoming()
    floor.apply(snapshot(person("kim")))
    assert [staff.staff_id for staff in floor.staff()] == ["kim"]


def test_bookmarks_and_frames_of_newer_servers_change_nothing():
    """Unknown kinds are passed over."""
    floor = floor_of(person("kim"))
    assert floor.apply(WatchStaffResponse(bookmark=Bookmark())) == []
    assert floor.apply(WatchStaffResponse()) == []
    assert len(floor) == 1
