"""Gives the tests an environment of their own: what a person has set for a shell reaches no test and no program of a test."""

import os
import signal
import tempfile
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

CHOICES: Final = frozenset({"ONDUTY_DRIVERS", "ONDUTY_WANTED", "ONDUTY_SEARCH", "ONDUTY_TEST_POSTGRES"})
"""What chooses tests. Every other variable of ours would set up a server or a command."""
FOREIGN_PREFIXES: Final = ("ONDUTY_", "LC_", "GRPC_", "GIT_")
FOREIGN: Final = frozenset(
    {
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "FORCE_COLOR",
        "LANGUAGE",
        "LINES",
        "NO_COLOR",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONOPTIMIZE",
        "PYTHONWARNINGS",
        "PY_COLORS",
        "http2_proxy",
        "grpc_proxy",
    }
)
"""What changes how programs look, or what Python and gRPC do; Git's variables lead elsewhere where a hook runs the tests.
Hundreds of programs start here: what each imports is compiled once and not at every start."""
OWN: Final = {"LANG": "C.UTF-8", "TZ": "UTC"}
LOOPBACK: Final = "localhost,127.0.0.1,::1"
UMASK: Final = 0o022


def take(environment: MutableMapping[str, str]) -> None:
    """Make an environment the tests' own, and the umask of this process. Doing it again changes nothing.

    Proxies stay, for what is installed from elsewhere; nothing on this machine is reached through them. A home that is not
    there is replaced by an empty one, for the toolchains that keep their caches in it.
    """
    for name in list(environment):
        if name not in CHOICES and (name in FOREIGN or name.startswith(FOREIGN_PREFIXES)):
            del environment[name]
    environment.update(OWN)
    for name in ("no_proxy", "NO_PROXY"):
        kept = environment.get(name, "")
        if LOOPBACK not in kept:
            environment[name] = f"{kept},{LOOPBACK}" if kept else LOOPBACK
    if not Path(environment.get("HOME") or os.devnull).is_dir():
        environment["HOME"] = tempfile.mkdtemp(prefix="onduty-home-")
    os.umask(UMASK)


def take_signals() -> None:
    """Let SIGINT and SIGHUP end programs again where a shell's background job or nohup had them ignored, which is inherited."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
