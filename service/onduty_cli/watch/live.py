"""Shows a watch as a table that is kept up to date on a terminal and obeys keys; lines for pipes are lines.py's."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console

from onduty.v1.staff_pb2 import Staff
from onduty_cli.watch.arrangement import Arrangement, arrange
from onduty_cli.watch.board import Board, as_of, drawn
from onduty_cli.watch.feed import Feed
from onduty_cli.watch.follower import Follower
from onduty_cli.watch.terminal import Terminal
from onduty_cli.watch.trouble import Limits
from onduty_cli.watch.view import View

_TICK_SECONDS: Final = 0.5
_LEAST_BETWEEN_DRAWINGS_SECONDS: Final = 0.1
_GREATEST_SHARE_OF_TIME: Final = 4
"""A drawing that took a while is followed by a rest so many times as long: a great floor leaves the machine to others."""


class LiveView:
    """The floor on the whole terminal, for as long as ``run`` runs."""

    def __init__(self, console: Console, server: str, now: Callable[[], int], limits: Limits) -> None:
        """``now`` returns microseconds since the epoch."""
        self._console = console
        self._server = server
        self._now = now
        self._limits = limits
        self._view = View()
        self._paused: tuple[Sequence[Staff], int] | None = None
        self._groups: Sequence[str] = ()

    def run(self, follower: Follower, close: Callable[[], None]) -> None:
        """Shows what is followed until a key or a signal ends it; ``close`` ends the stream.

        Raises:
            CommandError: Following failed for good; the terminal is given back before.
            KeyboardInterrupt: A signal ended it.
        """
        with Terminal(self._console) as terminal:
            feed = Feed(self._now, terminal.wake)
            following = feed.follow(follower)
            try:
                self._loop(terminal, feed)
            except OSError as gone:
                # Nobody is there any more to be shown anything, not even a failure.
                raise KeyboardInterrupt from gone
            finally:
                feed.end(following, close)
        if feed.failure:
            raise feed.failure

    def _loop(self, terminal: Terminal, feed: Feed) -> None:
        rest_until = 0.0
        while not (self._view.has_ended or feed.failure):
            began_at = time.monotonic()
            self._draw(terminal, feed)
            took = time.monotonic() - began_at
            rest_until = began_at + took + max(_LEAST_BETWEEN_DRAWINGS_SECONDS, _GREATEST_SHARE_OF_TIME * took)
            keys = terminal.wait(_TICK_SECONDS)
            while not keys and (left := rest_until - time.monotonic()) > 0 and not feed.failure:
                keys = terminal.wait(left)
            for key in keys:
                self._view.press(key, self._groups)

    def _draw(self, terminal: Terminal, feed: Feed) -> None:
        size, now, seen = terminal.size(), self._now(), feed.seen()
        at = as_of(seen, now)
        if not self._view.is_paused:
            self._paused = None
        elif self._paused is None:
            self._paused = (seen.staff, at)
        staff, at = self._paused or (seen.staff, at)
        arrangement: Arrangement = arrange(staff, self._view, now=at, limits=self._limits)
        self._groups = arrangement.groups
        board = Board(
            server=self._server,
            seen=seen,
            arrangement=arrangement,
            now=now,
            paused_at=at if self._paused else 0,
            has_keys=terminal.has_keys,
        )
        terminal.draw(drawn(board, self._view, size), size)
