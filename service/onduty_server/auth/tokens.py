"""JSON Web Tokens: whose a token is, by its issuer's signature; algorithms come from the configuration, never from a token.

A token that was checked is remembered until its end, as checking a signature costs as much as a call. Changed keys or a changed
map of claims forget them all.
"""

import math
from collections import OrderedDict
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import jwt

from onduty_server.auth.claims import ClaimMap
from onduty_server.auth.issuer_keys import IssuerKeys
from onduty_server.auth.signing_keys import SigningKeys
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.domain.access.principal import Principal
from onduty_server.domain.model.errors import CredentialProblem, IssuerUnavailableError, UnauthenticatedError
from onduty_server.domain.model.status import SECOND, Instant

REMEMBERED_MOST: Final = 20_000
LATEST_SECONDS: Final = 253_402_300_799
"""The last second of the year 9999: the contract's instants end there."""

_P = CredentialProblem
_NO_CHECKS_OF_TIME: Final = {f"verify_{one}": False for one in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
"""The library goes by its own clock. Times, issuer and audience are checked here."""


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must be."""

    issuer: str
    audience: str
    algorithms: Sequence[str]
    leeway_seconds: float
    served: frozenset[str] = frozenset()
    """The tenants that there are; empty: any."""


class Tokens:
    """Whose a token is."""

    def __init__(self, rules: TokenRules, keys: IssuerKeys, claims: WatchedFiles[ClaimMap] | None = None) -> None:
        """``claims`` None: the map's defaults."""
        self._rules = rules
        self.keys = keys
        self._claims = claims
        self._remembered: OrderedDict[bytes, Principal] = OrderedDict()
        for source in self.files:
            source.on_change(self._remembered.clear)
        keys.on_change(self._remembered.clear)

    @property
    def files(self) -> Sequence[WatchedFiles[Any]]:
        """What has to be read again now and then."""
        return [*self.keys.files, *([self._claims] if self._claims is not None else [])]

    def principal_of(self, token: str, now: Instant) -> Principal | Awaitable[Principal]:
        """Whose it is; to be awaited where its key is not known yet and the issuer is asked for its newest.

        Raises:
            UnauthenticatedError: It is no token of the issuer for this audience, or its time is over or has not come.
            IssuerUnavailableError: No key of the issuer's has been had yet.
        """
        self.keys.refresh_if_old()
        digest = sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        if known is not None and known.expires_at is not None and now < known.expires_at:
            return known
        key_id, algorithm = self._header(token)
        key = self.keys.current.find(key_id, algorithm)
        if key is None:
            return self._with_newest_keys(token, digest, now)
        return self._checked(token, digest, key, now)

    async def _with_newest_keys(self, token: str, digest: bytes, now: Instant) -> Principal:
        keys: SigningKeys = await self.keys.newest()
        key = keys.find(*self._header(token))
        if key is None and not keys.ids:
            raise IssuerUnavailableError
        if key is None:
            raise UnauthenticatedError(_P.UNKNOWN)
        return self._checked(token, digest, key, now)

    def _header(self, token: str) -> tuple[str | None, str]:
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise UnauthenticatedError(_P.UNKNOWN) from None
        key_id, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in self._rules.algorithms:
            raise UnauthenticatedError(_P.WRONG_ALGORITHM)
        if "crit" in header or not (key_id is None or isinstance(key_id, str)):
            raise UnauthenticatedError(_P.UNKNOWN)
        return key_id, algorithm

    def _checked(self, token: str, digest: bytes, key: jwt.PyJWK, now: Instant) -> Principal:
        try:
            read = jwt.decode(token, key, algorithms=[key.algorithm_name], options=_NO_CHECKS_OF_TIME)  # type: ignore[arg-type]
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise UnauthenticatedError(_P.UNKNOWN) from None
        expires_at = self._check_claims(read, now)
        claims = self._claims.current if self._claims is not None else ClaimMap()
        principal = claims.principal_of(read, expires_at, self._rules.served)
        self._remembered[digest] = principal
        if len(self._remembered) > REMEMBERED_MOST:
            self._remembered.popitem(last=False)
        return principal

    def _check_claims(self, claims: Mapping[str, Any], now: Instant) -> Instant:
        """The token's end, the leeway included."""
        rules, present = self._rules, now / SECOND
        if claims.get("iss") != rules.issuer:
            raise UnauthenticatedError(_P.WRONG_ISSUER)
        audience = claims.get("aud")
        if audience != rules.audience and not (isinstance(audience, list) and rules.audience in audience):
            raise UnauthenticatedError(_P.WRONG_AUDIENCE)
        end, begin = _seconds(claims, "exp"), _seconds(claims, "nbf")
        if end is None:
            raise UnauthenticatedError(_P.UNKNOWN)
        if begin is not None and present < begin - rules.leeway_seconds:
            raise UnauthenticatedError(_P.NOT_YET_VALID)
        end = min(end + rules.leeway_seconds, LATEST_SECONDS)
        if end <= present:
            raise UnauthenticatedError(_P.EXPIRED)
        return Instant(int(end * SECOND))


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    """A claim that is an instant; None where there is none."""
    found = claims.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise UnauthenticatedError(_P.UNKNOWN)
    return float(min(max(found, -LATEST_SECONDS), LATEST_SECONDS))
