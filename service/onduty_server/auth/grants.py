"""Grants in force: from what a caller showed, as its file has it, to the principal that it stands for."""

from collections.abc import Iterable
from hmac import compare_digest
from typing import Final, NamedTuple

from onduty_server.auth.grants_file import Grant
from onduty_server.domain.access.principal import CredentialKind, Principal
from onduty_server.domain.model.errors import CredentialProblem, UnauthenticatedError
from onduty_server.domain.model.status import Instant

_NOBODYS: Final = "0" * 64
"""Stands where nobody has the hash, so that one that is not known takes as long."""


class _Held(NamedTuple):
    grant: Grant
    principal: Principal


class Grants:
    """The grants of one reading of a file.

    Keys are looked up by the hash of what was sent. What a caller can measure of that look-up is about a hash that they cannot
    choose, and no key follows from a hash.
    """

    def __init__(self, grants: Iterable[Grant], kind: CredentialKind, served: frozenset[str] = frozenset()) -> None:
        """``served`` are the tenants that there are; empty: any."""
        self.grants = tuple(grants)
        held = [_Held(grant, _principal(grant, kind, served)) for grant in self.grants]
        self._by_proof = {one.grant.proof: one for one in held}
        self._by_id = {one.grant.grant_id: one for one in held}

    def has(self, proof: str) -> bool:
        """Whether somebody is known by it."""
        return proof in self._by_proof

    def principal_of(self, proof: str, now: Instant) -> Principal:
        """Whose it is.

        Raises:
            UnauthenticatedError: It is nobody's, has expired or was revoked.
        """
        held = self._by_proof.get(proof)
        if not compare_digest(proof, _NOBODYS if held is None else held.grant.proof) or held is None:
            raise UnauthenticatedError(CredentialProblem.UNKNOWN)
        return _in_force(held, now)

    def current(self, principal: Principal, now: Instant) -> Principal:
        """What the credential of a principal that was taken before reaches now.

        Raises:
            UnauthenticatedError: It is gone, has expired or was revoked.
        """
        held = self._by_id.get(principal.credential_id)
        if held is None:
            raise UnauthenticatedError(CredentialProblem.REVOKED)
        return _in_force(held, now)


def _in_force(held: _Held, now: Instant) -> Principal:
    if held.grant.revoked_at is not None:
        raise UnauthenticatedError(CredentialProblem.REVOKED, held.principal.holder)
    if held.grant.expires_at is not None and held.grant.expires_at <= now:
        raise UnauthenticatedError(CredentialProblem.EXPIRED, held.principal.holder)
    return held.principal


def _principal(grant: Grant, kind: CredentialKind, served: frozenset[str]) -> Principal:
    return Principal(
        kind,
        grant.grant_id,
        tenants=grant.tenants & served if served else grant.tenants,
        roles=grant.roles,
        actor_id=grant.actor_id,
        staff_ids=grant.staff_ids,
        skill_groups=grant.skill_groups,
        expires_at=grant.expires_at,
    )
