"""What a tenant notices of another one that does all it may: its own changes' p99, alone and beside each."""

from dataclasses import dataclass

from onduty_bench.bench import Bench, Measurement, Runs, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio
from onduty_bench.settings import Settings

MINE, OTHER, ON_BREAK = "bench-b", "bench-a", "bench-c"
STAFF = 500
RATE = 100
CALLERS = 32
AT_MOST = 2.0


@dataclass(frozen=True, slots=True)
class Deed:
    """What the other tenant does, and by how many callers without a pause."""

    name: str
    title: str
    kind: str
    callers: int
    tenant: str = OTHER


DEEDS = (
    Deed("floods", "changes what it can, 64 callers", "change", 64),
    Deed("lists", "lists its staff, 4 callers", "list", 4),
    Deed("sums", "sums up a week, 4 callers", "sums", 4),
    Deed("policy", "changes its policy, 1 caller", "policy", 1, ON_BREAK),
)


def _measure(bench: Bench) -> list[Row]:
    others = bench.settings.neighbour_staff
    alone: dict[str, Runs] = {deed.name: [] for deed in DEEDS}
    beside: dict[str, Runs] = {deed.name: [] for deed in DEEDS}
    with bench.folder() as folder, bench.onduty(folder) as server:
        bench.seed(server, STAFF, tenant=MINE)
        bench.seed(server, others, tenant=OTHER)
        bench.seed(server, others, tenant=ON_BREAK, on_break=True)
        mine = {"kind": "change", "rate": RATE, "callers": CALLERS, "tenant": MINE, "staff": STAFF}
        for deed in DEEDS:
            for number in bench.rounds():
                alone[deed.name].append(bench.load("unary", server, f"alone, {number}", **mine))
                length = 2 * bench.settings.warm + bench.settings.length
                flags = {"kind": deed.kind, "callers": deed.callers, "tenant": deed.tenant, "staff": min(others, 1_000)}
                with bench.generator.beside("unary", target=server.address, warm=0.0, length=length, **flags):
                    beside[deed.name].append(bench.load("unary", server, f"{deed.name}, {number}", **mine))
    return [_row(deed, alone[deed.name], beside[deed.name]) for deed in DEEDS]


def _row(deed: Deed, alone: Runs, beside: Runs) -> Row:
    ratio = paired_ratio([one["latency"]["p99_ms"] for one in beside], [one["latency"]["p99_ms"] for one in alone])
    detail = {
        "p99_ms": middle(beside, "latency", "p99_ms"),
        "p99_ms_alone": middle(alone, "latency", "p99_ms"),
        "p50_ms": middle(beside, "latency", "p50_ms"),
        "p50_ms_alone": middle(alone, "latency", "p50_ms"),
    }
    title = f"a tenant's p99 at {RATE} changes/s while another {deed.title}"
    bar = Bar("at most", AT_MOST)
    return Row("neighbours", f"neighbours.{deed.name}", title, ratio, "x alone", bar, {}, Use.of((*alone, *beside)), detail)


def _steps(settings: Settings) -> int:
    return 3 + 2 * len(DEEDS) * settings.rounds


NEIGHBOURS = Measurement("neighbours", "what a tenant notices of another one", _steps, _measure)
