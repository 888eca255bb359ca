"""A live copy of the staff that match a filter, on asyncio. The rules are in ``follow``; this opens, waits and tells."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty.v1.staff_pb2 import Staff, StaffFilter
from onduty_client import clock
from onduty_client.async_connection import AsyncConnection
from onduty_client.async_stream_loop import AsyncStreamLoop
from onduty_client.errors import OndutyError, TimedOutError
from onduty_client.floor_view import FloorChange
from onduty_client.follow import FloorState, Follow
from onduty_client.handlers import OnError, run_async_handlers
from onduty_client.lifeline import Lifeline
from onduty_client.options import FloorOptions, stream_options

OnChangeAsync = Callable[[FloorChange], Awaitable[None] | None]
OnStateAsync = Callable[[FloorState], Awaitable[None] | None]


class AsyncFloor:
    """Watches in the background from its making until ``close``; ``AsyncRouterClient.floor`` makes it.

    Handlers are functions or coroutine functions. They run in the floor's task, one after another, before the next frame is
    read: a slow one delays the view.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        staff_filter: StaffFilter | None = None,
        options: FloorOptions | None = None,
        *,
        on_change: OnChangeAsync | None = None,
        on_state: OnStateAsync | None = None,
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
        self._follow = Follow(staff_filter or StaffFilter(), times, lifeline)
        self._on_change = [on_change] if on_change else []
        self._on_state = [on_state] if on_state else []
        self._on_error = on_error
        # The last state whose handlers have run.
        self._told_state = FloorState.CONNECTING
        self._told = asyncio.Event()
        connection.adopt(self)
        self._loop: AsyncStreamLoop[WatchStaffRequest, WatchStaffResponse] = AsyncStreamLoop(
            connection,
            connection.services.router.WatchStaff,
            self._follow,
            tell=self._tell,
            now=clock.monotonic,
            name="onduty-floor",
        )

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
        return self._follow.view.get(staff_id)

    def all(self) -> list[Staff]:
        """Everybody as last heard, by id. Do not change the messages."""
        return self._follow.view.all()

    def available(self, skill_group: str = "") -> list[Staff]:
        """Who can be assigned an inbound call, longest idle first; of everybody where the group is empty.

        Asks the server nothing. Nobody before the first snapshot, after ``trust_limit`` seconds without a frame, and when
        the floor is FAILED or CLOSED.
        """
        return self._follow.available(skill_group, clock.monotonic())

    # --- following --------------------------------------------------------------------------------------------------------

    def on_change(self, handler: OnChangeAsync) -> None:
        """Adds a handler of changes. What has been told already is not told again."""
        self._on_change.append(handler)

    def on_state(self, handler: OnStateAsync) -> None:
        """Adds a handler of the floor's states."""
        self._on_state.append(handler)

    async def wait_current(self, timeout: float = 30.0) -> None:
        """Waits until there is a snapshot, the stream lives, and handlers have been told of it.

        Raises:
            TimedOutError: It did not come true within ``timeout`` seconds.
            OndutyError: The floor failed, with its error; or it was closed.
        """
        try:
            async with asyncio.timeout(timeout):
                while not self._is_settled():
                    await self._told.wait()
        except TimeoutError:
            text = f"the floor was not current within {timeout:g} s"
            raise TimedOutError(text, code="DEADLINE_EXCEEDED") from self._follow.last_error

    async def close(self) -> None:
        """Cancels the stream and waits for handlers that run. May be called twice."""
        await self._loop.close()
        self._connection.release(self)
        await self._tell()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _is_settled(self) -> bool:
        if self._told_state is FloorState.FAILED and self._follow.last_error is not None:
            raise self._follow.last_error
        if self._told_state is FloorState.CLOSED:
            raise OndutyError("the floor is closed", code="CANCELLED")
        return self._told_state is FloorState.CURRENT

    async def _tell(self) -> None:
        for event in self._follow.take_events():
            if isinstance(event, FloorState):
                await run_async_handlers(self._on_state, event, self._on_error)
                self._told_state = event
                told, self._told = self._told, asyncio.Event()
                told.set()
            else:
                await run_async_handlers(self._on_change, event, self._on_error)
