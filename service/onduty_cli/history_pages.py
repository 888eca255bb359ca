"""Asks for the past: filters from what was typed, and changes page by page; it shows nothing."""

from collections.abc import Iterator

import typer

from onduty.v1 import history_service_pb2, staff_pb2
from onduty_cli.client_command import Invocation
from onduty_cli.moments import parse_moment, timestamp_of
from onduty_cli.pages import PAGE_SIZE, pages_of


def moment_option(option: str, text: str, *, now: int) -> int:
    """Reads the instant that was given with an option.

    Raises:
        typer.BadParameter: It is none; the message names the option.
    """
    try:
        return parse_moment(text, now=now)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"'{option}'") from None


def transition_filter(
    run: Invocation, staff: list[str] | None, since: str | None, until: str | None
) -> history_service_pb2.TransitionFilter:
    """Returns the filter that the options describe.

    Raises:
        typer.BadParameter: A text is not an instant.
    """
    now = run.clock.now()
    wanted = history_service_pb2.TransitionFilter(staff_ids=staff or ())
    if since is not None:
        wanted.starts_at.CopyFrom(timestamp_of(moment_option("--since", since, now=now)))
    if until is not None:
        wanted.ends_at.CopyFrom(timestamp_of(moment_option("--until", until, now=now)))
    return wanted


def transition_pages(
    run: Invocation,
    wanted: history_service_pb2.TransitionFilter,
    *,
    newest_first: bool,
    page_size: int = PAGE_SIZE,
) -> Iterator[list[staff_pb2.Transition]]:
    """Yields the changes that the filter matches, a list for each page."""
    request = history_service_pb2.ListTransitionsRequest(filter=wanted, newest_first=newest_first)
    for page in pages_of(run.session, run.session.history.ListTransitions, request, page_size=page_size):
        yield list(page.transitions)
