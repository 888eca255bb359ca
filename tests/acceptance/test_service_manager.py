"""What a server tells the service manager that started it, and what SIGHUP does."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from credentials import KeyFile
from patience import PATIENCE_SECONDS
from promtool import needs
from running_server import RunningServer, running_server
from service_stubs import stubs_of
from wait_until import wait_until

from onduty.v1.server_service_pb2 import WhoAmIRequest

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "deploy/systemd/onduty.service"
EXPOSURE_MOST = 20
"""In tenths; below that systemd calls a service well confined."""
MACHINES_OWN = {"/opt/onduty/bin/onduty": "/bin/true", "User=onduty": "User=daemon", "Group=onduty": "Group=daemon"}


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A service manager that listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(PATIENCE_SECONDS)
        yield listening


def events(server: RunningServer, name: str) -> list[dict[str, object]]:
    """The events of a name so far."""
    lines = [json.loads(line) for line in server.log if line.startswith("{")]
    return [line for line in lines if line["event"] == name]


def test_the_manager_hears_of_ready_of_life_and_of_the_end(manager: socket.socket, journal_path: Path):
    """Ready once it serves, then again and again that the loop turns, and that it ends before it does."""
    watchdog = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "30000"}
    with running_server(journal_path, env=watchdog) as server:
        assert manager.recv(200).decode().splitlines() == ["READY=1", f"STATUS=serving on {server.address}"]
        assert [manager.recv(200) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        server.stop()
        heard = [manager.recv(200)]
        while heard[-1] != b"STOPPING=1":
            heard.append(manager.recv(200))
    assert set(heard) <= {b"WATCHDOG=1", b"STOPPING=1"}


def test_a_manager_that_is_gone_harms_nothing(journal_path: Path, tmp_path: Path):
    """The server serves all the same."""
    with running_server(journal_path, env={"NOTIFY_SOCKET": str(tmp_path / "nobody")}) as server:
        assert server.stop() == 0


def test_hang_up_without_a_terminal_reads_everything_again(journal_path: Path, tmp_path: Path):
    """The log's level is taken over, keys are read; what needs a restart is named, and mistakes leave all as it was."""
    configured, keys = tmp_path / "onduty.toml", KeyFile(tmp_path / "keys")
    keys.write()
    configured.write_text('log_level = "info"\n', encoding="utf-8")
    flags = ["--config", str(configured), "--log-format", "json", "--keys", str(keys.path)]
    with running_server(journal_path, flags=flags) as server:
        configured.write_text('log_level = "info"\ndrain = 7\n', encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        (reloaded,) = wait_until(lambda: events(server, "reloaded"), what="it reads again")
        assert reloaded["needs_restart"] == ["drain"]
        configured.write_text("drain = 'long'\n", encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: events(server, "reload_refused"), what="it refuses")
        configured.write_text('log_level = "debug"\n', encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(events(server, "reloaded")) == 2, what="it reads again")
        with stubs_of(server.address) as stubs, pytest.raises(grpc.RpcError):
            stubs.server.WhoAmI(WhoAmIRequest(), timeout=PATIENCE_SECONDS)
        assert wait_until(lambda: events(server, "call_refused"), what="it logs what it did not before")


def test_the_unit_is_one_and_well_confined(tmp_path: Path):
    """As systemd's own tool says, with this machine's program and user in place of Onduty's."""
    analyze = needs("systemd-analyze", "systemd")
    text = UNIT.read_text(encoding="utf-8")
    for theirs, ours in MACHINES_OWN.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    unit = tmp_path / "onduty.service"
    unit.write_text(text, encoding="utf-8")
    checked = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    confined = [analyze, "security", "--offline=true", f"--threshold={EXPOSURE_MOST}", unit]
    judged = subprocess.run(confined, capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_COLORS": "0"})
    assert judged.returncode == 0, judged.stdout + judged.stderr
