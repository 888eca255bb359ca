"""The SQLite journal when its process is killed and when its disk is full."""

# ruff: noqa: ASYNC220 - a test may wait for its program: nothing else runs meanwhile.

import os
import random
import signal
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest
from adapters.journal_entries import answer_of, latest, revisions

from onduty_server.adapters.sqlite import SqliteJournal

HERE = Path(__file__).parent


@pytest.fixture
def program_environment() -> dict[str, str]:
    """For programs of this directory: what they import."""
    return {**os.environ, "PYTHONPATH": str(HERE.parent)}


async def test_kill_loses_nothing_acknowledged(journal_path: Path, program_environment: dict[str, str]):
    """After each of ten kills all that was acknowledged is there once, without gaps, every batch whole."""
    rng = random.Random(7)
    acknowledged: dict[str, int] = {}
    for seed in range(10):
        command = [sys.executable, HERE / "append_until_killed.py", journal_path, str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=program_environment) as program:
            for _ in range(rng.randint(1, 120)):
                revision, request_id = program.stdout.readline().split()
                acknowledged[request_id.decode()] = int(revision)
            program.send_signal(signal.SIGKILL)
            for line in program.stdout.read().splitlines(keepends=True):
                if line.endswith(b"\n"):
                    revision, request_id = line.split()
                    acknowledged[request_id.decode()] = int(revision)
        journal = await SqliteJournal.open(journal_path)
        head = await journal.head()
        records = await journal.read(0, head + 1)
        assert revisions(records) == [*range(1, head + 1)]
        batches = groupby(records, key=lambda record: record.state.split()[:2])
        for _, batch in batches:
            places = [record.state.split()[2:] for record in batch]
            assert places == [[b"%d" % place, b"%d" % len(places)] for place in range(len(places))]
        for request_id, revision in acknowledged.items():
            assert (await answer_of(journal, "acme", request_id)).revision == revision <= head
        assert len(await latest(journal)) == len({record.key for record in records})
        await journal.close()
    assert len(acknowledged) > 100


def test_a_full_disk_is_survived(journal_path: Path, program_environment: dict[str, str]):
    """Appends fail as unavailable and leave nothing; once there is room, the same journal goes on without a gap."""
    command = [sys.executable, "-X", "dev", "-W", "error", HERE / "append_on_full_disk.py", journal_path]
    program = subprocess.run(command, env=program_environment, capture_output=True, text=True, check=False)
    assert program.returncode == 0, program.stderr
