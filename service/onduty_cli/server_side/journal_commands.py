"""The commands of `onduty journal`: they work on a journal's file, not through a server; how is adapters/sqlite's."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from onduty_cli.counted import counted
from onduty_cli.output import Output, plain_table
from onduty_cli.server_side.journal_places import inspected, source_at, target_at, verified
from onduty_server.adapters.journal_report import JournalReport
from onduty_server.adapters.sqlite import backup as files
from onduty_server.adapters.sqlite.inspection import inspect
from onduty_server.adapters.sqlite.restore import restore
from onduty_server.adapters.stored_rows import CopyError
from onduty_server.config import DEFAULT_JOURNAL, DEFAULT_SCHEMA, ConfigError, configured_journal, is_postgres
from onduty_server.ports import JournalLockedError, JournalOpenError, RecordDamagedError
from onduty_server.wire.codec import ProtobufCodec

app = typer.Typer(
    name="journal",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Back up, verify, restore, look into and delete a journal's file.",
)

ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
INTERRUPTED_EXIT: Final = 130

OfJournal = Annotated[
    str | None,
    typer.Option(
        "--journal", envvar="ONDUTY_JOURNAL", metavar="PATH", show_default=False,
        help=f"The journal's file. Left out: the server's default, {DEFAULT_JOURNAL}.",
    ),
]  # fmt: skip
APlace = Annotated[
    str,
    typer.Argument(
        metavar="PLACE", help="A journal's file, a backup, or the address of one in PostgreSQL.", show_default=False
    ),
]  # fmt: skip
ASchema = Annotated[
    str,
    typer.Option("--postgres-schema", envvar="ONDUTY_POSTGRES_SCHEMA", help="The schema of a journal in PostgreSQL."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as one line of JSON.")]


@app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to make.", show_default=False)],
    *,
    journal: OfJournal = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there already.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy a journal, also while a server has it in use, and verify the copy.

    The copy is the journal as it is at one moment, and complete without any other file. It takes the name FILE only when all of
    it is written, synced and verified; a backup that fails or is ended leaves nothing with that name.

    Example: onduty journal backup monday.db
    """
    output = Output(as_json=as_json)
    with _told_in_words(output), _progress() as shown:
        source = configured_journal(journal, os.environ)
        bars = {"copying": shown("Copying"), "verifying": shown("Verifying")}
        report = files.back_up(source, file, ProtobufCodec(), force=force, **bars)
    _show(report, output)
    if not as_json:
        output.remark(f"backed up to {report.path} and verified")


@app.command("verify")
def verify_journal(place: APlace, *, postgres_schema: ASchema = DEFAULT_SCHEMA, as_json: AsJson = False) -> None:
    """Check every page, revision, state and answer of a journal or backup. Exit code 1: something is wrong.

    Of a journal in PostgreSQL, pages are left to the database's own tools.

    Example: onduty journal verify monday.db
    """
    output = Output(as_json=as_json)
    with _told_in_words(output), _progress() as shown:
        report = verified(place, postgres_schema, shown("Verifying"))
    _show(report, output)
    for problem in report.problems:
        output.remark(f"wrong: {problem}", style="bold red")
    if report.problems:
        output.remark(f"{report.path} is damaged: do not start a server on it; take the newest backup that verifies.")
        raise typer.Exit(1)
    if report.log_is_missing:
        output.remark(
            "There is no write-ahead log beside it. That is right after its server was stopped; if the file was copied by hand"
            " from a running server, its newest changes are missing. `onduty journal backup` copies all."
        )
    if not as_json:
        output.remark("nothing is wrong")


@app.command("restore")
def restore_backup(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="The backup to restore.", show_default=False)],
    *,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            envvar="ONDUTY_JOURNAL",
            metavar="JOURNAL",
            show_default=False,
            help=f"The journal to make. Left out: the server's default, {DEFAULT_JOURNAL}.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace JOURNAL if it is there; it is kept under another name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the journal's place, verified, and begin a new epoch. BACKUP stays as it is.

    It refuses while a server has the journal. In a new epoch every position from before is refused, so whoever watches begins
    afresh, and nobody goes on from a history that is not there any more.

    Example: onduty journal restore monday.db --force
    """
    output = Output(as_json=as_json)
    with _told_in_words(output), _progress() as shown:
        journal = configured_journal(to, os.environ)
        bars = {"copying": shown("Copying"), "verifying": shown("Verifying")}
        restored = restore(backup, journal, ProtobufCodec(), force=force, make_directory=to is None, **bars)
    _show(restored.report, output)
    if not as_json:
        output.remark(f"restored to {restored.report.path} and verified; a new epoch begins, so watchers begin afresh")
    if restored.replaced is not None:
        output.remark(f"the journal that was there is {restored.replaced}; delete it when nothing of it is missed")


@app.command("info")
def info(place: APlace, *, postgres_schema: ASchema = DEFAULT_SCHEMA, as_json: AsJson = False) -> None:
    """Show what a journal or backup holds.

    Example: onduty journal info monday.db
    """
    output = Output(as_json=as_json)
    with _told_in_words(output):
        report = inspected(place, postgres_schema)
    _show(report, output)


@app.command("copy")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A journal's file, or an address.", show_default=False)],
    target: Annotated[str, typer.Argument(metavar="TO", help="A new file, or an address.", show_default=False)],
    *,
    postgres_schema: ASchema = DEFAULT_SCHEMA,
    as_json: AsJson = False,
) -> None:
    """Copy a journal between a file and a PostgreSQL database, and verify the copy.

    Revisions, positions, request ids, persons and the epoch stay as they are, so clients go on as if nothing had been. No
    server may have either journal, and TO must be a new file or an empty schema. FROM stays as it is; a server that is
    started on it later begins a new epoch there.

    Example: onduty journal copy onduty.db postgresql://onduty@db.example/onduty
    """
    output = Output(as_json=as_json)
    with _told_in_words(output), _progress() as shown, ExitStack() as stack:
        if is_postgres(source) and is_postgres(target):
            raise CopyError("both are in PostgreSQL: copy with the database's own tools, as pg_dump")
        found = stack.enter_context(source_at(source, postgres_schema))
        into = stack.enter_context(target_at(target, postgres_schema))
        into.take(found.rows(), shown("Copying"))
        report = verified(target, postgres_schema, shown("Verifying"))
        if not report.problems:
            found.retire()
    _show(report, output)
    if report.problems:
        output.remark(f"the copy is not right, do not use it: {report.problems[0]}", style="bold red")
        raise typer.Exit(1)
    if not as_json:
        output.remark(f"copied to {report.path} and verified; start the server on it, and not on the old one any more")


@app.command("delete")
def delete(
    *,
    journal: OfJournal = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a journal for good, to begin afresh: staff, statuses, the whole history. It asks first.

    It refuses while a server has the journal. Whoever answers anything but yes keeps it, which is no error.

    Example: onduty journal delete
    """
    output = Output(as_json=False)
    with _told_in_words(output):
        path = configured_journal(journal, os.environ).resolve()
        if not path.exists():
            output.remark(f"there is no journal at {path}: nothing to delete")
            return
        with files.nobody_has(path):
            typer.echo(f"This deletes for good: {path}\n  {_contents(path)}")
            answer = "yes" if yes else _answer()
            if answer != "yes":
                output.remark("nothing was deleted", style="bold red")
                raise typer.Exit(0 if answer else 1)  # who says no has what they want; a script that says nothing has not.
            files.remove(path)
    typer.echo(f"deleted: {path}")


def _contents(path: Path) -> str:
    try:
        report = inspect(path, ProtobufCodec())
    except JournalOpenError as error:
        return f"what it holds cannot be told: {error}"
    since = f", the oldest of {_at(report.oldest_at)}" if report.oldest_at else ""
    return f"{report.staff:,} staff, {counted(report.records, 'change')}{since}"


def _answer() -> str:
    typer.echo("Type yes to delete it: ", nl=False)
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        typer.echo()
    return answer.strip().lower()


@contextmanager
def _told_in_words(output: Output) -> Iterator[None]:
    """Ends the command with a sentence and an exit code for whatever may go wrong; a signal leaves nothing behind."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # What is ignored stays ignored, as nohup sets it.
    heard = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in heard}
    try:
        yield
    except (JournalOpenError, JournalLockedError, RecordDamagedError, files.BackupError, CopyError, ConfigError) as error:
        output.remark(f"onduty: {error}", style="bold red")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        output.remark("ended before its end; nothing was left behind", style="bold red")
        raise typer.Exit(INTERRUPTED_EXIT) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress() -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Bars on a terminal's standard error; what makes one is given its title."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def bar(title: str) -> Callable[[int, int], None]:
            task = bars.add_task(title, total=None, visible=False)
            return lambda done, of: bars.update(task, completed=done, total=of, visible=True)

        yield bar


def _show(report: JournalReport, output: Output) -> None:
    if output.as_json:
        output.line(json.dumps(_document(report)))
        return
    table = plain_table("what", "value")
    table.show_header = False
    for what, value in _rows(report):
        table.add_row(what, value)
    output.show(table)


def _rows(report: JournalReport) -> list[tuple[str, str]]:
    rows = [
        ("journal" if isinstance(report.path, str) else "file", str(report.path)),
        ("size", counted(report.size_bytes, "byte")),
        ("store", f"{report.store_id or '?'}, epoch {report.epoch}, version {report.version}"),
        ("head", f"revision {report.head:,}" + (f" of {_at(report.newest_at)}" if report.newest_at else "")),
        ("oldest", f"revision {report.oldest:,} of {_at(report.oldest_at)}" if report.oldest_at else "none"),
        ("changes", f"{report.records:,} kept"),
        ("answers", f"{report.answers:,} kept for repeated requests"),
        ("staff", f"{report.staff:,}"),
    ]
    return rows + [(f"  {tenant}", f"{staff:,}") for tenant, staff in sorted(report.staff_by_tenant.items())]


def _document(report: JournalReport) -> dict[str, object]:
    return {
        "file": str(report.path),
        "size_bytes": report.size_bytes,
        "store_id": report.store_id,
        "epoch": report.epoch,
        "version": report.version,
        "head": report.head,
        "newest_at": _at(report.newest_at),
        "oldest": report.oldest,
        "oldest_at": _at(report.oldest_at),
        "changes": report.records,
        "answers": report.answers,
        "staff": report.staff,
        "staff_by_tenant": report.staff_by_tenant,
        "problems": report.problems,
    }


def _at(instant: int | None) -> str:
    return datetime.fromtimestamp(instant / 1e6, UTC).isoformat(timespec="seconds") if instant is not None else ""
