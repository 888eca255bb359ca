"""Which settings of access belong together, and which address is not safe to listen on without them; it reads none."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onduty_server.config.settings import Settings


def mistakes_of_access(settings: "Settings") -> list[str]:
    """Settings that belong together and do not agree, and an address that is not safe to listen on."""
    mistakes = []
    if bool(settings.tls_cert) != bool(settings.tls_key):
        mistakes.append("tls_cert, tls_key: one needs the other")
    if bool(settings.tls_client_ca) != (settings.tls_client_auth == "required"):
        mistakes.append("tls_client_ca, tls_client_auth: required needs a file of authorities, and the file needs required")
    elif settings.tls_client_ca and not settings.has_tls:
        mistakes.append("tls_client_ca: it needs tls_cert and tls_key")
    if settings.client_certificates and settings.tls_client_auth != "required":
        mistakes.append("client_certificates: it needs tls_client_auth required")
    given = [bool(one) for one in (settings.jwt_issuer, settings.jwt_audience, settings.jwt_keys)]
    if any(given) != all(given):
        mistakes.append("jwt_issuer, jwt_audience, jwt_keys: each needs the others")
    if not settings.jwt_algorithms:
        mistakes.append("jwt_algorithms: needs one at least")
    if settings.web and settings.tls_client_auth == "required":
        mistakes.append(
            "web: browsers show no certificates; start `onduty web` with a certificate of its own beside the server"
        )
    return mistakes if settings.insecure else mistakes + _exposed(settings)


def _exposed(settings: "Settings") -> list[str]:
    """The addresses that other machines can reach, and what each lacks to be safe there."""
    mistakes = []
    if not settings.admin_on_loopback and not settings.has_tls:
        mistakes.append(
            f"admin: {settings.admin} can be reached from other machines, and needs TLS (--tls-cert, --tls-key): without,"
            " others may read how many work here and how busy they are.\n"
            "       Listen on 127.0.0.1, or say --insecure if your network keeps everybody else away."
        )
    listeners = (("listen", settings.listen, settings.on_loopback), ("web", settings.web, settings.web_on_loopback))
    exposed = [f"{name}: {address}" for name, address, is_safe in listeners if not is_safe]
    missing = [
        text
        for is_there, text in (
            (settings.has_tls, "TLS (--tls-cert, --tls-key)"),
            (settings.asks_for_credentials, "credentials of callers (--keys, --jwt-issuer or --client-certificates)"),
        )
        if not is_there
    ]
    if exposed and missing:
        mistakes.append(
            f"{exposed[0]} can be reached from other machines, and needs {' and '.join(missing)}: without, others"
            " may read and change everything.\n"
            "        Listen on 127.0.0.1, or say --insecure if your network keeps everybody else away."
        )
    return mistakes


def mistakes_of_replicas(settings: "Settings") -> list[str]:
    """Settings of replicas that do not agree, and an address that is not safe to listen on."""
    if not settings.advertise:
        needless = [name for name in ("replica_listen", "replica_ca") if getattr(settings, name)]
        return [f"{name}: it needs advertise" for name in needless]
    mistakes = []
    if not settings.in_postgres:
        mistakes.append("advertise: replicas share a journal in PostgreSQL: give journal as postgresql://...")
    if bool(settings.replica_ca) != settings.has_tls:
        mistakes.append("advertise, replica_ca: with TLS replicas know each other by certificates, and need who signs them")
    if not (settings.has_tls or settings.insecure or settings.replicas_on_loopback):
        mistakes.append(
            f"advertise: {settings.replica_listen or settings.advertise} can be reached from other machines, and needs TLS"
            " (--tls-cert, --tls-key, --replica-ca): what replicas tell each other is what callers told them.\n"
            "        Say --insecure if your network keeps everybody else away."
        )
    return mistakes
