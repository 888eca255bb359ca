"""ReportCallEvents in batches, in facts a second, against the echo's requests a second; the two echoes are those of unary."""

from onduty_bench.bench import TENANT, Bench, Measurement, Runs, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio, per_op_micros
from onduty_bench.settings import Settings

STAFF = (1_000, 10_000)
"""How many take turns; the last is judged. The more there are, the less of them is in the processor's caches."""
BATCH = 100
CALLERS = 8
"""So few that the facts of one person are never under way twice: they would overtake each other."""
ECHO_CALLERS = 64
AT_LEAST = 4.0


def _measure(bench: Bench) -> list[Row]:
    subjects: dict[int, Runs] = {staff: [] for staff in STAFF}
    echo: Runs = []
    tuned: Runs = []
    with (
        bench.folder() as folder,
        bench.echo(folder, plain=True) as floor,
        bench.echo(folder) as alike,
        bench.onduty(folder) as server,
    ):
        bench.seed(server, STAFF[-1])
        for number in bench.rounds():
            echo.append(bench.load("unary", floor, f"echo, {number}", kind="echo", callers=ECHO_CALLERS))
            for staff, subject in subjects.items():
                flags = {"kind": "events", "callers": CALLERS, "batch": BATCH, "staff": staff, "tenant": TENANT}
                subject.append(bench.load("unary", server, f"batches of {BATCH}, {staff:,} staff, {number}", **flags))
            about = f"echo set up as the server, {number}"
            tuned.append(bench.load("unary", alike, about, kind="echo", callers=ECHO_CALLERS))
    for one in (*echo, *tuned):
        one["rate"] = one["ops"] / one["seconds"]
    rows = []
    for staff, subject in subjects.items():
        rows += _rows(staff, subject, echo, tuned)
    return rows


def _rows(staff: int, subject: Runs, echo: Runs, tuned: Runs) -> list[Row]:
    for one in subject:
        one["rate"] = one["changes"] / one["seconds"]
        one["micros"] = per_op_micros(one["server_cpu"], one["changes"])
    detail = {
        "events_per_second": middle(subject, "rate"),
        "echo_ops_per_second": middle(echo, "rate"),
        "server_cpu_micros_per_event": middle(subject, "micros"),
        "batch_p50_ms": middle(subject, "latency", "p50_ms"),
        "batch_p99_ms": middle(subject, "latency", "p99_ms"),
        "staff": staff,
        "callers": CALLERS,
        "echo_callers": ECHO_CALLERS,
    }
    facts, plain, alike = ([one["rate"] for one in runs] for runs in (subject, echo, tuned))
    about = f"ReportCallEvents, batches of {BATCH}, {staff:,} staff: facts"
    bar = Bar("at least", AT_LEAST) if staff == STAFF[-1] else None
    return [
        Row(
            "events",
            f"events.rate.{staff}",
            f"{about}, by the echo's requests",
            paired_ratio(facts, plain),
            "x echo",
            bar,
            {},
            Use.of((*subject, *echo)),
            detail,
        ),
        Row(
            "events",
            f"events.tuned.{staff}",
            f"{about}, by the requests of an echo set up as the server",
            paired_ratio(facts, alike),
            "x that echo",
            None,
            {},
            Use.of((*subject, *tuned)),
            {"staff": staff},
        ),
    ]


def _steps(settings: Settings) -> int:
    return 1 + (2 + len(STAFF)) * settings.rounds


EVENTS = Measurement("events", "batches of call facts against an echo RPC", _steps, _measure)
