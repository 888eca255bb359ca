"""The command `onduty web`: serves browsers and JSON before a server; it holds no rule and decides no access."""

import asyncio
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from onduty_cli.access import CaFile, CertFile, KeyFile, ServerName, Tls
from onduty_cli.completion import DEFAULT_SERVER
from onduty_cli.server_side.process import ended_by_signals, ignore_ending_signals, tune
from onduty_client.options import ConnectionOptions, TlsOptions, check_options, is_loopback
from onduty_web.guard import GuardRules
from onduty_web.listener import ListenerLimits, bind
from onduty_web.run import WebOptions, run

app = typer.Typer()

DEFAULT_LISTEN: Final = "127.0.0.1:8080"

_HTTP: Final = "HTTP"


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in text.split(",") if name.strip())


@app.command("web")
def web(
    *,
    server: Annotated[
        str, typer.Option("--server", envvar="ONDUTY_SERVER", metavar="HOST:PORT", help="The server's address, or unix:PATH.")
    ] = DEFAULT_SERVER,
    listen: Annotated[
        str, typer.Option("--listen", metavar="HOST:PORT", help="Address to serve on; port 0 lets the system choose.")
    ] = DEFAULT_LISTEN,
    allowed_hosts: Annotated[
        str,
        typer.Option(
            metavar="NAME,...", show_default=False, rich_help_panel=_HTTP,
            help="Names by which browsers may ask, beside localhost and addresses.",
        ),
    ] = "",
    allowed_origins: Annotated[
        str,
        typer.Option(
            metavar="ORIGIN,...", show_default=False, rich_help_panel=_HTTP,
            help="Origins of other sites whose pages may call, scheme and host as a browser sends them.",
        ),
    ] = "",
    https_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, rich_help_panel=_HTTP,
            help="The certificate chain to serve HTTPS with, as PEM."),
    ] = None,
    https_key: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, rich_help_panel=_HTTP,
            help="Its key, as PEM without a password."),
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", rich_help_panel=_HTTP, help="Serve plain HTTP where other machines can reach it.")
    ] = False,
    drain: Annotated[
        float, typer.Option(min=0, max=600, rich_help_panel=_HTTP, help="Seconds that calls get at a shutdown.")
    ] = 5.0,
    tls: Tls = False,
    ca_file: CaFile = None,
    cert_file: CertFile = None,
    key_file: KeyFile = None,
    server_name: ServerName = "",
    listen_fd: Annotated[int | None, typer.Option(hidden=True)] = None,
    with_stdin: Annotated[bool, typer.Option("--with-stdin", hidden=True)] = False,
) -> None:  # fmt: skip
    """Serve the pages and JSON over HTTP before a server; it runs until SIGTERM or Ctrl-C.

    Callers' credentials are handed on: the server decides who may do what.

    Example: onduty web --server 127.0.0.1:50051 --listen 127.0.0.1:8080
    """
    access = TlsOptions(ca_file=ca_file, cert_file=cert_file, key_file=key_file, server_name=server_name)
    options = WebOptions(
        target=server,
        tls=access if tls or access != TlsOptions() else None,
        certificate=_certificate(https_cert, https_key),
        rules=GuardRules(_names(allowed_hosts), _names(allowed_origins), any_host=https_cert is not None),
        listener=ListenerLimits(drain_seconds=drain),
    )
    _check_target(options)
    if listen_fd is not None:
        bound = socket.socket(fileno=listen_fd)
    else:
        bound = _bound(listen, is_safe=insecure or options.certificate is not None)
    tune(batch_scheduling=False)
    try:
        asyncio.run(_serve(options, bound, with_stdin=with_stdin))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def shown_address(bound: socket.socket, *, https: bool) -> str:
    """Where the pages are, as a browser is told."""
    host, port = bound.getsockname()[:2]
    return f"http{'s' if https else ''}://{f'[{host}]' if ':' in host else host}:{port}"


async def _serve(options: WebOptions, bound: socket.socket, *, with_stdin: bool) -> None:
    stop = ended_by_signals(reload=lambda: None)  # there is nothing to read again.
    if with_stdin:
        loop = asyncio.get_running_loop()
        threading.Thread(target=_until_closed, args=(loop, stop), daemon=True).start()
    else:
        address = shown_address(bound, https=options.certificate is not None)
        typer.echo(f"Onduty's pages are on {address} (server: {options.target})")
    await run(options, bound, stop)
    ignore_ending_signals()


def _until_closed(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Ends with whoever holds the other end of standard input, however it ends."""
    while sys.stdin.buffer.read(1):
        pass
    with suppress(RuntimeError):  # it has ended by itself.
        loop.call_soon_threadsafe(stop.set)


def _certificate(chain: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if chain is None or key is None:
        if chain is not key:
            raise typer.BadParameter("--https-cert and --https-key need each other")
        return None
    return chain, key


def _check_target(options: WebOptions) -> None:
    if options.target.startswith("unix:"):
        return
    try:
        check_options(ConnectionOptions(options.target, tls=options.tls))
    except ValueError as error:
        raise typer.BadParameter(str(error).replace("target", "--server", 1)) from None


def _bound(listen: str, *, is_safe: bool) -> socket.socket:
    host, colon, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdigit():
        raise typer.BadParameter(f"--listen must be HOST:PORT, as {DEFAULT_LISTEN}, not {listen!r}")
    if not is_safe and not is_loopback(host):
        raise typer.BadParameter(
            f"--listen {listen} can be reached from other machines: keys and tokens would travel in plain text."
            " Give --https-cert and --https-key, or say --insecure if a proxy in front speaks HTTPS."
        )
    try:
        return bind(host, int(port))
    except (OSError, OverflowError) as error:
        typer.echo(f"onduty: cannot listen on {listen}: {getattr(error, 'strerror', None) or error}", err=True)
        raise typer.Exit(1) from None
