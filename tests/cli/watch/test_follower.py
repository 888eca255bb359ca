"""How a watch goes on over losses of the connection."""

import itertools
from collections.abc import Iterator

import pytest

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty.v1.staff_pb2 import Bookmark, GoingAway
from onduty_cli.failures import CommandError, RefusedError, UnreachableError
from onduty_cli.moments import duration_of
from onduty_cli.watch.follower import LONGEST_WAIT_SECONDS, Follower, Lost, Received, Restarted

GONE = UnreachableError("127.0.0.1:1", "Socket closed")


class ScriptedSession:
    """Answers each watch with the next script: positions to send as bookmarks, frames, or an error to end with."""

    def __init__(self, *scripts: list[str | WatchStaffResponse | CommandError]) -> None:
        self.scripts = iter(scripts)
        self.resumed_after: list[str] = []

    def watch(self, request: WatchStaffRequest) -> Iterator[WatchStaffResponse]:
        """The next script's frames."""
        self.resumed_after.append(request.resume_after)
        for step in next(self.scripts):
            if isinstance(step, CommandError):
                raise step
            yield WatchStaffResponse(position=step, bookmark=Bookmark()) if isinstance(step, str) else step


def follow(session: ScriptedSession, *, resume_after: str = "") -> Follower:
    return Follower(session, WatchStaffRequest(resume_after=resume_after), sleep=lambda _: None)  # type: ignore[arg-type]


def refused(reason: str, code: str = "OUT_OF_RANGE", retry_after_seconds: float | None = None) -> RefusedError:
    return RefusedError(code, "no", reason, retry_after_seconds=retry_after_seconds)


def first(follower: Follower, count: int) -> list[Received | Lost | Restarted]:
    return list(itertools.islice(follower.events(), count))


def test_it_resumes_after_the_last_position():
    """Nothing is lost, nothing comes twice."""
    session = ScriptedSession(["p1", "p2", GONE], ["p3"])
    events = first(follow(session), 4)
    assert [type(event) for event in events] == [Received, Received, Lost, Received]
    assert session.resumed_after == ["", "p2"]


def test_a_frame_without_a_position_keeps_the_one_before():
    """The chunks of a snapshot have none but the last."""
    session = ScriptedSession([WatchStaffResponse(), GONE], ["p1"])
    first(follow(session), 3)
    assert session.resumed_after == ["", ""]


def test_a_refused_position_means_to_watch_afresh():
    """At once, without a wait, and the next watch has no position."""
    session = ScriptedSession([refused("POSITION_TOO_OLD")], ["p9"])
    events = first(follow(session, resume_after="p1"), 2)
    assert isinstance(events[0], Restarted)
    assert isinstance(events[1], Received)
    assert session.resumed_after == ["p1", ""]


def test_a_server_that_was_never_there_ends_the_watch():
    """It is more likely a wrong address than a restart."""
    with pytest.raises(UnreachableError):
        first(follow(ScriptedSession([GONE])), 1)


def test_a_refusal_that_waiting_cannot_mend_ends_the_watch():
    """Also in the middle of a watch."""
    session = ScriptedSession(["p1", GONE], [refused("PERMISSION_DENIED", "PERMISSION_DENIED")])
    with pytest.raises(RefusedError):
        first(follow(session), 3)


def test_the_wait_grows_to_a_bound_and_shrinks_after_a_frame():
    """With jitter between the half and the whole of it."""
    session = ScriptedSession(["p1", GONE], *([GONE] for _ in range(20)), ["p2", GONE])
    waits = [event.wait_seconds for event in first(follow(session), 24) if isinstance(event, Lost)]
    assert 0.1 <= waits[0] <= 0.2
    assert waits[3] > waits[0]
    assert all(LONGEST_WAIT_SECONDS / 2 <= wait <= LONGEST_WAIT_SECONDS for wait in waits[6:21])
    assert waits[-1] <= 0.2


def test_it_waits_as_long_as_the_server_asks():
    """A server that drains or is overloaded says when to come back."""
    going = WatchStaffResponse(position="p2", going_away=GoingAway(reconnect_after=duration_of(3_000_000)))
    session = ScriptedSession([going], [refused("OVERLOADED", "RESOURCE_EXHAUSTED", 5.0)], ["p3"])
    events = first(follow(session), 4)
    waits = [event for event in events if isinstance(event, Lost)]
    assert waits[0].wait_seconds >= 3
    assert waits[0].failure is None
    assert waits[1].wait_seconds >= 5
    assert session.resumed_after == ["", "p2", "p2"]


def test_a_watch_that_was_too_slow_goes_on_from_where_it_was():
    """The server keeps what it has not delivered."""
    session = ScriptedSession(["p1", refused("WATCHER_TOO_SLOW", "RESOURCE_EXHAUSTED")], ["p2"])
    first(follow(session), 3)
    assert session.resumed_after == ["", "p1"]
