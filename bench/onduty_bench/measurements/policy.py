"""How long a policy change that concerns 100,000 staff stops anybody else: another tenant's reads, due by the clock."""

from onduty_bench.bench import Bench, Measurement, middle
from onduty_bench.figures import Bar, Row, Use

MINE, OTHER = "bench-b", "bench-a"
RATE = 100
CALLERS = 32
AT_MOST_MS = 50.0
CHANGE_SECONDS = 60.0
"""A change that concerns 100,000 people takes some seconds until all of them have it; its answer says that they do."""


def _measure(bench: Bench) -> list[Row]:
    staff = bench.settings.staff
    alone, beside = [], []
    with bench.folder() as folder, bench.onduty(folder) as server:
        bench.seed(server, 10, tenant=MINE)
        bench.seed(server, staff, tenant=OTHER, on_break=True)
        reads = {"kind": "get", "rate": RATE, "callers": CALLERS, "tenant": MINE}
        for number in bench.rounds():
            alone.append(bench.load("unary", server, f"reads alone, {number}", **reads))
            other = {"kind": "policy", "callers": 1, "tenant": OTHER, "warm": 0.0, "length": CHANGE_SECONDS}
            with bench.generator.beside("unary", target=server.address, **other):
                beside.append(bench.load("unary", server, f"reads beside policy changes, {number}", **reads))
    detail = {
        "p99_ms": middle(beside, "latency", "p99_ms"),
        "max_ms_alone": middle(alone, "latency", "max_ms"),
        "p99_ms_alone": middle(alone, "latency", "p99_ms"),
        "staff": staff,
    }
    title = f"longest wait of another tenant's read while a policy is changed that concerns {staff:,} staff"
    value = middle(beside, "latency", "max_ms")
    use = Use.of((*alone, *beside))
    return [Row("policy", "policy.stop", title, value, "ms", Bar("at most", AT_MOST_MS), {}, use, detail)]


POLICY = Measurement(
    "policy", "what others notice of a policy change for 100,000", lambda settings: 2 + 2 * settings.rounds, _measure
)
