"""What a workspace takes from its stream and from answers."""

import asyncio
from types import SimpleNamespace

import pytest

from onduty.v1 import history_service_pb2, staff_pb2, workspace_service_pb2
from onduty_client import UnavailableError
from onduty_replay import workspace as workspace_module
from onduty_replay.tally import Tally
from onduty_replay.wire import ReplayError
from onduty_replay.workspace import Workspace

OFFLINE, AVAILABLE, IN_LINE = staff_pb2.STATUS_OFFLINE, staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_IN_LINE
UNAVAILABLE = UnavailableError("gone", code="UNAVAILABLE")


def change(revision: int, before: int, after: int) -> staff_pb2.StaffChange:
    """A change at as many microseconds as its revision."""
    made = staff_pb2.StaffChange()
    made.staff.revision = made.transition.revision = revision
    made.staff.status = made.transition.status = after
    made.transition.previous_status = before
    made.staff.changed_at.FromMicroseconds(revision)
    made.transition.changed_at.FromMicroseconds(revision)
    return made


class Stream:
    """Frames, then silence."""

    def __init__(self, *frames) -> None:
        self._frames = list(frames)

    async def read(self):
        """The next frame, or its error."""
        if not self._frames:
            await asyncio.Event().wait()
        frame = self._frames.pop(0)
        if isinstance(frame, Exception):
            raise frame
        if isinstance(frame, staff_pb2.StaffChange):
            return workspace_service_pb2.AttachResponse(change=frame)
        return frame

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception) -> None:
        """Nothing is left to end."""


class Wire:
    """Hands out streams in turn, and the history that was missed."""

    def __init__(self, *streams: Stream, missed=()) -> None:
        self.tally = Tally()
        self._waiting = list(streams)
        self.workspace = SimpleNamespace(Attach=None)
        self.history = SimpleNamespace(ListTransitions=None)
        self._missed = missed

    def stream(self, method, request):
        """The next stream; in the end those on which nothing comes."""
        return self._waiting.pop(0) if self._waiting else Stream()

    async def ask(self, method, request):
        """The history that was missed."""
        return history_service_pb2.ListTransitionsResponse(transitions=[one.transition for one in self._missed])


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(workspace_module, "REATTACH_SECONDS", 0)


async def read_all(workspace: Workspace, last: int) -> None:
    async with workspace.attached():
        await workspace.until(lambda staff: staff.revision >= last, "the last frame")


def described(workspace: Workspace) -> list[tuple[int, str, str]]:
    return [(one.revision, one.before[0], one.after[0]) for one in workspace.changes]


async def test_changes_of_the_status_are_kept():
    """Other changes, as of an offer or the connection, are not changes of the status."""
    stream = Stream(change(1, OFFLINE, OFFLINE), change(2, OFFLINE, AVAILABLE), change(3, AVAILABLE, AVAILABLE))
    workspace = Workspace(Wire(stream), "FERN")
    await read_all(workspace, 3)
    assert described(workspace) == [(2, "OFFLINE", "AVAILABLE")]
    assert workspace.contradictions() == []


async def test_a_broken_stream_is_opened_again_and_what_was_missed_is_read():
    """Nothing is lost of what happened meanwhile, and nothing counts twice."""
    broken = Stream(change(1, OFFLINE, OFFLINE), change(2, OFFLINE, AVAILABLE), UNAVAILABLE)
    missed = (change(2, OFFLINE, AVAILABLE), change(4, AVAILABLE, IN_LINE), change(5, IN_LINE, AVAILABLE))
    wire = Wire(broken, Stream(change(5, IN_LINE, AVAILABLE), change(6, AVAILABLE, OFFLINE)), missed=missed)
    workspace = Workspace(wire, "FERN")
    await read_all(workspace, 6)
    assert [revision for revision, _, _ in described(workspace)] == [2, 4, 5, 6]
    assert wire.tally.reattached == 1


async def test_an_answer_that_the_stream_contradicts_is_told():
    """Both speak of the same revision; they must say the same."""
    workspace = Workspace(Wire(Stream(change(1, OFFLINE, OFFLINE), change(2, OFFLINE, AVAILABLE))), "FERN")
    workspace.note(change(2, OFFLINE, IN_LINE).staff)
    await read_all(workspace, 2)
    (contradiction,) = workspace.contradictions()
    assert "revision 2" in contradiction


async def test_a_revision_told_twice_is_told():
    """A stream's revisions ascend."""
    first, second = change(1, OFFLINE, OFFLINE), change(2, OFFLINE, AVAILABLE)
    workspace = Workspace(Wire(Stream(first, second, second, change(3, AVAILABLE, OFFLINE))), "FERN")
    await read_all(workspace, 3)
    assert workspace.contradictions() == ["the stream told revision 2 after 2"]


async def test_a_change_that_never_comes_ends_the_wait(monkeypatch):
    """Every wait has a deadline, and says what was waited for."""
    monkeypatch.setattr(workspace_module, "STATE_SECONDS", 0.5)
    workspace = Workspace(Wire(Stream(change(1, OFFLINE, OFFLINE))), "FERN")
    with pytest.raises(ExceptionGroup) as caught:
        await read_all(workspace, 9)
    assert caught.group_contains(ReplayError, match="for the last frame")
