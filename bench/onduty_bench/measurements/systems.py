"""Onduty and its peers under one load: a keyed write that is synced, seen by every watcher. It judges nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from onduty_bench import peers
from onduty_bench.bench import Bench
from onduty_bench.processes import BenchError, Started

ONDUTY = "onduty"

T = TypeVar("T")


def names() -> list[str]:
    """Onduty first, then the peers that are installed."""
    return [ONDUTY, *(peer.name for peer in peers.installed())]


@contextmanager
def serving(bench: Bench, name: str, folder: Path, staff: int) -> Iterator[Started]:
    """A system that has the keys it needs and nothing else."""
    if name == ONDUTY:
        with bench.onduty(folder) as server:
            bench.seed(server, staff)
            yield server
        return
    bench.step(f"starting {name}")
    peer = next(one for one in peers.PEERS if one.name == name)
    with peer.serving(folder, bench.cores.server) as server:
        yield server


def of_each(measure: Callable[[str], T]) -> tuple[dict[str, T], dict[str, str]]:
    """What a measurement gives for every system, and for peers that failed at it what they said. Onduty must not fail."""
    found: dict[str, T] = {}
    failed: dict[str, str] = {}
    for name in names():
        try:
            found[name] = measure(name)
        except BenchError as error:
            if name == ONDUTY:
                raise
            failed[name] = str(error)
    return found, failed
