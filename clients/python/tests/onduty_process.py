"""Runs the real server, from the repository's environment, as a process of its own: the tests need no server package."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parents[3]
CLIENT = ROOT / "clients" / "python"
PROGRAM = ROOT / ".venv" / "bin" / "onduty"
LONG = 30.0
"""Seconds that a wait may last. It is reached only where something is broken."""
READY = re.compile(r"Onduty is serving on (\S+:\d+)")
T = TypeVar("T")


class OndutyProcess:
    """A server; ``address`` is where it serves."""

    def __init__(self, journal: Path, listen: str = "127.0.0.1:0") -> None:
        """Start it and wait until it serves."""
        self.journal = journal
        self.log: list[str] = []
        self.address = ""
        self._ready = threading.Event()
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", listen, "--journal", journal, "--rehearsal", "--drain", "1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith(("ONDUTY_", "PYTHON"))},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(2 * LONG) or not self.address:
            self.stop(signal.SIGKILL)
            raise AssertionError("the server did not start:\n" + "".join(self.log))

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> None:
        """Send the signal and wait for the end."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        self.process.wait(LONG)
        self._reader.join(LONG)
        self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.log.append(line)
            if found := READY.search(line):
                self.address = found[1]
                self._ready.set()
        self._ready.set()


@contextlib.contextmanager
def onduty_process(journal: Path, listen: str = "127.0.0.1:0") -> Iterator[OndutyProcess]:
    """A server for the length of the block."""
    if not PROGRAM.exists():
        pytest.skip("the repository's .venv with the server is absent: make setup")
    server = OndutyProcess(journal, listen)
    try:
        yield server
    finally:
        server.stop()


def wait_until(condition: Callable[[], T], within: float = LONG, what: str = "the condition") -> T:
    """The first true value of ``condition``; fails when ``within`` seconds have passed."""
    end = time.monotonic() + within
    while not (found := condition()):
        if time.monotonic() >= end:
            raise AssertionError(f"{what} did not come true within {within:g} s")
        time.sleep(0.01)
    return found
