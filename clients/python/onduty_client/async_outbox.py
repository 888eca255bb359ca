"""Delivers facts about calls in the end, on asyncio. What goes out when says ``fact_queue``; this sends, waits and tells."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from onduty.v1.router_service_pb2 import CallEvent
from onduty.v1.staff_pb2 import DIRECTION_UNSPECIFIED, Direction
from onduty_client import clock
from onduty_client import router_requests as requests
from onduty_client.async_connection import AsyncConnection
from onduty_client.errors import OndutyError, TimedOutError
from onduty_client.fact_queue import FactQueue, HeldFact, SettledFact, known_error
from onduty_client.handlers import OnError, run_async_handlers, warn_of_lost
from onduty_client.options import OutboxOptions, check_outbox_options, stream_options
from onduty_client.router_requests import Instant

OnSettledAsync = Callable[[SettledFact], Awaitable[None] | None]


class AsyncOutbox:
    """Holds facts until the service has taken them, and repeats them meanwhile; ``AsyncRouterClient.outbox`` makes it.

    It delivers in the background. The facts of one call arrive in the order in which they were given, each once: each has one
    request id. It holds them in memory only: after the end of the program reconcile.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        options: OutboxOptions | None = None,
        *,
        on_settled: OnSettledAsync | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Begin to deliver. ``on_settled`` gets each fact that leaves the outbox, taken or not, in the outbox's task.

        Raises:
            ValueError: An option is out of its bounds.
            OndutyError: The connection is closed.
        """
        chosen = options or OutboxOptions()
        check_outbox_options(chosen)
        self._connection = connection
        self._queue = FactQueue(chosen, stream_options(connection.options, None))
        self._on_settled = [on_settled] if on_settled else []
        self._on_error = on_error
        self._closing = False
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()
        # Set while everything given is settled, and told.
        self._settled = asyncio.Event()
        self._settled.set()
        self._left: tuple[CallEvent, ...] = ()
        connection.adopt(self)
        self._task = asyncio.get_running_loop().create_task(self._run(), name="onduty-outbox")

    # --- giving facts ---------------------------------------------------------------------------------------------------

    def call_started(
        self,
        staff_id: str,
        call_id: str,
        *,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        leg: str = "",
        occurred_at: Instant | None = None,
        on_hold: bool | None = None,
        answered: bool | None = None,
        request_id: str = "",
    ) -> str:
        """Holds the fact that a call is in progress, and returns its request id. It waits for nothing.

        Say ``occurred_at``: the fact may come late.

        Raises:
            OverloadedError: The outbox is full. It has no reason then.
            OndutyError: It is closed.
        """
        started = requests.call_started_request(
            staff_id,
            call_id,
            direction=direction,
            source=source,
            leg=leg,
            occurred_at=occurred_at,
            on_hold=on_hold,
            answered=answered,
            expected_revision=None,
            request_id=request_id,
        )
        return self.add(CallEvent(started=started))

    def call_ended(
        self,
        staff_id: str,
        call_id: str,
        *,
        source: str = "",
        leg: str = "",
        occurred_at: Instant | None = None,
        answered: bool | None = None,
        request_id: str = "",
    ) -> str:
        """Holds the fact that a call, or one leg of it, ended, and returns its request id. Fails as ``call_started`` does."""
        ended = requests.call_ended_request(
            staff_id,
            call_id,
            source=source,
            leg=leg,
            occurred_at=occurred_at,
            answered=answered,
            expected_revision=None,
            request_id=request_id,
        )
        return self.add(CallEvent(ended=ended))

    def add(self, event: CallEvent) -> str:
        """Holds a fact, also one that another outbox had left, and returns its request id. Fails as ``call_started`` does."""
        if self._closing:
            raise OndutyError("the outbox is closed", code="CANCELLED")
        request_id = self._queue.add(event, clock.monotonic())
        self._settled.clear()
        self._changed.set()
        return request_id

    # --- reading --------------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many facts it holds."""
        return self._queue.count

    @property
    def size_bytes(self) -> int:
        """How many bytes these have."""
        return self._queue.size_bytes

    @property
    def is_closed(self) -> bool:
        """It was closed."""
        return self._closing

    @property
    def last_error(self) -> OndutyError | None:
        """Why the last attempt that failed did; None where none did."""
        return self._queue.last_error

    async def flush(self, timeout: float = 30.0) -> None:
        """Waits until everything is settled and told.

        Raises:
            TimedOutError: It still holds facts after ``timeout`` seconds; it goes on delivering them.
            OndutyError: It was closed with facts in it.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._settled.wait()
        except TimeoutError:
            text = f"the outbox still holds {self._queue.count} facts after {timeout:g} s"
            raise TimedOutError(text, code="DEADLINE_EXCEEDED") from self._queue.last_error
        if self._left:
            raise OndutyError("the outbox was closed", code="CANCELLED")

    # --- the end --------------------------------------------------------------------------------------------------------

    async def close(self, timeout: float | None = None) -> tuple[CallEvent, ...]:
        """Delivers for ``timeout`` seconds more what it holds, then ends. Returns what is left; ``on_settled`` is told it too.

        None: the connection's ``call_timeout``. A fact that is left can be given to another outbox. May be called twice.
        """
        self._closing = True
        self._changed.set()
        if self._task is not asyncio.current_task():
            wait = self._connection.options.call_timeout if timeout is None else timeout
            await asyncio.wait((self._task,), timeout=wait)
        self._stopping.set()
        if self._task is not asyncio.current_task():
            await asyncio.wait((self._task,))
        return self._left

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- delivering -----------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._queue.count:
                self._settled.set()
                if self._closing:
                    break
                self._changed.clear()
                await self._changed.wait()
                continue
            await self._tell(self._queue.expired(clock.monotonic()))
            if batch := self._queue.batch():
                await self._rest(await self._deliver(batch))
        left = self._queue.given_up()
        self._left = tuple(one.event for one in left)
        await self._tell(left)
        self._settled.set()
        self._connection.release(self)

    async def _deliver(self, batch: list[HeldFact]) -> float:
        """One attempt; how long to wait before the next one."""
        request, began_at = self._queue.request(batch), clock.monotonic()
        method = self._connection.services.router.ReportCallEvents
        attempt = asyncio.create_task(self._connection.call(method, request, wait_for_ready=True))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((attempt, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not attempt.done():
                return 0.0
            settled, wait = self._queue.answered(batch, tuple(requests.report_results(request, attempt.result())))
        except Exception as error:  # noqa: BLE001 - whatever it is, the facts are kept.
            settled, wait = self._queue.failed(batch, known_error(error), clock.monotonic() - began_at)
        finally:
            attempt.cancel()
            stopping.cancel()
            await asyncio.wait((attempt, stopping))
        await self._tell(settled)
        return wait

    async def _rest(self, seconds: float) -> None:
        if seconds:
            try:
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()
            except TimeoutError:
                pass

    async def _tell(self, settled: list[SettledFact]) -> None:
        for one in settled:
            with self._connection.telling():
                await run_async_handlers(self._on_settled, one, self._on_error)
            if one.error is not None and not self._on_settled:
                warn_of_lost(one.request_id, one.error)
