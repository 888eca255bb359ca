"""The sample played through a real server."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import grpc
import prepared
import pytest
from held_port import HeldPort
from patience import PATIENCE_SECONDS
from running_server import RunningServer, running_server

from onduty.v1 import (
    admin_service_pb2,
    admin_service_pb2_grpc,
    router_service_pb2,
    router_service_pb2_grpc,
    server_service_pb2,
    server_service_pb2_grpc,
    staff_pb2,
)

pytestmark = pytest.mark.timeout(900)

SPEED = 3000
REPLAY_SECONDS = 120
HELD_REPLAY = Path(__file__).with_name("held_replay.py")
COMMAND = [sys.executable, "-m", "onduty_replay", "--sample"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that takes a wrap-up of milliseconds."""
    with running_server(tmp_path / "journal.db", flags=["--rehearsal"]) as running:
        yield running


OWN = "played"
"""The tenant of the replays here that are looked into."""
IN_OWN = ("--tenant", OWN)


def policy_of(address: str, tenant: str = OWN):
    with grpc.insecure_channel(address) as channel:
        stub = admin_service_pb2_grpc.AdminServiceStub(channel)
        return stub.GetPolicy(admin_service_pb2.GetPolicyRequest(), timeout=PATIENCE_SECONDS, metadata=of(tenant)).policy


def statuses_of(address: str, tenant: str = OWN) -> dict[str, int]:
    with grpc.insecure_channel(address) as channel:
        stub = router_service_pb2_grpc.RouterServiceStub(channel)
        listed = stub.ListStaff(router_service_pb2.ListStaffRequest(), timeout=PATIENCE_SECONDS, metadata=of(tenant))
    return {one.staff_id: one.status for one in listed.staff}


def of(tenant: str) -> tuple[tuple[str, str]]:
    return (("onduty-tenant", tenant),)


def head_of(address: str) -> int:
    """Rises with any change in any tenant."""
    with grpc.insecure_channel(address) as channel:
        stub = server_service_pb2_grpc.ServerServiceStub(channel)
        return stub.GetServerInfo(server_service_pb2.GetServerInfoRequest(), timeout=PATIENCE_SECONDS).head


@contextmanager
def held_replay(server: str, *arguments: object, **streams: Any) -> "Iterator[subprocess.Popen[str]]":
    """A replay that stands still while somebody is in line, until it gets a line; it is at its end after the block."""
    command = [sys.executable, str(HELD_REPLAY), "--sample", "--server", server, *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with prepared.popen(command, **pipes, **streams) as running:
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
    return prepared.run(command, capture_output=True, text=True, timeout=REPLAY_SECONDS, check=False)


def test_every_second_of_the_sample_is_explained(server: RunningServer, tmp_path: Path):
    """File and timing add up to the server's sums, to the microsecond; calls agree; the policy is as it was."""
    before = policy_of(server.address)
    out = tmp_path / "report.json"
    result = replayed(server.address, "--speed", SPEED, "--report", out, *IN_OWN)
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
    """Each replay has a tenant of its own, which it names; the report is JSON on standard output where that is asked for."""
    tenants = set()
    for _ in range(2):
        result = replayed(server.address, "--speed", 6000, "--days", "240312", "--json")
        assert result.returncode == 0, result.stdout + result.stderr
        assert json.loads(result.stdout)["explained"]
        tenants.add(re.search(r"Playing in the tenant (rehearsal-\w+)", result.stderr)[1])
    assert len(tenants) == 2
    assert statuses_of(server.address, "default") == {}


@pytest.mark.parametrize("speed", [1, SPEED])
def test_a_server_for_real_work_is_refused_and_left_as_it_is(tmp_path: Path, speed: int):
    """At any speed: nothing is changed in any tenant, and how to start a rehearsal server is said."""
    with running_server(tmp_path / "journal.db", flags=["--sample"]) as plain:
        before = head_of(plain.address)
        result = replayed(plain.address, "--speed", speed)
        assert result.returncode == 3
        assert "is not a rehearsal server" in result.stderr
        assert "onduty serve --rehearsal" in result.stderr
        assert head_of(plain.address) == before


@pytest.mark.parametrize("how", ["sample staff", "an earlier replay"])
def test_a_tenant_that_is_not_empty_is_refused_and_left_as_it_is(tmp_path: Path, how: str):
    """Whatever is there stays; what to do is said."""
    flags = ["--rehearsal", *(["--sample"] if how == "sample staff" else [])]
    tenant = ("--tenant", "default")
    with running_server(tmp_path / "journal.db", flags=flags) as server:
        if how == "an earlier replay":
            assert replayed(server.address, "--speed", 6000, "--days", "240312", *tenant).returncode == 0
        before = head_of(server.address)
        result = replayed(server.address, "--speed", 6000, *tenant)
        assert result.returncode == 3
        assert "the tenant default is not empty" in result.stderr
        assert "Playing" not in result.stderr
        assert "Leave out --tenant" in result.stderr
        assert head_of(server.address) == before


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_replay_leaves_nobody_signed_in(server: RunningServer, name: str):
    """Calls are ended, everybody is signed out, the policy is as it was."""
    before = policy_of(server.address)
    with held_replay(server.address, "--speed", SPEED, *IN_OWN, stderr=subprocess.PIPE) as running:
        assert staff_pb2.STATUS_IN_LINE in statuses_of(server.address).values()
        running.send_signal(signal.Signals[name])
        errors = running.communicate(timeout=REPLAY_SECONDS)[1]
    assert running.returncode == 128 + signal.Signals[name], errors
    assert f"ended by {name}; in the tenant {OWN} everybody was signed out" in errors
    assert set(statuses_of(server.address).values()) == {staff_pb2.STATUS_OFFLINE}
    assert policy_of(server.address) == before


def test_a_killed_replay_is_in_nobodys_way(server: RunningServer):
    """Killed in the middle, it leaves the default tenant and its policy as they were, and the next one plays to its end."""
    before = policy_of(server.address, "default")
    with held_replay(server.address, "--speed", SPEED, stderr=subprocess.PIPE) as running:
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=REPLAY_SECONDS)
    assert policy_of(server.address, "default") == before
    assert statuses_of(server.address, "default") == {}
    result = replayed(server.address, "--speed", 6000, "--days", "240312")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_server_that_is_killed_and_started_again_loses_no_second(tmp_path: Path):
    """Requests are repeated with their ids, workspaces attach again, deadlines fire at their instants: all is explained."""
    journal, out = tmp_path / "journal.db", tmp_path / "report.json"
    with closing(HeldPort()) as port:
        flags = ["--rehearsal", "--listen", port.address]
        with running_server(journal, flags=flags) as first:
            arguments = ["--speed", 2500, "--days", "240312", "--report", out]
            with held_replay(port.address, *arguments, stderr=subprocess.STDOUT) as replay:
                first.stop(signal.SIGKILL)
                with running_server(journal, flags=flags) as second:
                    output, _ = replay.communicate("\n", timeout=REPLAY_SECONDS)
                    assert replay.returncode == 0, output + second.output
    report = json.loads(out.read_text())
    assert report["met"]["reattached"] >= 1
    assert [one["unexplained_microseconds"] for one in report["total"]] == [0, 0, 0, 0]
