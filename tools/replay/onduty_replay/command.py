"""The command ``onduty-replay``: reads its arguments, plays, and reports; it knows neither columns nor rules."""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from onduty_client import ConnectionOptions
from onduty_client.options import check_options
from onduty_replay.document import document_of
from onduty_replay.floor import check_server
from onduty_replay.plan import Plan, plan_of
from onduty_replay.player import InterruptedReplayError, Replayed, play
from onduty_replay.progress import shown_progress
from onduty_replay.records import RecordsInvalidError, choose_days, parse_day, read_records
from onduty_replay.report import show_report
from onduty_replay.tally import Tally
from onduty_replay.wire import ReplayError, Wire

app = typer.Typer(
    name="onduty-replay",
    add_completion=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CHECKOUT_SAMPLE: Final = Path(__file__).parents[3] / "examples" / "calls-sample.tsv"
SAMPLE: Final = CHECKOUT_SAMPLE if CHECKOUT_SAMPLE.exists() else Path(__file__).with_name("calls-sample.tsv")
TABLE_WIDTH: Final = 132
"""Characters, where there is no terminal to say."""

UNEXPLAINED_EXIT: Final = 1
USAGE_EXIT: Final = 2
NOT_PLAYED_EXIT: Final = 3
SIGNAL_EXIT: Final = 128
"""And the signal's number, as a shell has it of a program that a signal ended."""


def _address(text: str) -> str:
    return _checked(text, ConnectionOptions(text))


def _tenant(text: str) -> str:
    return _checked(text, ConnectionOptions("localhost:1", tenant=text))


def _checked(text: str, options: ConnectionOptions) -> str:
    try:
        check_options(options)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


@app.command()
def replay(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The call records, tab-separated.", show_default=False),
    ] = None,
    *,
    speed: Annotated[int, typer.Option(min=1, help="Simulated seconds in a second.")] = 30,
    server: Annotated[
        str,
        typer.Option("--server", envvar="ONDUTY_SERVER", metavar="HOST:PORT", parser=_address, help="The server's address."),
    ] = "127.0.0.1:50051",
    tenant: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            parser=_tenant,
            show_default=False,
            help="An empty tenant to play in. Left out: a new one of the replay's own, whatever ONDUTY_TENANT says.",
        ),
    ] = "",
    timeout: Annotated[
        float, typer.Option(min=0.001, metavar="SECONDS", help="How long to wait for an answer before asking again.")
    ] = 10.0,
    days: Annotated[str, typer.Option(metavar="YYMMDD,...", help="Play these days only.", show_default=False)] = "",
    first_days: Annotated[
        int | None, typer.Option(min=1, help="Play the first days of the file only.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the report as one line of JSON, not as tables.")] = False,
    report_file: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Also write the report as JSON to FILE.", show_default=False),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Play the sample that comes with Onduty.")] = False,
) -> None:
    """Play a call centre's call records through a rehearsal server, and account for every second.

    It needs a server of its own, which was started with `onduty serve --rehearsal`, and plays in a tenant of its own there.
    Any other server is refused before anything is changed.

    Routers, telephony and a workspace for every person in the records send what they would have sent, so many times as fast.
    At the end the server's sums are held against the records, and every difference is explained. Exit code 1: one is not;
    2: the records cannot be read; 3: the server could not be reached or did not take part; 128 and a signal's number: the
    signal ended it.

    Example: onduty-replay examples/calls-sample.tsv --speed 600
    """
    console, progress_console = _console(stderr=False), _console(stderr=True)
    if days and first_days:
        raise typer.BadParameter("give --days or --first-days, not both")
    if report_file and not report_file.parent.is_dir():
        raise typer.BadParameter(f"{report_file.parent} is not a directory")
    plan = _plan(_file(file, sample=sample), days=days, first_days=first_days)
    try:
        wire_to = partial(Wire, server, tenant=tenant or None, tally=Tally(), attempt_seconds=timeout)
        replayed = asyncio.run(_replay(plan, progress_console, wire_to, speed=speed))
    except ReplayError as error:
        for line in (str(error), *getattr(error, "__notes__", ())):
            typer.echo(line, err=True)
        told = error.signal if isinstance(error, InterruptedReplayError) else None
        raise typer.Exit(SIGNAL_EXIT + told if told else NOT_PLAYED_EXIT) from None
    if as_json:
        typer.echo(json.dumps(document_of(replayed)))
    else:
        show_report(console, replayed)
    if report_file:
        report_file.write_text(json.dumps(document_of(replayed), indent=2) + "\n", encoding="utf-8")
    raise typer.Exit(0 if replayed.is_explained else UNEXPLAINED_EXIT)


async def _replay(plan: Plan, console: Console, wire_to: Callable[[], Wire], *, speed: int) -> Replayed:
    async with wire_to() as wire:
        await check_server(wire)
        with shown_progress(console, plan) as show:
            console.print(f"Playing in the tenant {wire.tenant} of {wire.address}", highlight=False, markup=False)
            return await play(plan, wire, speed=speed, show=show)


def _file(file: Path | None, *, sample: bool) -> Path:
    if sample == (file is not None):
        raise typer.BadParameter("give a FILE or --sample")
    return file or SAMPLE


def _plan(path: Path, *, days: str, first_days: int | None) -> Plan:
    try:
        records = choose_days(read_records(path), days=_days(days), first_days=first_days)
        return plan_of(records)
    except RecordsInvalidError as error:
        typer.echo(f"{path} cannot be played:\n{error}", err=True)
    except OSError as error:
        typer.echo(f"{path} cannot be played: {error.strerror}", err=True)
    except ValueError as error:
        typer.echo(f"{path} cannot be played: {error}", err=True)
    raise typer.Exit(USAGE_EXIT)


def _days(text: str) -> list[date]:
    return [parse_day(day.strip()) for day in text.split(",") if day.strip()]


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=TABLE_WIDTH)


def main() -> None:
    """Runs the replay with the process's arguments and ends the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal without a letter shows a mark instead of a traceback.
            stream.reconfigure(errors="replace")
    app()
