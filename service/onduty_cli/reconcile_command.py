"""`onduty reconcile`: tells the server all calls that a source has now, and shows what came of it; it judges no call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from onduty.v1 import router_service_pb2, staff_pb2
from onduty_cli.call_list_file import ListedCall, read_call_list
from onduty_cli.call_list_parts import Part, fits_in_one, parts_of
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.completion import complete_staff
from onduty_cli.counted import counted
from onduty_cli.failures import InputError, ItemsError, RefusedError
from onduty_cli.file_text import read_file
from onduty_cli.known_names import NameBook, staff_pages
from onduty_cli.moments import parse_moment, timestamp_of
from onduty_cli.options import RequestId
from onduty_cli.output import plain_table, printable
from onduty_cli.sheets import Sheet

app = typer.Typer()

_CALL_OF_REQUEST: Final = re.compile(r"calls\[(\d+)\]\.?")
_WHY_NOT_STARTED: Final = {
    staff_pb2.FACT_OUTCOME_ENDED_BEFORE: "it has ended, and did not begin after that",
    staff_pb2.FACT_OUTCOME_CALLS_FULL: "as many calls as one person can have",
    staff_pb2.FACT_OUTCOME_AMBIGUOUS: "calls of several sources have this id",
    staff_pb2.FACT_OUTCOME_REPEATED: "known already",
}


class Reconciled(NamedTuple):
    """What came of one call, or of one person of the scope."""

    result: str
    """``started``, ``ended``, ``left alone`` or ``unknown staff``."""
    staff_id: str
    display_name: str
    call_id: str
    leg: str
    why: str


RECONCILED: Sheet[Reconciled] = Sheet(
    {
        "result": lambda one: one.result,
        "staff_id": lambda one: one.staff_id,
        "display_name": lambda one: one.display_name,
        "call_id": lambda one: one.call_id,
        "leg": lambda one: one.leg,
        "why": lambda one: one.why,
    },
    lambda one: one._asdict(),
)


@dataclass(frozen=True, slots=True)
class _AsOf:
    """Whose list it is, and of when."""

    source: str
    observed_at: int | None
    observed_position: str


@client_command(app, "reconcile", table=True)
def reconcile(
    run: Invocation,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list of calls; - for standard input.", show_default=False)],
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="The telephony source whose calls they are.", show_default=False)
    ],
    staff: Annotated[
        list[str] | None,
        typer.Option(
            "--staff",
            "-s",
            metavar="STAFF_ID",
            autocompletion=complete_staff,
            help="The list is of this staff member's calls only; those of others are left alone. May be repeated.",
        ),
    ] = None,
    observed_at: Annotated[
        str | None,
        typer.Option(
            "--observed-at",
            metavar="WHEN",
            show_default=False,
            help="When the list was taken, by the source's clock: 2s (ago), 14:30:05, or ISO 8601. Calls that began or ended "
            "since are left alone.",
        ),
    ] = None,
    observed_position: Annotated[
        str,
        typer.Option(
            "--observed-position",
            metavar="POSITION",
            help="A position of the server that was read before the list was taken, instead of --observed-at.",
        ),
    ] = "",
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Take a list without calls as one: every call in its scope ends.")
    ] = False,
    request_id: RequestId = "",
) -> None:
    """Tell all calls that a telephony source has now, so that the record agrees.

    Ends every call of the source in progress that the list does not have, and starts every listed call that is not in
    progress. Calls of other sources are left alone, and with --staff those of other people. The list is CSV, tab-separated
    or semicolon-separated, with a heading of staff_id, call_id and, where known, direction, occurred_at and leg; or JSON
    Lines with fields of these names.

    Example: onduty reconcile calls.csv --source pbx-1 --observed-at 2s
    """
    now = run.clock.now()
    calls = read_call_list(read_file(file), lambda text: parse_moment(text, now=now))
    people = list(dict.fromkeys(staff or ()))
    _check(file, calls, people, allow_empty=allow_empty)
    as_of = _AsOf(source, _instant(observed_at, now), observed_position)
    _show(run, calls, _ask(run, calls, people, as_of, request_id))


def _instant(text: str | None, now: int) -> int | None:
    try:
        return None if text is None else parse_moment(text, now=now)
    except ValueError as error:
        raise typer.BadParameter(f"--observed-at: {error}") from None


def _check(file: Path, calls: Sequence[ListedCall], people: Sequence[str], *, allow_empty: bool) -> None:
    name = "standard input" if str(file) == "-" else str(file)
    if not calls and not allow_empty:
        raise InputError(name, "it has no calls; with --allow-empty that ends every call in its scope")
    for call in calls:
        if people and call.staff_id not in people:
            raise InputError(name, f"line {call.line}: {call.staff_id} is none of those named with --staff")


def _ask(
    run: Invocation, calls: Sequence[ListedCall], people: Sequence[str], as_of: _AsOf, request_id: str
) -> list[router_service_pb2.ReconcileCallsResponse]:
    if fits_in_one(calls, people):
        return [_ask_part(run, Part(calls, people), as_of, request_id)]
    everybody = people or [one.staff_id for page in staff_pages(run.session, staff_pb2.StaffFilter()) for one in page]
    return [
        _ask_part(run, part, as_of, f"{request_id}/{number}" if request_id else "")
        for number, part in enumerate(parts_of(calls, everybody))
    ]


def _ask_part(run: Invocation, part: Part, as_of: _AsOf, request_id: str) -> router_service_pb2.ReconcileCallsResponse:
    request = router_service_pb2.ReconcileCallsRequest(
        source=as_of.source,
        calls=[_source_call(call) for call in part.calls],
        request_id=request_id,
        observed_at=None if as_of.observed_at is None else timestamp_of(as_of.observed_at),
        observed_position=as_of.observed_position,
        staff_ids=part.staff_ids,
    )
    try:
        answer: router_service_pb2.ReconcileCallsResponse = run.session.call(run.session.router.ReconcileCalls, request)
    except RefusedError as refused:
        raise replace(refused, field_faults=tuple(_by_line(part, *fault) for fault in refused.field_faults)) from refused
    return answer


def _source_call(call: ListedCall) -> router_service_pb2.SourceCall:
    return router_service_pb2.SourceCall(
        staff_id=call.staff_id,
        call_id=call.call_id,
        direction=call.direction,
        occurred_at=None if call.occurred_at is None else timestamp_of(call.occurred_at),
        leg=call.leg,
    )


def _by_line(part: Part, field: str, fault: str) -> tuple[str, str]:
    """A fault of one listed call, by the line of the file it stands on."""
    if place := _CALL_OF_REQUEST.match(field):
        return f"line {part.calls[int(place[1])].line} {field[place.end() :]}".rstrip(), fault
    return field, fault


def _outcomes(answer: router_service_pb2.ReconcileCallsResponse) -> Iterator[Reconciled]:
    for call in answer.started:
        yield _outcome("started", call, "it was not in progress")
    for call in answer.ended:
        yield _outcome("ended", call, "the list does not have it")
    for call in answer.not_started:
        yield _outcome("left alone", call, _WHY_NOT_STARTED.get(call.outcome, "the server did not start it"))
    for call in answer.unknown_staff:
        yield _outcome("unknown staff", call, "there is no such staff member")


def _outcome(result: str, call: router_service_pb2.ReconciledCall, why: str) -> Reconciled:
    return Reconciled(result, call.staff_id, "", call.call_id, call.leg, why)


def _show(run: Invocation, calls: Sequence[ListedCall], answers: Sequence[router_service_pb2.ReconcileCallsResponse]) -> None:
    outcomes = [outcome for answer in answers for outcome in _outcomes(answer)]
    names = NameBook(run.session).names(outcome.staff_id for outcome in outcomes)
    named = [outcome._replace(display_name=names[outcome.staff_id]) for outcome in outcomes]
    if run.output.is_for_people:
        table = plain_table("result", "staff", "name", "call", "leg", "why")
        for outcome in named:
            table.add_row(*map(printable, outcome))
        run.output.show(table)
    else:
        run.output.rows(RECONCILED, named)
    _sum_up(run, len(calls), answers, shown=len(named))


def _sum_up(run: Invocation, listed: int, answers: Sequence[router_service_pb2.ReconcileCallsResponse], *, shown: int) -> None:
    started = sum(answer.total_started for answer in answers)
    ended = sum(answer.total_ended for answer in answers)
    not_started = sum(answer.total_not_started for answer in answers)
    unknown = sum(answer.total_unknown_staff for answer in answers)
    strangers = sum(bool(call.call_id) for answer in answers for call in answer.unknown_staff)
    as_before = max(listed - started - not_started - strangers, 0)
    run.output.remark(f"{started} started, {ended} ended, {not_started} left alone, {as_before} in progress as before")
    if beyond := started + ended + not_started + unknown - shown:
        run.output.remark(f"and {counted(beyond, 'more call')}, which the answer had no room for")
    if unknown:
        run.output.remark(f"{unknown} of unknown staff, passed over", style="bold red")
        raise ItemsError(unknown, started + ended + as_before)
