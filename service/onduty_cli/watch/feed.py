"""Follows the floor in a thread of its own and says how fresh it is; it shows nothing."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from onduty.v1.router_service_pb2 import WatchStaffResponse
from onduty.v1.staff_pb2 import Staff
from onduty_cli.explanations import explain
from onduty_cli.failures import CommandError
from onduty_cli.watch.floor import Floor
from onduty_cli.watch.follower import Event, Follower, Lost, Received, Restarted

BOOKMARKS_EVERY_SECONDS: Final = 2
"""How often the server is asked for a sign of life while nothing changes."""
_SILENT_AFTER_SECONDS: Final = 5.0
_FAREWELL_SECONDS: Final = 2.0


class Freshness(Enum):
    """How far the floor can be believed."""

    CONNECTING = "connecting"
    LIVE = "LIVE"
    CATCHING_UP = "catching up"
    """The stream is back; what happened meanwhile is still coming."""
    SILENT = "SILENT"
    """The stream stands, but nothing has come for longer than the server may be silent."""
    LOST = "LOST"


@dataclass(frozen=True, slots=True)
class Seen:
    """The floor at one moment."""

    staff: Sequence[Staff]
    freshness: Freshness
    heard_at: int
    """When the floor was last known to be right, in microseconds since the epoch; 0 for never."""
    why: str = ""
    """What happened to the connection."""
    again_in_seconds: float = 0.0


class Feed:
    """The floor, kept up to date by ``run`` in one thread and looked at by another."""

    def __init__(self, now: Callable[[], int], wake: Callable[[], None]) -> None:
        """``now`` returns microseconds since the epoch; ``wake`` is called after every change."""
        self._now = now
        self._wake = wake
        self._lock = threading.Lock()
        self._floor = Floor()
        self._freshness = Freshness.CONNECTING
        self._heard_at = 0
        self._heard_at_monotonic = time.monotonic()
        self._why = ""
        self._again_at_monotonic = 0.0
        self._ended = threading.Event()
        self.failure: BaseException | None = None
        """What ended the following for good."""

    def follow(self, follower: Follower) -> threading.Thread:
        """Starts to follow in a thread of its own, which ends with ``end``."""
        # A daemon: a stream that cannot be ended must not hold up the process's end.
        thread = threading.Thread(target=self._run, args=(follower,), name="watch", daemon=True)
        thread.start()
        return thread

    def end(self, thread: threading.Thread, close: Callable[[], None]) -> None:
        """Ends the following; ``close`` ends the stream. Returns within seconds."""
        self._ended.set()
        close()
        thread.join(_FAREWELL_SECONDS)

    def _run(self, follower: Follower) -> None:
        follower.sleep = self._sleep
        try:
            for event in follower.events():
                if self._ended.is_set():
                    return
                self.take(event)
                self._wake()
        except BaseException as failure:  # noqa: BLE001 - the other thread raises it.
            if not self._ended.is_set():
                self.failure = failure
                self._wake()

    def _sleep(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def take(self, event: Event) -> None:
        """Takes in what happened."""
        with self._lock:
            match event:
                case Received(frame=frame):
                    self._floor.apply(frame)
                    self._note_heard(frame)
                case Lost(failure=failure, wait_seconds=wait_seconds):
                    self._floor.forget_incoming()
                    self._note_lost(failure, wait_seconds)
                case Restarted():
                    self._floor.forget_incoming()
                    self._freshness, self._why = Freshness.CATCHING_UP, "a new snapshot is coming"

    def seen(self) -> Seen:
        """Returns the floor with how fresh it is now."""
        with self._lock:
            freshness, why, now = self._freshness, self._why, time.monotonic()
            if freshness is Freshness.LIVE and now - self._heard_at_monotonic > _SILENT_AFTER_SECONDS:
                freshness, why = Freshness.SILENT, "the server says nothing"
            again_in_seconds = max(self._again_at_monotonic - now, 0.0) if freshness is Freshness.LOST else 0.0
            return Seen(self._floor.staff(), freshness, self._heard_at, why, again_in_seconds)

    def _note_heard(self, frame: WatchStaffResponse) -> None:
        now = self._now()
        if self._freshness is not Freshness.LIVE:
            if self._freshness is Freshness.LOST:
                self._freshness, self._why = Freshness.CATCHING_UP, "changes since then are coming"
            if frame.HasField("going_away") or frame.catching_up or not self._floor.is_complete:
                return
            self._freshness, self._why = Freshness.LIVE, ""
        self._heard_at, self._heard_at_monotonic = now, time.monotonic()

    def _note_lost(self, failure: CommandError | None, wait_seconds: float) -> None:
        self._freshness = Freshness.LOST
        self._why = explain(failure)[0] if failure else "the server is going away"
        self._again_at_monotonic = time.monotonic() + wait_seconds
