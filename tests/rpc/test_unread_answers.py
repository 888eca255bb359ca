"""Answers that nobody reads: a bound on the bytes that a connection keeps in the server."""

import pytest
from rpc.unread_peer import UnreadPeer
from rpc_world import Client, World, eventually

from onduty.v1 import router_service_pb2 as router
from onduty_server.rpc import unread_answers

LIST_STAFF = "/onduty.v1.RouterService/ListStaff"
ASKED = 40


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few bytes fill a connection's bound."""
    monkeypatch.setattr(unread_answers, "CONNECTION_BYTES", 256 * 1024)


async def test_a_peer_that_takes_no_answer_keeps_a_bounded_number_of_them(client: Client, world: World, narrow: None):
    """Beyond the bound it is refused; others are answered, and all is free when the connection ends."""
    await client.create_many(200, "g" * 64, "h" * 64, name="n" * 100)
    request = router.ListStaffRequest(page_size=1_000)
    size = (await client.listed(page_size=1_000)).ByteSize()
    assert size > unread_answers.COUNTED_BYTES
    unread = world.running.server._gate.unary._unread
    peer = await UnreadPeer.connect(int(world.running.address.rpartition(":")[2]))
    for _ in range(ASKED):
        await peer.ask(LIST_STAFF, request.SerializeToString())
    kept = unread_answers.CONNECTION_BYTES // size
    await eventually(lambda: peer.ended == ASKED - kept, "all but a few are refused")
    assert unread.total <= unread_answers.CONNECTION_BYTES
    assert len((await client.listed(page_size=1_000)).staff) == 200
    await peer.close()
    await eventually(lambda: unread.total == 0, "the connection's answers are gone")
    assert len((await client.listed(page_size=1_000)).staff) == 200


async def test_a_tenant_leaves_room_for_others(client: Client, world: World, monkeypatch: pytest.MonkeyPatch):
    """However many connections a tenant's peers open, another tenant's answers have room."""
    await client.create_many(200, "g" * 64, "h" * 64, name="n" * 100)
    await world.caller(tenant="blue").create_many(200, "g" * 64, "h" * 64, name="n" * 100)
    request = router.ListStaffRequest(page_size=1_000)
    size = (await client.listed(page_size=1_000)).ByteSize()
    monkeypatch.setattr(unread_answers, "ALL_BYTES", 9 * size)
    peers = [await UnreadPeer.connect(int(world.running.address.rpartition(":")[2])) for _ in range(4)]
    for peer in peers:
        for _ in range(4):
            await peer.ask(LIST_STAFF, request.SerializeToString())
    await eventually(lambda: sum(peer.ended for peer in peers) >= 11, "what a tenant may have is given out")
    assert (await client.refused(request)).reason == "OVERLOADED"
    assert len((await world.caller(tenant="blue").listed(page_size=1_000)).staff) == 200
    for peer in peers:
        await peer.close()
