"""What a floor knows and does next, as a machine without I/O: told of frames and ends, it says what to ask and what to tell.

It reads no clock (``now`` is an argument, in seconds of a clock that never goes back) and opens nothing.
"""

from enum import Enum

from google.protobuf.duration_pb2 import Duration

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty.v1.staff_pb2 import Staff, StaffFilter
from onduty_client.errors import InvalidRequestError, OndutyError, PositionError
from onduty_client.floor_view import FloorChange, FloorView
from onduty_client.lifeline import GiveUp, Lifeline, Reopen
from onduty_client.options import StreamOptions


class FloorState(Enum):
    """How far a floor can be relied on."""

    CONNECTING = "CONNECTING"
    """There is no snapshot yet."""
    CURRENT = "CURRENT"
    """The view is what the server said last, and the stream lives."""
    STALE = "STALE"
    """The stream is broken or silent; the view is as it was."""
    FAILED = "FAILED"
    """The stream cannot be opened, and is not tried again."""
    CLOSED = "CLOSED"
    """The floor was closed."""


FloorEvent = FloorChange | FloorState
_ENDED = frozenset({FloorState.FAILED, FloorState.CLOSED})


class Follow:
    """The rules of one floor. What there is to tell gathers until ``take_events`` takes it away."""

    def __init__(self, chosen: StaffFilter, times: StreamOptions, lifeline: Lifeline) -> None:
        """Follow the staff that match ``chosen``."""
        self.view = FloorView()
        self.state = FloorState.CONNECTING
        self.position = ""
        # Why the stream broke last; of a FAILED floor why it failed.
        self.last_error: OndutyError | None = None
        # When the last frame came, on this stream or one before it.
        self.last_frame_at: float | None = None
        self._chosen = chosen
        self._times = times
        self._lifeline = lifeline
        # Set while a stream that was opened without position has not brought its whole snapshot.
        self._awaits_snapshot = True
        self._events: list[FloorEvent] = []

    @property
    def silence_seconds(self) -> float:
        """How long to wait for a frame before ``silence_error`` ends the stream."""
        return self._lifeline.silence_seconds

    @property
    def has_ended(self) -> bool:
        """The floor is FAILED or CLOSED."""
        return self.state in _ENDED

    def silence_error(self) -> OndutyError:
        """The error of a stream on which no frame came in time."""
        return self._lifeline.silence_error()

    def open(self) -> WatchStaffRequest:
        """The request of the next stream."""
        self._lifeline.opened()
        self._awaits_snapshot = not self._may_resume
        interval = Duration()
        interval.FromNanoseconds(round(self._times.bookmark_interval * 1e9))
        return WatchStaffRequest(
            filter=self._chosen, resume_after=self.position if self._may_resume else "", bookmark_interval=interval
        )

    def take(self, frame: WatchStaffResponse, now: float) -> None:
        """A frame came."""
        self.last_frame_at = now
        self._lifeline.heard(frame.going_away if frame.HasField("going_away") else None)
        self._events += self.view.take(frame)
        if frame.position:
            self.position = frame.position
        if frame.HasField("snapshot_chunk") and frame.snapshot_chunk.last:
            self._awaits_snapshot = False
        if not self._awaits_snapshot:
            self._become(FloorState.CURRENT)

    def end(self, error: OndutyError | None) -> Reopen | GiveUp:
        """The stream ended, by this error or without one. Says what to do next."""
        asked_to_resume = not self._awaits_snapshot
        self.last_error = error
        self.view.drop_incoming()
        if self.view.is_complete:
            self._become(FloorState.STALE)
        if self._awaits_snapshot or _must_watch_afresh(error):
            self.position = ""
        if asked_to_resume and _must_watch_afresh(error):
            return Reopen(0.0)
        step = self._lifeline.ended(error)
        if isinstance(step, GiveUp):
            self._become(FloorState.FAILED)
        return step

    def fail(self, error: OndutyError) -> None:
        """The floor cannot go on."""
        self.last_error = error
        self._become(FloorState.FAILED)

    def close(self) -> None:
        """The floor was closed; a FAILED one too."""
        self._become(FloorState.CLOSED)

    def take_events(self) -> list[FloorEvent]:
        """What has happened since the last time: changes, then the state they led to."""
        events, self._events = self._events, []
        return events

    def available(self, skill_group: str, now: float) -> list[Staff]:
        """Who can be assigned a call, longest idle first; nobody where the view is not to be trusted."""
        if self.has_ended or not self.view.is_complete or self.last_frame_at is None:
            return []
        if now - self.last_frame_at > self._times.trust_limit:
            return []
        return self.view.available(skill_group)

    @property
    def _may_resume(self) -> bool:
        return self.view.is_complete and bool(self.position)

    def _become(self, state: FloorState) -> None:
        if self.state is state or self.state is FloorState.CLOSED:
            return
        self.state = state
        self._events.append(state)


def _must_watch_afresh(error: OndutyError | None) -> bool:
    # A server of another version may not read the positions of the one before it.
    malformed = isinstance(error, InvalidRequestError) and error.reason == "POSITION_MALFORMED"
    return malformed or isinstance(error, PositionError)
