"""What SIGHUP does to a server that serves: files are read again, and the log's level is set; it restarts nothing."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog

from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.config import OPTIONS, ConfigError, Settings, TakesEffect
from onduty_server.observability.logging import set_level

log = structlog.get_logger(__name__)

IN_FORCE_AT_ONCE: Final = frozenset(row.name for row in OPTIONS if row.option.takes_effect is TakesEffect.ON_SIGHUP)
"""Options that a running server takes over. Files of keys and certificates are read again whether SIGHUP comes or not."""


class Reloading:
    """The settings that are in force, and how to read them again."""

    def __init__(self, settings: Settings, load: Callable[[], Settings]) -> None:
        """``load`` reads flags, environment and file as the start did. There are no files before ``follow``."""
        self._settings = settings
        self._load = load
        self._files: Sequence[WatchedFiles[Any]] = ()
        self._running: asyncio.Task[None] | None = None
        self._is_wanted = False

    def follow(self, files: Sequence[WatchedFiles[Any]]) -> None:
        """Read these again too."""
        self._files = files

    def begin(self) -> None:
        """Read everything again, in a task of its own; once more after one that is under way, which may have read before."""
        self._is_wanted = True
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="onduty-reload")

    async def _run(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            await self._read_again()

    async def _read_again(self) -> None:
        try:
            loaded = await asyncio.to_thread(self._load)
        except ConfigError as error:
            mistakes = [" ".join(line.split()) for line in str(error).splitlines()]
            log.error("reload_refused", mistakes=mistakes)  # noqa: TRY400 - a traceback says nothing to whoever wrote the file.
        else:
            set_level(loaded.log_level)
            before = self._settings.model_dump()
            changed = [name for name, value in loaded.model_dump().items() if value != before[name]]
            log.info("reloaded", needs_restart=[name for name in changed if name not in IN_FORCE_AT_ONCE])
        for files in self._files:
            await files.read_again()
