"""Scrapes servers again and again, all at once, in threads of its own, and keeps the last two of each; it draws nothing."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from onduty_cli.admin_pages import AdminPages, AdminUnreachableError
from onduty_cli.top.figures import Figures, figures
from onduty_cli.top.scrapes import Scrape, Spell


def scrape(pages: AdminPages) -> Scrape:
    """One look at a server; a fault is part of it."""
    at = time.monotonic()
    try:
        _, wrong = pages.ready()
        return Scrape(pages.address, at, pages.samples(), wrong)
    except AdminUnreachableError as error:
        return Scrape(pages.address, at, fault=str(error))


class Looking:
    """The servers, looked at from the first call of ``step`` on."""

    def __init__(self, servers: Sequence[AdminPages], now: Callable[[], float]) -> None:
        """``now`` is in seconds since 1970."""
        self._servers = servers
        self._now = now
        self._pool = ThreadPoolExecutor(max(len(servers), 1), thread_name_prefix="top")
        self._last: list[Scrape] = []
        self.shown: Sequence[Figures] = ()
        """The figures between the last two looks; empty before the second."""
        self.every_seconds = 2.0
        self.is_paused = False
        self._ended = threading.Event()

    def step(self) -> None:
        """Look once more."""
        looks = list(self._pool.map(scrape, self._servers))
        if self._last:
            spells = [Spell(before, after) for before, after in zip(self._last, looks, strict=True)]
            self.shown = [figures(spell, self._now()) for spell in spells]
        self._last = looks

    def follow(self, wake: Callable[[], None]) -> threading.Thread:
        """Look again and again in a thread of its own until ``end``; calls ``wake`` after each look."""
        # A daemon: a server that does not answer must not hold up the process's end.
        thread = threading.Thread(target=self._run, args=(wake,), name="top", daemon=True)
        thread.start()
        return thread

    def _run(self, wake: Callable[[], None]) -> None:
        while not self._ended.is_set():
            began_at = time.monotonic()
            if not self.is_paused:
                self.step()
                wake()
            # The second look comes soon: until then there is nothing to see.
            rest = self.every_seconds if self.shown else min(self.every_seconds, 0.5)
            self._ended.wait(max(rest - (time.monotonic() - began_at), 0.05))

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
