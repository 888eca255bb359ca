"""The command `onduty reconcile`: tells the server all calls that a telephony source has now."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.text import Text

from onduty.v1 import router_service_pb2 as pb
from onduty.v1 import staff_pb2
from onduty_cli.call_file import ListedCall, read_calls
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.completion import complete_staff
from onduty_cli.counted import counted
from onduty_cli.known_names import staff_pages
from onduty_cli.moments import parse_moment, timestamp_of
from onduty_cli.options import RequestId
from onduty_cli.output import plain_table, printable
from onduty_cli.several import progress
from onduty_cli.sheets import Sheet
from onduty_cli.words import typed_name

app = typer.Typer()

ITEMS_MOST = 1_000
"""As many calls, and as many staff members, as the contract takes in one ReconcileCalls."""


class Outcome(NamedTuple):
    """What reconciling did about one call."""

    result: str
    """``ended``, ``started``, ``not started`` or ``unknown staff``."""
    staff_id: str
    call_id: str
    leg: str
    why: str


OUTCOMES: Sheet[Outcome] = Sheet(
    {
        "result": lambda one: one.result,
        "staff_id": lambda one: one.staff_id,
        "call_id": lambda one: one.call_id,
        "leg": lambda one: one.leg,
        "why": lambda one: one.why,
    },
    lambda one: one._asdict(),
)


@client_command(app, "reconcile", table=True)
def reconcile(
    run: Invocation,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The calls; - reads standard input.", show_default=False)],
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="The telephony source whose calls these are.", show_default=False)
    ],
    staff: Annotated[
        list[str] | None,
        typer.Option(
            "--staff", "-s", metavar="STAFF_ID", autocompletion=complete_staff, show_default=False,
            help="The list is of these staff members only; calls of others are left alone. May be repeated.",
        ),
    ] = None,
    observed_at: Annotated[
        str | None,
        typer.Option(
            "--observed-at", metavar="INSTANT", show_default=False,
            help="When the list was taken, by the source's clock. Later calls and ends are left alone.",
        ),
    ] = None,
    observed_position: Annotated[
        str,
        typer.Option(
            "--observed-position", metavar="POSITION", show_default=False,
            help="A position of this store read before the list was taken. What came after it is left alone.",
        ),
    ] = "",
    request_id: RequestId = "",
) -> None:  # fmt: skip
    """Tell all calls that a telephony source has in progress: its other calls END, missing ones start.

    FILE is CSV with a heading (staff_id, call_id, and if you like direction, leg, occurred_at), or a JSON object a line. An
    empty list ends all calls of the source. A list of any length is sent in parts of up to 1,000 staff members.

    Example: onduty reconcile calls.csv --source pbx-1 --observed-at 5s
    """
    if observed_at and observed_position:
        raise typer.BadParameter("give either --observed-at or --observed-position")
    calls = read_calls(file, now=run.clock.now())
    taken_at = None if observed_at is None else timestamp_of(_moment(observed_at, now=run.clock.now()))
    first = pb.ReconcileCallsRequest(source=source, observed_at=taken_at, observed_position=observed_position)
    requests = list(_requests(run, first, calls, staff or []))
    outcomes: list[Outcome] = []
    totals = [0, 0, 0, 0]
    with progress(run.output, "reconciling", len(requests)) as advance:
        for number, request in enumerate(requests):
            if request_id:
                request.request_id = request_id if len(requests) == 1 else f"{request_id}/{number}"
            answer: pb.ReconcileCallsResponse = run.session.call(run.session.router.ReconcileCalls, request)
            outcomes += _outcomes(answer)
            parts = (answer.total_ended, answer.total_started, answer.total_not_started, answer.total_unknown_staff)
            totals = [total + part for total, part in zip(totals, parts, strict=True)]
            advance(1)
    _show(run, outcomes, totals)


def _moment(text: str, *, now: int) -> int:
    try:
        return parse_moment(text, now=now)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="'--observed-at'") from None


def _requests(
    run: Invocation, first: pb.ReconcileCallsRequest, calls: Sequence[ListedCall], staff: Sequence[str]
) -> Iterator[pb.ReconcileCallsRequest]:
    """The whole list at once where it fits, else the calls of some staff members after those of others, everybody's once.

    ``first`` has what all requests have in common.
    """
    whole = len(calls) <= ITEMS_MOST and len(staff) <= ITEMS_MOST
    scopes = [list(staff)] if whole else _scopes(calls, staff or _everybody(run, calls))
    for scope in scopes:
        request, names = pb.ReconcileCallsRequest(), set(scope)
        request.CopyFrom(first)
        request.calls.extend(_message(call) for call in calls if whole or call.staff_id in names)
        request.staff_ids.extend(scope)
        yield request


def _everybody(run: Invocation, calls: Sequence[ListedCall]) -> list[str]:
    known = [member.staff_id for page in staff_pages(run.session, staff_pb2.StaffFilter()) for member in page]
    return list(dict.fromkeys([*known, *(call.staff_id for call in calls)]))


def _scopes(calls: Sequence[ListedCall], staff: Sequence[str]) -> Iterator[list[str]]:
    counts: dict[str, int] = {}
    for call in calls:
        counts[call.staff_id] = counts.get(call.staff_id, 0) + 1
    scope: list[str] = []
    held = 0
    for staff_id in staff:
        own = counts.get(staff_id, 0)
        if scope and (len(scope) >= ITEMS_MOST or held + own > ITEMS_MOST):
            yield scope
            scope, held = [], 0
        scope.append(staff_id)
        held += own
    if scope:
        yield scope


def _message(call: ListedCall) -> pb.SourceCall:
    message = pb.SourceCall(staff_id=call.staff_id, call_id=call.call_id, direction=call.direction, leg=call.leg)
    if call.occurred_at is not None:
        message.occurred_at.CopyFrom(timestamp_of(call.occurred_at))
    return message


def _outcomes(answer: pb.ReconcileCallsResponse) -> Iterator[Outcome]:
    lists = (
        ("ended", answer.ended),
        ("started", answer.started),
        ("not started", answer.not_started),
        ("unknown staff", answer.unknown_staff),
    )
    for result, calls in lists:
        for call in calls:
            why = typed_name(staff_pb2.FactOutcome, call.outcome) if call.outcome else ""
            yield Outcome(result, call.staff_id, call.call_id, call.leg, why)


def _show(run: Invocation, outcomes: Sequence[Outcome], totals: Sequence[int]) -> None:
    if not run.output.is_for_people:
        run.output.rows(OUTCOMES, outcomes)
    elif outcomes:
        table = plain_table("result", "staff", "call", "leg", "why")
        for outcome in outcomes:
            style = "red" if outcome.result in {"not started", "unknown staff"} else ""
            table.add_row(*(Text(printable(cell), style=style) for cell in outcome))
        run.output.show(table)
    ended, started, not_started, unknown = totals
    run.output.remark(
        f"{counted(ended, 'call')} ended, {started} started, {not_started} not started, {unknown} of unknown staff"
    )
