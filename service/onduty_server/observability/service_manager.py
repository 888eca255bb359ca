"""Tells a service manager how far the server is, by the protocol of sd_notify: ready, reloading, stopping, and alive."""

import asyncio
import os
import socket
from collections.abc import Mapping
from typing import Final

import structlog

log = structlog.get_logger(__name__)

MICROS: Final = 1e6
FEEDS_PER_LIMIT: Final = 3
"""So often within the watchdog's time, so that one that comes late does no harm."""


class ServiceManager:
    """The manager that started this process; without one every word goes nowhere."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """``environment`` is the process's: it names the manager's socket, and how long the watchdog waits."""
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._limit = 0.0
        if environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
            self._limit = int(environment.get("WATCHDOG_USEC", "0")) / MICROS

    @property
    def is_there(self) -> bool:
        """Whether there is one."""
        return bool(self._address)

    def tell(self, *assignments: str) -> None:
        """Say something, as ``READY=1``. It never fails: what is not heard is not worth a service."""
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
                out.settimeout(0)
                out.sendto("\n".join(assignments).encode(), address)
        except OSError as error:
            log.debug("service_manager_deaf", error=str(error))

    async def feed_watchdog(self) -> None:
        """Say again and again that the event loop turns, until cancelled; it returns where nobody asks."""
        while self._address and self._limit:
            self.tell("WATCHDOG=1")
            await asyncio.sleep(self._limit / FEEDS_PER_LIMIT)
