"""Durable ChangeStatus, one request a change, against an echo that does nothing, at several numbers of callers.

The echo is ``grpc.aio`` as it comes. How the server sets its process up is part of what it does; what is left of the distance
without that, a second echo shows, in a process that is set up the same.
"""

from onduty_bench.bench import TENANT, Bench, Measurement, Runs, middle
from onduty_bench.figures import Bar, Row, Use, counted, paired_ratio, per_op_micros
from onduty_bench.settings import Settings

STAFF = 1_000
AT_LEAST = 0.75
JUDGED_FROM = 64
"""The bar is for load. With one caller at a time the sync of the disk is most of the answer's time, and is the disk's."""


def _measure(bench: Bench) -> list[Row]:
    rows: list[Row] = []
    with (
        bench.folder() as folder,
        bench.echo(folder, plain=True) as floor,
        bench.echo(folder) as alike,
        bench.onduty(folder) as server,
    ):
        bench.seed(server, STAFF)
        for callers in bench.settings.callers:
            subject, echo, tuned = [], [], []
            flags = {"callers": callers, "tenant": TENANT, "staff": STAFF}
            for number in bench.rounds():
                about = f"{callers} callers, {number}"
                echo.append(bench.load("unary", floor, f"echo, {about}", kind="echo", **flags))
                subject.append(bench.load("unary", server, f"ChangeStatus, {about}", kind="change", **flags))
                tuned.append(bench.load("unary", alike, f"echo set up as the server, {about}", kind="echo", **flags))
            rows += [
                _rate(callers, subject, echo),
                _beside_tuned(callers, subject, tuned),
                _cpu(callers, subject, echo),
                _group(callers, subject),
            ]
    return rows


def _rate(callers: int, subject: Runs, echo: Runs) -> Row:
    for one in (*subject, *echo):
        one["rate"] = one["ops"] / one["seconds"]
    detail = {
        "callers": callers,
        "ops_per_second": middle(subject, "rate"),
        "echo_ops_per_second": middle(echo, "rate"),
        "p50_ms": middle(subject, "latency", "p50_ms"),
        "p99_ms": middle(subject, "latency", "p99_ms"),
        "echo_p50_ms": middle(echo, "latency", "p50_ms"),
        "echo_p99_ms": middle(echo, "latency", "p99_ms"),
    }
    value = paired_ratio([one["rate"] for one in subject], [one["rate"] for one in echo])
    bar = Bar("at least", AT_LEAST) if callers >= JUDGED_FROM else None
    title = f"ChangeStatus, {counted(callers, 'caller')}: rate"
    return Row("unary", f"unary.rate.{callers}", title, value, "x echo", bar, {}, Use.of((*subject, *echo)), detail)


def _beside_tuned(callers: int, subject: Runs, tuned: Runs) -> Row:
    rates = [[one["ops"] / one["seconds"] for one in runs] for runs in (subject, tuned)]
    title = f"ChangeStatus, {counted(callers, 'caller')}: rate, by an echo set up as the server"
    use = Use.of((*subject, *tuned))
    return Row(
        "unary", f"unary.tuned.{callers}", title, paired_ratio(*rates), "x that echo", None, {}, use, {"callers": callers}
    )


def _cpu(callers: int, subject: Runs, echo: Runs) -> Row:
    for one in (*subject, *echo):
        one["micros"] = per_op_micros(one["server_cpu"], one["ops"])
    detail = {"server_cpu_micros": middle(subject, "micros"), "echo_cpu_micros": middle(echo, "micros")}
    value = paired_ratio([one["micros"] for one in echo], [one["micros"] for one in subject])
    title = f"ChangeStatus, {counted(callers, 'caller')}: requests a server CPU second"
    return Row("unary", f"unary.cpu.{callers}", title, value, "x echo", None, {}, Use.of((*subject, *echo)), detail)


def _group(callers: int, subject: Runs) -> Row:
    commits, changes = (sum(one[name] for one in subject) for name in ("commits", "changes"))
    title = f"ChangeStatus, {counted(callers, 'caller')}: changes in a commit"
    detail = {"changes": changes, "commits": commits}
    return Row("unary", f"unary.group.{callers}", title, changes / max(commits, 1), "", None, {}, Use.of(subject), detail)


def _steps(settings: Settings) -> int:
    return 1 + 3 * len(settings.callers) * settings.rounds


UNARY = Measurement("unary", "durable ChangeStatus against an echo RPC, at several numbers of callers", _steps, _measure)
