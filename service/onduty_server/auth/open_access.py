"""The authenticator of an open server: everybody may do everything, in the tenant that the metadata names.

It must only be wired where the server refuses other than loopback addresses, or was told ``--insecure``.
"""

import difflib
from collections.abc import Callable, Sequence
from typing import Any, Final

from onduty_server.auth import metadata
from onduty_server.auth.authenticator import Presented
from onduty_server.auth.issuer_keys import IssuerKeys
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.domain.access.identity_rules import ACTOR_KEY, TENANT_KEY
from onduty_server.domain.access.principal import Identity, Principal
from onduty_server.domain.model.errors import FieldViolation, InvalidFieldsError

DEFAULT_TENANT: Final = "default"
NAMED_MOST: Final = 20
"""Tenants that a refusal names."""


class OpenAccess:
    """Reads tenant and actor from the metadata keys ``onduty-tenant`` and ``onduty-actor``; both are optional.

    A credential is not looked at: whoever sends one to a server that asks for none is served like everybody.
    """

    def __init__(self, tenants: Sequence[str] = ()) -> None:
        """``tenants`` are those that there are; none given: any name is one."""
        self._tenants = frozenset(tenants)
        # The identity of calls without metadata: nearly all of them.
        self._plain = Identity(DEFAULT_TENANT) if not tenants or DEFAULT_TENANT in self._tenants else None

    @property
    def files(self) -> Sequence[WatchedFiles[Any]]:
        """None: there is nothing to know."""
        return ()

    @property
    def issuers(self) -> Sequence[IssuerKeys]:
        """None, likewise."""
        return ()

    def authenticate(self, call: Presented, method: str) -> Identity:
        """See ``Authenticator``. It raises InvalidFieldsError also where there is no such tenant."""
        del method  # every one is open.
        named = [one for one in call.invocation_metadata() or () if one[0] in (TENANT_KEY, ACTOR_KEY)]
        if not named and self._plain is not None:
            return self._plain
        tenant, actor, _ = metadata.read(named)
        tenant = tenant or DEFAULT_TENANT
        if self._tenants and tenant not in self._tenants:
            raise InvalidFieldsError((FieldViolation(f"metadata {TENANT_KEY}", self._no_such(tenant)),))
        return Identity(tenant, actor)

    def check(self, principal: Principal) -> float | None:
        """There is no credential."""

    def on_change(self, notify: Callable[[], None]) -> None:
        """Nothing changes."""

    def _no_such(self, tenant: str) -> str:
        known = sorted(self._tenants)
        near = difflib.get_close_matches(tenant, known, n=1)
        if near:
            return f"names no tenant of this server: {tenant!r}; did you mean {near[0]!r}?"
        more = f" and {len(known) - NAMED_MOST} more" if len(known) > NAMED_MOST else ""
        return f"names no tenant of this server: {tenant!r}; there are {', '.join(known[:NAMED_MOST])}{more}"
