"""The command `onduty summary`: counts by status and skill group; the counting is the server's."""

from collections.abc import Iterable

import typer
from rich.table import Table
from rich.text import Text

from onduty.v1 import staff_pb2, supervisor_service_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.known_names import require_groups
from onduty_cli.options import Groups, staff_filter
from onduty_cli.output import json_line, plain_table, printable
from onduty_cli.pages import pages_of
from onduty_cli.sheets import SUMMARY, GroupCounts
from onduty_cli.staff_words import status_text
from onduty_cli.words import SHORT_STATUSES, STATUS_ORDER, STATUS_STYLES, short_name

app = typer.Typer()


@client_command(app, "summary", table=True)
def summary(run: Invocation, *, group: Groups = None) -> None:
    """Count staff by status, over all and in each skill group.

    The column "can be assigned" says how many a router could claim now.

    Example: onduty summary --group sales
    """
    answer = _all_pages(run, supervisor_service_pb2.GetStaffSummaryRequest(filter=staff_filter(group)))
    if not answer.total:
        require_groups(run.session, group)
    if run.output.as_json:
        run.output.line(json_line(answer))
    elif run.output.is_for_people:
        table = _table(answer)
        run.output.show(table if run.output.has_room_for(table) else _table(answer, is_narrow=True))
    else:
        run.output.rows(SUMMARY, _counts(answer))


def _all_pages(
    run: Invocation, request: supervisor_service_pb2.GetStaffSummaryRequest
) -> supervisor_service_pb2.GetStaffSummaryResponse:
    """The last page, which has the newest counts over all, with the groups of every page."""
    groups: dict[str, staff_pb2.SkillGroupSummary] = {}
    answer = supervisor_service_pb2.GetStaffSummaryResponse()
    for page in pages_of(run.session, run.session.supervisor.GetStaffSummary, request):
        groups |= {group.skill_group: group for group in page.skill_groups}
        answer = page
    answer.ClearField("skill_groups")
    answer.skill_groups.extend(groups.values())
    return answer


def _counts(answer: supervisor_service_pb2.GetStaffSummaryResponse) -> list[GroupCounts]:
    """The counts of each group, and at last of all staff, without a group's name."""
    return [
        *(GroupCounts(group.skill_group, group.total, _by_status(group.counts)) for group in answer.skill_groups),
        GroupCounts("", answer.total, _by_status(answer.counts)),
    ]


def _by_status(counts: Iterable[staff_pb2.StatusCount]) -> dict[int, staff_pb2.StatusCount]:
    return {count.status: count for count in counts}


def _table(answer: supervisor_service_pb2.GetStaffSummaryResponse, *, is_narrow: bool = False) -> Table:
    table = plain_table("group")
    statuses = (_short_heading(status) if is_narrow else status_text(status) for status in STATUS_ORDER)
    for heading in (Text("staff"), Text("can be assigned"), *statuses):
        table.add_column(heading, justify="right")
    for counts in _counts(answer):
        numbers = (counts.total, counts.assignable, *(counts.count(status) for status in STATUS_ORDER))
        name = Text(printable(counts.skill_group or "all"))
        table.add_row(name, *(Text(str(number)) for number in numbers), style=None if counts.skill_group else "bold")
    return table


def _short_heading(status: int) -> Text:
    name = short_name(staff_pb2.Status, status)
    return Text(SHORT_STATUSES[name], style=STATUS_STYLES.get(name, ""))
