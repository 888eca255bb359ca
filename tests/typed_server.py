"""`onduty serve` with exactly the arguments and settings a test types: to the line that says it serves, or to its end."""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import prepared
from patience import PATIENCE_SECONDS
from running_server import SERVE, RunningServer, until_the_end


def environment(settings: Mapping[str, str] | None) -> dict[str, str]:
    """This process's environment with these settings of a server and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONDUTY_")}
    return {**kept, "TERM": "dumb", "COLUMNS": "200", **(settings or {})}


class TypedServer(RunningServer):
    """A server process of which nothing is given but what the test types."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None, **options: Any) -> None:
        """Start it; ``options`` are those of the process, as its directory or user."""
        self._start([*SERVE, *arguments], env=environment(env), **options)


@contextlib.contextmanager
def typed_server(*arguments: str, env: Mapping[str, str] | None = None, **options: Any) -> Iterator[TypedServer]:
    """A server that serves, for the length of the block."""
    with until_the_end(TypedServer(*arguments, env=env, **options)) as server:
        yield server


def ended_server(
    *arguments: str, env: Mapping[str, str] | None = None, through: Sequence[str] = (), **options: Any
) -> "subprocess.CompletedProcess[str]":
    """How a server ended that must end by itself, with what it wrote; ``through`` is a command that runs it."""
    command = [*through, *SERVE, *arguments]
    return prepared.run(
        command, env=environment(env), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False, **options
    )
