"""Files that say what credentials reach: one JSON object a line, each with what its holder shows, as the file has it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.access.identity_rules import REACH
from onduty_server.domain.model.status import ActorRole, Instant

NAME: Final = re.compile(r"[!-~](?:[ -~]{0,126}[!-~])?")
"""Printable ASCII, 1-128 characters without blanks around them: what metadata can carry."""
STAFF_ID_LENGTH: Final = 128
GROUP: Final = re.compile(r"[a-z0-9._-]{1,64}")
"""A skill group, as the contract has it."""

ROLE_NAMES: Final[dict[str, ActorRole]] = {role.name.lower(): role for role in REACH}

_FIELDS: Final = frozenset(
    ("id", "roles", "tenants", "actor", "staff_ids", "all_staff", "skill_groups", "created_at", "expires_at", "revoked_at")
)
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


class _LineError(Exception):
    """What is wrong with a line."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the holder of a credential shows: the field that the file has it in, and its form."""

    field: str
    form: "re.Pattern[str]"
    fault: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What one credential reaches.

    ``staff_ids`` None: the role WORKSPACE acts for everybody. ``skill_groups`` None: there is no restriction to groups.
    """

    grant_id: str
    proof: str
    roles: frozenset[ActorRole]
    tenants: frozenset[str]
    actor_id: str
    staff_ids: frozenset[str] | None = frozenset()
    skill_groups: frozenset[str] | None = None
    created_at: Instant | None = None
    expires_at: Instant | None = None
    revoked_at: Instant | None = None


# --- reading ----------------------------------------------------------------------------------------------------------


def parse(content: bytes, proof: Proof, what: str) -> tuple[Grant, ...]:
    """The grants of a file that ``what`` names; empty lines and lines that begin with # are left out.

    Raises:
        FileRefusedError: A line is none, or has an id or a proof of another. Its number is told, and no content.
    """
    entries: list[Grant] = []
    names: set[str] = set()
    proofs: set[str] = set()
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        try:
            entry = _entry(line, proof)
        except _LineError as error:
            raise FileRefusedError(f"{what}, line {number}: {error}") from None
        if entry.grant_id in names or entry.proof in proofs:
            raise FileRefusedError(f"{what}, line {number}: the id or {proof.field} is there before")
        names.add(entry.grant_id)
        proofs.add(entry.proof)
        entries.append(entry)
    return tuple(entries)


def _entry(line: bytes, proof: Proof) -> Grant:
    try:
        found = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise _LineError("it is not a JSON object") from None
    if not isinstance(found, dict):
        raise _LineError("it is not a JSON object")
    if unknown := sorted(found.keys() - _FIELDS - {proof.field}):
        raise _LineError(f"there is no field {unknown[0]!r}")
    roles = _roles(found)
    grant_id, shown = found.get("id"), found.get(proof.field)
    if not isinstance(shown, str) or not proof.form.fullmatch(shown):
        raise _LineError(f"{proof.field} must be {proof.fault}")
    return Grant(
        grant_id=_name("id", grant_id),
        proof=shown,
        roles=roles,
        tenants=frozenset(_names("tenants", found.get("tenants"))),
        actor_id=_name("actor", found.get("actor", grant_id)),
        staff_ids=_staff_ids(found, roles),
        skill_groups=_skill_groups(found, roles),
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


def _skill_groups(found: Mapping[str, Any], roles: frozenset[ActorRole]) -> frozenset[str] | None:
    """What the credential is restricted to. An empty list is a mistake: it must not mean everybody."""
    if "skill_groups" not in found:
        return None
    groups = found["skill_groups"]
    if not isinstance(groups, list) or not groups or not all(isinstance(one, str) and GROUP.fullmatch(one) for one in groups):
        raise _LineError("skill_groups must be a list of names of 1-64 characters of [a-z0-9._-], and not empty")
    if ActorRole.ADMIN in roles:
        raise _LineError("the role admin cannot be restricted to skill_groups")
    return frozenset(groups)


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


def line_of(grant: Grant, proof: Proof) -> str:
    """The line of a grant, without its end."""
    fields: dict[str, Any] = {
        "id": grant.grant_id,
        proof.field: grant.proof,
        "roles": [name for name, role in ROLE_NAMES.items() if role in grant.roles],
        "tenants": sorted(grant.tenants),
        "actor": grant.actor_id,
        "staff_ids": sorted(grant.staff_ids or ()),
        "all_staff": grant.staff_ids is None,
        "skill_groups": sorted(grant.skill_groups or ()),
        "created_at": _text(grant.created_at),
        "expires_at": _text(grant.expires_at),
        "revoked_at": _text(grant.revoked_at),
    }
    return json.dumps({name: value for name, value in fields.items() if value not in (None, [], False)})


def _text(instant: Instant | None) -> str | None:
    if instant is None:
        return None
    return (_EPOCH + timedelta(microseconds=instant)).isoformat(timespec="seconds").replace("+00:00", "Z")
