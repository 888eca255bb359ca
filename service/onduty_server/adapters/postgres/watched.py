"""Cuts the connection of a question that the database neither answers nor ends by its own time."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, Generic, ParamSpec, Self, TypeVar

from onduty_server.adapters.postgres.reader import Reader

P = ParamSpec("P")
R = TypeVar("R")


class Watched(Generic[P, R]):
    """A question that is called on a reader's thread, and watched on the event loop for the length of a with block.

    The time counts while it is worked on, not while it waits for a thread.
    """

    def __init__(self, question: Callable[Concatenate[Reader, P], R], seconds: float) -> None:
        """``seconds`` is how long one may take, about: up to twice as long."""
        self._question = question
        self._seconds = seconds
        self._asked: Reader | None = None
        self._seen: Reader | None = None
        self._alarm: asyncio.TimerHandle | None = None

    def __call__(self, reader: Reader, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask, on the reader's thread."""
        self._asked = reader
        try:
            return self._question(reader, *args, **kwargs)
        finally:
            self._asked = None

    def __enter__(self) -> Self:
        self._set()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def _set(self) -> None:
        self._alarm = asyncio.get_running_loop().call_later(self._seconds, self._look)

    def _look(self) -> None:
        asked = self._asked
        if asked is not None and asked is self._seen:
            asked.sever()
        self._seen = asked
        self._set()
