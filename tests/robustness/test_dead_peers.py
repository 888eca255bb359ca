"""A workspace or watcher that stops answering is let go, though its connection still stands."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import PATIENCE_SECONDS
from running_server import RunningServer, running_server
from service_stubs import Stubs, stubs_of
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, staff_pb2, workspace_service_pb2

LET_GO_SECONDS = 30
"""Far more than the keepalive times, and half of the minute after which the core gives up a silent peer by itself."""
PATIENT_SECONDS = 5
CALL_SECONDS = PATIENCE_SECONDS
NEVER_PINGED = ["--keepalive-time", "600"]
CLIENT = """
import sys
import time
import grpc
from onduty.v1 import router_service_pb2, router_service_pb2_grpc, workspace_service_pb2, workspace_service_pb2_grpc

channel = grpc.insecure_channel(sys.argv[1])
request = workspace_service_pb2.AttachRequest(staff_id=sys.argv[2])
comes_back = sys.argv[3] == "comes back"
while True:
    try:
        attached = workspace_service_pb2_grpc.WorkspaceServiceStub(channel).Attach(request)
        watching = router_service_pb2_grpc.RouterServiceStub(channel).WatchStaff(router_service_pb2.WatchStaffRequest())
        next(attached), next(watching)
        print("attached", flush=True)
        for frame in attached:
            pass
    except grpc.RpcError:
        if not comes_back:
            raise
        time.sleep(0.05)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that pings its peers after a second of silence."""
    flags = ["--keepalive-time", "1", "--keepalive-timeout", "1"]
    with running_server(tmp_path_factory.mktemp("peers") / "journal.db", flags=flags) as running:
        yield running


@pytest.fixture
def stubs(server: RunningServer) -> Iterator[Stubs]:
    """The test's own connection."""
    with stubs_of(server.address) as found:
        yield found


@contextlib.contextmanager
def workspace(server: RunningServer, staff_id: str, *, comes_back: bool = True) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a workspace attached and watches the floor, over one connection.

    Where its streams end it attaches anew, as desktops do, unless it is told not to.
    """
    command = [sys.executable, "-c", CLIENT, server.address, staff_id, "comes back" if comes_back else "stays away"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "attached\n"
            yield process
        finally:
            process.kill()


def _sign_in(stubs: Stubs, name: str) -> None:
    stubs.admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id=name), timeout=CALL_SECONDS)
    _change(stubs, name, staff_pb2.STATUS_AVAILABLE)


def _change(stubs: Stubs, name: str, status: int) -> None:
    request = workspace_service_pb2.ChangeStatusRequest(staff_id=name, choice={"status": status})
    stubs.workspace.ChangeStatus(request, timeout=CALL_SECONDS)


def _workspaces(stubs: Stubs, name: str) -> int:
    request = workspace_service_pb2.GetStaffRequest(staff_id=name)
    return len(stubs.workspace.GetStaff(request, timeout=CALL_SECONDS).staff.connection.workspaces)


def _until_workspaces(stubs: Stubs, name: str, count: int) -> None:
    within = PATIENCE_SECONDS if count else LET_GO_SECONDS
    wait_until(lambda: _workspaces(stubs, name) == count, within, what=f"{count} workspaces of {name}")


def test_a_frozen_workspace_is_let_go_within_the_keepalive_times(server: RunningServer, stubs: Stubs) -> None:
    """A stopped process, whose kernel still answers for it, is detached after the keepalive times, not after a minute."""
    _sign_in(stubs, "frozen")
    with workspace(server, "frozen") as process:
        _until_workspaces(stubs, "frozen", 1)
        process.send_signal(signal.SIGSTOP)
        _until_workspaces(stubs, "frozen", 0)


def test_a_frozen_workspace_is_let_go_though_there_is_much_to_tell_it(server: RunningServer, stubs: Stubs) -> None:
    """Changes that are sent to a stopped process all the time do not count as its answers."""
    _sign_in(stubs, "busy-frozen")
    with workspace(server, "busy-frozen") as process:
        process.send_signal(signal.SIGSTOP)
        statuses = [staff_pb2.STATUS_BUSY, staff_pb2.STATUS_AVAILABLE]

        def tell_and_ask() -> bool:
            statuses.reverse()
            _change(stubs, "busy-frozen", statuses[0])
            return _workspaces(stubs, "busy-frozen") == 0

        wait_until(tell_and_ask, LET_GO_SECONDS, what="the detachment")


def test_a_workspace_that_answers_pings_stays(journal_path: Path) -> None:
    """A quiet but living workspace is not let go, while one beside it is; it would not come back."""
    flags = ["--keepalive-time", "1", "--keepalive-timeout", str(PATIENT_SECONDS)]
    with running_server(journal_path, flags=flags) as server, stubs_of(server.address) as stubs:
        _sign_in(stubs, "quiet")
        _sign_in(stubs, "gone")
        with workspace(server, "quiet", comes_back=False), workspace(server, "gone") as gone:
            _until_workspaces(stubs, "gone", 1)
            gone.send_signal(signal.SIGSTOP)
            _until_workspaces(stubs, "gone", 0)
            assert _workspaces(stubs, "quiet") == 1


def test_a_killed_workspace_is_let_go_at_once(journal_path: Path) -> None:
    """A process that dies closes its connection; nobody waits for a ping, which would not come for long."""
    with running_server(journal_path, flags=NEVER_PINGED) as server, stubs_of(server.address) as stubs:
        _sign_in(stubs, "killed")
        with workspace(server, "killed") as process:
            assert _workspaces(stubs, "killed") == 1
            process.kill()
            _until_workspaces(stubs, "killed", 0)


def test_a_frozen_workspace_that_thaws_is_told_that_its_stream_ended(server: RunningServer, stubs: Stubs) -> None:
    """After the thaw the client sees the end of its stream, instead of one that is silent for ever, and attaches anew."""
    _sign_in(stubs, "thawed")
    with workspace(server, "thawed") as process:
        process.send_signal(signal.SIGSTOP)
        _until_workspaces(stubs, "thawed", 0)
        process.send_signal(signal.SIGCONT)
        _until_workspaces(stubs, "thawed", 1)
