"""The rules of a view of colleagues: told of frames and ends, without a server or a clock."""

import pytest

from onduty.v1 import workspace_service_pb2 as pb
from onduty.v1.staff_pb2 import STATUS_AVAILABLE, STATUS_BUSY, Bookmark, GoingAway, Status
from onduty_client import ChangeKind, ColleagueEvent, FloorState, NotFoundError, RefusedError, UnavailableError
from onduty_client.backoff import Backoff
from onduty_client.colleague_follow import ColleagueFollow
from onduty_client.lifeline import GiveUp, Lifeline, Reopen
from onduty_client.options import StreamOptions

TIMES = StreamOptions(bookmark_interval=2, trust_limit=30, backoff_initial=0.2, backoff_max=10)


def colleague(staff_id: str, status: Status = STATUS_AVAILABLE) -> pb.Colleague:
    return pb.Colleague(staff_id=staff_id, display_name=staff_id.title(), status=status)


def snapshot(*colleagues: pb.Colleague, position: str = "p1", last: bool = True) -> pb.WatchColleaguesResponse:
    return pb.WatchColleaguesResponse(position=position, snapshot_chunk=pb.ColleaguesChunk(colleagues=colleagues, last=last))


def changes(*told: pb.ColleagueChange, position: str = "p2") -> pb.WatchColleaguesResponse:
    return pb.WatchColleaguesResponse(position=position, changes=pb.ColleagueChanges(changes=told))


@pytest.fixture
def follow() -> ColleagueFollow:
    """A view with ben and cid at position p1."""
    lifeline = Lifeline(
        TIMES, token_may_change=False, final_errors=(NotFoundError, RefusedError), backoff=Backoff(0.2, 10, factor=lambda: 1.0)
    )
    made = ColleagueFollow("ana", TIMES, lifeline)
    made.open()
    made.take(snapshot(colleague("cid"), colleague("ben")), 100)
    made.take_events()
    return made


def test_first_stream_asks_for_a_snapshot():
    """It names whose colleagues they are and has no position; a later one goes on after what was heard last."""
    made = ColleagueFollow("ana", TIMES, Lifeline(TIMES, token_may_change=False))
    assert (made.open().staff_id, made.open().resume_after) == ("ana", "")
    made.take(snapshot(), 1)
    made.take(pb.WatchColleaguesResponse(position="p7", bookmark=Bookmark()), 2)
    made.end(None)
    assert made.open().resume_after == "p7"


def test_snapshot_in_chunks_is_shown_whole(follow: ColleagueFollow):
    """Nobody of a snapshot is shown before its last chunk; then it replaces what was there."""
    follow.end(None)
    follow.position = ""
    follow.open()
    follow.take_events()
    follow.take(snapshot(colleague("dov"), position="", last=False), 1)
    assert [one.staff_id for one in follow.view.all()] == ["ben", "cid"]
    follow.take(snapshot(colleague("ben", STATUS_BUSY)), 2)
    assert [one.staff_id for one in follow.view.all()] == ["ben", "dov"]
    told = [(one.kind, one.staff_id) for one in follow.take_events() if isinstance(one, ColleagueEvent)]
    assert told == [(ChangeKind.CHANGED, "ben"), (ChangeKind.LEFT, "cid"), (ChangeKind.ADDED, "dov")]


def test_changes_are_told(follow: ColleagueFollow):
    """One who changed, one who came and one who left; the same again tells nothing."""
    frame = changes(
        pb.ColleagueChange(colleague=colleague("ben", STATUS_BUSY)),
        pb.ColleagueChange(colleague=colleague("dov")),
        pb.ColleagueChange(colleague=pb.Colleague(staff_id="cid"), left=True),
    )
    follow.take(frame, 1)
    follow.take(frame, 2)
    kinds = [one.kind for one in follow.take_events() if isinstance(one, ColleagueEvent)]
    assert kinds == [ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.LEFT]


def test_farewell_without_a_position_shows_nobody_until_the_next_snapshot(follow: ColleagueFollow):
    """Others may be seen now: the view is empty at once, and the next stream begins with a snapshot."""
    follow.take(pb.WatchColleaguesResponse(going_away=GoingAway()), 1)
    assert (follow.size, follow.state) == (0, FloorState.CONNECTING)
    assert isinstance(follow.end(None), Reopen)
    assert follow.open().resume_after == ""
    follow.take(snapshot(colleague("eve")), 2)
    assert (follow.size, follow.state) == (1, FloorState.CURRENT)


def test_farewell_with_a_position_is_gone_on_from(follow: ColleagueFollow):
    """A server that goes away leaves the view as it was."""
    follow.take(pb.WatchColleaguesResponse(position="p3", going_away=GoingAway()), 1)
    follow.end(UnavailableError("draining", code="UNAVAILABLE"))
    assert (follow.size, follow.state, follow.open().resume_after) == (2, FloorState.STALE, "p3")


def test_hidden_colleagues_are_shown_no_more(follow: ColleagueFollow):
    """Where the policy hides them now, nobody is shown, and nothing is tried again."""
    step = follow.end(RefusedError("hidden", code="FAILED_PRECONDITION", reason="COLLEAGUES_HIDDEN"))
    assert isinstance(step, GiveUp)
    assert (follow.size, follow.state) == (0, FloorState.FAILED)
    events = follow.take_events()
    assert [one.kind for one in events if isinstance(one, ColleagueEvent)] == [ChangeKind.LEFT, ChangeKind.LEFT]
    assert events[-1] is FloorState.FAILED
