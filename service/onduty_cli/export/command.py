"""The command `onduty export`: every change of the history into a file, which it goes on with where it was ended."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from onduty.v1 import history_service_pb2, server_service_pb2, staff_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.completion import complete_group
from onduty_cli.counted import counted
from onduty_cli.export import parquet
from onduty_cli.export.spool import Note, Spool, SpoolError, part_of
from onduty_cli.failures import CommandError
from onduty_cli.history_pages import transition_filter
from onduty_cli.known_names import NameBook
from onduty_cli.options import Since, SomeStaff, Until
from onduty_cli.output import Output, csv_lines, object_line
from onduty_cli.sheets import TRANSITIONS, Cell, NamedTransition

app = typer.Typer()


class Form(Enum):
    """How rows are written. The value is the file's ending."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


ENDINGS: Final = {".csv": Form.CSV, ".jsonl": Form.JSONL, ".ndjson": Form.JSONL, ".parquet": Form.PARQUET}
COLUMNS: Final = list(TRANSITIONS.columns)

Row = list[Cell]


def _form(target: Path) -> Form:
    try:
        return ENDINGS[target.suffix.lower()]
    except KeyError:
        raise typer.BadParameter(f"{target.name}: its ending says the form, one of {', '.join(ENDINGS)}") from None


@client_command(app, "export")
def export(
    run: Invocation,
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", show_default=False, help="The file to make. Its ending says the form: .csv, .jsonl or .parquet."
        ),
    ],
    staff_id: SomeStaff = None,
    since: Since = None,
    until: Until = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", metavar="GROUP", autocompletion=complete_group,
            help="Only changes of who was in this skill group then. May be repeated.",
        ),
    ] = None,
    status_changes: Annotated[
        bool, typer.Option("--status-changes", help="Leave out changes that left the status as it was.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there already.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew what was ended in its middle.")] = False,
) -> None:  # fmt: skip
    """Write every change of the history to a file: CSV, JSON Lines, or Parquet for data warehouses, with the same columns.

    Rows go to FILE.part until all are there. What was ended in its middle goes on where it was when the same is typed again.

    Example: onduty export march.parquet --since 2026-03-01 --until 2026-04-01
    """
    form = _form(file)
    if file.exists() and not force:
        raise typer.BadParameter(f"{file} is there already; name another file, or say --force")
    asked = transition_filter(run, staff_id, since, until)
    asked.skill_groups.extend(group or ())
    asked.status_changes_only = status_changes
    typed = repr((form.value, run.session.endpoint.tenant, staff_id, since, until, group, status_changes))
    header = csv_lines([COLUMNS]).encode() if form is Form.CSV else b""
    try:
        if form is Form.PARQUET:
            parquet.require()
        begin = Note(typed, asked.SerializeToString().hex())
        with Spool.open(file, begin, header=header, restart=restart) as spool:
            _take_in(run, form, spool)
            _finish(run.output, form, file, spool)
    except (SpoolError, parquet.ParquetMissingError) as error:
        run.output.remark(str(error), style="bold red")
        raise typer.Exit(1) from error
    except OSError as error:
        run.output.remark(f"{error.filename or file}: {error.strerror or error}", style="bold red")
        raise typer.Exit(1) from error
    run.output.remark(f"{counted(spool.note.rows, 'change')} in {file}")


def _take_in(run: Invocation, form: Form, spool: Spool) -> None:
    """Take in all that follows what the spool has."""
    info = run.session.call(run.session.server.GetServerInfo, server_service_pb2.GetServerInfoRequest())
    book, begun = NameBook(run.session), spool.note.rows
    if begun:
        run.output.remark(f"goes on after {counted(begun, 'change')}")
    asked = history_service_pb2.TransitionFilter.FromString(bytes.fromhex(spool.note.asked))
    request = history_service_pb2.ExportTransitionsRequest(filter=asked, resume_after=spool.note.position)
    try:
        with _bar(run.output, "Changes", info.head) as reached:
            for frame in run.session.frames(run.session.history.ExportTransitions, request, however_long=True):
                spool.write([_line(form, row) for row in _rows(frame.transitions, book)], frame.position)
                if frame.transitions:
                    reached(frame.transitions[-1].revision)
    except (CommandError, KeyboardInterrupt):
        part = counted(spool.note.rows, "change")
        run.output.remark(f"{part} are kept; the same command goes on after them, and --restart begins anew")
        raise


def _rows(transitions: Sequence[staff_pb2.Transition], book: NameBook) -> Iterator[Row]:
    names = book.names(transition.staff_id for transition in transitions)
    return (TRANSITIONS.cells_of(NamedTransition(one, names[one.staff_id])) for one in transitions)


def _line(form: Form, row: Row) -> bytes:
    if form is Form.CSV:
        return csv_lines([row]).encode()
    return f"{object_line(dict(zip(COLUMNS, row, strict=True)))}\n".encode()


def _finish(output: Output, form: Form, target: Path, spool: Spool) -> None:
    if form is not Form.PARQUET:
        spool.finish()
        return
    spool.flush()
    made = target.with_name(f"{target.name}.part.parquet")
    written = 0
    try:
        with _bar(output, "Parquet", spool.note.rows) as reached:

            def show(rows: int) -> None:
                nonlocal written
                written += rows
                reached(written)

            parquet.write(part_of(target), made, COLUMNS, show)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
    spool.forget()


@contextmanager
def _bar(output: Output, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal while the block lasts; what it yields tells how far it is."""
    columns = (TextColumn(what), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=output.errors, transient=True, disable=not output.errors.is_terminal) as progress:
        task = progress.add_task("", total=max(total, 1))
        yield lambda reached: progress.update(task, completed=reached)
