"""A TCP proxy on loopback that breaks connections on command. It understands nothing of what goes through it."""

import asyncio
import contextlib
from collections import deque
from typing import Final

CHUNK_BYTES: Final = 64 * 1024


class _Link:
    """One connection through the proxy: two pumps and the bytes that went towards the client."""

    def __init__(self, proxy: "FaultProxy", client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self.writers = (client, server)
        self.bytes_to_client = 0
        self.forsaken = False

    def cut(self) -> None:
        """End both sides at once, with what is on its way thrown away."""
        for writer in self.writers:
            writer.transport.abort()

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_client: bool) -> None:
        """Carry bytes one way, held up, counted and cut as the proxy was told."""
        while chunk := await reader.read(CHUNK_BYTES):
            if self._proxy.delay_seconds:
                await asyncio.sleep(self._proxy.delay_seconds)
            await self._proxy.open.wait()
            if self.forsaken:
                continue
            if to_client:
                chunk = self._within_limit(chunk)
            writer.write(chunk)
            await writer.drain()
            if to_client and self._over_limit():
                self._proxy.cut()

    def _within_limit(self, chunk: bytes) -> bytes:
        cuts = self._proxy.cuts_after_bytes
        kept = chunk[: max(0, cuts[0] - self.bytes_to_client)] if cuts else chunk
        self.bytes_to_client += len(kept)
        return kept

    def _over_limit(self) -> bool:
        cuts = self._proxy.cuts_after_bytes
        if not cuts or self.bytes_to_client < cuts[0]:
            return False
        cuts.popleft()
        return True


class FaultProxy:
    """Carries connections to ``target_port`` until told otherwise. Use ``start`` and ``stop``.

    ``cuts_after_bytes``: all connections are cut once so many bytes went towards a client over one of them; then the next
    number holds. ``delay_seconds`` holds up every piece. ``black_hole`` accepts everything and says nothing, to those that are
    there and to new ones; ``pass_on`` ends that. ``forsake`` does it to those that are there, for good.
    """

    def __init__(self, target_port: int) -> None:
        """``target_port`` on loopback is where connections lead; it need not be there yet."""
        self.target_port = target_port
        self.port = 0
        self.delay_seconds = 0.0
        self.cuts_after_bytes: deque[int] = deque()
        self.accepted = 0
        self.open = asyncio.Event()
        self.open.set()
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None

    async def start(self) -> "FaultProxy":
        """Listen on a free port."""
        self._listening = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        """Stop listening and cut everything."""
        assert self._listening is not None
        self._listening.close()
        self.cut()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._listening.wait_closed()

    @property
    def address(self) -> str:
        """Where clients connect to."""
        return f"127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections go through now."""
        return len(self._links)

    def cut(self) -> None:
        """Cut all connections that are there; new ones are welcome."""
        for link in tuple(self._links):
            link.cut()

    def cut_at_the_next_answer(self) -> None:
        """Cut all connections once more, in place of the next bytes towards a client; nothing where there are none."""
        if self._links:
            self.cuts_after_bytes = deque([min(link.bytes_to_client for link in self._links)])

    def black_hole(self) -> None:
        """Say nothing more, neither on connections that are there nor on new ones."""
        self.open.clear()

    def forsake(self) -> None:
        """Carry nothing more over the connections that are there, and end none of them; new ones are welcome."""
        for link in self._links:
            link.forsaken = True

    def pass_on(self) -> None:
        """Carry everything again."""
        self.open.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.accepted += 1
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self.open.wait()
            await self._carry(reader, writer)
        writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        link = _Link(self, writer, server_writer)
        self._links.add(link)
        pumps = [
            asyncio.ensure_future(link.pump(reader, server_writer, to_client=False)),
            asyncio.ensure_future(link.pump(server_reader, writer, to_client=True)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._links.discard(link)
            link.cut()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
