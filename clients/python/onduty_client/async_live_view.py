"""A view that a stream keeps, on asyncio. The rules are in ``view_follow``; this opens, waits and tells."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from google.protobuf.message import Message

from onduty_client import clock
from onduty_client.async_connection import AsyncConnection
from onduty_client.async_stream_loop import AsyncStreamLoop
from onduty_client.errors import OndutyError, TimedOutError
from onduty_client.handlers import OnError, run_async_handlers
from onduty_client.services import StreamMethod
from onduty_client.view_follow import FloorState, ViewFollow

Q = TypeVar("Q", bound=Message)
F = TypeVar("F", bound=Message)
E = TypeVar("E")

OnStateAsync = Callable[[FloorState], Awaitable[None] | None]


class AsyncLiveView(Generic[Q, F, E]):
    """Watches in the background from its making until ``close``.

    Handlers are functions or coroutine functions. They run in the view's task, one after another, before the next frame is
    read: a slow one delays the view.
    """

    _NOUN = "view"
    """What it is called in errors and in the task's name."""

    def __init__(
        self,
        connection: AsyncConnection,
        method: StreamMethod[Q, F],
        follow: ViewFollow[Q, F, E],
        *,
        on_change: Callable[[E], Awaitable[None] | None] | None = None,
        on_state: OnStateAsync | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Begin to watch; handlers given here miss nothing.

        Raises:
            OndutyError: The connection is closed.
        """
        self._connection = connection
        self._rules = follow
        self._on_change = [on_change] if on_change else []
        self._on_state = [on_state] if on_state else []
        self._on_error = on_error
        # The last state whose handlers have run.
        self._told_state = FloorState.CONNECTING
        self._told = asyncio.Event()
        connection.adopt(self)
        self._loop: AsyncStreamLoop[Q, F] = AsyncStreamLoop(
            connection, method, follow, tell=self._tell, now=clock.monotonic, name=f"onduty-{self._NOUN}"
        )

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

    def on_change(self, handler: Callable[[E], Awaitable[None] | None]) -> None:
        """Adds a handler of changes. What has been told already is not told again."""
        self._on_change.append(handler)

    def on_state(self, handler: OnStateAsync) -> None:
        """Adds a handler of the view's states."""
        self._on_state.append(handler)

    async def wait_current(self, timeout: float = 30.0) -> None:
        """Waits until there is a snapshot, the stream lives, and handlers have been told of it.

        Raises:
            TimedOutError: It did not come true within ``timeout`` seconds.
            OndutyError: It failed, with its error; or it was closed.
        """
        try:
            async with asyncio.timeout(timeout):
                while not self._is_settled():
                    await self._told.wait()
        except TimeoutError:
            text = f"the {self._NOUN} was not current within {timeout:g} s"
            raise TimedOutError(text, code="DEADLINE_EXCEEDED") from self._rules.last_error

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
        if self._told_state is FloorState.FAILED and self._rules.last_error is not None:
            raise self._rules.last_error
        if self._told_state is FloorState.CLOSED:
            raise OndutyError(f"the {self._NOUN} is closed", code="CANCELLED")
        return self._told_state is FloorState.CURRENT

    async def _tell(self) -> None:
        for event in self._rules.take_events():
            if self.is_closed and event is not FloorState.CLOSED:
                continue  # A handler closed it: what is left of the frame is not told.
            if isinstance(event, FloorState):
                with self._connection.telling():
                    await run_async_handlers(self._on_state, event, self._on_error)
                self._told_state = event
                told, self._told = self._told, asyncio.Event()
                told.set()
            else:
                with self._connection.telling():
                    await run_async_handlers(self._on_change, event, self._on_error)
