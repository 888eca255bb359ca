"""SIGTERM and Ctrl-C end a server in order: streams are told, calls are finished, the file is left clean, and it is quick."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from held_port import HeldPort
from robustness.watch_reader import SMALL_WINDOW
from running_server import RunningServer, running_server
from service_stubs import Stubs, error_reason, stubs_of
from typed_server import typed_server
from wait_until import wait_until

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    router_service_pb2,
    staff_pb2,
    workspace_service_pb2,
)

QUICK_SECONDS = 60
"""It is a quarter of a second where nothing else runs; and it is far below what the drain may take."""

DRAIN_SECONDS = 90
CALL_SECONDS = 60
STREAM_SECONDS = 110
RARELY = Duration(seconds=60)
"""Between bookmarks: no stream ends quickly because it was about to send one."""

SIGNALS = pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])


@pytest.fixture
def server(journal_path: Path) -> Iterator[RunningServer]:
    """A server on a new journal, with a drain that nothing here may take to its end."""
    with running_server(journal_path, flags=["--drain", str(DRAIN_SECONDS)]) as running:
        yield running


@pytest.fixture
def stubs(server: RunningServer) -> Iterator[Stubs]:
    """The test's connection, with one staff member who is available."""
    with stubs_of(server.address) as found:
        creation = admin_service_pb2.CreateStaffRequest(staff_id="kim", skill_groups=[{"name": "sales"}])
        found.admin.CreateStaff(creation, timeout=CALL_SECONDS)
        _change(found, staff_pb2.STATUS_AVAILABLE)
        yield found


def _change(stubs: Stubs, status: int) -> staff_pb2.Staff:
    request = workspace_service_pb2.ChangeStatusRequest(staff_id="kim", choice={"status": status})
    return stubs.workspace.ChangeStatus(request, timeout=CALL_SECONDS).staff


def _end(server: RunningServer, sig: signal.Signals = signal.SIGTERM) -> float:
    """Stop the server, which must end with exit code 0; returns the seconds it took."""
    began = time.monotonic()
    assert server.stop(sig, 2 * DRAIN_SECONDS) == 0, server.output
    return time.monotonic() - began


class _Reading:
    """Reads a stream from now on, as a client does: gRPC may drop frames that nobody waits for once an error follows them."""

    def __init__(self, stream: Any) -> None:
        self._frames: list[Any] = []
        self._error: grpc.RpcError | None = None
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: Any) -> None:
        try:
            self._frames.extend(stream)  # what came before the error stays in the list.
        except grpc.RpcError as error:
            self._error = error

    def first(self) -> Any:
        """The first frame, once it has come; the next one is waited for by then."""
        return wait_until(lambda: self._frames, what="a frame comes")[0]

    def to_its_good_end(self) -> list[Any]:
        """The frames that came before the stream ended without an error."""
        self._thread.join(STREAM_SECONDS)
        assert not self._thread.is_alive(), "the stream has not ended"
        assert self._error is None
        return self._frames

    def to_its_end(self) -> tuple[list[Any], grpc.RpcError]:
        """The frames that came, and the error that ended the stream."""
        self._thread.join(STREAM_SECONDS)
        assert self._error, "the stream has not ended with an error"
        return self._frames, self._error


# --- streams ----------------------------------------------------------------------------------------------------------


@SIGNALS
def test_open_streams_are_told_that_the_server_goes(server: RunningServer, stubs: Stubs, sig: signal.Signals) -> None:
    """Each watch and workspace gets going_away with a position and when to come back, then UNAVAILABLE, DRAINING."""
    chosen = staff_pb2.StaffFilter(skill_groups=["nobody-is-in-it"])
    everybody = router_service_pb2.WatchStaffRequest(bookmark_interval=RARELY)
    nobody = router_service_pb2.WatchStaffRequest(filter=chosen, bookmark_interval=RARELY)
    attachment = workspace_service_pb2.AttachRequest(staff_id="kim", bookmark_interval=RARELY)
    streams = [
        stubs.router.WatchStaff(everybody, timeout=STREAM_SECONDS),
        stubs.router.WatchStaff(nobody, timeout=STREAM_SECONDS),
        stubs.workspace.Attach(attachment, timeout=STREAM_SECONDS),
    ]
    for stream in streams:
        next(stream)
    readings = [_Reading(stream) for stream in streams]
    assert _end(server, sig) < QUICK_SECONDS
    for reading in readings:
        frames, error = reading.to_its_end()
        assert frames[-1].WhichOneof("event") == "going_away"
        assert frames[-1].position
        assert frames[-1].going_away.reconnect_after.ToMilliseconds() > 0
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        assert error_reason(error) == "DRAINING"


def test_the_farewell_position_leads_on_at_the_next_server(server: RunningServer, stubs: Stubs) -> None:
    """A watch resumed from going_away's position gets exactly what happened after it."""
    stream = stubs.router.WatchStaff(router_service_pb2.WatchStaffRequest(), timeout=STREAM_SECONDS)
    next(stream)
    reading = _Reading(stream)
    last = _change(stubs, staff_pb2.STATUS_BUSY)
    _end(server)
    frames, _ = reading.to_its_end()
    assert [change.staff for frame in frames for change in frame.changes.changes] == [last]
    with running_server(server.journal) as again, stubs_of(again.address) as found:
        request = router_service_pb2.WatchStaffRequest(resume_after=frames[-1].position)
        resumed = found.router.WatchStaff(request, timeout=STREAM_SECONDS)
        assert next(resumed).WhichOneof("event") == "bookmark"
        after = _change(found, staff_pb2.STATUS_AVAILABLE)
        told = next(frame for frame in resumed if frame.WhichOneof("event") != "bookmark")
        assert [change.staff for change in told.changes.changes] == [after]
        resumed.cancel()


def test_an_attached_workspace_is_not_let_go_by_a_shutdown(server: RunningServer, stubs: Stubs) -> None:
    """The shutdown itself records nothing: the grace of a workspace begins at the next start."""
    stream = stubs.workspace.Attach(workspace_service_pb2.AttachRequest(staff_id="kim"), timeout=STREAM_SECONDS)
    next(stream)
    reading = _Reading(stream)
    _end(server)
    reading.to_its_end()
    with running_server(server.journal) as again, stubs_of(again.address) as found:
        frames = found.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=CALL_SECONDS)
        causes = [one.cause for frame in frames for one in frame.transitions]
    assert causes == [staff_pb2.CAUSE_ADMIN, staff_pb2.CAUSE_STAFF, staff_pb2.CAUSE_ATTACHED, staff_pb2.CAUSE_DETACHED]


def test_health_watchers_are_told_and_hold_nothing_up(server: RunningServer, stubs: Stubs) -> None:
    """An open health watch sees NOT_SERVING, ends without an error behind which that could be lost, and delays nothing."""
    watch = health_pb2_grpc.HealthStub(stubs.channel).Watch(health_pb2.HealthCheckRequest(), timeout=STREAM_SECONDS)
    reading = _Reading(watch)
    assert reading.first().status == health_pb2.HealthCheckResponse.SERVING
    assert _end(server) < QUICK_SECONDS
    told = [frame.status for frame in reading.to_its_good_end()]
    assert told == [health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING]


def test_an_open_reflection_stream_holds_nothing_up(server: RunningServer, stubs: Stubs) -> None:
    """A tool that keeps its reflection stream open does not delay the end."""
    done = threading.Event()

    def requests() -> Iterator[reflection_pb2.ServerReflectionRequest]:
        yield reflection_pb2.ServerReflectionRequest(list_services="")
        done.wait(STREAM_SECONDS)

    stream = reflection_pb2_grpc.ServerReflectionStub(stubs.channel).ServerReflectionInfo(requests(), timeout=STREAM_SECONDS)
    next(stream)
    assert _end(server) < QUICK_SECONDS
    done.set()
    assert list(stream) == []


FROZEN = """
import sys
import grpc
from onduty.v1 import router_service_pb2, router_service_pb2_grpc

channel = grpc.insecure_channel(sys.argv[1])
watch = router_service_pb2_grpc.RouterServiceStub(channel).WatchStaff(router_service_pb2.WatchStaffRequest())
next(watch)
print("watching", flush=True)
for frame in watch:
    pass
"""

NEVER_GIVEN_UP = ("--keepalive-time", "600", "--watch-stall-limit", "600")
"""Only the drain ends what a silent peer holds up."""


def test_a_watcher_that_reads_nothing_holds_the_end_up_no_longer_than_the_drain(journal_path: Path) -> None:
    """A frozen peer cannot take its farewell: the server ends without it, with exit code 0, before a ping would be missed."""
    with running_server(journal_path, flags=["--drain", "0.5", *NEVER_GIVEN_UP]) as server:
        command = [sys.executable, "-c", FROZEN, server.address]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as frozen:
            try:
                assert frozen.stdout
                assert frozen.stdout.readline() == "watching\n"
                frozen.send_signal(signal.SIGSTOP)
                assert _end(server) < QUICK_SECONDS
            finally:
                frozen.kill()


# --- calls ------------------------------------------------------------------------------------------------------------


BATCH = 400


def test_calls_that_are_under_way_are_finished(server: RunningServer, stubs: Stubs) -> None:
    """Batches that the server has begun on are answered in full and recorded whole; the others are turned away untouched."""
    names = [f"staff-{number}" for number in range(8)]
    creations = [admin_service_pb2.CreateStaffRequest(staff_id=name) for name in names]
    stubs.admin.BatchCreateStaff(admin_service_pb2.BatchCreateStaffRequest(requests=creations), timeout=CALL_SECONDS)
    watch = stubs.router.WatchStaff(router_service_pb2.WatchStaffRequest(), timeout=STREAM_SECONDS)
    next(watch)
    asked = {name: stubs.router.ReportCallEvents.future(_batch(name), timeout=STREAM_SECONDS) for name in names}
    next(watch)  # the first of them are being carried out.
    assert _end(server) < QUICK_SECONDS
    refused = {name for name, call in asked.items() if call.exception(STREAM_SECONDS) is not None}
    assert {asked[name].code() for name in refused} <= {grpc.StatusCode.UNAVAILABLE}
    assert {error_reason(asked[name]) for name in refused} <= {"DRAINING"}
    answered = asked.keys() - refused
    assert answered
    for name in answered:
        assert [result.taken.applied for result in asked[name].result().results] == [True] * BATCH
    with running_server(server.journal) as again, stubs_of(again.address) as found:
        frames = found.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=CALL_SECONDS)
        facts = [one.staff_id for frame in frames for one in frame.transitions if one.call_id]
    assert Counter(facts) == dict.fromkeys(answered, BATCH)


def _batch(name: str) -> router_service_pb2.ReportCallEventsRequest:
    pb = router_service_pb2
    events = []
    for number in range(BATCH // 2):
        call = {"staff_id": name, "call_id": f"call-{number}"}
        events.append(pb.CallEvent(started=pb.ReportCallStartedRequest(**call)))
        events.append(pb.CallEvent(ended=pb.ReportCallEndedRequest(**call)))
    return pb.ReportCallEventsRequest(events=events)


# --- what is left behind ----------------------------------------------------------------------------------------------


@SIGNALS
def test_the_file_is_left_whole_and_alone(server: RunningServer, stubs: Stubs, sig: signal.Signals) -> None:
    """After the end the journal is one file: its log is written back, and the lock is gone."""
    known = _change(stubs, staff_pb2.STATUS_BUSY)
    journal = Path(server.journal)
    assert journal.with_name(f"{journal.name}-wal").stat().st_size > 0
    _end(server, sig)
    assert [path.name for path in journal.parent.iterdir() if path.name.startswith(journal.name)] == [journal.name]
    with running_server(journal) as again, stubs_of(again.address) as found:
        assert (
            found.workspace.GetStaff(workspace_service_pb2.GetStaffRequest(staff_id="kim"), timeout=CALL_SECONDS).staff == known
        )


@SIGNALS
def test_the_port_is_free_at_once(journal_path: Path, sig: signal.Signals) -> None:
    """Another server can listen on the same port as soon as the process has ended, though connections were open."""
    with contextlib.closing(HeldPort()) as port:
        arguments = ("--listen", port.address, "--journal", str(journal_path))
        with typed_server(*arguments) as server, stubs_of(port.address) as stubs:
            stubs.router.ListStaff(router_service_pb2.ListStaffRequest(), timeout=CALL_SECONDS)
            _end(server, sig)
            with typed_server(*arguments) as again:
                assert again.address == port.address
        host, number = port.address.split(":")
        with socket.socket() as anybody, pytest.raises(ConnectionRefusedError):
            anybody.connect((host, int(number)))


def test_a_second_signal_does_no_harm(server: RunningServer, stubs: Stubs) -> None:
    """An impatient second Ctrl-C during the drain changes nothing about the end."""
    groups = [{"name": f"{number:02}".ljust(60, "x")} for number in range(30)]
    creations = [admin_service_pb2.CreateStaffRequest(staff_id=f"staff-{number}", skill_groups=groups) for number in range(500)]
    stubs.admin.BatchCreateStaff(admin_service_pb2.BatchCreateStaffRequest(requests=creations), timeout=CALL_SECONDS)
    with grpc.insecure_channel(server.address, options=SMALL_WINDOW) as channel:
        unread = Stubs(channel).router.WatchStaff(router_service_pb2.WatchStaffRequest(), timeout=STREAM_SECONDS)
        next(unread)  # the rest of the snapshot is far more than the window: it holds the drain up until it is cancelled.
        told = stubs.workspace.Attach(workspace_service_pb2.AttachRequest(staff_id="kim"), timeout=STREAM_SECONDS)
        next(told)
        reading = _Reading(told)
        server.process.send_signal(signal.SIGINT)
        _, error = reading.to_its_end()
        assert error_reason(error) == "DRAINING"
        server.process.send_signal(signal.SIGINT)
        _change(stubs, staff_pb2.STATUS_BUSY)  # calls are still answered.
        unread.cancel()
    began = time.monotonic()
    assert server.process.wait(2 * DRAIN_SECONDS) == 0
    assert time.monotonic() - began < QUICK_SECONDS
    server.stop()
    assert "Traceback" not in server.output


@pytest.mark.parametrize("event_loop", ["asyncio", "uvloop"])
@SIGNALS
def test_signals_until_the_very_end_do_no_harm(journal_path: Path, sig: signal.Signals, event_loop: str) -> None:
    """However often it is told: it ends once, in order, also when its loop is closed already."""
    with running_server(journal_path, flags=["--event-loop", event_loop]) as server:
        while server.process.poll() is None:
            server.process.send_signal(sig)
            time.sleep(0.001)
        assert server.stop() == 0, server.output
        assert "Traceback" not in server.output
