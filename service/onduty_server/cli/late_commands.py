"""Imports the commands that bring the server, its files or a player of days only when they are asked for; it defines none."""

from collections.abc import Callable
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup


def _serve() -> Callable[..., None]:
    from onduty_server.cli.serve import serve  # noqa: PLC0415 - half of a client command's starting time.

    return serve


def _replay() -> Callable[..., None]:
    from onduty_server.cli.replay.command import replay  # noqa: PLC0415 - as above.

    return replay


def _journal() -> typer.Typer:
    from onduty_server.cli.journal_commands import app  # noqa: PLC0415 - as above.

    return app


def _alone(function: Callable[..., None], name: str) -> typer.Typer:
    alone = typer.Typer(add_completion=False, context_settings={"help_option_names": ["-h", "--help"]})
    alone.command(name)(function)
    return alone


_LATE: dict[str, Callable[[], typer.Typer]] = {
    "serve": lambda: _alone(_serve(), "serve"),
    "journal": _journal,
    "replay": lambda: _alone(_replay(), "replay"),
}


class LateCommands(TyperGroup):
    """The root of the commands: `serve` stands first, `journal` and `replay` last, imported when they are first looked at."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the commands' names in the order of the help."""
        others = [name for name in super().list_commands(ctx) if name not in _LATE]
        return ["serve", *others, "journal", "replay"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns the command, or None if there is no such one."""
        if cmd_name in _LATE and cmd_name not in self.commands:
            self.add_command(typer.main.get_command(_LATE[cmd_name]()), cmd_name)
        return super().get_command(ctx, cmd_name)
