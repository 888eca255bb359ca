"""The commands of `onduty config`: what a server would be started with here, and where each setting comes from."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from onduty_cli.output import Output, object_line
from onduty_server.config import OPTIONS, ConfigError, load_settings, read_file
from onduty_server.config.origins import origin_of
from onduty_server.observability.life import HIDDEN, shown

app = typer.Typer(
    name="config",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Show what a server would be started with.",
)

ConfigFile = Annotated[Path | None, typer.Option(envvar="ONDUTY_CONFIG", help="The TOML file of the settings.", metavar="FILE")]


@app.callback()
def _group() -> None:
    """A group, also with one command."""


@app.command("print")
def print_settings(
    *,
    config: ConfigFile = None,
    origin: Annotated[bool, typer.Option("--origin", help="Say behind each where it comes from.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write an object a line, with name, value and origin.")] = False,
) -> None:
    """Show every setting as `onduty serve` would have it from this environment and file, as TOML.

    Secrets are not shown. Exit code 2: the configuration has mistakes, which are told.

    Example: onduty config print --origin --config onduty.toml
    """
    output = Output(as_json=as_json)
    try:
        settings, in_file = load_settings({}, config), read_file(config)
    except ConfigError as error:
        for line in str(error).splitlines():
            output.remark(line)
        raise typer.Exit(2) from error
    for row in OPTIONS:
        name, comes_from = row.name, origin_of(row, os.environ, config, in_file)
        value = shown(name, getattr(settings, name))
        if as_json:
            output.line(object_line({"setting": name, "value": value, "origin": comes_from}))
        else:
            output.line(_toml_line(name, value, comes_from if origin else ""))


def _toml_line(name: str, value: Any, origin: str) -> str:
    if value is None or value == HIDDEN:
        # TOML has no word for nothing, and a secret is not shown: a comment stands for either.
        is_what = "not set" if value is None else HIDDEN
        return f"# {name} is {is_what}" + (f"; {origin}" if origin else "")
    return f"{name} = {json.dumps(value)}" + (f"  # {origin}" if origin else "")
