"""Several replicas over one database behind one address, which leads each connection to the next of them."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

import postgres_server
from conformance.runner.server import ServerProcess

CHUNK_BYTES = 64 * 1024


class Target(Protocol):
    """What drivers talk to."""

    @property
    def address(self) -> str:
        """``HOST:PORT``."""


class RoundRobin:
    """Carries each connection to the next of some ports on loopback. Use ``start`` and ``stop``."""

    def __init__(self, ports: Sequence[int]) -> None:
        """It does not listen yet."""
        self._ports = itertools.cycle(ports)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """See ``Target``."""
        assert self._listening is not None
        return f"127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen on a free port."""
        self._listening = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Stop listening, and end what goes through."""
        assert self._listening is not None
        self._listening.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            there = await asyncio.open_connection("127.0.0.1", next(self._ports))
            ways = [asyncio.ensure_future(_carry(reader, there[1])), asyncio.ensure_future(_carry(there[0], writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                there[1].transport.abort()
        writer.transport.abort()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()


@contextlib.asynccontextmanager
async def serving_replicas(count: int, directory: Path, flags: Sequence[str]) -> AsyncIterator[RoundRobin]:
    """So many replicas over a database of their own, for the length of a block."""
    async with contextlib.AsyncExitStack() as stack:
        database = postgres_server.PostgresServer()
        stack.callback(database.remove)
        await asyncio.to_thread(database.start)
        servers: list[ServerProcess] = []
        for _ in range(count):
            own = ("--advertise", "127.0.0.1:0", *flags)
            servers.append(await ServerProcess(directory, own, journal_address=database.address).start())
            stack.push_async_callback(servers[-1].terminate)
        target = RoundRobin([server.port for server in servers])
        await target.start()
        stack.push_async_callback(target.stop)
        yield target
