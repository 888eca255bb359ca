"""What SIGHUP begins, where another one comes while it is under way."""

import asyncio
import threading

from onduty_cli.server_side.reloading import Reloading
from onduty_server.config import Settings


async def test_one_that_comes_meanwhile_is_not_dropped():
    """The first may have read before the change that the second is about; any number meanwhile is one more."""
    may_go_on, loads = threading.Event(), []

    def load() -> Settings:
        loads.append(len(loads))
        may_go_on.wait(60)
        return Settings()

    reloading = Reloading(Settings(), load)
    reloading.begin()
    async with asyncio.timeout(60):
        while not loads:
            await asyncio.sleep(0)
        reloading.begin()
        reloading.begin()
        may_go_on.set()
        assert reloading._running
        await reloading._running
    assert len(loads) == 2
