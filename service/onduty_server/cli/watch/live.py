"""Shows a watch as a table that is kept up to date on a terminal; lines for pipes are lines.py's."""

import threading
from collections.abc import Callable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from onduty.v1.staff_pb2 import Staff
from onduty_server.cli.explanations import explain
from onduty_server.cli.moments import clock_text
from onduty_server.cli.output import plain_table, printable
from onduty_server.cli.staff_table import staff_cells
from onduty_server.cli.staff_words import (
    CAPABILITIES_LEGEND,
    status_text,
)
from onduty_server.cli.watch.floor import Floor
from onduty_server.cli.watch.follower import Event, Lost, Received, Restarted

_REFRESHES_PER_SECOND = 4
_LINES_AROUND_THE_ROWS = 5


class LiveView:
    """The floor on the whole terminal, redrawn several times a second. Used in a with block."""

    def __init__(self, console: Console, server: str, now: Callable[[], int]) -> None:
        """Begin before the first frame; ``now`` returns microseconds since the epoch."""
        self._server = server
        self._now = now
        self._floor = Floor()
        self._state = Text("connecting", style="yellow")
        # The table is drawn by a thread of its own while frames come in.
        self._lock = threading.Lock()
        self._live = Live(self, console=console, screen=True, refresh_per_second=_REFRESHES_PER_SECOND)

    def __enter__(self) -> "LiveView":
        self._live.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._live.stop()

    def show(self, event: Event) -> None:
        """Takes in what happened; it is seen at the next redrawing."""
        with self._lock:
            match event:
                case Received(frame=frame):
                    self._floor.apply(frame)
                    self._state = Text("connected", style="green")
                case Lost(failure=failure, wait_seconds=wait_seconds):
                    self._floor.forget_incoming()
                    why = explain(failure)[0] if failure else "the server is going away"
                    self._state = Text(printable(f"{why}; again in {wait_seconds:.1f} s"), style="bold red")
                case Restarted():
                    self._floor.forget_incoming()
                    self._state = Text("connected, waiting for a new snapshot", style="yellow")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draws the floor into the size that the terminal has now."""
        height = options.height or options.max_height
        with self._lock:
            yield self._drawn(height)

    def _drawn(self, height: int) -> RenderableType:
        now = self._now()
        shown = self._floor.first_rows(max(height - _LINES_AROUND_THE_ROWS, 1))
        hidden = len(self._floor) - len(shown)
        more = f"and {hidden} more; " if hidden else ""
        return Group(
            self._head(now),
            self._counts(),
            Text(),
            _table(shown, now),
            Text(f"{more}{CAPABILITIES_LEGEND}; Ctrl-C ends", style="dim", no_wrap=True, overflow="ellipsis"),
        )

    def _head(self, now: int) -> Text:
        head = Text.assemble(("Onduty", "bold"), f" {self._server}  {clock_text(now)}  ", self._state)
        head.no_wrap, head.overflow = True, "ellipsis"
        return head

    def _counts(self) -> Text:
        counts = Text(f"{len(self._floor)} staff", no_wrap=True, overflow="ellipsis")
        for status, count in self._floor.counts():
            counts += Text.assemble("   ", status_text(status), f" {count}")
        return counts


def _table(staff: list[Staff], now: int) -> Table:
    table = plain_table("staff", "name", "status", "for", "can", "calls", "next", "also")
    for column in table.columns:
        # One line a person: the height of the terminal is counted in people.
        column.no_wrap, column.overflow = True, "ellipsis"
    table.columns[3].justify = "right"
    for member in staff:
        table.add_row(*staff_cells(member, now=now))
    return table
