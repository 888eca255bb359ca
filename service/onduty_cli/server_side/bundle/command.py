"""The command `onduty bundle`: one archive for somebody who helps."""

import io
import os
import sys
import tarfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer

from onduty_cli.counted import counted
from onduty_cli.output import Output
from onduty_cli.server_side.bundle.contents import Subject, contents, settings_of
from onduty_cli.server_side.bundle.redaction import Redaction, known_secrets
from onduty_cli.wall_clock import WallClock
from onduty_server.config import ConfigError

FOLDER: Final = "onduty-bundle"
LOG_LINES: Final = 2_000
PRIVATE_MODE: Final = 0o600

app = typer.Typer()


@app.command("bundle")
def bundle(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The archive to make, a .tar.gz.", show_default=False)
    ] = Path("onduty-bundle.tar.gz"),
    *,
    config: Annotated[
        Path | None, typer.Option(envvar="ONDUTY_CONFIG", help="The TOML file of the settings.", metavar="FILE")
    ] = None,
    admin: Annotated[
        str,
        typer.Option("--admin", metavar="ADDRESS", show_default=False, help="The admin pages. Left out: as the settings say."),
    ] = "",
    ca_file: Annotated[
        Path | None,
        typer.Option("--ca-file", envvar="ONDUTY_CA_FILE", metavar="FILE", show_default=False, help="Whom to trust there."),
    ] = None,
    log: Annotated[
        str, typer.Option("--log", metavar="FILE", show_default=False, help="The server's log; - for standard input.")
    ] = "",
    log_lines: Annotated[int, typer.Option("--log-lines", min=1, max=100_000, help="So many of its last lines.")] = LOG_LINES,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there already.")] = False,
) -> None:  # fmt: skip
    """Gather what somebody who helps must know of a server: versions, settings, what doctor finds, figures, the log's end.

    Keys, tokens, passwords and private keys are left out, and tenants have numbers. Run it as the server's user, with its
    environment. It changes nothing, and works while a server runs and while none does. The archive is for its owner alone.

    Example: journalctl -u onduty -o cat -n 2000 | onduty bundle --log -
    """
    output = Output(as_json=False)
    try:
        settings = settings_of(config)
    except ConfigError as error:
        for line in str(error).splitlines():
            output.remark(line)
        raise typer.Exit(2) from error
    redaction = Redaction(known_secrets(settings, os.environ))
    with ExitStack() as stack:
        try:
            text = _opened(log, stack)
            subject = Subject(settings, config, admin or settings.admin, ca_file, text, log_lines)
            _write(file, list(contents(subject, redaction)), redaction, force=force)
        except FileExistsError as error:
            output.remark(f"{file} is there already; name another file, or say --force", style="bold red")
            raise typer.Exit(1) from error
        except OSError as error:
            output.remark(f"{error.filename or file}: {error.strerror or error}", style="bold red")
            raise typer.Exit(1) from error
    output.line(f"{file}: {counted(file.stat().st_size, 'byte')}. Look it over before you hand it on.")


def _opened(log: str, stack: ExitStack) -> TextIO | None:
    if not log:
        return None
    if log == "-":
        return sys.stdin
    return stack.enter_context(Path(log).open(encoding="utf-8", errors="replace"))


def _write(file: Path, parts: list[tuple[str, str]], redaction: Redaction, *, force: bool) -> None:
    """All parts pass the redaction here, and nothing is written that did not."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    descriptor = os.open(file, flags, PRIVATE_MODE)
    os.fchmod(descriptor, PRIVATE_MODE)
    now = WallClock().now() // 1_000_000
    with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for name, text in parts:
            content = redaction.clean(text).encode()
            entry = tarfile.TarInfo(f"{FOLDER}/{name}")
            entry.size, entry.mode, entry.mtime = len(content), PRIVATE_MODE, now
            archive.addfile(entry, io.BytesIO(content))
