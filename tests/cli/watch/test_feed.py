"""How fresh the floor is said to be."""

import itertools

from onduty.v1.router_service_pb2 import Changes, SnapshotChunk, WatchStaffResponse
from onduty.v1.staff_pb2 import Bookmark, GoingAway, Staff, StaffChange, Transition
from onduty_cli.failures import RefusedError, UnreachableError
from onduty_cli.watch.feed import Feed, Freshness
from onduty_cli.watch.follower import Lost, Received, Restarted

SNAPSHOT = Received(WatchStaffResponse(snapshot_chunk=SnapshotChunk(staff=[Staff(staff_id="kim")], last=True)))
BOOKMARK = Received(WatchStaffResponse(bookmark=Bookmark()))
LOST = Lost(UnreachableError("here:1", "refused"), 3.0)


def change(*, catching_up: bool) -> Received:
    told = StaffChange(staff=Staff(staff_id="kim"), transition=Transition())
    return Received(WatchStaffResponse(changes=Changes(changes=[told]), catching_up=catching_up))


def feed_of(*events: object) -> Feed:
    clock = itertools.count(100)
    feed = Feed(lambda: next(clock), lambda: None)
    for event in events:
        feed.take(event)  # type: ignore[arg-type]
    return feed


def test_it_is_live_once_the_snapshot_is_whole():
    """Not before."""
    half = Received(WatchStaffResponse(snapshot_chunk=SnapshotChunk(staff=[Staff(staff_id="lee")])))
    assert feed_of().seen().freshness is Freshness.CONNECTING
    assert feed_of(half).seen().freshness is Freshness.CONNECTING
    assert feed_of(half, SNAPSHOT).seen().freshness is Freshness.LIVE


def test_a_loss_is_told_with_its_reason_and_the_floor_stays():
    """And since when: the last sign of life."""
    seen = feed_of(SNAPSHOT, BOOKMARK, LOST).seen()
    assert seen.freshness is Freshness.LOST
    assert seen.heard_at == 101
    assert "cannot reach" in seen.why
    assert [staff.staff_id for staff in seen.staff] == ["kim"]
    assert 0 < seen.again_in_seconds <= 3


def test_a_stream_that_is_back_is_live_only_when_it_has_caught_up():
    """The server says when; the first bookmark of a stream is no such word."""
    behind, caught_up = change(catching_up=True), change(catching_up=False)
    first = Received(WatchStaffResponse(bookmark=Bookmark(), catching_up=True))
    assert feed_of(SNAPSHOT, LOST, first, behind).seen().freshness is Freshness.CATCHING_UP
    assert feed_of(SNAPSHOT, LOST, first, behind).seen().heard_at == 100
    assert feed_of(SNAPSHOT, LOST, first, behind, caught_up).seen().freshness is Freshness.LIVE
    assert feed_of(SNAPSHOT, LOST, first, BOOKMARK).seen().freshness is Freshness.LIVE


def test_a_position_that_is_refused_waits_for_a_whole_snapshot():
    """The floor of before is not believed meanwhile."""
    restarted = (SNAPSHOT, LOST, Restarted(RefusedError("OUT_OF_RANGE", "too old")))
    assert feed_of(*restarted).seen().freshness is Freshness.CATCHING_UP
    assert feed_of(*restarted, SNAPSHOT).seen().freshness is Freshness.LIVE


def test_a_farewell_after_a_return_makes_nothing_fresh():
    """It says no more than that the server ends."""
    farewell = Received(WatchStaffResponse(going_away=GoingAway()))
    assert feed_of(SNAPSHOT, LOST, farewell).seen().freshness is Freshness.CATCHING_UP
