"""The file of API keys: one JSON object a line. It holds what keys reach and their hashes, and no key."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any, Final

from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.access.identity_rules import REACH
from onduty_server.domain.model.status import ActorRole, Instant

KEY_PREFIX: Final = "onduty_key_"
"""Lets people and scanners of files see what it is."""
KEY_BYTES: Final = 32
NAME: Final = re.compile(r"[!-~](?:[ -~]{0,126}[!-~])?")
"""Printable ASCII, 1-128 characters without blanks around them: what metadata can carry."""
STAFF_ID_LENGTH: Final = 128

ROLE_NAMES: Final[dict[str, ActorRole]] = {role.name.lower(): role for role in REACH}

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_FIELDS: Final = frozenset(
    ("id", "sha256", "roles", "tenants", "actor", "staff_ids", "all_staff", "created_at", "expires_at", "revoked_at")
)
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


class _LineError(Exception):
    """What is wrong with a line."""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key as the file has it. ``staff_ids`` None: the role WORKSPACE acts for everybody."""

    key_id: str
    sha256: str
    roles: frozenset[ActorRole]
    tenants: frozenset[str]
    actor_id: str
    staff_ids: frozenset[str] | None = frozenset()
    created_at: Instant | None = None
    expires_at: Instant | None = None
    revoked_at: Instant | None = None


def new_key() -> str:
    """A key that nobody can guess: 256 random bits."""
    return KEY_PREFIX + token_hex(KEY_BYTES)


def hash_of(key: str) -> str:
    """What the file has of a key.

    One round of SHA-256 is right for 256 random bits: there is nothing to try out that a slower hash would slow down.
    """
    return sha256(key.encode()).hexdigest()


# --- reading ----------------------------------------------------------------------------------------------------------


def parse(content: bytes) -> tuple[KeyEntry, ...]:
    """The keys of a file; empty lines and lines that begin with # are left out.

    Raises:
        FileRefusedError: A line is no key, or a name or hash is there twice. Its number is told, and no content.
    """
    entries: list[KeyEntry] = []
    names: set[str] = set()
    hashes: set[str] = set()
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        try:
            entry = _entry(line)
        except _LineError as error:
            raise FileRefusedError(f"the file of keys, line {number}: {error}") from None
        if entry.key_id in names or entry.sha256 in hashes:
            raise FileRefusedError(f"the file of keys, line {number}: the id or the hash is there before")
        names.add(entry.key_id)
        hashes.add(entry.sha256)
        entries.append(entry)
    return tuple(entries)


def _entry(line: bytes) -> KeyEntry:
    try:
        found = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise _LineError("it is not a JSON object") from None
    if not isinstance(found, dict):
        raise _LineError("it is not a JSON object")
    if unknown := sorted(found.keys() - _FIELDS):
        raise _LineError(f"there is no field {unknown[0]!r}")
    roles = _roles(found)
    key_id, digest = found.get("id"), found.get("sha256")
    if not isinstance(digest, str) or not _HASH.fullmatch(digest):
        raise _LineError("sha256 must be 64 hexadecimal digits in lower case")
    return KeyEntry(
        key_id=_name("id", key_id),
        sha256=digest,
        roles=roles,
        tenants=frozenset(_names("tenants", found.get("tenants"))),
        actor_id=_name("actor", found.get("actor", key_id)),
        staff_ids=_staff_ids(found, roles),
        created_at=_instant("created_at", found.get("created_at")),
        expires_at=_instant("expires_at", found.get("expires_at")),
        revoked_at=_instant("revoked_at", found.get("revoked_at")),
    )


def _roles(found: Mapping[str, Any]) -> frozenset[ActorRole]:
    names = _names("roles", found.get("roles"))
    for name in names:
        if name not in ROLE_NAMES:
            raise _LineError(f"there is no role {name!r}; there are {', '.join(ROLE_NAMES)}")
    return frozenset(ROLE_NAMES[name] for name in names)


def _staff_ids(found: Mapping[str, Any], roles: frozenset[ActorRole]) -> frozenset[str] | None:
    """Whom the role WORKSPACE acts for. It must be said, so that a line which says too little opens nothing."""
    everybody, named = found.get("all_staff", False), found.get("staff_ids", [])
    if not isinstance(everybody, bool):
        raise _LineError("all_staff must be true or false")
    if not isinstance(named, list) or not all(isinstance(one, str) and 0 < len(one) <= STAFF_ID_LENGTH for one in named):
        raise _LineError(f"staff_ids must be a list of ids of 1-{STAFF_ID_LENGTH} characters")
    if (ActorRole.WORKSPACE in roles) != (bool(named) or everybody) or (named and everybody):
        raise _LineError("the role workspace needs either staff_ids or all_staff, and no other role has them")
    return None if everybody else frozenset(named)


def _names(field: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        raise _LineError(f"{field} must be a list of names, and not empty")
    return [_name(field, one) for one in value]


def _name(field: str, value: Any) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise _LineError(f"{field} must be 1-128 printable ASCII characters without blanks around them")
    return value


def _instant(field: str, value: Any) -> Instant | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _LineError(f"{field} must be an instant with its offset, as 2026-12-31T23:59:59Z")
    return Instant((moment - _EPOCH) // timedelta(microseconds=1))


# --- writing ----------------------------------------------------------------------------------------------------------


def line_of(entry: KeyEntry) -> str:
    """The line of a key, without its end."""
    fields: dict[str, Any] = {
        "id": entry.key_id,
        "sha256": entry.sha256,
        "roles": [name for name, role in ROLE_NAMES.items() if role in entry.roles],
        "tenants": sorted(entry.tenants),
        "actor": entry.actor_id,
        "staff_ids": sorted(entry.staff_ids or ()),
        "all_staff": entry.staff_ids is None,
        "created_at": _text(entry.created_at),
        "expires_at": _text(entry.expires_at),
        "revoked_at": _text(entry.revoked_at),
    }
    return json.dumps({name: value for name, value in fields.items() if value not in (None, [], False)})


def with_key(content: bytes, entry: KeyEntry) -> bytes:
    """The file's content with one more key at its end. Everything else stays as it is.

    Raises:
        FileRefusedError: The content is no file of keys, or has the id already.
    """
    if any(one.key_id == entry.key_id for one in parse(content)):
        raise FileRefusedError(f"there is a key {entry.key_id!r} already: an id is never used again")
    before = content if not content or content.endswith(b"\n") else content + b"\n"
    return before + line_of(entry).encode() + b"\n"


def without_key(content: bytes, key_id: str, at: Instant) -> bytes:
    """The file's content with a key revoked. Every other line stays as it is.

    Raises:
        FileRefusedError: The content is no file of keys, or has no such key.
    """
    entries = {entry.key_id: entry for entry in parse(content)}
    if key_id not in entries:
        raise FileRefusedError(f"there is no key {key_id!r}")
    revoked = replace(entries[key_id], revoked_at=entries[key_id].revoked_at or at)
    return b"".join(_replaced(content.splitlines(keepends=True), revoked))


def _replaced(lines: Sequence[bytes], entry: KeyEntry) -> Iterable[bytes]:
    for line in lines:
        is_entry = line.strip() and not line.lstrip().startswith(b"#")
        yield line_of(entry).encode() + b"\n" if is_entry and json.loads(line)["id"] == entry.key_id else line


def _text(instant: Instant | None) -> str | None:
    if instant is None:
        return None
    return (_EPOCH + timedelta(microseconds=instant)).isoformat(timespec="seconds").replace("+00:00", "Z")
