"""Many calls at once, refused calls, and calls that say one thing twice."""

import asyncio
import gc
import tracemalloc

import grpc
import pytest
from google.rpc import error_details_pb2
from rpc_world import Client, World, refusal_of

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty.v1.staff_pb2 import STATUS_AVAILABLE
from onduty_server.engine.write import fair_queue

MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize("burst", [5_000, pytest.param(20_000, marks=pytest.mark.slow)])
async def test_no_call_of_a_burst_is_dropped_without_a_word(client: Client, burst: int):
    """However many come at once, each is answered, or refused with a reason; none is cancelled by the core."""
    await client.create("ana")
    calls = [
        client.call(workspace.ChangeStatusRequest(staff_id="ana", choice={"status": STATUS_AVAILABLE})) for _ in range(burst)
    ]
    codes = await asyncio.gather(*(call.code() for call in calls))
    assert grpc.StatusCode.CANCELLED not in codes
    assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}


async def test_what_is_too_much_at_once_says_when_to_come_again(client: Client, monkeypatch: pytest.MonkeyPatch):
    """In RetryInfo for our clients and those who read it, and as pushback for gRPC's own retries; both say the same."""
    monkeypatch.setattr(fair_queue, "JOBS_MOST", 0)
    calls = [client.call(admin.CreateStaffRequest(staff_id=f"s{number}")) for number in range(200)]
    refused = [call for call in calls if await call.code() is not grpc.StatusCode.OK]
    assert refused
    for call in refused:
        retry = (await refusal_of(call)).detail(error_details_pb2.RetryInfo)
        assert dict(await call.trailing_metadata())["grpc-retry-pushback-ms"] == str(retry.retry_delay.ToMilliseconds())


async def test_refused_requests_leave_memory_at_once(client: Client):
    """A large request that is refused is gone with its answer, also before garbage is collected."""
    items = [supervisor.ForceStatusRequest() for _ in range(MEBIBYTE)]
    request = supervisor.BatchForceStatusRequest(requests=items)
    del items
    await client.refused(request)
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(8):
            await client.refused(request)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert after - before < 8 * MEBIBYTE


@pytest.mark.parametrize("key", ["onduty-tenant", "onduty-actor"])
async def test_metadata_that_is_there_twice_is_refused(world: World, key: str):
    """A proxy's and a caller's: neither is taken for the other's."""
    request = workspace.GetStaffRequest(staff_id="ana")
    get = world.channel.unary_unary("/onduty.v1.WorkspaceService/GetStaff")
    call = get(request.SerializeToString(), metadata=((key, "default"), (key, "other")))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert f"metadata {key}" in refused.value.details()
