"""Processes that have a journal open, and are killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOLDER = Path(__file__).with_name("hold_journal.py")


@contextmanager
def holding(path: Path, count: int = 1) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has appended to the journal, and has it open for the length of the block; it is killed at its end."""
    environment = {**os.environ, "PYTHONPATH": str(HOLDER.parent.parent)}
    with subprocess.Popen([sys.executable, HOLDER, path, str(count)], stdout=subprocess.PIPE, env=environment) as holder:
        try:
            assert holder.stdout.readline() == b"open\n"
            yield holder
        finally:
            holder.kill()


def killed(path: Path, count: int = 1) -> None:
    """A process that appended so many records, each acknowledged, and was killed."""
    with holding(path, count):
        pass
