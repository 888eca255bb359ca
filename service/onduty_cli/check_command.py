"""`onduty check`: one line and an exit code for monitors, from the server's API or its admin pages; it mends nothing."""

import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from onduty.v1.router_service_pb2 import WatchStaffRequest
from onduty_cli.admin_pages import AdminPages, AdminUnreachableError
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.counted import counted
from onduty_cli.explanations import explain
from onduty_cli.failures import CommandError, RefusedError
from onduty_cli.moments import MICROSECONDS, parse_duration
from onduty_cli.output import printable

app = typer.Typer()

LAG: Final = "onduty_watch_lag_seconds"
EXPIRY: Final = "onduty_tls_certificate_expiry_timestamp_seconds"
EXPIRY_NEAR_DAYS: Final = 14
DAY_SECONDS: Final = 86_400


class Verdict(IntEnum):
    """What monitors understand, by the exit code."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict in words, with the figure that it is about, in seconds."""

    verdict: Verdict
    text: str
    seconds: float | None = None


def _lag(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@client_command(app, "check")
def check(
    run: Invocation,
    *,
    lag: Annotated[
        int, typer.Option("--lag", metavar="DURATION", parser=_lag, help="How long a watcher may wait for what it should see.")
    ] = "2s",  # type: ignore[assignment]  # it is parsed like what is typed.
    admin: Annotated[
        str,
        typer.Option(
            "--admin", envvar="ONDUTY_ADMIN", metavar="ADDRESS", show_default=False,
            help="Ask the admin pages there instead of the service: HOST:PORT, or the whole address where they have TLS.",
        ),
    ] = "",
) -> None:  # fmt: skip
    """Check a server as monitors do: one line, and an exit code.

    Asked for itself, the service must begin a watch within the lag. Asked by its admin pages, it must be ready, and no watcher
    may be further behind.

    Exit codes: 0 well; 1 soon not well, as a certificate that ends; 2 not well; 3 cannot be told, as without a credential.

    Example: onduty check --lag 2s
    """
    limit = lag / MICROSECONDS
    if admin:
        pages = AdminPages(admin, run.session.endpoint.timeout_seconds, _ca_file(run))
        finding = _by_pages(pages, limit, run.clock.now() / MICROSECONDS)
    else:
        finding = _by_watch(run, limit)
    figure = "" if finding.seconds is None else f" | lag={finding.seconds:.3f}s;;{limit:g};0"
    run.output.line(f"ONDUTY {finding.verdict.name} - {printable(finding.text)}{figure}")
    raise typer.Exit(int(finding.verdict))


def _ca_file(run: Invocation) -> Path | None:
    tls = run.session.endpoint.access.tls
    return None if tls is None or tls.ca_file is None else Path(tls.ca_file)


def _by_pages(pages: AdminPages, limit: float, now: float) -> Finding:
    try:
        is_ready, wrong = pages.ready()
        gauges = pages.gauges()
    except AdminUnreachableError as error:
        return Finding(Verdict.CRITICAL, str(error))
    behind = gauges.get(LAG)
    if not is_ready:
        return Finding(Verdict.CRITICAL, f"not ready: {'; '.join(wrong)}", behind)
    if behind is None:
        return Finding(Verdict.CRITICAL, "its event loop does not say how far watchers are behind")
    if behind > limit:
        return Finding(Verdict.CRITICAL, f"a watcher is {behind:.1f} s behind", behind)
    days = (gauges.get(EXPIRY, float("inf")) - now) / DAY_SECONDS
    if days < EXPIRY_NEAR_DAYS:
        return Finding(Verdict.WARNING, f"ready; its certificate ends in {counted(round(days), 'day')}", behind)
    return Finding(Verdict.OK, "ready", behind)


def _by_watch(run: Invocation, limit: float) -> Finding:
    began_at = time.monotonic()
    try:
        for frame in run.session.watch(WatchStaffRequest(), timeout_seconds=run.session.endpoint.timeout_seconds):
            if frame.snapshot_chunk.last:
                break
    except RefusedError as failure:
        known = Verdict.UNKNOWN if failure.code in {"UNAUTHENTICATED", "PERMISSION_DENIED"} else Verdict.CRITICAL
        return Finding(known, "; ".join(explain(failure)))
    except CommandError as failure:
        return Finding(Verdict.CRITICAL, "; ".join(explain(failure)))
    took = time.monotonic() - began_at
    if took > limit:
        return Finding(Verdict.CRITICAL, f"a watch took {took:.1f} s to begin", took)
    return Finding(Verdict.OK, "a watch began", took)
