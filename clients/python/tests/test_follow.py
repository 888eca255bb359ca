"""The rules of a floor's stream: told of frames and ends, without a server or a clock."""

import pytest
from floor_frames import change, person, snapshot

from onduty.v1.router_service_pb2 import WatchStaffResponse
from onduty.v1.staff_pb2 import Bookmark, GoingAway, StaffFilter
from onduty_client import (
    AccessError,
    FloorState,
    InternalError,
    InvalidRequestError,
    OverloadedError,
    PositionError,
    UnavailableError,
    UnsupportedError,
)
from onduty_client.backoff import Backoff
from onduty_client.follow import Follow
from onduty_client.lifeline import GiveUp, Lifeline, Reopen
from onduty_client.options import StreamOptions

TIMES = StreamOptions(bookmark_interval=2, trust_limit=30, backoff_initial=0.2, backoff_max=10)


def made_follow(*, token_may_change: bool = False) -> Follow:
    backoff = Backoff(0.2, 10, factor=lambda: 1.0)
    return Follow(StaffFilter(), TIMES, Lifeline(TIMES, token_may_change=token_may_change, backoff=backoff))


@pytest.fixture
def follow() -> Follow:
    """A floor that is opening its first stream."""
    made = made_follow()
    made.open()
    return made


@pytest.fixture
def current() -> Follow:
    """A floor with ana at position p1, heard at 100 s."""
    made = made_follow()
    made.open()
    made.take(with_position(snapshot(person("ana", 1)), "p1"), 100)
    made.take_events()
    return made


def with_position(frame: WatchStaffResponse, position: str) -> WatchStaffResponse:
    frame.position = position
    return frame


def bookmark(position: str) -> WatchStaffResponse:
    return WatchStaffResponse(position=position, bookmark=Bookmark())


def test_first_stream_asks_for_a_snapshot(follow: Follow):
    """It has no position, the filter, and the bookmark interval."""
    request = follow.open()
    assert (request.resume_after, request.bookmark_interval.seconds) == ("", 2)


def test_first_snapshot_makes_it_current(follow: Follow):
    """Everybody is told as ADDED, then the state."""
    follow.take(snapshot(person("ana"), last=False), 1)
    assert follow.state is FloorState.CONNECTING
    follow.take(with_position(snapshot(person("ben")), "p1"), 2)
    added, also_added, state = follow.take_events()
    assert (added.staff_id, also_added.staff_id, state) == ("ana", "ben", FloorState.CURRENT)


def test_break_before_the_first_snapshot_is_followed_by_a_fresh_watch(follow: Follow):
    """What came of a snapshot that was cut short is no ground to resume on, whatever positions were heard."""
    follow.take(snapshot(person("ana"), last=False), 1)
    follow.take(bookmark("early"), 1)
    follow.end(UnavailableError(code="UNAVAILABLE"))
    assert (follow.state, follow.open().resume_after) == (FloorState.CONNECTING, "")


@pytest.mark.parametrize("error", [None, UnavailableError(code="UNAVAILABLE"), InternalError(code="UNKNOWN")])
def test_break_is_followed_by_a_resumed_watch(current: Follow, error):
    """Whatever ended the stream, the floor is STALE and asks for what came after its last position."""
    current.take(bookmark("p2"), 101)
    assert isinstance(current.end(error), Reopen)
    assert (current.take_events(), current.open().resume_after) == ([FloorState.STALE], "p2")


def test_position_of_a_frame_of_unknown_kind_is_kept(current: Follow):
    """A server of a later version may send kinds that are not known here."""
    current.take(WatchStaffResponse(position="p3"), 101)
    assert current.position == "p3"


def test_first_frame_of_a_resumed_stream_makes_it_current(current: Follow):
    """There is no snapshot to wait for."""
    current.end(None)
    current.open()
    current.take(bookmark("p1"), 102)
    assert current.take_events() == [FloorState.STALE, FloorState.CURRENT]


def test_resumed_stream_is_current_only_when_it_has_caught_up(current: Follow):
    """What it says meanwhile is told and kept, but is no reason to trust the view any longer."""
    current.end(None)
    current.open()
    behind = with_position(change(person("ana", 2)), "p2")
    behind.catching_up = True
    current.take(behind, 120)
    assert (current.state, current.position) == (FloorState.STALE, "p2")
    assert [len(current.available("", now)) for now in (130, 131)] == [1, 0]
    current.take(with_position(change(person("ana", 3)), "p3"), 131)
    assert current.state is FloorState.CURRENT
    assert len(current.available("", 161)) == 1


@pytest.mark.parametrize("reason", ["POSITION_TOO_OLD", "POSITION_EPOCH_ENDED", "POSITION_FOREIGN", "POSITION_FILTER_CHANGED"])
def test_refused_position_is_followed_by_a_fresh_watch_at_once(current: Follow, reason: str):
    """The old view stays until the new snapshot is complete, and only then is the floor current."""
    current.end(None)
    current.open()
    assert current.end(PositionError(code="OUT_OF_RANGE", reason=reason)) == Reopen(0.0)
    assert current.open().resume_after == ""
    current.take(snapshot(person("eve", 9), last=False), 103)
    assert (current.view.get("ana").revision, current.state) == (1, FloorState.STALE)
    current.take(with_position(snapshot(), "q1"), 103)
    assert [one.staff_id for one in current.view.all()] == ["eve"]
    assert current.state is FloorState.CURRENT


def test_refused_fresh_watch_waits(follow: Follow):
    """A position error where none was given is no reason to ask again at once."""
    assert follow.end(PositionError(code="OUT_OF_RANGE", reason="POSITION_TOO_OLD")) == Reopen(0.2)


def test_position_that_the_server_cannot_read_is_followed_by_a_fresh_watch(current: Follow):
    """As after a change of the server's version: it is not the end of the floor."""
    current.end(None)
    current.open()
    assert current.end(InvalidRequestError(code="INVALID_ARGUMENT", reason="POSITION_MALFORMED")) == Reopen(0.0)
    assert current.open().resume_after == ""


@pytest.mark.parametrize(
    "error",
    [
        AccessError(code="PERMISSION_DENIED", reason="PERMISSION_DENIED"),
        AccessError(code="UNAUTHENTICATED", reason="UNAUTHENTICATED"),
        InvalidRequestError(code="INVALID_ARGUMENT", reason="INVALID_FIELD"),
        UnsupportedError(code="UNIMPLEMENTED"),
    ],
)
def test_what_waiting_cannot_mend_fails_the_floor(follow: Follow, error):
    """It gives up, keeps the error, and calls nobody available."""
    assert follow.end(error) == GiveUp(error)
    assert (follow.state, follow.last_error, follow.has_ended) == (FloorState.FAILED, error, True)


def test_token_function_is_asked_again():
    """UNAUTHENTICATED may be mended by the next token; PERMISSION_DENIED may not."""
    follow = made_follow(token_may_change=True)
    follow.open()
    assert isinstance(follow.end(AccessError(code="UNAUTHENTICATED")), Reopen)
    assert isinstance(follow.end(AccessError(code="PERMISSION_DENIED")), GiveUp)


def test_waits_double_and_start_anew_with_a_frame(current: Follow):
    """Each end without a frame waits twice as long, up to the most; a frame ends that."""
    waits = [current.end(None).wait_seconds for _ in range(8)]
    assert waits == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10])
    current.open()
    current.take(bookmark("p2"), 101)
    assert current.end(None) == Reopen(0.2)


@pytest.mark.parametrize("kind", [OverloadedError, UnavailableError])
def test_wait_that_the_server_asked_for_is_added(current: Follow, kind):
    """By RetryInfo, or by the farewell of the stream; the longer of both."""
    farewell = WatchStaffResponse(position="p2", going_away=GoingAway())
    farewell.going_away.reconnect_after.FromMilliseconds(1_500)
    current.take(farewell, 101)
    assert current.end(kind(code="UNAVAILABLE", retry_after=1.0)) == Reopen(1.7)
    current.open()
    assert current.end(kind(code="UNAVAILABLE", retry_after=1.0)) == Reopen(1.4)


def test_silence_is_three_bookmark_intervals(current: Follow):
    """So long a wait for a frame ends the stream."""
    assert current.silence_seconds == 6
    assert isinstance(current.end(current.silence_error()), Reopen)


def test_nobody_is_available_without_trust(current: Follow):
    """Before a snapshot, after the trust limit without a frame, and after the end; a break alone does not matter."""
    assert made_follow().available("", 100) == []
    current.end(None)
    assert [one.staff_id for one in current.available("cards", 130)] == ["ana"]
    assert current.available("cards", 130.1) == []
    current.open()
    current.take(bookmark("p2"), 140)
    assert [one.staff_id for one in current.available("cards", 150)] == ["ana"]
    current.close()
    assert current.available("cards", 150) == []


def test_changes_are_told_in_order(current: Follow):
    """Each once, in the order of the stream."""
    current.take(with_position(change(person("ana", 2)), "p2"), 101)
    current.take(with_position(change(person("ana", 2)), "p2"), 101)
    current.take(with_position(change(person("ana", 3)), "p3"), 101)
    assert [one.revision for one in current.take_events()] == [2, 3]


def test_closed_floor_stays_closed(current: Follow):
    """What its stream still says changes its state no more."""
    current.close()
    current.end(UnavailableError(code="UNAVAILABLE"))
    current.take(bookmark("p9"), 101)
    assert current.take_events() == [FloorState.CLOSED]
