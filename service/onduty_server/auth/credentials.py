"""The authenticator of a server that asks for credentials: whoever shows none that it knows is denied."""

from collections.abc import Callable, Sequence

from onduty_server.auth import metadata
from onduty_server.auth.api_keys import ApiKeys
from onduty_server.auth.authenticator import Presented
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.domain.access.identity_rules import identity_of, still_covers
from onduty_server.domain.access.principal import CredentialKind, Identity, Principal
from onduty_server.domain.model.errors import CredentialProblem, UnauthenticatedError
from onduty_server.domain.model.status import SECOND, Instant


class Credentials:
    """Takes API keys. The present comes from the server's clock, so a glitch of the wall clock ends no credential."""

    def __init__(self, now: Callable[[], Instant], *, keys: WatchedFiles[ApiKeys]) -> None:
        """``keys`` are read again by whoever owns them."""
        self._now = now
        self._keys = keys

    @property
    def files(self) -> Sequence[WatchedFiles[ApiKeys]]:
        """What has to be read again now and then."""
        return (self._keys,)

    def authenticate(self, call: Presented, method: str) -> Identity:
        """See ``Authenticator``."""
        tenant, actor, credential = metadata.read(call.invocation_metadata() or ())
        if not credential:
            raise UnauthenticatedError(CredentialProblem.MISSING)
        principal = self._keys.current.principal_of(credential, self._now())
        if not principal.tenants:
            raise UnauthenticatedError(CredentialProblem.UNMAPPED)
        return identity_of(principal, tenant=tenant, actor=actor, method=method)

    def check(self, principal: Principal) -> float | None:
        """See ``Authenticator``."""
        now = self._now()
        current = principal
        if principal.kind is CredentialKind.KEY:
            current = self._keys.current.current(principal, now)
        if not still_covers(current, principal):
            raise UnauthenticatedError(CredentialProblem.REVOKED)
        if current.expires_at is None:
            return None
        if current.expires_at <= now:
            raise UnauthenticatedError(CredentialProblem.EXPIRED)
        return (current.expires_at - now) / SECOND

    def on_change(self, notify: Callable[[], None]) -> None:
        """See ``Authenticator``."""
        self._keys.on_change(notify)
