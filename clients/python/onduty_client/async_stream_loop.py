"""Keeps a stream open on asyncio, as a machine's rules say: it waits, reads and cancels, and decides nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from google.protobuf.message import Message

from onduty_client.async_connection import AsyncConnection
from onduty_client.errors import InternalError, OndutyError
from onduty_client.lifeline import GiveUp, Reopen
from onduty_client.machine import Machine
from onduty_client.services import StreamMethod

log = logging.getLogger("onduty_client")

Q = TypeVar("Q", bound=Message)
F = TypeVar("F")


class AsyncStreamLoop(Generic[Q, F]):
    """One task from its making until ``close``, or until the machine has ended."""

    def __init__(
        self,
        connection: AsyncConnection,
        method: StreamMethod[Q, F],
        machine: Machine[Q, F],
        *,
        tell: Callable[[], Awaitable[None]],
        now: Callable[[], float],
        name: str,
    ) -> None:
        """``tell`` runs the handlers of what the machine gathered; ``now`` is the machine's clock."""
        self._connection = connection
        self._method = method
        self._machine = machine
        self._tell_handlers = tell
        self._now = now
        self._closing = False
        self._telling = False
        self._task = asyncio.get_running_loop().create_task(self._run(), name=name)

    async def close(self) -> None:
        """Cancels the stream and waits for handlers that run, but for the one that calls this. May be called twice."""
        self._closing = True
        self._machine.close()
        if self._task is asyncio.current_task():
            return
        if not self._telling:
            self._task.cancel()
        if not self._task.done():
            await asyncio.wait((self._task,))

    @property
    def _is_over(self) -> bool:
        return self._closing or self._machine.has_ended

    async def _run(self) -> None:
        try:
            while not self._is_over:
                step = await self._one_stream()
                await self._tell()
                if isinstance(step, GiveUp) or self._is_over:
                    return
                await asyncio.sleep(step.wait_seconds)
        except Exception as error:
            log.exception("a stream cannot be kept open")
            self._machine.fail(InternalError(f"the client cannot go on: {error!r}", code="INTERNAL"))
            await self._tell()

    async def _one_stream(self) -> Reopen | GiveUp:
        stream = self._connection.stream(self._method, self._machine.open())
        try:
            while not self._is_over:
                async with asyncio.timeout(self._machine.silence_seconds):
                    frame = await stream.read()
                if frame is None:
                    break
                self._machine.take(frame, self._now())
                await self._tell()
        except OndutyError as error:
            return self._ended(error)
        except TimeoutError:
            return self._ended(self._machine.silence_error())
        finally:
            stream.cancel()
        return self._ended(None)

    def _ended(self, error: OndutyError | None) -> Reopen | GiveUp:
        # A machine that has ended knows why, and what its stream says of its own end is no news.
        return Reopen(0.0) if self._is_over else self._machine.end(error)

    async def _tell(self) -> None:
        self._telling = True
        try:
            await self._tell_handlers()
        finally:
            self._telling = False
