"""The command `onduty time`: the time spent in each status, over an interval or by day; it adds nothing up itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal, NamedTuple

import typer

from onduty.v1 import history_service_pb2
from onduty_server.cli.client_command import Invocation, client_command
from onduty_server.cli.history_pages import moment_option
from onduty_server.cli.known_names import NameBook, require_staff
from onduty_server.cli.moments import day_begins, day_of, moment_text, timestamp_of, zone_name
from onduty_server.cli.options import Since, SomeStaff, Until
from onduty_server.cli.output import object_line
from onduty_server.cli.pages import pages_of
from onduty_server.cli.sheets import PersonTime, person_object, status_seconds, time_sheet
from onduty_server.cli.sign_ins import SignIns, sign_ins_by_day
from onduty_server.cli.time_table import time_table

app = typer.Typer()

DAYS_MOST = 400
"""Sums by day are asked for day by day: more would keep the server busy for long."""


class Span(NamedTuple):
    """From one instant up to another, in microseconds since the epoch; the day's name where it is one."""

    start: int
    end: int
    day: str = ""


@client_command(app, "time", table=True)
def time(
    run: Invocation,
    *,
    staff_id: SomeStaff = None,
    since: Since = None,
    until: Until = None,
    by: Annotated[Literal["day"] | None, typer.Option("--by", help="Sum up each day on its own.", show_default=False)] = None,
    sign_ins: Annotated[
        bool,
        typer.Option("--sign-ins", help="With --by day: tell the first sign-in and the last sign-out of each day."),
    ] = False,
) -> None:
    """Sum the time that staff spent in each status and break reason. Without --since: today.

    Days begin at midnight in the time zone of --zone, also where they have 23 or 25 hours. --by day takes up to 400 days.

    Example: onduty time kim --since 2026-03-01 --until 2026-04-01 --by day
    """
    if sign_ins and not by:
        raise typer.BadParameter("--sign-ins goes with --by day")
    now = run.clock.now()
    whole = Span(
        moment_option("--since", since or "today", now=now),
        now if until is None else moment_option("--until", until, now=now),
    )
    spans = _days(whole) if by else [whole]
    require_staff(run.session, staff_id, past_too=True)
    arrivals = sign_ins_by_day(run, staff_id, whole.start, whole.end) if sign_ins else SignIns()
    book = NameBook(run.session)
    _show(run, _people(run, spans, staff_id, book, arrivals), whole, by_day=bool(by), sign_ins=sign_ins)


def _days(whole: Span) -> list[Span]:
    """The interval cut at each midnight."""
    if whole.end <= whole.start:
        return [whole]
    days: list[Span] = []
    day = day_of(whole.start)
    while day_begins(day) < whole.end:
        if len(days) == DAYS_MOST:
            raise typer.BadParameter(f"--by day takes up to {DAYS_MOST} days; give a later --since or an earlier --until")
        next_day = day + timedelta(days=1)
        days.append(Span(max(day_begins(day), whole.start), min(day_begins(next_day), whole.end), day.isoformat()))
        day = next_day
    return days


def _people(
    run: Invocation, spans: list[Span], staff: list[str] | None, book: NameBook, arrivals: SignIns
) -> Iterator[list[PersonTime]]:
    for span in spans:
        sums = _sums(run, staff, span)
        names = book.names(member.staff_id for member in sums)
        yield [
            PersonTime(
                member,
                names[member.staff_id],
                span.day,
                arrivals.first_sign_in(span.day, member.staff_id),
                arrivals.last_sign_out(span.day, member.staff_id),
            )
            for member in sums
        ]


def _sums(run: Invocation, staff: list[str] | None, span: Span) -> list[history_service_pb2.StaffTime]:
    request = history_service_pb2.SummarizeTimeRequest(
        staff_ids=staff or (), starts_at=timestamp_of(span.start), ends_at=timestamp_of(span.end)
    )
    pages = pages_of(run.session, run.session.history.SummarizeTime, request)
    return [staff for page in pages for staff in page.staff]


def _show(run: Invocation, pages: Iterator[list[PersonTime]], whole: Span, *, by_day: bool, sign_ins: bool) -> None:
    sheet = time_sheet(by_day=by_day, sign_ins=sign_ins)
    shown: list[PersonTime] = []
    found = False
    for number, people in enumerate(pages):
        found = found or bool(people)
        if run.output.as_json:
            for person in people:
                run.output.line(object_line(person_object(person, by_day=by_day, sign_ins=sign_ins)))
        elif run.output.is_for_people:
            shown += people
        else:
            run.output.rows(sheet, status_seconds(people), heading=not number)
    if shown:
        run.output.show(time_table(shown, by_day=by_day, sign_ins=sign_ins))
        run.output.remark(f"from {moment_text(whole.start)[:19]} to {moment_text(whole.end)[:19]}, {zone_name()}")
    elif not found:
        run.output.remark("no time found")
