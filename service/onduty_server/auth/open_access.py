"""The authenticator of an open server: everybody may do everything, in the tenant that the metadata names.

It must only be wired where the server refuses other than loopback addresses, or was told ``--insecure``.
"""

from collections.abc import Sequence

from onduty_server.domain.errors import FieldViolation, InvalidFieldsError
from onduty_server.ports import Principal

TENANT_KEY = "onduty-tenant"
ACTOR_KEY = "onduty-actor"
DEFAULT_TENANT = "default"
LONGEST = 128


class OpenAccess:
    """Reads tenant and actor from the metadata keys ``onduty-tenant`` and ``onduty-actor``; both are optional."""

    def __init__(self) -> None:
        """Remembers the principal of calls without metadata: nearly all of them."""
        self._plain = Principal(DEFAULT_TENANT)

    def authenticate(self, metadata: Sequence[tuple[str, str | bytes]]) -> Principal:
        """The principal; raises InvalidFieldsError for names that are empty, too long or not printable."""
        tenant, actor = DEFAULT_TENANT, ""
        for key, value in metadata:
            if key == TENANT_KEY:
                tenant = _named(key, value)
            elif key == ACTOR_KEY:
                actor = _named(key, value)
        if tenant == DEFAULT_TENANT and not actor:
            return self._plain
        return Principal(tenant, actor_id=actor)


def _named(key: str, value: str | bytes) -> str:
    text = value if isinstance(value, str) else value.decode("utf-8", "replace")
    if not text or len(text) > LONGEST or not text.isprintable():
        raise InvalidFieldsError((FieldViolation(f"metadata {key}", f"must be 1-{LONGEST} printable characters"),))
    return text
