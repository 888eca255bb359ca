"""Which role may call which RPC, and what quota its streams have: one table, complete by test; what is not in it is denied."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from onduty_server.domain.model.status import ActorRole

_W, _R, _S, _A = ActorRole.WORKSPACE, ActorRole.ROUTER, ActorRole.SUPERVISOR, ActorRole.ADMIN


class StreamKind(Enum):
    """Streams that share a quota. One kind cannot take the place of another."""

    WATCH = "watches"
    ATTACHMENT = "workspaces"
    COLLEAGUES = "watches of colleagues"
    PROBE = "streams of health and reflection"


@dataclass(frozen=True, slots=True)
class MethodPolicy:
    """Who may call a method; of a method that streams, what its streams count as."""

    roles: frozenset[ActorRole]
    stream: StreamKind | None = None


def _method(roles: set[ActorRole], stream: StreamKind | None = None) -> MethodPolicy:
    return MethodPolicy(frozenset(roles), stream)


METHOD_POLICY: Final[dict[str, MethodPolicy]] = {
    "/onduty.v1.WorkspaceService/GetStaff": _method({_W, _R, _S, _A}),
    "/onduty.v1.WorkspaceService/ChangeStatus": _method({_W}),
    "/onduty.v1.WorkspaceService/BackToReception": _method({_W}),
    "/onduty.v1.WorkspaceService/ContinueAfterCallWork": _method({_W}),
    "/onduty.v1.WorkspaceService/SetNextStatus": _method({_W}),
    "/onduty.v1.WorkspaceService/ClearNextStatus": _method({_W}),
    "/onduty.v1.WorkspaceService/PlaceCall": _method({_W}),
    "/onduty.v1.WorkspaceService/AcceptOffer": _method({_W}),
    "/onduty.v1.WorkspaceService/DeclineOffer": _method({_W}),
    "/onduty.v1.WorkspaceService/ListBreakReasons": _method({_W, _R, _S, _A}),
    "/onduty.v1.WorkspaceService/Attach": _method({_W}, StreamKind.ATTACHMENT),
    "/onduty.v1.WorkspaceService/WatchColleagues": _method({_W}, StreamKind.COLLEAGUES),
    "/onduty.v1.RouterService/ListStaff": _method({_R, _S, _A}),
    "/onduty.v1.RouterService/WatchStaff": _method({_R, _S, _A}, StreamKind.WATCH),
    "/onduty.v1.RouterService/ClaimStaff": _method({_R}),
    "/onduty.v1.RouterService/WithdrawClaim": _method({_R}),
    "/onduty.v1.RouterService/GetClaim": _method({_R, _S, _A}),
    "/onduty.v1.RouterService/ReportCallStarted": _method({_R}),
    "/onduty.v1.RouterService/ReportCallEnded": _method({_R}),
    "/onduty.v1.RouterService/ReportCallEvents": _method({_R}),
    "/onduty.v1.RouterService/ReconcileCalls": _method({_R}),
    "/onduty.v1.SupervisorService/ForceStatus": _method({_S, _A}),
    "/onduty.v1.SupervisorService/BatchForceStatus": _method({_S, _A}),
    "/onduty.v1.SupervisorService/ResetStaff": _method({_S, _A}),
    "/onduty.v1.SupervisorService/GetStaffSummary": _method({_R, _S, _A}),
    "/onduty.v1.AdminService/CreateStaff": _method({_A}),
    "/onduty.v1.AdminService/UpdateStaff": _method({_A}),
    "/onduty.v1.AdminService/DeleteStaff": _method({_A}),
    "/onduty.v1.AdminService/EraseStaff": _method({_A}),
    "/onduty.v1.AdminService/BatchCreateStaff": _method({_A}),
    "/onduty.v1.AdminService/CreateBreakReason": _method({_A}),
    "/onduty.v1.AdminService/UpdateBreakReason": _method({_A}),
    "/onduty.v1.AdminService/DeleteBreakReason": _method({_A}),
    "/onduty.v1.AdminService/GetPolicy": _method({_W, _R, _S, _A}),
    "/onduty.v1.AdminService/UpdatePolicy": _method({_A}),
    "/onduty.v1.HistoryService/ListTransitions": _method({_S, _A}),
    "/onduty.v1.HistoryService/ExportTransitions": _method({_S, _A}, StreamKind.WATCH),
    "/onduty.v1.HistoryService/SummarizeTime": _method({_S, _A}),
    "/onduty.v1.HistoryService/ListConfigurationChanges": _method({_S, _A}),
    "/onduty.v1.ServerService/GetServerInfo": _method({_W, _R, _S, _A}),
}
"""By full method name. The workspace role reaches its own staff id only; the gate checks that."""

SERVICE_ROLES: Final[dict[str, ActorRole]] = {
    "WorkspaceService": _W,
    "RouterService": _R,
    "SupervisorService": _S,
    "AdminService": _A,
    "HistoryService": _S,
    "ServerService": _A,
}
"""The part a caller plays by the service it calls, where no credential says it."""
