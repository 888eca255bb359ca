"""Who calls: what a credential says of its holder, and as whom one call is made."""

from dataclasses import dataclass
from enum import Enum

from onduty_server.domain.model.errors import Holder
from onduty_server.domain.model.status import ActorRole, Instant


class CredentialKind(Enum):
    """How a caller showed who it is."""

    KEY = "key"
    TOKEN = "token"  # noqa: S105 - the name of a kind, and no secret.
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Principal:
    """What a credential says of its holder. The values are immutable, and one is shared by all calls of a credential."""

    kind: CredentialKind
    credential_id: str
    """Names the credential in logs and answers. It is no secret."""
    tenants: frozenset[str]
    roles: frozenset[ActorRole]
    actor_id: str
    """Whom changes name as their actor. A workspace's changes name the staff member."""
    staff_ids: frozenset[str] | None = frozenset()
    """Whom the role WORKSPACE acts for. None: everybody in the tenant, as a gateway for many desktops does."""
    skill_groups: frozenset[str] | None = None
    """Whose members the credential sees and touches; none of them: nobody. None: no restriction."""
    expires_at: Instant | None = None
    """From this instant on the credential is void. None: it has no end."""

    @property
    def holder(self) -> Holder:
        """Whose credential it is, as a refusal tells the audit."""
        return Holder(self.kind.value, self.credential_id, self.actor_id, self.tenants)


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom one call is made. ``principal`` None: the server is open, and everybody may do everything."""

    tenant: str
    actor_id: str = ""
    principal: Principal | None = None
