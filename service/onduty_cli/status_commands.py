"""The commands that change a status, for staff and for supervisors; what is allowed is the server's to say."""

from pathlib import Path
from typing import Annotated

import typer

from onduty.v1 import supervisor_service_pb2, workspace_service_pb2
from onduty_cli.answers import show_answer
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.options import (
    AllOfGroup,
    ChosenStatus,
    DryRun,
    FromFile,
    MaybeChosenStatus,
    Note,
    Reason,
    RequestId,
    RequiredNote,
    SeveralStaff,
    StaffId,
)
from onduty_cli.status_batch import Wanted, choice_of, chosen_staff, set_for_several

app = typer.Typer(no_args_is_help=True, help="Change a status: for yourself, or as a supervisor (force, reset).")

_ON_BREAK = "STATUS_ON_BREAK"


@client_command(app, "set", table=True)
def set_status(
    run: Invocation,
    *,
    staff_id: SeveralStaff = None,
    status: ChosenStatus,
    reason: Reason = "",
    note: Note = "",
    all_of_group: AllOfGroup = None,
    from_file: FromFile = None,
    dry_run: DryRun = False,
    request_id: RequestId = "",
) -> None:
    """Change the status. A change from offline signs in, a change to offline signs out.

    For several staff: name them, or give --all-of-group or --from. A table tells what came of each; the exit code is 4 if a
    part of them could not be done.

    Example: onduty status set kim on-break --reason lunch
    """
    _check_reason(status, reason)
    ids = chosen_staff(run, staff_id or (), all_of_group, from_file)
    if _is_one(ids, all_of_group, from_file) and not dry_run and not run.output.is_csv:
        change_status(run, ids[0], status, reason=reason, note=note, request_id=request_id)
        return
    wanted = Wanted(status, reason, note, request_id=request_id)
    set_for_several(run, ids, wanted, force=False, dry_run=dry_run)


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
        staff_id=staff_id, choice=choice_of(status, reason), request_id=request_id
    )
    show_answer(run, run.session.call(run.session.workspace.SetNextStatus, request))


@client_command(app, "force", table=True)
def force(
    run: Invocation,
    *,
    staff_id: SeveralStaff = None,
    status: ChosenStatus,
    note: RequiredNote,
    reason: Reason = "",
    immediately: Annotated[
        bool, typer.Option("--immediately", help="Do not wait for the end of a call; drop it from the record.")
    ] = False,
    all_of_group: AllOfGroup = None,
    from_file: FromFile = None,
    dry_run: DryRun = False,
    request_id: RequestId = "",
) -> None:
    """As a supervisor: set somebody's status. In a call it becomes the next one, unless --immediately.

    For several staff: name them, or give --all-of-group or --from. A table tells what came of each; the exit code is 4 if a
    part of them could not be done.

    Example: onduty status force kim offline --note "left without signing out"
    """
    _check_reason(status, reason)
    ids = chosen_staff(run, staff_id or (), all_of_group, from_file)
    if not _is_one(ids, all_of_group, from_file) or dry_run or run.output.is_csv:
        set_for_several(run, ids, Wanted(status, reason, note, immediately, request_id), force=True, dry_run=dry_run)
        return
    request = supervisor_service_pb2.ForceStatusRequest(
        staff_id=ids[0], choice=choice_of(status, reason), note=note, immediately=immediately, request_id=request_id
    )
    show_answer(run, run.session.call(run.session.supervisor.ForceStatus, request))


@client_command(app, "reset")
def reset(run: Invocation, *, staff_id: StaffId, note: Note = "", request_id: RequestId = "") -> None:
    """As a supervisor: repair a stuck status. Calls, offer, wrap-up and next status go; the choice stays.

    Example: onduty status reset kim --note "the hang-up was lost"
    """
    request = supervisor_service_pb2.ResetStaffRequest(staff_id=staff_id, note=note, request_id=request_id)
    show_answer(run, run.session.call(run.session.supervisor.ResetStaff, request))


def _is_one(ids: list[str], groups: list[str] | None, file: Path | None) -> bool:
    return len(ids) == 1 and not groups and file is None


def change_status(
    run: Invocation, staff_id: str, status: str, *, reason: str = "", note: str = "", request_id: str = ""
) -> None:
    """Asks for another status (the contract's name of it) and shows the answer."""
    request = workspace_service_pb2.ChangeStatusRequest(
        staff_id=staff_id, choice=choice_of(status, reason), note=note, request_id=request_id
    )
    show_answer(run, run.session.call(run.session.workspace.ChangeStatus, request))


def _check_reason(status: str, reason: str) -> None:
    if status == _ON_BREAK and not reason:
        raise typer.BadParameter("on-break needs --reason; `onduty breaks list` shows the reasons")
    if reason and status != _ON_BREAK:
        raise typer.BadParameter("--reason goes with on-break only")
