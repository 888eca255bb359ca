"""Threads that run calls handed over from an event loop, in order; knows nothing of storage.

A hand-over is on the path of every append, which is why this is not an executor: one queue that needs no lock, one future.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
H = TypeVar("H")


class _Call(NamedTuple):
    """A function to call, and where its outcome is awaited."""

    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Workers(Generic[H]):
    """One thread for each host; a call runs on the thread that is free first, with that thread's host as first argument."""

    def __init__(self, name: str, hosts: Sequence[H]) -> None:
        """The threads start at once. They do not keep the process alive."""
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, args=(host,), name=f"{name}-{number}", daemon=True)
            for number, host in enumerate(hosts)
        ]
        for thread in self._threads:
            thread.start()

    def call(self, function: Callable[Concatenate[H, P], R], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[R]":
        """Have ``function(host, ...)`` run, unless the future is cancelled before its turn. Not to be called after ``stop``."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._calls.put(_Call(loop, future, function, args, kwargs))
        return future

    def stop(self) -> None:
        """Run what has been handed over, then end the threads; wait for that. Blocks."""
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self, host: H) -> None:
        while (call := self._calls.get()) is not None:
            _carry_out(host, call)
            del call  # hold nothing while idle.


def _carry_out(host: Any, call: _Call) -> None:
    if call.future.cancelled():
        return
    result, error = None, None
    try:
        result = call.function(host, *call.args, **call.kwargs)
    except BaseException as raised:  # noqa: BLE001 - it is raised where the call was made.
        error = raised
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more.
        call.loop.call_soon_threadsafe(_resolve, call.future, result, error)
    del error  # its traceback holds this frame.


def _resolve(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
