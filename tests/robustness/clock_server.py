"""A server process whose clock a test sets forward: lengths of time can be so long that none passes by itself."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from running_server import RunningServer, until_the_end

PROGRAM = Path(__file__).with_name("clock_program.py")


class ClockServer(RunningServer):
    """``onduty serve`` as a process of its own; ``move`` sets how far its clock is ahead of the machine's."""

    def __init__(self, journal: Path, ahead_seconds: float, *flags: str) -> None:
        """Start it on a free loopback port."""
        self.journal = journal
        self._file = journal.with_name(f"{journal.name}-ahead")
        self.move(ahead_seconds)
        program = [sys.executable, str(PROGRAM), str(self._file), "serve"]
        arguments = ["--listen", "127.0.0.1:0", "--journal", str(journal), *flags]
        self._start([*program, *arguments])

    def move(self, ahead_seconds: float) -> None:
        """Have the server's clock so far ahead."""
        written = self._file.with_suffix(".new")
        written.write_text(str(ahead_seconds), encoding="ascii")
        written.replace(self._file)


@contextlib.contextmanager
def clock_server(journal: Path, *flags: str, ahead_seconds: float = 0) -> Iterator[ClockServer]:
    """A server for the length of the block; stopped at its end if it still runs."""
    with until_the_end(ClockServer(journal, ahead_seconds, *flags)) as server:
        yield server
