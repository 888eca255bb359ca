"""Where log lines go: the process's standard error, which may be closed, full, gone or not read: it never holds up the work."""

import os
import re
import select
import sys
import threading
from collections.abc import Callable
from typing import Final, TextIO

import structlog

LAST_LINES_SECONDS: Final = 2.0
"""How long the end of a process waits for lines that C code wrote."""

PIECE_BYTES: Final = select.PIPE_BUF
"""A pipe or terminal that can be written to takes so many bytes without waiting for its reader."""

_CORE_LINE: Final = re.compile(r"(?P<level>[IWEF])\d{4} [\d:.]+\s+\d+ (?P<place>\S+)\] (?P<text>.*)")
_CORE_LEVELS: Final = {"I": "info", "W": "warning", "E": "error", "F": "critical"}

log = structlog.get_logger(__name__)


class LogSink:
    """A stream for log lines. What cannot be written at once is dropped and counted.

    A reader that has stopped reading, as a log driver that hangs or a terminal after Ctrl-S, must not stop the event loop.
    """

    def __init__(self, stream: TextIO | None) -> None:
        """``stream`` is None where the process was started without one."""
        self._stream = stream
        self._is_cut = False
        self.dropped = 0
        """How many writes were dropped so far, in whole or in part."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads along."""
        try:
            return self._stream is not None and self._stream.isatty()
        except (OSError, ValueError):
            return False

    def write(self, text: str) -> int:
        """Write text or drop it; it is flushed at once."""
        try:
            is_written = self._stream is not None and self._write(self._stream, text)
        except (OSError, ValueError):  # closed, full, gone: the work is worth more than its log.
            is_written = False
        self.dropped += not is_written
        return len(text)

    def _write(self, stream: TextIO, text: str) -> bool:
        """Write what the descriptor takes without waiting; returns whether that was all."""
        descriptor = _descriptor_of(stream)
        if descriptor is None:
            stream.write(text)
            stream.flush()
            return True
        stream.flush()
        content = f"{chr(10) * self._is_cut}{text}".encode(stream.encoding or "utf-8", stream.errors or "replace")
        written = 0
        while written < len(content) and _takes_more(descriptor):
            written += os.write(descriptor, content[written : written + PIECE_BYTES])
        # What is cut off in its middle ends there: the next line begins a line.
        self._is_cut = 0 < written < len(content) or (self._is_cut and not written)
        return written == len(content)

    def flush(self) -> None:
        """Nothing is held back."""


def _descriptor_of(stream: TextIO) -> int | None:
    """The stream's file descriptor; None where it is no file, as in a test."""
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


def _takes_more(descriptor: int) -> bool:
    """Whether a write returns at once: it is taken, or it is an error."""
    looking = select.poll()
    looking.register(descriptor, select.POLLOUT)
    return bool(looking.poll(0))


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
