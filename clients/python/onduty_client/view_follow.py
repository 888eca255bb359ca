"""The rules of a stream that keeps a view: told of frames and ends, they say what to ask and what to tell. No I/O, no clock.

``now`` is an argument, in seconds of a clock that never goes back. ``follow`` and ``colleague_follow`` say what is watched.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum
from typing import Generic, NamedTuple, Protocol, TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from onduty.v1.staff_pb2 import GoingAway
from onduty_client.errors import InvalidRequestError, OndutyError, PositionError
from onduty_client.lifeline import GiveUp, Lifeline, Reopen
from onduty_client.options import StreamOptions

Q = TypeVar("Q", bound=Message)
F = TypeVar("F", bound=Message)
F_contra = TypeVar("F_contra", contravariant=True)
E = TypeVar("E")
E_co = TypeVar("E_co", covariant=True)


class FloorState(Enum):
    """How far a floor, or a view of colleagues, can be relied on."""

    CONNECTING = "CONNECTING"
    """There is no snapshot yet."""
    CURRENT = "CURRENT"
    """The view shows all that had happened when the stream was opened, and the stream lives."""
    STALE = "STALE"
    """The stream is broken or silent, or a new one brings what was missed; the view is as it was."""
    FAILED = "FAILED"
    """The stream cannot be opened, and is not tried again."""
    CLOSED = "CLOSED"
    """The floor was closed."""


_ENDED = frozenset({FloorState.FAILED, FloorState.CLOSED})


class News(NamedTuple):
    """What a frame says beside what it changes."""

    position: str
    going_away: GoingAway | None
    """The farewell that it carries."""
    ends_snapshot: bool
    catching_up: bool
    """More of what had happened when the stream was opened is still to come."""


class View(Protocol[F_contra, E_co]):
    """What is made of the frames."""

    @property
    def is_complete(self) -> bool:
        """A whole snapshot has been seen."""

    @property
    def size(self) -> int:
        """How many are in it."""

    def take(self, frame: F_contra) -> Sequence[E_co]:
        """Takes a frame in and returns what it changed."""

    def drop_incoming(self) -> None:
        """Throws a snapshot away that was cut short."""


class ViewFollow(ABC, Generic[Q, F, E]):
    """The rules of one view. What there is to tell gathers until ``take_events`` takes it away."""

    def __init__(self, view: View[F, E], times: StreamOptions, lifeline: Lifeline) -> None:
        """Nothing is known yet."""
        self.state = FloorState.CONNECTING
        self.position = ""
        # Why the stream broke last; of a FAILED one why it failed.
        self.last_error: OndutyError | None = None
        # When the last frame came, on this stream or one before it.
        self.last_frame_at: float | None = None
        # When the view was known to be the present last.
        self.last_current_at: float | None = None
        self.times = times
        self._view = view
        self._lifeline = lifeline
        # Set while a stream that was opened without position has not brought its whole snapshot.
        self._awaits_snapshot = True
        self._events: list[E | FloorState] = []

    @abstractmethod
    def request(self, resume_after: str, bookmark_interval: Duration) -> Q:
        """The request of a stream that goes on after a position, or begins with a snapshot."""

    @abstractmethod
    def news(self, frame: F) -> News:
        """What a frame says."""

    @property
    def size(self) -> int:
        """How many the view has."""
        return self._view.size

    @property
    def silence_seconds(self) -> float:
        """How long to wait for a frame before ``silence_error`` ends the stream."""
        return self._lifeline.silence_seconds

    @property
    def has_ended(self) -> bool:
        """It is FAILED or CLOSED."""
        return self.state in _ENDED

    def silence_error(self) -> OndutyError:
        """The error of a stream on which no frame came in time."""
        return self._lifeline.silence_error()

    def open(self) -> Q:
        """The request of the next stream."""
        self._lifeline.opened()
        self._awaits_snapshot = not self._may_resume
        interval = Duration()
        interval.FromNanoseconds(round(self.times.bookmark_interval * 1e9))
        return self.request(self.position if self._may_resume else "", interval)

    def take(self, frame: F, now: float) -> None:
        """A frame came."""
        news = self.news(frame)
        self.last_frame_at = now
        self._lifeline.heard(news.going_away)
        self._events += self._view.take(frame)
        if news.position:
            self.position = news.position
        if news.ends_snapshot:
            self._awaits_snapshot = False
            self._lifeline.has_begun = True
        if not self._awaits_snapshot and not news.catching_up:
            self.last_current_at = now
            self.become(FloorState.CURRENT)

    def end(self, error: OndutyError | None) -> Reopen | GiveUp:
        """The stream ended, by this error or without one. Says what to do next."""
        asked_to_resume = not self._awaits_snapshot
        self.last_error = error
        self._view.drop_incoming()
        if self._view.is_complete:
            self.become(FloorState.STALE)
        if self._awaits_snapshot or _must_watch_afresh(error):
            self.position = ""
        if asked_to_resume and _must_watch_afresh(error):
            return Reopen(0.0)
        step = self._lifeline.ended(error)
        if isinstance(step, GiveUp):
            self.become(FloorState.FAILED)
        return step

    def fail(self, error: OndutyError) -> None:
        """It cannot go on."""
        self.last_error = error
        self.become(FloorState.FAILED)

    def close(self) -> None:
        """It was closed; a FAILED one too."""
        self.become(FloorState.CLOSED)

    def take_events(self) -> list[E | FloorState]:
        """What has happened since the last time: changes, then the state they led to."""
        events, self._events = self._events, []
        return events

    def become(self, state: FloorState) -> None:
        """The state changes, where it does."""
        if self.state is state or self.state is FloorState.CLOSED:
            return
        self.state = state
        self._events.append(state)

    def tell(self, events: list[E]) -> None:
        """Something is to be told beside what frames bring."""
        self._events += events

    @property
    def _may_resume(self) -> bool:
        return self._view.is_complete and bool(self.position)


def _must_watch_afresh(error: OndutyError | None) -> bool:
    # A server of another version may not read the positions of the one before it.
    malformed = isinstance(error, InvalidRequestError) and error.reason == "POSITION_MALFORMED"
    return malformed or isinstance(error, PositionError)
