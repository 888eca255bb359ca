"""Reads the settings of flags, environment, files that it names, and a TOML file; the first that has one wins."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from onduty_server.config.agreement import mistakes_of_access, mistakes_of_replicas
from onduty_server.config.mistakes import ConfigError, invalid_value, unknown_variable
from onduty_server.config.origins import SecretFileError, values_of_files
from onduty_server.config.places import default_journal, is_postgres, named_journal
from onduty_server.config.settings import Settings
from onduty_server.observability.redaction import shown_journal
from onduty_server.variables import unknown_variables


def load_settings(flags: Mapping[str, Any], file: Path | None = None) -> Settings:
    """The settings from flags (None: not given), environment and a TOML file.

    Raises:
        ConfigError: With every mistake, a line each.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    mistakes = [unknown_variable(name) for name in unknown_variables(os.environ)]
    try:
        settings = Settings(**{"from_file": read_file(file), "from_secrets": values_of_files(os.environ), **given})
    except SecretFileError as error:
        raise ConfigError("\n".join([str(error), *mistakes])) from error
    except ValidationError as error:
        mistakes = [invalid_value(found) for found in error.errors()] + mistakes
        raise ConfigError("\n".join(mistakes)) from error
    mistakes += mistakes_of_access(settings)
    mistakes += mistakes_of_replicas(settings)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    if not settings.in_postgres:
        _ = settings.journal_path  # there must be one.
    return settings


def read_file(file: Path | None) -> dict[str, Any]:
    """The settings that a TOML file has; none without a file.

    Raises:
        ConfigError: It cannot be read, or is not TOML.
    """
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"config: cannot read {file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"config: {file} is not valid TOML: {error}") from error


def configured_journal(named: str | None, environment: Mapping[str, str]) -> Path:
    """The journal that a server with this environment would use: ``named``, else ONDUTY_CONFIG's, else the default.

    Raises:
        ConfigError: The configuration cannot be read, there is no home directory, or the journal is no file.
    """
    file = environment.get("ONDUTY_CONFIG")
    settings = read_file(Path(file)) if file else {}
    try:
        journal = named or values_of_files(environment).get("journal") or settings.get("journal")
    except SecretFileError as error:
        raise ConfigError(str(error)) from error
    if journal and is_postgres(str(journal)):
        raise ConfigError(
            f"journal: {shown_journal(str(journal))} is no file: back up, restore and delete what is in PostgreSQL with the "
            "database's own tools, as pg_dump; `onduty journal copy` makes a file of it"
        )
    if journal:
        return named_journal(str(journal))
    return default_journal(environment, rehearsal=settings.get("rehearsal") is True)
