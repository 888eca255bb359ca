"""How soon a change is at the watchers, at two loads below what the server can bear.

Two clocks start: one when the answer was there, which is the bar's, and one when the change was due by the writer's plan. The
second is the stricter: watchers are sent a change when it is durable, so many see it before its writer has the answer.
"""

from dataclasses import dataclass
from typing import Any

from onduty_bench.bench import TENANT, Bench, Measurement, middle
from onduty_bench.figures import Bar, Row, Use

STAFF = 1_000


@dataclass(frozen=True, slots=True)
class Load:
    """How much, and what is wanted: milliseconds."""

    name: str
    rate: int
    watchers: int
    p50_most: float
    p99_most: float

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.rate:,} changes/s to {self.watchers} watchers"


LOADS = (Load("calm", 100, 10, 1.5, 5.0), Load("busy", 1_000, 100, 5.0, 20.0))


def _measure(bench: Bench) -> list[Row]:
    rows: list[Row] = []
    with bench.folder() as folder, bench.onduty(folder) as server:
        bench.seed(server, STAFF)
        for load in LOADS:
            flags = {"rate": load.rate, "watchers": load.watchers, "staff": STAFF, "tenant": TENANT}
            told = [bench.load("fanout", server, f"{load.title}, {number}", **flags) for number in bench.rounds()]
            rows += _rows(load, told)
    return rows


def _rows(load: Load, told: list[dict[str, Any]]) -> list[Row]:
    use = Use.of(told)
    detail = {"seen_before_ack": middle(told, "seen_before_ack"), "changes_per_second": middle(told, "rate")}
    rows = []
    for share, most in (("p50", load.p50_most), ("p99", load.p99_most)):
        name, title = f"latency.{load.name}", f"{load.title}: acknowledged → seen, {share}"
        value = middle(told, "ack_to_seen", f"{share}_ms")
        rows.append(Row("latency", f"{name}.{share}", title, value, "ms", Bar("at most", most), {}, use, detail))
    for share in ("p50", "p99"):
        name, title = f"latency.{load.name}.due", f"{load.title}: due → seen, {share}"
        value = middle(told, "due_to_seen", f"{share}_ms")
        rows.append(Row("latency", f"{name}.{share}", title, value, "ms", None, {}, use, detail))
    return rows


LATENCY = Measurement(
    "latency", "acknowledged to seen by a watcher, at two loads", lambda settings: 1 + len(LOADS) * settings.rounds, _measure
)
