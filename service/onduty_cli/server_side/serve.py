"""`onduty serve`: runs a server until it is told to stop. Its flags come from the table of options."""

import asyncio
import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import structlog
import typer
from rich.console import Console

from onduty_cli.counted import counted
from onduty_cli.installed import clash
from onduty_cli.server_side import web_side
from onduty_cli.server_side.process import ended_by_signals, ignore_ending_signals, loop_factory, program, tune
from onduty_cli.server_side.reloading import Reloading
from onduty_cli.server_side.serve_flags import with_flags_of_options
from onduty_cli.server_side.warnings_at_start import (
    shown_instant,
    warn_of_certificate,
    warn_of_journal,
    warn_of_keys,
    warn_of_open_files,
    warn_of_settings,
)
from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.compose import Running, running
from onduty_server.config import DEFAULT_LISTEN, ConfigError, Settings, load_settings
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.observability.admin_address import AdminAddressError
from onduty_server.observability.life import tell_starting
from onduty_server.observability.log_sink import LogSink
from onduty_server.observability.logging import capture_stderr, is_json, set_up_logging
from onduty_server.observability.service_manager import ServiceManager
from onduty_server.ports import JournalLockedError, JournalOpenError, RecordDamagedError
from onduty_server.rpc.addresses import AddressInUseError

app = typer.Typer()
log = structlog.get_logger(__name__)

START_FAILURES: Final = (
    JournalLockedError,
    JournalOpenError,
    JournalUnavailableError,
    RecordDamagedError,
    AddressInUseError,
    AdminAddressError,
    FileRefusedError,
)

FIRST_STEPS = """Try it in another terminal:

  {0} status set ana available{1}
  {0} call claim --group cards --call call-1 --source pbx-1{1}
  {0} call start ana call-1 --source pbx-1{1}
  {0} call end ana call-1 --source pbx-1{1}
  {0} history ana{1}
  {0} watch{1}
"""


@app.command("serve")
@with_flags_of_options
def serve(
    *,
    config: Annotated[
        Path | None, typer.Option(envvar="ONDUTY_CONFIG", help="A TOML file with these settings.", metavar="FILE")
    ] = None,
    **flags: Any,
) -> None:
    """Start the server; it runs until SIGTERM or Ctrl-C.

    Every option is also an environment variable, ONDUTY_LISTEN for --listen and so on, and a key of the --config file.
    Flags win over the environment, the environment wins over the file.

    Example: onduty serve --listen 127.0.0.1:50051 --journal onduty.db
    """
    try:
        settings = load_settings(flags, config)
    except ConfigError as error:
        _refuse(error, flags["log_format"])
        raise typer.Exit(2) from error
    tune(batch_scheduling=settings.scheduling == "batch")
    sink = set_up_logging(settings.log_format, settings.log_level)
    captured = capture_stderr(settings.log_format, settings.log_level)
    if advice := clash():
        log.warning("distributions_clash", advice=advice)
    code = 1
    try:
        reloading = Reloading(settings, lambda: load_settings(flags, config))
        code = _live(settings, reloading, as_json=is_json(settings.log_format, sink))
    finally:
        log.info("ended", exit_code=code, log_writes_dropped=(captured.sink if captured else sink).dropped)
        if captured is not None:
            captured.stop()
    raise typer.Exit(code)


def _refuse(error: ConfigError, log_format: str | None) -> None:
    """Tell all mistakes of the configuration: as an event where JSON is asked for, which is known without it."""
    if (log_format or os.environ.get("ONDUTY_LOG_FORMAT")) == "json":
        set_up_logging("json", "info")
        log.critical("configuration_refused", mistakes=[" ".join(line.split()) for line in str(error).splitlines()])
        return
    problems = Console(stderr=True, highlight=False, soft_wrap=True)
    problems.print("onduty: the configuration has mistakes:", style="bold red")
    for line in str(error).splitlines():
        problems.print(f"  {line}", markup=False)


def _live(settings: Settings, reloading: Reloading, *, as_json: bool) -> int:
    """A server from its start to its end; returns the exit code."""
    fields = type(settings).model_fields
    tell_starting(settings.model_dump(), {name: field.get_default(call_default_factory=True) for name, field in fields.items()})
    try:
        with asyncio.Runner(loop_factory=loop_factory(settings.event_loop)) as runner:
            runner.run(_serve(settings, reloading))
            ignore_ending_signals()
    except START_FAILURES as error:
        if as_json:
            log.critical("start_failed", kind=type(error).__name__, error=str(error))
        else:
            Console(stderr=True, highlight=False, soft_wrap=True).print(f"onduty: {error}", markup=False, style="bold red")
        return 1
    return 0


async def _serve(settings: Settings, reloading: Reloading) -> None:
    stop, time = ended_by_signals(reloading.begin), asyncio.get_running_loop().time
    manager = ServiceManager(os.environ)
    gc.disable()  # while the staff are read there is only what stays.
    warn_of_settings(settings)
    warn_of_keys(settings)
    warn_of_open_files(settings)
    async with (
        web_side.prepared(settings) as web,
        web_side.serving(web),  # it ends after the server, whose farewells it hands on.
        running(settings, on_bound=lambda found: _tell(settings, found, web), beside=web.socket_path if web else "") as server,
    ):
        gc.freeze()  # and what is there now need not be looked through again.
        gc.enable()
        began_at, memory = time(), server.engine.replica
        if server.server.tls is not None:
            warn_of_certificate(server.server.tls.expires_at, server.engine.clock.now())
        log.info(
            "serving",
            address=server.address,
            admin=server.admin,
            journal=server.journal,
            journal_is_new=server.journal_is_new,
            store=server.engine.journal.store_id,
            staff=memory.staff_count,
            revision=server.engine.head,
            rehearsal=settings.rehearsal,
            tls=settings.has_tls,
            credentials=settings.asks_for_credentials,
            web=web.address if web else "",
            certificate_expires_at=shown_instant(server.server.tls.expires_at) if server.server.tls else "",
        )
        reloading.follow(server.files)
        manager.tell("READY=1", f"STATUS=serving on {server.address}")
        feeding = asyncio.create_task(manager.feed_watchdog(), name="onduty-watchdog")
        await stop.wait()
        manager.tell("STOPPING=1")
        feeding.cancel()
        log.info("ending", reason=stop.reason, served_seconds=round(time() - began_at, 3))


def _tell(settings: Settings, found: Running, web: web_side.WebSide | None) -> None:
    """One line that programs can wait for, and first steps for people; not where the log is asked for as JSON."""
    if not settings.in_postgres:
        warn_of_journal(settings, Path(found.journal), is_new=found.journal_is_new)
    if settings.log_format == "json":
        return
    out = LogSink(sys.stdout)  # nobody may be reading; that is no reason not to serve.
    staff, changes = found.engine.replica.staff_count, found.engine.head
    holds = "a new journal" if found.journal_is_new else f"{staff:,} staff, {counted(changes, 'change')}"
    out.write(f"Onduty is serving on {found.address} (journal: {found.journal}, {holds})\n")
    if web is not None:
        out.write(f"The pages are on {web.address}/desk, {web.address}/board and {web.address}/team\n")
    if settings.sample and not settings.asks_for_credentials:
        server = "" if found.address == DEFAULT_LISTEN else f" --server {found.address}"
        out.write(FIRST_STEPS.format(program(), server) + "\n")
