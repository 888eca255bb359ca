"""Sets the status of several staff: whom it concerns, the requests, and the table of outcomes; the rules are the server's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import typer
from rich.text import Text

from onduty.v1 import staff_pb2, supervisor_service_pb2, workspace_service_pb2
from onduty_cli.client_command import Invocation
from onduty_cli.explanations import explain
from onduty_cli.failures import CommandError, ItemsError, UnknownNameError
from onduty_cli.known_names import require_groups, staff_by_id, staff_pages
from onduty_cli.output import plain_table, printable
from onduty_cli.refusals import refusal_of_item
from onduty_cli.several import ask_several, progress
from onduty_cli.sheets import Sheet
from onduty_cli.staff_file import read_staff_ids
from onduty_cli.words import status_word

BATCH_SIZE = 1_000
"""As many items as the contract takes in one BatchForceStatus."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The status that is asked for, and how."""

    status: str
    reason: str = ""
    note: str = ""
    immediately: bool = False
    request_id: str = ""


def choice_of(status: str, reason: str = "") -> staff_pb2.StatusChoice:
    """Returns a choice as the contract has it; ``status`` is the contract's name."""
    return staff_pb2.StatusChoice(status=status, break_reason=reason)


class Outcome(NamedTuple):
    """What came of one person."""

    staff_id: str
    display_name: str
    result: str
    """``done``, ``refused``, ``failed`` or ``would be asked for``."""
    status: str
    """As it is afterwards; empty where that is not known."""
    error: str = ""


STATUS_RESULTS: Sheet[Outcome] = Sheet(
    {
        "staff_id": lambda one: one.staff_id,
        "display_name": lambda one: one.display_name,
        "result": lambda one: one.result,
        "status": lambda one: one.status,
        "error": lambda one: one.error,
    },
    lambda one: one._asdict(),
)


def chosen_staff(run: Invocation, ids: Sequence[str], groups: Sequence[str] | None, file: Path | None) -> list[str]:
    """Returns the ids of all whom the arguments name, each once, in their order.

    Raises:
        typer.BadParameter: Nobody is named.
        UnknownNameError: There is no such skill group.
        InputError: The file cannot be used.
    """
    chosen = [*ids, *(read_staff_ids(file) if file is not None else ())]
    if groups:
        require_groups(run.session, groups)
        wanted = staff_pb2.StaffFilter(skill_groups=groups)
        chosen += [member.staff_id for page in staff_pages(run.session, wanted) for member in page]
    if not chosen:
        raise typer.BadParameter("name the staff: STAFF_ID, --all-of-group or --from")
    return list(dict.fromkeys(chosen))


def set_for_several(run: Invocation, ids: Sequence[str], wanted: Wanted, *, force: bool, dry_run: bool) -> None:
    """Asks for the status of each, and shows what came of it.

    Raises:
        ItemsError: Not all were done.
    """
    known = staff_by_id(run.session, ids)
    if dry_run:
        found = list(_rehearsed(ids, known))
    else:
        with progress(run.output, "setting status", len(ids)) as advance:
            found = []
            for outcome in (_forced if force else _changed)(run, ids, wanted):
                found.append(outcome._replace(display_name=_name(known, outcome.staff_id)))
                advance(1)
    _show(run, found, dry_run=dry_run)


def _name(known: dict[str, staff_pb2.Staff], staff_id: str) -> str:
    return known[staff_id].display_name if staff_id in known else ""


def _rehearsed(ids: Sequence[str], known: dict[str, staff_pb2.Staff]) -> Iterator[Outcome]:
    for staff_id in ids:
        if staff_id in known:
            member = known[staff_id]
            yield Outcome(staff_id, member.display_name, "would be asked for", _status_of(member))
        else:
            fault = explain(UnknownNameError("staff member", staff_id, (), ""))[0]
            yield Outcome(staff_id, "", "would be refused", "", fault)


def _status_of(member: staff_pb2.Staff) -> str:
    return status_word(member.status, member.break_reason)


def _status_taken(status: int, wanted: Wanted) -> str:
    """The status of a batch's item, which tells no break reason: who is on break now is so for the one that was asked for."""
    return status_word(status, wanted.reason if status == staff_pb2.STATUS_ON_BREAK else "")


def _changed(run: Invocation, ids: Sequence[str], wanted: Wanted) -> Iterator[Outcome]:
    def ask(staff_id: str) -> workspace_service_pb2.ChangeStatusResponse:
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id=staff_id,
            choice=choice_of(wanted.status, wanted.reason),
            note=wanted.note,
            # One id for each request: its repetition with the same staff is carried out once.
            request_id=f"{wanted.request_id}/{staff_id}" if wanted.request_id else "",
        )
        answer: workspace_service_pb2.ChangeStatusResponse = run.session.call(run.session.workspace.ChangeStatus, request)
        return answer

    for staff_id, answer in ask_several(ids, ask):
        if isinstance(answer, CommandError):
            yield _failed(staff_id, answer)
        else:
            yield Outcome(staff_id, "", "done", _status_of(answer.staff))


def _forced(run: Invocation, ids: Sequence[str], wanted: Wanted) -> Iterator[Outcome]:
    for number, start in enumerate(range(0, len(ids), BATCH_SIZE)):
        batch = ids[start : start + BATCH_SIZE]
        request = supervisor_service_pb2.BatchForceStatusRequest(
            requests=[
                supervisor_service_pb2.ForceStatusRequest(
                    staff_id=staff_id,
                    choice=choice_of(wanted.status, wanted.reason),
                    note=wanted.note,
                    immediately=wanted.immediately,
                )
                for staff_id in batch
            ],
            request_id=f"{wanted.request_id}/{number}" if wanted.request_id else "",
        )
        try:
            answer: supervisor_service_pb2.BatchForceStatusResponse = run.session.call(
                run.session.supervisor.BatchForceStatus, request
            )
        except CommandError as failure:
            yield from (_failed(staff_id, failure) for staff_id in ids[start:])
            return
        for staff_id, result in zip(batch, answer.results, strict=True):
            if result.HasField("taken"):
                yield Outcome(staff_id, "", "done", _status_taken(result.taken.status, wanted))
            else:
                yield _failed(staff_id, refusal_of_item(result.error))


def _failed(staff_id: str, failure: CommandError) -> Outcome:
    word, _, rest = explain(failure)[0].partition(": ")
    return Outcome(staff_id, "", "refused" if word in {"refused", "unknown"} else "failed", "", rest or word)


def _show(run: Invocation, found: list[Outcome], *, dry_run: bool) -> None:
    failed = sum(bool(outcome.error) for outcome in found)
    if run.output.is_for_people:
        table = plain_table("staff", "name", "result", "status", "error")
        for outcome in found:
            style = "red" if outcome.error else ""
            table.add_row(*(Text(printable(cell), style=style) for cell in outcome))
        run.output.show(table)
    else:
        run.output.rows(STATUS_RESULTS, found)
    done = "would be asked for" if dry_run else "done"
    run.output.remark(f"{len(found) - failed} {done}, {failed} not", style="bold red" if failed else "dim")
    if failed:
        raise ItemsError(failed, len(found) - failed)
