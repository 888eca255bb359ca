"""One open stream of answers on asyncio, with the client's errors. It is not opened again when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import grpc

from onduty_client.error_map import error_of_status
from onduty_client.errors import OndutyError

A = TypeVar("A")


def was_cancelled_elsewhere() -> bool:
    """A ``CancelledError`` came although nobody cancelled this task: the call was cancelled under it."""
    task = asyncio.current_task()
    return task is not None and not task.cancelling()


class AsyncStream(Generic[A]):
    """Opened by ``async with``, iterated for what comes, and always cancelled at the end of the block."""

    def __init__(self, make_call: Callable[[], Awaitable[Any]]) -> None:
        """``make_call`` opens the call; it is made with the first use."""
        self._make_call = make_call
        self._call: Any = None
        self._ended_here = asyncio.Event()

    async def open(self) -> None:
        """Makes the call, if it is not made yet. The server may answer later."""
        if self._call is None and not self._ended_here.is_set():
            self._call = await self._make_call()
            if self._ended_here.is_set():
                self._call.cancel()

    async def read(self) -> A | None:
        """What comes next; None where the server ended the stream without error.

        Raises:
            OndutyError: The stream ended with an error, or was cancelled.
        """
        await self.open()
        if self._call is None:
            raise _cancelled()
        try:
            frame = await self._call.read()
        except grpc.aio.AioRpcError as error:
            details, is_over = error.details() or "", self._ended_here.is_set()
            raise error_of_status(error.code().name, details, error.trailing_metadata(), is_over=is_over) from error
        except asyncio.CancelledError:
            self.cancel()
            if was_cancelled_elsewhere():
                raise _cancelled() from None
            raise
        return None if frame is grpc.aio.EOF else frame

    def cancel(self) -> None:
        """Ends the stream; whoever reads it gets an error of code CANCELLED. May be called at any time."""
        self._ended_here.set()
        if self._call is not None:
            self._call.cancel()

    async def close(self) -> None:
        """As ``cancel``."""
        self.cancel()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> A:
        frame = await self.read()
        if frame is None:
            raise StopAsyncIteration
        return frame

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()


def _cancelled() -> OndutyError:
    return OndutyError("the stream was cancelled", code="CANCELLED")
