"""Where each setting comes from, and values that stand in files of their own, as secrets do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onduty_server.config.option import Row
from onduty_server.config.settings import OPTIONS


class SecretFileError(Exception):
    """A file of one setting cannot be used. The message begins with the variable's name."""


def values_of_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that files hold, by name.

    Raises:
        SecretFileError: A file cannot be read or is empty, or the setting is in the environment as well.
    """
    given = {name.upper(): value for name, value in environment.items()}
    found = {}
    for row in OPTIONS:
        if not row.option.may_be_secret:
            continue
        plain, variable = row.variable, row.file_variable
        if variable not in given:
            continue
        if plain in given:
            raise SecretFileError(f"{variable}: {plain} is set as well; one of them is meant")
        found[row.name] = _content(variable, Path(given[variable]))
    return found


def _content(variable: str, path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretFileError(f"{variable}: {path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not text:
        raise SecretFileError(f"{variable}: {path} is empty")
    return text


def origin_of(row: Row, environment: Mapping[str, str], file: Path | None, in_file: Mapping[str, Any]) -> str:
    """Where an option's value comes from, in words: a variable, a file, or the default."""
    names = {name.upper(): name for name in environment}
    for known in (row.variable, row.file_variable):
        if known in names:
            return names[known]
    return str(file) if row.name in in_file else "default"
