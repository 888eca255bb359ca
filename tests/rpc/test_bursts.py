"""Many calls at once, refused calls, and calls that say one thing twice."""

import asyncio
import gc
import tracemalloc
from unittest import mock

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from rpc_world import Client, World, eventually, refusal_of

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty.v1.staff_pb2 import STATUS_AVAILABLE
from onduty_server.engine.write import fair_queue
from onduty_server.rpc import large_requests

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


@pytest.mark.parametrize("kind", ["unary", "stream"])
async def test_refused_requests_leave_memory_at_once(client: Client, kind: str):
    """A large request that is refused is gone with its answer, or with its stream, also before garbage is collected."""
    if kind == "unary":
        items = [supervisor.ForceStatusRequest() for _ in range(MEBIBYTE)]
        request: Message = supervisor.BatchForceStatusRequest(requests=items)
        del items
    else:
        request = router.WatchStaffRequest(filter={"staff_ids": ["x"] * MEBIBYTE})
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


async def test_a_small_request_does_not_become_a_huge_one(client: Client):
    """What is compressed is held against the bound as it will be: 16 KiB that are 15 MiB are refused unread."""
    request = supervisor.ForceStatusRequest(staff_id="ana", note="x" * 15 * MEBIBYTE)
    call = client.call(request, compression=grpc.Compression.Gzip)
    assert await call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "larger than max" in await call.details()


async def test_large_requests_at_once_are_bounded_and_leave_room_for_others(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
):
    """What a tenant has under way is bounded in bytes; another tenant's large request is taken."""
    facts = [{"started": {"staff_id": f"s{number}", "call_id": "c" * 100}} for number in range(1_000)]
    request = router.ReportCallEventsRequest(events=facts)
    size = request.ByteSize()
    assert size > large_requests.COUNTED_BYTES
    monkeypatch.setattr(large_requests, "ALL_BYTES", 4 * size)
    other = world.caller(tenant="blue")
    await client.create("s0")
    await other.create("s0")
    gate = world.gate()
    gate.hold_before()
    changing = asyncio.ensure_future(client.create("ana"))
    await gate.arrived()
    calls = [client.call(request) for _ in range(6)]
    refused = [call for call in calls[2:] if (await refusal_of(call)).reason == "OVERLOADED"]
    others = other.call(request)
    await eventually(lambda: world.running.server._gate.admission._large.total == 3 * size, "another tenant's is taken")
    assert len(refused) == 4
    gate.release()
    await asyncio.gather(changing, calls[0], calls[1], others)
    assert world.running.server._gate.admission._large.total == 0


async def test_memory_that_runs_out_is_an_incident_and_no_class_name(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
):
    """Whatever a behaviour raises, callers see INTERNAL with an id."""
    monkeypatch.setattr(world.running.server._gate.admission, "enter", mock.Mock(side_effect=MemoryError))
    refusal = await client.refused(workspace.GetStaffRequest(staff_id="ana"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert "MemoryError" not in str(refusal)


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
