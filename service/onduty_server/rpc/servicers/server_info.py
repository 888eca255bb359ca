"""The server service: version, store and limits of this server."""

from collections.abc import Callable
from typing import Final

from onduty.v1 import server_service_pb2 as pb
from onduty.v1 import staff_pb2
from onduty_server.build_info import build, version
from onduty_server.domain.access.principal import CredentialKind
from onduty_server.domain.model.ended_legs import LEGS_KEPT
from onduty_server.domain.model.policy import CLAIM_TTL_BOUNDS
from onduty_server.domain.model.state import CALLS_MOST, WORKSPACES_MOST
from onduty_server.domain.model.status import seconds
from onduty_server.engine.background.retention import ANSWERS_KEPT
from onduty_server.engine.watch.budgets import RING_BYTES
from onduty_server.engine.watch.ring import RING_AGE_SECONDS, RING_CHANGES
from onduty_server.engine.write.fair_queue import JOBS_MOST
from onduty_server.replication import ReplicaReport
from onduty_server.rpc.admission import REQUEST_BYTES
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.methods import Method, MethodTable
from onduty_server.rpc.rates import Rates
from onduty_server.rpc.servicers.backend import Backend
from onduty_server.rpc.servicers.replicas import list_replicas
from onduty_server.rpc.streams import BOOKMARK_BOUNDS
from onduty_server.wire.fields import BATCH_MOST, CODE_LENGTH, GROUPS_MOST, ID_LENGTH, NAME_LENGTH, NOTE_LENGTH, PAGE_DEFAULT
from onduty_server.wire.primitives import duration, put

CREDENTIAL_KINDS: Final = {
    CredentialKind.KEY: pb.CREDENTIAL_KIND_KEY,
    CredentialKind.TOKEN: pb.CREDENTIAL_KIND_TOKEN,
    CredentialKind.CERTIFICATE: pb.CREDENTIAL_KIND_CERTIFICATE,
}


class ServerServicer:
    """Behaviours of ``onduty.v1.ServerService``."""

    def __init__(self, backend: Backend, limits: Limits, report: Callable[[], ReplicaReport]) -> None:
        """Needs the engine, and what this server says of itself; it counts as started now."""
        self._report = report
        self._backend = backend
        self._engine = backend.engine
        self._limits = limits_message(limits)
        self._started_at = backend.engine.clock.now()

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        table = MethodTable("ServerService")
        return [
            table.unary("GetServerInfo", pb.GetServerInfoRequest, self.get_server_info),
            table.unary("ListReplicas", pb.ListReplicasRequest, self.list_replicas),
            table.unary("WhoAmI", pb.WhoAmIRequest, self.who_am_i),
        ]

    async def get_server_info(self, caller: Caller, request: pb.GetServerInfoRequest) -> pb.GetServerInfoResponse:
        """What the server is, and as whom it understood the caller."""
        del request  # it asks nothing in particular.
        role = staff_pb2.ActorRole.Name(caller.role or 0)
        response = pb.GetServerInfoResponse(
            version=version(),
            build=build(),
            store_id=self._engine.journal.store_id,
            epoch=self._engine.epoch,
            replica_id=self._engine.instance_id,
            rehearsal=self._backend.rehearsal,
            head=self._engine.head,
            position=self._backend.position(caller),
            caller=pb.CallerInfo(tenant=caller.tenant, actor_id=caller.identity.actor_id, role=role),
            limits=self._limits,
        )
        put(self._started_at, response.started_at)
        put(self._engine.clock.now(), response.answered_at)
        return response

    async def list_replicas(self, caller: Caller, request: pb.ListReplicasRequest) -> pb.ListReplicasResponse:
        """The servers that share the store."""
        del caller, request  # it is the same for everybody.
        return await list_replicas(self._engine, self._report())

    async def who_am_i(self, caller: Caller, request: pb.WhoAmIRequest) -> pb.WhoAmIResponse:
        """As whom the server understood the caller, and what the credential reaches."""
        del request  # it asks nothing in particular.
        response = pb.WhoAmIResponse(tenant=caller.tenant, actor_id=caller.identity.actor_id)
        principal = caller.identity.principal
        if principal is None:
            return response
        response.credential_kind = CREDENTIAL_KINDS[principal.kind]
        response.credential_id = principal.credential_id
        response.tenants.extend(sorted(principal.tenants))
        response.roles.extend(sorted(principal.roles))  # type: ignore[arg-type]
        response.staff_ids.extend(sorted(principal.staff_ids or ()))
        response.all_staff = principal.staff_ids is None
        response.restricted_to_skill_groups = principal.skill_groups is not None
        response.skill_groups.extend(sorted(principal.skill_groups or ()))
        if principal.expires_at is not None:
            put(principal.expires_at, response.expires_at)
        return response


def limits_message(limits: Limits) -> pb.ServerLimits:
    """What a server with these limits takes, from the constants that hold it."""
    return pb.ServerLimits(
        request_bytes=REQUEST_BYTES,
        batch_items=BATCH_MOST,
        page_size=BATCH_MOST,
        page_size_default=PAGE_DEFAULT,
        filter_values=BATCH_MOST,
        id_length=ID_LENGTH,
        code_length=CODE_LENGTH,
        name_length=NAME_LENGTH,
        note_length=NOTE_LENGTH,
        skill_groups_per_staff=GROUPS_MOST,
        workspaces_per_staff=WORKSPACES_MOST,
        ended_calls_per_staff=LEGS_KEPT,
        streams_per_caller=limits.streams_per_caller,
        waiting_requests=JOBS_MOST,
        claim_ttl_min=duration(CLAIM_TTL_BOUNDS.least),
        claim_ttl_max=duration(CLAIM_TTL_BOUNDS.most),
        bookmark_interval_min=duration(BOOKMARK_BOUNDS.least),
        bookmark_interval_max=duration(BOOKMARK_BOUNDS.most),
        request_id_kept=duration(ANSWERS_KEPT),
        watch_changes=RING_CHANGES,
        watch_bytes=RING_BYTES,
        watch_age=duration(seconds(RING_AGE_SECONDS)),
        ping_interval_min=duration(seconds(limits.least_ping_interval)),
        stall_limit=duration(seconds(limits.stall)),
        calls_per_staff=CALLS_MOST,
        workspaces_per_caller=limits.workspaces_per_caller,
        scans_per_caller=limits.scans_per_caller,
        **{name: getattr(limits.rates, name) for name in Rates.__slots__},
    )
