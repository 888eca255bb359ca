"""Where a server listens and where its journal is, out of what people write."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from onduty_server.config.mistakes import ConfigError

POSTGRES_SCHEMES: Final = ("postgresql://", "postgres://")


def split_address(address: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT`` or ``[HOST]:PORT``.

    Raises:
        ValueError: It is not one.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        raise ValueError("must be HOST:PORT, as 127.0.0.1:50051")
    return host.removeprefix("[").removesuffix("]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very address or name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
