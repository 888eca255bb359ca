"""ReportCallEvents in batches, in facts a second, against the echo's requests a second; the two echoes are those of unary."""

from onduty_bench.bench import TENANT, Bench, Measurement, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio, per_op_micros

STAFF = 10_000
BATCH = 100
CALLERS = 4
"""So few that the facts of one person are never under way twice: they would overtake each other."""
ECHO_CALLERS = 64
AT_LEAST = 3.0


def _measure(bench: Bench) -> list[Row]:
    subject, echo, tuned = [], [], []
    flags = {"kind": "events", "callers": CALLERS, "batch": BATCH, "staff": STAFF, "tenant": TENANT}
    with (
        bench.folder() as folder,
        bench.echo(folder, plain=True) as floor,
        bench.echo(folder) as alike,
        bench.onduty(folder) as server,
    ):
        bench.seed(server, STAFF)
        for number in bench.rounds():
            echo.append(bench.load("unary", floor, f"echo, {number}", kind="echo", callers=ECHO_CALLERS))
            subject.append(bench.load("unary", server, f"batches of {BATCH}, {number}", **flags))
            about = f"echo set up as the server, {number}"
            tuned.append(bench.load("unary", alike, about, kind="echo", callers=ECHO_CALLERS))
    for one in subject:
        one["rate"] = one["changes"] / one["seconds"]
        one["micros"] = per_op_micros(one["server_cpu"], one["changes"])
    for one in (*echo, *tuned):
        one["rate"] = one["ops"] / one["seconds"]
    detail = {
        "events_per_second": middle(subject, "rate"),
        "echo_ops_per_second": middle(echo, "rate"),
        "server_cpu_micros_per_event": middle(subject, "micros"),
        "batch_p50_ms": middle(subject, "latency", "p50_ms"),
        "batch_p99_ms": middle(subject, "latency", "p99_ms"),
        "callers": CALLERS,
        "echo_callers": ECHO_CALLERS,
    }
    facts, plain, alike_rate = ([one["rate"] for one in runs] for runs in (subject, echo, tuned))
    title = f"ReportCallEvents, batches of {BATCH}: facts, by the echo's requests"
    other = f"ReportCallEvents, batches of {BATCH}: facts, by the requests of an echo set up as the server"
    use, value, beside = Use.of((*subject, *echo)), paired_ratio(facts, plain), paired_ratio(facts, alike_rate)
    return [
        Row("events", "events.rate", title, value, "x echo", Bar("at least", AT_LEAST), {}, use, detail),
        Row("events", "events.tuned", other, beside, "x that echo", None, {}, Use.of((*subject, *tuned)), {}),
    ]


EVENTS = Measurement("events", "batches of call facts against an echo RPC", lambda settings: 1 + 3 * settings.rounds, _measure)
