"""The entry point of `onduty`: puts the commands together; what each does is in its own module."""

import os
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from onduty_cli.late_commands import LateCommands
from onduty_cli.server_side.environment import meant, unknown_variables

EPILOGUE = """A first look, with the server in another terminal:
  onduty serve
  onduty staff add kim --name "Kim Novak" --group sales
  onduty status set kim available
  onduty watch

Every client command takes these from the environment too: ONDUTY_SERVER,
ONDUTY_TENANT, ONDUTY_ACTOR, ONDUTY_ZONE; and its key or token from ONDUTY_TOKEN.

Exit codes: 0 done; 1 refused, failed, or not found; 2 wrong usage;
3 server not reachable; 4 of several, some were done and some were not."""

app = typer.Typer(
    name="onduty",
    cls=LateCommands,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOGUE,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value.
    if wanted:
        # Looking for distributions is much to import, and no other command needs it.
        from onduty_cli.installed import clash  # noqa: PLC0415
        from onduty_cli.server_side.software import version  # noqa: PLC0415

        typer.echo(f"onduty {version()}")
        if said := clash():
            typer.echo(f"onduty: {said}", err=True)
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    *,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Onduty, the staff-status service of a contact centre: run it, use it, watch it."""
    del show_version  # its callback has dealt with it.
    if context.invoked_subcommand != "serve":  # which refuses to start.
        for name in unknown_variables(os.environ):
            typer.echo(f"warning: {name} is set, but there is no such variable; {meant(name)}".rstrip("; "), err=True)


def _occupy_standard_streams() -> None:
    """Let no file that is opened later have the number of a stream that was closed: what others print would go into it."""
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(opened)


def main() -> None:
    """Runs the command line with the process's arguments and ends the process."""
    _occupy_standard_streams()
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what its core would print beside our own words
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal without a letter shows a mark instead of a traceback.
            stream.reconfigure(errors="replace")
    try:
        app()
    except OSError as error:
        if "--install-completion" not in sys.argv:
            raise
        typer.echo(f"cannot install the completion: {error}\nTo put it in place by hand: onduty --show-completion", err=True)
        sys.exit(1)
