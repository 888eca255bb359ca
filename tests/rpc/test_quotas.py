"""How many streams may be open: workspaces do not take the places of watches, and invented names gain nothing."""

from contextlib import ExitStack
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from rpc_world import Client, Stream, World, eventually, refusal_of, serving

from onduty.v1 import router_service_pb2 as router
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.config import Settings
from onduty_server.rpc import quotas
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.method_policy import StreamKind
from onduty_server.rpc.quotas import StreamQuotas


async def attach(client: Client, staff_id: str) -> Stream:
    """An attached workspace of somebody new."""
    await client.create(staff_id)
    stream = client.attach(staff_id)
    await stream.frame()
    return stream


async def test_desktops_without_an_actor_are_not_one_caller(journal_path: Path):
    """What one caller may watch does not bound how many desktops of a tenant attach."""
    async with serving(journal_path, streams_per_caller=1) as world:
        desktops = [await attach(world.client, f"s{number}") for number in range(4)]
        async with world.client.watch() as watch:
            await watch.began()
            assert (await world.client.refused(router.WatchStaffRequest())).reason == "WATCH_QUOTA"
            desktops.append(await attach(world.client, "s4"))
        for desktop in desktops:
            desktop.call.cancel()


def test_ten_thousand_desktops_of_a_tenant_attach_by_default():
    """Nobody has to raise a setting for a large contact centre; the settings say what the server takes."""
    settings = Settings()
    limits = Limits()
    assert (limits.streams_per_tenant, limits.streams) == (settings.streams_per_tenant, settings.streams)
    open_streams = StreamQuotas(limits)
    with ExitStack() as stack:
        for number in range(10_000):
            stack.enter_context(open_streams.admitted(StreamKind.ATTACHMENT, "default", f"s{number}"))
            stack.enter_context(open_streams.admitted(StreamKind.COLLEAGUES, "default", f"s{number}"))
        assert open_streams.count == 20_000
    assert open_streams.count == 0


async def test_invented_actors_share_the_tenants_bound(journal_path: Path):
    """Another name each time gains nothing; workspaces and other tenants keep their places."""
    async with serving(journal_path, streams_per_tenant=3) as world:
        watches = [await world.caller(actor=f"a{number}").watch().began() for number in range(3)]
        refusal = await world.caller(actor="a3").refused(router.WatchStaffRequest())
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "WATCH_QUOTA")
        assert refusal.metadata == {"limit": "3", "name": "streams_per_tenant"}
        desktop = await attach(world.client, "ana")
        async with world.caller(tenant="blue").watch() as other:
            await other.began()
        for stream in (*watches, desktop):
            stream.call.cancel()


async def test_invented_tenants_share_the_processs_bound(journal_path: Path):
    """All tenants together have a bound too."""
    async with serving(journal_path, streams=3) as world:
        watches = [await world.caller(tenant=f"t{number}").watch().began() for number in range(3)]
        assert (await world.caller(tenant="t3").refused(router.WatchStaffRequest())).reason == "WATCH_QUOTA"
        watches.pop().call.cancel()
        await eventually(lambda: world.open_streams == 2, "the closed one is counted out")
        async with world.caller(tenant="t3").watch() as watch:
            await watch.began()
        for watch in watches:
            watch.call.cancel()


async def test_watches_of_colleagues_count_by_person(client: Client):
    """Sixteen of one person, as many as workspaces; somebody else's are not concerned."""
    await client.policy(colleagues=2)
    await client.create("ana")
    await client.create("ben")
    streams = [client.open(workspace.WatchColleaguesRequest(staff_id="ana")) for _ in range(16)]
    for stream in streams:
        await stream.frame()
    refusal = await client.refused(workspace.WatchColleaguesRequest(staff_id="ana"))
    assert (refusal.reason, refusal.metadata) == ("WATCH_QUOTA", {"limit": "16", "name": "workspaces_per_staff"})
    async with client.open(workspace.WatchColleaguesRequest(staff_id="ben")) as other:
        await other.frame()
    for stream in streams:
        stream.call.cancel()


async def test_streams_of_health_and_reflection_are_counted(world: World, monkeypatch: pytest.MonkeyPatch):
    """One too many is refused with a reason; checks of health, which are calls, are not."""
    monkeypatch.setattr(quotas, "PROBES_MOST", 2)
    health = health_pb2_grpc.HealthStub(world.channel)
    reflection = reflection_pb2_grpc.ServerReflectionStub(world.channel)
    watching = health.Watch(health_pb2.HealthCheckRequest())
    await watching.read()
    reflecting = reflection.ServerReflectionInfo()
    await reflecting.write(reflection_pb2.ServerReflectionRequest(list_services=""))
    await reflecting.read()
    for call in (health.Watch(health_pb2.HealthCheckRequest()), reflection.ServerReflectionInfo()):
        refusal = await refusal_of(call)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "WATCH_QUOTA")
    answer = await health.Check(health_pb2.HealthCheckRequest())
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    watching.cancel()
    reflecting.cancel()
