"""The command `onduty history`: the changes one by one; what they look like is history_tables.py's."""

import itertools
from collections.abc import Iterator
from typing import Annotated

import typer

from onduty.v1 import history_service_pb2, staff_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.completion import complete_group
from onduty_cli.history_lines import HistoryLines
from onduty_cli.history_pages import transition_filter, transition_pages
from onduty_cli.history_tables import transitions_table
from onduty_cli.known_names import NameBook, require_staff
from onduty_cli.moments import zone_name
from onduty_cli.options import Since, SomeStaff, Until
from onduty_cli.pages import PAGE_SIZE
from onduty_cli.sheets import TRANSITIONS, NamedTransition

app = typer.Typer()


@client_command(app, "history", table=True)
def history(
    run: Invocation,
    *,
    staff_id: SomeStaff = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many, the latest ones.")] = 50,
    everything: Annotated[bool, typer.Option("--all", help="All of them, without a limit.")] = False,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="Show the newest on top.")] = False,
    call: Annotated[
        list[str] | None,
        typer.Option("--call", metavar="CALL_ID", help="Only changes about this call. May be repeated.", show_default=False),
    ] = None,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="The telephony source of --call.")] = "",
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            "-g",
            metavar="GROUP",
            autocompletion=complete_group,
            help="Only changes of who was in this skill group then. May be repeated.",
        ),
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option(
            "--person",
            metavar="PERSON_ID",
            show_default=False,
            help="Only of this person: who had an id before somebody else has no other name. May be repeated.",
        ),
    ] = None,
    status_changes: Annotated[
        bool, typer.Option("--status-changes", help="Leave out changes that left the status as it was.")
    ] = False,
) -> None:
    """Show who changed when, from what to what, and why.

    On a terminal a line for each change, under the days; a wide one has room for more columns. Into a pipe all columns.

    Example: onduty history kim --since 2h
    Example: onduty history --call c-4711
    """
    wanted = transition_filter(run, staff_id, since, until)
    wanted.status_changes_only = status_changes
    wanted.call_ids.extend(call or ())
    wanted.source = source
    wanted.skill_groups.extend(group or ())
    wanted.person_ids.extend(person or ())
    if everything:
        _show_pages(run, wanted, transition_pages(run, wanted, newest_first=newest_first))
        return
    latest = itertools.chain.from_iterable(
        transition_pages(run, wanted, newest_first=True, page_size=min(limit + 1, PAGE_SIZE))
    )
    found = list(itertools.islice(latest, limit + 1))
    shown = found[:limit] if newest_first else found[:limit][::-1]
    _show_pages(run, wanted, iter([shown]))
    if len(found) > limit and run.output.is_for_people:
        run.output.remark(f"the latest {limit}; for more: --limit N or --all")


def _show_pages(
    run: Invocation, wanted: history_service_pb2.TransitionFilter, pages: Iterator[list[staff_pb2.Transition]]
) -> None:
    shown = 0
    lines = HistoryLines(run.output.console.width)
    book = NameBook(run.session)
    for page in pages:
        names = book.names(transition.staff_id for transition in page)
        if not run.output.is_for_people:
            named = (NamedTransition(transition, names[transition.staff_id]) for transition in page)
            run.output.rows(TRANSITIONS, named, heading=not shown)
        elif page and run.output.is_terminal:
            for line in lines.of(page):
                run.output.console.print(line, soft_wrap=True)
        elif page:
            run.output.show(transitions_table(page, names, with_heading=not shown))
        shown += len(page)
    if not shown:
        require_staff(run.session, wanted.staff_ids, past_too=True)
        run.output.remark("no changes found")
    elif run.output.is_for_people and not run.output.is_terminal:  # whose lines have the zone under each day
        run.output.remark(f"times in {zone_name()}")
