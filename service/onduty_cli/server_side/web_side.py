"""The web side of `onduty serve`: an `onduty web` of its own process, which begins, ends and is restarted with the server."""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from onduty_cli.web_command import shown_address
from onduty_server.config import Settings, split_address
from onduty_server.rpc.addresses import AddressInUseError
from onduty_web.listener import bind

log = structlog.get_logger(__name__)

FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 10.0
STEADY_SECONDS: Final = 30.0
"""A gateway that has run for so long is restarted at once when it ends."""
PATIENCE_SECONDS: Final = 5.0
"""What it gets beyond its drain, before it is killed."""


@dataclass(frozen=True, slots=True)
class WebSide:
    """What the server and its gateway share. The socket stays bound when the gateway ends: browsers wait meanwhile."""

    settings: Settings
    bound: socket.socket
    folder: Path

    @property
    def socket_path(self) -> str:
        """The Unix socket between the two, in a folder that is their user's alone."""
        return str(self.folder / "grpc")

    @property
    def address(self) -> str:
        """Where the pages are."""
        return shown_address(self.bound, https=self.settings.has_tls)

    def command(self) -> list[str]:
        """The gateway's command line."""
        settings = self.settings
        line = [sys.executable, "-P", "-m", "onduty_cli", "web", "--server", f"unix:{self.socket_path}"]
        line += ["--with-stdin", "--listen-fd", str(self.bound.fileno()), "--drain", str(settings.drain)]
        line += ["--allowed-hosts", settings.web_hosts, "--allowed-origins", settings.web_origins]
        if settings.has_tls:
            line += ["--https-cert", settings.tls_cert, "--https-key", settings.tls_key]
        return line


@asynccontextmanager
async def prepared(settings: Settings) -> AsyncIterator[WebSide | None]:
    """Binds the HTTP address before anything is opened; None where there is no web side.

    Raises:
        AddressInUseError: It cannot be bound.
    """
    if not settings.web:
        yield None
        return
    try:
        bound = bind(*split_address(settings.web))
    except OSError as error:
        raise AddressInUseError(
            f"cannot listen on {settings.web} for the pages: {error.strerror or error}; choose another address with --web"
        ) from error
    folder = Path(tempfile.mkdtemp(prefix="onduty-web-"))
    try:
        yield WebSide(settings, bound, folder)
    finally:
        bound.close()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def serving(web: WebSide | None) -> AsyncIterator[None]:
    """A gateway for the length of the block."""
    if web is None:
        yield
        return
    process = await _started(web)
    keeping = asyncio.create_task(_kept(web, process))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _kept(web: WebSide, process: asyncio.subprocess.Process) -> None:
    """Starts the gateway again whenever it ends; when this task is cancelled it is ended."""
    time, wait = asyncio.get_running_loop().time, FIRST_WAIT_SECONDS
    while True:
        began_at = time()
        try:
            await _read_out(process)
            code = await process.wait()
        except asyncio.CancelledError:
            await asyncio.shield(_end(process, web.settings.drain))
            raise
        wait = FIRST_WAIT_SECONDS if time() - began_at >= STEADY_SECONDS else min(wait * 2, LONGEST_WAIT_SECONDS)
        log.error("web_ended", exit_code=code, restart_after_seconds=wait)
        await asyncio.sleep(wait)
        process = await _started(web)


async def _started(web: WebSide) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *web.command(),
        stdin=pipe,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=pipe,
        pass_fds=[web.bound.fileno()],
        env={name: value for name, value in os.environ.items() if not name.startswith("ONDUTY_")},
        start_new_session=True,  # Ctrl-C in a terminal is for the server, which ends both in order.
    )


async def _read_out(process: asyncio.subprocess.Process) -> None:
    """What the gateway says becomes lines of the server's log."""
    assert process.stderr is not None
    async for line in process.stderr:
        if text := line.decode("utf-8", "replace").strip():
            log.warning("web_said", text=text)


async def _end(process: asyncio.subprocess.Process, drain_seconds: float) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(drain_seconds + PATIENCE_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
