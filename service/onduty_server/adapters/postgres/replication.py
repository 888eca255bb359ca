"""A store in a database that replicas share: who leads it, who lives, and a look at it whenever something has come."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from onduty_server.adapters.postgres.lookout import Lookout, Registry
from onduty_server.adapters.postgres.writer import AppendConnection
from onduty_server.adapters.worker import Workers
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.replication import Look, ReplicaReport, Replication, SeenReplica, TakenLead

if TYPE_CHECKING:
    from onduty_server.adapters.postgres.journal import PostgresJournal

P = ParamSpec("P")
R = TypeVar("R")

_HANGING_SECONDS: Final = 2.0
"""A look or a beat that takes longer has its connection cut."""


class PostgresReplication(Replication):
    """``Replication`` in a database: two connections, each on a thread of its own, beside those of the journal."""

    def __init__(self, journal: "PostgresJournal") -> None:
        """The threads start at once. ``close`` ends them."""
        self._journal = journal
        self._store = journal.store
        self._lookout = Lookout(self._store)
        self._registry = Registry(self._store)
        self._looking = Workers("journal-lookout", [self._lookout])
        self._registering = Workers("journal-registry", [self._registry])
        self._is_closed = False

    @property
    def replica_id(self) -> str:
        """See ``Replication``."""
        return self._store.process_id

    @property
    def secret(self) -> str:
        """See ``Replication``."""
        return self._store.secret

    async def look(self, wait_seconds: float, *, wakes: bool = True) -> Look:
        """See ``Replication``."""
        self._check_open()
        alarm = asyncio.get_running_loop().call_later(wait_seconds + _HANGING_SECONDS, self._lookout.sever)
        try:
            return await self._looking.call(Lookout.look, wait_seconds, wakes=wakes)
        finally:
            alarm.cancel()

    async def take_lead(self, address: str) -> TakenLead | None:
        """See ``Replication``."""
        return await self._journal.write(AppendConnection.take_lead, address)

    async def give_up_lead(self) -> None:
        """See ``Replication``."""
        await self._journal.write(AppendConnection.give_up_lead)

    async def renew_lead(self) -> bool:
        """See ``Replication``."""
        return await self._ask(Registry.renew)

    async def beat(self, report: ReplicaReport) -> list[SeenReplica]:
        """See ``Replication``."""
        return await self._ask(Registry.beat, report)

    async def replicas(self) -> list[SeenReplica]:
        """See ``Replication``."""
        return await self._ask(Registry.replicas)

    async def leave(self) -> None:
        """See ``Replication``."""
        await self._ask(Registry.leave)

    async def close(self) -> None:
        """End the threads and the connections; before the journal's own. Idempotent."""
        if self._is_closed:
            return
        self._is_closed = True
        self._lookout.sever()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._looking.stop()
        self._registering.stop()
        self._lookout.close()
        self._registry.close()

    async def _ask(self, function: Callable[Concatenate[Registry, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._check_open()
        alarm = asyncio.get_running_loop().call_later(_HANGING_SECONDS, self._registry.sever_if_busy)
        try:
            return await self._registering.call(function, *args, **kwargs)
        finally:
            alarm.cancel()

    def _check_open(self) -> None:
        if self._is_closed:
            raise JournalUnavailableError("the journal is closed")
