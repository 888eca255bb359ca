"""Which role may call which RPC, as the contract's option says, and what quota its streams have. What has no role is denied."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from google.protobuf.descriptor import ServiceDescriptor

from onduty.v1 import (
    access_pb2,
    admin_service_pb2,
    history_service_pb2,
    router_service_pb2,
    server_service_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)
from onduty_server.domain.model.status import ActorRole


class StreamKind(Enum):
    """Streams that share a quota. One kind cannot take the place of another."""

    WATCH = "watches"
    ATTACHMENT = "workspaces"
    COLLEAGUES = "watches of colleagues"
    PROBE = "streams of health and reflection"


@dataclass(frozen=True, slots=True)
class MethodPolicy:
    """Who may call a method; of a method that streams, what its streams count as.

    ``items`` are the repeated fields of its requests that are asked for one by one; ``scans``: it looks through the past.
    """

    roles: frozenset[ActorRole]
    stream: StreamKind | None = None
    items: tuple[str, ...] = ()
    scans: bool = False


STREAM_KINDS: Final[dict[str, StreamKind]] = {
    "/onduty.v1.WorkspaceService/Attach": StreamKind.ATTACHMENT,
    "/onduty.v1.WorkspaceService/WatchColleagues": StreamKind.COLLEAGUES,
    "/onduty.v1.RouterService/WatchStaff": StreamKind.WATCH,
    "/onduty.v1.HistoryService/ExportTransitions": StreamKind.WATCH,
}
"""What each method that streams counts as."""

ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "/onduty.v1.AdminService/BatchCreateStaff": ("requests",),
    "/onduty.v1.RouterService/ReportCallEvents": ("events",),
    "/onduty.v1.RouterService/ReconcileCalls": ("calls", "staff_ids"),
    "/onduty.v1.SupervisorService/BatchForceStatus": ("requests",),
}
"""What each method asks for whose requests hold several things at once. What filters name is not among it."""

_SCANNING: Final = "/onduty.v1.HistoryService/"

_SERVICES: Final = tuple(
    module.DESCRIPTOR.services_by_name[name]
    for module, name in (
        (workspace_service_pb2, "WorkspaceService"),
        (router_service_pb2, "RouterService"),
        (supervisor_service_pb2, "SupervisorService"),
        (admin_service_pb2, "AdminService"),
        (history_service_pb2, "HistoryService"),
        (server_service_pb2, "ServerService"),
    )
)


def _policies(service: ServiceDescriptor) -> Iterator[tuple[str, MethodPolicy]]:
    for method in service.methods:
        name = f"/{service.full_name}/{method.name}"
        # The stubs of protobuf know no type of an extension that is repeated.
        roles: Iterable[int] = method.GetOptions().Extensions[access_pb2.roles]  # type: ignore[index]
        items, scans = ITEMS.get(name, ()), name.startswith(_SCANNING)
        yield name, MethodPolicy(frozenset(map(ActorRole, roles)), STREAM_KINDS.get(name), items, scans)


METHOD_POLICY: Final[dict[str, MethodPolicy]] = {name: policy for service in _SERVICES for name, policy in _policies(service)}
"""By full method name. Whom a role reaches is in ``domain/access/identity_rules.py``."""

SERVICE_ROLES: Final[dict[str, ActorRole]] = {
    "WorkspaceService": ActorRole.WORKSPACE,
    "RouterService": ActorRole.ROUTER,
    "SupervisorService": ActorRole.SUPERVISOR,
    "AdminService": ActorRole.ADMIN,
    "HistoryService": ActorRole.SUPERVISOR,
    "ServerService": ActorRole.ADMIN,
}
"""The part a caller plays by the service it calls, where no credential says it."""
