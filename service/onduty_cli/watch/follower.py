"""Follows the floor's stream over losses of the connection; it keeps no view of the floor and shows nothing."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty_cli.connection import Session
from onduty_cli.failures import CommandError, RefusedError, UnreachableError
from onduty_cli.moments import MICROSECONDS, length_of
from onduty_client.backoff import Backoff

SHORTEST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Received:
    """A frame of the stream."""

    frame: WatchStaffResponse


@dataclass(frozen=True, slots=True)
class Lost:
    """The stream ended; the next attempt comes after a wait."""

    failure: CommandError | None
    """Absent: the server ended the stream on purpose."""
    wait_seconds: float


@dataclass(frozen=True, slots=True)
class Restarted:
    """The position cannot be resumed after: a snapshot follows."""

    failure: RefusedError


Event = Received | Lost | Restarted


@dataclass(slots=True)
class Follower:
    """One watch that goes on for as long as it is iterated.

    It reconnects with jittered, growing waits, resumes after the last position, and watches afresh where that position is
    refused. A server that cannot be reached at all at first, or a refusal that waiting cannot mend, is raised.
    """

    session: Session
    request: WatchStaffRequest
    """``resume_after`` is moved on with every frame."""
    sleep: Callable[[float], None] = time.sleep
    _backoff: Backoff = field(default_factory=lambda: Backoff(SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS), init=False)
    _was_connected: bool = field(default=False, init=False)

    @property
    def position(self) -> str:
        """The position to resume after; empty before the first snapshot is complete."""
        return self.request.resume_after

    def events(self) -> Iterator[Event]:
        """Yields what happens, without end."""
        while True:
            asked_wait_seconds = 0.0
            failure: CommandError | None = None
            try:
                for frame in self.session.watch(self.request):
                    self._note(frame)
                    yield Received(frame)
                    if frame.HasField("going_away"):
                        asked_wait_seconds = length_of(frame.going_away.reconnect_after) / MICROSECONDS
            except RefusedError as refused:
                if refused.means_watch_afresh and self.request.resume_after:
                    self.request.resume_after = ""
                    yield Restarted(refused)
                    continue
                if not refused.may_pass:
                    raise
                failure, asked_wait_seconds = refused, refused.retry_after_seconds or 0.0
            except UnreachableError as unreachable:
                if not self._was_connected:
                    raise
                failure = unreachable
            wait_seconds = self._backoff.next_wait(asked_wait_seconds)
            yield Lost(failure, wait_seconds)
            self.sleep(wait_seconds)

    def _note(self, frame: WatchStaffResponse) -> None:
        self._was_connected = True
        self._backoff.start_anew()
        if frame.position:
            self.request.resume_after = frame.position
