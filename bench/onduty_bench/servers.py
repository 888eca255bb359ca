"""What is measured and its floor: an Onduty server on a fresh journal, and the echo server. It measures nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onduty_bench.processes import BenchError, Started, started

ROOT = Path(__file__).resolve().parents[2]
ECHO = ROOT / "bench" / "echo_server.py"
SERVES = r"is serving on (127\.0\.0\.1:\d+)"


def server_python() -> Path:
    """The interpreter that has the server: the project's, or the one that runs the bench.

    Raises:
        BenchError: The project's packages are not installed.
    """
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists():
        python = Path(sys.executable)
    if not (python.parent / "onduty").exists():
        raise BenchError("the server is not installed in .venv: run `make setup-run` first")
    return python


@contextmanager
def onduty(
    folder: Path,
    cores: tuple[int, ...],
    journal: Path | None = None,
    *,
    event_loop: str,
    port: int = 0,
    metered: bool = False,
    traces: str = "",
) -> Iterator[Started]:
    """An Onduty server on a journal, a new one if none is given, and on a port, a free one if none is given."""
    journal = journal or folder / f"journal-{len(list(folder.iterdir()))}.db"
    program = server_python().parent / "onduty"
    command = [str(program), "serve", "--listen", f"127.0.0.1:{port}", "--journal", str(journal), "--log-level", "warning"]
    command += ["--event-loop", event_loop, *(["--admin", "127.0.0.1:0"] if metered else [])]
    command += ["--traces", traces] if traces else []
    with started(command, folder, cores=cores, says=SERVES) as server:
        yield server


@contextmanager
def echo(folder: Path, cores: tuple[int, ...], *, event_loop: str | None) -> Iterator[Started]:
    """The echo server, in a process set up as the server's; without ``event_loop``: as ``grpc.aio`` comes."""
    flags = ["--plain"] if event_loop is None else ["--event-loop", event_loop]
    with started([str(server_python()), str(ECHO), *flags], folder, cores=cores, says=SERVES) as server:
        yield server
