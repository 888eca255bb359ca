"""The authenticator of a server that asks for credentials: whoever shows none that it knows is denied."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from onduty_server.auth import certificates, metadata
from onduty_server.auth.authenticator import Presented
from onduty_server.auth.grants import Grants
from onduty_server.auth.issuer_keys import IssuerKeys
from onduty_server.auth.keys_file import KEY_PREFIX, hash_of
from onduty_server.auth.tokens import Tokens
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.domain.access.identity_rules import identity_of, still_covers
from onduty_server.domain.access.principal import CredentialKind, Identity, Principal
from onduty_server.domain.model.errors import CredentialProblem, PermissionDeniedError, UnauthenticatedError
from onduty_server.domain.model.status import SECOND, Instant


class Credentials:
    """Takes API keys, tokens and clients' certificates, each where its file is given.

    The present comes from the server's clock, so a glitch of the wall clock ends no credential. A key or token says who calls
    also where the connection shows a certificate: that of a gateway, which calls for others.
    """

    def __init__(
        self,
        now: Callable[[], Instant],
        *,
        keys: WatchedFiles[Grants] | None = None,
        tokens: Tokens | None = None,
        certificates: WatchedFiles[Grants] | None = None,
    ) -> None:
        """The files are read again by whoever owns them."""
        self._now = now
        self._keys = keys
        self._tokens = tokens
        self._certificates = certificates

    @property
    def files(self) -> Sequence[WatchedFiles[Any]]:
        """What has to be read again now and then."""
        of_tokens = self._tokens.files if self._tokens is not None else ()
        return [*(one for one in (self._keys, self._certificates) if one is not None), *of_tokens]

    @property
    def issuers(self) -> Sequence[IssuerKeys]:
        """See ``Authenticator``."""
        return () if self._tokens is None else (self._tokens.keys,)

    def authenticate(self, call: Presented, method: str) -> Identity | Awaitable[Identity]:
        """See ``Authenticator``."""
        tenant, actor, credential = metadata.read(call.invocation_metadata() or ())
        if self._tokens is not None and credential and not credential.startswith(KEY_PREFIX):
            found = self._tokens.principal_of(credential, self._now())
            if not isinstance(found, Principal):
                return self._later(found, tenant, actor, method)
        else:
            found = self._known(call, credential)
        return _identity(found, tenant, actor, method)

    async def _later(self, found: Awaitable[Principal], tenant: str, actor: str, method: str) -> Identity:
        return _identity(await found, tenant, actor, method)

    def _known(self, call: Presented, credential: str) -> Principal:
        if credential:
            if self._keys is None:
                raise UnauthenticatedError(CredentialProblem.UNKNOWN)
            return self._keys.current.principal_of(hash_of(credential), self._now())
        if self._certificates is not None and (names := call.auth_context().get(certificates.NAMES_KEY)):
            return certificates.principal_of(self._certificates.current, names, self._now())
        raise UnauthenticatedError(CredentialProblem.MISSING)

    def check(self, principal: Principal) -> float | None:
        """See ``Authenticator``."""
        now = self._now()
        current = self._current(principal, now)
        if not still_covers(current, principal):
            raise UnauthenticatedError(CredentialProblem.REVOKED)
        if current.expires_at is None:
            return None
        if current.expires_at <= now:
            raise UnauthenticatedError(CredentialProblem.EXPIRED)
        return (current.expires_at - now) / SECOND

    def _current(self, principal: Principal, now: Instant) -> Principal:
        """A token says for itself, until its end, what it reaches; of the others the files say it."""
        source = {CredentialKind.KEY: self._keys, CredentialKind.CERTIFICATE: self._certificates}.get(principal.kind)
        return principal if source is None else source.current.current(principal, now)

    def on_change(self, notify: Callable[[], None]) -> None:
        """See ``Authenticator``."""
        for source in (self._keys, self._certificates):
            if source is not None:
                source.on_change(notify)


def _identity(principal: Principal, tenant: str, actor: str, method: str) -> Identity:
    if not principal.tenants:
        raise UnauthenticatedError(CredentialProblem.UNMAPPED, principal.holder)
    try:
        return identity_of(principal, tenant=tenant, actor=actor, method=method)
    except PermissionDeniedError as error:
        error.holder = principal.holder
        raise
