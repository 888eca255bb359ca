"""What a server writes while it runs: a line for programs on standard output, and a log in the form asked on standard error."""

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from running_server import RunningServer
from service_stubs import Stubs, stubs_of
from typed_server import typed_server
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, router_service_pb2, staff_pb2, workspace_service_pb2

LIBRARIES_AT_WORK = """
import asyncio, sys, warnings
from onduty_server.observability.logging import set_up_logging

async def step():
    asyncio.get_running_loop().slow_callback_duration = 0.0
    warnings.warn("an old name is used")

set_up_logging("json", sys.argv[1])
asyncio.run(step(), debug=True)
"""
"""A program whose libraries warn: asyncio that each step is too slow, and the standard library's warnings of an old name."""


def _eventful_life(server: RunningServer) -> None:
    """Let the server log what befalls it: a failing journal, a refused recovery, its end."""
    with stubs_of(server.address) as stubs:
        stubs.admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id="kim"), timeout=60)
        Path(server.journal).unlink()
        _report_call(stubs)
        wait_until(lambda: "journal_still_fails" in server.output, within=60, what="an attempt to recover")
    server.stop()


def _report_call(stubs: Stubs) -> None:
    started = router_service_pb2.ReportCallStartedRequest(staff_id="kim", call_id="call-1")
    with pytest.raises(grpc.RpcError):
        stubs.router.ReportCallStarted(started, timeout=60)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The log lines of the same life in both forms."""
    lines = {}
    for form in ("json", "console"):
        journal = tmp_path_factory.mktemp(form) / "journal.db"
        arguments = ("--listen", "127.0.0.1:0", "--journal", str(journal), "--log-format", form)
        with typed_server(*arguments) as server:
            server.journal = journal
            _eventful_life(server)
            lines[form] = [line for line in server.log if not line.startswith("Onduty is serving on ")]
    return lines


def _events(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def test_every_line_of_the_json_log_is_an_object(logs: dict[str, list[str]]) -> None:
    """Each line parses, and has an event, a level and an instant with a time zone: the libraries' lines as well."""
    for event in _events(logs["json"] + _logged_by_libraries("info")):
        assert event["event"]
        assert event["level"] in ("debug", "info", "warning", "error", "critical")
        assert datetime.fromisoformat(event["timestamp"]).utcoffset() is not None


def test_the_json_log_tells_what_happened(logs: dict[str, list[str]]) -> None:
    """The recovery at the start, the failing journal and the attempts to recover are events with fields of their own."""
    events = {one["event"]: one for one in _events(logs["json"])}
    assert {"recovered_state", "journal_failed", "journal_still_fails"} <= set(events)
    assert events["recovered_state"]["revision"] == 0
    assert "was removed or replaced" in events["journal_failed"]["error"]
    assert events["journal_failed"]["level"] == "error"
    assert events["journal_still_fails"]["attempt"] >= 1


def _logged_by_libraries(level: str) -> list[str]:
    command = [sys.executable, "-c", LIBRARIES_AT_WORK, level]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stderr.splitlines()


def test_warnings_of_libraries_are_in_the_log_by_name() -> None:
    """A line that a library logged tells which one it was, and that it is a warning."""
    events = _events(_logged_by_libraries("info"))
    assert {(one["logger"], one["level"]) for one in events} == {("asyncio", "warning"), ("py.warnings", "warning")}


def test_warnings_of_libraries_are_below_the_level_error() -> None:
    """The level asked holds for the libraries as well."""
    assert _logged_by_libraries("error") == []


def test_the_console_log_is_for_people(logs: dict[str, list[str]]) -> None:
    """Lines begin with the local time and the level, have no empty fields, and are no JSON."""
    (line,) = [one for one in logs["console"] if "recovered_state" in one]
    assert re.match(r"\d{4}-\d{2}-\d{2} [\d:]{8} \[info +\] recovered_state", line)
    assert not any(one.startswith("{") for one in logs["console"])
    (serving,) = [one for one in logs["console"] if " serving " in one]
    assert "certificate_expires_at" not in serving


def test_the_log_begins_at_the_level_asked(journal_path: Path) -> None:
    """With --log-level error nothing of a quiet life is logged; the line for programs is written still."""
    arguments = ("--listen", "127.0.0.1:0", "--journal", str(journal_path), "--log-level", "error")
    with typed_server(*arguments) as server:
        server.stop()
        assert len(server.log) == 1
        assert server.log[0].startswith("Onduty is serving on ")


def test_no_request_is_in_the_log(server: RunningServer) -> None:
    """Who is called what and the notes about people stay out of the log of a server that works."""
    with stubs_of(server.address) as stubs:
        creation = admin_service_pb2.CreateStaffRequest(staff_id="kim-secret-id", display_name="Kim Secret")
        stubs.admin.CreateStaff(creation, timeout=60)
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id="kim-secret-id", choice={"status": staff_pb2.STATUS_BUSY}, note="a secret note"
        )
        stubs.workspace.ChangeStatus(request, timeout=60)
    server.stop()
    assert "secret" not in server.output.lower()
