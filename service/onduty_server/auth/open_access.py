"""The authenticator of an open server: everybody may do everything, in the tenant that the metadata names.

It must only be wired where the server refuses other than loopback addresses, or was told ``--insecure``.
"""

import difflib
from collections.abc import Sequence
from typing import Final

from onduty_server.domain.model.errors import FieldViolation, InvalidFieldsError
from onduty_server.ports import Principal

TENANT_KEY = "onduty-tenant"
ACTOR_KEY = "onduty-actor"
DEFAULT_TENANT = "default"
LONGEST = 128
NAMED_MOST: Final = 20
"""Tenants that a refusal names."""


class OpenAccess:
    """Reads tenant and actor from the metadata keys ``onduty-tenant`` and ``onduty-actor``; both are optional."""

    def __init__(self, tenants: Sequence[str] = ()) -> None:
        """``tenants`` are those that there are; none given: any name is one."""
        self._tenants = frozenset(tenants)
        # The principal of calls without metadata: nearly all of them.
        self._plain = Principal(DEFAULT_TENANT) if not tenants or DEFAULT_TENANT in self._tenants else None

    def authenticate(self, metadata: Sequence[tuple[str, str | bytes]]) -> Principal:
        """The principal.

        Raises:
            InvalidFieldsError: A name is empty, too long, not printable or there twice, or there is no such tenant.
        """
        tenant = actor = ""
        for key, value in metadata:
            if key == TENANT_KEY:
                tenant = _named(key, value, before=tenant)
            elif key == ACTOR_KEY:
                actor = _named(key, value, before=actor)
        tenant = tenant or DEFAULT_TENANT
        if tenant == DEFAULT_TENANT and not actor and self._plain is not None:
            return self._plain
        if self._tenants and tenant not in self._tenants:
            raise InvalidFieldsError((FieldViolation(f"metadata {TENANT_KEY}", self._no_such(tenant)),))
        return Principal(tenant, actor_id=actor)

    def _no_such(self, tenant: str) -> str:
        known = sorted(self._tenants)
        near = difflib.get_close_matches(tenant, known, n=1)
        if near:
            return f"names no tenant of this server: {tenant!r}; did you mean {near[0]!r}?"
        more = f" and {len(known) - NAMED_MOST} more" if len(known) > NAMED_MOST else ""
        return f"names no tenant of this server: {tenant!r}; there are {', '.join(known[:NAMED_MOST])}{more}"


def _named(key: str, value: str | bytes, *, before: str) -> str:
    if before:  # whoever added the second, a proxy or a caller, the other did not mean it.
        raise InvalidFieldsError((FieldViolation(f"metadata {key}", "is there more than once"),))
    text = value if isinstance(value, str) else value.decode("utf-8", "replace")
    if not text or len(text) > LONGEST or not text.isprintable():
        raise InvalidFieldsError((FieldViolation(f"metadata {key}", f"must be 1-{LONGEST} printable characters"),))
    return text
