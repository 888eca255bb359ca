"""The commands about the past: the changes one by one, and the time spent in each status; it computes no times itself."""

import itertools
from collections.abc import Iterator
from typing import Annotated

import typer

from onduty.v1 import history_service_pb2, staff_pb2
from onduty_server.cli.client_command import Invocation, client_command
from onduty_server.cli.history_lines import HistoryLines
from onduty_server.cli.history_tables import time_table, transitions_table
from onduty_server.cli.moments import parse_moment, timestamp_of
from onduty_server.cli.options import Since, SomeStaff, Until
from onduty_server.cli.output import json_line

app = typer.Typer()

_PAGE_SIZE = 1_000


@client_command(app, "history")
def history(
    run: Invocation,
    *,
    staff_id: SomeStaff = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many, the latest ones.")] = 50,
    everything: Annotated[bool, typer.Option("--all", help="All of them, without a limit.")] = False,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="Show the newest on top.")] = False,
    status_changes: Annotated[
        bool, typer.Option("--status-changes", help="Leave out changes that left the status as it was.")
    ] = False,
) -> None:
    """Show who changed when, from what to what, and why.

    On a terminal a line for each change, under the days; a wide one has room for more columns. Into a pipe all columns.

    Example: onduty history kim --since 2h
    """
    wanted = _filter(run, staff_id, since, until)
    wanted.status_changes_only = status_changes
    if everything:
        _show_pages(run, _pages(run, wanted, newest_first=newest_first))
        return
    latest = itertools.chain.from_iterable(_pages(run, wanted, newest_first=True, page_size=min(limit + 1, _PAGE_SIZE)))
    found = list(itertools.islice(latest, limit + 1))
    shown = found[:limit] if newest_first else found[:limit][::-1]
    _show_pages(run, iter([shown]))
    if len(found) > limit and not run.output.as_json:
        run.output.remark(f"the latest {limit}; for more: --limit N or --all")


@client_command(app, "time")
def time(run: Invocation, *, staff_id: SomeStaff = None, since: Since = None, until: Until = None) -> None:
    """Sum the time that staff spent in each status and break reason. Without --since: today.

    Example: onduty time kim --since 2026-03-01 --until 2026-04-01
    """
    interval = _filter(run, staff_id, since or "today", until)
    request = history_service_pb2.SummarizeTimeRequest(
        staff_ids=interval.staff_ids,
        start_time=interval.start_time,
        end_time=interval.end_time if interval.HasField("end_time") else None,
    )
    answer: history_service_pb2.SummarizeTimeResponse = run.session.call(run.session.history.SummarizeTime, request)
    if run.output.as_json:
        for member in answer.staff:
            run.output.line(json_line(member))
    elif answer.staff:
        run.output.show(time_table(answer.staff))
    else:
        run.output.remark("no time found")


def _filter(
    run: Invocation, staff: list[str] | None, since: str | None, until: str | None
) -> history_service_pb2.TransitionFilter:
    now = run.clock.now()
    wanted = history_service_pb2.TransitionFilter(staff_ids=staff or ())
    try:
        if since is not None:
            wanted.start_time.CopyFrom(timestamp_of(parse_moment(since, now=now)))
        if until is not None:
            wanted.end_time.CopyFrom(timestamp_of(parse_moment(until, now=now)))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return wanted


def _pages(
    run: Invocation,
    wanted: history_service_pb2.TransitionFilter,
    *,
    newest_first: bool,
    page_size: int = _PAGE_SIZE,
) -> Iterator[list[staff_pb2.Transition]]:
    token = ""
    while True:
        request = history_service_pb2.ListTransitionsRequest(
            filter=wanted, page_size=page_size, page_token=token, newest_first=newest_first
        )
        page: history_service_pb2.ListTransitionsResponse = run.session.call(run.session.history.ListTransitions, request)
        yield list(page.transitions)
        token = page.next_page_token
        if not token:
            return


def _show_pages(run: Invocation, pages: Iterator[list[staff_pb2.Transition]]) -> None:
    shown = 0
    lines = HistoryLines(run.output.console.width)
    for page in pages:
        if run.output.as_json:
            for transition in page:
                run.output.line(json_line(transition))
        elif page and run.output.is_terminal:
            for line in lines.of(page):
                run.output.console.print(line, soft_wrap=True)
        elif page:
            run.output.show(transitions_table(page, with_heading=not shown))
        shown += len(page)
    if not shown and not run.output.as_json:
        run.output.remark("no changes found")
