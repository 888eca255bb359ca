"""A connection in between that can become a black hole: bytes go in and none come out, and nobody is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Proxy:
    """Passes bytes both ways between whoever connects and one server, until ``swallow``."""

    def __init__(self, target: str) -> None:
        """``target`` is HOST:PORT."""
        self._host, _, port = target.rpartition(":")
        self._port = int(port)
        self._swallows = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.address = ""

    def swallow(self) -> None:
        """From now on take every byte and pass none on; the connections stay open."""
        self._swallows = True

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._writers += (writer, far_writer)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pass_on(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while taken := await source.read(65_536):
                if not self._swallows:
                    sink.write(taken)
                    await sink.drain()
        if not self._swallows:
            sink.close()

    async def end(self) -> None:
        """Break off what is left."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)


@asynccontextmanager
async def proxy(target: str) -> AsyncIterator[Proxy]:
    """A proxy on a free loopback port, for the length of the block."""
    between = Proxy(target)
    server = await asyncio.start_server(between._connected, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    between.address = f"{host}:{port}"
    try:
        yield between
    finally:
        server.close()
        await between.end()
