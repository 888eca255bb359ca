"""Where each setting comes from, and values that stand in files of their own, as secrets do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from onduty_server.variables import PREFIX

IN_FILES: Final = ("journal",)
"""Settings whose value may hold a secret: ``ONDUTY_<SETTING>_FILE`` names a file that holds it. All others that are secret are
files by themselves."""


class SecretFileError(Exception):
    """A file of one setting cannot be used. The message begins with the variable's name."""


def values_of_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that files hold, by name.

    Raises:
        SecretFileError: A file cannot be read or is empty, or the setting is in the environment as well.
    """
    given = {name.upper(): value for name, value in environment.items()}
    found = {}
    for setting in IN_FILES:
        plain, variable = f"{PREFIX}{setting.upper()}", f"{PREFIX}{setting.upper()}_FILE"
        if variable not in given:
            continue
        if plain in given:
            raise SecretFileError(f"{variable}: {plain} is set as well; one of them is meant")
        found[setting] = _content(variable, Path(given[variable]))
    return found


def _content(variable: str, path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretFileError(f"{variable}: {path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not text:
        raise SecretFileError(f"{variable}: {path} is empty")
    return text


def origin_of(setting: str, environment: Mapping[str, str], file: Path | None, in_file: Mapping[str, Any]) -> str:
    """Where a setting's value comes from, in words: a variable, a file, or the default."""
    variable = f"{PREFIX}{setting.upper()}"
    names = {name.upper(): name for name in environment}
    for known in (variable, f"{variable}_FILE"):
        if known in names:
            return names[known]
    return str(file) if setting in in_file else "default"
