"""Whether watchers that stopped reading delay the others: the others' p99 with and without, by turns on one server."""

from onduty_bench.bench import TENANT, Bench, Measurement, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio, per_op_micros

STAFF = 1_000
RATE = 1_000
WATCHERS = 100
STOPPED = 10
AT_MOST = 1.2


def _measure(bench: Bench) -> list[Row]:
    without, beside = [], []
    flags = {"rate": RATE, "watchers": WATCHERS, "staff": STAFF, "tenant": TENANT}
    with bench.folder() as folder, bench.onduty(folder) as server:
        bench.seed(server, STAFF)
        for number in bench.rounds():
            without.append(bench.load("fanout", server, f"all read, {number}", stopped=0, **flags))
            beside.append(bench.load("fanout", server, f"{STOPPED} have stopped, {number}", stopped=STOPPED, **flags))
    with_p99, without_p99 = ([one["due_to_seen"]["p99_ms"] for one in runs] for runs in (beside, without))
    detail = {
        "p99_ms": middle(beside, "due_to_seen", "p99_ms"),
        "p99_ms_all_reading": middle(without, "due_to_seen", "p99_ms"),
        "p50_ms": middle(beside, "due_to_seen", "p50_ms"),
        "p50_ms_all_reading": middle(without, "due_to_seen", "p50_ms"),
        "rate": RATE,
        "watchers": WATCHERS,
        "stopped": STOPPED,
    }
    title = f"healthy watchers' p99 (due → seen) while {STOPPED} of {WATCHERS} have stopped reading"
    value = paired_ratio(with_p99, without_p99)
    use = Use.of((*without, *beside))
    with_micros, without_micros = (
        [per_op_micros(one["server_cpu"], one["changes"]) for one in runs] for runs in (beside, without)
    )
    cpu = f"server CPU of a change while {STOPPED} of {WATCHERS} have stopped reading"
    return [
        Row("stalled", "stalled.p99", title, value, "x all reading", Bar("at most", AT_MOST), {}, use, detail),
        Row("stalled", "stalled.cpu", cpu, paired_ratio(with_micros, without_micros), "x all reading", None, {}, use),
    ]


STALLED = Measurement(
    "stalled", "healthy watchers while others have stopped reading", lambda settings: 1 + 2 * settings.rounds, _measure
)
