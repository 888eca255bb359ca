"""The rules of identity: which tenant, actor and role a call has, and whom it reaches. What no rule grants is denied.

1. A call concerns one tenant. The caller selects it among the credential's; where there is only one, nothing need be said.
2. The actor is the credential's. A caller that names another is denied, so that no history is wrong about who acted.
3. A call is made in one role: of those that the credential has and the method allows, the narrowest that reaches the person.
4. ``REACH`` says whom a role reaches. What a denial says is the same whether or not the tenant or the person exists.
5. A credential that is restricted to skill groups sees and touches their members only. For it nobody else exists, so whoever is
   asked for by name is unknown, be they of other groups or not there. It cannot administrate: staff, break reasons and policy
   are everybody's.
"""

from enum import Enum
from typing import Final

from onduty_server.domain.access.principal import Identity, Principal
from onduty_server.domain.model.errors import AccessProblem, FieldViolation, InvalidFieldsError, PermissionDeniedError
from onduty_server.domain.model.status import ActorRole

TENANT_KEY: Final = "onduty-tenant"
ACTOR_KEY: Final = "onduty-actor"


class Reach(Enum):
    """Whom a role reaches in the tenant."""

    OWN_STAFF = "the staff members that the credential acts for"
    EVERYBODY = "everybody, or the members of the credential's skill groups"


REACH: Final[dict[ActorRole, Reach]] = {
    ActorRole.WORKSPACE: Reach.OWN_STAFF,
    ActorRole.ROUTER: Reach.EVERYBODY,
    ActorRole.SUPERVISOR: Reach.EVERYBODY,
    ActorRole.ADMIN: Reach.EVERYBODY,
}
"""The roles that a credential can have, the narrowest first. SYSTEM is the service's own and nobody else's."""


def identity_of(principal: Principal, *, tenant: str, actor: str, method: str) -> Identity:
    """As whom a call is made whose metadata names ``tenant`` and ``actor``; empty: it names none.

    Raises:
        PermissionDeniedError: The credential is not for the tenant, or the actor is another.
        InvalidFieldsError: The credential is for several tenants, and none is named.
    """
    if not tenant:
        if len(principal.tenants) != 1:
            fault = FieldViolation(f"metadata {TENANT_KEY}", f"must name one of {_named(principal.tenants)}")
            raise InvalidFieldsError((fault,))
        (tenant,) = principal.tenants
    elif tenant not in principal.tenants:
        text = f"the credential is not for tenant {tenant!r}; it is for {_named(principal.tenants)}"
        raise PermissionDeniedError(method, AccessProblem.TENANT, text)
    if actor and actor != principal.actor_id:
        text = f"the credential acts as {principal.actor_id!r} and not as {actor!r}: leave {ACTOR_KEY} out"
        raise PermissionDeniedError(method, AccessProblem.ACTOR, text)
    return Identity(tenant, principal.actor_id, principal)


def check_roles(principal: Principal, allowed: frozenset[ActorRole], method: str) -> None:
    """Hold the credential's roles against those that may call the method, before anything of the request is looked at.

    Raises:
        PermissionDeniedError: It has none of them.
    """
    if not principal.roles & allowed:
        text = f"it needs the role {_either(allowed)}, and the credential has {_either(principal.roles)}"
        raise PermissionDeniedError(method, AccessProblem.ROLE, text)
    if not _usable(principal) & allowed:
        text = f"a credential that is restricted to skill groups has no use of the role {ActorRole.ADMIN.name}"
        raise PermissionDeniedError(method, AccessProblem.SKILL_GROUP, text)


def acting_role(principal: Principal, allowed: frozenset[ActorRole], staff_id: str | None, method: str) -> ActorRole:
    """The role in which a call is made that is about ``staff_id``; None: about nobody in particular.

    Raises:
        PermissionDeniedError: No role of the credential reaches that far.
    """
    check_roles(principal, allowed, method)
    for role, reach in REACH.items():
        if role in allowed and role in _usable(principal) and _reaches(principal, reach, staff_id):
            return role
    text = "the credential does not act for this staff member"
    raise PermissionDeniedError(method, AccessProblem.STAFF, text)


def _usable(principal: Principal) -> frozenset[ActorRole]:
    return principal.roles if principal.skill_groups is None else principal.roles - {ActorRole.ADMIN}


def groups_seen(principal: Principal, role: ActorRole) -> frozenset[str] | None:
    """The skill groups whose members exist for a call in this role; None: everybody does.

    Whom a workspace acts for by name it reaches in any group.
    """
    if role is ActorRole.WORKSPACE and principal.staff_ids is not None:
        return None
    return principal.skill_groups


def _reaches(principal: Principal, reach: Reach, staff_id: str | None) -> bool:
    if reach is Reach.EVERYBODY or staff_id is None:
        return True
    return bool(staff_id) and (principal.staff_ids is None or staff_id in principal.staff_ids)


def still_covers(current: Principal, before: Principal) -> bool:
    """Whether a credential, as it is now, reaches everything that it did when it was taken, as the same actor."""
    staff = current.staff_ids is None or (before.staff_ids is not None and before.staff_ids <= current.staff_ids)
    groups = current.skill_groups is None or (before.skill_groups is not None and before.skill_groups <= current.skill_groups)
    same = current.actor_id == before.actor_id and before.tenants <= current.tenants and before.roles <= current.roles
    return same and staff and groups


def _named(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _either(roles: frozenset[ActorRole]) -> str:
    return " or ".join(role.name for role in REACH if role in roles) or "none"
