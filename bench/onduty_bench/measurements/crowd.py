"""Cost and delay against the number of watchers, for Onduty and each peer: the figures of the plot. No bar is on them."""

from pathlib import Path
from typing import Any

from onduty_bench.bench import TENANT, Bench, Measurement
from onduty_bench.figures import Row, Use, counted, per_op_micros
from onduty_bench.measurements import systems
from onduty_bench.measurements.systems import ONDUTY
from onduty_bench.processes import BenchError
from onduty_bench.settings import Settings

STAFF = 1_000
RATE = 200
SIZE_BYTES = 220
"""About what a change of Onduty's is long."""
SAMPLES_MOST = 200_000

Told = dict[str, Any]


def _measure(bench: Bench) -> list[Row]:
    with bench.folder() as folder:
        found, failed = systems.of_each(lambda name: _system(bench, name, folder))
    rows = []
    for count in bench.settings.watcher_counts:
        told = {name: of_system[count] for name, of_system in found.items() if isinstance(of_system[count], dict)}
        stuck = {name: of_system[count] for name, of_system in found.items() if name not in told}
        figures = {name: _figures(one) for name, one in told.items()}
        detail = {"watchers": count, "asked_rate": RATE, "failed": failed | stuck, "systems": figures}
        cost = {name: one["cpu_micros"] for name, one in figures.items()}
        value = cost.pop(ONDUTY)
        title = f"{counted(count, 'watcher')}, {RATE} changes/s: server CPU of a delivery, writes included"
        rows.append(Row("crowd", f"crowd.{count}", title, value, "µs", None, cost, Use.of([told[ONDUTY]]), detail))
    return rows


def _system(bench: Bench, name: str, folder: Path) -> dict[int, Any]:
    """What was told with each number of watchers, or why a peer did not come to an end; with more it would not either."""
    found: dict[int, Any] = {}
    with systems.serving(bench, name, folder, STAFF) as server:
        for count in bench.settings.watcher_counts:
            deliveries = RATE * count * (bench.settings.warm + bench.settings.length)
            flags: dict[str, object] = {
                "sample_every": max(1, round(deliveries / SAMPLES_MOST)),
                "payload": SIZE_BYTES,
                "staff": STAFF,
            }
            flags |= {"system": name, "rate": RATE, "watchers": count, "tenant": TENANT}
            try:
                found[count] = bench.load("fanout", server, f"{name}, {counted(count, 'watcher')}", **flags)
            except BenchError as error:
                if name == ONDUTY:
                    raise
                return dict.fromkeys(bench.settings.watcher_counts, str(error)) | found
    return found


def _figures(told: Told) -> dict[str, float]:
    return {
        "cpu_micros": per_op_micros(told["server_cpu"], told["delivered"]),
        "delivered_per_second": told["delivered"] / told["seconds"],
        "p50_ms": told["due_to_seen"]["p50_ms"],
        "p99_ms": told["due_to_seen"]["p99_ms"],
        "server_use": told["server_cpu"] / told["seconds"],
        "generator_use": told["generator_share"],
    }


def _steps(settings: Settings) -> int:
    return len(systems.names()) * (1 + len(settings.watcher_counts))


CROWD = Measurement("crowd", "cost and delay from one watcher to a thousand, with the peers; makes the plot", _steps, _measure)
