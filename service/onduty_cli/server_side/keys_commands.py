"""The commands of `onduty keys`: they work on a file of API keys, which servers read by themselves; they ask no server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from onduty_cli.moments import parse_duration, parse_moment
from onduty_cli.output import Output, plain_table
from onduty_cli.wall_clock import WallClock
from onduty_server.auth import keys_file
from onduty_server.auth.grants_file import NAME, ROLE_NAMES, Grant
from onduty_server.auth.private_file import change_file, mode_for_others
from onduty_server.auth.watched_files import FileRefusedError, read_files
from onduty_server.domain.model.status import Instant

app = typer.Typer(
    name="keys",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make, list and revoke the API keys of a file that a server reads.",
)


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise typer.BadParameter("a name has 1-128 printable ASCII characters and no blanks around them")
    return text


def _role(text: str) -> str:
    if text.lower() not in ROLE_NAMES:
        raise typer.BadParameter(f"{text!r} is none of {', '.join(ROLE_NAMES)}")
    return text.lower()


File = Annotated[
    Path,
    typer.Option("--file", envvar="ONDUTY_KEYS", metavar="FILE", help="The file of keys.", show_default=False),
]
KeyId = Annotated[str, typer.Argument(metavar="ID", help="The key's id.", show_default=False, parser=_name)]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON, one object a line.")]


@app.command("new")
def new(
    *,
    file: File,
    key_id: Annotated[
        str, typer.Option("--id", metavar="ID", parser=_name, help="Names the key, for good.", show_default=False)
    ],
    roles: Annotated[
        list[str],
        typer.Option("--role", metavar="ROLE", parser=_role, help=f"One of {', '.join(ROLE_NAMES)}. May be repeated."),
    ],
    tenants: Annotated[
        list[str],
        typer.Option("--tenant", metavar="NAME", parser=_name, help="A tenant that it is for. May be repeated."),
    ],
    staff: Annotated[
        list[str] | None,
        typer.Option("--staff", metavar="STAFF_ID", help="Whom the role workspace acts for. May be repeated."),
    ] = None,
    all_staff: Annotated[
        bool, typer.Option("--all-staff", help="The role workspace acts for everybody, as a gateway for desktops does.")
    ] = False,
    groups: Annotated[
        list[str] | None,
        typer.Option(
            "--group", metavar="GROUP", help="A skill group: it sees and touches members of these only. May be repeated."
        ),
    ] = None,
    actor: Annotated[
        str,
        typer.Option("--actor", metavar="NAME", help="Whom the history names. Left out: the id.", show_default=False),
    ] = "",
    expires: Annotated[
        str | None,
        typer.Option("--expires", metavar="WHEN", help="90d (from now), or an instant in ISO 8601.", show_default=False),
    ] = None,
) -> None:
    """Make a key and print it once, alone on the last line. The file has its hash only.

    To replace a key without a gap, make another for the same actor, hand it out, and revoke the first.

    Example: onduty keys new --file keys.jsonl --id router-1 --role router --tenant default
    """
    output, now = Output(as_json=False), Instant(WallClock().now())
    key = keys_file.new_key()
    entry = Grant(
        grant_id=key_id,
        proof=keys_file.hash_of(key),
        roles=frozenset(ROLE_NAMES[name] for name in roles),
        tenants=frozenset(tenants),
        actor_id=_name(actor or key_id),
        staff_ids=None if all_staff else frozenset(staff or ()),
        skill_groups=frozenset(groups) if groups else None,
        created_at=now,
        expires_at=_end(expires, now) if expires else None,
    )
    _check(entry)
    with _told_in_words(output):
        change_file(file, lambda content: keys_file.with_key(content, entry))
        _warn_if_open(output, file)
    output.remark(f"The key {key_id} is in {file}. This is the only time that it is shown:")
    typer.echo(key)


@app.command("list")
def list_keys(*, file: File, as_json: AsJson = False) -> None:
    """Show what the keys of a file reach, and which are in force. No key can be had from it.

    Example: onduty keys list --file keys.jsonl
    """
    output, now = Output(as_json=as_json), WallClock().now()
    with _told_in_words(output):
        (content,) = read_files((file,))
        entries = keys_file.parse(content)
        _warn_if_open(output, file)
    if as_json:
        for entry in entries:
            fields = json.loads(keys_file.line_of(entry))
            del fields["sha256"]
            typer.echo(json.dumps({**fields, "state": _state(entry, now)}))
        return
    table = plain_table("id", "state", "roles", "tenants", "staff", "groups", "actor", "expires")
    for entry in entries:
        roles = [name for name, role in ROLE_NAMES.items() if role in entry.roles]
        staff = "all" if entry.staff_ids is None else ", ".join(sorted(entry.staff_ids))
        seen = "all" if entry.skill_groups is None else ", ".join(sorted(entry.skill_groups))
        tenants, end = ", ".join(sorted(entry.tenants)), _at(entry.expires_at)
        table.add_row(entry.grant_id, _state(entry, now), ", ".join(roles), tenants, staff, seen, entry.actor_id, end)
    output.show(table, else_blocks=True)


@app.command("revoke")
def revoke(key_id: KeyId, *, file: File) -> None:
    """Take a key out of force. Servers see it within seconds, and end its streams.

    Its line stays in the file, so that its id is not used again.

    Example: onduty keys revoke router-1 --file keys.jsonl
    """
    output, now = Output(as_json=False), Instant(WallClock().now())
    with _told_in_words(output):
        read_files((file,))  # one that is not there is not made.
        change_file(file, lambda content: keys_file.without_key(content, key_id, now))
    output.remark(f"The key {key_id} is revoked.")


def _check(entry: Grant) -> None:
    """What was typed is held to the same rules as what the server reads."""
    try:
        keys_file.parse(keys_file.line_of(entry).encode())
    except FileRefusedError as error:
        raise typer.BadParameter(str(error).partition(": ")[2]) from None


def _end(text: str, now: Instant) -> Instant:
    try:
        end = Instant(now + parse_duration(text))
    except ValueError:
        try:
            end = Instant(parse_moment(text, now=now))
        except ValueError:
            raise typer.BadParameter(f"--expires: {text!r} is neither a duration, as 90d, nor an instant in ISO 8601") from None
    if end <= now:
        raise typer.BadParameter("--expires: a key must end in the future")
    return end


def _state(entry: Grant, now: int) -> str:
    if entry.revoked_at is not None:
        return "revoked"
    return "expired" if entry.expires_at is not None and entry.expires_at <= now else "in force"


def _at(instant: int | None) -> str:
    return "never" if instant is None else datetime.fromtimestamp(instant / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _warn_if_open(output: Output, file: Path) -> None:
    if (mode := mode_for_others(file)) is not None:
        output.remark(f"warning: others may read or change {file} (mode {mode:04o}): chmod 600 {file}", style="bold red")


@contextmanager
def _told_in_words(output: Output) -> Iterator[None]:
    """Ends the command with a sentence and an exit code where a file cannot be used."""
    try:
        yield
    except FileRefusedError as error:
        output.remark(f"onduty: {error}", style="bold red")
        raise typer.Exit(1) from None
