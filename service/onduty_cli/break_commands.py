"""The commands about breaks: taking one, and the catalogue of reasons; it keeps no list of its own."""

from typing import Annotated

import typer
from google.protobuf.field_mask_pb2 import FieldMask
from rich.text import Text

from onduty.v1 import admin_service_pb2, policy_pb2, workspace_service_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.moments import duration_of, duration_text, length_of
from onduty_cli.options import BreakCode, BreakLimit, Note, ReasonCode, RequestId, StaffId
from onduty_cli.output import plain_table, printable
from onduty_cli.pages import pages_of
from onduty_cli.sheets import BREAK_REASONS
from onduty_cli.status_commands import change_status

app = typer.Typer(no_args_is_help=True, help="The catalogue of break reasons.")
shortcuts = typer.Typer()

ReasonName = Annotated[str | None, typer.Option("--name", "-n", metavar="NAME", help="The name to show.", show_default=False)]


@client_command(shortcuts, "break")
def take_break(
    run: Invocation,
    *,
    staff_id: StaffId,
    reason: ReasonCode,
    note: Note = "",
    request_id: RequestId = "",
) -> None:
    """Go on a break: short for `status set STAFF_ID on-break --reason REASON`.

    Example: onduty break kim lunch
    """
    change_status(run, staff_id, "STATUS_ON_BREAK", reason=reason, note=note, request_id=request_id)


@client_command(app, "list", table=True)
def list_reasons(run: Invocation) -> None:
    """List all break reasons, also the disabled ones.

    Example: onduty breaks list
    """
    request = workspace_service_pb2.ListBreakReasonsRequest(include_disabled=True)
    pages = pages_of(run.session, run.session.workspace.ListBreakReasons, request)
    reasons: list[policy_pb2.BreakReason] = [reason for page in pages for reason in page.break_reasons]
    if not run.output.is_for_people:
        run.output.rows(BREAK_REASONS, reasons)
        return
    table = plain_table("code", "name", "limit", "can be chosen")
    for reason in reasons:
        table.add_row(*(Text(printable(cell)) for cell in (reason.code, reason.display_name, *_limit_and_state(reason))))
    run.output.show(table)


@client_command(app, "add")
def add(run: Invocation, *, code: BreakCode, name: ReasonName = None, limit: BreakLimit = None) -> None:
    """Add a break reason. It can be chosen at once.

    Example: onduty breaks add lunch --name "Lunch" --limit 45m
    """
    request = admin_service_pb2.CreateBreakReasonRequest(
        code=code, display_name=name or "", limit=duration_of(limit) if limit else None
    )
    answer: admin_service_pb2.CreateBreakReasonResponse = run.session.call(run.session.admin.CreateBreakReason, request)
    run.output.result(answer, f"added: {_sentence(answer.break_reason)}")


@client_command(app, "update")
def update(run: Invocation, *, code: BreakCode, name: ReasonName = None, limit: BreakLimit = None) -> None:
    """Change a break reason's name or limit. Breaks that run keep the limit they began with.

    Example: onduty breaks update lunch --limit 30m
    """
    paths = [*(["display_name"] if name is not None else []), *(["limit"] if limit is not None else [])]
    if not paths:
        raise typer.BadParameter("give --name, --limit or both")
    request = admin_service_pb2.UpdateBreakReasonRequest(
        code=code, display_name=name or "", limit=duration_of(limit) if limit else None, update_mask=FieldMask(paths=paths)
    )
    _update(run, request)


@client_command(app, "enable")
def enable(run: Invocation, *, code: BreakCode) -> None:
    """Let a break reason be chosen again.

    Example: onduty breaks enable lunch
    """
    _update(run, admin_service_pb2.UpdateBreakReasonRequest(code=code, enabled=True))


@client_command(app, "disable")
def disable(run: Invocation, *, code: BreakCode) -> None:
    """Keep a break reason from being chosen. Breaks that run keep it.

    Example: onduty breaks disable lunch
    """
    _update(run, admin_service_pb2.UpdateBreakReasonRequest(code=code, enabled=False))


@client_command(app, "delete")
def delete(run: Invocation, *, code: BreakCode) -> None:
    """Delete a break reason. Breaks that run keep it.

    Example: onduty breaks delete lunch
    """
    request = admin_service_pb2.DeleteBreakReasonRequest(code=code)
    answer: admin_service_pb2.DeleteBreakReasonResponse = run.session.call(run.session.admin.DeleteBreakReason, request)
    run.output.result(answer, f"deleted: {code}")


def _update(run: Invocation, request: admin_service_pb2.UpdateBreakReasonRequest) -> None:
    answer: admin_service_pb2.UpdateBreakReasonResponse = run.session.call(run.session.admin.UpdateBreakReason, request)
    run.output.result(answer, f"updated: {_sentence(answer.break_reason)}")


def _limit_and_state(reason: policy_pb2.BreakReason) -> tuple[str, str]:
    limit = length_of(reason.limit)
    state = "by the system only" if reason.built_in else ("yes" if reason.enabled else "no, disabled")
    return duration_text(limit) if limit else "none", state


def _sentence(reason: policy_pb2.BreakReason) -> str:
    limit, state = _limit_and_state(reason)
    name = f" ({reason.display_name})" if reason.display_name else ""
    return f"{reason.code}{name}, limit {limit}, can be chosen: {state}"
