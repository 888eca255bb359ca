"""One HTTP request and its answer over ASGI, within limits; it knows no protocol above HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from onduty_web.codes import Code
from onduty_web.failures import CallError, PeerGoneError
from onduty_web.metadata import Header

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """What one call may cost the gateway."""

    request_bytes: int = 4 * 1024 * 1024
    """The largest request, as it is sent and as it is when it is decompressed."""
    body_seconds: float = 10.0
    """The time in which a request's body has to come."""
    unary_seconds: float = 60.0
    """The deadline of a unary call that names none."""


class Exchange:
    """A request with its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limits: CallLimits) -> None:
        self.scope = scope
        self.limits = limits
        self._receive = receive
        self._send = send
        self._headers: list[Header] = list(scope["headers"])
        self.started = False

    @property
    def method(self) -> str:
        """GET, POST and so on."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The path, decoded."""
        return str(self.scope["path"])

    @property
    def headers(self) -> list[Header]:
        """All headers of the request, their names in lower case."""
        return self._headers

    def header(self, name: str) -> str:
        """The first value of a header; empty: there is none."""
        wanted = name.encode()
        return next((value.decode("latin-1").strip() for key, value in self._headers if key == wanted), "")

    async def body(self) -> bytes:
        """The whole body.

        Raises:
            CallError: It is larger than the limit, or does not come in time.
            PeerGoneError: The peer left while it sent.
        """
        limit = self.limits.request_bytes
        announced = self.header("content-length")
        if announced.isdigit() and int(announced) > limit + 5:  # a message's envelope has five bytes more.
            raise CallError(Code.RESOURCE_EXHAUSTED, f"the request is larger than {limit} bytes")
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                return await self._read_body(limit + 5)
        except TimeoutError as error:
            raise CallError(Code.DEADLINE_EXCEEDED, "the request did not come in time") from error

    async def _read_body(self, limit: int) -> bytes:
        parts, size, more = [], 0, True
        while more:
            event = await self._receive()
            if event["type"] == "http.disconnect":
                raise PeerGoneError
            parts.append(event.get("body", b""))
            size += len(parts[-1])
            more = event.get("more_body", False)
            if size > limit:
                raise CallError(Code.RESOURCE_EXHAUSTED, f"the request is larger than {limit} bytes")
        return b"".join(parts)

    async def gone(self) -> None:
        """Returns when the peer has left. Only after the body was read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def start(self, status: int, headers: Iterable[Header]) -> None:
        """Sends status and headers."""
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": list(headers)})

    async def write(self, content: bytes, *, more: bool = False) -> None:
        """Sends a part of the answer; it waits while the peer does not read."""
        await self._send({"type": "http.response.body", "body": content, "more_body": more})

    async def answer(self, status: int, headers: Iterable[Header], content: bytes) -> None:
        """Sends a whole answer."""
        await self.start(status, [*headers, (b"content-length", str(len(content)).encode())])
        await self.write(content)


class Drain:
    """Whether the gateway is about to end; streams wait for it."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """Ends all streams."""
        self._begun.set()

    @property
    def has_begun(self) -> bool:
        """Whether streams are ended."""
        return self._begun.is_set()

    async def wait(self) -> None:
        """Returns when it has begun."""
        await self._begun.wait()


async def cancel_all(tasks: "Iterable[asyncio.Task[Any]]") -> None:
    """Cancels tasks and waits for their ends."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
