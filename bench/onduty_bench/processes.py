"""Processes that the bench starts: on their cores, on loopback, with a deadline, and ended by their id whatever happens."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 15.0
LOOPBACK = "127.0.0.1"

PROCESS_CLOCK = 2
"""In a clock's number of the kernel's: all threads of a process, by what the scheduler counts, to the nanosecond."""


class BenchError(Exception):
    """Something that the bench needs is not there or went wrong. The message says what."""


@dataclass(frozen=True, slots=True)
class Cores:
    """Which cores the server has and which the generator; both empty where processes cannot be pinned."""

    server: tuple[int, ...] = ()
    generator: tuple[int, ...] = ()

    @classmethod
    def of_machine(cls) -> "Cores":
        """The first half for the server and the rest for the generator."""
        mine = sorted(os.sched_getaffinity(0))
        if shutil.which("taskset") is None or len(mine) < 2:
            return cls()
        half = len(mine) // 2
        return cls(tuple(mine[:half]), tuple(mine[half:]))


def pinned(command: Sequence[str], cores: Sequence[int]) -> list[str]:
    """The command, bound to cores where there are any."""
    return ["taskset", "-c", ",".join(map(str, cores)), *command] if cores else list(command)


@dataclass(slots=True)
class Started:
    """A running process. ``ready_seconds`` is how long it took to serve."""

    process: subprocess.Popen[bytes]
    address: str
    ready_seconds: float

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def resident_bytes(self) -> int:
        """The memory it has in RAM."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def cpu_seconds(self) -> float:
        """What it has used so far, user and system, of all its threads."""
        return time.clock_gettime((~self.pid << 3) | PROCESS_CLOCK)


@contextmanager
def started(
    command: Sequence[str],
    folder: Path,
    *,
    cores: Sequence[int] = (),
    address: str = "",
    says: str = "",
    environment: Mapping[str, str] | None = None,
) -> Iterator[Started]:
    """A process for the length of the block, once it serves: at ``address``, or at the one in the line that ``says`` matches.

    Raises:
        BenchError: It did not serve in time.
    """
    out = folder / f"{Path(command[0]).name}-{time.monotonic_ns()}.log"
    began = time.monotonic()
    with out.open("wb") as log:
        process = subprocess.Popen(
            pinned(command, cores),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
    try:
        found = _await_line(process, out, says) if says else _await_port(process, out, address)
        yield Started(process, found, time.monotonic() - began)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end, and make it if it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def free_port() -> int:
    """A loopback port that nobody has now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _await_line(process: subprocess.Popen[bytes], out: Path, says: str) -> str:
    for _ in _until_started(process, out):
        found = re.search(says, out.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found.group(1)
    raise AssertionError("the wait ends with an error")


def _await_port(process: subprocess.Popen[bytes], out: Path, address: str) -> str:
    host, _, port = address.rpartition(":")
    for _ in _until_started(process, out):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return address
    raise AssertionError("the wait ends with an error")


def _until_started(process: subprocess.Popen[bytes], out: Path) -> Iterator[None]:
    end_at = time.monotonic() + START_SECONDS
    while True:
        yield
        if process.poll() is not None or time.monotonic() > end_at:
            last = out.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
            raise BenchError(f"{out.stem.partition('-')[0]} does not serve:\n" + "\n".join(last))
        time.sleep(0.005)
