"""Whether watchers that catch up a week delay those who are live: the others' p99 with and without, by turns on one server."""

from onduty_bench.bench import Bench, Measurement, middle
from onduty_bench.figures import Bar, Row, Use, paired_ratio, per_op_micros
from onduty_bench.measurements.start import make_journal
from onduty_bench.settings import Settings

TENANT = "default"
"""That of the made journal."""

STAFF = 1_000
RATE = 200
WATCHERS = 50
COMING_BACK = 20
AT_MOST = 1.2


def _measure(bench: Bench) -> list[Row]:
    rows = bench.settings.week_rows
    without, beside, read = [], [], []
    flags = {"rate": RATE, "watchers": WATCHERS, "staff": STAFF, "tenant": TENANT}
    length = 3 * bench.settings.warm + bench.settings.length
    with bench.folder() as folder:
        journal = folder / "week.db"
        bench.step(f"making a week of {rows:,} rows")
        make_journal(journal, STAFF, rows)
        with bench.onduty(folder, journal) as server:
            bench.seed(server, 0, tenant=TENANT)
            for number in bench.rounds():
                without.append(bench.load("fanout", server, f"all are live, {number}", **flags))
                back = {"tenant": TENANT, "watchers": COMING_BACK, "after": 2 * STAFF, "length": length}
                with bench.generator.beside("catchup", target=server.address, **back) as coming:
                    beside.append(bench.load("fanout", server, f"{COMING_BACK} catch up, {number}", **flags))
                    read.append(coming.told(length))
    detail = {
        "p99_ms": middle(beside, "due_to_seen", "p99_ms"),
        "p99_ms_alone": middle(without, "due_to_seen", "p99_ms"),
        "p50_ms": middle(beside, "due_to_seen", "p50_ms"),
        "p50_ms_alone": middle(without, "due_to_seen", "p50_ms"),
        "rows": rows,
        "changes_caught_up": middle(read, "changes"),
    }
    ratio = paired_ratio(*([one["due_to_seen"]["p99_ms"] for one in runs] for runs in (beside, without)))
    title = f"{WATCHERS} healthy watchers' p99 (due → seen) at {RATE} changes/s while {COMING_BACK} catch up {rows:,} changes"
    use = Use.of((*without, *beside))
    micros = per_op_micros(sum(one["server_cpu"] for one in beside), sum(one["changes"] for one in read))
    cpu = "server CPU of a change that is caught up, that of live changes included"
    return [
        Row("catching_up", "catching_up.p99", title, ratio, "x all live", Bar("at most", AT_MOST), {}, use, detail),
        Row("catching_up", "catching_up.cpu", cpu, micros, "µs", None, {}, use),
    ]


def _steps(settings: Settings) -> int:
    return 2 + 2 * settings.rounds


CATCHING_UP = Measurement("catching_up", "healthy watchers while others catch up a week", _steps, _measure)
