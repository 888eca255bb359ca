"""A server process whose clock a test sets forward: lengths of time can be so long that none passes by itself."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from running_server import RunningServer

PROGRAM = Path(__file__).with_name("clock_program.py")


class ClockServer(RunningServer):
    """``onduty serve`` as a process of its own; ``move`` sets how far its clock is ahead of the machine's."""

    def __init__(self, journal: Path, ahead_seconds: float, *flags: str) -> None:
        """Start it on a free loopback port."""
        self.journal = journal
        self.log = []
        self.address = ""
        self._ready = threading.Event()
        self._file = journal.with_name(f"{journal.name}-ahead")
        self.move(ahead_seconds)
        program = [sys.executable, str(PROGRAM), str(self._file), "serve"]
        arguments = ["--listen", "127.0.0.1:0", "--journal", str(journal), *flags]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen([*program, *arguments], **pipes)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def move(self, ahead_seconds: float) -> None:
        """Have the server's clock so far ahead."""
        written = self._file.with_suffix(".new")
        written.write_text(str(ahead_seconds), encoding="ascii")
        written.replace(self._file)


@contextlib.contextmanager
def clock_server(journal: Path, *flags: str, ahead_seconds: float = 0) -> Iterator[ClockServer]:
    """A server for the length of the block; killed at its end if it still runs."""
    server = ClockServer(journal, ahead_seconds, *flags)
    try:
        server.wait_ready()
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
