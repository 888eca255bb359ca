"""Addresses as they may be shown and logged: without what is secret in them."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

UNREADABLE: Final = "(an address that cannot be read)"


def shown_address(address: str) -> str:
    """The address of a database: scheme, user, hosts and database, and neither password nor parameters."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return UNREADABLE
    user, at, hosts = parts.netloc.rpartition("@")
    return urlunsplit((parts.scheme, f"{user.partition(':')[0]}{at}{hosts}", parts.path, "", ""))


def shown_journal(journal: str) -> str:
    """Where a journal is, as it may be shown: a path as it is."""
    return shown_address(journal) if "://" in journal else journal
