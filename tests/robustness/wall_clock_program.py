"""Runs ``onduty serve`` on a machine whose clocks a test sets: the wall clock, and the counter that goes on by itself.

Run ``python wall_clock_program.py FILE serve --listen ...``. The file has two numbers of seconds: by how much the wall clock is
wrong, and how much time has passed beyond the machine's own. It may be replaced at any time. The program that then runs is the
real one with its real clock, but that it takes a jump of the wall clock to last after a second.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from onduty_server import compose
from onduty_server.adapters import steady_clock, system_clock
from onduty_server.domain.model.status import SECOND, seconds
from onduty_server.engine.background import clock_follower

LASTING_SECONDS = 1.0
LOOK_SECONDS = 0.05


def _offsets(file: Path) -> tuple[int, int]:
    """How wrong the wall clock is, and how much time has passed beyond the machine's own; in microseconds."""
    wrong, passed = file.read_text(encoding="ascii").split()
    return round(float(wrong) * SECOND), round(float(passed) * SECOND)


def _readings(file: Path) -> tuple[Callable[[], int], Callable[[], int]]:
    def wall() -> int:
        return system_clock.SystemClock().now() + sum(_offsets(file))

    def steady() -> int:
        return time.monotonic_ns() // 1000 + _offsets(file)[1]

    return wall, steady


def main() -> None:
    """The program."""
    wall, steady = _readings(Path(sys.argv.pop(1)))
    steady_clock.LASTING = seconds(LASTING_SECONDS)  # type: ignore[misc]
    clock_follower.LOOK_SECONDS = LOOK_SECONDS  # type: ignore[misc]
    system_clock._LONGEST_SLEEP_SECONDS = LOOK_SECONDS
    clock = steady_clock.SteadyClock
    compose.SteadyClock = lambda: clock(wall, steady)  # type: ignore[assignment,misc]
    from onduty_cli.main import main as onduty

    onduty()


if __name__ == "__main__":
    main()
