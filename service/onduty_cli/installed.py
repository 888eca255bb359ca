"""Tells where two distributions lay claim to the same packages."""

import sys
from importlib.metadata import distributions
from typing import Final

DISTRIBUTION: Final = "onduty"
CLIENT: Final = "onduty-client"
"""The client alone, for programs that only call. Its packages are in the other distribution as well."""


def clash(path: list[str] | None = None) -> str | None:
    """What to say where both distributions are installed in different versions; None where there is nothing to say.

    Whichever was installed last has overwritten the other's files, so the server may run with a contract of another version.
    ``path`` is where to look, by default where Python imports from.
    """
    versions = {name: _version_of(name, path) for name in (DISTRIBUTION, CLIENT)}
    server, client = versions[DISTRIBUTION], versions[CLIENT]
    if server is None or client is None or server == client:
        return None
    return (
        f"{CLIENT} {client} is installed beside {DISTRIBUTION} {server}, which has the client in it, and they overwrite each "
        f"other's files. Uninstall both and install {DISTRIBUTION} alone: pip uninstall {DISTRIBUTION} {CLIENT}"
    )


def _version_of(name: str, path: list[str] | None) -> str | None:
    found = next(iter(distributions(name=name, path=sys.path if path is None else path)), None)
    return found.version if found else None
