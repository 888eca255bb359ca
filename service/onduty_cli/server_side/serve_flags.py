"""Gives `onduty serve` a flag for every option of the server's table."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape

from onduty_server.config import OPTIONS, Row

C = TypeVar("C", bound=Callable[..., None])


def with_flags_of_options(command: C) -> C:
    """The command, which takes keyword arguments, with the table's flags beside its own. A flag that is not given is None.

    Values are text or numbers as typed: their bounds are checked with those of the other sources, to tell all mistakes at once.
    """
    own = [each for each in inspect.signature(command).parameters.values() if each.kind is each.KEYWORD_ONLY]
    flags = [
        inspect.Parameter(row.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_flag(row)) for row in OPTIONS
    ]
    parameters = [*flags, *own]
    # What typer reads of a function, which for one with `**flags` has to be said.
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # inspect looks for it.
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _flag(row: Row) -> Any:
    """The annotation of a flag, as typer reads it."""
    option = row.option
    default = f" [default: {row.default_text}]" if row.default_text else ""
    shown = typer.Option(
        row.flag,
        metavar=option.form or None,
        help=escape(option.help + default),
        rich_help_panel=None if option.group.is_first else option.group.value,
    )
    return Annotated[_typed(row) | None, shown]


def _typed(row: Row) -> Any:
    """What a flag's text is made into: a list stays as it was typed."""
    if row.choices or row.value_type in (bool, int, float):
        return row.value_type
    return int if row.value_type == int | None else str
