"""A view that a stream keeps, for threads. The rules are in ``view_follow``; this opens, waits and tells."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from google.protobuf.message import Message

from onduty_client import clock
from onduty_client.connection import Connection
from onduty_client.errors import OndutyError, TimedOutError
from onduty_client.handlers import OnError, run_handlers
from onduty_client.services import StreamMethod
from onduty_client.stream_loop import StreamLoop
from onduty_client.view_follow import FloorState, ViewFollow

Q = TypeVar("Q", bound=Message)
F = TypeVar("F", bound=Message)
E = TypeVar("E")

OnState = Callable[[FloorState], object]


class LiveView(Generic[Q, F, E]):
    """Watches in a thread of its own from its making until ``close``.

    Any thread may read it. Handlers run in the view's thread, one after another, before the next frame is read: a slow one
    delays the view.
    """

    _NOUN = "view"
    """What it is called in errors and in the thread's name."""

    def __init__(
        self,
        connection: Connection,
        method: StreamMethod[Q, F],
        follow: ViewFollow[Q, F, E],
        *,
        on_change: Callable[[E], object] | None = None,
        on_state: OnState | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Begin to watch; handlers given here miss nothing.

        Raises:
            OndutyError: The connection is closed.
        """
        self._connection = connection
        # Guards the rules and the view; handlers run without it.
        self._lock = threading.RLock()
        self._rules = follow
        self._on_change = [on_change] if on_change else []
        self._on_state = [on_state] if on_state else []
        self._on_error = on_error
        # The last state whose handlers have run.
        self._told_state = FloorState.CONNECTING
        self._told = threading.Condition(self._lock)
        connection.adopt(self)
        self._loop: StreamLoop[Q, F] = StreamLoop(
            connection,
            method,
            follow,
            lock=self._lock,
            tell=self._tell,
            now=clock.monotonic,
            name=f"onduty-{self._NOUN}",
        )
        self._loop.start()

    # --- reading ----------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> FloorState:
        """How far the view can be relied on."""
        return self._rules.state

    @property
    def is_closed(self) -> bool:
        """It was closed."""
        return self._rules.state is FloorState.CLOSED

    @property
    def position(self) -> str:
        """The last position heard; empty before the first snapshot is complete."""
        return self._rules.position

    @property
    def size(self) -> int:
        """How many staff the view has."""
        return self._rules.size

    @property
    def last_error(self) -> OndutyError | None:
        """Why the stream broke last, or why it failed; None where it never did."""
        return self._rules.last_error

    @property
    def last_frame_age(self) -> float | None:
        """Seconds since the last frame; None before the first."""
        came_at = self._rules.last_frame_at
        return None if came_at is None else clock.monotonic() - came_at

    # --- following --------------------------------------------------------------------------------------------------------

    def on_change(self, handler: Callable[[E], object]) -> None:
        """Adds a handler of changes. What has been told already is not told again."""
        self._on_change.append(handler)

    def on_state(self, handler: OnState) -> None:
        """Adds a handler of the view's states."""
        self._on_state.append(handler)

    def wait_current(self, timeout: float = 30.0) -> None:
        """Waits until there is a snapshot, the stream lives, and handlers have been told of it.

        Raises:
            TimedOutError: It did not come true within ``timeout`` seconds.
            OndutyError: It failed, with its error; or it was closed.
        """
        with self._told:
            if not self._told.wait_for(self._is_settled, timeout):
                text = f"the {self._NOUN} was not current within {timeout:g} s"
                raise TimedOutError(text, code="DEADLINE_EXCEEDED") from self._rules.last_error

    def close(self) -> None:
        """Cancels the stream and waits for handlers that run. May be called twice."""
        self._loop.close()
        self._connection.release(self)
        self._tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _is_settled(self) -> bool:
        if self._told_state is FloorState.FAILED and self._rules.last_error is not None:
            raise self._rules.last_error
        if self._told_state is FloorState.CLOSED:
            raise OndutyError(f"the {self._NOUN} is closed", code="CANCELLED")
        return self._told_state is FloorState.CURRENT

    def _tell(self) -> None:
        with self._lock:
            events = self._rules.take_events()
        for event in events:
            if self.is_closed and event is not FloorState.CLOSED:
                continue  # A handler closed it: what is left of the frame is not told.
            if isinstance(event, FloorState):
                run_handlers(self._on_state, event, self._on_error)
                with self._told:
                    self._told_state = event
                    self._told.notify_all()
            else:
                run_handlers(self._on_change, event, self._on_error)
