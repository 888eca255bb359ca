"""The command `onduty summary`: counts by status and skill group; the counting is the server's."""

from collections.abc import Iterable

import typer
from rich.table import Table
from rich.text import Text

from onduty.v1 import errors_pb2, supervisor_service_pb2
from onduty_server.cli.client_command import Invocation, client_command
from onduty_server.cli.options import Groups, staff_filter
from onduty_server.cli.output import json_line, plain_table, printable
from onduty_server.cli.staff_words import status_text
from onduty_server.cli.words import STATUS_ORDER

app = typer.Typer()


@client_command(app, "summary")
def summary(run: Invocation, *, group: Groups = None) -> None:
    """Count staff by status, over all and in each skill group.

    The column "can be assigned" says how many a router could claim now.

    Example: onduty summary --group sales
    """
    request = supervisor_service_pb2.GetStaffSummaryRequest(filter=staff_filter(group))
    answer: supervisor_service_pb2.GetStaffSummaryResponse = run.session.call(run.session.supervisor.GetStaffSummary, request)
    if run.output.as_json:
        run.output.line(json_line(answer))
    else:
        run.output.show(_table(answer))


def _table(answer: supervisor_service_pb2.GetStaffSummaryResponse) -> Table:
    table = plain_table("group")
    for heading in (Text("staff"), Text("can be assigned"), *(status_text(status) for status in STATUS_ORDER)):
        table.add_column(heading, justify="right")
    for group in answer.skill_groups:
        table.add_row(Text(printable(group.skill_group)), *_numbers(group.total, group.counts))
    table.add_row(Text("all"), *_numbers(answer.total, answer.counts), style="bold")
    return table


def _numbers(total: int, counts: Iterable[errors_pb2.StatusCount]) -> list[Text]:
    by_status: dict[int, errors_pb2.StatusCount] = {count.status: count for count in counts}
    assignable = sum(count.assignable for count in by_status.values())
    shown = (by_status[status].count if status in by_status else 0 for status in STATUS_ORDER)
    return [Text(str(number)) for number in (total, assignable, *shown)]
