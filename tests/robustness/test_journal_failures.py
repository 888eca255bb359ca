"""The storage fails under a running server: nothing is acknowledged that is not written, and what can heal heals by itself."""

import contextlib
import itertools
import resource
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from patience import PATIENCE_SECONDS
from robustness.clock_server import clock_server
from running_server import RunningServer, running_server
from service_stubs import Stubs, error_details, error_reason, refused, stubs_of
from wait_until import wait_until

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    policy_pb2,
    router_service_pb2,
    staff_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
CALL_SECONDS = PATIENCE_SECONDS
COUNTDOWN_SECONDS = 600

_TENANTS = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server for all tests after which it is well again."""
    with running_server(tmp_path_factory.mktemp("disk") / "journal.db") as running:
        yield running


@pytest.fixture
def stubs(server: RunningServer) -> Iterator[Stubs]:
    """The test's connection to the shared server, in a tenant of its own with two people."""
    with stubs_of(server.address, tenant=f"tenant-{next(_TENANTS)}") as found:
        _until_health(found, SERVING)  # the test before may have just given the room back.
        _create(found, "kim", "lee")
        yield found


@pytest.fixture
def own_server(journal_path: Path) -> Iterator[RunningServer]:
    """A server for one test, after which it is of no more use."""
    with running_server(journal_path) as running:
        yield running


@pytest.fixture
def own_stubs(own_server: RunningServer) -> Iterator[Stubs]:
    """The test's connection to its own server, with two people."""
    with stubs_of(own_server.address) as found:
        _create(found, "kim", "lee")
        yield found


@contextlib.contextmanager
def full_disk(server: RunningServer) -> Iterator[None]:
    """No file of the server can grow: what a write meets on a full disk, without filling one."""
    wal = Path(f"{server.journal}-wal").stat().st_size
    unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (wal, unlimited[1]))
    try:
        yield
    finally:
        if server.process.poll() is None:
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)


def _create(stubs: Stubs, *names: str) -> None:
    for name in names:
        creation = admin_service_pb2.CreateStaffRequest(staff_id=name, skill_groups=[{"name": "sales"}])
        stubs.admin.CreateStaff(creation, timeout=CALL_SECONDS)


def _change(name: str, status: int, request_id: str = "") -> workspace_service_pb2.ChangeStatusRequest:
    return workspace_service_pb2.ChangeStatusRequest(staff_id=name, choice={"status": status}, request_id=request_id)


def _sign_in(stubs: Stubs, name: str) -> staff_pb2.Staff:
    return stubs.workspace.ChangeStatus(_change(name, staff_pb2.STATUS_AVAILABLE), timeout=CALL_SECONDS).staff


def _health(stubs: Stubs, service: str = "") -> int:
    request = health_pb2.HealthCheckRequest(service=service)
    return health_pb2_grpc.HealthStub(stubs.channel).Check(request, timeout=CALL_SECONDS).status


def _until_health(stubs: Stubs, status: int) -> None:
    wait_until(lambda: _health(stubs) == status, PATIENCE_SECONDS, what=f"health {status}")


def _history(stubs: Stubs) -> list[staff_pb2.Transition]:
    frames = stubs.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=CALL_SECONDS)
    return [one for frame in frames for one in frame.transitions]


def _break_it(stubs: Stubs) -> None:
    """The first write that fails is what the server notices the fault by."""
    assert error_reason(refused(stubs.workspace.ChangeStatus, _change("lee", staff_pb2.STATUS_BUSY))) == "JOURNAL_UNAVAILABLE"


def mutations(stubs: Stubs) -> list[tuple[object, object]]:
    """One request for every method that changes something; none would be refused by a rule."""
    workspace, router, supervisor, admin = (
        workspace_service_pb2,
        router_service_pb2,
        supervisor_service_pb2,
        admin_service_pb2,
    )
    kim = {"staff_id": "kim"}
    start = router.ReportCallStartedRequest(call_id="c", request_id="m-fact", **kim)
    force = supervisor.ForceStatusRequest(choice={"status": staff_pb2.STATUS_BUSY}, note="n", request_id="m-force", **kim)
    create = admin.CreateStaffRequest(staff_id="new", request_id="m-create")
    policy = policy_pb2.Policy(claim_ttl=Duration(seconds=30))
    return [
        (stubs.workspace.ChangeStatus, _change("kim", staff_pb2.STATUS_BUSY, "m-change")),
        (stubs.workspace.BackToReception, workspace.BackToReceptionRequest(request_id="m-back", **kim)),
        (stubs.workspace.ContinueAfterCallWork, workspace.ContinueAfterCallWorkRequest(request_id="m-continue", **kim)),
        (
            stubs.workspace.SetNextStatus,
            workspace.SetNextStatusRequest(choice={"status": staff_pb2.STATUS_BUSY}, request_id="m-next", **kim),
        ),
        (stubs.workspace.ClearNextStatus, workspace.ClearNextStatusRequest(request_id="m-clear", **kim)),
        (stubs.workspace.PlaceCall, workspace.PlaceCallRequest(call_id="p", request_id="m-place", **kim)),
        (stubs.workspace.AcceptOffer, workspace.AcceptOfferRequest(claim_id="x", request_id="m-accept", **kim)),
        (stubs.workspace.DeclineOffer, workspace.DeclineOfferRequest(claim_id="x", request_id="m-decline", **kim)),
        (stubs.router.ClaimStaff, router.ClaimStaffRequest(call_id="q", request_id="m-claim", named=kim)),
        (stubs.router.WithdrawClaim, router.WithdrawClaimRequest(claim_id="x", request_id="m-withdraw")),
        (stubs.router.ReportCallStarted, start),
        (stubs.router.ReportCallEnded, router.ReportCallEndedRequest(call_id="c", request_id="m-ended", **kim)),
        (stubs.router.ReconcileCalls, router.ReconcileCallsRequest(source="pbx", request_id="m-reconcile")),
        (stubs.supervisor.ForceStatus, force),
        (stubs.supervisor.ResetStaff, supervisor.ResetStaffRequest(request_id="m-reset", **kim)),
        (stubs.admin.CreateStaff, create),
        (stubs.admin.UpdateStaff, admin.UpdateStaffRequest(staff_id="kim", request_id="m-update")),
        (stubs.admin.DeleteStaff, admin.DeleteStaffRequest(request_id="m-delete", **kim)),
        (stubs.admin.CreateBreakReason, admin.CreateBreakReasonRequest(code="rest", request_id="m-reason")),
        (stubs.admin.UpdateBreakReason, admin.UpdateBreakReasonRequest(code="rest", request_id="m-reason2")),
        (stubs.admin.DeleteBreakReason, admin.DeleteBreakReasonRequest(code="rest", request_id="m-reason3")),
        (stubs.admin.UpdatePolicy, admin.UpdatePolicyRequest(policy=policy, request_id="m-policy")),
    ]


READS = {
    *("GetStaff", "ListBreakReasons", "ListStaff", "WatchStaff", "GetStaffSummary", "GetPolicy"),
    *(
        "ListTransitions",
        "ExportTransitions",
        "SummarizeTime",
        "ListConfigurationChanges",
        "GetClaim",
        "WatchColleagues",
        "ListAuditEntries",
    ),
}
TESTED_APART = {"Attach", "ReportCallEvents", "BatchForceStatus", "BatchCreateStaff", "EraseStaff"}


def test_the_mutations_are_all_there_are(stubs: Stubs) -> None:
    """The list of methods that change something is complete: the others only read, or have a test of their own."""
    modules = (workspace_service_pb2, router_service_pb2, supervisor_service_pb2, admin_service_pb2, history_service_pb2)
    services = [service for module in modules for service in module.DESCRIPTOR.services_by_name.values()]
    known = {type(request).__name__.removesuffix("Request") for _, request in mutations(stubs)}
    assert {method.name for service in services for method in service.methods} == known | READS | TESTED_APART


# --- a full disk ------------------------------------------------------------------------------------------------------


def test_no_change_is_acknowledged_while_the_disk_is_full(server: RunningServer, stubs: Stubs) -> None:
    """Every method that changes something answers UNAVAILABLE with its reason and when to try again; nothing is recorded."""
    before = _history(stubs)
    with full_disk(server):
        for call, request in mutations(stubs):
            error = refused(call, request)
            details = error_details(error)
            assert error.code() is grpc.StatusCode.UNAVAILABLE, request
            assert details[error_details_pb2.ErrorInfo].reason == "JOURNAL_UNAVAILABLE", request
            assert details[error_details_pb2.RetryInfo].retry_delay.ToMilliseconds() > 0
        assert _history(stubs) == before
    _until_health(stubs, SERVING)
    assert _history(stubs) == before


def test_items_of_a_batch_fail_each_while_the_disk_is_full(server: RunningServer, stubs: Stubs) -> None:
    """Batches answer, and say of every item that the journal is unavailable."""
    item = router_service_pb2.ReportCallStartedRequest(staff_id="kim", call_id="c")
    facts = router_service_pb2.ReportCallEventsRequest(events=[router_service_pb2.CallEvent(started=item)] * 3)
    create = admin_service_pb2.CreateStaffRequest(staff_id="new")
    force = supervisor_service_pb2.ForceStatusRequest(staff_id="kim", choice={"status": staff_pb2.STATUS_BUSY}, note="n")
    with full_disk(server):
        answers = [
            stubs.router.ReportCallEvents(facts, timeout=CALL_SECONDS),
            stubs.admin.BatchCreateStaff(admin_service_pb2.BatchCreateStaffRequest(requests=[create]), timeout=CALL_SECONDS),
            stubs.supervisor.BatchForceStatus(
                supervisor_service_pb2.BatchForceStatusRequest(requests=[force]), timeout=CALL_SECONDS
            ),
        ]
    for answer in answers:
        for result in answer.results:
            assert result.error.code == grpc.StatusCode.UNAVAILABLE.value[0]
            assert "journal" in result.error.message


def test_no_workspace_attaches_while_the_disk_is_full(server: RunningServer, stubs: Stubs) -> None:
    """Attaching is a change as well: its stream ends with the same error, before a first frame."""
    with full_disk(server):
        stream = stubs.workspace.Attach(workspace_service_pb2.AttachRequest(staff_id="kim"), timeout=CALL_SECONDS)
        with pytest.raises(grpc.RpcError) as raised:
            next(stream)
    assert error_reason(raised.value) == "JOURNAL_UNAVAILABLE"


def test_a_workspace_that_leaves_while_the_disk_is_full_is_let_go_afterwards(server: RunningServer, stubs: Stubs) -> None:
    """A stream's end cannot be recorded on a full disk; it is as soon as there is room again, and the grace begins."""
    _sign_in(stubs, "kim")
    stream = stubs.workspace.Attach(workspace_service_pb2.AttachRequest(staff_id="kim"), timeout=CALL_SECONDS)
    next(stream)
    get = workspace_service_pb2.GetStaffRequest(staff_id="kim")
    with full_disk(server):
        _break_it(stubs)
        stream.cancel()
        assert len(stubs.workspace.GetStaff(get, timeout=CALL_SECONDS).staff.connection.workspaces) == 1
    _until_health(stubs, SERVING)
    wait_until(
        lambda: stubs.workspace.GetStaff(get, timeout=CALL_SECONDS).staff.connection.HasField("offline_at"), what="the grace"
    )
    assert not stubs.workspace.GetStaff(get, timeout=CALL_SECONDS).staff.connection.workspaces


def test_reads_go_on_while_the_disk_is_full(server: RunningServer, stubs: Stubs) -> None:
    """What is durable can still be read: states, lists, counts, history, policy, and the beginning of a watch."""
    known = _sign_in(stubs, "kim")
    with full_disk(server):
        _break_it(stubs)
        got = stubs.workspace.GetStaff(workspace_service_pb2.GetStaffRequest(staff_id="kim"), timeout=CALL_SECONDS)
        listed = stubs.router.ListStaff(router_service_pb2.ListStaffRequest(), timeout=CALL_SECONDS)
        counted = stubs.supervisor.GetStaffSummary(supervisor_service_pb2.GetStaffSummaryRequest(), timeout=CALL_SECONDS)
        policy = stubs.admin.GetPolicy(admin_service_pb2.GetPolicyRequest(), timeout=CALL_SECONDS)
        page = stubs.history.ListTransitions(history_service_pb2.ListTransitionsRequest(), timeout=CALL_SECONDS)
        watch = stubs.router.WatchStaff(router_service_pb2.WatchStaffRequest(), timeout=CALL_SECONDS)
        snapshot = next(watch).snapshot_chunk
        watch.cancel()
    assert got.staff == known
    assert [one.staff_id for one in listed.staff] == ["kim", "lee"]
    assert counted.total == 2
    assert policy.policy.claim_ttl.seconds == 20
    assert [one.staff_id for one in page.transitions] == ["kim", "lee", "kim"]
    assert snapshot.last
    assert {one.staff_id for one in snapshot.staff} == {"kim", "lee"}


def test_it_recovers_by_itself_when_there_is_room_again(server: RunningServer, stubs: Stubs) -> None:
    """The same request ids sent again after the recovery have their effect once, and the history has no gap and no double."""
    asked = [_change("kim", staff_pb2.STATUS_AVAILABLE, "sign-in"), _change("lee", staff_pb2.STATUS_BUSY, "busy")]
    with full_disk(server):
        for request in (*asked, *asked):
            assert error_reason(refused(stubs.workspace.ChangeStatus, request)) == "JOURNAL_UNAVAILABLE"
        _until_health(stubs, NOT_SERVING)
    _until_health(stubs, SERVING)
    for request in asked:
        assert not stubs.workspace.ChangeStatus(request, timeout=CALL_SECONDS).replayed
        assert stubs.workspace.ChangeStatus(request, timeout=CALL_SECONDS).replayed
    history = _history(stubs)
    assert [one.request_id for one in history] == ["", "", "sign-in", "busy"]
    assert [one.revision - history[0].revision for one in history] == [0, 1, 2, 3]


def test_health_tells_a_full_disk_and_its_end(server: RunningServer, stubs: Stubs) -> None:
    """Health watchers of the server and of each service see NOT_SERVING while nothing can be written, then SERVING."""
    health = health_pb2_grpc.HealthStub(stubs.channel)
    services = ("", "onduty.v1.RouterService", "onduty.v1.WorkspaceService")
    watches = [health.Watch(health_pb2.HealthCheckRequest(service=name), timeout=CALL_SECONDS) for name in services]
    assert [next(one).status for one in watches] == [SERVING] * 3
    with full_disk(server):
        _break_it(stubs)
        assert [next(one).status for one in watches] == [NOT_SERVING] * 3
    assert [next(one).status for one in watches] == [SERVING] * 3
    for one in watches:
        one.cancel()


def test_open_watches_live_through_a_full_disk(server: RunningServer, stubs: Stubs) -> None:
    """A watch that was open before sees nothing of what was refused, and goes on with the first change after the recovery."""
    watch = stubs.router.WatchStaff(router_service_pb2.WatchStaffRequest(), timeout=CALL_SECONDS)
    next(watch)
    with full_disk(server):
        _break_it(stubs)
    _until_health(stubs, SERVING)
    known = _sign_in(stubs, "kim")
    changes = [change for frame in _frames_with_changes(watch, 1) for change in frame.changes.changes]
    assert [change.staff for change in changes] == [known]
    watch.cancel()


def _frames_with_changes(watch: Iterator[router_service_pb2.WatchStaffResponse], count: int) -> list[object]:
    found = []
    while len(found) < count:
        frame = next(watch)
        if frame.WhichOneof("event") == "changes":
            found.append(frame)
    return found


def test_a_deadline_that_passes_on_a_full_disk_fires_afterwards_with_its_instant(journal_path: Path) -> None:
    """The wrap-up stays until its end can be recorded; the record then bears the instant at which the countdown ran out."""
    with clock_server(journal_path) as server, stubs_of(server.address) as stubs:
        _create(stubs, "kim")
        wrap_up = policy_pb2.AfterCallWorkPolicy(countdown=Duration(seconds=COUNTDOWN_SECONDS))
        request = admin_service_pb2.UpdatePolicyRequest(policy=policy_pb2.Policy(after_call_work=wrap_up))
        stubs.admin.UpdatePolicy(request, timeout=CALL_SECONDS)
        fact = {"staff_id": "kim", "call_id": "c"}
        _sign_in(stubs, "kim")
        stubs.router.ReportCallStarted(router_service_pb2.ReportCallStartedRequest(**fact), timeout=CALL_SECONDS)
        wrapping = stubs.router.ReportCallEnded(router_service_pb2.ReportCallEndedRequest(**fact), timeout=CALL_SECONDS).staff
        with full_disk(server):
            server.move(COUNTDOWN_SECONDS)
            _until_health(stubs, NOT_SERVING)  # it was the firing that failed: nobody asked for anything.
            got = stubs.workspace.GetStaff(workspace_service_pb2.GetStaffRequest(staff_id="kim"), timeout=CALL_SECONDS)
            assert got.staff == wrapping
        _until_health(stubs, SERVING)
        fired = wait_until(lambda: [one for one in _history(stubs) if one.cause == staff_pb2.CAUSE_WRAP_UP_ENDED])
        assert [one.changed_at for one in fired] == [wrapping.wrap_up.ends_at]


def test_a_server_without_room_still_ends_in_order(own_server: RunningServer, own_stubs: Stubs) -> None:
    """SIGTERM ends a server whose disk is full, with exit code 0, and what it acknowledged is there at the next start."""
    known = _sign_in(own_stubs, "kim")
    with full_disk(own_server):
        _break_it(own_stubs)
        assert own_server.stop(signal.SIGTERM) == 0
    with running_server(own_server.journal) as again, stubs_of(again.address) as found:
        assert (
            found.workspace.GetStaff(workspace_service_pb2.GetStaffRequest(staff_id="kim"), timeout=CALL_SECONDS).staff == known
        )


# --- a lost or replaced file ------------------------------------------------------------------------------------------


def _remove(journal: Path) -> None:
    journal.unlink()


def _remove_wal(journal: Path) -> None:
    journal.with_name(f"{journal.name}-wal").unlink()


def _replace(journal: Path) -> None:
    """As a restored backup does: another file under the same name."""
    backup = journal.with_name("backup.db")
    shutil.copyfile(journal, backup)
    backup.replace(journal)


@pytest.mark.parametrize("lose", [_remove, _remove_wal, _replace])
def test_nothing_is_acknowledged_into_a_file_that_is_gone(own_server: RunningServer, own_stubs: Stubs, lose: object) -> None:
    """If the journal's file is removed or replaced under the server, it stops acknowledging, says so, and stays so."""
    known = _sign_in(own_stubs, "kim")
    lose(Path(own_server.journal))
    for request_id in ("one", "two"):
        error = refused(own_stubs.workspace.ChangeStatus, _change("kim", staff_pb2.STATUS_BUSY, request_id))
        assert error_reason(error) == "JOURNAL_UNAVAILABLE"
    _until_health(own_stubs, NOT_SERVING)
    wait_until(lambda: own_server.output.count("journal_still_fails") >= 2, what="two attempts to recover")
    assert _health(own_stubs) == NOT_SERVING
    assert (
        own_stubs.workspace.GetStaff(workspace_service_pb2.GetStaffRequest(staff_id="kim"), timeout=CALL_SECONDS).staff == known
    )
    assert "was removed or replaced" in own_server.output
    assert own_server.stop(signal.SIGTERM) == 0


def test_a_lost_journal_is_noticed_though_nobody_writes(own_server: RunningServer, own_stubs: Stubs) -> None:
    """A server on which nothing happens tells its health watchers that its journal is gone."""
    watch = health_pb2_grpc.HealthStub(own_stubs.channel).Watch(health_pb2.HealthCheckRequest(), timeout=CALL_SECONDS)
    assert next(watch).status == SERVING
    _remove(Path(own_server.journal))
    assert next(watch).status == NOT_SERVING
    watch.cancel()


def test_a_file_put_in_the_place_of_the_journal_is_not_written(own_server: RunningServer, own_stubs: Stubs) -> None:
    """The file that replaced the journal stays as it was, byte for byte, until somebody starts a server on it."""
    _replace(Path(own_server.journal))
    put_there = Path(own_server.journal).read_bytes()
    refused(own_stubs.workspace.ChangeStatus, _change("kim", staff_pb2.STATUS_BUSY))
    own_server.stop()
    assert Path(own_server.journal).read_bytes() == put_there
