"""The keys that an issuer signs its tokens with: a JSON Web Key Set, of which only what is good for signatures is taken."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from onduty_server.auth.watched_files import FileRefusedError

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "RS256": ("RSA", ""),
    "RS384": ("RSA", ""),
    "RS512": ("RSA", ""),
    "PS256": ("RSA", ""),
    "PS384": ("RSA", ""),
    "PS512": ("RSA", ""),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"),
}
"""Each algorithm that can be configured, with the kind and curve of its keys. All have public keys:
nothing that a server checks with can sign, so no key of one algorithm passes for the secret of another."""

RSA_BITS_LEAST: Final = 2048
KEYS_MOST: Final = 100


class SigningKeys:
    """Public keys by id and algorithm. The algorithm is the configuration's and the key's; a token has no say in it."""

    def __init__(self, keys: Mapping[tuple[str, str], jwt.PyJWK]) -> None:
        """Made by ``parse``."""
        self._keys = dict(keys)

    @property
    def ids(self) -> list[str]:
        """The ids of all keys."""
        return sorted({key_id for key_id, _ in self._keys})

    def find(self, key_id: str | None, algorithm: str) -> jwt.PyJWK | None:
        """The key of an id; without one, the only key of the algorithm."""
        if key_id is not None:
            return self._keys.get((key_id, algorithm))
        fit = [key for (_, name), key in self._keys.items() if name == algorithm]
        return fit[0] if len(fit) == 1 else None


def parse(content: bytes, algorithms: Sequence[str]) -> SigningKeys:
    """The keys of a set that one of the algorithms can be checked with. What else is in it is left out.

    Raises:
        FileRefusedError: It is no key set, or has no such key.
    """
    try:
        found = json.loads(content)
        listed = found["keys"]
    except (ValueError, RecursionError, TypeError, KeyError):
        raise FileRefusedError("the issuer's keys are no JSON Web Key Set") from None
    if not isinstance(listed, list) or len(listed) > KEYS_MOST:
        raise FileRefusedError(f"the issuer's keys are no list of up to {KEYS_MOST} keys")
    keys: dict[tuple[str, str], jwt.PyJWK] = {}
    for number, one in enumerate(listed):
        for algorithm in algorithms:
            if isinstance(one, dict) and _is_for(one, algorithm) and (key := _key(one, algorithm)) is not None:
                keys[str(one.get("kid", f"#{number}")), algorithm] = key
    if not keys:
        raise FileRefusedError(f"the issuer's keys have none for {', '.join(algorithms)}")
    return SigningKeys(keys)


def _is_for(key: Mapping[str, Any], algorithm: str) -> bool:
    kind, curve = KINDS[algorithm]
    is_kind = key.get("kty") == kind and (not curve or key.get("crv") == curve)
    return is_kind and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm


def _key(key: Mapping[str, Any], algorithm: str) -> jwt.PyJWK | None:
    public = {name: value for name, value in key.items() if name not in _private_parts()}
    try:
        made = jwt.PyJWK(public, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    is_short = isinstance(made.key, RSAPublicKey) and made.key.key_size < RSA_BITS_LEAST
    return None if is_short else made


def _private_parts() -> Iterator[str]:
    """What a set of public keys should not have, and is not kept where it has."""
    yield from ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
