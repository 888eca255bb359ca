"""Runs a program on a real pseudo-terminal, with an emulator that shows what a person would see."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import prepared
import pyte
from patience import PATIENCE_SECONDS

PROGRAM = Path(__file__).with_name("terminal_program.py")
TAKEN, GIVEN_BACK = "\x1b[?1049h", "\x1b[?1049l"


class Terminal:
    """`onduty` on a pseudo-terminal; ``lines`` is what the screen shows, ``drawn`` all that was written."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str], *, columns: int = 80, lines: int = 24) -> None:
        self.drawn = b""
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._main, self.other = pty.openpty()
        self.modes_before = termios.tcgetattr(self.other)
        self._set_size(columns, lines)
        unwanted = {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"}
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        self.process = prepared.popen(
            [sys.executable, PROGRAM, *arguments],
            stdin=self.other,
            stdout=self.other,
            stderr=self.other,
            env={**kept, "TERM": "xterm-256color", **env},
            start_new_session=True,
        )

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._main, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    @property
    def lines(self) -> list[str]:
        """What the screen shows, a string a line, without trailing blanks."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """All drawn so far, as text."""
        return self.drawn.decode("utf-8", "replace")

    def row(self, staff_id: str) -> str:
        """The line of a staff member; empty if the screen shows none."""
        return next((line for line in self.lines if line[1:].split("  ")[0] == staff_id), "")

    def rows(self) -> list[str]:
        """The lines between the table's heading and the foot that are not blank."""
        start = next((place for place, line in enumerate(self.lines) if line.startswith(" staff")), len(self.lines))
        return [line for line in self.lines[start + 1 : -1] if line]

    def until(self, seen: Callable[["Terminal"], object], timeout: float = PATIENCE_SECONDS) -> "Terminal":
        """Read what is drawn until the screen is as wanted; fail if it is not in time."""
        ends_at = time.monotonic() + timeout
        while not (self._is_whole and seen(self)):
            left = ends_at - time.monotonic()
            if left <= 0 or self.process.poll() is not None or not self._read(min(left, 1)):
                raise AssertionError(f"not seen in time ({self.process.poll()}):\n" + "\n".join(self.lines))
        return self

    @property
    def _is_whole(self) -> bool:
        """The last drawing has been read to its end: a read may end within one."""
        return self.drawn.rfind(b"\x1b[?2026l") >= self.drawn.rfind(b"\x1b[?2026h")

    def _read(self, timeout: float) -> bool:
        readable, _, _ = select.select([self._main], [], [], timeout)
        if not readable:
            return True
        try:
            read = os.read(self._main, 65_536)
        except OSError:
            return False
        self.drawn += read
        self._stream.feed(read)
        return bool(read)

    def type(self, keys: str) -> "Terminal":
        """Type keys."""
        os.write(self._main, keys.encode())
        return self

    def resize(self, columns: int, lines: int) -> "Terminal":
        """Make the window another size; the program is told as by any terminal."""
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)
        return self

    def end(self, timeout: float = PATIENCE_SECONDS) -> int:
        """Read to the end and return the exit code."""
        ends_at = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < ends_at:
            self._read(0.05)
        code = self.process.wait(1)
        while select.select([self._main], [], [], 0)[0] and self._read(0):
            pass
        return code

    def hang_up(self) -> None:
        """Close the terminal as a window that is closed does."""
        os.close(self.other)
        os.close(self._main)
        self.other = self._main = -1

    def close(self) -> None:
        """Kill the program if it still runs."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()
        for end in (self.other, self._main):
            if end >= 0:
                os.close(end)
