"""The commands of `onduty staff`: the directory and the present states; importing files is staff_import.py's."""

from typing import Annotated

import typer
from google.protobuf.field_mask_pb2 import FieldMask

from onduty.v1 import admin_service_pb2, workspace_service_pb2
from onduty_cli import staff_import
from onduty_cli.answers import show_answer
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.completion import complete_group
from onduty_cli.counted import counted
from onduty_cli.known_names import require_groups, require_staff, staff_pages
from onduty_cli.moments import zone_name
from onduty_cli.options import Groups, RequestId, RequiredNote, StaffId, StaffIds, Statuses, staff_filter
from onduty_cli.sheets import STAFF
from onduty_cli.skill_groups import membership_messages, typed_memberships
from onduty_cli.staff_id import check_new_id
from onduty_cli.staff_table import staff_details, staff_table
from onduty_cli.staff_words import legend_of

app = typer.Typer(no_args_is_help=True, help="Add, import, list, show, delete and erase staff.")
app.add_typer(staff_import.app)

NewStaffId = Annotated[
    str, typer.Argument(metavar="STAFF_ID", help="The new staff member's id, without blanks.", show_default=False)
]
MemberGroups = Annotated[
    list[str] | None,
    typer.Option(
        "--group", "-g", metavar="GROUP[:LEVEL]", autocompletion=complete_group,
        help="A skill group, with a level of 0-100 where levels are used. May be repeated.",
    ),
]  # fmt: skip


@client_command(app, "add")
def add(
    run: Invocation,
    *,
    staff_id: NewStaffId,
    name: Annotated[str, typer.Option("--name", "-n", metavar="NAME", help="The name to show.")] = "",
    group: MemberGroups = None,
) -> None:
    """Add a staff member, who begins OFFLINE.

    Example: onduty staff add kim --name "Kim Novak" --group sales --group support:3
    """
    check_new_id(staff_id)
    groups = membership_messages(typed_memberships(group, "--group"))
    request = admin_service_pb2.CreateStaffRequest(staff_id=staff_id, display_name=name, skill_groups=groups)
    answer: admin_service_pb2.CreateStaffResponse = run.session.call(run.session.admin.CreateStaff, request)
    show_answer(run, answer, before="added: ")


@client_command(app, "update")
def update(
    run: Invocation,
    *,
    staff_id: StaffId,
    name: Annotated[str | None, typer.Option("--name", "-n", metavar="NAME", help="The new name.", show_default=False)] = None,
    group: MemberGroups = None,
    no_groups: Annotated[bool, typer.Option("--no-groups", help="Take out of all skill groups.")] = False,
) -> None:
    """Change name or skill groups. The groups given replace all the old ones.

    Example: onduty staff update kim --group sales
    """
    paths = [*(["display_name"] if name is not None else []), *(["skill_groups"] if group or no_groups else [])]
    if not paths or (group and no_groups):
        raise typer.BadParameter("give --name, and either --group or --no-groups, or one of them")
    request = admin_service_pb2.UpdateStaffRequest(
        staff_id=staff_id,
        display_name=name or "",
        skill_groups=membership_messages(typed_memberships(group, "--group")),
        update_mask=FieldMask(paths=paths),
    )
    answer: admin_service_pb2.UpdateStaffResponse = run.session.call(run.session.admin.UpdateStaff, request)
    show_answer(run, answer, before="updated: ")


@client_command(app, "list", table=True)
def list_staff(run: Invocation, *, group: Groups = None, status: Statuses = None, staff: StaffIds = None) -> None:
    """List staff with their status, for how long they have it, and what they can do now.

    Example: onduty staff list --group sales --status available
    """
    pages = staff_pages(run.session, staff_filter(group, status, staff))
    if not run.output.is_for_people:
        shown = 0
        for number, page in enumerate(pages):
            run.output.rows(STAFF, page, heading=not number)
            shown += len(page)
    else:
        members = [member for page in pages for member in page]
        shown = len(members)
        run.output.show(staff_table(members, now=run.clock.now()))
        run.output.remark(f"{shown} staff; {legend_of(members)}" if members else "no staff found")
    if not shown:
        require_groups(run.session, group)
        require_staff(run.session, staff)


@client_command(app, "show", table=True)
def show(run: Invocation, *, staff_id: StaffId) -> None:
    """Show everything about one staff member.

    Example: onduty staff show kim
    """
    request = workspace_service_pb2.GetStaffRequest(staff_id=staff_id)
    answer: workspace_service_pb2.GetStaffResponse = run.session.call(run.session.workspace.GetStaff, request)
    if run.output.is_for_people:
        run.output.show(staff_details(answer.staff, now=run.clock.now()))
        run.output.remark(f"times in {zone_name()}")
    else:
        run.output.rows(STAFF, [answer.staff])


@client_command(app, "delete")
def delete(run: Invocation, *, staff_id: StaffId) -> None:
    """Delete a staff member who is OFFLINE. History and times stay, until they are too old to be kept or are erased.

    Example: onduty staff delete kim
    """
    request = admin_service_pb2.DeleteStaffRequest(staff_id=staff_id)
    answer: admin_service_pb2.DeleteStaffResponse = run.session.call(run.session.admin.DeleteStaff, request)
    run.output.result(answer, f"deleted: {staff_id}")
    run.output.remark(f"History and times of {staff_id} stay; `onduty staff erase` takes the person out of them.")


@client_command(app, "erase")
def erase(
    run: Invocation,
    *,
    staff_id: Annotated[str, typer.Argument(metavar="STAFF_ID", help="The id that the person had.", show_default=False)],
    note: RequiredNote,
    person: Annotated[
        str, typer.Option("--person", metavar="PERSON_ID", help="Which person, where several had the id. Left out: all.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it: it cannot be undone.")] = False,
    request_id: RequestId = "",
) -> None:
    """Erase a deleted person from the history for good: id, name, notes, calls. What is left adds up without a name.

    Backups keep what they have. Do not name the person in the note: it is kept.

    Example: onduty staff erase kim --note "asked for on 3 March" --yes
    """
    if not yes:
        raise typer.BadParameter("this cannot be undone: say --yes to do it", param_hint="'--yes'")
    request = admin_service_pb2.EraseStaffRequest(staff_id=staff_id, person_id=person, note=note, request_id=request_id)
    answer: admin_service_pb2.EraseStaffResponse = run.session.call(run.session.admin.EraseStaff, request)
    word = "pseudonym" if len(answer.pseudonyms) == 1 else "pseudonyms"
    changes = counted(answer.transitions, "change")
    run.output.result(answer, f"erased: {changes} of the history now under the {word} {', '.join(answer.pseudonyms)}")
