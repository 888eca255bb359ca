"""Imports the commands that bring the whole server or a player of days only when they are asked for; it defines none."""

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


_LATE = {"serve": _serve, "replay": _replay}


class LateCommands(TyperGroup):
    """The root of the commands: `serve` stands first and `replay` last, both imported when they are first looked at."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the commands' names in the order of the help."""
        others = [name for name in super().list_commands(ctx) if name not in _LATE]
        return ["serve", *others, "replay"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns the command, or None if there is no such one."""
        if cmd_name in _LATE and cmd_name not in self.commands:
            alone = typer.Typer(add_completion=False, context_settings={"help_option_names": ["-h", "--help"]})
            alone.command(cmd_name)(_LATE[cmd_name]())
            self.add_command(typer.main.get_command(alone), cmd_name)
        return super().get_command(ctx, cmd_name)
