"""The manual page `onduty.1` and the shells' completions, as the package puts them in their places."""

import re
from collections.abc import Iterator
from typing import Any

from typer.completion import get_completion_script

from generator import command_line
from generator.command_line import Command
from onduty_cli.late_commands import unwrapped

_HEAD = """.\\" Generated from the code by docs/generate.py: `make docs'. Changes made by hand are lost.
.TH ONDUTY 1 "" "Onduty" "User Commands"
.SH NAME
onduty \\- the staff\\-status service of a contact centre: run it, use it, watch it
.SH SYNOPSIS
.B onduty
.I COMMAND
.RI [ OPTIONS ]
.RI [ ARGUMENTS ]
.SH DESCRIPTION
.B onduty serve
runs the service; most other commands are clients of it, and take the options below
.BR "CONNECTION AND OUTPUT" .
Every command explains itself with
.BR \\-\\-help .
"""

_TAIL = """.SH EXIT STATUS
0 done; 1 refused, failed, or not found; 2 wrong usage; 3 server not reachable; 4 of several, some were done and some were not.
.B onduty check
has the exit codes of monitors: 0 well, 1 soon not well, 2 not well, 3 cannot be told.
.SH ENVIRONMENT
.B ONDUTY_SERVER, ONDUTY_TENANT, ONDUTY_ACTOR, ONDUTY_ZONE, ONDUTY_TOKEN
are for client commands. Every setting of
.B onduty serve
is
.BI ONDUTY_ SETTING
too, and
.B ONDUTY_JOURNAL_FILE
names a file that holds the journal's address. A variable that does not exist keeps a server from starting.
.SH FILES
.TP
.I onduty.toml
The settings of a server, given by
.B \\-\\-config
or
.BR ONDUTY_CONFIG .
.TP
.IR journal ", " journal \\-wal ", " journal \\-shm
The embedded journal. Copy it with
.B onduty journal backup
only.
.SH SIGNALS
Of
.BR "onduty serve" :
SIGTERM and SIGINT end it in order. SIGHUP, where it has no terminal, has it read its files and the log's level again.
.SH SEE ALSO
.BR systemd.service (5),
.BR prometheus (1)
"""


_LETTERS = str.maketrans({"-": "\\-", "'": "\\(aq", "~": "\\(ti", "^": "\\(ha", "`": "\\(ga"})
"""Letters that roff would make typographic: what stands here is to be typed."""

_AS_FUNCTION = """if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _onduty_completion "$@"
else
  compdef _onduty_completion onduty
fi"""
"""A file of zsh's fpath is called when the first completion is asked for, and has to answer it."""


def page() -> str:
    """The manual page."""
    root, *others = command_line.commands()
    del root
    shown = [one for one in others if not command_line.is_group(one)]
    shared = {name: option for one in shown for name, option in _shared(one)}
    made = [_HEAD, ".SH CONNECTION AND OUTPUT\n", *map(_option, shared.values()), ".SH COMMANDS\n"]
    return "".join([*made, *map(_command, shown), _TAIL])


def _shared(command: Command) -> Iterator[tuple[str, Any]]:
    for parameter in command.parsed.params:
        if getattr(parameter, "rich_help_panel", None) in command_line.SHARED_PANELS:
            yield parameter.name, parameter


def _command(command: Command) -> str:
    own = [one for one in command_line.own_parameters(command) if not one.hidden]
    text = f".SS {_escaped(command_line.usage(command))}\n"
    for paragraph in unwrapped(command.parsed.help or "").split("\n\n"):
        text += _paragraph(paragraph)
    return text + "".join(map(_option, own))


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if lines[0].startswith("Example:"):
        example = " ".join(lines)[len("Example:") :].strip()
        return f".PP\nExample:\n.RS\n.nf\n{_escaped(example)}\n.fi\n.RE\n"
    if all(line.startswith("  ") for line in lines):
        return ".PP\n.RS\n.nf\n" + "".join(f"{_escaped(line.strip())}\n" for line in lines) + ".fi\n.RE\n"
    return ".PP\n" + "".join(f"{_escaped(line.strip())}\n" for line in lines)


def _option(parameter: Any) -> str:
    names = command_line.names(parameter).replace("`", "")
    default = command_line.default(parameter).replace("`", "")
    meaning = command_line.meaning(parameter).replace("`", "")
    said = f"{meaning} Default: {default}." if default else meaning
    return f".TP\n.B {_escaped(names)}\n{_escaped(said or names)}\n"


def _escaped(text: str) -> str:
    """Text as roff takes it: no letter of it is a command."""
    text = text.replace("\\", "\\e").translate(_LETTERS)
    text = re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", text)
    return re.sub(r"^(?=\.)", r"\\&", text, flags=re.MULTILINE)


def completion(shell: str) -> str:
    """A shell's completion of `onduty`."""
    script = get_completion_script(prog_name="onduty", complete_var="_ONDUTY_COMPLETE", shell=shell).strip()
    return script.replace("compdef _onduty_completion onduty", _AS_FUNCTION) + "\n"
