"""Encodes the authenticated caller for the leader, which trusts the replica that took the call."""

from functools import lru_cache

from onduty.replicas.v1 import forwarding_pb2 as pb
from onduty_server.domain.access.principal import CredentialKind, Identity, Principal
from onduty_server.domain.model.status import ActorRole, Instant

KEPT = 4096
"""Callers that are at hand in bytes, and in their own form."""


@lru_cache(KEPT)
def encoded(identity: Identity, role: ActorRole | None) -> bytes:
    """A caller as bytes."""
    message = pb.ForwardedCaller(tenant=identity.tenant, actor_id=identity.actor_id, role=int(role or 0))
    if identity.principal is not None:
        message.principal.CopyFrom(_principal_message(identity.principal))
    return message.SerializeToString(deterministic=True)


@lru_cache(KEPT)
def decoded(caller: bytes) -> tuple[Identity, ActorRole | None]:
    """A caller back, with its role."""
    message = pb.ForwardedCaller.FromString(caller)
    principal = _principal(message.principal) if message.HasField("principal") else None
    return Identity(message.tenant, message.actor_id, principal), ActorRole(message.role) if message.role else None


def _principal_message(principal: Principal) -> pb.ForwardedPrincipal:
    return pb.ForwardedPrincipal(
        kind=principal.kind.value,
        credential_id=principal.credential_id,
        tenants=sorted(principal.tenants),
        roles=sorted(map(int, principal.roles)),
        actor_id=principal.actor_id,
        staff_ids=sorted(principal.staff_ids or ()),
        all_staff=principal.staff_ids is None,
        skill_groups=sorted(principal.skill_groups or ()),
        all_skill_groups=principal.skill_groups is None,
        expires_at=principal.expires_at,
    )


def _principal(message: pb.ForwardedPrincipal) -> Principal:
    return Principal(
        kind=CredentialKind(message.kind),
        credential_id=message.credential_id,
        tenants=frozenset(message.tenants),
        roles=frozenset(map(ActorRole, message.roles)),
        actor_id=message.actor_id,
        staff_ids=None if message.all_staff else frozenset(message.staff_ids),
        skill_groups=None if message.all_skill_groups else frozenset(message.skill_groups),
        expires_at=Instant(message.expires_at) if message.HasField("expires_at") else None,
    )
