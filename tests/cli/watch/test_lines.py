"""A change as a line."""

import pytest

from onduty.v1 import staff_pb2
from onduty.v1.router_service_pb2 import Changes, SnapshotChunk, WatchStaffResponse
from onduty_cli.failures import RefusedError, UnreachableError
from onduty_cli.moments import timestamp_of
from onduty_cli.output import Output
from onduty_cli.watch.floor import FloorChange
from onduty_cli.watch.follower import Lost, Received, Restarted
from onduty_cli.watch.lines import LineView, change_line


def transition(**fields: object) -> staff_pb2.Transition:
    given = {
        "staff_id": "kim",
        "previous_status": staff_pb2.STATUS_AVAILABLE,
        "status": staff_pb2.STATUS_IN_LINE,
        "cause": staff_pb2.CAUSE_OFFER_ACCEPTED,
        "changed_at": timestamp_of(0),
    }
    return staff_pb2.Transition(**{**given, **fields})


def told(change: FloorChange) -> str:
    """The line without its instant."""
    return " ".join(change_line(change).plain.split()[2:])


def test_a_line_tells_who_from_to_why_and_the_call():
    """In this order, with the instant in front."""
    assert told(FloorChange(transition(call_id="c-1"))) == "kim AVAILABLE → IN_LINE offer accepted call c-1"


def test_a_change_that_left_the_status_names_it_once():
    """As when an offer was made."""
    claimed = transition(status=staff_pb2.STATUS_AVAILABLE, cause=staff_pb2.CAUSE_CLAIM)
    assert told(FloorChange(claimed)) == "kim AVAILABLE claim"


def test_who_leaves_the_filter_or_is_deleted_is_told():
    """The two are told apart."""
    assert told(FloorChange(transition(), left=True)) == "kim AVAILABLE → IN_LINE (left) offer accepted"
    deleted = transition(kind=staff_pb2.TRANSITION_KIND_DELETED, status=staff_pb2.STATUS_OFFLINE, cause=staff_pb2.CAUSE_ADMIN)
    assert told(FloorChange(deleted, left=True)) == "kim deleted OFFLINE admin"


def test_what_was_missed_is_marked():
    """The cause is not known then."""
    assert told(FloorChange(transition(cause=0), seen_late=True)) == "kim AVAILABLE → IN_LINE seen late"


def test_a_note_cannot_break_the_line():
    """One change, one line."""
    assert told(FloorChange(transition(note="a\nb\x1b[2J"))).endswith("a b\ufffd[2J")


def test_losses_are_told_beside_the_results(capsys: pytest.CaptureFixture[str]):
    """Standard output has changes only."""
    view = LineView(Output(as_json=False), "127.0.0.1:1")
    view.show(Received(WatchStaffResponse(snapshot_chunk=SnapshotChunk(last=True))))
    view.show(Lost(UnreachableError("127.0.0.1:1", "Connection refused"), 0.5))
    view.show(Lost(None, 1))
    view.show(Restarted(RefusedError("OUT_OF_RANGE", "", "POSITION_FOREIGN")))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "watching 0 staff at 127.0.0.1:1; end with Ctrl-C",
        "cannot reach Onduty at 127.0.0.1:1 (Connection refused); watching again in 0.5 s",
        "the server is going away; watching again in 1.0 s",
        "refused: the position belongs to another store or tenant; watching afresh",
    ]


def test_its_return_is_told_once_after_a_loss(capsys: pytest.CaptureFixture[str]):
    """Also where nothing has happened meanwhile."""
    view = LineView(Output(as_json=False), "127.0.0.1:1")
    frame = WatchStaffResponse(snapshot_chunk=SnapshotChunk(last=True))
    view.show(Received(frame))
    view.show(Lost(None, 1))
    view.show(Lost(None, 2))
    view.show(Received(frame))
    view.show(Received(frame))
    told = capsys.readouterr().err.splitlines()
    assert told.count("connected to 127.0.0.1:1 again; what happened meanwhile follows") == 1
    assert told[-1].startswith("connected to ")


def test_what_changed_during_an_interruption_is_told_from_the_new_snapshot(capsys: pytest.CaptureFixture[str]):
    """A watch that begins afresh after a loss leaves no change of status untold."""

    def snapshot(status: staff_pb2.Status, revision: int) -> Received:
        kim = staff_pb2.Staff(staff_id="kim", status=status, revision=revision)
        return Received(WatchStaffResponse(snapshot_chunk=SnapshotChunk(staff=[kim], last=True)))

    view = LineView(Output(as_json=False), "127.0.0.1:1")
    view.show(snapshot(staff_pb2.STATUS_AVAILABLE, 1))
    view.show(snapshot(staff_pb2.STATUS_BUSY, 2))
    assert "AVAILABLE → BUSY" in capsys.readouterr().out


def test_changes_before_the_first_snapshot_are_told_too(capsys: pytest.CaptureFixture[str]):
    """A watch resumed after a position has no snapshot."""
    change = staff_pb2.StaffChange(staff=staff_pb2.Staff(staff_id="kim"), transition=transition())
    view = LineView(Output(as_json=False), "127.0.0.1:1")
    view.show(Received(WatchStaffResponse(changes=Changes(changes=[change]))))
    assert "AVAILABLE → IN_LINE" in capsys.readouterr().out
