"""Looks at what a server needs and has, one thing after the other: what is wrong, and what to do; it changes nothing."""

import resource
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from onduty_cli.admin_pages import AdminPages, AdminUnreachableError
from onduty_cli.installed import clash
from onduty_cli.server_side.warnings_at_start import EXPIRY_NEAR, OTHER_FILES, shown_instant
from onduty_cli.wall_clock import WallClock
from onduty_server.adapters.sqlite.private_files import open_to_others
from onduty_server.auth.private_file import mode_for_others
from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.build_info import version
from onduty_server.compose_access import authenticator_of, tls_of
from onduty_server.config import Settings, split_address
from onduty_server.domain.model.status import Instant

ANSWER_SECONDS: Final = 5.0
GIB: Final = 1 << 30
ROOM_LEAST: Final = GIB
"""Bytes that a journal's disk should have free."""


class Mark(Enum):
    """How it stands with one thing."""

    WELL = "ok"
    UNSEEN = "--"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """How it stands with one thing, and what to do where it does not stand well."""

    about: str
    mark: Mark
    text: str
    do: str = ""


def findings(settings: Settings) -> Iterator[Finding]:
    """All of them, in an order in which one explains the next."""
    yield from _software()
    yield from _files(settings)
    yield from _journal(settings)
    yield from _open_files(settings)
    yield from _listener(settings)
    yield from _pages(settings)


def _software() -> Iterator[Finding]:
    if advice := clash():
        yield Finding("software", Mark.WARNING, "two distributions of Onduty are installed, in different versions", advice)
    else:
        yield Finding("software", Mark.WELL, f"onduty {version()}")


def _files(settings: Settings) -> Iterator[Finding]:
    now = Instant(WallClock().now())
    try:
        authenticator_of(settings, lambda: now)
    except FileRefusedError as error:
        yield Finding("credentials", Mark.WRONG, str(error), "mend the file; `onduty keys` writes one of keys")
    else:
        asked = "callers show a credential" if settings.asks_for_credentials else "callers show no credential"
        yield Finding("credentials", Mark.WELL, asked)
    for path in (settings.keys, settings.tls_key):
        if path and (mode := mode_for_others(Path(path))) is not None:
            yield Finding("credentials", Mark.WARNING, f"others may read or change {path} ({mode:04o})", f"chmod 600 {path}")
    yield from _certificate(settings, now)


def _certificate(settings: Settings, now: Instant) -> Iterator[Finding]:
    try:
        tls = tls_of(settings)
    except FileRefusedError as error:
        yield Finding("certificate", Mark.WRONG, str(error), "put certificate and key of one pair there")
        return
    if tls is None:
        yield Finding("certificate", Mark.UNSEEN, "connections are not encrypted")
        return
    left, ends = tls.expires_at - now, shown_instant(tls.expires_at)
    if left < 0:
        yield Finding("certificate", Mark.WRONG, f"it has ended: {ends}", "renew it; a server reads it again every second")
    elif left < EXPIRY_NEAR:
        yield Finding("certificate", Mark.WARNING, f"it ends soon: {ends}", "renew it; a server reads it again every second")
    else:
        yield Finding("certificate", Mark.WELL, f"it ends {ends}")


def _journal(settings: Settings) -> Iterator[Finding]:
    if settings.in_postgres:
        yield Finding("journal", Mark.UNSEEN, "it is in PostgreSQL; `onduty journal info` looks at it")
        return
    path = settings.journal_path
    folder = next(place for place in (path.parent, *path.parents) if place.exists())
    if not path.exists():
        yield Finding("journal", Mark.UNSEEN, f"{path} is not there; a server makes it")
    else:
        yield Finding("journal", Mark.WELL, f"{path}, {_size(path.stat().st_size)}")
        for file, mode in open_to_others(path):
            yield Finding("journal", Mark.WARNING, f"others may read or change {file} ({mode:04o})", f"chmod 600 {file}")
    free = shutil.disk_usage(folder).free
    if free < ROOM_LEAST:
        yield Finding("disk", Mark.WARNING, f"{_size(free)} free for the journal", "make room before it is full")
    else:
        yield Finding("disk", Mark.WELL, f"{_size(free)} free for the journal")


def _size(count: int) -> str:
    return f"{count / GIB:.2f} GiB"


def _open_files(settings: Settings) -> Iterator[Finding]:
    _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.streams_per_tenant + OTHER_FILES
    if limit != resource.RLIM_INFINITY and limit < needed:
        do = f"raise the hard limit (LimitNOFILE= of a unit) to {needed} or more, or lower streams_per_tenant"
        yield Finding("open files", Mark.WARNING, f"{limit:,} are allowed here, and a tenant may need {needed:,}", do)
    else:
        yield Finding("open files", Mark.WELL, "as many as a tenant may need")


def _listener(settings: Settings) -> Iterator[Finding]:
    host, port = split_address(settings.listen)
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what listens everywhere is reached here.
    try:
        socket.create_connection((reached, port), ANSWER_SECONDS).close()
    except OSError as error:
        yield Finding("service", Mark.UNSEEN, f"nothing answers on {settings.listen}: {error.strerror or error}")
    else:
        yield Finding("service", Mark.WELL, f"something listens on {settings.listen}; `onduty check` asks it")


def _pages(settings: Settings) -> Iterator[Finding]:
    if not settings.admin or settings.admin_has_tls:
        reason = "they are encrypted; `onduty check --admin` asks them" if settings.admin else "there are none"
        yield Finding("admin pages", Mark.UNSEEN, reason)
        return
    pages = AdminPages(settings.admin, ANSWER_SECONDS)
    try:
        is_ready, wrong = pages.ready()
        info = pages.info()
    except AdminUnreachableError as error:
        yield Finding("admin pages", Mark.UNSEEN, str(error))
        return
    for line in wrong:
        yield Finding("server", Mark.WRONG, line, "docs/runbook.md#ondutynotready")
    if is_ready:
        yield Finding("server", Mark.WELL, "ready")
    if info.get("version") != version():
        text = f"the server is {info.get('version')}, and this command {version()}"
        yield Finding("versions", Mark.WARNING, text, "use the command of the server's version")
