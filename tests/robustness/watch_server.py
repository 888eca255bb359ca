"""A server process whose watch log, frames and housekeeping are small enough that their bounds are met within seconds."""

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from running_server import RunningServer

PROGRAM = Path(__file__).with_name("watch_program.py")


class WatchServer(RunningServer):
    """``onduty serve`` as a process of its own, with bounds that ``watch_program.py`` knows."""

    def __init__(self, journal: Path, knobs: Mapping[str, float], *flags: str) -> None:
        """Start it on a free loopback port."""
        self.journal = journal
        program = [sys.executable, str(PROGRAM), json.dumps(dict(knobs)), "serve"]
        arguments = ["--listen", "127.0.0.1:0", "--journal", str(journal), *flags]
        self._start([*program, *arguments])


@contextlib.contextmanager
def watch_server(journal: Path, knobs: Mapping[str, float], *flags: str) -> Iterator[WatchServer]:
    """A server for the length of the block; killed at its end if it still runs."""
    server = WatchServer(journal, knobs, *flags)
    try:
        yield server.wait_ready()
    finally:
        if server.process.poll() is None:
            server.stop()
