"""Requests that come again after a restart, when no answer is in memory, against as many new ones after a restart."""

from pathlib import Path
from typing import Any

from onduty_bench.bench import TENANT, Bench, Measurement, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio
from onduty_bench.processes import BenchError

STAFF = 1_000
COUNT = 512
AT_MOST = 1.5


def _measure(bench: Bench) -> list[Row]:
    new, again = [], []
    with bench.folder() as folder:
        journal = folder / "retried.db"
        with bench.onduty(folder, journal) as server:
            bench.seed(server, STAFF)
        for number, name in enumerate(bench.rounds()):
            run, busy = f"{number:016x}", number % 2 == 0
            new.append(_burst(bench, folder, journal, about=f"new, {name}", run=run, busy=busy))
            again.append(_burst(bench, folder, journal, about=f"again, {name}", run=run, busy=busy))
    if any(one["replayed"] for one in new) or any(one["made"] for one in again):
        raise BenchError("new requests were replayed, or requests that came again were not")
    detail = {
        "new_ms": middle(new, "seconds") * 1e3,
        "again_ms": middle(again, "seconds") * 1e3,
        "new_cpu_ms": middle(new, "server_cpu") * 1e3,
        "again_cpu_ms": middle(again, "server_cpu") * 1e3,
    }
    title = f"{COUNT} requests again after a restart, by {COUNT} new ones after a restart: time"
    value = paired_ratio([one["seconds"] for one in again], [one["seconds"] for one in new])
    bar = Bar("at most", AT_MOST)
    return [Row("retried", "retried.time", title, value, "x new", bar, {}, Use.of((*new, *again)), detail)]


def _burst(bench: Bench, folder: Path, journal: Path, *, about: str, run: str, busy: bool) -> dict[str, Any]:
    with bench.onduty(folder, journal) as server:
        bench.step(about)
        flags = {"target": server.address, "pid": server.pid, "tenant": TENANT, "run": run, "busy": busy}
        return bench.generator.run("burst", seconds=10, count=COUNT, **flags)


RETRIED = Measurement("retried", "requests that come again after a restart", lambda settings: 1 + 2 * settings.rounds, _measure)
