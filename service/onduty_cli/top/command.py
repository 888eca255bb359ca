"""The command `onduty top`: how servers do, on a terminal that is kept up to date, as text or as JSON."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from onduty_cli.admin_pages import AdminPages
from onduty_cli.moments import MICROSECONDS, clock_text, iso_text
from onduty_cli.output import Output, object_line
from onduty_cli.top.looking import Looking
from onduty_cli.top.screen import HELP, Look, drawn, plain
from onduty_cli.top.tables import TABLES
from onduty_cli.wall_clock import WallClock
from onduty_cli.watch.terminal import Terminal

DEFAULT_ADMIN: Final = "127.0.0.1:9464"
EVERY_LEAST, EVERY_MOST = 0.2, 60.0
PLAIN_WIDTH: Final = 120
PAGE_LINES: Final = 5
TABLE_KEYS: Final = {name[0]: name for name in TABLES} | {"r": "servers"}

app = typer.Typer()


@app.command("top")
def top(
    *,
    admin: Annotated[
        list[str] | None,
        typer.Option(
            "--admin", envvar="ONDUTY_ADMIN", metavar="ADDRESS", show_default=False,
            help="The admin pages: HOST:PORT, or the whole address where they have TLS. May be repeated, as for the replicas of"
            f" a store. Left out: {DEFAULT_ADMIN}.",
        ),
    ] = None,
    ca_file: Annotated[
        Path | None,
        typer.Option(
            "--ca-file", envvar="ONDUTY_CA_FILE", metavar="FILE", show_default=False,
            help="Whom to trust instead of the system's roots.",
        ),
    ] = None,
    every: Annotated[
        float, typer.Option("--every", min=EVERY_LEAST, max=EVERY_MOST, metavar="SECONDS", help="How often to look.")
    ] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look twice, show what was between, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write an object a server and look, one a line.")] = False,
) -> None:  # fmt: skip
    """Show how a server does: rates, commit time, queue, watchers, lateness, staff, replicas. Red is what an alert is about.

    It reads the pages of a server that was started with --admin, and needs no credential. Keys: q quits, ? shows all keys, Tab
    goes to the next server, m, c, t and r choose the table. Into a pipe, and with --once, it writes the same as text.

    Exit code 1, with --once: a server does not answer, or is not ready.

    Example: onduty top --admin 127.0.0.1:9464 --once
    """
    output = Output(as_json=as_json)
    servers = [AdminPages(address, max(every, 1.0), ca_file) for address in admin or (DEFAULT_ADMIN,)]
    looking = Looking(servers, lambda: WallClock().now() / MICROSECONDS)
    looking.every_seconds = every
    try:
        with contextlib.suppress(KeyboardInterrupt):
            if once or as_json or not output.is_terminal or output.console.is_dumb_terminal:
                _write(output, looking, once=once or not as_json)
            else:
                _show(output, looking)
    finally:
        looking.end()
    if once and any(server.fault or server.wrong for server in looking.shown):
        raise typer.Exit(1)


def _write(output: Output, looking: Looking, *, once: bool) -> None:
    looking.step()
    while True:
        time.sleep(looking.every_seconds)
        looking.step()
        at = WallClock().now()
        if output.as_json:
            for server in looking.shown:
                output.line(object_line({"at": iso_text(at), "over_seconds": looking.every_seconds, **server.object()}))
        else:
            for line in plain(looking.shown, clock_text(at), PLAIN_WIDTH):
                output.line(line.plain.rstrip())
        if once:
            return


def _show(output: Output, looking: Looking) -> None:
    look = Look(every_seconds=looking.every_seconds)
    with Terminal(output.console) as terminal:
        looking.follow(terminal.wake)
        has_ended = False
        while not has_ended:
            size = terminal.size()
            shown = looking.shown
            lines = drawn(shown, look, clock_text(WallClock().now()), size) if shown else _waiting(size)
            terminal.draw(lines, size)
            for key in terminal.wait(look.every_seconds):
                has_ended = has_ended or key == "q"
                look = pressed(look, key, servers=len(shown) or 1)
            looking.every_seconds, looking.is_paused = look.every_seconds, look.is_paused


def _waiting(size: tuple[int, int]) -> Sequence[Text]:
    return [Text("onduty top: looking …"), *[Text()] * (size[1] - 1)]


def pressed(look: Look, key: str, *, servers: int) -> Look:
    """What is looked at after a key."""
    if look.shows_help or key == "?":
        return replace(look, shows_help=not look.shows_help and bool(HELP))
    if key in TABLE_KEYS:
        return replace(look, table=TABLE_KEYS[key], top=0)
    if key == "tab":
        return replace(look, place=(look.place + 1) % servers, top=0)
    if key == "p":
        return replace(look, is_paused=not look.is_paused)
    if key in {"+", "-"}:
        every = look.every_seconds * (0.5 if key == "+" else 2)
        return replace(look, every_seconds=min(max(every, EVERY_LEAST), EVERY_MOST))
    by = {"up": -1, "down": 1, "page-up": -PAGE_LINES, "page-down": PAGE_LINES}.get(key, 0)
    return replace(look, top=max(look.top + by, 0))
