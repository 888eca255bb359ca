"""`onduty whoami`: as whom the server understands this command line, and what the credential reaches."""

import typer

from onduty.v1 import staff_pb2
from onduty.v1.server_service_pb2 import CredentialKind, WhoAmIRequest, WhoAmIResponse
from onduty_cli.actor import user_name
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.moments import instant_of, iso_text
from onduty_cli.output import plain_table, printable

app = typer.Typer()


@client_command(app, "whoami")
def who_am_i(invocation: Invocation) -> None:
    """Show as whom the server understands you: tenant, actor, roles, and when the credential ends.

    Example: onduty whoami
    """
    output, session = invocation.output, invocation.session
    caller = session.call(session.server.WhoAmI, WhoAmIRequest())
    if output.as_json:
        output.result(caller, "")
        return
    table = plain_table("", "")
    table.show_header = False
    for name, value in _rows(caller):
        table.add_row(name, printable(value))
    output.show(table)


def _rows(caller: WhoAmIResponse) -> list[tuple[str, str]]:
    rows = [("tenant", caller.tenant), ("actor", caller.actor_id or _nobody_named(caller))]
    if not caller.credential_kind:
        return [*rows, ("credential", "none: the server is open, and everybody may do everything")]
    kind = CredentialKind.Name(caller.credential_kind).removeprefix("CREDENTIAL_KIND_").lower()
    roles = (staff_pb2.ActorRole.Name(role).removeprefix("ACTOR_ROLE_").lower() for role in caller.roles)
    return [
        *rows,
        ("credential", f"{kind} {caller.credential_id}"),
        ("tenants", ", ".join(caller.tenants)),
        ("roles", ", ".join(roles)),
        ("staff", "all" if caller.all_staff else ", ".join(caller.staff_ids) or "none of its own"),
        ("groups", _groups(caller)),
        ("expires", iso_text(instant_of(caller.expires_at)) if caller.HasField("expires_at") else "never"),
    ]


def _nobody_named(caller: WhoAmIResponse) -> str:
    """Who acts where nobody is named: on an open server the user of this machine, in what a person does for others."""
    user = "" if caller.credential_kind else user_name()
    return f"none; {user} for what supervisors and administrators do" if user else "none"


def _groups(caller: WhoAmIResponse) -> str:
    if not caller.restricted_to_skill_groups:
        return "all"
    return ", ".join(caller.skill_groups) or "none: it sees nobody"
