"""A real server for the commands' tests, and a way to run commands against it, each test in a tenant of its own."""

import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import prepared
import pytest
from patience import PATIENCE_SECONDS
from running_server import RunningServer, running_server
from typer.testing import CliRunner

from onduty_cli.main import app

_TENANTS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The output's lines."""
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        """The one JSON object of the output."""
        (line,) = self.lines
        return json.loads(line)

    @property
    def jsons(self) -> list[Any]:
        """The JSON objects of the output, one a line."""
        return [json.loads(line) for line in self.lines]


class Onduty:
    """Runs commands of `onduty` against one server and tenant."""

    def __init__(self, server: str, tenant: str) -> None:
        self.tenant = tenant
        self.env = {"ONDUTY_SERVER": server, "ONDUTY_TENANT": tenant, "TERM": "dumb"}

    def __call__(self, *arguments: str, code: int = 0, stdin: str | None = None) -> Result:
        """Run a command in this process and hold it to the exit code."""
        done = CliRunner(env=self.env).invoke(app, arguments, input=stdin, catch_exceptions=False)
        assert done.exit_code == code, done.output
        # Each test's tenant is empty at first, which is said; test_tenant_notice.py is about that.
        said = [
            line for line in done.stderr.splitlines(keepends=True) if not line.startswith(f"The tenant {self.tenant!r} has no")
        ]
        return Result(done.exit_code, done.stdout, "".join(said))

    def start(self, *arguments: str) -> "Running":
        """Start a command as a process of its own."""
        command = [sys.executable, "-m", "onduty_cli", *arguments]
        return Running(command, {**os.environ, **self.env})


class Running:
    """A command that runs by itself; its lines are read as they come. Used in a with block, killed at its end."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.process = prepared.popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.out: queue.Queue[str] = queue.Queue()
        self.err: queue.Queue[str] = queue.Queue()
        streams = ((self.process.stdout, self.out), (self.process.stderr, self.err))
        self._readers = [threading.Thread(target=self._read, args=both, daemon=True) for both in streams]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(stream: IO[str], lines: "queue.Queue[str]") -> None:
        with stream:
            for line in stream:
                lines.put(line.rstrip("\n"))

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()

    def next_line(self, having: str, *, of_errors: bool = False, timeout: float = PATIENCE_SECONDS) -> str:
        """Read on to the next line that has the text; fail if none comes in time."""
        lines = self.err if of_errors else self.out
        ends_at = time.monotonic() + timeout
        seen = []
        while True:
            try:
                line = lines.get(timeout=max(ends_at - time.monotonic(), 0.001))
            except queue.Empty:
                raise AssertionError(f"no line with {having!r} within {timeout} s after {seen}") from None
            if having in line:
                return line
            seen.append(line)

    def end(self, sig: signal.Signals, timeout: float = PATIENCE_SECONDS) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(sig)
        return self.process.wait(timeout)


@pytest.fixture(scope="session")
def cli_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all tests of the commands."""
    with running_server(tmp_path_factory.mktemp("cli") / "journal.db") as server:
        yield server


@pytest.fixture
def onduty(cli_server: RunningServer) -> Onduty:
    """Commands in an empty tenant."""
    return Onduty(cli_server.address, f"tenant-{next(_TENANTS)}")


@pytest.fixture
def kim(onduty: Onduty) -> str:
    """A staff member who is available, in the skill group sales; no offer and no wrap-up ends by itself during a test."""
    onduty("policy", "set", "after_call_work.countdown=1h", "claim_ttl=10m")
    onduty("staff", "add", "kim", "--name", "Kim Novak", "--group", "sales")
    onduty("status", "set", "kim", "available")
    return "kim"
