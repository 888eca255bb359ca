"""What a connection asks a server about itself, and as whom the server understands it."""

import socket

import pytest
from kinds import World

from onduty.v1.history_service_pb2 import ListTransitionsRequest
from onduty.v1.server_service_pb2 import GetServerInfoRequest
from onduty.v1.staff_pb2 import STATUS_BUSY, StatusChoice
from onduty.v1.supervisor_service_pb2 import ForceStatusRequest
from onduty_client import TimedOutError


async def test_the_server_tells_what_it_is_and_whom_it_understood(world: World):
    """Version, store and limits; tenant and actor as the connection says."""
    connection = world.connect(actor="lea")
    info = await world.do(connection.server_info)
    assert info.version
    assert len(info.store_id) == len(info.replica_id) == 16
    assert info.limits.batch_items == 1_000
    assert (info.caller.tenant, info.caller.actor_id) == (world.tenant, "lea")


@pytest.mark.parametrize(("actor", "named"), [("lea", "lea"), ("", "")])
async def test_the_history_names_the_actor(world: World, actor: str, named: str):
    """A supervisor's change bears the connection's actor; without one it bears none."""
    connection = world.connect(actor=actor)
    await world.create(connection, "ana")
    await world.sign_in(connection, "ana")
    forcing = ForceStatusRequest(staff_id="ana", choice=StatusChoice(status=STATUS_BUSY), note="because")
    await world.do(connection.call, connection.services.supervisor.ForceStatus, forcing)
    asked = ListTransitionsRequest(newest_first=True, page_size=1)
    (change,) = (await world.do(connection.call, connection.services.history.ListTransitions, asked)).transitions
    assert change.actor.id == named


async def test_one_call_can_name_another_actor(world: World):
    """A program that acts for several says who acts with each call; nobody's name lasts beyond it."""
    connection = world.connect(actor="lea")
    server_info = connection.services.server.GetServerInfo
    named = await world.do(connection.call, server_info, GetServerInfoRequest(), actor="mia")
    after = await world.do(connection.call, server_info, GetServerInfoRequest())
    assert (named.caller.actor_id, after.caller.actor_id) == ("mia", "lea")
    with pytest.raises(ValueError, match="actor must be"):
        await world.do(connection.call, server_info, GetServerInfoRequest(), actor=" ")


async def test_connection_knows_whether_it_is_connected(world: World):
    """After an answer it is; where nobody speaks, it never was."""
    connection = world.connect()
    await world.do(connection.server_info)
    assert await world.do(connection.is_connected)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nobody = world.connect(target=f"127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(TimedOutError):
            await world.do(nobody.server_info, timeout=0.3)
        assert not await world.do(nobody.is_connected)
