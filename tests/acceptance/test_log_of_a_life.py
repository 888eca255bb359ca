"""What a server's log tells from its start to its end, and that in JSON every line is JSON."""

import json
import os
import re
import resource
import signal
import subprocess
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from running_server import SERVE
from service_stubs import Stubs, refused, stubs_of
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, server_service_pb2, workspace_service_pb2
from onduty.v1.staff_pb2 import STATUS_AVAILABLE, STATUS_BUSY


class Life:
    """A server whose standard output and error go to files of their own."""

    def __init__(self, folder: Path, *flags: str, **options: Any) -> None:
        self.out, self.err, self.journal = folder / "out", folder / "err", folder / "journal.db"
        command = [*SERVE, "--listen", "127.0.0.1:0", "--journal", str(self.journal), *flags]
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(command, **{"stdout": out, "stderr": err, "stdin": subprocess.DEVNULL, **options})

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of the log so far, each of which must be JSON; a line that is being written is left out."""
        whole = self.err.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def named(self, event: str) -> list[dict[str, Any]]:
        """The events of one name."""
        return [one for one in self.events if one["event"] == event]

    def address(self) -> str:
        """Where it serves, once it does."""
        wait_until(lambda: self.named("serving") or self.process.poll() is not None, within=120, what="it serves")
        (serving,) = self.named("serving")
        return str(serving["address"])

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it if it still runs; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(60)


@pytest.fixture
def lives() -> Any:
    """Starts servers; what still runs at the end is killed."""
    started: list[Life] = []

    def start(folder: Path, *flags: str, **options: Any) -> Life:
        started.append(Life(folder, *flags, **options))
        return started[-1]

    yield start
    for one in started:
        one.end(signal.SIGKILL)


def test_a_life_is_told_from_its_start_to_its_end(lives: Any, tmp_path: Path) -> None:
    """What it is, what it serves, why it ends and how; and standard output stays empty where JSON is asked for."""
    life = lives(tmp_path, "--log-format", "json", "--drain", "2.5")
    life.address()
    assert life.end(signal.SIGINT) == 0
    first, *_, last = life.events
    assert first["event"] == "starting"
    assert {"version", "build", "python", "grpc", "pid"} <= first.keys()
    assert first["settings"]["drain"] == 2.5
    assert "keepalive_time" not in first["settings"], "it has its default"
    (serving,) = life.named("serving")
    assert (serving["journal"], serving["journal_is_new"]) == (str(life.journal), True)
    assert life.named("ending")[0]["reason"] == "SIGINT"
    assert life.named("drained")
    assert (last["event"], last["exit_code"], last["log_writes_dropped"]) == ("ended", 0, 0)
    assert life.out.read_text() == ""


def test_a_client_is_told_once_and_a_refusal_with_its_reason(lives: Any, tmp_path: Path) -> None:
    """By peer, software and tenant; refusals at debug, without the staff member."""
    life = lives(tmp_path, "--log-format", "json", "--log-level", "debug")
    with stubs_of(life.address(), tenant="north") as stubs:
        for _ in range(3):
            stubs.server.GetServerInfo(server_service_pb2.GetServerInfoRequest(), timeout=60)
        asked = workspace_service_pb2.BackToReceptionRequest(staff_id="hidden-one", request_id="r-1")
        with pytest.raises(grpc.RpcError):
            stubs.workspace.BackToReception(asked, timeout=60)
    assert life.end() == 0
    (arrived,) = life.named("client_arrived")
    assert (arrived["peer"], arrived["tenant"]) == ("ipv4:127.0.0.1", "north")
    assert arrived["user_agent"].startswith("grpc-python")
    (refused,) = life.named("call_refused")
    assert (refused["reason"], refused["tenant"], refused["request_id"]) == ("STAFF_UNKNOWN", "north", "r-1")
    assert "hidden-one" not in life.err.read_text()


def test_a_port_in_use_is_told_in_json_only(lives: Any, tmp_path: Path) -> None:
    """What gRPC's core has to say of it included."""
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    address = lives(tmp_path / "first", "--log-format", "json").address()
    second = lives(tmp_path / "second", "--log-format", "json", "--listen", address)
    assert second.process.wait(120) == 1
    (failed,) = second.named("start_failed")
    assert address in failed["error"]
    assert second.events[-1]["event"] == "ended"
    assert second.events[-1]["exit_code"] == 1


@pytest.mark.parametrize("by", ["flag", "environment"])
def test_mistakes_of_the_configuration_are_told_in_json(lives: Any, tmp_path: Path, by: str) -> None:
    """Though the log is not set up yet."""
    flags = ("--log-format", "json") if by == "flag" else ()
    env = {**os.environ, "ONDUTY_LOG_FORMAT": "json"} if by == "environment" else dict(os.environ)
    life = lives(tmp_path, *flags, "--drain", "-1", env=env)
    assert life.process.wait(120) == 2
    (refused,) = life.events
    assert refused["event"] == "configuration_refused"
    assert any(line.startswith("drain:") for line in refused["mistakes"])


def test_a_log_that_cannot_be_written_stops_nothing(lives: Any, tmp_path: Path) -> None:
    """Standard error on a full disk: it serves, and ends well."""
    with Path("/dev/full").open("w") as full:
        life = lives(tmp_path, stderr=full)
    told = "Onduty is serving on "
    wait_until(lambda: told in life.out.read_text(), within=120, what="it serves")
    address = life.out.read_text().split(told)[1].split()[0]
    with stubs_of(address) as stubs:
        assert stubs.server.GetServerInfo(server_service_pb2.GetServerInfoRequest(), timeout=60).version
    assert life.end() == 0


def _is_taken(stubs: Stubs, change: workspace_service_pb2.ChangeStatusRequest) -> bool:
    try:
        stubs.workspace.ChangeStatus(change, timeout=10)
    except grpc.RpcError:
        return False
    return True


def test_a_log_whose_reader_is_gone_stops_nothing(lives: Any, tmp_path: Path) -> None:
    """The reader dies while the server serves, then the journal fails: changes are refused meanwhile, and taken afterwards."""
    reader, writer = os.pipe()
    life = lives(tmp_path, stderr=writer)
    os.close(writer)
    told = "Onduty is serving on "
    wait_until(lambda: told in life.out.read_text(), within=120, what="it serves")
    change = workspace_service_pb2.ChangeStatusRequest(staff_id="ana", choice={"status": STATUS_AVAILABLE})
    back = workspace_service_pb2.ChangeStatusRequest(staff_id="ana", choice={"status": STATUS_BUSY})
    with stubs_of(life.out.read_text().split(told)[1].split()[0]) as stubs:
        stubs.admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id="ana"), timeout=60)
        os.close(reader)
        unlimited = resource.prlimit(life.process.pid, resource.RLIMIT_FSIZE)
        grown = Path(f"{life.journal}-wal").stat().st_size
        resource.prlimit(life.process.pid, resource.RLIMIT_FSIZE, (grown, unlimited[1]))
        assert refused(stubs.workspace.ChangeStatus, change, timeout=60).code() is grpc.StatusCode.UNAVAILABLE
        resource.prlimit(life.process.pid, resource.RLIMIT_FSIZE, unlimited)

        wait_until(lambda: _is_taken(stubs, back), what="changes are taken again")
        health = health_pb2_grpc.HealthStub(stubs.channel).Check(health_pb2.HealthCheckRequest(), timeout=60)
        assert health.status == health_pb2.HealthCheckResponse.SERVING
    assert life.end() == 0


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_log_that_nobody_reads_any_more_stops_nothing(lives: Any, tmp_path: Path, form: str) -> None:
    """The reader has stopped and is still there, as a hanging log driver: calls are answered, and SIGTERM ends the server."""
    reader, writer = os.pipe()
    life = lives(tmp_path, "--log-level", "debug", "--log-format", form, stderr=writer)
    os.close(writer)
    (address,) = re.findall(rb'"address": *"([^"]+)"|address=(\S+)', _until(reader, b"serving"))
    with stubs_of(next(filter(None, address)).decode()) as stubs:
        nobody = workspace_service_pb2.ChangeStatusRequest(staff_id="nobody", choice={"status": STATUS_AVAILABLE})
        for _ in range(600):  # each refusal is a line of some 200 bytes, and a pipe takes 64 KiB.
            assert refused(stubs.workspace.ChangeStatus, nobody, timeout=60).code() is grpc.StatusCode.NOT_FOUND
    assert life.end() == 0
    os.close(reader)


def _until(reader: int, word: bytes) -> bytes:
    """What is read until there is a line with a word in it."""
    read = b""
    while word not in read or not read.endswith(b"\n"):
        read += os.read(reader, 65_536)
    return next(line for line in read.splitlines() if word in line)


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-"])
def test_closed_streams_stop_nothing(tmp_path: Path, closed: str) -> None:
    """The journal never gets the number of a closed stream, into which others would write."""
    journal = tmp_path / "journal.db"
    line = " ".join(SERVE)
    shell = ["sh", "-c", f"exec {line} --listen 127.0.0.1:0 --journal {journal} {closed}"]
    process = subprocess.Popen(shell, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: journal.exists() or process.poll() is not None, within=120, what="it has a journal")
        held = {Path(link).resolve() for link in (f"/proc/{process.pid}/fd/1", f"/proc/{process.pid}/fd/2")}
        assert journal not in held
        process.terminate()
        assert process.wait(60) in (0, -signal.SIGTERM), "told to end before or after it listened for that"
    finally:
        process.kill()
        process.wait()
