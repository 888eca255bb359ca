"""Replicas in one process: engines that share a store, with short words for what tests ask of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.postgres_factory import PostgresFactory
from engine_floor import Floor
from fake_clock import FakeClock
from patience import PATIENCE_SECONDS

from onduty_server.adapters.postgres import PostgresJournal, PostgresReplication
from onduty_server.adapters.steady_clock import SteadyClock
from onduty_server.engine.background.leadership import Leadership
from onduty_server.engine.background.sharing import Sharing
from onduty_server.engine.engine import Engine
from onduty_server.ports import Clock
from onduty_server.wire.codec import ProtobufCodec


class ReplicaFloor(Floor):
    """One replica."""

    journal: PostgresJournal
    store: PostgresReplication

    @property
    def sharing(self) -> Sharing:
        """Its part among the others."""
        assert self.engine.sharing is not None
        return self.engine.sharing

    @property
    def leadership(self) -> Leadership:
        """What it does about deciding."""
        return self.sharing.leadership

    async def until_it(self, condition: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE_SECONDS
        while not condition():
            assert loop.time() < end, f"{what}: it did not come true"
            await asyncio.sleep(0.005)

    async def until_it_leads(self) -> "ReplicaFloor":
        """Wait until it decides."""
        await self.until_it(lambda: self.leadership.leads, "it leads")
        return self

    async def until_it_follows(self) -> "ReplicaFloor":
        """Wait until it does not."""
        await self.until_it(lambda: not self.leadership.applies_itself, "it follows")
        return self

    async def until_it_shows(self, revision: int) -> None:
        """Wait until its head is there."""
        await self.until_it(lambda: self.engine.head >= revision, f"it shows {revision}")


class Replicas:
    """Starts replicas of one store; all are stopped with the stack."""

    def __init__(self, factory: PostgresFactory, stack: AsyncExitStack) -> None:
        """None yet."""
        self.factory = factory
        self._stack = stack
        self.started = 0

    async def start(self, *, clock: Clock | None = None, leads: bool = True) -> ReplicaFloor:
        """One more. Without ``leads`` it never wants to."""
        self.started += 1
        address = f"127.0.0.1:{self.started}" if leads else ""
        return await self._stack.enter_async_context(_replica(self.factory, clock or SteadyClock(), address))


@asynccontextmanager
async def _replica(factory: PostgresFactory, clock: Clock, address: str) -> AsyncIterator[ReplicaFloor]:
    journal = await PostgresJournal.join(factory.options)
    store = PostgresReplication(journal)
    engine = Engine(journal, ProtobufCodec(), clock, replication=store)
    floor = ReplicaFloor(engine, clock if isinstance(clock, FakeClock) else FakeClock())
    floor.journal, floor.store = journal, store
    floor.leadership.address = address
    try:
        await engine.start()
        yield floor
    finally:
        await engine.stop()
        await store.close()
        await journal.close()
