"""The live table, on a real pseudo-terminal against a real server."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from patience import PATIENCE_SECONDS
from running_server import running_server

LAUNCHER = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); from onduty_server.cli.main import main; main()"
"""Makes the terminal the one whose Ctrl-C reaches the program."""
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """A program on a pseudo-terminal of 12 lines and 100 columns; ``screen`` is what it shows."""

    def __init__(self, arguments: list[str], env: dict[str, str]) -> None:
        self.drawn = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._main, self._other = pty.openpty()
        fcntl.ioctl(self._other, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 100, 0, 0))
        unwanted = {"COLUMNS", "LINES", "NO_COLOR"}
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, *arguments],
            stdin=self._other,
            stdout=self._other,
            stderr=self._other,
            env={**kept, **env, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(self._other)

    @property
    def screen(self) -> str:
        """The last drawing that is complete, without colours: the next one has begun after it."""
        return ESCAPES.sub("", "".join(self.drawn.split("\x1b[H")[-2:-1]))

    def read_until(self, seen: Callable[[str], object], timeout: float = PATIENCE_SECONDS) -> str:
        """Read what is drawn until the screen is as wanted, and return it; fail if it is not in time."""
        ends_at = time.monotonic() + timeout
        while not seen(self.screen):
            left = ends_at - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"not seen in time:\n{self.screen}")
        return self.screen

    def _read(self, timeout: float) -> bool:
        readable, _, _ = select.select([self._main], [], [], timeout)
        try:
            read = os.read(self._main, 65_536) if readable else b""
        except OSError:  # Linux says so when the program has closed its side.
            return False
        self.drawn += self._decoder.decode(read)  # a read may end within a character.
        return True

    def type(self, keys: bytes) -> None:
        """Type keys."""
        os.write(self._main, keys)

    def end(self, timeout: float = PATIENCE_SECONDS) -> int:
        """Read to the end and return the exit code."""
        ends_at = time.monotonic() + timeout
        while self._read(max(ends_at - time.monotonic(), 0)) and time.monotonic() < ends_at:
            pass
        return self.process.wait(timeout)

    def close(self) -> None:
        """Kill the program if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._main)


@pytest.fixture
def terminal(onduty) -> Iterator[Callable[..., Terminal]]:
    """Starts `onduty` on a terminal."""
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(list(arguments), onduty.env))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def row_of(screen: str, staff_id: str) -> list[str]:
    return next((line.split() for line in screen.splitlines() if line.startswith(staff_id)), [])


def test_the_floor_is_drawn_and_follows_the_changes(terminal, onduty, kim):
    """Who, status, for how long, what is possible; the head has the counts and the connection."""
    watch = terminal("watch")
    screen = watch.read_until(lambda screen: "connected" in screen and row_of(screen, "kim"))
    head, counts, *_ = screen.splitlines()
    assert head.split()[:2] == ["Onduty", onduty.env["ONDUTY_SERVER"]]
    assert counts.split() == ["1", "staff", "AVAILABLE", "1"]
    assert row_of(screen, "kim")[:4] == ["kim", "Kim", "Novak", "AVAILABLE"]
    assert row_of(screen, "kim")[-1] == "adi"
    onduty("call", "start", kim, "c-1")
    onduty("status", "next", kim, "busy")
    screen = watch.read_until(lambda screen: "BUSY" in screen)
    row = row_of(screen, "kim")
    assert (row[3], *row[5:]) == ("IN_LINE", "···", "c-1", "BUSY")
    assert "\x1b[1;31mIN_LINE" in watch.drawn


def test_the_time_in_status_ticks_without_a_change(terminal, kim):
    """The table is redrawn by itself."""
    watch = terminal("watch")
    screen = watch.read_until(lambda screen: row_of(screen, "kim"))
    shown = row_of(screen, "kim")[4]
    watch.read_until(lambda screen: row_of(screen, "kim") and row_of(screen, "kim")[4] > shown)


@pytest.mark.parametrize("how", ["typed", "terminated"])
def test_it_ends_cleanly_and_gives_the_terminal_back(terminal, kim, how: str):
    """With code 0, the cursor shown, and the screen from before; no traceback."""
    watch = terminal("watch")
    watch.read_until(lambda screen: row_of(screen, "kim"))
    if how == "typed":
        watch.type(b"\x03")
    else:
        watch.process.send_signal(signal.SIGTERM)
    assert watch.end() == 0
    assert watch.drawn.rstrip().endswith("\x1b[?1049l")
    assert "\x1b[?25h" in watch.drawn
    assert "Traceback" not in watch.drawn


def test_more_people_than_lines_are_counted(terminal, onduty):
    """Those who can take calls are on top; the rest is a number."""
    onduty("staff", "import", "-", stdin="staff_id\n" + "".join(f"s{number}\n" for number in range(30)))
    onduty("status", "set", "s25", "available")
    screen = terminal("watch").read_until(lambda screen: "more;" in screen)
    assert "and 23 more;" in screen
    assert screen.splitlines()[4].startswith("s25")
    assert screen.count("OFFLINE") == 7


def test_a_loss_of_the_server_is_shown(terminal, onduty, tmp_path: Path):
    """The last known floor stays on the screen, and Ctrl-C still ends it cleanly."""
    with running_server(tmp_path / "journal.db") as server:
        onduty.env["ONDUTY_SERVER"] = server.address
        onduty("staff", "add", "kim")
        watch = terminal("watch")
        watch.read_until(lambda screen: row_of(screen, "kim"))
        server.stop()
    screen = watch.read_until(lambda screen: "cannot reach" in screen)
    assert row_of(screen, "kim")
    watch.type(b"\x03")
    assert watch.end() == 0


def test_a_server_that_was_never_there_leaves_the_message_on_the_terminal(terminal, onduty):
    """Not on the screen that vanishes with the table."""
    onduty.env["ONDUTY_SERVER"] = "127.0.0.1:1"
    watch = terminal("watch")
    assert watch.end() == 3
    assert "cannot reach Onduty at 127.0.0.1:1" in ESCAPES.sub("", watch.drawn.rpartition("\x1b[?1049l")[2])
