"""`onduty version`: which software this is, and which server it talks to; it judges neither."""

import json
from typing import Any

import typer

from onduty.v1.server_service_pb2 import GetServerInfoRequest, GetServerInfoResponse
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.output import json_line, plain_table
from onduty_cli.server_side.software import build, version

app = typer.Typer()


@client_command(app, "version")
def show_version(invocation: Invocation) -> None:
    """Show the versions of this command line and of the server, and which store it serves.

    Without a server: onduty --version.

    Example: onduty version --server 127.0.0.1:50051
    """
    output, session = invocation.output, invocation.session
    if not output.as_json:
        output.line(f"onduty     {_described(version(), build())}")
    info = session.call(session.server.GetServerInfo, GetServerInfoRequest())
    if output.as_json:
        # Escaped as ASCII: nothing of it can steer a terminal.
        output.line(json.dumps({"version": version(), "build": build(), "server": json.loads(json_line(info))}))
    else:
        table = plain_table("", "")
        table.show_header = False
        for name, value in _rows(info, session.endpoint.server):
            table.add_row(name, value)
        output.show(table)
    if info.version != version():
        output.remark("The server and this command line are of different versions.")


def _rows(info: GetServerInfoResponse, address: str) -> list[tuple[str, str]]:
    return [
        ("server", f"{_described(info.version, info.build)} at {address}"),
        ("store", f"{info.store_id}, epoch {info.epoch}"),
        ("head", f"revision {info.head}"),
        ("replica", info.replica_id),
        ("started", info.started_at.ToJsonString()),
        ("rehearsal", "yes: not for real work" if info.rehearsal else "no"),
        ("tenant", info.caller.tenant),
        ("actor", info.caller.actor_id or "none"),
    ]


def _described(number: str, source: str) -> Any:
    return f"{number} (build {source})" if source else number
