"""Workspaces whose streams end at a bad time, or are gone without a word: the person is let go all the same."""

import asyncio
from pathlib import Path

import grpc
import pytest
from fake_clock import FakeClock
from rpc_world import AVAILABLE, OFFLINE, Client, World, eventually, refusal_of, serving

from onduty.v1 import admin_service_pb2 as admin
from onduty_server.engine import engine
from onduty_server.engine.write import fair_queue

NEVER = 3_600.0
"""Seconds that no test waits for."""


async def flood(world: World, client: Client) -> list[grpc.aio.UnaryUnaryCall]:
    """So many requests that the next one is refused; none is decided before the journal's gate is opened."""
    gate = world.gate()
    gate.hold_before()
    calls = [client.call(admin.UpdateStaffRequest(staff_id="flood", display_name=f"n{number}")) for number in range(40)]
    await gate.arrived()
    await eventually(lambda: world.engine.queue.waiting.callers == fair_queue.JOBS_MOST // 2, "there is no room left")
    return calls


async def overloaded(client: Client) -> bool:
    """Whether a request is refused as too much now."""
    call = client.call(admin.UpdateStaffRequest(staff_id="flood", display_name="more"))
    return (await refusal_of(call)).reason == "OVERLOADED"


async def test_a_stream_that_ends_while_callers_are_refused_lets_its_person_go(
    journal_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
):
    """Its detachment has a place of its own, so it is decided with the next batch, and the grace runs."""
    monkeypatch.setattr(fair_queue, "JOBS_MOST", 20)
    monkeypatch.setattr(engine, "RECONCILE_SECONDS", NEVER)  # nobody else is to find it.
    async with serving(journal_path, clock=clock) as world:
        client = world.client
        await client.create("flood")
        await client.create_available("ana", "sales")
        stream = client.attach("ana")
        await stream.frame()
        calls = await flood(world, client)
        stream.call.cancel()
        await eventually(lambda: not world.open_streams, "the stream has ended")
        await eventually(lambda: len(world.engine.queue.waiting) == fair_queue.JOBS_MOST // 2 + 1, "its detachment waits")
        assert await overloaded(client)
        world.gate().release()
        assert grpc.StatusCode.RESOURCE_EXHAUSTED in await asyncio.gather(*(call.code() for call in calls))
        ana = await client.until("ana", lambda staff: not staff.connection.workspaces)
        assert (ana.status, ana.capabilities.assign_inbound) == (AVAILABLE, False)
        clock.move(61)
        await client.until_status("ana", OFFLINE)


async def test_a_stream_that_is_gone_without_a_detachment_is_noticed(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A running server compares who is attached with the streams that it has, again and again."""
    monkeypatch.setattr(engine, "RECONCILE_SECONDS", 0.01)
    async with serving(journal_path) as world:
        client = world.client
        await client.create_available("ana")
        await client.create_available("ben")

        async def lost(*_: object) -> None:
            """A detachment that never comes to the engine."""

        monkeypatch.setattr(world.running.server._workspaces, "_detach", lost)
        gone, here = client.attach("ana"), client.attach("ben")
        await asyncio.gather(gone.frame(), here.frame())
        gone.call.cancel()
        await client.until("ana", lambda staff: not staff.connection.workspaces)
        assert (await client.get("ben")).connection.workspaces
        here.call.cancel()
