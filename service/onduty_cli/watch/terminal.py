"""The terminal that the live table has for itself: its modes, its keys, its signals, its lines; it decides nothing.

Where a terminal has no modes to set, as on Windows, lines are drawn and no keys are read.
"""

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Any, Final, Self

from rich.console import Console
from rich.text import Text

from onduty_cli.watch.keys import KeyDecoder

try:
    import termios
    import tty

    _HAS_MODES = True
except ImportError:  # pragma: no cover - Windows.
    _HAS_MODES = False

# Another screen, no cursor, no wrapping at the right edge; and all back.
_TAKE: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
_GIVE_BACK: Final = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
# What stands between these two is shown at once, by terminals that know them.
_BEGIN_FRAME, _END_FRAME = "\x1b[?2026h", "\x1b[?2026l"
_ESCAPE_ALONE_SECONDS: Final = 0.05
_LONGEST_READ: Final = 4_096

_ENDING: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))


class Terminal:
    """Used in a with block, by the main thread; at its end the terminal is as it was, however the block ends.

    A signal to end raises KeyboardInterrupt once; those that follow are ignored while the terminal is given back.
    """

    def __init__(self, console: Console) -> None:
        """Prepare to draw on the console's file."""
        self._console = console
        self._out = console.file.fileno()
        self._encoding = console.encoding
        self._keys = KeyDecoder()
        self._drawn: list[str] = []
        self._size = (0, 0)
        self._modes: list[Any] | None = None
        self._keyboard = -1
        self._woken, self._waker = os.pipe()
        self._is_stopping = False
        self._is_ending = False
        self._after = contextlib.ExitStack()

    def __enter__(self) -> Self:
        for end in (self._woken, self._waker):
            os.set_blocking(end, False)
            self._after.callback(os.close, end)
        try:
            self._open_keyboard()
            self._take_signals()
            self._after.callback(self._give_back)
            self._take()
        except BaseException:
            self._after.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_ending = True
        self._after.close()

    @property
    def has_keys(self) -> bool:
        """Keys can be read."""
        return self._modes is not None

    def wake(self) -> None:
        """Lets ``wait`` return; from any thread."""
        with contextlib.suppress(OSError):  # Full: it is awake already. Closed: nobody waits any more.
            os.write(self._waker, b"\0")

    def wait(self, seconds: float) -> list[str]:
        """Returns the keys that were pressed, when there are some, when woken, or after so long."""
        if not _HAS_MODES:  # pragma: no cover - Windows: pipes cannot be waited for.
            time.sleep(seconds)
            return []
        readable = self._readable(seconds)
        if self._woken in readable:
            with contextlib.suppress(BlockingIOError):
                os.read(self._woken, _LONGEST_READ)
        if self._is_stopping:
            self._stop()
        return self._read_keys() if self._keyboard in readable else []

    def _readable(self, seconds: float) -> list[int]:
        watched = [self._woken, self._keyboard] if self.has_keys else [self._woken]
        return select.select(watched, [], [], max(seconds, 0))[0]

    def _read_keys(self) -> list[str]:
        read = os.read(self._keyboard, _LONGEST_READ)
        if not read:
            raise KeyboardInterrupt  # The terminal is gone.
        keys = self._keys.feed(read)
        while self._keys.is_waiting:
            if not select.select([self._keyboard], [], [], _ESCAPE_ALONE_SECONDS)[0]:
                return keys + self._keys.flush()
            keys += self._keys.feed(os.read(self._keyboard, _LONGEST_READ))
        return keys

    # --- lines ---------------------------------------------------------------------------------------------------------

    def size(self) -> tuple[int, int]:
        """Returns columns and lines as they are now."""
        try:
            found = os.get_terminal_size(self._out)
        except OSError:
            return 80, 24
        return found.columns or 80, found.lines or 24

    def draw(self, lines: Sequence[Text], size: tuple[int, int]) -> None:
        """Shows the lines, one for each of the terminal's; only those that differ from the last ones are written."""
        rendered = [self._rendered(line) for line in lines]
        before = self._drawn if size == self._size else []
        written = [] if before else ["\x1b[2J"]
        for place, line in enumerate(rendered):
            if place >= len(before) or before[place] != line:
                full = lines[place].cell_len >= size[0]
                # Clearing behind a line that ends at the edge would clear its last letter.
                written.append(f"\x1b[{place + 1};1H\x1b[0m{line}\x1b[0m{'' if full else chr(27) + '[K'}")
        if len(before) > len(rendered):
            written.append(f"\x1b[{len(rendered) + 1};1H\x1b[J")
        self._drawn, self._size = rendered, size
        if written:
            self._write(f"{_BEGIN_FRAME}{''.join(written)}{_END_FRAME}")

    def _rendered(self, line: Text) -> str:
        with self._console.capture() as capture:
            self._console.print(line, end="", no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)
        return capture.get().rstrip("\n")

    def _write(self, text: str) -> None:
        left = memoryview(text.encode(self._encoding, "replace"))
        while left:
            left = left[os.write(self._out, left) :]

    # --- modes and signals ---------------------------------------------------------------------------------------------

    def _open_keyboard(self) -> None:
        if not _HAS_MODES:  # pragma: no cover - Windows.
            return
        try:
            # Not standard input: it may be a file while a person sits before the table.
            self._keyboard = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
        except OSError:
            if not sys.stdin.isatty():
                return
            self._keyboard = os.dup(sys.stdin.fileno())
        self._after.callback(os.close, self._keyboard)
        with contextlib.suppress(termios.error):
            self._modes = termios.tcgetattr(self._keyboard)

    def _take(self) -> None:
        if self._modes is not None:
            tty.setcbreak(self._keyboard, termios.TCSANOW)
        self._write(_TAKE)
        self._drawn = []

    def _give_back(self) -> None:
        # The terminal may be gone, or stopped by Ctrl-S: neither may keep the rest from being done.
        if self._modes is not None:
            with contextlib.suppress(termios.error, OSError):
                termios.tcflow(self._keyboard, termios.TCOON)
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(
                    self._keyboard, termios.TCSAFLUSH if sys.exc_info()[0] is None else termios.TCSANOW, self._modes
                )
        with contextlib.suppress(OSError):
            self._write(_GIVE_BACK)

    def _take_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _ENDING:
            self._after.callback(signal.signal, number, signal.signal(number, self._interrupt))
        for name, handler in (("SIGWINCH", self._noticed), ("SIGTSTP", self._asked_to_stop), ("SIGCONT", self._continued)):
            if number := getattr(signal, name, None):
                self._after.callback(signal.signal, number, signal.signal(number, handler))
        if _HAS_MODES:
            before = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
            self._after.callback(signal.set_wakeup_fd, before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signal module's signature.
        # Those that follow are passed over here: one that is set to be ignored while it is on its way is told as a fault.
        if not self._is_ending:
            self._is_ending = True
            raise KeyboardInterrupt

    def _noticed(self, number: int, frame: FrameType | None) -> None:
        """The signal wakes ``wait``; the size is looked up with every drawing."""

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._is_stopping = True

    def _continued(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._drawn = []

    def _stop(self) -> None:
        """Stops the process as Ctrl-Z asks, with the terminal given back until it goes on."""
        self._is_stopping = False
        self._give_back()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._take()
