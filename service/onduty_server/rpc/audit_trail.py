"""Notes calls in the audit log: who was refused and why, and who changed configuration; of requests it notes names only."""

from typing import Any, Final

from onduty_server.auth.audit_entries import AuditEntry, AuditKind
from onduty_server.auth.audit_log import AuditLog
from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import Holder, OndutyError, PermissionDeniedError, UnauthenticatedError
from onduty_server.domain.model.status import ActorRole, Instant
from onduty_server.rpc.call_context import CallContext
from onduty_server.rpc.error_map import reason_of
from onduty_server.rpc.method_policy import METHOD_POLICY

_ADMINISTRATORS: Final = frozenset({ActorRole.ADMIN})
_SUBJECTS: Final = ("staff_id", "code")
"""The fields of which one says what a request is about."""


def changes_configuration(method: str, *, only_reads: bool) -> bool:
    """Whether a method is for administrators alone and does more than read."""
    return METHOD_POLICY[method].roles == _ADMINISTRATORS and not only_reads


class AuditTrail:
    """Writes what calls come to into the audit log."""

    def __init__(self, audit: AuditLog) -> None:
        """The log is written by its owner."""
        self._audit = audit

    def refused(self, method: str, identity: Identity | None, failure: OndutyError, call: CallContext) -> None:
        """A call was refused; what is no refusal of access is not taken."""
        if not isinstance(failure, UnauthenticatedError | PermissionDeniedError):
            return
        holder = failure.holder
        if identity is not None and identity.principal is not None:
            holder = identity.principal.holder
        named = AuditEntry(Instant(0), AuditKind.ACCESS_REFUSED) if holder is None else _of(holder, identity)
        self._audit.refused(
            AuditEntry(
                Instant(0),
                AuditKind.ACCESS_REFUSED,
                tenant=named.tenant,
                actor_id=named.actor_id,
                credential_kind=named.credential_kind,
                credential_id=named.credential_id,
                peer=call.peer(),
                method=method,
                reason=reason_of(failure),
                problem=failure.problem.name,
            )
        )

    def changed(self, method: str, identity: Identity, request: Any, call: CallContext) -> None:
        """A request that changes configuration was carried out."""
        principal, items = identity.principal, METHOD_POLICY[method].items
        subject = next((str(getattr(request, name)) for name in _SUBJECTS if getattr(request, name, "")), "")
        self._audit.add(
            AuditEntry(
                Instant(0),
                AuditKind.CONFIGURATION_CHANGED,
                tenant=identity.tenant,
                actor_id=identity.actor_id,
                credential_kind="" if principal is None else principal.kind.value,
                credential_id="" if principal is None else principal.credential_id,
                peer=call.peer(),
                method=method,
                subject=subject,
                detail=", ".join(f"{len(getattr(request, name))} {name}" for name in items),
                request_id=request.request_id,
            )
        )


def _of(holder: Holder, identity: Identity | None) -> AuditEntry:
    """Whose credential it is; a credential of several tenants that named none of its own concerns the server."""
    (tenant,) = holder.tenants if len(holder.tenants) == 1 else ("",)
    return AuditEntry(
        Instant(0),
        AuditKind.ACCESS_REFUSED,
        tenant=tenant if identity is None else identity.tenant,
        actor_id=holder.actor_id,
        credential_kind=holder.kind,
        credential_id=holder.credential_id,
    )
