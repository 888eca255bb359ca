"""`onduty serve`: runs a server until it is told to stop; it configures nothing that ``config.py`` does not know."""

import asyncio
import gc
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from onduty_server.adapters.sqlite import JournalOpenError
from onduty_server.cli.process import ended_by_signals, ignore_ending_signals, loop_factory, program, tune
from onduty_server.compose import running
from onduty_server.config import DEFAULT_JOURNAL, DEFAULT_LISTEN, ConfigError, Settings, load_settings
from onduty_server.domain.errors import JournalUnavailableError
from onduty_server.observability.logging import set_up_logging
from onduty_server.ports import JournalLockedError
from onduty_server.rpc.server import AddressInUseError

_LOG = "Log"
_LIMITS = "Limits"
_PROCESS = "Process"

FIRST_STEPS = """Try it in another terminal:

  {0} status set ana available{1}
  {0} call claim --group cards --call call-1{1}
  {0} history ana{1}
  {0} watch{1}
"""


def serve(
    *,
    listen: Annotated[
        str | None,
        typer.Option(help=f"Address to serve on; port 0 lets the system choose. \\[default: {DEFAULT_LISTEN}]"),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option(metavar="FILE", help=f"Where the journal is. \\[default: {DEFAULT_JOURNAL}]"),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(envvar="ONDUTY_CONFIG", help="A TOML file with these settings.", metavar="FILE")
    ] = None,
    sample: Annotated[
        bool | None,
        typer.Option("--sample", help="Create sample staff and break reasons where the journal is empty."),
    ] = None,
    insecure: Annotated[
        bool | None,
        typer.Option("--insecure", help="Serve without TLS and authentication where other machines can reach it."),
    ] = None,
    rehearsal: Annotated[
        bool | None,
        typer.Option("--rehearsal", help="Allow lengths of time down to 1 ms, to replay days in seconds."),
    ] = None,
    log_format: Annotated[
        Literal["auto", "json", "console"] | None,
        typer.Option(help="Form of the log on standard error. \\[default: auto]", rich_help_panel=_LOG),
    ] = None,
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"] | None,
        typer.Option(help="Least level that is logged. \\[default: info]", rich_help_panel=_LOG),
    ] = None,
    streams_per_caller: Annotated[
        int | None, typer.Option(help="Open streams one caller may have. \\[default: 2000]", rich_help_panel=_LIMITS)
    ] = None,
    keepalive_time: Annotated[
        float | None,
        typer.Option(help="Seconds of silence before a peer is pinged. \\[default: 20]", rich_help_panel=_LIMITS),
    ] = None,
    keepalive_timeout: Annotated[
        float | None,
        typer.Option(help="Seconds to wait for a ping's answer. \\[default: 10]", rich_help_panel=_LIMITS),
    ] = None,
    least_ping_interval: Annotated[
        float | None,
        typer.Option(help="Seconds clients must leave between pings. \\[default: 10]", rich_help_panel=_LIMITS),
    ] = None,
    watch_stall_limit: Annotated[
        float | None,
        typer.Option(help="Seconds until a stream whose peer does not read is ended. \\[default: 60]", rich_help_panel=_LIMITS),
    ] = None,
    drain: Annotated[
        float | None,
        typer.Option(help="Seconds streams and calls get at a shutdown. \\[default: 5]", rich_help_panel=_LIMITS),
    ] = None,
    scheduling: Annotated[
        Literal["batch", "normal"] | None,
        typer.Option(help="How the kernel schedules the server's threads. \\[default: batch]", rich_help_panel=_PROCESS),
    ] = None,
    event_loop: Annotated[
        Literal["asyncio", "uvloop"] | None,
        typer.Option(help="What runs the event loop. \\[default: asyncio]", rich_help_panel=_PROCESS),
    ] = None,
) -> None:
    """Start the server; it runs until SIGTERM or Ctrl-C.

    Every option is also an environment variable, ONDUTY_LISTEN for --listen and so on, and a key of the --config file.
    Flags win over the environment, the environment wins over the file.

    Example: onduty serve --listen 127.0.0.1:50051 --journal onduty.db
    """
    flags: dict[str, Any] = {key: value for key, value in locals().items() if key != "config"}
    problems = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        settings = load_settings(flags, config)
    except ConfigError as error:
        problems.print("onduty: the configuration has mistakes:", style="bold red")
        for line in str(error).splitlines():
            problems.print(f"  {line}", markup=False)
        raise typer.Exit(2) from error
    set_up_logging(settings.log_format, settings.log_level)
    tune(batch_scheduling=settings.scheduling == "batch")
    try:
        with asyncio.Runner(loop_factory=loop_factory(settings.event_loop)) as runner:
            runner.run(_serve(settings))
            ignore_ending_signals()
    except (JournalLockedError, JournalOpenError, JournalUnavailableError, AddressInUseError) as error:
        problems.print(f"onduty: {error}", markup=False, style="bold red")
        raise typer.Exit(1) from error


async def _serve(settings: Settings) -> None:
    stop = ended_by_signals()
    gc.disable()  # while the staff are read there is only what stays.
    async with running(settings, on_bound=lambda address: _tell(settings, address)):
        gc.freeze()  # and what is there now need not be looked through again.
        gc.enable()
        await stop.wait()


def _tell(settings: Settings, address: str) -> None:
    """One line that programs can wait for, and first steps for people."""
    console = Console(highlight=False, soft_wrap=True)
    journal = settings.journal_path
    console.print(f"Onduty is serving on {address} (journal: {journal})", markup=False)
    if settings.sample:
        server = "" if address == DEFAULT_LISTEN else f" --server {address}"
        console.print(FIRST_STEPS.format(program(), server), markup=False)
    console.file.flush()
