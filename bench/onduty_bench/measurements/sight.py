"""What metrics cost: the server CPU of a change with the admin pages on, by that without, in turns on two servers."""

from collections.abc import Mapping
from dataclasses import dataclass

from onduty_bench.bench import TENANT, Bench, Measurement, Runs, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio, per_op_micros
from onduty_bench.processes import Started
from onduty_bench.settings import Settings

STAFF = 1_000
AT_MOST = 1.03
TURNS_A_ROUND = 4
"""The difference is as small as what a machine varies by from one run to the next."""


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


def _measure(bench: Bench) -> list[Row]:
    rows = []
    with bench.folder() as folder, bench.onduty(folder) as plain, bench.onduty(folder, metered=True) as metered:
        for server in (plain, metered):
            bench.seed(server, STAFF)
        for load in LOADS:
            without, seen = [], []
            for number in bench.rounds():
                for turn in range(TURNS_A_ROUND):
                    about = f"{load.title}, {number}, turn {turn + 1}"
                    pair = [(plain, without, "without"), (metered, seen, "metered")]
                    for server, runs, which in pair if turn % 2 else reversed(pair):  # so that a drift counts for neither.
                        runs.append(_run(bench, server, load, f"{about}, {which}"))
            rows.append(_row(load, without, seen))
    return rows


def _run(bench: Bench, server: Started, load: Load, about: str) -> dict[str, object]:
    one = bench.load(load.measurement, server, about, tenant=TENANT, staff=STAFF, **load.flags)
    one["micros"] = per_op_micros(one["server_cpu"], one[load.count])
    return one


def _row(load: Load, without: Runs, seen: Runs) -> Row:
    value = paired_ratio([one["micros"] for one in seen], [one["micros"] for one in without])
    detail = {"micros": middle(seen, "micros"), "micros_without": middle(without, "micros")}
    title = f"server CPU of a change with metrics on: {load.title}"
    bar = Bar("at most", AT_MOST)
    return Row("sight", f"sight.{load.name}", title, value, "x without", bar, {}, Use.of((*without, *seen)), detail)


def _steps(settings: Settings) -> int:
    return 2 + 2 * TURNS_A_ROUND * settings.rounds * len(LOADS)


SIGHT = Measurement("sight", "what metrics cost the server", _steps, _measure)
