"""The two kinds of client behind one face, so that a test of behaviour is written once and run on both."""

import asyncio
import inspect
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onduty_process import LONG

import onduty_client as client
from onduty.v1.admin_service_pb2 import CreateStaffRequest
from onduty.v1.staff_pb2 import STATUS_AVAILABLE, SkillGroup

QUICK = {"backoff_initial": 0.05, "backoff_max": 0.3}
"""Options of a connection that mends breaks soon."""

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Kind:
    """The classes of one kind. ``do`` runs a method of one of them and waits for its end."""

    name: str
    connection: Any
    router: Any
    workspace: Any
    floor: Any
    colleagues: Any

    async def do(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Runs it, in a thread where it blocks."""
        if self.name == "blocking" and not inspect.isclass(method):
            return await asyncio.to_thread(method, *arguments, **named)
        answer = method(*arguments, **named)
        return await answer if inspect.isawaitable(answer) else answer


ASYNCIO = Kind(
    "asyncio",
    client.AsyncConnection,
    client.AsyncRouterClient,
    client.AsyncWorkspaceClient,
    client.AsyncFloor,
    client.AsyncColleagues,
)
BLOCKING = Kind("blocking", client.Connection, client.RouterClient, client.WorkspaceClient, client.Floor, client.Colleagues)
KINDS = [ASYNCIO, BLOCKING]


class World:
    """One kind of client in a tenant of its own, on a running server; everything it made is closed at its end."""

    def __init__(self, kind: Kind, address: str) -> None:
        self.kind = kind
        self.address = address
        self.tenant = f"tenant-{next(_NUMBERS)}"
        self._connections: list[Any] = []

    def connect(self, **options: Any) -> Any:
        """A connection in the tenant, with much time for its calls."""
        chosen = {"target": self.address, "call_timeout": LONG, **options}
        made = self.kind.connection(client.ConnectionOptions(tenant=self.tenant, **chosen))
        self._connections.append(made)
        return made

    async def do(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """As the kind does."""
        return await self.kind.do(method, *arguments, **named)

    async def create(self, connection: Any, *staff_ids: str, groups: tuple[str, ...] = ("cards",)) -> None:
        """Creates staff, OFFLINE."""
        for staff_id in staff_ids:
            request = CreateStaffRequest(staff_id=staff_id, skill_groups=[SkillGroup(name=name) for name in groups])
            await self.do(connection.call, connection.services.admin.CreateStaff, request)

    async def sign_in(self, connection: Any, *staff_ids: str) -> None:
        """Makes staff AVAILABLE."""
        for staff_id in staff_ids:
            await self.do(self.kind.workspace(connection, staff_id).change_status, STATUS_AVAILABLE)

    async def until(self, condition: Callable[[], Any], within: float = LONG) -> Any:
        """The first true value of ``condition``; fails when ``within`` seconds have passed."""
        async with asyncio.timeout(within):
            while not (found := condition()):
                await asyncio.sleep(0.01)
        return found

    async def close(self) -> None:
        """Closes every connection."""
        for one in self._connections:
            await self.kind.do(one.close)
