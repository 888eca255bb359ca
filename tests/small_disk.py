"""A small file system in memory, for tests that fill it. Where none may be mounted they are skipped by name; CI demands it."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from postgres_server import demand


class SmallDisk:
    """One, at ``folder``."""

    def __init__(self, folder: Path) -> None:
        """It is empty."""
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave no room."""
        with contextlib.suppress(OSError), self._filler.open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))

    def make_room(self) -> None:
        """What was filled is free again."""
        self._filler.unlink()


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """One of a size, for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="onduty-disk-") as folder:
        try:
            made = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", folder],
                capture_output=True,
                check=False,
            )
            refusal = made.stderr.decode().strip() if made.returncode else ""
        except OSError as error:
            refusal = str(error)
        demand(f"no small disk: {refusal}" if refusal else "")
        try:
            yield SmallDisk(Path(folder))
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
