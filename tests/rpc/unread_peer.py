"""A peer that asks over HTTP/2 and takes no answer: its window is closed, and it reads frames only to know what comes of it."""

import asyncio
import struct
from contextlib import suppress
from typing import Self

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
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
        self.greeted = asyncio.Event()
        """The server's settings have come, and are in force."""
        self.pinged = asyncio.Event()
        """The server asks whether the peer is there; it has no answer."""
        self.acknowledged = asyncio.Event()
        """The server has answered the last ping."""
        self.resets: list[int] = []
        """The error codes of streams that were reset."""
        self.sent_away: list[int] = []
        """The error codes with which the connection was ended."""

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

    async def ping(self) -> None:
        """Send a ping, and wait for its answer."""
        self.acknowledged.clear()
        self._writer.write(_frame(PING, 0, 0, bytes(8)))
        await self.acknowledged.wait()

    async def until_closed(self) -> None:
        """Wait until the server has closed the connection."""
        await asyncio.wait((self._counting,))

    async def _count(self) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the server closes the connection.
            while True:
                head = await self._reader.readexactly(9)
                self._take(head[3], head[4], await self._reader.readexactly(int.from_bytes(head[:3], "big")))

    def _take(self, kind: int, flags: int, payload: bytes) -> None:
        if kind == SETTINGS and not flags & ACK:
            self._writer.write(_frame(SETTINGS, ACK, 0, b""))
            self.greeted.set()
        elif kind == HEADERS and flags & END_STREAM:
            self.ended += 1
        elif kind == PING:
            (self.acknowledged if flags & ACK else self.pinged).set()
        elif kind == RST_STREAM:
            self.resets.append(int.from_bytes(payload, "big"))
        elif kind == GOAWAY:
            self.sent_away.append(int.from_bytes(payload[4:8], "big"))

    async def close(self) -> None:
        """End the connection."""
        self._counting.cancel()
        self._writer.close()
        await self._writer.wait_closed()
