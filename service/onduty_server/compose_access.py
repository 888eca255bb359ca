"""Makes the authenticator and the TLS of a server from its settings, with the files and addresses behind them."""

from collections.abc import Callable
from pathlib import Path

from onduty_server.auth import certificates, claims, keys_file, signing_keys, tls_files
from onduty_server.auth.audit_files import AuditFiles
from onduty_server.auth.audit_log import AuditLog, started
from onduty_server.auth.audit_sources import follow_files, follow_issuer
from onduty_server.auth.authenticator import Authenticator
from onduty_server.auth.credentials import Credentials
from onduty_server.auth.grants import Grants
from onduty_server.auth.grants_file import Grant
from onduty_server.auth.issuer_keys import IssuerKeys, KeysOfAddress, KeysOfFile, is_address
from onduty_server.auth.open_access import OpenAccess
from onduty_server.auth.signing_keys import SigningKeys
from onduty_server.auth.tokens import TokenRules, Tokens
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.build_info import version
from onduty_server.config import Settings
from onduty_server.domain.access.principal import CredentialKind
from onduty_server.domain.model.status import Instant
from onduty_server.rpc.tls import ListenerTls


def authenticator_of(settings: Settings, now: Callable[[], Instant]) -> Authenticator:
    """Who checks credentials; where none are asked for, everybody is let in. It may wait for the issuer of tokens.

    Raises:
        FileRefusedError: A file of credentials cannot be used.
    """
    if not settings.asks_for_credentials:
        return OpenAccess(settings.tenants)
    served = frozenset(settings.tenants)
    keys = named = None
    if settings.keys:
        keys = _grants("keys", settings.keys, keys_file.parse, CredentialKind.KEY, served)
    if settings.client_certificates:
        path, kind = settings.client_certificates, CredentialKind.CERTIFICATE
        named = _grants("client certificates", path, certificates.parse, kind, served)
    return Credentials(now, keys=keys, tokens=_tokens(settings, served), certificates=named)


def _grants(
    what: str, path: str, parse: Callable[[bytes], tuple[Grant, ...]], kind: CredentialKind, served: frozenset[str]
) -> WatchedFiles[Grants]:
    return WatchedFiles(what, (Path(path),), lambda contents: Grants(parse(contents[0]), kind, served))


def _tokens(settings: Settings, served: frozenset[str]) -> Tokens | None:
    if not settings.jwt_issuer:
        return None
    algorithms = settings.jwt_algorithms

    def parse(content: bytes) -> SigningKeys:
        return signing_keys.parse(content, algorithms)

    keys: IssuerKeys
    if is_address(settings.jwt_keys):
        keys = KeysOfAddress(settings.jwt_keys, parse)
    else:
        keys = KeysOfFile(WatchedFiles("issuer's keys", (Path(settings.jwt_keys),), lambda contents: parse(contents[0])))
    mapped = None
    if settings.jwt_claims:
        mapped = WatchedFiles("claims", (Path(settings.jwt_claims),), lambda contents: claims.parse(contents[0]))
    rules = TokenRules(settings.jwt_issuer, settings.jwt_audience, algorithms, settings.jwt_leeway, served)
    return Tokens(rules, keys, mapped)


def tls_of(settings: Settings) -> ListenerTls | None:
    """How the listener is encrypted; None: not at all.

    Raises:
        FileRefusedError: A file cannot be used, or certificate and key do not belong together.
    """
    if not settings.has_tls:
        return None
    paths = tls_files.paths_of(settings.tls_cert, settings.tls_key, settings.tls_client_ca)
    return ListenerTls(WatchedFiles("tls", paths, tls_files.parse))


async def audit_of(settings: Settings, now: Callable[[], Instant]) -> AuditLog:
    """The audit log, with what its files have from before."""
    path = settings.audit_path
    audit = AuditLog(now, None if path is None else AuditFiles(path, settings.audit_bytes))
    await audit.load()
    return audit


def tell_what_is_in_force(audit: AuditLog, settings: Settings, authenticator: Authenticator, tls: ListenerTls | None) -> None:
    """Have the audit log tell of the start, and of files and issuers, now and whenever they change."""
    kinds = {
        "keys": settings.keys,
        "tokens": settings.jwt_issuer,
        "certificates": settings.client_certificates,
    }
    credentials = ", ".join(name for name, given in kinds.items() if given) or "none"
    audit.add(started(f"version {version()}, listen {settings.listen}, TLS {settings.has_tls}, credentials {credentials}"))
    follow_files(audit, [*authenticator.files, *([tls.files] if tls else [])])
    for issuer in authenticator.issuers:
        follow_issuer(audit, issuer)
