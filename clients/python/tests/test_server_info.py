"""What a connection asks a server about itself, and as whom the server understands it."""

import pytest
from kinds import World

from onduty.v1.history_service_pb2 import ListTransitionsRequest
from onduty.v1.staff_pb2 import STATUS_BUSY, StatusChoice
from onduty.v1.supervisor_service_pb2 import ForceStatusRequest


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
