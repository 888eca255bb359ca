"""The command `onduty colleagues`: whom a staff member may see, and who is open to a transfer; the policy is the server's."""

from collections.abc import Iterable

import typer
from rich.table import Table
from rich.text import Text

from onduty.v1 import workspace_service_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.moments import elapsed_text, instant_of
from onduty_cli.options import StaffId
from onduty_cli.output import plain_table, printable
from onduty_cli.sheets import COLLEAGUES
from onduty_cli.staff_words import status_text

app = typer.Typer()


@client_command(app, "colleagues", table=True)
def colleagues(run: Invocation, *, staff_id: StaffId) -> None:
    """Show the colleagues whom a staff member sees, and who is open to an internal call or a transfer now.

    The policy says who is seen: nobody, those of the own skill groups, or all.

    Example: onduty colleagues kim
    """
    found = sorted(_snapshot(run, staff_id), key=lambda one: (one.display_name.casefold(), one.staff_id))
    if run.output.is_for_people:
        run.output.show(_table(found, now=run.clock.now()))
    else:
        run.output.rows(COLLEAGUES, found)


def _snapshot(run: Invocation, staff_id: str) -> list[workspace_service_pb2.Colleague]:
    request = workspace_service_pb2.WatchColleaguesRequest(staff_id=staff_id)
    found: list[workspace_service_pb2.Colleague] = []
    for frame in run.session.frames(run.session.workspace.WatchColleagues, request):
        found += frame.snapshot_chunk.colleagues
        if frame.snapshot_chunk.last:
            break
    return found


def _table(found: Iterable[workspace_service_pb2.Colleague], *, now: int) -> Table:
    table = plain_table("staff", "name", "status", "for", "transfers", "groups")
    for one in found:
        table.add_row(
            Text(printable(one.staff_id)),
            Text(printable(one.display_name)),
            status_text(one.status),
            Text(elapsed_text(now - instant_of(one.status_started_at))),
            Text("open" if one.open_to_transfers else ""),
            Text(printable(" ".join(one.skill_groups))),
        )
    return table
