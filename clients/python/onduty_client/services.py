"""The methods of the generated stubs with their types, which the generated code leaves out. It holds no behaviour."""

from collections.abc import AsyncIterable, Awaitable, Iterable
from typing import Any, Protocol, TypeVar

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import server_service_pb2 as server
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty.v1.admin_service_pb2_grpc import AdminServiceStub
from onduty.v1.history_service_pb2_grpc import HistoryServiceStub
from onduty.v1.router_service_pb2_grpc import RouterServiceStub
from onduty.v1.server_service_pb2_grpc import ServerServiceStub
from onduty.v1.staff_pb2 import Staff
from onduty.v1.supervisor_service_pb2_grpc import SupervisorServiceStub
from onduty.v1.workspace_service_pb2_grpc import WorkspaceServiceStub

Q_contra = TypeVar("Q_contra", contravariant=True)
A_co = TypeVar("A_co", covariant=True)


class AboutStaff(Protocol):
    """An answer about one staff member."""

    @property
    def staff(self) -> Staff:
        """The state after the request."""


class UnaryMethod(Protocol[Q_contra, A_co]):
    """A method with one answer. Call it by ``connection.call``, which knows deadline, metadata and errors."""

    def __call__(self, request: Q_contra, *, timeout: float, metadata: Any, wait_for_ready: bool) -> A_co | Awaitable[A_co]:
        """Makes the call."""


class StreamMethod(Protocol[Q_contra, A_co]):
    """A method with a stream of answers. Call it by ``connection.stream``."""

    def __call__(self, request: Q_contra, *, timeout: float | None, metadata: Any) -> Iterable[A_co] | AsyncIterable[A_co]:
        """Opens the stream; ``A_co`` is what comes on it."""


class AdminMethods(Protocol):
    """The methods of ``onduty.v1.AdminService``."""

    CreateStaff: UnaryMethod[admin.CreateStaffRequest, admin.CreateStaffResponse]
    UpdateStaff: UnaryMethod[admin.UpdateStaffRequest, admin.UpdateStaffResponse]
    DeleteStaff: UnaryMethod[admin.DeleteStaffRequest, admin.DeleteStaffResponse]
    EraseStaff: UnaryMethod[admin.EraseStaffRequest, admin.EraseStaffResponse]
    BatchCreateStaff: UnaryMethod[admin.BatchCreateStaffRequest, admin.BatchCreateStaffResponse]
    CreateBreakReason: UnaryMethod[admin.CreateBreakReasonRequest, admin.CreateBreakReasonResponse]
    UpdateBreakReason: UnaryMethod[admin.UpdateBreakReasonRequest, admin.UpdateBreakReasonResponse]
    DeleteBreakReason: UnaryMethod[admin.DeleteBreakReasonRequest, admin.DeleteBreakReasonResponse]
    GetPolicy: UnaryMethod[admin.GetPolicyRequest, admin.GetPolicyResponse]
    UpdatePolicy: UnaryMethod[admin.UpdatePolicyRequest, admin.UpdatePolicyResponse]
    ListAuditEntries: UnaryMethod[admin.ListAuditEntriesRequest, admin.ListAuditEntriesResponse]


class HistoryMethods(Protocol):
    """The methods of ``onduty.v1.HistoryService``."""

    ListTransitions: UnaryMethod[history.ListTransitionsRequest, history.ListTransitionsResponse]
    ExportTransitions: StreamMethod[history.ExportTransitionsRequest, history.ExportTransitionsResponse]
    SummarizeTime: UnaryMethod[history.SummarizeTimeRequest, history.SummarizeTimeResponse]
    ListConfigurationChanges: UnaryMethod[history.ListConfigurationChangesRequest, history.ListConfigurationChangesResponse]


class RouterMethods(Protocol):
    """The methods of ``onduty.v1.RouterService``."""

    ListStaff: UnaryMethod[router.ListStaffRequest, router.ListStaffResponse]
    WatchStaff: StreamMethod[router.WatchStaffRequest, router.WatchStaffResponse]
    ClaimStaff: UnaryMethod[router.ClaimStaffRequest, router.ClaimStaffResponse]
    WithdrawClaim: UnaryMethod[router.WithdrawClaimRequest, router.WithdrawClaimResponse]
    GetClaim: UnaryMethod[router.GetClaimRequest, router.GetClaimResponse]
    ReportCallStarted: UnaryMethod[router.ReportCallStartedRequest, router.ReportCallStartedResponse]
    ReportCallEnded: UnaryMethod[router.ReportCallEndedRequest, router.ReportCallEndedResponse]
    ReportCallEvents: UnaryMethod[router.ReportCallEventsRequest, router.ReportCallEventsResponse]
    ReconcileCalls: UnaryMethod[router.ReconcileCallsRequest, router.ReconcileCallsResponse]


class ServerMethods(Protocol):
    """The methods of ``onduty.v1.ServerService``."""

    GetServerInfo: UnaryMethod[server.GetServerInfoRequest, server.GetServerInfoResponse]
    WhoAmI: UnaryMethod[server.WhoAmIRequest, server.WhoAmIResponse]
    ListReplicas: UnaryMethod[server.ListReplicasRequest, server.ListReplicasResponse]


class SupervisorMethods(Protocol):
    """The methods of ``onduty.v1.SupervisorService``."""

    ForceStatus: UnaryMethod[supervisor.ForceStatusRequest, supervisor.ForceStatusResponse]
    BatchForceStatus: UnaryMethod[supervisor.BatchForceStatusRequest, supervisor.BatchForceStatusResponse]
    ResetStaff: UnaryMethod[supervisor.ResetStaffRequest, supervisor.ResetStaffResponse]
    GetStaffSummary: UnaryMethod[supervisor.GetStaffSummaryRequest, supervisor.GetStaffSummaryResponse]


class WorkspaceMethods(Protocol):
    """The methods of ``onduty.v1.WorkspaceService``."""

    GetStaff: UnaryMethod[workspace.GetStaffRequest, workspace.GetStaffResponse]
    ChangeStatus: UnaryMethod[workspace.ChangeStatusRequest, workspace.ChangeStatusResponse]
    BackToReception: UnaryMethod[workspace.BackToReceptionRequest, workspace.BackToReceptionResponse]
    ContinueAfterCallWork: UnaryMethod[workspace.ContinueAfterCallWorkRequest, workspace.ContinueAfterCallWorkResponse]
    SetNextStatus: UnaryMethod[workspace.SetNextStatusRequest, workspace.SetNextStatusResponse]
    ClearNextStatus: UnaryMethod[workspace.ClearNextStatusRequest, workspace.ClearNextStatusResponse]
    PlaceCall: UnaryMethod[workspace.PlaceCallRequest, workspace.PlaceCallResponse]
    AcceptOffer: UnaryMethod[workspace.AcceptOfferRequest, workspace.AcceptOfferResponse]
    DeclineOffer: UnaryMethod[workspace.DeclineOfferRequest, workspace.DeclineOfferResponse]
    ListBreakReasons: UnaryMethod[workspace.ListBreakReasonsRequest, workspace.ListBreakReasonsResponse]
    Attach: StreamMethod[workspace.AttachRequest, workspace.AttachResponse]
    WatchColleagues: StreamMethod[workspace.WatchColleaguesRequest, workspace.WatchColleaguesResponse]


class Services:
    """All services over one channel, blocking or of asyncio."""

    def __init__(self, channel: Any) -> None:
        """The channel stays the caller's to close."""
        self.admin: AdminMethods = AdminServiceStub(channel)  # type: ignore[no-untyped-call]
        self.history: HistoryMethods = HistoryServiceStub(channel)  # type: ignore[no-untyped-call]
        self.router: RouterMethods = RouterServiceStub(channel)  # type: ignore[no-untyped-call]
        self.server: ServerMethods = ServerServiceStub(channel)  # type: ignore[no-untyped-call]
        self.supervisor: SupervisorMethods = SupervisorServiceStub(channel)  # type: ignore[no-untyped-call]
        self.workspace: WorkspaceMethods = WorkspaceServiceStub(channel)  # type: ignore[no-untyped-call]
