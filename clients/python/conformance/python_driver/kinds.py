"""The two kinds of client behind one face: how their methods are run, and how their streams are read."""

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import onduty_client as client
from onduty_client import OndutyError
from python_driver.output import Output, error_fields, message_fields

THREADS = 512
"""As many blocking requests may overlap."""
END_SECONDS = 10


@dataclass(frozen=True)
class Kind:
    """The classes of one kind, and ``run``, which runs one of their methods and waits for its end."""

    connection: Any
    router: Any
    workspace: Any
    pump: Any
    run: Callable[[Callable[[], Any]], Awaitable[Any]]


class AsyncPump:
    """Tells the frames of a raw stream of asyncio."""

    def __init__(self, stream: Any, name: str, output: Output) -> None:
        """Begin to read."""
        self._stream, self._name, self._output = stream, name, output
        self._flows = asyncio.Event()
        self._flows.set()
        self._cancelled = False
        self._task = asyncio.create_task(self._run())

    def pause(self) -> None:
        """Stop to read."""
        self._flows.clear()

    def resume(self) -> None:
        """Read on."""
        self._flows.set()

    async def cancel(self) -> None:
        """End the stream and wait for its end."""
        self._cancelled = True
        self._stream.cancel()
        self._flows.set()
        await asyncio.wait((self._task,), timeout=END_SECONDS)

    async def _run(self) -> None:
        failure: OndutyError | None = None
        try:
            await self._flows.wait()
            while (frame := await self._stream.read()) is not None:
                await self._flows.wait()
                if self._cancelled:
                    break
                self._output.event("frame", stream=self._name, frame=message_fields(frame))
        except OndutyError as error:
            failure = None if self._cancelled else error
        finally:
            self._stream.cancel()
        tell_end(self._output, self._name, failure)


class BlockingPump:
    """Tells the frames of a raw blocking stream, in a thread."""

    def __init__(self, stream: Any, name: str, output: Output) -> None:
        """Begin to read."""
        self._stream, self._name, self._output = stream, name, output
        self._flows = threading.Event()
        self._flows.set()
        self._cancelled = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Stop to read."""
        self._flows.clear()

    def resume(self) -> None:
        """Read on."""
        self._flows.set()

    def cancel(self) -> None:
        """End the stream and wait for its end."""
        self._cancelled = True
        self._stream.cancel()
        self._flows.set()
        self._thread.join(END_SECONDS)

    def _run(self) -> None:
        failure: OndutyError | None = None
        try:
            self._flows.wait()
            while (frame := self._stream.read()) is not None:
                self._flows.wait()
                if self._cancelled:
                    break
                self._output.event("frame", stream=self._name, frame=message_fields(frame))
        except OndutyError as error:
            failure = None if self._cancelled else error
        finally:
            self._stream.cancel()
        tell_end(self._output, self._name, failure)


def tell_end(output: Output, name: str, failure: OndutyError | None) -> None:
    """The event of a stream's end."""
    output.event("end", stream=name, error=None if failure is None else error_fields(failure))


async def _awaited(method: Callable[[], Any]) -> Any:
    answer = method()
    return await answer if inspect.isawaitable(answer) else answer


ASYNCIO = Kind(client.AsyncConnection, client.AsyncRouterClient, client.AsyncWorkspaceClient, AsyncPump, _awaited)


def blocking() -> Kind:
    """The blocking kind, each method in a thread of a pool."""
    pool = ThreadPoolExecutor(THREADS)

    async def in_thread(method: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(pool, method)

    return Kind(client.Connection, client.RouterClient, client.WorkspaceClient, BlockingPump, in_thread)
