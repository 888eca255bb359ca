"""Gives scans their turns on a few threads: one at a time for each tenant, the tenants one after another.

Theory of operation
-------------------
A call waits in its tenant's line until the tenant has no other call running and a thread is free. Lines are served in turn, the
line of the service itself, ``OWN``, before all others. A call is stopped where nobody waits for it any more, and where it takes
too long. Its thread is free when it has really ended. So a stop that comes too late hits nothing: the next call on the thread
begins only after the end of this one was seen here, on the event loop.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Concatenate, Final, Generic, NamedTuple, ParamSpec, Protocol, TypeVar

from onduty_server.adapters.worker import Workers
from onduty_server.domain.model.errors import JournalUnavailableError, OverloadedError, QueryTooLongError

P = ParamSpec("P")
R = TypeVar("R")


class Stoppable(Protocol):
    """What runs queries on a thread of its own."""

    def stop_query(self) -> None:
        """Have the query that runs fail soon. For any thread; without one it does nothing."""


H = TypeVar("H", bound=Stoppable)

OWN: Final = None
"""The line of the service itself: what it reads is never refused, goes first, and takes as long as it takes."""

_STOP_AGAIN_SECONDS: Final = 0.05
"""A stop that falls between two queries of a call stops neither: it is repeated until the call has ended."""


class _Thread(NamedTuple, Generic[H]):
    """A thread and what it runs queries with."""

    workers: Workers[H]
    host: H


class Turns(Generic[H]):
    """Runs calls on one thread for each host. To be used on one event loop."""

    def __init__(
        self, name: str, hosts: Sequence[H], *, seconds_most: float = math.inf, waiting_most: float = math.inf
    ) -> None:
        """The threads start at once. A tenant's call may run for ``seconds_most``, waiting not counted; so many may wait."""
        self._free = deque(_Thread(Workers(f"{name}-{number}", [host]), host) for number, host in enumerate(hosts))
        self._threads = tuple(self._free)
        self._seconds_most = seconds_most
        self._waiting_most = waiting_most
        self._lines: dict[str | None, deque[asyncio.Future[_Thread[H]]]] = {}
        self._running: set[str | None] = set()
        self._is_closed = False

    async def call(self, tenant: str | None, function: Callable[Concatenate[H, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Have ``function(host, ...)`` run when it is the tenant's turn. A call that is cancelled is stopped, wherever it is.

        Raises:
            OverloadedError: Too many calls of the tenant wait.
            QueryTooLongError: It took too long.
            JournalUnavailableError: The threads are ending.
        """
        thread = await self._turn(tenant)
        if self._is_closed:  # since it was given the thread, which may have ended.
            raise _ending()
        running = thread.workers.call(function, *args, **kwargs)
        running.add_done_callback(partial(self._ended, tenant, thread))
        try:
            await asyncio.wait([running], timeout=self._timeout(tenant))
            if not running.done():
                _stop(thread.host, running)
                await asyncio.wait([running])
                if running.exception() is not None:
                    raise QueryTooLongError(self._seconds_most) from running.exception()
        except asyncio.CancelledError:
            _stop(thread.host, running)
            raise
        return running.result()

    def close(self) -> None:
        """Refuse what waits, and all that is to come."""
        self._is_closed = True
        for line in self._lines.values():
            for turn in line:
                if not turn.done():
                    turn.set_exception(_ending())
        self._lines.clear()

    def stop(self) -> None:
        """End the threads, and wait for that. Blocks. To be called after ``close``, on another thread."""
        for thread in self._threads:
            thread.workers.stop()

    def _timeout(self, tenant: str | None) -> float | None:
        return None if tenant is OWN or math.isinf(self._seconds_most) else self._seconds_most

    # --- turns --------------------------------------------------------------------------------------------------------

    async def _turn(self, tenant: str | None) -> _Thread[H]:
        """Wait for the tenant's turn; returns a thread, which is taken."""
        if self._is_closed:
            raise _ending()
        line = self._lines.setdefault(tenant, deque())
        if tenant is not OWN and len(line) >= self._waiting_most:
            raise OverloadedError(int(self._waiting_most), "reads of the history are waiting", "scans_per_tenant")
        turn: asyncio.Future[_Thread[H]] = asyncio.get_running_loop().create_future()
        line.append(turn)
        self._serve()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:  # it came together with the cancellation
                self._release(tenant, turn.result())
            self._leave(tenant, turn)
            raise

    def _serve(self) -> None:
        """Give free threads to the lines whose turn it is."""
        while self._free:
            ready = [tenant for tenant in self._lines if tenant not in self._running]
            if not ready:
                return
            tenant = OWN if OWN in ready else ready[0]
            line = self._lines.pop(tenant)
            turn = line.popleft()
            if line:
                self._lines[tenant] = line  # behind all others
            if not turn.done():
                self._running.add(tenant)
                turn.set_result(self._free.popleft())

    def _leave(self, tenant: str | None, turn: asyncio.Future[_Thread[H]]) -> None:
        line = self._lines.get(tenant)
        if line is not None and turn in line:
            line.remove(turn)
            if not line:
                del self._lines[tenant]

    def _ended(self, tenant: str | None, thread: _Thread[H], running: asyncio.Future[Any]) -> None:
        if not running.cancelled():
            running.exception()  # perhaps nobody asks for it.
        self._release(tenant, thread)

    def _release(self, tenant: str | None, thread: _Thread[H]) -> None:
        self._running.discard(tenant)
        self._free.append(thread)
        self._serve()


def _stop(host: Stoppable, running: asyncio.Future[Any]) -> None:
    if not running.done():
        host.stop_query()
        running.get_loop().call_later(_STOP_AGAIN_SECONDS, _stop, host, running)


def _ending() -> JournalUnavailableError:
    return JournalUnavailableError("the journal is being closed")
