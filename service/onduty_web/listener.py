"""The HTTP server: uvicorn with deadlines for slow peers, and an end that this process decides on."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from onduty_web.certificate import Certificate
from onduty_web.exchange import Drain

HEADER_BYTES: Final = 32 * 1024
"""The most that a request's line and headers may have."""
VANISHED_SECONDS: Final = 20
"""A peer that acknowledges nothing for so long is gone, as a laptop that sleeps. The system's own patience is a quarter of an
hour, in which a desktop that is not there would count as attached."""
KEPT_SECONDS: Final = 75
"""So long may a connection be idle between two requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerLimits:
    """What connections may cost."""

    connections: int = 12_000
    """More are answered with 503."""
    header_seconds: float = 10.0
    """The time from a connection's first moment, or a request's first byte, to the end of its headers."""
    stall_seconds: float = 60.0
    """A peer that reads nothing for so long is cut off."""
    drain_seconds: float = 5.0
    """What requests get at the end."""


class PatientProtocol(H11Protocol):
    """A connection whose peer has to send its headers, and to read its answers, in time."""

    limits = ListenerLimits()

    def connection_made(self, transport: Any) -> None:
        """A connection: its first request has to come."""
        super().connection_made(transport)
        self._headers_due: asyncio.TimerHandle | None = None
        self._reading_due: asyncio.TimerHandle | None = None
        notice_vanishing(transport.get_extra_info("socket"))
        self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Its end."""
        self._forget(self._headers_due, self._reading_due)
        self._headers_due = self._reading_due = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some of a request."""
        if self._headers_due is None and (self.cycle is None or self.cycle.response_complete):
            self._expect_headers()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget(self._headers_due)
            self._headers_due = None

    def pause_writing(self) -> None:
        """The peer has not read what is sent to it."""
        super().pause_writing()
        if self._reading_due is None:
            self._reading_due = self.loop.call_later(self.limits.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It has read."""
        self._forget(self._reading_due)
        self._reading_due = None
        super().resume_writing()

    def _expect_headers(self) -> None:
        self._headers_due = self.loop.call_later(self.limits.header_seconds, self._give_up)

    def _give_up(self) -> None:
        self._headers_due = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()

    @staticmethod
    def _forget(*timers: asyncio.TimerHandle | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.cancel()


def notice_vanishing(connection: Any) -> None:
    """Have the system end a connection whose peer is gone.

    It is, when it acknowledges nothing that is sent, and no probe where nothing is.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", VANISHED_SECONDS // 2),
        ("TCP_KEEPINTVL", VANISHED_SECONDS // 4),
        ("TCP_KEEPCNT", 2),
        ("TCP_USER_TIMEOUT", VANISHED_SECONDS * 1000),
    ):
        if hasattr(socket, name):  # not every system has all of them.
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class Listener:
    """An HTTP server for one application."""

    def __init__(
        self,
        application: Any,
        drain: Drain,
        limits: ListenerLimits,
        *,
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        """Prepare it; ``certificate`` is a chain and its key, as PEM: with it the listener speaks HTTPS.

        Raises:
            ValueError: They cannot be used.
        """
        self._drain = drain
        self._certificate = Certificate(*certificate) if certificate else None
        configuration = uvicorn.Config(
            application,
            http=type("Protocol", (PatientProtocol,), {"limits": limits}),
            ws="none",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            h11_max_incomplete_event_size=HEADER_BYTES,
            limit_concurrency=limits.connections,
            timeout_keep_alive=KEPT_SECONDS,
            timeout_graceful_shutdown=max(1, round(limits.drain_seconds)),
        )
        configuration.load()
        if self._certificate is not None:
            configuration.ssl = self._certificate.context
        self._server = _Server(configuration)

    async def serve(self, bound: socket.socket, stop: asyncio.Event) -> None:
        """Serves on a socket that is bound until ``stop`` is set; then streams end and requests get their time."""
        following = asyncio.create_task(self._certificate.follow()) if self._certificate is not None else None
        serving = asyncio.create_task(self._server.serve([bound]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._drain.begin()
        self._server.should_exit = True
        if following is not None:
            following.cancel()
        await serving


class _Server(uvicorn.Server):
    """uvicorn's server without signal handlers of its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None are taken."""
        yield


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; port 0 lets the system choose.

    Raises:
        OSError: It cannot be bound.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    bound = socket.socket(family[0], family[1], family[2])
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(family[4])
        bound.listen(1_024)
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)  # noqa: FBT003 - the socket's own form.
    return bound
