"""Serves the admin pages by HTTP on a thread and a loop of its own, so that it answers also where the server's loop stands."""

import asyncio
import socket
import threading
from pathlib import Path
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette

log = structlog.get_logger(__name__)

REQUESTS_MOST: Final = 64
"""At the same time; more are answered with 503."""

STOP_SECONDS: Final = 5.0


class AdminListener:
    """The listener of one server."""

    def __init__(self, application: Starlette, listening: socket.socket, tls: tuple[Path, Path] | None = None) -> None:
        """``tls`` are the files of certificate and key; without them it is plain HTTP."""
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            http="h11",
            ws="none",
            loop="asyncio",
            proxy_headers=False,
            server_header=False,
            limit_concurrency=REQUESTS_MOST,
            timeout_graceful_shutdown=1,
            ssl_certfile=tls[0] if tls else None,
            ssl_keyfile=tls[1] if tls else None,
        )
        config.load()
        self._tls = tls
        self._config = config
        self._server = uvicorn.Server(config)
        self._listening = listening
        self._thread = threading.Thread(target=self._run, name="onduty-admin", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, with the port that the system chose."""
        host, port, *_ = self._listening.getsockname()
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    async def stop(self) -> None:
        """Answer what is under way, and end."""
        self._server.should_exit = True
        await asyncio.to_thread(self._thread.join, STOP_SECONDS)
        self._listening.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listening])
        except Exception:
            log.exception("admin_listener_failed")

    def read_again(self) -> None:
        """The pair of TLS has changed, and is good: new connections get it."""
        if self._tls is None or self._config.ssl is None:
            return
        try:
            self._config.ssl.load_cert_chain(*self._tls)
        except OSError as error:  # an error of TLS is one: the pair has changed again meanwhile.
            log.warning("admin_pair_not_read", error=str(error))
