"""The servers that share a store, as each says of itself."""

from onduty.v1 import server_service_pb2 as pb
from onduty_server.build_info import version
from onduty_server.domain.model.status import Instant, Micros, seconds
from onduty_server.engine.engine import Engine
from onduty_server.replication import ReplicaReport, SeenReplica
from onduty_server.rpc.method_policy import StreamKind
from onduty_server.rpc.quotas import StreamQuotas
from onduty_server.wire.primitives import duration, put

UNKNOWN_LAG = seconds(3600)


def own_report(engine: Engine, quotas: StreamQuotas, started_at: Instant) -> ReplicaReport:
    """What this server says of itself."""
    sharing = engine.sharing
    return ReplicaReport(
        replica_id=engine.instance_id,
        address="" if sharing is None else sharing.leadership.address,
        version=version(),
        started_at=started_at,
        leads=sharing is None or sharing.leadership.leads,
        term=0 if sharing is None else sharing.leadership.term,
        head=engine.head,
        lag=Micros(0) if sharing is None else Micros(min(UNKNOWN_LAG, seconds(min(sharing.head.age_seconds, 3600.0)))),
        watches=quotas.open_streams(StreamKind.WATCH) + quotas.open_streams(StreamKind.COLLEAGUES),
        workspaces=quotas.open_streams(StreamKind.ATTACHMENT),
    )


async def list_replicas(engine: Engine, own: ReplicaReport) -> pb.ListReplicasResponse:
    """All servers of the store; this one as it is now.

    Raises:
        JournalUnavailableError: The store cannot be asked.
    """
    seen = [] if engine.sharing is None else await engine.sharing.store.replicas()
    others = [replica for replica in seen if replica.report.replica_id != own.replica_id]
    both = sorted([*others, SeenReplica(own, 0, Micros(0))], key=lambda replica: replica.report.replica_id)
    return pb.ListReplicasResponse(replicas=[_replica(replica) for replica in both])


def _replica(seen: SeenReplica) -> pb.Replica:
    report = seen.report
    message = pb.Replica(
        replica_id=report.replica_id,
        address=report.address,
        role=pb.REPLICA_ROLE_LEADER if report.leads else pb.REPLICA_ROLE_FOLLOWER,
        term=report.term,
        head=report.head,
        lag=duration(report.lag),
        version=report.version,
        watches=report.watches,
        workspaces=report.workspaces,
        seen_ago=duration(seen.age),
    )
    put(report.started_at, message.started_at)
    return message
