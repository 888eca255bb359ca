"""Plays many scenarios on one driver: one driver process, one shared server, servers of their own where asked."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Final

from conformance.runner.driver import Driver
from conformance.runner.play import Outcome, Play
from conformance.runner.replicas import Target, serving_replicas
from conformance.runner.rows import Row
from conformance.runner.scenario import Scenario
from conformance.runner.server import ServerProcess

AT_ONCE: Final = 8
SHARED_FLAGS: Final = ("--rehearsal",)
"""A rehearsal takes lengths of time down to a millisecond: deadlines pass in the time of a test."""


@contextlib.asynccontextmanager
async def serving(journal: Path, flags: Sequence[str] = SHARED_FLAGS) -> AsyncIterator[ServerProcess]:
    """A server for the length of a block."""
    server = await ServerProcess(journal, flags).start()
    try:
        yield server
    finally:
        await server.terminate()


@contextlib.asynccontextmanager
async def driving(row: Row) -> AsyncIterator[Driver]:
    """A driver for the length of a block; it must end with 0."""
    driver = await Driver(row.command).start()
    try:
        yield driver
    except BaseException:
        with contextlib.suppress(Exception):
            await driver.stop()
        raise
    code = await driver.stop()
    if code:
        raise RuntimeError(f"{row.name}: the driver ended with {code}:\n" + "\n".join(driver.stderr))


async def play_all(
    row: Row, scenarios: Sequence[Scenario], directory: Path, told: Callable[[Row, Outcome], None], *, replicas: int = 0
) -> list[Outcome]:
    """Play the scenarios on a driver, some at once; ``told`` hears of each as it ends. In the scenarios' order.

    With ``replicas``, the server that scenarios share is so many of them. Those that restart a server have one of their own.

    The last are begun first: those that wait for a server or a deadline are among them.
    """
    numbers = itertools.count(1)
    some = asyncio.Semaphore(AT_ONCE)

    async def play(driver: Driver, shared: Target, scenario: Scenario) -> Outcome:
        tenant = f"{row.name}-{next(numbers)}"
        if not scenario.own_server:
            return await Play(scenario, driver, shared, tenant).run()
        async with serving(directory / f"{tenant}.db", (*SHARED_FLAGS, *scenario.flags)) as server:
            return await Play(scenario, driver, server, tenant).run()

    async def outcome(driver: Driver, shared: Target, scenario: Scenario) -> Outcome:
        async with some:
            try:
                found = await play(driver, shared, scenario)
            except (OSError, RuntimeError, TimeoutError) as error:
                found = Outcome(scenario, f"the server could not be run: {error!r}", 0)
            told(row, found)
            return found

    def sharing() -> contextlib.AbstractAsyncContextManager[Target]:
        if replicas:
            return serving_replicas(replicas, directory, SHARED_FLAGS)
        return serving(directory / f"{row.name}.db")

    async with sharing() as shared, driving(row) as driver:
        outcomes = await asyncio.gather(*(outcome(driver, shared, one) for one in reversed(scenarios)))
        return outcomes[::-1]
