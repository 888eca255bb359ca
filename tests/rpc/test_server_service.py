"""What a server tells of itself."""

from rpc_world import Client, World

from onduty.v1 import history_service_pb2, staff_pb2
from onduty.v1 import server_service_pb2 as pb
from onduty_server import build_info
from onduty_server.config_limits import USUAL_RATES
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.rates import Rates
from onduty_server.rpc.servicers.server_info import limits_message


async def info_of(client: Client) -> pb.GetServerInfoResponse:
    """What the server tells."""
    return await client.ask(pb.GetServerInfoRequest())


async def test_it_tells_version_store_and_head(client: Client, world: World):
    """Version as installed, the journal's store, and the revision and position that it shows now."""
    await client.create("ana")
    info = await info_of(client)
    assert info.version == build_info.version()
    assert info.build == build_info.build()
    assert info.store_id == world.running.engine.journal.store_id
    assert info.epoch == world.running.engine.journal.epoch
    assert info.head == world.head
    assert not info.rehearsal
    listed = await client.ask(history_service_pb2.ListTransitionsRequest(at_least=info.position))
    assert listed.position == info.position


async def test_the_times_are_by_the_servers_clock(client: Client, world: World):
    """It began before it was asked, and its present time is when it was asked."""
    before = world.clock.now()
    info = await info_of(client)
    assert 0 < info.started_at.ToMicroseconds() <= before
    assert before <= info.answered_at.ToMicroseconds() <= world.clock.now()


async def test_it_tells_as_whom_it_understood_the_caller(world: World):
    """Tenant and actor from the metadata; without them the default tenant, no actor and no role."""
    request = pb.GetServerInfoRequest()
    method = world.channel.unary_unary(
        "/onduty.v1.ServerService/GetServerInfo",
        request_serializer=pb.GetServerInfoRequest.SerializeToString,
        response_deserializer=pb.GetServerInfoResponse.FromString,
    )
    plain = await method(request)
    assert plain.caller == pb.CallerInfo(tenant="default")
    named = await method(request, metadata=(("onduty-tenant", "north"), ("onduty-actor", "lea")))
    assert named.caller == pb.CallerInfo(tenant="north", actor_id="lea", role=staff_pb2.ACTOR_ROLE_UNSPECIFIED)


async def test_an_open_server_knows_no_credential(world: World):
    """Tenant and actor as the metadata says, and nothing that a credential would reach."""
    assert await world.caller("north", "lea").ask(pb.WhoAmIRequest()) == pb.WhoAmIResponse(tenant="north", actor_id="lea")


async def test_every_limit_is_told(client: Client):
    """None is left at nothing but rates, which an open server has none of; those that settings decide are the server's own."""
    limits = (await info_of(client)).limits
    assert len(limits.ListFields()) == len(pb.ServerLimits.DESCRIPTOR.fields) - len(Rates.__slots__)
    assert limits == limits_message(Limits())
    rated = limits_message(Limits(rates=USUAL_RATES))
    assert len(rated.ListFields()) == len(pb.ServerLimits.DESCRIPTOR.fields)
    told = limits_message(Limits(streams_per_caller=7, least_ping_interval=2.5, stall=1.5))
    assert (told.streams_per_caller, told.ping_interval_min.nanos, told.stall_limit.nanos) == (7, 500_000_000, 500_000_000)
