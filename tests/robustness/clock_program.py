"""Runs ``onduty serve`` by a clock that is ahead of the machine's, so that deadlines pass when a test wants it.

Run ``python clock_program.py FILE serve --listen ...``. The file says by how many seconds; it may be replaced at any time. The
program that then runs is the real one.
"""

import asyncio
import sys
from pathlib import Path

from onduty_server import compose
from onduty_server.adapters.steady_clock import SteadyClock
from onduty_server.domain.model.status import Instant, seconds

LOOK_SECONDS = 0.02


class MovedClock(SteadyClock):
    """The machine's clock, moved by what a file says."""

    def __init__(self, file: Path) -> None:
        """The file has a number of seconds."""
        super().__init__()
        self._file = file

    def now(self) -> Instant:
        """Microseconds since the Unix epoch, and what the file says."""
        return Instant(super().now() + seconds(float(self._file.read_text(encoding="ascii"))))

    def start_from(self, last: Instant) -> None:
        """The file alone says where it stands."""

    async def sleep_until(self, at: Instant) -> None:
        """Return when ``now()`` has reached ``at``, which a move may bring about."""
        while self.now() < at:
            await asyncio.sleep(LOOK_SECONDS)


def main() -> None:
    """The program."""
    file = Path(sys.argv.pop(1))
    compose.SteadyClock = lambda: MovedClock(file)  # type: ignore[assignment,misc]
    from onduty_cli.main import main as onduty

    onduty()


if __name__ == "__main__":
    main()
