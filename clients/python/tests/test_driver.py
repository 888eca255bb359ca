"""The conformance driver of both kinds speaks the protocol, line by line."""

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from kinds import KINDS, World
from onduty_process import CLIENT, LONG, OndutyProcess

from onduty.v1 import errors_pb2


class RunningDriver:
    """A driver process; requests are answered in order of asking, events are kept."""

    def __init__(self, *arguments: str) -> None:
        """Start it."""
        installed = os.environ.get("ONDUTY_CLIENT_INSTALLED")
        env = {**os.environ, "PYTHONWARNINGS": "error", **({"ONDUTY_CLIENT_PYTHON": sys.executable} if installed else {})}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([CLIENT / "conformance" / "run", *arguments], env=env, **pipes)
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.events: queue.Queue[dict[str, Any]] = queue.Queue()
        self._numbers = itertools.count(1)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ask(self, do: str, **parameters: Any) -> dict[str, Any]:
        """One request and its answer."""
        number = next(self._numbers)
        self.process.stdin.write(json.dumps({"id": number, "do": do, **parameters}) + "\n")
        self.process.stdin.flush()
        answer = self.answers.get(timeout=2 * LONG)
        assert answer["id"] == number
        return answer

    def ok(self, do: str, **parameters: Any) -> dict[str, Any]:
        """The answer of a request that must be done."""
        answer = self.ask(do, **parameters)
        assert "ok" in answer, answer
        return answer["ok"]

    def event(self, name: str, **fields: Any) -> dict[str, Any]:
        """The next event of this name with these fields; others are passed over."""
        while True:
            found = self.events.get(timeout=2 * LONG)
            if found["event"] == name and fields.items() <= found.items():
                return found

    def end(self) -> int:
        """Ends the input; returns the exit code."""
        self.process.stdin.close()
        code = self.process.wait(LONG)
        self._reader.join(LONG)
        self.process.stdout.close()
        return code

    def _read(self) -> None:
        for line in self.process.stdout:
            told = json.loads(line)
            (self.events if "event" in told else self.answers).put(told)


@pytest.fixture(params=[[], ["--sync"]], ids=["asyncio", "blocking"])
def driver(request: pytest.FixtureRequest, server: OndutyProcess) -> Iterator[RunningDriver]:
    """A driver connected as ``c`` to a tenant with ana and ben."""
    running = RunningDriver(*request.param)
    options = {"target": server.address, "tenant": World(KINDS[0], "").tenant, "call_timeout": LONG}
    try:
        running.ok("connect", name="c", options=options)
        for staff_id in ("ana", "ben"):
            staff = {"staff_id": staff_id, "skill_groups": [{"name": "cards"}]}
            running.ok("call", connection="c", method="AdminService/CreateStaff", request=staff)
        yield running
        assert running.end() == 0
    finally:
        with contextlib.suppress(OSError):
            running.process.kill()
        running.process.wait(LONG)


def test_hello_and_errors(driver: RunningDriver):
    """It says what it can do, and maps every reason of the contract."""
    hello = driver.ok("hello")
    assert (hello["language"], hello["features"]) == ("python", ["call", "stream", "floor", "workspace", "outbox", "errors"])
    reasons = driver.ok("errors.table")["reasons"]
    assert len(reasons) == len(errors_pb2.ErrorReason.items()) - 1
    assert reasons["TRANSITION_REFUSED"] == "RefusedError"


def test_calls(driver: RunningDriver):
    """By hand and by stub; errors with all their fields."""
    call = {"connection": "c", "method": "WorkspaceService/BackToReception"}
    error = driver.ask("call", **call, request={"staff_id": "ana", "request_id": "r1"})["error"]
    assert (error["kind"], error["reason"], error["requested"]) == (
        "RefusedError",
        "TRANSITION_REFUSED",
        "ACTION_BACK_TO_RECEPTION",
    )
    assert (error["request_id"], error["current"]["staff_id"]) == ("r1", "ana")
    events = [{"started": {"staff_id": "ana", "call_id": "c1"}}, {"started": {"staff_id": "nobody", "call_id": "c1"}}]
    answer = driver.ok("call", connection="c", method="RouterService/ReportCallEvents", request={"events": events})
    taken, failed = answer["response"]["results"]
    assert (taken["taken"]["status"], failed["error"]["code"]) == ("STATUS_IN_LINE", 5)
    assert failed["error"]["details"][0]["reason"] == "STAFF_UNKNOWN"
    page = {"connection": "c", "method": "RouterService/ListStaff", "request": {"page_size": 1}}
    assert driver.ok("call", **page)["response"]["next_page_token"]
    page["request"] = {}
    assert driver.ok("call", **page)["response"]["total_size"] == 2
    assert driver.ask("call", connection="c", method="RouterService/Nope", request={})["error"]["kind"] == "DriverError"


def test_raw_stream(driver: RunningDriver):
    """Frames as they are; none while paused; an end that was asked for has no error."""
    watch = {"connection": "c", "method": "RouterService/WatchStaff"}
    for name in ("s", "other"):
        driver.ok("stream.open", **watch, stream=name, request={"bookmark_interval": "60s"})
        frame = driver.event("frame", stream=name)["frame"]
    assert [one["staff_id"] for one in frame["snapshot_chunk"]["staff"]] == ["ana", "ben"]
    driver.ok("stream.pause", stream="s")
    change = {"connection": "c", "method": "WorkspaceService/ChangeStatus"}
    driver.ok("call", **change, request={"staff_id": "ana", "choice": {"status": "STATUS_BUSY"}})
    assert driver.events.get(timeout=2 * LONG)["stream"] == "other"
    with pytest.raises(queue.Empty):
        driver.events.get(timeout=0.3)
    driver.ok("stream.resume", stream="s")
    assert driver.event("frame", stream="s")["frame"]["changes"]["changes"][0]["transition"]["cause"] == "CAUSE_STAFF"
    driver.ok("stream.cancel", stream="s")
    assert driver.event("end", stream="s")["error"] is None
    driver.ok("stream.open", **watch, stream="bad", request={"resume_after": "x"})
    assert driver.event("end", stream="bad")["error"]["reason"] == "POSITION_MALFORMED"


def test_floor_and_workspace(driver: RunningDriver):
    """Opened, waited for, read and closed; changes and states come as events."""
    driver.ok("floor.open", connection="c", floor="f", filter={}, options={"bookmark_interval": 20, "trust_limit": 100})
    driver.ok("floor.wait", floor="f", timeout=LONG)
    driver.ok("workspace.open", connection="c", workspace="w", staff_id="ana")
    driver.ok("workspace.wait", workspace="w", timeout=LONG)
    action = {"workspace": "w", "action": "change_status", "arguments": {"status": "STATUS_AVAILABLE"}}
    revision = driver.ok("workspace.do", **action)["response"]["staff"]["revision"]
    change = driver.event("change", floor="f", revision=int(revision))
    assert change == {
        "event": "change",
        "floor": "f",
        "kind": "CHANGED",
        "staff_id": "ana",
        "revision": int(revision),
        "status": "STATUS_AVAILABLE",
        "cause": "CAUSE_STAFF",
    }
    assert driver.ok("floor.available", floor="f", skill_group="cards") == {"staff_ids": ["ana"]}
    read = driver.ok("floor.read", floor="f")
    assert (read["state"], [one["staff_id"] for one in read["staff"]]) == ("CURRENT", ["ana", "ben"])
    read = driver.ok("workspace.read", workspace="w")
    assert (read["attached"], read["staff"]["revision"], read["remaining_wrap_up"]) == (True, revision, None)
    driver.ok("workspace.close", workspace="w")
    driver.ok("floor.close", floor="f")
    assert driver.ok("floor.read", floor="f")["state"] == "CLOSED"
    driver.ok("disconnect", connection="c")
    error = driver.ask("call", connection="c", method="RouterService/ListStaff", request={})["error"]
    assert (error["kind"], error["code"]) == ("OndutyError", "CANCELLED")
