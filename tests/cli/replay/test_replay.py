"""The sample played through a real server."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import grpc
import pytest
from held_port import HeldPort
from running_server import RunningServer, running_server

from onduty.v1 import admin_service_pb2, admin_service_pb2_grpc, router_service_pb2, router_service_pb2_grpc, staff_pb2

pytestmark = pytest.mark.timeout(900)

SPEED = 3000
REPLAY_SECONDS = 120
HELD_REPLAY = Path(__file__).with_name("held_replay.py")
COMMAND = [sys.executable, "-m", "onduty_server", "replay", "--sample"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that takes a wrap-up of milliseconds."""
    with running_server(tmp_path / "journal.db", flags=["--rehearsal"]) as running:
        yield running


def policy_of(address: str):
    with grpc.insecure_channel(address) as channel:
        stub = admin_service_pb2_grpc.AdminServiceStub(channel)
        return stub.GetPolicy(admin_service_pb2.GetPolicyRequest(), timeout=30).policy


def statuses_of(address: str) -> dict[str, int]:
    with grpc.insecure_channel(address) as channel:
        stub = router_service_pb2_grpc.RouterServiceStub(channel)
        return {one.staff_id: one.status for one in stub.ListStaff(router_service_pb2.ListStaffRequest(), timeout=30).staff}


@contextmanager
def held_replay(server: str, *arguments: object, **streams: Any) -> "Iterator[subprocess.Popen[str]]":
    """A replay that stands still while somebody is in line, until it gets a line; it is at its end after the block."""
    command = [sys.executable, str(HELD_REPLAY), "replay", "--sample", "--server", server, *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes, **streams) as running:
        assert running.stdin
        assert running.stdout
        try:
            said = list(takewhile("in a call\n".__ne__, running.stdout))
            assert running.poll() is None, "".join(said)
            yield running
        finally:
            running.kill()


def replayed(address: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "--server", address, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=REPLAY_SECONDS, check=False)


def test_every_second_of_the_sample_is_explained(server: RunningServer, tmp_path: Path):
    """File and timing add up to the server's sums, to the microsecond; calls agree; the policy is as it was."""
    before = policy_of(server.address)
    out = tmp_path / "report.json"
    result = replayed(server.address, "--speed", SPEED, "--json", out)
    assert result.returncode == 0, result.stdout + result.stderr + server.output
    report = json.loads(out.read_text())
    assert report["explained"]
    assert report["faults"] == []
    assert [one["unexplained_microseconds"] for one in report["total"]] == [0, 0, 0, 0]
    assert [(one["calls_at_server"], one["calls_in_file"]) for one in report["staff"]] == [
        (one["calls_in_file"], one["calls_in_file"]) for one in report["staff"]
    ]
    rows, met = report["rows"], report["met"]
    assert report["calls"] == met["calls_ended"] == rows["served"] - rows["unattributed"] == 98
    assert met["offers_accepted"] + met["calls_not_claimed"] == 93
    assert met["irregular"] == rows["overlapping"] == 5
    assert met["withdrawn"] + met["superseded"] + met["nobody_available"] == rows["hung_up_in_queue"] == 11
    assert met["breaks"] == 8
    assert met["back_to_reception"] + met["wrap_ups_by_countdown"] == 93
    assert "Every second is explained" in result.stdout
    assert policy_of(server.address) == before
    assert set(statuses_of(server.address).values()) == {staff_pb2.STATUS_OFFLINE}


def test_a_server_can_be_played_to_again(server: RunningServer):
    """Ids are of the run, people and break reason are there already, sums begin with the run."""
    for _ in range(2):
        result = replayed(server.address, "--speed", 6000, "--days", "240312")
        assert result.returncode == 0, result.stdout + result.stderr


def test_a_plain_server_refuses_and_is_told_how_to_help(tmp_path: Path):
    """A wrap-up of milliseconds is below the bounds that a server has outside rehearsals; nothing is changed."""
    with running_server(tmp_path / "journal.db") as plain:
        before = policy_of(plain.address)
        result = replayed(plain.address, "--speed", SPEED)
        assert result.returncode == 3
        assert "start it with --rehearsal, or use a speed of at most 30" in result.stderr
        assert policy_of(plain.address) == before


def test_an_interrupted_replay_leaves_nobody_signed_in(server: RunningServer):
    """Calls are ended, everybody is signed out, the policy is as it was."""
    before = policy_of(server.address)
    with held_replay(server.address, "--speed", SPEED, stderr=subprocess.PIPE) as running:
        assert staff_pb2.STATUS_IN_LINE in statuses_of(server.address).values()
        running.send_signal(signal.SIGINT)
        errors = running.communicate(timeout=REPLAY_SECONDS)[1]
    assert running.returncode == 130, errors
    assert "everybody was signed out" in errors
    assert set(statuses_of(server.address).values()) == {staff_pb2.STATUS_OFFLINE}
    assert policy_of(server.address) == before


def test_a_server_that_is_killed_and_started_again_loses_no_second(tmp_path: Path):
    """Requests are repeated with their ids, workspaces attach again, deadlines fire at their instants: all is explained."""
    journal, out = tmp_path / "journal.db", tmp_path / "report.json"
    with closing(HeldPort()) as port:
        flags = ["--rehearsal", "--listen", port.address]
        with running_server(journal, flags=flags) as first:
            arguments = ["--speed", 2500, "--days", "240312", "--json", out]
            with held_replay(port.address, *arguments, stderr=subprocess.STDOUT) as replay:
                first.stop(signal.SIGKILL)
                with running_server(journal, flags=flags) as second:
                    output, _ = replay.communicate("\n", timeout=REPLAY_SECONDS)
                    assert replay.returncode == 0, output + second.output
    report = json.loads(out.read_text())
    assert report["met"]["reattached"] >= 1
    assert [one["unexplained_microseconds"] for one in report["total"]] == [0, 0, 0, 0]


def test_a_replay_does_not_begin_while_somebody_is_signed_in(server: RunningServer):
    """Their time would not be the replay's."""
    assert replayed(server.address, "--speed", 6000, "--days", "240312").returncode == 0
    with grpc.insecure_channel(server.address) as channel:
        stub = router_service_pb2_grpc.RouterServiceStub(channel)
        stub.ReportCallStarted(router_service_pb2.ReportCallStartedRequest(staff_id="FERN", call_id="c"), timeout=30)
    result = replayed(server.address, "--speed", 6000, "--days", "240312")
    assert result.returncode == 3
    assert "FERN is IN_LINE" in result.stderr
