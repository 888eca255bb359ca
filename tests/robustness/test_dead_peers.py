"""A workspace or watcher that stops answering is let go, though its connection still stands."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_server import RunningServer, running_server
from service_stubs import Stubs, stubs_of
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, staff_pb2, workspace_service_pb2

KEEPALIVE_SECONDS = 1 + 1
SLACK_SECONDS = 3
CLIENT = """
import sys
import grpc
from onduty.v1 import router_service_pb2, router_service_pb2_grpc, workspace_service_pb2, workspace_service_pb2_grpc

channel = grpc.insecure_channel(sys.argv[1])
request = workspace_service_pb2.AttachRequest(staff_id=sys.argv[2])
attached = workspace_service_pb2_grpc.WorkspaceServiceStub(channel).Attach(request)
watching = router_service_pb2_grpc.RouterServiceStub(channel).WatchStaff(router_service_pb2.WatchStaffRequest())
next(attached), next(watching)
print("attached", flush=True)
for frame in attached:
    pass
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
def workspace(server: RunningServer, staff_id: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a workspace attached and watches the floor, over one connection."""
    command = [sys.executable, "-c", CLIENT, server.address, staff_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "attached\n"
            yield process
        finally:
            process.kill()


def _sign_in(stubs: Stubs, name: str) -> None:
    stubs.admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff=staff_pb2.Staff(staff_id=name)), timeout=10)
    _change(stubs, name, staff_pb2.STATUS_AVAILABLE)


def _change(stubs: Stubs, name: str, status: int) -> None:
    request = workspace_service_pb2.ChangeStatusRequest(staff_id=name, status=status)
    stubs.workspace.ChangeStatus(request, timeout=10)


def _workspaces(stubs: Stubs, name: str) -> int:
    request = workspace_service_pb2.GetStaffRequest(staff_id=name)
    return stubs.workspace.GetStaff(request, timeout=10).staff.connection.workspaces


def test_a_frozen_workspace_is_let_go_within_the_keepalive_times(server: RunningServer, stubs: Stubs) -> None:
    """A stopped process, whose kernel still answers for it, is detached after the keepalive times, not after a minute."""
    _sign_in(stubs, "frozen")
    with workspace(server, "frozen") as process:
        assert _workspaces(stubs, "frozen") == 1
        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: _workspaces(stubs, "frozen") == 0, KEEPALIVE_SECONDS + SLACK_SECONDS, what="the detachment")


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

        wait_until(tell_and_ask, KEEPALIVE_SECONDS + SLACK_SECONDS, what="the detachment")


def test_a_workspace_that_answers_pings_stays(server: RunningServer, stubs: Stubs) -> None:
    """A quiet but living workspace is not let go, while one beside it is."""
    _sign_in(stubs, "quiet")
    _sign_in(stubs, "gone")
    with workspace(server, "quiet"), workspace(server, "gone") as gone:
        gone.send_signal(signal.SIGSTOP)
        wait_until(lambda: _workspaces(stubs, "gone") == 0, KEEPALIVE_SECONDS + SLACK_SECONDS, what="the detachment")
        assert _workspaces(stubs, "quiet") == 1


def test_a_killed_workspace_is_let_go_at_once(server: RunningServer, stubs: Stubs) -> None:
    """A process that dies closes its connection; nobody waits for a ping then."""
    _sign_in(stubs, "killed")
    with workspace(server, "killed") as process:
        began = time.monotonic()
        process.kill()
        wait_until(lambda: _workspaces(stubs, "killed") == 0, what="the detachment")
        assert time.monotonic() - began < KEEPALIVE_SECONDS / 2


def test_a_frozen_workspace_that_thaws_is_told_that_its_stream_ended(
    server: RunningServer, stubs: Stubs, tmp_path: Path
) -> None:
    """After the thaw the client sees the end of its stream, instead of one that is silent for ever."""
    _sign_in(stubs, "thawed")
    with workspace(server, "thawed") as process:
        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: _workspaces(stubs, "thawed") == 0, KEEPALIVE_SECONDS + SLACK_SECONDS, what="the detachment")
        process.send_signal(signal.SIGCONT)
        assert process.wait(10) != 0
