"""The command `onduty audit`: who was refused, which credentials are in force, who changed what; it changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote

import typer
from rich.text import Text

from onduty.v1 import admin_service_pb2 as pb
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.counted import counted
from onduty_cli.failures import CommandError
from onduty_cli.history_pages import moment_option
from onduty_cli.moments import instant_of, moment_text, timestamp_of, zone_name
from onduty_cli.options import Since, Until
from onduty_cli.output import plain_table, printable
from onduty_cli.pages import pages_of
from onduty_cli.sheets import Sheet, at, message_object
from onduty_cli.words import short_name

app = typer.Typer()

_KINDS = {
    "refused": (pb.AUDIT_KIND_ACCESS_REFUSED,),
    "credentials": (pb.AUDIT_KIND_CREDENTIALS_CHANGED, pb.AUDIT_KIND_CERTIFICATE_LOADED, pb.AUDIT_KIND_FILE_REFUSED),
    "configuration": (pb.AUDIT_KIND_CONFIGURATION_CHANGED,),
    "start": (pb.AUDIT_KIND_SERVER_STARTED,),
}
_AT_ONCE = 1_000

AUDIT: Sheet[pb.AuditEntry] = Sheet(
    {
        "number": lambda one: one.number,
        "at": lambda one: at(one, "at"),
        "kind": lambda one: short_name(pb.AuditKind, one.kind),
        "tenant": lambda one: one.tenant,
        "actor_id": lambda one: one.actor_id,
        "credential_kind": lambda one: one.credential_kind,
        "credential_id": lambda one: one.credential_id,
        "peer": lambda one: one.peer,
        "method": lambda one: one.method,
        "reason": lambda one: one.reason,
        "problem": lambda one: one.problem,
        "subject": lambda one: one.subject,
        "detail": lambda one: one.detail,
        "request_id": lambda one: one.request_id,
        "count": lambda one: one.count,
    },
    message_object,
)


@client_command(app, "audit", table=True)
def audit(
    run: Invocation,
    *,
    kind: Annotated[
        Literal["refused", "credentials", "configuration", "start"] | None,
        typer.Option("--kind", help="Only of this kind.", show_default=False),
    ] = None,
    since: Since = None,
    until: Until = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="Show the newest on top.")] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Read this audit log of a server, with the files before it; ask no server.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show the audit log: who was refused and why, which credentials are in force, who changed configuration from where.

    Example: onduty audit --kind refused
    """  # fmt: skip
    now = run.clock.now()
    request = pb.ListAuditEntriesRequest(kinds=_KINDS[kind] if kind else (), newest_first=newest_first)
    if since is not None:
        request.starts_at.CopyFrom(timestamp_of(moment_option("--since", since, now=now)))
    if until is not None:
        request.ends_at.CopyFrom(timestamp_of(moment_option("--until", until, now=now)))
    shown = 0
    for entries in _of_server(run, request) if file is None else _of_file(file, request):
        if run.output.is_for_people and entries:
            _show(run, entries, heading=not shown)
        elif not run.output.is_for_people:
            run.output.rows(AUDIT, entries, heading=not shown)
        shown += len(entries)
    if not shown:
        run.output.remark("no entries found")
    elif run.output.is_for_people:
        run.output.remark(f"times in {zone_name()}")


def _of_server(run: Invocation, request: pb.ListAuditEntriesRequest) -> Iterator[Sequence[pb.AuditEntry]]:
    for page in pages_of(run.session, run.session.admin.ListAuditEntries, request):
        yield page.entries


def _of_file(file: Path, request: pb.ListAuditEntriesRequest) -> Iterator[Sequence[pb.AuditEntry]]:
    """What a server would list of the file, a part at a time."""
    from onduty_cli.server_side.audit_reading import read_audit  # noqa: PLC0415 - the server's code is for this option alone.

    try:
        found = [entry for entry in read_audit(file) if _is_asked(entry, request)]
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    if request.newest_first:
        found.reverse()
    for start in range(0, len(found), _AT_ONCE):
        yield found[start : start + _AT_ONCE]


def _is_asked(entry: pb.AuditEntry, request: pb.ListAuditEntriesRequest) -> bool:
    instant = instant_of(entry.at)
    return (
        (not request.kinds or entry.kind in request.kinds)
        and (not request.HasField("starts_at") or instant >= instant_of(request.starts_at))
        and (not request.HasField("ends_at") or instant < instant_of(request.ends_at))
    )


def _show(run: Invocation, found: Iterable[pb.AuditEntry], *, heading: bool) -> None:
    table = plain_table("when", "what", "tenant", "who", "from", "told")
    table.show_header = heading
    for one in found:
        cells = (
            moment_text(instant_of(one.at)),
            short_name(pb.AuditKind, one.kind).lower().replace("_", " "),
            one.tenant,
            " ".join(filter(None, (one.actor_id, _credential(one)))),
            peer_words(one.peer),
            _told(one),
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))
    run.output.show(table)


def peer_words(peer: str) -> str:
    """Returns an address as people write it: ``[::1]:50051`` for gRPC's ``ipv6:%5B::1%5D:50051``."""
    return unquote(peer).removeprefix("ipv4:").removeprefix("ipv6:")


def _credential(entry: pb.AuditEntry) -> str:
    named = " ".join(filter(None, (entry.credential_kind, entry.credential_id)))
    return f"({named})" if named else ""


def _told(entry: pb.AuditEntry) -> str:
    method = entry.method.rpartition("/")[2]
    often = counted(entry.count, "time") if entry.count > 1 else ""
    return " ".join(filter(None, (method, entry.subject, entry.reason, entry.problem, entry.detail, often)))
