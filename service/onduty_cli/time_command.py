"""The command `onduty time`: the time spent in each status, over a period or by interval; it adds nothing up itself."""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple

import typer

from onduty.v1 import history_service_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.completion import complete_group
from onduty_cli.history_pages import moment_option
from onduty_cli.known_names import require_staff
from onduty_cli.moments import day_of, iana_zone_name, instant_of, iso_text, moment_text, timestamp_of, zone_name
from onduty_cli.options import Since, SomeStaff, Until
from onduty_cli.output import object_line
from onduty_cli.pages import pages_of
from onduty_cli.sheets import PersonTime, person_object, status_seconds, time_sheet
from onduty_cli.sign_ins import SignIns, sign_ins_by_day
from onduty_cli.time_table import narrow, time_table

app = typer.Typer()

INTERVALS = {
    "quarter-hour": history_service_pb2.INTERVAL_QUARTER_HOUR,
    "half-hour": history_service_pb2.INTERVAL_HALF_HOUR,
    "hour": history_service_pb2.INTERVAL_HOUR,
    "day": history_service_pb2.INTERVAL_DAY,
}


class Span(NamedTuple):
    """From one instant up to another, in microseconds since the epoch."""

    start: int
    end: int


@client_command(app, "time", table=True)
def time(
    run: Invocation,
    *,
    staff_id: SomeStaff = None,
    since: Since = None,
    until: Until = None,
    by: Annotated[
        Literal["quarter-hour", "half-hour", "hour", "day"] | None,
        typer.Option(
            "--by",
            metavar="INTERVAL",
            show_default=False,
            help="Sum up each interval on its own: one of day, hour, half-hour, quarter-hour.",
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            "-g",
            metavar="GROUP",
            autocompletion=complete_group,
            help="Only what they did as members of this skill group. May be repeated.",
        ),
    ] = None,
    sign_ins: Annotated[
        bool,
        typer.Option("--sign-ins", help="With --by day: tell the first sign-in and the last sign-out of each day."),
    ] = False,
) -> None:
    """Sum the time that staff spent in each status and break reason. Without --since: today.

    Days begin at midnight in the time zone of --zone, also where they have 23 or 25 hours. An id that two persons had, one
    after the other, has the times of both: each with a line of its own.

    Example: onduty time kim --since 2026-03-01 --until 2026-04-01 --by day
    """
    if sign_ins and by != "day":
        raise typer.BadParameter("--sign-ins goes with --by day")
    now = run.clock.now()
    whole = Span(
        moment_option("--since", since or "today", now=now),
        now if until is None else moment_option("--until", until, now=now),
    )
    require_staff(run.session, staff_id, past_too=True)
    arrivals = sign_ins_by_day(run, staff_id, whole.start, whole.end) if sign_ins else SignIns()
    request = history_service_pb2.SummarizeTimeRequest(
        staff_ids=staff_id or (),
        skill_groups=group or (),
        starts_at=timestamp_of(whole.start),
        ends_at=timestamp_of(whole.end),
        interval=INTERVALS[by] if by else history_service_pb2.INTERVAL_UNSPECIFIED,
        time_zone=iana_zone_name() if by else "",
    )
    _show(run, _people(run, request, arrivals, by=by or ""), whole, by=by or "", sign_ins=sign_ins)


def _people(
    run: Invocation, request: history_service_pb2.SummarizeTimeRequest, arrivals: SignIns, *, by: str
) -> Iterator[list[PersonTime]]:
    for page in pages_of(run.session, run.session.history.SummarizeTime, request):
        if page.HasField("complete_from") and not request.page_token:
            run.output.remark(f"history before {moment_text(instant_of(page.complete_from))[:19]} is no longer kept")
        yield [_person(member, arrivals, by=by) for member in page.staff]


def _person(member: history_service_pb2.StaffTime, arrivals: SignIns, *, by: str) -> PersonTime:
    begins = instant_of(member.starts_at)
    part = "" if not by else day_of(begins).isoformat() if by == "day" else iso_text(begins)
    sign_in, sign_out = arrivals.first_sign_in(part, member.staff_id), arrivals.last_sign_out(part, member.staff_id)
    return PersonTime(member, member.display_name, part, sign_in, sign_out)


def _show(run: Invocation, pages: Iterator[list[PersonTime]], whole: Span, *, by: str, sign_ins: bool) -> None:
    sheet = time_sheet(by=by, sign_ins=sign_ins)
    shown: list[PersonTime] = []
    found = False
    for number, people in enumerate(pages):
        found = found or bool(people)
        if run.output.as_json:
            for person in people:
                run.output.line(object_line(person_object(person, by=by, sign_ins=sign_ins)))
        elif run.output.is_for_people:
            shown += people
        else:
            run.output.rows(sheet, status_seconds(people), heading=not number)
    if shown:
        table = time_table(shown, by=by, sign_ins=sign_ins)
        has_room = run.output.has_room_for(table)
        run.output.show(table if has_room else narrow(table))
        if not has_room:
            run.output.remark("a wider terminal shows names and shares too")
        run.output.remark(f"from {moment_text(whole.start)[:19]} to {moment_text(whole.end)[:19]}, {zone_name()}")
    elif not found:
        run.output.remark("no time found")
