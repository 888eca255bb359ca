"""The command `onduty staff import`: creates staff from a file in batches; reading the file is staff_file.py's."""

import contextlib
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from onduty.v1 import admin_service_pb2, errors_pb2, staff_pb2
from onduty_server.cli.client_command import Invocation, client_command
from onduty_server.cli.explanations import explain, of_item
from onduty_server.cli.failures import CommandError, InputError, ItemsError
from onduty_server.cli.staff_file import FaultyRow, StaffRow, read_staff_rows

app = typer.Typer()

BATCH_SIZE = 1_000
"""As many items as the contract takes in one BatchCreateStaff."""


@dataclass(slots=True)
class Tally:
    """What has become of the rows so far."""

    created: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def rows(self) -> int:
        """All rows dealt with."""
        return self.created + self.skipped + self.failed


@client_command(app, "import")
def import_staff(
    run: Invocation,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file; - for standard input.", show_default=False)],
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Pass over staff who exist already; they stay as they are.")
    ] = False,
) -> None:
    """Add staff from a CSV file, each row on its own: a bad one does not hold up the others.

    The first line names the columns: staff_id, display_name, skill_groups. Groups are separated by ; or |.
    Faults are told with the file's line. The exit code is 1 if any row failed.

    Example: onduty staff import staff.csv --skip-existing
    """
    tally = Tally()
    try:
        _import(run, _rows_of(file), tally, skip_existing=skip_existing)
    except CommandError:
        if tally.rows:
            run.output.remark(f"stopped after {tally.rows} rows; repeat with --skip-existing to go on", style="bold red")
        raise
    if run.output.as_json:
        run.output.line(json.dumps(asdict(tally)))
    else:
        skipped = f", {tally.skipped} existed already" if skip_existing else ""
        run.output.line(f"{tally.created} added{skipped}, {tally.failed} failed")
    if tally.failed:
        raise ItemsError(tally.failed)


def _rows_of(file: Path) -> list[StaffRow | FaultyRow]:
    name = "standard input" if str(file) == "-" else str(file)
    try:
        with _opened(file) as text:
            return list(read_staff_rows(text, name=name))
    except OSError as error:
        raise InputError(name, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise InputError(name, f"it is not UTF-8 text (byte {error.start})") from error


def _opened(file: Path) -> contextlib.AbstractContextManager[TextIO]:
    if str(file) == "-":
        return contextlib.nullcontext(sys.stdin)
    return file.open(encoding="utf-8-sig", newline="")


def _import(run: Invocation, rows: list[StaffRow | FaultyRow], tally: Tally, *, skip_existing: bool) -> None:
    columns = (TextColumn("adding staff"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=run.output.errors, transient=True, disable=not run.output.errors.is_terminal) as bar:
        task = bar.add_task("", total=len(rows))
        for batch in _batches(rows):
            good = [row for row in batch if isinstance(row, StaffRow)]
            faults = {row.line: row.fault for row in batch if isinstance(row, FaultyRow)}
            for row, result in zip(good, _create(run, good), strict=True):
                if result.HasField("response"):
                    tally.created += 1
                elif skip_existing and result.error.reason == errors_pb2.ERROR_REASON_STAFF_EXISTS:
                    tally.skipped += 1
                else:
                    faults[row.line] = explain(of_item(result.error))[0]
            tally.failed += len(faults)
            for line, fault in sorted(faults.items()):
                run.output.remark(f"line {line}: {fault}", style="red")
            bar.advance(task, len(batch))


def _batches(rows: Iterable[StaffRow | FaultyRow]) -> Iterator[list[StaffRow | FaultyRow]]:
    rest = iter(rows)
    while batch := list(itertools.islice(rest, BATCH_SIZE)):
        yield batch


def _create(run: Invocation, rows: list[StaffRow]) -> Iterable[admin_service_pb2.CreateStaffResult]:
    if not rows:
        return ()
    request = admin_service_pb2.BatchCreateStaffRequest(
        requests=[
            admin_service_pb2.CreateStaffRequest(
                staff=staff_pb2.Staff(staff_id=row.staff_id, display_name=row.display_name, skill_groups=row.skill_groups)
            )
            for row in rows
        ]
    )
    answer: admin_service_pb2.BatchCreateStaffResponse = run.session.call(run.session.admin.BatchCreateStaff, request)
    return answer.results
