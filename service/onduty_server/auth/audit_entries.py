"""Entries of the audit log as values, and as the lines of its file; it writes none."""

import json
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from typing import Any, Final

from onduty_server.domain.model.status import Instant

TEXT_MOST: Final = 300
"""Characters of a text that a caller may have made up."""


class AuditKind(IntEnum):
    """What happened. The numbers are the contract's."""

    ACCESS_REFUSED = 1
    CREDENTIALS_CHANGED = 2
    CERTIFICATE_LOADED = 3
    CONFIGURATION_CHANGED = 4
    SERVER_STARTED = 5
    FILE_REFUSED = 6


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, from where. An entry holds no key, token or hash of one.

    ``tenant`` empty: it concerns the server. ``count`` is how often it happened since the entry like it before: of a flood
    some are written. ``number`` counts up over restarts.
    """

    at: Instant
    kind: AuditKind
    number: int = 0
    tenant: str = ""
    actor_id: str = ""
    credential_kind: str = ""
    credential_id: str = ""
    peer: str = ""
    method: str = ""
    reason: str = ""
    problem: str = ""
    subject: str = ""
    detail: str = ""
    request_id: str = ""
    count: int = 1

    def bounded(self) -> "AuditEntry":
        """The same with long texts cut."""
        fields: dict[str, Any] = asdict(self)
        long = {name: value for name, value in fields.items() if isinstance(value, str) and len(value) > TEXT_MOST}
        cut: dict[str, Any] = {name: value[:TEXT_MOST] for name, value in long.items()}
        return replace(self, **cut) if cut else self


def line_of(entry: AuditEntry) -> bytes:
    """The line of an entry, with its end; what is empty is left out."""
    fields = {**asdict(entry), "kind": entry.kind.name}
    return json.dumps({name: value for name, value in fields.items() if value not in ("", 0)}).encode() + b"\n"


def entry_of(line: bytes) -> AuditEntry | None:
    """The entry of a line; None where it is none, as one that was half written, or of a kind that is not known."""
    try:
        found: Any = json.loads(line)
        return AuditEntry(**{**found, "kind": AuditKind[found["kind"]], "at": Instant(int(found["at"]))})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
