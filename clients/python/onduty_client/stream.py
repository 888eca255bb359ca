"""One open stream of answers, read by blocking, with the client's errors. It is not opened again when it ends."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import grpc

from onduty_client.error_map import error_of_status

A = TypeVar("A")


class Stream(Generic[A]):
    """Read by one thread at a time; any thread may cancel it. A ``with`` block cancels it at its end."""

    def __init__(self, call: Any, is_closed: Callable[[], bool]) -> None:
        """``call`` has been made; ``is_closed``: the connection, which ends it."""
        self._call = call
        self._is_closed = is_closed
        self._is_cancelled = False

    def read(self) -> A | None:
        """Waits for what comes next; None where the server ended the stream without error.

        Raises:
            OndutyError: The stream ended with an error, or was cancelled.
        """
        try:
            frame: A | None = next(self._call, None)
        except grpc.RpcError as error:
            told: Any = error
            is_over = self._is_cancelled or self._is_closed()
            details = told.details() or ""
            raise error_of_status(told.code().name, details, told.trailing_metadata(), is_over=is_over) from error
        return frame

    def cancel(self) -> None:
        """Ends the stream; whoever reads it gets an error of code CANCELLED. May be called at any time."""
        self._is_cancelled = True
        self._call.cancel()

    def close(self) -> None:
        """As ``cancel``."""
        self.cancel()

    def __iter__(self) -> Iterator[A]:
        return self

    def __next__(self) -> A:
        frame = self.read()
        if frame is None:
            raise StopIteration
        return frame

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.cancel()
