"""The audit log of a process: who was refused, which credentials and certificates are in force, who changed configuration.

Entries are in memory at once, the latest so many, and in a file within a moment. Of a flood of refusals some are written, each
with how many it stands for; everything else is written as it comes.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

import structlog

from onduty_server.auth.audit_entries import AuditEntry, AuditKind
from onduty_server.auth.audit_files import AuditFiles, latest_entries
from onduty_server.domain.model.status import SECOND, Instant, Micros

log = structlog.get_logger(__name__)

LISTED_MOST: Final = 10_000
"""Entries in memory, which can be listed over the network. The file has more."""
WAITING_MOST: Final = 10_000
"""Entries that wait to be written; more, as while the disk is full, are in memory only, and counted."""
WRITTEN_SECONDS: Final = 0.2
ALIKE_APART: Final = Micros(10 * SECOND)
"""Refusals of one caller and method, for the same reason, are written at most so often."""
ALIKE_KEPT: Final = 4_096
REFUSALS_AT_ONCE: Final = 100
REFUSALS_A_SECOND: Final = 10.0
"""All refusals together; those that are not written count with the next of all."""

_Alike = tuple[str, ...]


class AuditLog:
    """Takes entries. ``now`` is the server's clock."""

    def __init__(self, now: Callable[[], Instant], files: AuditFiles | None = None) -> None:
        """Without files the log is in memory only, and ends with the process."""
        self._now = now
        self._files = files
        self._entries: deque[AuditEntry] = deque(maxlen=LISTED_MOST)
        self._waiting: list[AuditEntry] = []
        self._number = 0
        self._alike: OrderedDict[_Alike, tuple[Instant, int]] = OrderedDict()
        self._budget, self._budget_at = float(REFUSALS_AT_ONCE), Instant(0)
        self._unwritten = 0
        self._failed = False
        self.dropped = 0
        """Entries that no file has."""

    async def load(self) -> None:
        """Take over what the files have from processes before. It is called before anything else, if at all."""
        if self._files is None:
            return
        path = self._files.path
        try:
            latest = await asyncio.to_thread(latest_entries, path, LISTED_MOST)
        except OSError as error:
            log.error("audit_failed", path=str(path), error=error.strerror)  # noqa: TRY400 - it has no traceback to look at.
            return
        self._entries.extend(latest)
        self._number = max((entry.number for entry in latest), default=0)

    # --- taking -------------------------------------------------------------------------------------------------------

    def add(self, entry: AuditEntry) -> None:
        """Add an entry; its instant and number are set here."""
        self._number += 1
        entry = replace(entry.bounded(), at=self._now(), number=self._number)
        self._entries.append(entry)
        if self._files is None:
            return
        if len(self._waiting) >= WAITING_MOST:
            self.dropped += 1
            return
        self._waiting.append(entry)

    def refused(self, entry: AuditEntry) -> None:
        """Add a refusal of access, or count it where one like it was added just now, or too many were."""
        now = self._now()
        host = entry.peer.rpartition(":")[0]
        alike = (entry.tenant, entry.actor_id, entry.credential_id, host, entry.method, entry.problem)
        written_at, left_out = self._alike.get(alike, (None, 0))
        if written_at is not None and now - written_at < ALIKE_APART:
            self._alike[alike] = (written_at, left_out + 1)
            return
        self._budget = min(REFUSALS_AT_ONCE, self._budget + max(now - self._budget_at, 0) / SECOND * REFUSALS_A_SECOND)
        self._budget_at = now
        if self._budget < 1:
            self._unwritten += 1 + left_out
            return
        self._budget -= 1
        self._alike[alike] = (now, 0)
        self._alike.move_to_end(alike)
        if len(self._alike) > ALIKE_KEPT:
            self._unwritten += self._alike.popitem(last=False)[1][1]
        others, self._unwritten = self._unwritten, 0
        detail = f"{others} other refusals are not listed" if others else ""
        self.add(replace(entry, count=1 + left_out, detail=detail))

    # --- listing ------------------------------------------------------------------------------------------------------

    def listed(self, *, after: int = 0, newest_first: bool = False) -> Iterator[AuditEntry]:
        """The entries in memory, from the number on that is given (with ``newest_first``: down from it, 0 meaning all)."""
        entries = tuple(self._entries)
        if newest_first:
            return (entry for entry in reversed(entries) if not after or entry.number < after)
        start = next((place for place, entry in enumerate(entries) if entry.number > after), len(entries))
        return islice(entries, start, None)

    # --- writing ------------------------------------------------------------------------------------------------------

    async def follow(self) -> None:
        """Write what waits, again and again, until cancelled."""
        while True:
            await asyncio.sleep(WRITTEN_SECONDS)
            await self.write()

    async def write(self) -> None:
        """Write what waits. What cannot be written waits on."""
        if self._files is None or not self._waiting:
            return
        entries = self._waiting.copy()
        try:
            await asyncio.to_thread(self._files.append, entries)
        except OSError as error:
            if not self._failed:
                log.error("audit_failed", path=str(self._files.path), error=error.strerror)  # noqa: TRY400 - likewise.
            self._failed = True
            return
        self._failed = False
        del self._waiting[: len(entries)]


def started(detail: str) -> AuditEntry:
    """The server serves, with these settings."""
    return AuditEntry(Instant(0), AuditKind.SERVER_STARTED, detail=detail)
