"""The commands that change a status, for staff and for supervisors; what is allowed is the server's to say."""

from typing import Annotated

import typer

from onduty.v1 import supervisor_service_pb2, workspace_service_pb2
from onduty_server.cli.answers import show_answer
from onduty_server.cli.client_command import Invocation, client_command
from onduty_server.cli.options import (
    ChosenStatus,
    MaybeChosenStatus,
    Note,
    Reason,
    RequestId,
    RequiredNote,
    StaffId,
)

app = typer.Typer(no_args_is_help=True, help="Change a status: for yourself, or as a supervisor (force, reset).")

_ON_BREAK = "STATUS_ON_BREAK"


@client_command(app, "set")
def set_status(
    run: Invocation,
    *,
    staff_id: StaffId,
    status: ChosenStatus,
    reason: Reason = "",
    note: Note = "",
    request_id: RequestId = "",
) -> None:
    """Change the status. A change from offline signs in, a change to offline signs out.

    Example: onduty status set kim on-break --reason lunch
    """
    _check_reason(status, reason)
    change_status(run, staff_id, status, reason=reason, note=note, request_id=request_id)


@client_command(app, "back-to-reception")
def back_to_reception(run: Invocation, *, staff_id: StaffId, request_id: RequestId = "") -> None:
    """End after-call work now and be AVAILABLE.

    Example: onduty status back-to-reception kim
    """
    request = workspace_service_pb2.BackToReceptionRequest(staff_id=staff_id, request_id=request_id)
    show_answer(run, run.session.call(run.session.workspace.BackToReception, request))


@client_command(app, "continue")
def continue_after_call_work(run: Invocation, *, staff_id: StaffId, request_id: RequestId = "") -> None:
    """Stop the countdown of after-call work: it lasts until it is ended by hand.

    Example: onduty status continue kim
    """
    request = workspace_service_pb2.ContinueAfterCallWorkRequest(staff_id=staff_id, request_id=request_id)
    show_answer(run, run.session.call(run.session.workspace.ContinueAfterCallWork, request))


@client_command(app, "next")
def next_status(
    run: Invocation,
    *,
    staff_id: StaffId,
    status: MaybeChosenStatus = None,
    reason: Reason = "",
    clear: Annotated[bool, typer.Option("--clear", help="Take the next status back.")] = False,
    request_id: RequestId = "",
) -> None:
    """In a call or after-call work: set the status that comes next, or take it back with --clear.

    Example: onduty status next kim on-break --reason lunch
    """
    if clear == (status is not None):
        raise typer.BadParameter("give either a STATUS or --clear")
    if status is None:
        clearing = workspace_service_pb2.ClearNextStatusRequest(staff_id=staff_id, request_id=request_id)
        show_answer(run, run.session.call(run.session.workspace.ClearNextStatus, clearing))
        return
    _check_reason(status, reason)
    request = workspace_service_pb2.SetNextStatusRequest(
        staff_id=staff_id, status=status, break_reason=reason, request_id=request_id
    )
    show_answer(run, run.session.call(run.session.workspace.SetNextStatus, request))


@client_command(app, "force")
def force(
    run: Invocation,
    *,
    staff_id: StaffId,
    status: ChosenStatus,
    note: RequiredNote,
    reason: Reason = "",
    immediately: Annotated[
        bool, typer.Option("--immediately", help="Do not wait for the end of a call; drop it from the record.")
    ] = False,
    request_id: RequestId = "",
) -> None:
    """As a supervisor: set somebody's status. In a call it becomes the next one, unless --immediately.

    Example: onduty status force kim offline --note "left without signing out"
    """
    _check_reason(status, reason)
    request = supervisor_service_pb2.ForceStatusRequest(
        staff_id=staff_id, status=status, break_reason=reason, note=note, immediately=immediately, request_id=request_id
    )
    show_answer(run, run.session.call(run.session.supervisor.ForceStatus, request))


@client_command(app, "reset")
def reset(run: Invocation, *, staff_id: StaffId, note: Note = "", request_id: RequestId = "") -> None:
    """As a supervisor: repair a stuck status. Calls, offer, wrap-up and next status go; the choice stays.

    Example: onduty status reset kim --note "the hang-up was lost"
    """
    request = supervisor_service_pb2.ResetStaffRequest(staff_id=staff_id, note=note, request_id=request_id)
    show_answer(run, run.session.call(run.session.supervisor.ResetStaff, request))


def change_status(
    run: Invocation, staff_id: str, status: str, *, reason: str = "", note: str = "", request_id: str = ""
) -> None:
    """Asks for another status (the contract's name of it) and shows the answer."""
    request = workspace_service_pb2.ChangeStatusRequest(
        staff_id=staff_id, status=status, break_reason=reason, note=note, request_id=request_id
    )
    show_answer(run, run.session.call(run.session.workspace.ChangeStatus, request))


def _check_reason(status: str, reason: str) -> None:
    if status == _ON_BREAK and not reason:
        raise typer.BadParameter("on-break needs --reason; `onduty breaks list` shows the reasons")
    if reason and status != _ON_BREAK:
        raise typer.BadParameter("--reason goes with on-break only")
