"""What a fault test works with: a driver behind the proxy, and a direct connection that tells how things really are.

How many streams the server has open is asked of the server itself: it grants one caller a fixed number (``STREAMS``), so the
test opens streams as the same caller until it is refused. The number granted less those opened are the driver's. A stream that
the driver or the server leaked is counted, whatever its connection.
"""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import grpc
from conformance.fault_proxy import FaultProxy
from conformance.runner.driver import Driver, prefixed
from conformance.runner.mail import Event, Mail
from conformance.runner.server import ServerProcess
from google.protobuf.json_format import MessageToDict
from service_stubs import Stubs

from onduty.v1 import admin_service_pb2, router_service_pb2, staff_pb2, supervisor_service_pb2

TENANT: Final = "faults"
STREAMS: Final = 8
SERVER_FLAGS: Final = ("--rehearsal", "--streams-per-caller", str(STREAMS), "--drain", "1")
QUICK: Final = {"bookmark_interval": 1, "backoff_initial": 0.01, "backoff_max": 0.05}
"""Floor options with which a test need not wait."""
PATIENCE_SECONDS: Final = 90.0
"""How long a test waits for what must come."""
_NUMBERS = itertools.count(1)
_METADATA: Final = (("onduty-tenant", TENANT),)


class FaultRoom:
    """A driver, a server and the proxy between them, with the floor or workspace under test."""

    def __init__(self, driver: Driver, server: ServerProcess, proxy: FaultProxy) -> None:
        """All are running; they stay the caller's."""
        self.driver = driver
        self.server = server
        self.proxy = proxy
        self._prefix = f"faults-{next(_NUMBERS)}"
        self._events: list[Event] = []
        self.mail = Mail(driver.inbox(self._prefix), self._events.append)
        self._channel = grpc.aio.insecure_channel(server.address, [("grpc.initial_reconnect_backoff_ms", 100)])
        self.stubs = Stubs(self._channel)

    async def close(self) -> None:
        """End the direct connection, and check that no revision was told twice."""
        self.mail.sort()
        await self._channel.close()
        assert self.mail.told_twice == []

    # --- the driver -----------------------------------------------------------------------------------------------------

    async def ask(self, verb: str, **parameters: Any) -> Any:
        """The driver's answer to a verb."""
        return await self.driver.ask(prefixed({"do": verb, **parameters}, self._prefix))

    async def open_floor(self, **options: Any) -> None:
        """A connection and a floor, both called ``floor``, with options that are quick unless said otherwise."""
        chosen = {**QUICK, **options}
        await self.ask("connect", name="floor", options={"target": self.proxy.address, "tenant": TENANT, **chosen})
        await self.ask("floor.open", connection="floor", floor="floor", filter={}, options=chosen)

    async def open_workspace(self, staff_id: str) -> None:
        """A connection and an attached workspace, both called ``desk``."""
        options = {"target": self.proxy.address, "tenant": TENANT, **QUICK}
        await self.ask("connect", name="desk", options=options)
        await self.ask("workspace.open", connection="desk", workspace="desk", staff_id=staff_id)
        await self.ask("workspace.wait", workspace="desk", timeout=PATIENCE_SECONDS)

    async def read_floor(self) -> dict[str, Any]:
        """State, position and staff of the floor."""
        return await self.ask("floor.read", floor="floor")

    async def available(self) -> list[str]:
        """Whom the floor tells as available."""
        return (await self.ask("floor.available", floor="floor", skill_group=""))["staff_ids"]

    async def change_told(self, revision: int, within: float = PATIENCE_SECONDS) -> Event:
        """The event of a change."""
        return await self.mail.next("change", lambda event: int(event["revision"]) == revision, within)

    def changes_told_so_far(self) -> list[int]:
        """The revisions of the changes, but those of snapshots, that were told and not asked for yet."""
        return [int(event["revision"]) for event in self.mail.take("change") if event["kind"] == "CHANGED"]

    async def state_told(self, state: str, within: float = PATIENCE_SECONDS) -> Event:
        """The next event of the floor's state being this."""
        return await self.mail.next("floor_state", lambda event: event["state"] == state, within)

    async def settled(self) -> None:
        """Wait until the floor is current and shows what the server shows."""

        async def same() -> bool:
            shown = await self.read_floor()
            return shown["state"] == "CURRENT" and shown["staff"] == await self.staff()

        await eventually(same, "the floor is current and equals the server's list")

    async def available_are(self, count: int) -> None:
        """Wait until the floor tells so many as available; one that has heard nothing for its trust limit tells nobody."""

        async def so_many() -> bool:
            return len(await self.available()) == count

        await eventually(so_many, f"{count} are told as available")

    async def streams_are(self, count: int) -> None:
        """Wait until the driver has so many streams open, and no more: the server hears of a cut a little later."""

        async def so_many() -> bool:
            return await self.open_streams() == count

        await eventually(so_many, f"the driver's open streams are {count}")

    # --- the truth ------------------------------------------------------------------------------------------------------

    async def create_staff(self, count: int) -> None:
        """So many available people, ``staff-0000`` and on, with names as long as names are."""
        ids = [f"staff-{number:04}" for number in range(count)]
        for first in range(0, count, 500):
            some = ids[first : first + 500]
            create = [admin_service_pb2.CreateStaffRequest(staff_id=one, display_name=f"Person {one} " * 4) for one in some]
            force = [_force(one, staff_pb2.STATUS_AVAILABLE) for one in some]
            await self._call(self.stubs.admin.BatchCreateStaff, admin_service_pb2.BatchCreateStaffRequest(requests=create))
            await self._call(
                self.stubs.supervisor.BatchForceStatus, supervisor_service_pb2.BatchForceStatusRequest(requests=force)
            )

    async def change(self, staff_id: str, status: "staff_pb2.Status") -> int:
        """Force a status; the revision that it made."""
        answer = await self._call(self.stubs.supervisor.ForceStatus, _force(staff_id, status))
        return int(answer.staff.revision)

    async def staff(self) -> list[dict[str, Any]]:
        """Everybody, by id, in the protocol's form."""
        found: list[dict[str, Any]] = []
        request = router_service_pb2.ListStaffRequest(page_size=1000)
        while True:
            answer = await self._call(self.stubs.router.ListStaff, request)
            found += [MessageToDict(one, preserving_proto_field_name=True) for one in answer.staff]
            request.page_token = answer.next_page_token
            if not request.page_token:
                return found

    async def changes_after(self, position: str) -> int:
        """How many changes there are after a position: none, where a floor that has seen everything gives its own."""
        request = router_service_pb2.WatchStaffRequest(resume_after=position)
        request.bookmark_interval.seconds = 1
        call = self.stubs.router.WatchStaff(request, metadata=_METADATA, timeout=PATIENCE_SECONDS, wait_for_ready=True)
        count, is_catching_up = 0, True
        try:
            while is_catching_up:
                frame = await call.read()
                count, is_catching_up = count + len(frame.changes.changes), frame.catching_up
        finally:
            call.cancel()
        return count

    async def open_streams(self) -> int:
        """How many streams the driver has open, by the server's own count."""
        async with contextlib.AsyncExitStack() as opened:
            for count in range(STREAMS + 1):
                if not await opened.enter_async_context(self._one_more()):
                    return STREAMS - count
        raise AssertionError("the server grants more than it says")

    @contextlib.asynccontextmanager
    async def _one_more(self) -> AsyncIterator[bool]:
        """Open one more stream as the same caller; whether it was granted."""
        watch = router_service_pb2.WatchStaffRequest()
        call = self.stubs.router.WatchStaff(watch, metadata=_METADATA, timeout=PATIENCE_SECONDS, wait_for_ready=True)
        try:
            yield await call.read() is not grpc.aio.EOF
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                raise
            yield False
        finally:
            call.cancel()

    async def _call(self, method: Any, request: Any) -> Any:
        return await method(request, metadata=_METADATA, timeout=PATIENCE_SECONDS, wait_for_ready=True)


def _force(staff_id: str, status: "staff_pb2.Status") -> supervisor_service_pb2.ForceStatusRequest:
    return supervisor_service_pb2.ForceStatusRequest(
        staff_id=staff_id, choice=staff_pb2.StatusChoice(status=status), note="by the test"
    )


async def eventually(condition: Callable[[], Any], what: str, within: float = PATIENCE_SECONDS) -> None:
    """Ask until the condition holds; fails by its name."""
    end = time.monotonic() + within
    while not await condition():
        assert time.monotonic() < end, f"not within {within:g} s: {what}"
        await asyncio.sleep(0.02)
