"""A proxy on a loop of its own, for tests that wait in threads."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from conformance.fault_proxy import FaultProxy
from patience import PATIENCE_SECONDS

R = TypeVar("R")


class ProxyThread:
    """A proxy that runs on a loop of its own, in front of a port."""

    def __init__(self, target_port: int) -> None:
        """It listens at once."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.proxy = self.run(FaultProxy(target_port).start())

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run something on the proxy's loop to its end."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_SECONDS)

    def call(self, function: Callable[[], None]) -> None:
        """Have the proxy do something."""
        self._loop.call_soon_threadsafe(function)

    def cut_at_the_next_answer(self) -> None:
        """The next bytes towards a client are lost, with all connections: what asked for them was carried out."""
        self.call(self.proxy.cut_at_the_next_answer)

    def close(self) -> None:
        """End it."""
        self.run(self.proxy.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()
