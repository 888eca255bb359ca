"""The server's certificate, its key and the authorities for clients' certificates, from PEM and held to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.model.status import Instant

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A pair that belongs together. ``client_ca`` is empty where clients show no certificate."""

    chain: bytes
    key: bytes
    client_ca: bytes
    expires_at: Instant
    """The end of the first certificate of the chain to end."""
    fingerprint: str = ""
    """The SHA-256 of the server's certificate, in hexadecimal digits."""


def parse(contents: Sequence[bytes]) -> TlsFiles:
    """Chain, key and, if there is a third, the authorities for clients.

    Raises:
        FileRefusedError: One is not PEM, or the key is not that of the first certificate, as between two writes of a new pair.
    """
    chain, key, *rest = contents
    certificates = _certificates("tls_cert", chain)
    if _public("tls_key", _private_key(key)) != _public("tls_cert", certificates[0]):
        raise FileRefusedError("tls_key is not the key of the first certificate in tls_cert")
    if rest:
        _certificates("tls_client_ca", rest[0])
    try:
        end = min(one.not_valid_after_utc for one in certificates)
    except ValueError:
        raise FileRefusedError("tls_cert has a certificate whose end cannot be read") from None
    expires_at = Instant((end - _EPOCH) // timedelta(microseconds=1))
    return TlsFiles(chain, key, rest[0] if rest else b"", expires_at, certificates[0].fingerprint(SHA256()).hex())


def paths_of(cert: str, key: str, client_ca: str) -> tuple[Path, ...]:
    """The files in the order that ``parse`` takes them in."""
    return tuple(Path(one) for one in (cert, key, client_ca) if one)


def _certificates(name: str, content: bytes) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise FileRefusedError(f"{name} holds no certificates in PEM form") from None


def _private_key(content: bytes) -> "object":
    try:
        return load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it needs a password.
        raise FileRefusedError("tls_key holds no key in PEM form without a password") from None


def _public(name: str, holder: object) -> bytes:
    try:
        public = holder.public_key()  # type: ignore[attr-defined]
        return bytes(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    except (ValueError, UnsupportedAlgorithm):
        raise FileRefusedError(f"{name} has a key of a kind that is not known") from None
