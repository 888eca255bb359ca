"""How commands show who they are and whom they trust: tokens from environment, file or command, TLS; it connects nothing."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from onduty_client.options import TlsOptions

TOKEN_VARIABLE: Final = "ONDUTY_TOKEN"  # noqa: S105 - the name of a variable, and no secret.
COMMAND_SECONDS: Final = 30.0
"""So long may a command take that prints a token: it may ask somebody."""
COMMAND_KEPT_SECONDS: Final = 60.0
"""So long is a printed token used before the command is asked anew."""

_PANEL = "Credential and encryption"


def _path(name: str, variable: str, text: str) -> object:
    return typer.Option(name, envvar=variable, metavar="FILE", help=text, show_default=False, rich_help_panel=_PANEL)


TokenFile = Annotated[
    Path | None,
    _path("--token-file", "ONDUTY_TOKEN_FILE", "The file that holds the key or token. It is read for every call."),
]
TokenCommand = Annotated[
    str,
    typer.Option(
        "--token-command", envvar="ONDUTY_TOKEN_COMMAND", metavar="COMMAND", show_default=False, rich_help_panel=_PANEL,
        help="The command that prints the key or token. It is run without a shell, at most once a minute.",
    ),
]  # fmt: skip
Tls = Annotated[
    bool,
    typer.Option(
        "--tls", envvar="ONDUTY_TLS", rich_help_panel=_PANEL,
        help="Connect with TLS, and trust the system's roots. The options below imply it.",
    ),
]  # fmt: skip
CaFile = Annotated[Path | None, _path("--ca-file", "ONDUTY_CA_FILE", "Whom to trust instead of the system's roots, as PEM.")]
CertFile = Annotated[
    Path | None, _path("--cert-file", "ONDUTY_CERT_FILE", "Your certificate, as PEM, where the server wants one.")
]
KeyFile = Annotated[Path | None, _path("--key-file", "ONDUTY_KEY_FILE", "The key of --cert-file, as PEM without a password.")]
ServerName = Annotated[
    str,
    typer.Option(
        "--server-name", envvar="ONDUTY_SERVER_NAME", metavar="NAME", show_default=False, rich_help_panel=_PANEL,
        help="The name that the server's certificate must have. Left out: the host of --server.",
    ),
]  # fmt: skip

OPTIONS: Final = {
    "token_file": (TokenFile, None),
    "token_command": (TokenCommand, ""),
    "tls": (Tls, False),
    "ca_file": (CaFile, None),
    "cert_file": (CertFile, None),
    "key_file": (KeyFile, None),
    "server_name": (ServerName, ""),
}
"""By the parameter's name: its option and its default. Every client command has them."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a connection is given beside its address. ``token`` is asked for every call; None: there is no credential."""

    token: Callable[[], str] | None = None
    tls: TlsOptions | None = None


NO_ACCESS: Final = Access()
"""No credential, and plain text."""


def access_of(
    *,
    token_file: Path | None = None,
    token_command: str = "",
    tls: bool = False,
    ca_file: Path | None = None,
    cert_file: Path | None = None,
    key_file: Path | None = None,
    server_name: str = "",
) -> Access:
    """What the options say. A file comes before a command, and both before the variable ONDUTY_TOKEN."""
    token: Callable[[], str] | None = None
    if token_file is not None:
        token = partial(_read, token_file)
    elif token_command:
        token = _CommandToken(token_command)
    elif given := os.environ.get(TOKEN_VARIABLE):
        token = given.strip
    options = TlsOptions(ca_file=ca_file, cert_file=cert_file, key_file=key_file, server_name=server_name)
    return Access(token, options if tls or options != TlsOptions() else None)


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()


class _CommandToken:
    """The token that a command prints."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._printed = ""
        self._printed_at = float("-inf")

    def __call__(self) -> str:
        """The token, printed within the last minute.

        Raises:
            RuntimeError: The command cannot be run, fails or takes too long. What it printed is not told.
        """
        if time.monotonic() - self._printed_at > COMMAND_KEPT_SECONDS:
            try:
                words = shlex.split(self._command)
                # The user's own command.
                done = subprocess.run(words, capture_output=True, check=False, text=True, timeout=COMMAND_SECONDS)  # noqa: S603
            except (OSError, ValueError, subprocess.TimeoutExpired) as error:
                raise RuntimeError(f"the command of --token-command cannot be run: {type(error).__name__}") from None
            if done.returncode:
                raise RuntimeError(f"the command of --token-command ended with {done.returncode}")
            self._printed, self._printed_at = done.stdout.strip(), time.monotonic()
        return self._printed
