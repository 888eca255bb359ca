"""Runs the real server as a process of its own for tests: real port, real file, real signals."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import prepared
from patience import PATIENCE_SECONDS

SERVE = [sys.executable, "-m", "onduty_cli", "serve"]
READY = re.compile(r"""(?:Onduty is serving on |"address": ")([^\s"]+:\d+)""")
"""What a server says once it serves: for people, or as an event of a JSON log."""


class RunningServer:
    """A server process; ``address`` is known once it serves, ``log`` holds what it printed so far."""

    def __init__(self, journal: Path | str, *, flags: Sequence[str] = (), env: dict[str, str] | None = None) -> None:
        """Start ``onduty serve`` on a free loopback port with the journal given."""
        self.journal = journal
        arguments = ["--listen", "127.0.0.1:0", "--journal", str(journal), *flags]
        self._start([*SERVE, *arguments], env={**os.environ, **(env or {})})

    def _start(self, command: Sequence[str], **options: Any) -> None:
        """Start the process and read what it prints; ``options`` are those of the process, as its environment."""
        self.log: list[str] = []
        self.address = ""
        self._ready = threading.Event()
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process: subprocess.Popen[str] = prepared.popen(command, **pipes, **options)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.log.append(line)
            if found := READY.search(line):
                self.address = found[1]
                self._ready.set()
        self._ready.set()

    def wait_ready(self, timeout: float = PATIENCE_SECONDS) -> "RunningServer":
        """Wait until the server serves; fail with its output if it ended instead."""
        if not self._ready.wait(timeout) or not self.address:
            self.stop(signal.SIGKILL)
            raise AssertionError("the server did not start:\n" + "".join(self.log))
        return self

    @property
    def output(self) -> str:
        """All that the server printed so far."""
        return "".join(self.log)

    def stop(self, sig: signal.Signals = signal.SIGTERM, timeout: float = PATIENCE_SECONDS) -> int:
        """Send the signal, wait for the end, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        code = self.process.wait(timeout)
        self._reader.join(timeout)
        if self.process.stdout:
            self.process.stdout.close()
        return code


AnyServer = TypeVar("AnyServer", bound=RunningServer)


@contextlib.contextmanager
def running_server(
    journal: Path | str, *, flags: Sequence[str] = (), env: dict[str, str] | None = None
) -> Iterator[RunningServer]:
    """A server for the length of a with block; stopped at its end if it still runs."""
    with until_the_end(RunningServer(journal, flags=flags, env=env)) as server:
        yield server


@contextlib.contextmanager
def until_the_end(server: AnyServer) -> Iterator[AnyServer]:
    """A server that was started, when it serves; stopped at the end of the with block if it still runs."""
    try:
        server.wait_ready()
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
