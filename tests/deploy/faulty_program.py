"""Runs ``onduty serve`` with faults that a test plants: a slow disk, a failing loop, failing deadlines, a wrong wall clock.

Run ``python faulty_program.py FILE serve --listen ...``. The file has an object of JSON, and may be replaced at any time:
``commit_seconds`` is how much longer each append takes, ``loop`` has a loop of the engine fail, ``staff`` names whose deadlines
fail, ``wall_seconds`` is by how much the wall clock is wrong. The program that then runs is the real one.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from onduty_server import compose
from onduty_server.adapters import steady_clock, system_clock
from onduty_server.adapters.sqlite.writer import AppendConnection
from onduty_server.domain.model.commands import Expire
from onduty_server.domain.model.status import SECOND
from onduty_server.engine.background.clock_follower import ClockFollower
from onduty_server.engine.write.batch import Batch


class PlantedFaultError(Exception):
    """As a fault of the service would be."""


def main() -> None:
    """The program."""
    file = Path(sys.argv.pop(1))

    def planted(name: str) -> Any:
        return json.loads(file.read_text(encoding="utf-8")).get(name)

    append, by_itself, look = AppendConnection.append, Batch._by_itself, ClockFollower.look

    def slow_append(connection: Any, *given: Any, **named: Any) -> Any:
        time.sleep(planted("commit_seconds") or 0)
        return append(connection, *given, **named)

    def failing_by_itself(batch: Any, tenant: str, staff: Any, command: Any) -> Any:
        if isinstance(command, Expire) and staff.state.staff_id == planted("staff"):
            raise PlantedFaultError
        return by_itself(batch, tenant, staff, command)

    async def failing_look(follower: Any) -> Any:
        if planted("loop"):
            raise PlantedFaultError
        return await look(follower)

    AppendConnection.append = slow_append  # type: ignore[method-assign]
    Batch._by_itself = failing_by_itself  # type: ignore[method-assign]
    ClockFollower.look = failing_look  # type: ignore[method-assign]
    clock = steady_clock.SteadyClock
    wall = system_clock.SystemClock()
    compose.SteadyClock = lambda: clock(lambda: wall.now() + int((planted("wall_seconds") or 0) * SECOND))  # type: ignore[assignment,misc]
    from onduty_cli.main import main as onduty

    onduty()


if __name__ == "__main__":
    main()
