"""What a change costs the server where there is little to do: alone in its commit, with one watcher, beside an empty call."""

from onduty_bench.bench import TENANT, Bench, Measurement, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio, per_op_micros

STAFF = 1_000
RATE = 200
CALLERS = 16
AT_MOST = 2.0


def _measure(bench: Bench) -> list[Row]:
    changes, calls = [], []
    with bench.folder() as folder, bench.echo(folder, plain=True) as floor, bench.onduty(folder) as server:
        bench.seed(server, STAFF)
        for number in bench.rounds():
            empty = {"kind": "echo", "rate": RATE, "callers": CALLERS}
            calls.append(bench.load("unary", floor, f"empty calls at {RATE}/s, {number}", **empty))
            flags = {"rate": RATE, "watchers": 1, "writers": CALLERS, "staff": STAFF, "tenant": TENANT}
            changes.append(bench.load("fanout", server, f"changes at {RATE}/s, {number}", **flags))
    for one in changes:
        one["micros"] = per_op_micros(one["server_cpu"], one["changes"])
    for one in calls:
        one["micros"] = per_op_micros(one["server_cpu"], one["ops"])
    detail = {"change_micros": middle(changes, "micros"), "call_micros": middle(calls, "micros"), "rate": RATE}
    value = paired_ratio([one["micros"] for one in changes], [one["micros"] for one in calls])
    title = f"a lone change at {RATE}/s, one watcher: server CPU, by an empty call's at that rate"
    bar = Bar("at most", AT_MOST)
    return [Row("lone", "lone.cpu", title, value, "x empty call", bar, {}, Use.of((*changes, *calls)), detail)]


LONE = Measurement(
    "lone", "server CPU of a change where there is little to do", lambda settings: 1 + 2 * settings.rounds, _measure
)
