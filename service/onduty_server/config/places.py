"""Where the journal is: what names a file and what a database, and the place that is used if nobody says so."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from onduty_server.config.mistakes import ConfigError

DEFAULT_JOURNAL: Final = "~/.local/state/onduty/onduty.db"
"""As it is shown; ``default_journal`` says where it really is."""

POSTGRES_SCHEMES: Final = ("postgresql://", "postgres://")


def is_postgres(journal: str) -> bool:
    """Whether a journal's name is the address of a PostgreSQL database."""
    return journal.startswith(POSTGRES_SCHEMES)


def named_journal(text: str) -> Path:
    """The absolute path that a setting or option names; ``~`` is the home directory.

    Raises:
        ConfigError: There is no home directory.
    """
    try:
        return Path(text.removeprefix("sqlite://")).expanduser().absolute()
    except RuntimeError:
        raise ConfigError(f"journal: {text} needs a home directory, and this user has none: name an absolute path") from None


def default_journal(environment: Mapping[str, str], *, rehearsal: bool = False) -> Path:
    """Where the journal is if nobody says so: an absolute place of one's own, the same from wherever a server is started.

    A service manager's state directory, else the user's by the XDG base directory specification, which ignores relative ones.
    A rehearsal has a file of its own, so that it never plays on a journal of real work by default.

    Raises:
        ConfigError: There is no home directory.
    """
    name = "rehearsal.db" if rehearsal else "onduty.db"
    own = environment.get("STATE_DIRECTORY", "").partition(":")[0]
    if own.startswith("/"):
        return Path(own) / name
    state = environment.get("XDG_STATE_HOME", "")
    return (Path(state) if state.startswith("/") else named_journal("~/.local/state")) / "onduty" / name
