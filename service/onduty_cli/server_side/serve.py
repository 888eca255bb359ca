"""`onduty serve`: runs a server until it is told to stop; it configures nothing that ``config.py`` does not know."""

import asyncio
import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import structlog
import typer
from rich.console import Console

from onduty_cli.counted import counted
from onduty_cli.installed import clash
from onduty_cli.server_side import web_side
from onduty_cli.server_side.process import ended_by_signals, ignore_ending_signals, loop_factory, program, tune
from onduty_cli.server_side.reloading import Reloading
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
from onduty_server.config import DEFAULT_JOURNAL, DEFAULT_LISTEN, ConfigError, Settings, load_settings
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

_ACCESS = "Access"
_LOG = "Log, metrics, traces and health"
_LIMITS = "Limits"
_PROCESS = "Process"
_POSTGRES = "PostgreSQL"
_WEB = "Web"
_REPLICAS = "Replicas"

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
def serve(
    *,
    listen: Annotated[
        str | None,
        typer.Option(help=f"Address to serve on; port 0 lets the system choose. \\[default: {DEFAULT_LISTEN}]"),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE", help=f"The journal: a file, or postgresql://USER@HOST/DATABASE. \\[default: {DEFAULT_JOURNAL}]"
        ),
    ] = None,
    web: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Serve the pages and JSON here by HTTP, beside. \\[default: none]"),
    ] = None,
    web_hosts: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help="Names by which browsers may ask, beside localhost. \\[default: none]",
            rich_help_panel=_WEB,
        ),
    ] = None,
    web_origins: Annotated[
        str | None,
        typer.Option(metavar="ORIGIN,...", help="Other sites whose pages may call. \\[default: none]", rich_help_panel=_WEB),
    ] = None,
    tenants: Annotated[
        str | None,
        typer.Option(metavar="NAME,...", help="The tenants that are served; any other is refused. \\[default: any]"),
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
        typer.Option("--insecure", help="Serve where other machines can reach it without TLS, or without credentials."),
    ] = None,
    keys: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The file of API keys: callers must show a credential. \\[default: none]",
            rich_help_panel=_ACCESS,
        ),
    ] = None,
    tls_cert: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The server's certificate chain, as PEM. \\[default: none]", rich_help_panel=_ACCESS),
    ] = None,
    tls_key: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Its key, as PEM without a password. \\[default: none]", rich_help_panel=_ACCESS),
    ] = None,
    tls_client_ca: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Who may sign clients' certificates, as PEM. \\[default: none]", rich_help_panel=_ACCESS
        ),
    ] = None,
    tls_client_auth: Annotated[
        Literal["none", "required"] | None,
        typer.Option(help="Whether clients must show a certificate. \\[default: none]", rich_help_panel=_ACCESS),
    ] = None,
    client_certificates: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="What the names in clients' certificates reach. \\[default: none]", rich_help_panel=_ACCESS
        ),
    ] = None,
    audit: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The audit log; left out, beside the journal where callers show credentials. \\[default: none]",
            rich_help_panel=_ACCESS,
        ),
    ] = None,
    audit_bytes: Annotated[
        int | None,
        typer.Option(
            metavar="BYTES",
            help="What its files have together. \\[default: 67108864]",
            rich_help_panel=_ACCESS,
        ),
    ] = None,
    jwt_issuer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose JSON Web Tokens are taken. \\[default: none]", rich_help_panel=_ACCESS),
    ] = None,
    jwt_audience: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whom tokens must be for. \\[default: none]", rich_help_panel=_ACCESS),
    ] = None,
    jwt_keys: Annotated[
        str | None,
        typer.Option(
            metavar="FILE_OR_URL", help="The issuer's keys: a JSON Web Key Set. \\[default: none]", rich_help_panel=_ACCESS
        ),
    ] = None,
    jwt_algorithms: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...", help="What tokens may be signed by. \\[default: RS256,ES256]", rich_help_panel=_ACCESS
        ),
    ] = None,
    jwt_claims: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What a token's claims mean, as TOML. \\[default: none]", rich_help_panel=_ACCESS),
    ] = None,
    jwt_leeway: Annotated[
        float | None,
        typer.Option(help="Seconds by which the issuer's clock may differ. \\[default: 30]", rich_help_panel=_ACCESS),
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
    postgres_schema: Annotated[
        str | None,
        typer.Option(help="The schema of the journal's tables. \\[default: onduty]", rich_help_panel=_POSTGRES),
    ] = None,
    postgres_statement_timeout: Annotated[
        float | None,
        typer.Option(help="Seconds until a statement is given up. \\[default: 5]", rich_help_panel=_POSTGRES),
    ] = None,
    postgres_lock_timeout: Annotated[
        float | None,
        typer.Option(help="Seconds to wait for others' locks. \\[default: 3]", rich_help_panel=_POSTGRES),
    ] = None,
    admin: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Serve metrics and health by HTTP there, as 127.0.0.1:9464. \\[default: none]",
            rich_help_panel=_LOG,
        ),
    ] = None,
    advertise: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Where other replicas reach this one; it shares its journal with them. \\[default: none]",
            rich_help_panel=_REPLICAS,
        ),
    ] = None,
    replica_listen: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Where to listen for them, if not there. \\[default: none]",
            rich_help_panel=_REPLICAS,
        ),
    ] = None,
    replica_ca: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Who signs their certificates, as PEM. \\[default: none]", rich_help_panel=_REPLICAS),
    ] = None,
    traces: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Send traces to a collector of OpenTelemetry. \\[default: none]", rich_help_panel=_LOG
        ),
    ] = None,
    trace_ratio: Annotated[
        float | None, typer.Option(help="Share of requests that are traced. \\[default: 0.01]", rich_help_panel=_LOG)
    ] = None,
    streams_per_caller: Annotated[
        int | None, typer.Option(help="Open watches one caller may have. \\[default: 2000]", rich_help_panel=_LIMITS)
    ] = None,
    streams_per_tenant: Annotated[
        int | None,
        typer.Option(help="Open watches, and workspaces, of one tenant. \\[default: 15000]", rich_help_panel=_LIMITS),
    ] = None,
    streams: Annotated[
        int | None,
        typer.Option(help="Open watches, and workspaces, of all tenants. \\[default: 50000]", rich_help_panel=_LIMITS),
    ] = None,
    workspaces_per_caller: Annotated[
        int | None,
        typer.Option(help="Attached workspaces of one caller with a credential. \\[default: 15000]", rich_help_panel=_LIMITS),
    ] = None,
    scans_per_caller: Annotated[
        int | None,
        typer.Option(help="Questions about the past of one caller at a time. \\[default: 50]", rich_help_panel=_LIMITS),
    ] = None,
    calls_per_caller: Annotated[
        int | None,
        typer.Option(help="Calls a second of one caller; with credentials 2000. \\[default: any]", rich_help_panel=_LIMITS),
    ] = None,
    calls_per_tenant: Annotated[
        int | None,
        typer.Option(help="Calls a second of one tenant; with credentials 10000. \\[default: any]", rich_help_panel=_LIMITS),
    ] = None,
    items_per_caller: Annotated[
        int | None,
        typer.Option(
            help="Items of batches a second of one caller; with credentials 20000. \\[default: any]", rich_help_panel=_LIMITS
        ),
    ] = None,
    items_per_tenant: Annotated[
        int | None,
        typer.Option(
            help="Items of batches a second of one tenant; with credentials 100000. \\[default: any]", rich_help_panel=_LIMITS
        ),
    ] = None,
    bytes_per_caller: Annotated[
        int | None,
        typer.Option(help="Bytes a second of one caller; with credentials 64 MiB. \\[default: any]", rich_help_panel=_LIMITS),
    ] = None,
    bytes_per_tenant: Annotated[
        int | None,
        typer.Option(help="Bytes a second of one tenant; with credentials 256 MiB. \\[default: any]", rich_help_panel=_LIMITS),
    ] = None,
    connections: Annotated[
        int | None,
        typer.Option(help="Connections in all. \\[default: any]", rich_help_panel=_LIMITS),
    ] = None,
    connection_age: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Seconds after which a connection is ended politely; 0: never. \\[default: 0]",
            rich_help_panel=_LIMITS,
        ),
    ] = None,
    handshake_timeout: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Seconds that a new connection has for its handshakes. \\[default: 20]",
            rich_help_panel=_LIMITS,
        ),
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
    try:
        settings = load_settings(flags, config)
    except ConfigError as error:
        _refuse(error, log_format)
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
