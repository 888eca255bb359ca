"""Checks ids of new staff as people type them, and proposes others; the contract's own rule is the server's."""

import re
import unicodedata
from shlex import quote

import typer


def id_fault(staff_id: str) -> str:
    """Returns what is wrong with an id, as part of a sentence; empty if nothing is.

    The contract takes ids with blanks. Typed, they are nearly always a name in the wrong place.
    """
    return f"{staff_id!r} has a blank; an id has none" if any(c.isspace() for c in staff_id) else ""


def proposed_id(name: str) -> str:
    """Returns an id that fits a name: its first word, in small letters without accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return next(iter(re.findall(r"[a-z0-9._-]+", plain)), "kim")


def check_new_id(staff_id: str) -> None:
    """Refuses an id that looks like a name.

    Raises:
        typer.BadParameter: It has a blank; the message says how the name is given.
    """
    if fault := id_fault(staff_id):
        raise typer.BadParameter(f"{fault}. Did you mean: onduty staff add {proposed_id(staff_id)} --name {quote(staff_id)}")
