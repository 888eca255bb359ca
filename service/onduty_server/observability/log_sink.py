"""Where log lines go: the process's standard error, which may be closed, full or gone; a write never raises into the work."""

import os
import re
import sys
import threading
from collections.abc import Callable
from typing import Final, TextIO

import structlog

LAST_LINES_SECONDS: Final = 2.0
"""How long the end of a process waits for lines that C code wrote."""

_CORE_LINE: Final = re.compile(r"(?P<level>[IWEF])\d{4} [\d:.]+\s+\d+ (?P<place>\S+)\] (?P<text>.*)")
_CORE_LEVELS: Final = {"I": "info", "W": "warning", "E": "error", "F": "critical"}

log = structlog.get_logger(__name__)


class LogSink:
    """A stream for log lines. What cannot be written is dropped and counted."""

    def __init__(self, stream: TextIO | None) -> None:
        """``stream`` is None where the process was started without one."""
        self._stream = stream
        self.dropped = 0
        """How many writes were dropped so far."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads along."""
        try:
            return self._stream is not None and self._stream.isatty()
        except (OSError, ValueError):
            return False

    def write(self, text: str) -> int:
        """Write text or drop it; it is flushed at once."""
        if self._stream is None:
            self.dropped += 1
            return len(text)
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # closed, full, gone: the work is worth more than its log.
            self.dropped += 1
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


class CapturedStderr:
    """Takes over file descriptor 2, so that what C code and Python write there becomes log events; ``sink`` is the way out.

    gRPC's core writes lines of its own form, and they would stand between the lines of a JSON log.
    """

    def __init__(self) -> None:
        """Captures from now on."""
        self._own = os.dup(2)
        self.sink = LogSink(os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace"))
        reading, writing = os.pipe()
        os.dup2(writing, 2)
        os.close(writing)
        self._reader = threading.Thread(target=self._read, args=(reading,), name="onduty-stderr", daemon=True)

    def start(self) -> None:
        """Turn lines into events from now on; call it once logging is set up."""
        self._reader.start()

    def _read(self, reading: int) -> None:
        with os.fdopen(reading, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.strip():
                    tell_line(line.rstrip())

    def stop(self) -> None:
        """Give the descriptor back; waits up to two seconds for lines under way."""
        if sys.stderr is not None:
            sys.stderr.flush()
        os.dup2(self._own, 2)
        os.close(self._own)
        self._reader.join(LAST_LINES_SECONDS)


def tell_line(line: str) -> None:
    """Log a line that somebody wrote to standard error: gRPC's core by level and place, others as they are."""
    found = _CORE_LINE.fullmatch(line)
    if found is None:
        log.warning("stderr_line", text=line)
        return
    tell: Callable[..., None] = getattr(log, _CORE_LEVELS[found["level"]])
    tell("grpc_core_line", place=found["place"], text=found["text"])
