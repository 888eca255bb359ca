"""What the server's core is told to bear of connections, seen from the other end of one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from rpc.unread_peer import UnreadPeer
from rpc_world import DEADLINE_SECONDS, World, eventually, serving

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import router_service_pb2 as router
from onduty_server.rpc import server

LIST_STAFF = "/onduty.v1.RouterService/ListStaff"
NO_ERROR, REFUSED_STREAM = 0, 7
GIVEN_UP_SECONDS = 15
"""Far more than the settings of these tests, and less than the twenty seconds and more that the core waits by itself."""


def port_of(world: World) -> int:
    """Where the server listens."""
    return int(world.running.address.rpartition(":")[2])


@asynccontextmanager
async def connected(world: World) -> AsyncIterator[UnreadPeer]:
    """A peer with a connection of its own, which the server has greeted."""
    peer = await UnreadPeer.connect(port_of(world))
    async with asyncio.timeout(DEADLINE_SECONDS):
        await peer.greeted.wait()
    try:
        yield peer
    finally:
        await peer.close()


async def test_a_connection_has_so_many_calls_at_a_time(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One more is refused by the core, unread, so that a client may send it again; another connection has its own."""
    monkeypatch.setattr(server, "CALLS_OF_CONNECTION", 2)
    async with serving(journal_path, streams_per_tenant=1) as world:
        await world.client.create("ana")
        async with connected(world) as peer:
            for _ in range(5):
                await peer.ask(LIST_STAFF, router.ListStaffRequest().SerializeToString())
            await eventually(lambda: len(peer.resets) == 2, "two of the five are refused")
            assert peer.resets == [REFUSED_STREAM] * 2
            assert len((await world.client.listed()).staff) == 1


async def test_peers_may_ping_as_often_as_is_said(journal_path: Path):
    """Also where they have no call: the connection stays."""
    async with serving(journal_path, least_ping_interval=0.1) as world, connected(world) as peer:
        async with asyncio.timeout(DEADLINE_SECONDS):
            for _ in range(6):
                await peer.ping()
                await asyncio.sleep(0.15)  # what a peer must leave between its pings.
            await peer.ping()
        assert not peer.sent_away


async def test_a_connection_without_calls_is_pinged(journal_path: Path):
    """And ended when its peer has no answer."""
    async with serving(journal_path, keepalive_time=1.0, keepalive_timeout=0.5) as world, connected(world) as peer:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await peer.pinged.wait()
        async with asyncio.timeout(GIVEN_UP_SECONDS):
            await peer.until_closed()


async def test_a_peer_that_says_nothing_is_let_go(journal_path: Path):
    """A connection has so long for its handshake; then its place is free."""
    async with serving(journal_path, handshake_timeout=0.2) as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(world))
        async with asyncio.timeout(GIVEN_UP_SECONDS):
            await reader.read()
        writer.close()
        await writer.wait_closed()


async def test_an_old_connection_is_sent_away_politely(journal_path: Path):
    """Also one that has neither calls nor streams."""
    async with serving(journal_path, connection_age=0.5) as world, connected(world) as peer:
        await eventually(lambda: bool(peer.sent_away), "its peer is told to make another")
        assert set(peer.sent_away) == {NO_ERROR}


async def test_calls_of_an_old_connection_end_in_the_end(journal_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What runs when a connection comes of age may go on for a while; a call that hangs does not keep it for ever."""
    monkeypatch.setattr(server, "LEAST_AGE_GRACE_MS", 500)
    async with serving(journal_path, connection_age=0.5) as world:
        gate = world.gate()
        gate.hold_before()
        call = world.client.call(admin.CreateStaffRequest(staff_id="ana"))
        assert await call.code() is grpc.StatusCode.UNAVAILABLE
        assert await call.details() == "max connection age"  # the core has ended it, before we would.
