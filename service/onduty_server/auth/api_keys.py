"""API keys in force: from what a caller sent to the principal that its hash stands for."""

from collections.abc import Iterable
from hmac import compare_digest
from typing import Final, NamedTuple

from onduty_server.auth.keys_file import KeyEntry, hash_of
from onduty_server.domain.access.principal import CredentialKind, Principal
from onduty_server.domain.model.errors import CredentialProblem, UnauthenticatedError
from onduty_server.domain.model.status import Instant

_NOBODYS: Final = "0" * 64
"""Stands where no key has the hash, so that one that is not known takes as long."""


class _Key(NamedTuple):
    entry: KeyEntry
    principal: Principal


class ApiKeys:
    """The keys of one reading of the file.

    They are looked up by the hash of what was sent. What a caller can measure of that look-up is about a hash that they cannot
    choose, and no key follows from a hash.
    """

    def __init__(self, entries: Iterable[KeyEntry], served: frozenset[str] = frozenset()) -> None:
        """``served`` are the tenants that there are; empty: any."""
        keys = [_Key(entry, _principal(entry, served)) for entry in entries]
        self._by_hash = {key.entry.sha256: key for key in keys}
        self._by_id = {key.entry.key_id: key for key in keys}

    def principal_of(self, credential: str, now: Instant) -> Principal:
        """Whose key it is.

        Raises:
            UnauthenticatedError: It is nobody's, has expired or was revoked.
        """
        digest = hash_of(credential)
        key = self._by_hash.get(digest)
        if not compare_digest(digest, _NOBODYS if key is None else key.entry.sha256) or key is None:
            raise UnauthenticatedError(CredentialProblem.UNKNOWN)
        return _in_force(key, now)

    def current(self, principal: Principal, now: Instant) -> Principal:
        """What the key of a principal that was taken before reaches now.

        Raises:
            UnauthenticatedError: It is gone, has expired or was revoked.
        """
        key = self._by_id.get(principal.credential_id)
        if key is None:
            raise UnauthenticatedError(CredentialProblem.REVOKED)
        return _in_force(key, now)


def _in_force(key: _Key, now: Instant) -> Principal:
    if key.entry.revoked_at is not None:
        raise UnauthenticatedError(CredentialProblem.REVOKED)
    if key.entry.expires_at is not None and key.entry.expires_at <= now:
        raise UnauthenticatedError(CredentialProblem.EXPIRED)
    return key.principal


def _principal(entry: KeyEntry, served: frozenset[str]) -> Principal:
    return Principal(
        CredentialKind.KEY,
        entry.key_id,
        tenants=entry.tenants & served if served else entry.tenants,
        roles=entry.roles,
        actor_id=entry.actor_id,
        staff_ids=entry.staff_ids,
        expires_at=entry.expires_at,
    )
