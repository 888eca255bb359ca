"""What a measurement has at hand: settings, cores, the generator, a folder, and a place to tell how far it is."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from onduty_bench import servers
from onduty_bench.figures import Row
from onduty_bench.generator import Generator
from onduty_bench.processes import Cores, Started
from onduty_bench.settings import Settings

TENANT = "bench"


@dataclass(frozen=True, slots=True)
class Bench:
    """Given to every measurement. ``step`` is told what is about to be done; it counts the steps."""

    settings: Settings
    cores: Cores
    generator: Generator
    out: Path
    step: Callable[[str], None]

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder for the length of the block. It is on the disk of the project: what is synced must reach a real one."""
        with TemporaryDirectory(prefix="run-", dir=self.out) as path:
            yield Path(path)

    @contextmanager
    def onduty(
        self, folder: Path, journal: Path | None = None, *, port: int = 0, metered: bool = False, traces: str = ""
    ) -> Iterator[Started]:
        """An Onduty server on the server's cores."""
        how = {"event_loop": self.settings.event_loop, "port": port, "metered": metered, "traces": traces}
        with servers.onduty(folder, self.cores.server, journal, **how) as server:
            yield server

    @contextmanager
    def echo(self, folder: Path, *, plain: bool = False) -> Iterator[Started]:
        """The floor on the server's cores, in a process set up as the server's; ``plain``: as ``grpc.aio`` comes."""
        with servers.echo(folder, self.cores.server, event_loop=None if plain else self.settings.event_loop) as server:
            yield server

    def seed(self, server: Started, staff: int, *, tenant: str = TENANT, sign_in: bool = True, on_break: bool = False) -> None:
        """Create staff in a tenant."""
        self.step(f"creating {staff:,} staff")
        flags = {"target": server.address, "tenant": tenant, "staff": staff, "sign_in": sign_in, "on_break": on_break}
        self.generator.run("seed", seconds=120, **flags)

    def load(self, measurement: str, server: Started, about: str, **flags: object) -> dict[str, Any]:
        """One run of the generator, warm-up included, for the settings' time."""
        self.step(about)
        warm, length = self.settings.warm, self.settings.length
        every = {"target": server.address, "pid": server.pid, "warm": warm, "length": length}
        return self.generator.run(measurement, seconds=warm + length, **{**every, **flags})

    def rounds(self) -> Iterator[str]:
        """A name for each round."""
        for number in range(self.settings.rounds):
            yield f"round {number + 1} of {self.settings.rounds}"


Runs = list[dict[str, Any]]
"""What the generator told, round after round."""


def middle(runs: Iterable[dict[str, Any]], *path: str) -> float:
    """The median over rounds of a number that the generator told, named by the keys that lead to it."""
    values = []
    for one in runs:
        value: Any = one
        for key in path:
            value = value[key]
        values.append(float(value))
    return median(values)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing to measure. ``steps`` is how many it takes, for the progress bar."""

    name: str
    about: str
    steps: Callable[[Settings], int]
    run: Callable[[Bench], list[Row]]
