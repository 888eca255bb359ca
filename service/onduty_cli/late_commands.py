"""Imports a command when it is first looked at, so that none pays for the others; it defines none."""

from collections.abc import Mapping
from importlib import import_module
from inspect import cleandoc
from typing import Any, Final

import typer
import typer.main
from typer.core import TyperGroup

from onduty_cli.nearness import did_you_mean
from onduty_cli.own_words import fault_in_own_words, where_from, without_types

_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "serve": ("server_side.serve", "app"),
    "web": ("web_command", "app"),
    "staff": ("staff_commands", "app"),
    "status": ("status_commands", "app"),
    "break": ("break_commands", "shortcuts"),
    "breaks": ("break_commands", "app"),
    "call": ("call_commands", "app"),
    "reconcile": ("reconcile_command", "app"),
    "watch": ("watch.command", "app"),
    "colleagues": ("colleagues_command", "app"),
    "summary": ("summary_command", "app"),
    "history": ("history_commands", "app"),
    "export": ("export.command", "app"),
    "time": ("time_command", "app"),
    "changes": ("changes_command", "app"),
    "audit": ("audit_command", "app"),
    "policy": ("policy_commands", "app"),
    "version": ("version_command", "app"),
    "whoami": ("whoami_command", "app"),
    "replicas": ("replicas_command", "app"),
    "journal": ("server_side.journal_commands", "app"),
    "keys": ("server_side.keys_commands", "app"),
    "config": ("server_side.config_commands", "app"),
    "doctor": ("server_side.doctor_command", "app"),
    "bundle": ("server_side.bundle.command", "app"),
    "check": ("check_command", "app"),
    "top": ("top.command", "app"),
}
"""Where each command and group is: the module and the name in it. In the order of the help."""


def _group_with(name: str) -> TyperGroup:
    module, place = _PLACES[name]
    app: typer.Typer = getattr(import_module(f"onduty_cli.{module}"), place)
    above = typer.Typer()
    # A module of one command gives the command; a module of several gives a group of its own name.
    is_group = len(app.registered_commands) > 1 or app.registered_callback is not None
    above.add_typer(app, name=name if is_group else None, cls=Commands)
    return typer.main.get_group(above)


def unwrapped(text: str) -> str:
    """A text of which each paragraph is one line; examples and what is indented keep their lines."""
    lines: list[str] = []
    for line in cleandoc(text).split("\n"):
        goes_on = bool(lines and lines[-1] and line) and not line.startswith((" ", "Example:"))
        if goes_on and not lines[-1].startswith((" ", "Example:")):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


_ELSEWHERE: Final[Mapping[str, str]] = {
    "replay": "the replay is a program of its own: onduty-replay",
    "help": "help is an option: onduty --help, or onduty COMMAND --help",
}
"""What to say of words that are no command, but were one, or are one elsewhere."""


class Commands(TyperGroup):
    """A group that says what was probably meant by a word that is none of its commands, or which it has."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns the command, or None if there is no such one. Its help is cut into lines for the terminal at hand."""
        command = super().get_command(ctx, cmd_name)
        if command is not None and command.help:
            command.help = unwrapped(command.help)
            without_types(command.params if ctx is None else command.get_params(ctx))
        return command

    def get_params(self, ctx: Any) -> Any:
        """Returns the group's own options."""
        params = super().get_params(ctx)
        without_types(params)
        return params

    def resolve_command(self, ctx: Any, args: Any) -> Any:
        """Finds the command that the arguments begin with."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            names = self.list_commands(ctx)
            ctx.fail(f"there is no command {args[0]!r}" + (did_you_mean(args[0], names) or f"; there are {', '.join(names)}"))
        return super().resolve_command(ctx, args)


class LateCommands(Commands):
    """The root of the commands: each is imported when it is first looked at."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the commands' names in the order of the help."""
        del ctx
        return list(_PLACES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns the command, or None if there is no such one."""
        if cmd_name in _PLACES and cmd_name not in self.commands:
            self.add_command(_group_with(cmd_name).commands[cmd_name], cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: Any) -> Any:
        """Finds the command that the arguments begin with; what has become another program is named."""
        if args and args[0] in _ELSEWHERE:
            ctx.fail(_ELSEWHERE[args[0]])
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: Any) -> Any:
        """Reads what stands before the command. Options of a command stand behind it."""
        known = {name for option in self.get_params(ctx) for name in option.opts}
        if args and args[0].startswith("-") and args[0].partition("=")[0] not in known:
            ctx.fail(f"there is no option {args[0]} of onduty itself; options stand behind the command: onduty COMMAND --help")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command. A value that was typed as an option is not blamed on the variable that could have held it."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = fault_in_own_words(error.message) or where_from(getattr(error.param, "metavar", None) or "")
            if error.ctx and error.param and not error.param_hint and _is_typed_option(error.ctx, error.param):
                error.param_hint = " / ".join(f"'{name}'" for name in error.param.opts)
            raise


def _is_typed_option(context: Any, option: Any) -> bool:
    source = context.get_parameter_source(option.name)
    return bool(option.envvar) and source is not None and source.name == "COMMANDLINE"
