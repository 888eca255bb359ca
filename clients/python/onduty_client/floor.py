"""A live copy of the staff that match a filter, for threads. The rules are in ``follow``; this opens, waits and tells."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty.v1.staff_pb2 import Staff, StaffFilter
from onduty_client import clock
from onduty_client.connection import Connection
from onduty_client.errors import OndutyError, TimedOutError
from onduty_client.floor_view import FloorChange
from onduty_client.follow import FloorState, Follow
from onduty_client.handlers import OnError, run_handlers
from onduty_client.lifeline import Lifeline
from onduty_client.options import FloorOptions, stream_options
from onduty_client.stream_loop import StreamLoop

OnChange = Callable[[FloorChange], object]
OnState = Callable[[FloorState], object]


class Floor:
    """Watches in a thread of its own from its making until ``close``; ``RouterClient.floor`` makes it.

    Any thread may read it. Handlers run in the floor's thread, one after another, before the next frame is read: a slow one
    delays the view.
    """

    def __init__(
        self,
        connection: Connection,
        staff_filter: StaffFilter | None = None,
        options: FloorOptions | None = None,
        *,
        on_change: OnChange | None = None,
        on_state: OnState | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Begin to watch; handlers given here miss nothing.

        Raises:
            ValueError: An option is out of its bounds.
            OndutyError: The connection is closed.
        """
        times = stream_options(connection.options, options)
        lifeline = Lifeline(times, token_may_change=callable(connection.options.token))
        self._connection = connection
        # Guards the rules and the view; handlers run without it.
        self._lock = threading.RLock()
        self._follow = Follow(staff_filter or StaffFilter(), times, lifeline)
        self._on_change = [on_change] if on_change else []
        self._on_state = [on_state] if on_state else []
        self._on_error = on_error
        # The last state whose handlers have run.
        self._told_state = FloorState.CONNECTING
        self._told = threading.Condition(self._lock)
        connection.adopt(self)
        self._loop: StreamLoop[WatchStaffRequest, WatchStaffResponse] = StreamLoop(
            connection,
            connection.services.router.WatchStaff,
            self._follow,
            lock=self._lock,
            tell=self._tell,
            now=clock.monotonic,
            name="onduty-floor",
        )
        self._loop.start()

    # --- reading ----------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> FloorState:
        """How far the floor can be relied on."""
        return self._follow.state

    @property
    def is_closed(self) -> bool:
        """It was closed."""
        return self._follow.state is FloorState.CLOSED

    @property
    def position(self) -> str:
        """The last position heard; empty before the first snapshot is complete."""
        return self._follow.position

    @property
    def size(self) -> int:
        """How many staff the view has."""
        return self._follow.view.size

    @property
    def last_error(self) -> OndutyError | None:
        """Why the stream broke last, or why the floor failed; None where it never did."""
        return self._follow.last_error

    @property
    def last_frame_age(self) -> float | None:
        """Seconds since the last frame; None before the first."""
        came_at = self._follow.last_frame_at
        return None if came_at is None else clock.monotonic() - came_at

    def get(self, staff_id: str) -> Staff | None:
        """One staff member as last heard; None where the view has no such. Do not change the message."""
        with self._lock:
            return self._follow.view.get(staff_id)

    def all(self) -> list[Staff]:
        """Everybody as last heard, by id. Do not change the messages."""
        with self._lock:
            return self._follow.view.all()

    def available(self, skill_group: str = "") -> list[Staff]:
        """Who can be assigned an inbound call, longest idle first; of everybody where the group is empty.

        Asks the server nothing. Nobody before the first snapshot, after ``trust_limit`` seconds without a frame, and when
        the floor is FAILED or CLOSED.
        """
        with self._lock:
            return self._follow.available(skill_group, clock.monotonic())

    # --- following --------------------------------------------------------------------------------------------------------

    def on_change(self, handler: OnChange) -> None:
        """Adds a handler of changes. What has been told already is not told again."""
        self._on_change.append(handler)

    def on_state(self, handler: OnState) -> None:
        """Adds a handler of the floor's states."""
        self._on_state.append(handler)

    def wait_current(self, timeout: float = 30.0) -> None:
        """Waits until there is a snapshot, the stream lives, and handlers have been told of it.

        Raises:
            TimedOutError: It did not come true within ``timeout`` seconds.
            OndutyError: The floor failed, with its error; or it was closed.
        """
        with self._told:
            if not self._told.wait_for(self._is_settled, timeout):
                text = f"the floor was not current within {timeout:g} s"
                raise TimedOutError(text, code="DEADLINE_EXCEEDED") from self._follow.last_error

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
        if self._told_state is FloorState.FAILED and self._follow.last_error is not None:
            raise self._follow.last_error
        if self._told_state is FloorState.CLOSED:
            raise OndutyError("the floor is closed", code="CANCELLED")
        return self._told_state is FloorState.CURRENT

    def _tell(self) -> None:
        with self._lock:
            events = self._follow.take_events()
        for event in events:
            if isinstance(event, FloorState):
                run_handlers(self._on_state, event, self._on_error)
                with self._told:
                    self._told_state = event
                    self._told.notify_all()
            else:
                run_handlers(self._on_change, event, self._on_error)
