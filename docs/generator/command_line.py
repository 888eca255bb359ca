"""The pages of the command line and of the replay: every command with its help, arguments and options."""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args, get_origin

import typer.main

from generator.markdown import code, table
from onduty_cli import reconcile_command, sheets, status_batch
from onduty_cli.main import app
from onduty_replay.command import app as replay

_HEAD = """# The command line

`onduty` runs the server, and is a client of it for people and scripts. Client commands take `--server` (or `ONDUTY_SERVER`),
`--tenant` (or `ONDUTY_TENANT`), `--timeout`, and `--json` for one JSON object a line. `--zone` (or `ONDUTY_ZONE`) names the
time zone in which instants are read and written and days begin, as in `Europe/Berlin`; without it the machine's is used.

Where the server asks for a credential they take a key or token from the variable `ONDUTY_TOKEN`, from `--token-file`
(`ONDUTY_TOKEN_FILE`), or from what `--token-command` (`ONDUTY_TOKEN_COMMAND`) prints. `--tls` (`ONDUTY_TLS`) encrypts the
connection and trusts the system's roots, `--ca-file` (`ONDUTY_CA_FILE`) others; `--cert-file` and `--key-file`
(`ONDUTY_CERT_FILE`, `ONDUTY_KEY_FILE`) show a certificate, and `--server-name` (`ONDUTY_SERVER_NAME`) is the name that the
server's must have. [Security](../security.md) leads through it.

"""
_REPLAY_HEAD = """# The replay

`onduty-replay` is a client of the server: it plays recorded days ([how](../replay.md)).

"""
_TABLES_HEAD = """## Tables for programs

`--csv` writes a table as RFC 4180 has it: UTF-8, commas, a line with the columns' names first. A column keeps its name and its
meaning; new ones come at the right. Instants are ISO 8601 with the zone's offset, lengths of time are seconds, lists have
semicolons. But for line breaks and tabs, control characters in names and notes become a mark.

`--json` writes the contract's messages, one a line: instants in UTC, lengths of time as in `12.5s`. `history` and `time` add
`display_name`, and `time --by day` adds `day`.

"""
SHARED_PANELS = ("Connection and output", "Credential and encryption")
_DEFAULT_IN_HELP = re.compile(r" \\?\[default: (.+)\]$")
_UNDOCUMENTED = ("install_completion", "show_completion", "help")


class Command(NamedTuple):
    """A command with the words that call it. Any: typer's commands have no public type."""

    words: tuple[str, ...]
    parsed: Any


def page() -> str:
    """The page."""
    root, *others = commands()
    closing = _paragraphs(root.parsed.epilog) if root.parsed.epilog else ""
    return _HEAD + closing + _contents(others) + _tables() + "".join(_section(command) for command in others)


def replay_page() -> str:
    """The page of the replay, which is one command."""
    return _REPLAY_HEAD + _section(Command(("onduty-replay",), typer.main.get_command(replay))).partition("\n\n")[2]


def _tables() -> str:
    by_day = sheets.time_sheet(by="day", sign_ins=True)
    shown = (
        ("`staff list`, `staff show`", sheets.STAFF),
        ("`history`", sheets.TRANSITIONS),
        ("`time`; `day` with --by day (`starts_at` with shorter ones), sign-in and sign-out with --sign-ins", by_day),
        ("`changes`", sheets.CHANGES),
        ("`colleagues`", sheets.COLLEAGUES),
        ("`summary`; the last row, without a group, counts all staff", sheets.SUMMARY),
        ("`breaks list`", sheets.BREAK_REASONS),
        ("`policy show`, `policy set`", sheets.POLICY),
        ("`status set`, `status force`, of several staff", status_batch.STATUS_RESULTS),
        ("`reconcile`", reconcile_command.RECONCILED),
    )
    rows = [[what, ", ".join(code(name) for name in sheet.columns)] for what, sheet in shown]
    return _TABLES_HEAD + table(["table", "columns"], rows) + "\n"


def commands() -> Iterator[Command]:
    """Every command and group, the root first, each group before its commands. Hidden ones are left out."""
    yield from _below(Command(("onduty",), typer.main.get_command(app)))


def _below(command: Command) -> Iterator[Command]:
    yield command
    names = command.parsed.list_commands(None) if hasattr(command.parsed, "list_commands") else ()
    for name in names:
        found = command.parsed.get_command(None, name)
        if not found.hidden:
            yield from _below(Command((*command.words, name), found))


def _contents(found: list[Command]) -> str:
    rows = [[f"[`{' '.join(one.words)}`](#{'-'.join(one.words)})", _summary(one)] for one in found if not is_group(one)]
    return table(["command", "what it does"], rows) + "\n"


def is_group(command: Command) -> bool:
    """Whether it is a word that commands begin with, and no command itself."""
    return hasattr(command.parsed, "list_commands")


def _summary(command: Command) -> str:
    return " ".join((command.parsed.help or "").partition("\n\n")[0].split())


def _section(command: Command) -> str:
    heading = f"{'##' if len(command.words) == 2 else '###'} {' '.join(command.words)}\n\n"
    text = heading + _paragraphs(command.parsed.help or "")
    if is_group(command):
        return text
    text += f"```text\n{usage(command)}\n```\n\n"
    rows = [[names(one), meaning(one), default(one)] for one in own_parameters(command)]
    return text + (table(["option or argument", "meaning", "default"], rows) + "\n" if rows else "")


def _shown(command: Command) -> list[Any]:
    return [one for one in command.parsed.params if one.name not in _UNDOCUMENTED and not one.hidden]


def own_parameters(command: Command) -> list[Any]:
    """A command's arguments and options, without those that client commands share."""
    return [one for one in _shown(command) if getattr(one, "rich_help_panel", None) not in SHARED_PANELS]


def usage(command: Command) -> str:
    """How a command is typed."""
    arguments = [one for one in _shown(command) if _is_argument(one)]
    told = (_metavar(one) if one.required else f"[{_metavar(one)}]" for one in arguments)
    repeated = ("..." if one.nargs != 1 else "" for one in arguments)
    words = " ".join(f"{name}{dots}" for name, dots in zip(told, repeated, strict=True))
    return f"{' '.join(command.words)} [OPTIONS] {words}".rstrip()


def _is_argument(parameter: Any) -> bool:
    return not parameter.opts[0].startswith("-")


def names(parameter: Any) -> str:
    """How an option or argument is written, as code."""
    if _is_argument(parameter):
        return code(_metavar(parameter))
    value = "" if parameter.is_flag else f" {_metavar(parameter)}"
    return ", ".join(code(f"{name}{value}") for name in (*parameter.opts, *parameter.secondary_opts))


def _metavar(parameter: Any) -> str:
    if parameter.metavar:
        return str(parameter.metavar)
    choices = _choices(parameter)
    return "|".join(choices) if choices else _type_name(parameter)


def _choices(parameter: Any) -> tuple[str, ...]:
    annotation = parameter.type_descriptor.annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _type_name(parameter: Any) -> str:
    if _is_argument(parameter):
        return str(parameter.name).upper()
    annotation = parameter.type_descriptor.annotation
    return {int: "N", float: "NUMBER"}.get(annotation, "TEXT")


def meaning(parameter: Any) -> str:
    """What an option or argument is for, and the variable that can stand for it."""
    text = _DEFAULT_IN_HELP.sub("", " ".join((parameter.help or "").split()))
    needed = " Required." if parameter.required else ""
    variable = f" Environment: {code(parameter.envvar)}." if getattr(parameter, "envvar", None) else ""
    return f"{text}{needed}{variable}"


def default(parameter: Any) -> str:
    """What an option is where it is left out, as code; empty: nothing, or its help says it."""
    value = parameter.default
    told = _DEFAULT_IN_HELP.search(parameter.help or "")
    if told:
        return code(told[1])
    if value is None or value in ("", False, [], ()) or not parameter.show_default:
        return ""
    return code(f"{value:g}" if isinstance(value, float) else value)


def _paragraphs(text: str) -> str:
    """Help text as Markdown: indented lines are code, an example is code too."""
    found = ""
    for paragraph in text.strip().split("\n\n"):
        plain = [line for line in paragraph.splitlines() if not line.startswith("  ")]
        indented = [line.strip() for line in paragraph.splitlines() if line.startswith("  ")]
        sentence = " ".join(line.strip() for line in plain)
        if sentence.startswith("Example: "):
            sentence = f"Example: {code(sentence.removeprefix('Example: '))}"
        found += f"{sentence}\n\n" if sentence else ""
        found += "```shell\n{}\n```\n\n".format("\n".join(indented)) if indented else ""
    return found
