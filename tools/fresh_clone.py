"""A fresh clone of this checkout's last commit, and what a newcomer does in it: make run, and make setup."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SERVES = re.compile(r"Onduty is serving on (\S+:\d+)")
SECONDS_MOST = 900
OWN_PYTHON = {"PYTHON", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}


PLAIN = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "text": True, "errors": "replace"}


class StartError(Exception):
    """A clone did not do what a newcomer is told it does; what it printed is the message."""


class FreshClone:
    """One clone in a folder; `setting` is added to the environment, `prefix` stands before every command.

    With `has_own_network` the prefix gives each command a network of its own, and the server is asked from within its one.
    """

    def __init__(self, folder: Path, *, setting: Mapping[str, str] | None = None, prefix: Sequence[str] = ()) -> None:
        """Clone the last commit; nothing of this checkout's environment goes along."""
        self.folder = folder
        self.setting = dict(setting or {})
        self.prefix = list(prefix)
        self.has_own_network = False
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True)

    def make(self, *words: str) -> str:
        """Run make to its end: what it printed; StartError where it failed."""
        line = [*self.prefix, "make", "--no-print-directory", *words]
        pipes: dict[str, Any] = {"cwd": self.folder, "env": self._surroundings(), "stderr": subprocess.STDOUT} | PLAIN
        done = subprocess.run(line, check=False, timeout=SECONDS_MOST, **pipes)
        if done.returncode:
            raise StartError(done.stdout)
        return done.stdout

    def run(self) -> str:
        """`make run` until it serves, an answer, and its end by a signal: what was printed before it served."""
        journal = self.folder / "try.db"
        setting = {"ONDUTY_LISTEN": "127.0.0.1:0", "ONDUTY_WEB": "127.0.0.1:0", "ONDUTY_JOURNAL": str(journal)}
        line = [*self.prefix, "make", "--no-print-directory", "run"]
        pipes: dict[str, Any] = {"cwd": self.folder, "env": self._surroundings() | setting, "stderr": subprocess.STDOUT} | PLAIN
        started = subprocess.Popen(line, start_new_session=True, **pipes)
        with started, _deadline(started.pid):
            printed, address = _until_it_serves(started)
            try:
                server = int(Path(f"{journal}.lock").read_text().split()[0])
                self._ask(address, server)
                os.kill(server, signal.SIGTERM)
                rest = started.stdout.read() if started.stdout else ""
            except BaseException:
                os.killpg(started.pid, signal.SIGKILL)
                raise
        if started.returncode:
            raise StartError(f"make run ended with {started.returncode}:\n{printed}{rest}")
        return printed

    def _ask(self, address: str, server: int) -> None:
        inside = ["nsenter", f"--net=/proc/{server}/ns/net"] if self.has_own_network else self.prefix
        line = [*inside, ".venv/bin/onduty", "staff", "list", "--server", address]
        # With a PYTHONHOME that leads astray no Python starts but those that make starts.
        plain = {name: value for name, value in self._surroundings().items() if name not in OWN_PYTHON}
        done = subprocess.run(line, cwd=self.folder, env=plain, capture_output=True, check=False, text=True)
        if done.returncode or "ana" not in done.stdout:
            raise StartError(done.stdout + done.stderr)

    def _surroundings(self) -> dict[str, str]:
        # The server refuses settings of ours that it doesn't know, such as what chooses the starts to try.
        kept = {name: value for name, value in os.environ.items() if name not in OWN_PYTHON and not name.startswith("ONDUTY_")}
        here = str(Path(sys.executable).parent)
        path = os.pathsep.join(part for part in kept.get("PATH", "").split(os.pathsep) if part != here)
        return kept | {"PATH": path} | self.setting


def _until_it_serves(started: subprocess.Popen[str]) -> tuple[str, str]:
    printed = []
    for line in started.stdout or ():
        printed.append(line)
        if found := SERVES.search(line):
            return "".join(printed), found[1]
    raise StartError("make run ended before it served:\n" + "".join(printed))


@contextlib.contextmanager
def _deadline(group: int) -> Iterator[None]:
    """A start that hangs is ended, with all that it started."""
    timer = threading.Timer(SECONDS_MOST, os.killpg, (group, signal.SIGKILL))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Index(SimpleHTTPRequestHandler):
    """Folders of wheels as an index; asked as a proxy, it answers for any host."""

    def do_GET(self) -> None:
        self.path = urlsplit(self.path).path
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@contextlib.contextmanager
def index_of(wheels: Path, folder: Path) -> Iterator[str]:
    """A folder of wheels served as an index on loopback: its host and port."""
    for wheel in wheels.glob("*.whl"):
        name = re.sub(r"[-_.]+", "-", wheel.name.partition("-")[0]).lower()
        (folder / "simple" / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, folder / "simple" / name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Index, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
