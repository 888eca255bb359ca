"""`onduty replicas`: the servers that share a store, and which of them leads."""

import typer

from onduty.v1.server_service_pb2 import REPLICA_ROLE_LEADER, ListReplicasRequest, Replica
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.moments import instant_of, length_of, moment_text, span_text, zone_name
from onduty_cli.output import plain_table, printable

LAG_UNKNOWN = 3600 * 1_000_000
"""A server that says that it is behind by so much does not know."""

HEADINGS = ("replica", "address", "role", "term", "head", "lag", "watches", "workspaces", "version", "started", "seen")

app = typer.Typer()


@client_command(app, "replicas")
def list_replicas(invocation: Invocation) -> None:
    """Show the servers that share the store: which one leads, how far each is, and what it serves.

    Example: onduty replicas
    """
    output, session = invocation.output, invocation.session
    listed = session.call(session.server.ListReplicas, ListReplicasRequest())
    if output.as_json:
        output.result(listed, "")
        return
    table = plain_table(*HEADINGS)
    for replica in listed.replicas:
        table.add_row(*map(printable, _cells(replica)))
    output.show(table, else_blocks=True)
    output.remark(f"times in {zone_name()}")


def _cells(replica: Replica) -> list[str]:
    return [
        replica.replica_id,
        replica.address or "alone",
        "leader" if replica.role == REPLICA_ROLE_LEADER else "follower",
        str(replica.term or ""),
        str(replica.head),
        _lag(length_of(replica.lag)),
        str(replica.watches),
        str(replica.workspaces),
        replica.version,
        moment_text(instant_of(replica.started_at))[:19],
        f"{span_text(length_of(replica.seen_ago))} ago" if length_of(replica.seen_ago) else "now",
    ]


def _lag(microseconds: int) -> str:
    return "unknown" if microseconds >= LAG_UNKNOWN else f"{microseconds / 1_000_000:.1f}s"
