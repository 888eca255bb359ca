"""What metrics and traces cost: the server CPU of a change with them, by that without, in turns on servers side by side."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import quantiles

from onduty_bench.bench import TENANT, Bench, Measurement, Runs, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio, per_op_micros, ratio
from onduty_bench.processes import LOOPBACK, Started
from onduty_bench.settings import Settings

STAFF = 1_000
METRICS_AT_MOST = 1.03
TRACES_AT_MOST = 1.05
"""One request in a hundred, as by default."""
TURNS_A_ROUND = 8
"""The difference is as small as what a machine varies by from one run to the next: the median of many pairs tells it."""


@dataclass(frozen=True, slots=True)
class Load:
    """A kind of work. ``count`` names the generator's number of what was done."""

    name: str
    title: str
    measurement: str
    count: str
    flags: Mapping[str, object]


LOADS = (
    Load("unary", "ChangeStatus, 64 callers", "unary", "ops", {"kind": "change", "callers": 64}),
    Load("lone", "a lone change at 200/s, one watcher", "fanout", "changes", {"rate": 200, "watchers": 1, "writers": 16}),
    Load("fanout", "1,000 changes/s to 100 watchers", "fanout", "changes", {"rate": 1_000, "watchers": 100}),
)


@contextmanager
def _collector() -> Iterator[str]:
    """Takes traces and drops them; its address."""

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Sink) as sink:
        thread = threading.Thread(target=sink.serve_forever)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{sink.server_address[1]}"
        finally:
            sink.shutdown()
            thread.join()


def _measure(bench: Bench) -> list[Row]:
    with (
        bench.folder() as folder,
        _collector() as traces,
        bench.onduty(folder) as plain,
        bench.onduty(folder, metered=True) as metered,
        bench.onduty(folder, traces=traces) as traced,
    ):
        for server in (plain, metered, traced):
            bench.seed(server, STAFF)
        rows = [_row(load, "metrics", METRICS_AT_MOST, *_turns(bench, plain, metered, load)) for load in LOADS]
        rows.append(_row(LOADS[0], "traces", TRACES_AT_MOST, *_turns(bench, plain, traced, LOADS[0])))
    return rows


def _turns(bench: Bench, plain: Started, seen: Started, load: Load) -> tuple[Runs, Runs]:
    """The runs without and with, next to each other."""
    without: Runs = []
    beside: Runs = []
    for number in bench.rounds():
        for turn in range(TURNS_A_ROUND):
            about = f"{load.title}, {number}, turn {turn + 1}"
            pair = [(plain, without, "without"), (seen, beside, "with")]
            for server, runs, which in pair if turn % 2 else reversed(pair):  # so that a drift counts for neither.
                runs.append(_run(bench, server, load, f"{about}, {which}"))
    return without, beside


def _run(bench: Bench, server: Started, load: Load, about: str) -> dict[str, object]:
    one = bench.load(load.measurement, server, about, tenant=TENANT, staff=STAFF, **load.flags)
    one["micros"] = per_op_micros(one["server_cpu"], one[load.count])
    return one


def _row(load: Load, what: str, at_most: float, without: Runs, seen: Runs) -> Row:
    micros, micros_without = [one["micros"] for one in seen], [one["micros"] for one in without]
    value = paired_ratio(micros, micros_without)
    detail = {"micros": middle(seen, "micros"), "micros_without": middle(without, "micros"), **_spread(micros, micros_without)}
    title = f"server CPU of a change with {what}: {load.title}"
    bar = Bar("at most", at_most)
    return Row("sight", f"sight.{what}.{load.name}", title, value, "x without", bar, {}, Use.of((*without, *seen)), detail)


def _spread(seen: Sequence[float], without: Sequence[float]) -> dict[str, float]:
    """Between which ratios half of the pairs are, and how many pairs there are."""
    ratios = [ratio(one, other) for one, other in zip(seen, without, strict=True)]
    lower, _, upper = quantiles(ratios, n=4)
    return {"ratio_quarter": lower, "ratio_three_quarters": upper, "pairs": len(ratios)}


def _steps(settings: Settings) -> int:
    return 3 + 2 * TURNS_A_ROUND * settings.rounds * (len(LOADS) + 1)


SIGHT = Measurement("sight", "what metrics and traces cost the server", _steps, _measure)
