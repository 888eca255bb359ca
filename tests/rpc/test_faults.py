"""When something of the service's own goes wrong: callers are told as much as helps them, and not a word more."""

import asyncio
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from rpc_world import AVAILABLE, BUSY, DEADLINE_SECONDS, Client, Stream, World, eventually, refusal_in, refusal_of
from structlog.testing import capture_logs

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import staff_pb2
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.engine.background import journal_health
from onduty_server.engine.write import fair_queue
from onduty_server.rpc.servicers import workspace as workspace_servicer

CREATION = admin.CreateStaffRequest(staff_id="ana")
SECRET = "postgres://onduty:secret@db"


@pytest.fixture
def quick_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recovery looks again soon."""
    monkeypatch.setattr(journal_health, "PROBE_SECONDS", (0.01,))


# --- what nobody foresaw ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        history.ListTransitionsRequest(),
        history.ExportTransitionsRequest(),
        history.SummarizeTimeRequest(starts_at={"seconds": 1}),
    ],
    ids=lambda request: type(request).__name__,
)
async def test_an_unforeseen_fault_is_told_by_its_incident_only(client: Client, world: World, request_: Any):
    """INTERNAL with an id; the text and the trace are in the log under the same id, and nowhere else."""
    await client.create("ana")  # else there is nobody whose time is read.
    world.gate().failures_of_reads = [ValueError(SECRET)]
    with capture_logs() as rings:
        refusal = await client.refused(request_)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert refusal.metadata.keys() == {"incident_id"}
    assert SECRET not in str(refusal)
    assert "ValueError" not in str(refusal)
    (logged,) = [one for one in rings if one["event"] == "call_failed_unforeseen"]
    assert logged["incident_id"] == refusal.metadata["incident_id"]
    assert refusal.metadata["incident_id"] in refusal.message
    assert SECRET in str(logged["exc_info"])


async def test_an_unforeseen_fault_of_a_commit_concerns_its_callers_only(client: Client, world: World):
    """Who was in the batch is told INTERNAL; the next batch is as good as ever, and the journal is not in doubt."""
    await client.create("ana")
    world.gate().failures_before = [ValueError(SECRET)]
    refusal = await client.refused(workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, request_id="r1"))
    assert refusal.reason == "INTERNAL"
    assert SECRET not in str(refusal)
    told = await client.ask(workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, request_id="r1"))
    assert (told.staff.status, told.replayed) == (BUSY, False)


async def test_an_unforeseen_fault_of_a_batchs_commit_is_that_of_the_batch(client: Client, world: World):
    """The whole call is INTERNAL, and nothing is claimed that was not done."""
    await client.create("ana")
    world.gate().failures_before = [ValueError(SECRET)]
    fact = {"started": {"staff_id": "ana", "call_id": "c1"}}
    call = client.call(router.ReportCallEventsRequest(events=[fact]), timeout=DEADLINE_SECONDS)
    assert await call.code() is grpc.StatusCode.INTERNAL
    assert (await refusal_of(call)).reason == "INTERNAL"
    assert (await client.get("ana")).status == staff_pb2.STATUS_OFFLINE


# --- too much at once -------------------------------------------------------------------------------------------------


async def test_more_commands_than_can_wait_are_refused(client: Client, world: World, monkeypatch: pytest.MonkeyPatch):
    """OVERLOADED with RetryInfo; those that wait are done, and later ones are taken again."""
    await client.create("ana")
    monkeypatch.setattr(fair_queue, "JOBS_MOST", 6)
    gate = world.gate()
    gate.hold_before()
    first = asyncio.ensure_future(client.create("ben"))
    await gate.arrived()
    waiting = [asyncio.ensure_future(client.started("ana", f"c{number}")) for number in range(3)]
    await eventually(lambda: len(world.engine.queue.waiting) == 3, "three wait")
    refusal = await client.refused(router.ReportCallStartedRequest(staff_id="ana", call_id="c3"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED")
    assert refusal.metadata == {"limit": "3", "name": "waiting_requests"}
    assert refusal.detail(error_details_pb2.RetryInfo).retry_delay.seconds > 0
    fact = {"started": {"staff_id": "ana", "call_id": "c3"}}
    (result,) = (await client.ask(router.ReportCallEventsRequest(events=[fact]))).results
    assert refusal_in(result.error).reason == "OVERLOADED"
    gate.release()
    await asyncio.gather(first, *waiting)
    assert len((await client.started("ana", "c3")).staff.calls) == 4


# --- a journal that fails ---------------------------------------------------------------------------------------------


async def test_health_follows_the_journal(client: Client, world: World, quick_probes: None):
    """A failed journal is NOT_SERVING for the server and each service, and SERVING again when it works."""
    stub = health_pb2_grpc.HealthStub(world.channel)
    serving, not_serving = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
    names = ("", "onduty.v1.RouterService", "onduty.v1.WorkspaceService")
    watches = [Stream(stub.Watch(health_pb2.HealthCheckRequest(service=name))) for name in names]
    assert [(await watch.frame()).status for watch in watches] == [serving] * 3
    world.gate().failures_before = [JournalUnavailableError("disk full")] * 100_000
    await client.refused(CREATION)
    assert [(await watch.frame()).status for watch in watches] == [not_serving] * 3
    world.gate().failures_before = []
    for watch in watches:
        assert (await watch.frame()).status == serving
        watch.call.cancel()
    await client.ask(CREATION)


async def test_a_workspace_that_left_while_the_journal_failed_is_let_go_later(
    client: Client, world: World, quick_probes: None, monkeypatch: pytest.MonkeyPatch
):
    """Its detachment is tried again until it is recorded; nobody stays attached for ever."""
    monkeypatch.setattr(workspace_servicer, "DETACH_RETRY_SECONDS", 0.01)
    await client.create_available("ana")
    stream = client.attach("ana")
    await stream.frame()
    world.gate().failures_before = [JournalUnavailableError("gone")] * 3
    stream.call.cancel()
    state = await client.until("ana", lambda staff: staff.connection.HasField("offline_at"))
    assert (state.status, list(state.connection.workspaces)) == (AVAILABLE, [])


async def test_attaching_while_the_journal_fails_attaches_nobody(client: Client, world: World, quick_probes: None):
    """The stream ends with JOURNAL_UNAVAILABLE, and nothing of it is recorded."""
    await client.create_available("ana")
    world.gate().failures_before = [JournalUnavailableError("gone")]
    refusal = await client.refused(workspace.AttachRequest(staff_id="ana"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "JOURNAL_UNAVAILABLE")
    await eventually(lambda: world.engine.healthy and world.open_streams == 0, "the journal works again")
    assert not (await client.get("ana")).connection.workspaces


async def test_deadlines_wait_for_the_journal(
    client: Client, world: World, quick_probes: None, monkeypatch: pytest.MonkeyPatch
):
    """What was due while the journal failed fires when it works again, at its own instant."""
    await client.policy(disconnect_grace={"seconds": 0})
    await client.create_available("ana")
    stream = client.attach("ana")
    await stream.frame()
    gate = world.gate()
    gate.hold_after()
    stream.call.cancel()
    await gate.arrived()
    gate.failures_before = [JournalUnavailableError("gone")] * 2
    gate.release()
    await client.until_status("ana", staff_pb2.STATUS_OFFLINE)
    last = (await client.transitions())[-1]
    assert last.cause == staff_pb2.CAUSE_DISCONNECTED
    assert last.recorded_at.ToMicroseconds() >= last.changed_at.ToMicroseconds()


async def test_history_that_cannot_be_read_is_unavailable(client: Client, world: World):
    """Reading fails as UNAVAILABLE too, with RetryInfo, and says nothing of the storage."""
    world.gate().failures_of_reads = [JournalUnavailableError(SECRET)]
    refusal = await client.refused(history.ListTransitionsRequest())
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "JOURNAL_UNAVAILABLE")
    assert refusal.detail(error_details_pb2.RetryInfo).retry_delay.seconds > 0
    assert SECRET not in str(refusal)
    await client.transitions()


# --- a server that goes -----------------------------------------------------------------------------------------------


async def test_nobody_new_is_let_in_while_the_server_goes(client: Client, world: World):
    """New streams and calls are DRAINING with RetryInfo, for as long as the connection stands."""
    await client.create("ana")
    world.running.server._streams.draining = True
    for request in (router.WatchStaffRequest(), workspace.AttachRequest(staff_id="ana"), history.ExportTransitionsRequest()):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "DRAINING")
        assert refusal.detail(error_details_pb2.RetryInfo).retry_delay.seconds > 0
    assert world.open_streams == 0
