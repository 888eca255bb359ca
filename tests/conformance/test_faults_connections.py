"""Connections are cut again and again: every change is told once, and no stream or connection is left behind.

That no change is told twice is checked at the end of each test, by the room.
"""

import asyncio
import os
import random
from functools import partial

import pytest
from conformance.fault_room import PATIENCE_SECONDS, TENANT, FaultRoom, eventually
from conformance.runner.rows import Row

from onduty.v1.history_service_pb2 import ListTransitionsRequest, TransitionFilter
from onduty.v1.staff_pb2 import CAUSE_DISCONNECTED, STATUS_AVAILABLE, STATUS_BUSY, STATUS_OFFLINE
from onduty.v1.workspace_service_pb2 import GetStaffRequest

METADATA = (("onduty-tenant", TENANT),)
RECONNECTS = 1_000 if os.environ.get("ONDUTY_DRIVERS") else 100
"""A thousand where drivers are named, as `make conformance` does; fewer in every test run."""
STORM_SECONDS = 5.0


@pytest.mark.timeout(900)
async def test_reconnects_tell_every_change_once(room: FaultRoom):
    """Cut as soon as each change was told, again and again: each is told once with its cause, and one stream is open."""
    await room.create_staff(20)
    await room.open_floor()
    await room.settled()
    for number in range(RECONNECTS):
        status = STATUS_BUSY if number % 40 < 20 else STATUS_AVAILABLE
        told = await room.change_told(await room.change(f"staff-{number % 20:04}", status))
        assert told["cause"] == "CAUSE_SUPERVISOR"
        room.proxy.cut()

    async def is_back() -> bool:
        return room.proxy.accepted > RECONNECTS and room.proxy.connections == 1

    await eventually(is_back, "the floor has one connection again, after the last cut too")
    await room.settled()
    await room.streams_are(1)
    assert room.proxy.connections == 1
    assert await room.changes_after((await room.read_floor())["position"]) == 0


async def after_many_cuts(room: FaultRoom) -> None:
    """A floor that was cut off twenty times and came back each time."""
    await room.create_staff(5)
    await room.open_floor()
    await room.settled()
    for number in range(20):
        await room.change_told(await room.change("staff-0000", STATUS_BUSY if number % 2 else STATUS_OFFLINE))
        room.proxy.cut()
    await room.settled()


async def test_closing_a_floor_leaves_no_stream(room: FaultRoom):
    """After the floor's end the server has no stream of it, however often it was opened anew."""
    await after_many_cuts(room)
    await room.ask("floor.close", floor="floor")
    await room.streams_are(0)
    await room.ask("disconnect", connection="floor")


async def test_closing_a_connection_leaves_no_connection(room: FaultRoom, row: Row):
    """After the end of the client's connection there is none to the server."""
    if row.name == "python":
        pytest.skip("grpc.aio now and then keeps the socket of a closed channel; the README of the client says so")
    await after_many_cuts(room)
    await room.ask("disconnect", connection="floor")

    async def no_connection() -> bool:
        return room.proxy.connections == 0

    await eventually(no_connection, "no connection is open")


async def test_floor_survives_a_storm(room: FaultRoom):
    """Under load, with cuts, silences and delays at random times, the floor ends equal to the server's list."""
    await room.create_staff(200)
    await room.open_floor()
    await room.settled()
    chance = random.Random(7)
    loop = asyncio.get_running_loop()
    end = loop.time() + STORM_SECONDS

    async def load() -> None:
        while loop.time() < end:
            staff_id = f"staff-{chance.randrange(200):04}"
            await room.change(staff_id, chance.choice([STATUS_AVAILABLE, STATUS_BUSY, STATUS_OFFLINE]))
            await asyncio.sleep(0.005)

    async def trouble() -> None:
        while loop.time() < end:
            what = chance.randrange(3)
            if what == 0:
                room.proxy.cut()
            elif what == 1:
                room.proxy.black_hole()
            else:
                room.proxy.delay_seconds = 0.05
            await asyncio.sleep(chance.uniform(0.02, 0.3))
            room.proxy.pass_on()
            room.proxy.delay_seconds = 0

    await asyncio.gather(load(), trouble())
    await room.settled()
    await room.streams_are(1)


async def test_workspace_stays_attached_over_breaks(room: FaultRoom):
    """Over cuts and a restart a workspace comes back within the grace: its owner is never signed out."""
    await room.create_staff(1)
    await room.open_workspace("staff-0000")

    async def attached(accepted_before: int) -> bool:
        if room.proxy.accepted <= accepted_before:
            return False
        asked = GetStaffRequest(staff_id="staff-0000")
        answer = await room.stubs.workspace.GetStaff(asked, metadata=METADATA, wait_for_ready=True, timeout=PATIENCE_SECONDS)
        shown = await room.ask("workspace.read", workspace="desk")
        there = len(answer.staff.connection.workspaces) == 1 and not answer.staff.connection.HasField("offline_at")
        return there and shown["attached"] and int(shown["staff"]["revision"]) == answer.staff.revision

    for _ in range(10):
        before = room.proxy.accepted
        room.proxy.cut()
        await eventually(partial(attached, before), "the workspace is attached again")
    before = room.proxy.accepted
    await room.server.restart()
    await eventually(partial(attached, before), "the workspace is attached again after the restart")
    request = ListTransitionsRequest(filter=TransitionFilter(causes=[CAUSE_DISCONNECTED]))
    answer = await room.stubs.history.ListTransitions(request, metadata=METADATA, timeout=PATIENCE_SECONDS)
    assert list(answer.transitions) == []
    await room.streams_are(0)  # of watches; that there is one workspace is what ``attached`` asks.
