"""A peer that asks over HTTP/2 and takes no answer: its window is closed, and it reads frames only to count refusals."""

import asyncio
import struct
from typing import Self

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADERS, SETTINGS, DATA = 1, 4, 0
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INITIAL_WINDOW_SIZE = 4


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def _header(name: str, value: str) -> bytes:
    """A literal header field without indexing."""
    return b"".join((b"\0", bytes((len(name),)), name.encode(), bytes((len(value),)), value.encode()))


class UnreadPeer:
    """One connection of such a peer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Takes over a connection."""
        self._reader = reader
        self._writer = writer
        self._next_stream = 1
        self._counting = asyncio.create_task(self._count())
        self.ended = 0
        """Calls that ended without an answer: they were refused."""

    @classmethod
    async def connect(cls, port: int) -> Self:
        """Connect, and close the window of every stream."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(PREFACE + _frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, 0)))
        return cls(reader, writer)

    async def ask(self, method: str, request: bytes) -> None:
        """Send a unary request."""
        fields = {
            ":method": "POST",
            ":scheme": "http",
            ":path": method,
            ":authority": "onduty",
            "content-type": "application/grpc",
        }
        block = b"".join(_header(name, value) for name, value in {**fields, "te": "trailers"}.items())
        body = b"\0" + struct.pack(">I", len(request)) + request
        self._writer.write(_frame(HEADERS, END_HEADERS, self._next_stream, block))
        self._writer.write(_frame(DATA, END_STREAM, self._next_stream, body))
        self._next_stream += 2
        await self._writer.drain()

    async def _count(self) -> None:
        while True:
            head = await self._reader.readexactly(9)
            kind, flags = head[3], head[4]
            await self._reader.readexactly(int.from_bytes(head[:3], "big"))
            if kind == SETTINGS and not flags & ACK:
                self._writer.write(_frame(SETTINGS, ACK, 0, b""))
            if kind == HEADERS and flags & END_STREAM:
                self.ended += 1

    async def close(self) -> None:
        """End the connection."""
        self._counting.cancel()
        self._writer.close()
        await self._writer.wait_closed()
