"""Which role may call which RPC: one table, complete by test; what is not in it is denied."""

from typing import Final

from onduty_server.domain.model.status import ActorRole

_W, _R, _S, _A = ActorRole.WORKSPACE, ActorRole.ROUTER, ActorRole.SUPERVISOR, ActorRole.ADMIN

METHOD_ROLES: Final[dict[str, frozenset[ActorRole]]] = {
    "/onduty.v1.WorkspaceService/GetStaff": frozenset({_W, _R, _S, _A}),
    "/onduty.v1.WorkspaceService/ChangeStatus": frozenset({_W}),
    "/onduty.v1.WorkspaceService/BackToReception": frozenset({_W}),
    "/onduty.v1.WorkspaceService/ContinueAfterCallWork": frozenset({_W}),
    "/onduty.v1.WorkspaceService/SetNextStatus": frozenset({_W}),
    "/onduty.v1.WorkspaceService/ClearNextStatus": frozenset({_W}),
    "/onduty.v1.WorkspaceService/PlaceCall": frozenset({_W}),
    "/onduty.v1.WorkspaceService/AcceptOffer": frozenset({_W}),
    "/onduty.v1.WorkspaceService/DeclineOffer": frozenset({_W}),
    "/onduty.v1.WorkspaceService/ListBreakReasons": frozenset({_W, _R, _S, _A}),
    "/onduty.v1.WorkspaceService/Attach": frozenset({_W}),
    "/onduty.v1.WorkspaceService/WatchColleagues": frozenset({_W}),
    "/onduty.v1.RouterService/ListStaff": frozenset({_R, _S, _A}),
    "/onduty.v1.RouterService/WatchStaff": frozenset({_R, _S, _A}),
    "/onduty.v1.RouterService/ClaimStaff": frozenset({_R}),
    "/onduty.v1.RouterService/WithdrawClaim": frozenset({_R}),
    "/onduty.v1.RouterService/GetClaim": frozenset({_R, _S, _A}),
    "/onduty.v1.RouterService/ReportCallStarted": frozenset({_R}),
    "/onduty.v1.RouterService/ReportCallEnded": frozenset({_R}),
    "/onduty.v1.RouterService/ReportCallEvents": frozenset({_R}),
    "/onduty.v1.RouterService/ReconcileCalls": frozenset({_R}),
    "/onduty.v1.SupervisorService/ForceStatus": frozenset({_S, _A}),
    "/onduty.v1.SupervisorService/BatchForceStatus": frozenset({_S, _A}),
    "/onduty.v1.SupervisorService/ResetStaff": frozenset({_S, _A}),
    "/onduty.v1.SupervisorService/GetStaffSummary": frozenset({_R, _S, _A}),
    "/onduty.v1.AdminService/CreateStaff": frozenset({_A}),
    "/onduty.v1.AdminService/UpdateStaff": frozenset({_A}),
    "/onduty.v1.AdminService/DeleteStaff": frozenset({_A}),
    "/onduty.v1.AdminService/EraseStaff": frozenset({_A}),
    "/onduty.v1.AdminService/BatchCreateStaff": frozenset({_A}),
    "/onduty.v1.AdminService/CreateBreakReason": frozenset({_A}),
    "/onduty.v1.AdminService/UpdateBreakReason": frozenset({_A}),
    "/onduty.v1.AdminService/DeleteBreakReason": frozenset({_A}),
    "/onduty.v1.AdminService/GetPolicy": frozenset({_W, _R, _S, _A}),
    "/onduty.v1.AdminService/UpdatePolicy": frozenset({_A}),
    "/onduty.v1.HistoryService/ListTransitions": frozenset({_S, _A}),
    "/onduty.v1.HistoryService/ExportTransitions": frozenset({_S, _A}),
    "/onduty.v1.HistoryService/SummarizeTime": frozenset({_S, _A}),
    "/onduty.v1.HistoryService/ListConfigurationChanges": frozenset({_S, _A}),
    "/onduty.v1.ServerService/GetServerInfo": frozenset({_W, _R, _S, _A}),
}
"""Roles by full method name. The workspace role reaches its own staff id only; ``calls`` checks that."""

SERVICE_ROLES: Final[dict[str, ActorRole]] = {
    "WorkspaceService": _W,
    "RouterService": _R,
    "SupervisorService": _S,
    "AdminService": _A,
    "HistoryService": _S,
    "ServerService": _A,
}
"""The part a caller plays by the service it calls, where no credential says it."""
