"""What a server warns of at every start: who may reach it, who may read its files, and a journal that is left lying."""

import resource
from pathlib import Path
from typing import Final

import structlog

from onduty_server.adapters.sqlite.private_files import open_to_others
from onduty_server.auth.private_file import mode_for_others
from onduty_server.config import Settings

log = structlog.get_logger(__name__)

FORMER_JOURNAL: Final = Path("var/onduty.db")
"""Where the journal was by default before it had an absolute place: in whatever directory the server was started from."""


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
    """Say what an open server means for everybody on the network."""
    if settings.on_loopback:
        return
    log.warning(
        "insecure",
        listen=settings.listen,
        meaning="there is no TLS and no authentication: anybody who reaches this address may read who works when, change"
        " every status, add and delete staff, change the policy and read the history, in every tenant and in anybody's name,"
        " and whoever is on the way may read and change it all",
        do="keep it to a network of machines you trust, or listen on 127.0.0.1",
    )


def warn_of_keys(settings: Settings) -> None:
    """Say where others may read which keys there are and what they reach, or add one of their own."""
    if settings.keys and (mode := mode_for_others(Path(settings.keys))) is not None:
        log.warning(
            "keys_open_to_others",
            path=settings.keys,
            mode=f"{mode:04o}",
            meaning="other users of this machine may read which keys there are, or change what they reach",
            do=f"chmod 600 {settings.keys}",
        )


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
            meaning="there is a journal where earlier releases had it by default; this server has begun a new one elsewhere",
            do=f"if it is the one you want, stop the server and start it with --journal {FORMER_JOURNAL.absolute()}",
        )
