"""The peers: Redis, NATS JetStream and etcd, each set to sync every write, in a folder of its own. Absent ones are named."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onduty_bench.processes import LOOPBACK, Started, free_port, started


@dataclass(frozen=True, slots=True)
class Peer:
    """A system that does the same work. ``command`` makes its command line from program, folder and port."""

    name: str
    programs: tuple[str, ...]
    command: Callable[[str, Path, int], list[str]]
    work: str

    def program(self) -> str | None:
        """The installed program: beside the running interpreter, or on the path; None if there is none."""
        beside = Path(sys.executable).parent
        for name in self.programs:
            if (beside / name).exists():
                return str(beside / name)
            found = shutil.which(name)
            if found:
                return found
        return None

    def version(self) -> str:
        """The first line of what it says about itself; empty where it is not installed."""
        program = self.program()
        if program is None:
            return ""
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
        return (told.stdout or told.stderr).strip().split("\n")[0]

    @contextmanager
    def serving(self, folder: Path, cores: tuple[int, ...]) -> Iterator[Started]:
        """The peer on a free loopback port, with nothing stored; its program must be installed."""
        program = self.program()
        assert program is not None, "asked for before"
        port = free_port()
        home = folder / f"{self.name}-{port}"
        home.mkdir()
        with started(self.command(program, home, port), folder, cores=cores, address=f"{LOOPBACK}:{port}") as server:
            yield server


def _redis(program: str, home: Path, port: int) -> list[str]:
    return [program, "--bind", LOOPBACK, "--port", str(port), "--dir", str(home), "--save", "", "--appendonly", "yes",
            "--appendfsync", "always"]  # fmt: skip


def _nats(program: str, home: Path, port: int) -> list[str]:
    config = home / "nats.conf"
    config.write_text(
        f'listen: "{LOOPBACK}:{port}"\njetstream {{ store_dir: "{home}", sync_interval: always }}\n', encoding="utf-8"
    )
    return [program, "-c", str(config)]


def _etcd(program: str, home: Path, port: int) -> list[str]:
    client, own = f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{free_port()}"
    return [program, "--data-dir", str(home), "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", own, "--initial-advertise-peer-urls", own, "--initial-cluster", f"default={own}"]  # fmt: skip


PEERS = (
    Peer("redis", ("redis-server",), _redis, "SET and PUBLISH in one MULTI, appendfsync always; a subscriber a watcher"),
    Peer("nats", ("nats-server",), _nats, "put in a JetStream bucket, sync_interval always; an ordered consumer a watcher"),
    Peer("etcd", ("etcd",), _etcd, "put (several in one Txn), synced by default; a watch of the prefix a watcher"),
)


def installed() -> list[Peer]:
    """The peers that are here."""
    return [peer for peer in PEERS if peer.program()]


def absent() -> list[str]:
    """The names of those that are not."""
    return [peer.name for peer in PEERS if not peer.program()]
