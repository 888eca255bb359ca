"""The floor's view: made of frames, without a server."""

import pytest
from floor_frames import change, person, snapshot

from onduty.v1.router_service_pb2 import WatchStaffResponse
from onduty.v1.staff_pb2 import STATUS_AVAILABLE, STATUS_BUSY, STATUS_IN_LINE, Bookmark
from onduty_client import ChangeKind
from onduty_client.floor_view import FloorView


def told(changes) -> list[tuple[str, str, int]]:
    return [(one.kind.value, one.staff_id, one.revision) for one in changes]


@pytest.fixture
def view() -> FloorView:
    """A view with ana and ben at revision 5."""
    made = FloorView()
    made.take(snapshot(person("ana", 5), person("ben", 5)))
    return made


def test_snapshot_is_swapped_in_with_its_last_chunk():
    """Chunks before the last show nothing; the last one shows everybody, each told as ADDED."""
    view = FloorView()
    assert view.take(snapshot(person("ben"), last=False)) == []
    assert (view.all(), view.is_complete) == ([], False)
    assert told(view.take(snapshot(person("ana", 2)))) == [("ADDED", "ana", 2), ("ADDED", "ben", 1)]
    assert [one.staff_id for one in view.all()] == ["ana", "ben"]


def test_snapshot_cut_short_is_thrown_away(view: FloorView):
    """Chunks of a stream that broke are not mixed with those of the next."""
    view.take(snapshot(person("ghost", 9), last=False))
    view.drop_incoming()
    assert view.take(snapshot(person("ana", 5), person("ben", 5))) == []
    assert view.get("ghost") is None


def test_later_snapshot_tells_differences_only(view: FloorView):
    """Who is new, changed or gone is told; who is as before is not; LEFT has revision 0 and nothing has a transition."""
    changes = view.take(snapshot(person("ana", 5), person("eve", 9)))
    assert told(changes) == [("LEFT", "ben", 0), ("ADDED", "eve", 9)]
    assert [one.transition for one in changes] == [None, None]


def test_snapshot_of_another_store_tells_other_content_under_the_same_revision(view: FloorView):
    """A restored store counts its revisions anew; what differs is told although the number does not."""
    assert told(view.take(snapshot(person("ana", 5, status=STATUS_BUSY), person("ben", 5)))) == [("CHANGED", "ana", 5)]


def test_change_replaces_the_state(view: FloorView):
    """A change is told with the state before and after it and its transition."""
    (one,) = view.take(change(person("ana", 6, status=STATUS_BUSY)))
    assert (one.kind, one.before.revision, one.after.revision, one.transition.revision) == (ChangeKind.CHANGED, 5, 6, 6)
    assert view.get("ana").status == STATUS_BUSY


@pytest.mark.parametrize("revision", [4, 5])
def test_change_that_is_not_newer_is_passed_over(view: FloorView, revision: int):
    """A change whose revision is not above what the view has changes nothing and is not told."""
    assert view.take(change(person("ana", revision, status=STATUS_BUSY))) == []
    assert view.get("ana").status == STATUS_AVAILABLE


def test_who_left_is_taken_out(view: FloorView):
    """Left removes the person; a second one, or one of a person who is not there, is not told."""
    gone = change(person("ana", 6), left=True)
    assert told(view.take(gone)) == [("LEFT", "ana", 6)]
    assert view.get("ana") is None
    assert view.take(gone) == []


def test_kinds_that_are_not_known_change_nothing(view: FloorView):
    """Bookmarks and frames without a known kind leave the view as it is."""
    assert view.take(WatchStaffResponse(bookmark=Bookmark())) == []
    assert view.take(WatchStaffResponse(position="p")) == []
    assert view.size == 2


def test_available_are_longest_idle_first_then_by_id():
    """Only assignable AVAILABLE staff of the group, by idle_started_at, then by id; an empty group means all."""
    view = FloorView()
    view.take(
        snapshot(
            person("cid", idle=30),
            person("ben", idle=10),
            person("ana", idle=10),
            person("dan", idle=1, status=STATUS_IN_LINE),
            person("eve", idle=5, groups=("loans",)),
        )
    )
    assert [one.staff_id for one in view.available("cards")] == ["ana", "ben", "cid"]
    assert [one.staff_id for one in view.available()] == ["eve", "ana", "ben", "cid"]


@pytest.mark.parametrize("status", [99, STATUS_BUSY])
def test_assignable_needs_both_capability_and_status(status: int):
    """A status that is not AVAILABLE, or not known, is never assignable, whatever the capability says."""
    view = FloorView()
    odd = person("ana", status=status)
    odd.capabilities.assign_inbound = True
    view.take(snapshot(odd))
    assert view.available() == []


def test_learned_state_is_shown_and_its_change_told_once(view: FloorView):
    """The stream, which is later, tells what lies before it, and it, with what it told before."""
    view.learn(person("ana", 7, status=STATUS_BUSY))
    assert [one.staff_id for one in view.available()] == ["ben"]
    (earlier,) = view.take(change(person("ana", 6)))
    assert (earlier.before.revision, earlier.after.revision, view.get("ana").revision) == (5, 6, 7)
    (learned,) = view.take(change(person("ana", 7, status=STATUS_BUSY)))
    assert (learned.before.revision, learned.after.revision) == (6, 7)
    assert view.take(change(person("ana", 7, status=STATUS_BUSY))) == []
    assert told(view.take(change(person("ana", 8)))) == [("CHANGED", "ana", 8)]
    assert view.get("ana").revision == 8


def test_what_is_not_newer_or_not_in_the_view_is_not_learned(view: FloorView):
    """Whether a stranger matches the filter only the server knows."""
    view.learn(person("ana", 5, status=STATUS_BUSY))
    view.learn(person("eve", 9))
    assert [one.staff_id for one in view.available()] == ["ana", "ben"]


def test_snapshot_forgets_what_was_learned(view: FloorView):
    """It may be of another store. What differs from what was told before is told."""
    view.learn(person("ana", 7, status=STATUS_BUSY))
    view.learn(person("ben", 8, status=STATUS_BUSY))
    assert told(view.take(snapshot(person("ana", 5), person("ben", 8, status=STATUS_BUSY)))) == [("CHANGED", "ben", 8)]
    assert view.get("ana").revision == 5
    assert view.take(change(person("ana", 6), left=True)) != []
    assert view.get("ana") is None
