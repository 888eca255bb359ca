"""What a server warns of at every start: who may reach it, who may read its files, and a journal that is left lying."""

import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from onduty_server.adapters.sqlite.private_files import open_to_others
from onduty_server.auth.private_file import mode_for_others
from onduty_server.config import Settings
from onduty_server.domain.model.status import SECOND, Instant, seconds

log = structlog.get_logger(__name__)

FORMER_JOURNAL: Final = Path("var/onduty.db")
"""Where the journal was by default before it had an absolute place: in whatever directory the server was started from."""


EXPIRY_NEAR: Final = seconds(14 * 24 * 3600)
"""A certificate that ends sooner is warned of."""

OTHER_FILES: Final = 100
"""Files that a server has open beside its connections, with some to spare."""


def warn_of_open_files(settings: Settings) -> None:
    """Say where the system allows fewer connections than the settings: those that come later get no answer at all."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.streams_per_tenant + OTHER_FILES
    if limit == resource.RLIM_INFINITY or limit >= needed:
        return
    log.warning(
        "open_files_few",
        limit=limit,
        needed=needed,
        meaning=f"each connection is an open file; a tenant may attach {settings.streams_per_tenant} workspaces, and the system"
        f" lets this process have {limit}: from about {max(limit - OTHER_FILES, 0)} connections on, nobody new is answered",
        do=f"raise the hard limit (ulimit -Hn, or LimitNOFILE= of a unit) to {needed} or more, or lower streams_per_tenant",
    )


def warn_of_settings(settings: Settings) -> None:
    """Say what a server without TLS, or without credentials, means for everybody on the network."""
    if settings.on_loopback or (settings.asks_for_credentials and settings.has_tls):
        return
    log.warning(
        "insecure",
        listen=settings.listen,
        meaning="; ".join(_meanings(settings)),
        do="give --tls-cert, --tls-key and --keys, keep it to a network of machines you trust, or listen on 127.0.0.1",
    )


def _meanings(settings: Settings) -> Iterator[str]:
    if not settings.asks_for_credentials:
        yield (
            "there is no authentication: anybody who reaches this address may read who works when, change every status, add and"
            " delete staff, change the policy and read the history, in every tenant and in anybody's name"
        )
    if not settings.has_tls:
        yield "there is no TLS: whoever is on the way may read and change it all, and take credentials from it"


def warn_of_certificate(expires_at: Instant, now: Instant) -> None:
    """Say where the certificate in use ends soon, or has ended."""
    if expires_at - now < EXPIRY_NEAR:
        log.warning(
            "certificate_ends",
            expires_at=shown_instant(expires_at),
            meaning="from then on clients refuse to connect",
            do="renew it; the files are read again every second",
        )


def shown_instant(instant: Instant) -> str:
    """An instant in UTC, to the second."""
    return datetime.fromtimestamp(instant // SECOND, UTC).isoformat()


def warn_of_keys(settings: Settings) -> None:
    """Say where others may read or change the file of keys, or the key of the certificate."""
    meanings = {
        settings.keys: "other users of this machine may read which keys there are, or change what they reach",
        settings.tls_key: "other users of this machine may read the key, and pass for this server",
    }
    for path, meaning in meanings.items():
        if path and (mode := mode_for_others(Path(path))) is not None:
            log.warning("keys_open_to_others", path=path, mode=f"{mode:04o}", meaning=meaning, do=f"chmod 600 {path}")


def warn_of_journal(settings: Settings, journal: Path, *, is_new: bool) -> None:
    """Say whether others may read the journal, and whether the old default place has one that is not used."""
    for path, mode in open_to_others(journal):
        log.warning(
            "journal_open_to_others",
            path=str(path),
            mode=f"{mode:04o}",
            meaning="other users of this machine may read or change names, working times and notes",
            do=f"chmod 600 {path}",
        )
    if settings.has_default_journal and is_new and FORMER_JOURNAL.is_file():
        log.warning(
            "former_journal_not_used",
            path=str(FORMER_JOURNAL.absolute()),
            meaning="there is a journal of `make run` in this checkout; this server has begun a new one elsewhere",
            do=f"if it is the one you want, stop the server and start it with --journal {FORMER_JOURNAL.absolute()}",
        )
