"""What the claims of a token mean here, by a file: which claim has the tenants, roles, actor, staff member and skill groups."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from onduty_server.auth.grants_file import GROUP, NAME, ROLE_NAMES, STAFF_ID_LENGTH
from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.access.principal import CredentialKind, Principal
from onduty_server.domain.model.errors import CredentialProblem, UnauthenticatedError
from onduty_server.domain.model.status import ActorRole, Instant

Claims = Mapping[str, Any]
Path = tuple[str, ...]
"""The names that lead to a claim: one, or several where claims lie within claims."""

VALUES_MOST: Final = 1_000
EVERY_GROUP: Final = "*"
"""What the claim of skill groups says where it does not restrict."""


@dataclass(frozen=True, slots=True)
class ClaimMap:
    """Where what is needed stands in a token. ``fixed_tenants`` are every token's, beside those of its claim.

    ``skill_groups`` empty: tokens are not restricted to groups. Else each is restricted to those of its claim, and one without
    the claim to none at all.
    """

    actor: Path = ("sub",)
    tenants: Path = ("onduty_tenants",)
    roles: Path = ("onduty_roles",)
    staff_id: Path = ("onduty_staff_id",)
    skill_groups: Path = ()
    fixed_tenants: frozenset[str] = frozenset()
    role_names: Mapping[str, ActorRole] = field(default_factory=lambda: ROLE_NAMES)

    def principal_of(self, claims: Claims, expires_at: Instant, served: frozenset[str]) -> Principal:
        """Whose token it is. The role WORKSPACE is for the staff member of the claim, and for nobody without it.

        Raises:
            UnauthenticatedError: It gives no actor, no tenant or no role.
        """
        actor, staff_id = _text(claims, self.actor), _text(claims, self.staff_id)
        tenants = self.fixed_tenants | {name for name in _texts(claims, self.tenants) if NAME.fullmatch(name)}
        roles = {self.role_names[name] for name in _texts(claims, self.roles) if name in self.role_names}
        if not 0 < len(staff_id) <= STAFF_ID_LENGTH:
            roles.discard(ActorRole.WORKSPACE)
            staff_id = ""
        groups = self._groups(claims)
        if groups is not None:
            roles.discard(ActorRole.ADMIN)
        tenants &= served or tenants
        if not NAME.fullmatch(actor) or not tenants or not roles:
            raise UnauthenticatedError(CredentialProblem.UNMAPPED)
        return Principal(
            CredentialKind.TOKEN,
            actor,
            tenants=tenants,
            roles=frozenset(roles),
            actor_id=actor,
            staff_ids=frozenset({staff_id} if ActorRole.WORKSPACE in roles else ()),
            skill_groups=groups,
            expires_at=expires_at,
        )

    def _groups(self, claims: Claims) -> frozenset[str] | None:
        if not self.skill_groups:
            return None
        names = _texts(claims, self.skill_groups)
        return None if names == [EVERY_GROUP] else frozenset(name for name in names if GROUP.fullmatch(name))


def parse(content: bytes) -> ClaimMap:
    """The map of a TOML file.

    Raises:
        FileRefusedError: It is none; the field at fault is named.
    """
    try:
        found = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise FileRefusedError("the file of claims is not valid TOML") from None
    fields: dict[str, Any] = {}
    for name, value in found.items():
        match name, value:
            case (("actor" | "tenants" | "roles" | "staff_id" | "skill_groups"), str()) if value:
                fields[name] = (value,)
            case (("actor" | "tenants" | "roles" | "staff_id" | "skill_groups"), list()) if value and all(
                isinstance(one, str) for one in value
            ):
                fields[name] = tuple(value)
            case "fixed_tenants", list() if all(isinstance(one, str) and NAME.fullmatch(one) for one in value):
                fields[name] = frozenset(value)
            case "role_names", dict() if all(isinstance(one, str) and one in ROLE_NAMES for one in value.values()):
                fields[name] = {claimed: ROLE_NAMES[role] for claimed, role in value.items()}
            case _:
                raise FileRefusedError(f"the file of claims: {name} is no field, or its value has not the right form")
    return ClaimMap(**fields)


def _at(claims: Claims, path: Path) -> Any:
    found: Any = claims
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _text(claims: Claims, path: Path) -> str:
    found = _at(claims, path)
    return found if isinstance(found, str) else ""


def _texts(claims: Claims, path: Path) -> list[str]:
    """A list of texts, or the words of one, as scopes are written."""
    found = _at(claims, path)
    if isinstance(found, str):
        return found.split()[:VALUES_MOST]
    return [one for one in found[:VALUES_MOST] if isinstance(one, str)] if isinstance(found, list) else []
