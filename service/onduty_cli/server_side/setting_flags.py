"""Makes a flag of every setting, so that each is written down once: in ``onduty_server.config``."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_origin

import typer

from onduty_server.config import ALL_SETTINGS, Setting

CONFIG_FILE: Final = inspect.Parameter(
    "config",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        Path | None, typer.Option(envvar="ONDUTY_CONFIG", help="A TOML file with these settings.", metavar="FILE")
    ],
)


def with_setting_flags(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes a file of settings as ``config``, and every setting as a keyword, None where it is not given."""
    parameters = [CONFIG_FILE, *(_parameter(setting) for setting in ALL_SETTINGS)]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # it is what typer reads.
    return command


def _parameter(setting: Setting) -> inspect.Parameter:
    names = (f"--{setting.name.replace('_', '-')}",)  # said, so that a switch has no opposite.
    default = f" \\[default: {setting.default}]" if setting.default else ""
    option = typer.Option(
        *names,
        metavar=setting.flag.metavar,
        help=f"{setting.flag.help}{default}",
        rich_help_panel=setting.section or None,
    )
    kind: Any = Annotated[_type_of(setting) | None, option]
    return inspect.Parameter(setting.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _type_of(setting: Setting) -> Any:
    """What typer reads a value as: lists are written with commas, and read by the settings themselves."""
    kind = setting.field.annotation
    if get_origin(kind) is tuple:
        return str
    if get_origin(kind) is Literal:
        return kind
    return next((plain for plain in (bool, int, float) if kind in (plain, plain | None)), str)
