"""The command `onduty staff import`: creates staff from a file in batches; reading the file is staff_file.py's."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from google.protobuf.field_mask_pb2 import FieldMask

from onduty.v1 import admin_service_pb2, staff_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.counted import counted
from onduty_cli.explanations import explain
from onduty_cli.failures import CommandError, ItemsError, RefusedError
from onduty_cli.file_text import FileText, read_file
from onduty_cli.known_names import staff_by_id
from onduty_cli.options import DryRun
from onduty_cli.output import object_line
from onduty_cli.refusals import refusal_of_item
from onduty_cli.several import ask_several, progress
from onduty_cli.skill_groups import membership_messages
from onduty_cli.staff_file import FaultyRow, StaffRow, read_staff_rows, staff_columns

app = typer.Typer()

BATCH_SIZE = 1_000
"""As many items as the contract takes in one BatchCreateStaff."""


@dataclass(slots=True)
class Tally:
    """What has become of the rows so far."""

    created: int = 0
    skipped: int = 0
    failed: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def done(self) -> int:
        """The rows that are as the file has them, or were to be passed over."""
        return self.created + self.skipped + self.updated + self.unchanged

    @property
    def rows(self) -> int:
        """All rows dealt with."""
        return self.done + self.failed


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with those who exist already, and whether to do anything."""

    skip_existing: bool
    update: bool
    dry_run: bool
    columns: tuple[str, ...]
    """What the file says of staff; an update leaves the rest alone."""


@client_command(app, "import")
def import_staff(
    run: Invocation,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file; - for standard input.", show_default=False)],
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Pass over staff who exist already; they stay as they are.")
    ] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Give staff who exist already the names and groups of the file.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Add staff from a CSV file, each row on its own: a bad one does not hold up the others.

    The first line names the columns: staff_id, display_name, skill_groups. Groups are separated by ; or |, each
    with its level where levels are used, as in cards:3. Files are taken as
    spreadsheets write them: with commas, semicolons or tabs; in UTF-8, UTF-16 or Windows-1252 (Latin-1). Faults are told with
    the file's line. The exit code is 4 if a part of the rows failed, 1 if all did.

    Example: onduty staff import staff.csv --skip-existing
    """
    if skip_existing and update:
        raise typer.BadParameter("give either --skip-existing or --update")
    content = read_file(file)
    plan = Plan(skip_existing, update, dry_run, tuple(staff_columns(content)[1:]))
    rows = list(read_staff_rows(content))
    run.output.remark(_recognised(content, rows))
    tally = Tally()
    try:
        _import(run, rows, plan, tally)
    except CommandError:
        if tally.rows:
            again = "--update" if update else "--skip-existing"
            run.output.remark(f"stopped after {counted(tally.rows, 'row')}; repeat with {again} to go on", style="bold red")
        raise
    _show(run, tally, plan)
    if tally.failed:
        raise ItemsError(tally.failed, tally.done)


def _recognised(content: FileText, rows: list[StaffRow | FaultyRow]) -> str:
    return f"{content.name}: {content.separator_words}, {content.encoding}, {counted(len(rows), 'row')}"


def _show(run: Invocation, tally: Tally, plan: Plan) -> None:
    if run.output.as_json:
        run.output.line(object_line(asdict(tally)))
        return
    said = [f"{tally.created} {'would be ' if plan.dry_run else ''}added"]
    if plan.skip_existing:
        said.append(f"{tally.skipped} existed already")
    if plan.update:
        said += [f"{tally.updated} {'would be ' if plan.dry_run else ''}updated", f"{tally.unchanged} unchanged"]
    run.output.line(", ".join([*said, f"{tally.failed} failed"]))


def _import(run: Invocation, rows: list[StaffRow | FaultyRow], plan: Plan, tally: Tally) -> None:
    existing = 0
    with progress(run.output, "adding staff", len(rows)) as advance:
        for batch in _batches(rows):
            good = [row for row in batch if isinstance(row, StaffRow)]
            faults = {row.line: row.fault for row in batch if isinstance(row, FaultyRow)}
            results = (_rehearse if plan.dry_run else _create)(run, good)
            present = [row for row, error in results if error is not None and error.reason == _EXISTS]
            tally.created += sum(error is None for _, error in results)
            faults |= {row.line: explain(error)[0] for row, error in results if error and error.reason != _EXISTS}
            if plan.skip_existing:
                tally.skipped += len(present)
            elif plan.update:
                faults |= _update(run, present, plan, tally)
            else:
                existing += len(present)
                faults |= {row.line: f"{row.staff_id} exists already" for row in present}
            tally.failed += len(faults)
            for line, fault in sorted(faults.items()):
                run.output.remark(f"line {line}: {fault}", style="red")
            advance(len(batch))
    if existing:
        run.output.remark("To pass over those who exist: --skip-existing. To give them the file's names and groups: --update.")


_EXISTS = "STAFF_EXISTS"
_Results = list[tuple[StaffRow, RefusedError | None]]


def _batches(rows: Iterable[StaffRow | FaultyRow]) -> Iterator[list[StaffRow | FaultyRow]]:
    rest = iter(rows)
    while batch := list(itertools.islice(rest, BATCH_SIZE)):
        yield batch


def _create(run: Invocation, rows: list[StaffRow]) -> _Results:
    if not rows:
        return []
    request = admin_service_pb2.BatchCreateStaffRequest(
        requests=[
            admin_service_pb2.CreateStaffRequest(
                staff_id=row.staff_id,
                display_name=row.display_name,
                skill_groups=membership_messages(row.skill_groups),
            )
            for row in rows
        ]
    )
    answer: admin_service_pb2.BatchCreateStaffResponse = run.session.call(run.session.admin.BatchCreateStaff, request)
    return [
        (row, None if result.HasField("taken") else refusal_of_item(result.error))
        for row, result in zip(rows, answer.results, strict=True)
    ]


def _rehearse(run: Invocation, rows: list[StaffRow]) -> _Results:
    """Finds out who exists already; what else the server may have against a row shows only in earnest."""
    known = staff_by_id(run.session, (row.staff_id for row in rows))
    exists = RefusedError("ALREADY_EXISTS", "", reason=_EXISTS)
    return [(row, exists if row.staff_id in known else None) for row in rows]


def _update(run: Invocation, rows: list[StaffRow], plan: Plan, tally: Tally) -> dict[int, str]:
    """Updates those who differ; returns the faults by line."""
    known = staff_by_id(run.session, (row.staff_id for row in rows))
    differing = [row for row in rows if _differs(row, known.get(row.staff_id), plan.columns)]
    tally.unchanged += len(rows) - len(differing)
    if plan.dry_run:
        tally.updated += len(differing)
        return {}
    faults: dict[int, str] = {}
    for row, answer in ask_several(differing, _updater(run, plan.columns)):
        if isinstance(answer, CommandError):
            faults[row.line] = explain(answer)[0]
        else:
            tally.updated += 1
    return faults


def _differs(row: StaffRow, present: staff_pb2.Staff | None, columns: tuple[str, ...]) -> bool:
    if present is None:
        return bool(columns)  # Deleted in between: the update will say so.
    if "display_name" in columns and row.display_name != present.display_name:
        return True
    return "skill_groups" in columns and dict(row.skill_groups) != {group.name: group.level for group in present.skill_groups}


def _updater(run: Invocation, columns: tuple[str, ...]) -> Callable[[StaffRow], admin_service_pb2.UpdateStaffResponse]:
    def update(row: StaffRow) -> admin_service_pb2.UpdateStaffResponse:
        request = admin_service_pb2.UpdateStaffRequest(
            staff_id=row.staff_id,
            display_name=row.display_name,
            skill_groups=membership_messages(row.skill_groups),
            update_mask=FieldMask(paths=columns),
        )
        answer: admin_service_pb2.UpdateStaffResponse = run.session.call(run.session.admin.UpdateStaff, request)
        return answer

    return update
