"""Mistakes in the configuration, in words: a line each that names the option, what is wrong, and the value."""

from collections.abc import Mapping
from typing import Any

from onduty_server.observability.redaction import shown_journal
from onduty_server.variables import meant


class ConfigError(Exception):
    """The configuration has mistakes; the message has a line for each."""


def unknown_variable(variable: str) -> str:
    """A mistake in words: a misspelt setting must not mean the default in silence."""
    return f"{variable}: there is no such setting" + (f"; {meant(variable)}" if meant(variable) else "")


def invalid_value(error: Mapping[str, Any]) -> str:
    """What pydantic found, in words."""
    name = ".".join(str(part) for part in error["loc"]) or "configuration"
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    given = error["input"]
    shown = shown_journal(given) if isinstance(given, str) else given
    return f"{name}: {str(error['msg']).removeprefix('Value error, ')} (it is {shown!r})"
