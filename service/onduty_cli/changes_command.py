"""The command `onduty changes`: who changed policy, break reasons and directory, and why; it changes nothing itself."""

from collections.abc import Iterable
from typing import Annotated, Literal

import typer
from rich.text import Text

from onduty.v1 import history_service_pb2
from onduty_cli.change_lines import ChangeLines, fields_words, what_words
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.history_pages import moment_option
from onduty_cli.history_tables import actor_words
from onduty_cli.moments import instant_of, moment_text, timestamp_of, zone_name
from onduty_cli.options import Since, Until
from onduty_cli.output import plain_table, printable
from onduty_cli.pages import pages_of
from onduty_cli.sheets import CHANGES

app = typer.Typer()

_KINDS = {
    "policy": history_service_pb2.CONFIGURATION_KIND_POLICY,
    "break-reason": history_service_pb2.CONFIGURATION_KIND_BREAK_REASON,
    "staff": history_service_pb2.CONFIGURATION_KIND_STAFF,
}


@client_command(app, "changes", table=True)
def changes(
    run: Invocation,
    *,
    subject: Annotated[
        list[str] | None,
        typer.Argument(metavar="SUBJECT", help="Only of this break reason or staff id. Left out: all.", show_default=False),
    ] = None,
    kind: Annotated[
        Literal["policy", "break-reason", "staff"] | None,
        typer.Option("--kind", help="Only of this kind.", show_default=False),
    ] = None,
    since: Since = None,
    until: Until = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="Show the newest on top.")] = False,
) -> None:
    """Show who changed the configuration, why, and from what to what: policy, break reasons, directory.

    Example: onduty changes --kind policy
    """
    now = run.clock.now()
    request = history_service_pb2.ListConfigurationChangesRequest(
        subjects=subject or (), kinds=[_KINDS[kind]] if kind else (), newest_first=newest_first
    )
    if since is not None:
        request.starts_at.CopyFrom(timestamp_of(moment_option("--since", since, now=now)))
    if until is not None:
        request.ends_at.CopyFrom(timestamp_of(moment_option("--until", until, now=now)))
    shown = 0
    lines = ChangeLines(run.output.console.width)
    for page in pages_of(run.session, run.session.history.ListConfigurationChanges, request):
        if run.output.is_for_people and run.output.is_terminal:
            for line in lines.of(page.changes):
                run.output.console.print(line, soft_wrap=True)
        elif run.output.is_for_people and page.changes:
            _show(run, page.changes, heading=not shown)
        elif not run.output.is_for_people:
            run.output.rows(CHANGES, page.changes, heading=not shown)
        shown += len(page.changes)
    if not shown:
        run.output.remark("no changes found")
    elif run.output.is_for_people and not run.output.is_terminal:  # whose lines have the zone under each day
        run.output.remark(f"times in {zone_name()}")


def _show(run: Invocation, found: Iterable[history_service_pb2.ConfigurationChange], *, heading: bool) -> None:
    table = plain_table("revision", "when", "what", "actor", "changed", "note")
    table.show_header = heading
    for one in found:
        cells = (
            str(one.revision),
            moment_text(instant_of(one.changed_at)),
            what_words(one),
            actor_words(one.actor),
            fields_words(one),
            one.note,
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))
    run.output.show(table)
