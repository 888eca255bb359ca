"""A terminal in which the blocks of a page run against a server of the test's own, and are held against what the page shows."""

import sys
import time
from pathlib import Path

import pytest
from readme_blocks import ADDRESS, Block, Shell, differences, last_read, patient
from running_server import RunningServer

PROGRAMS = Path(sys.executable).parent
PATIENCE_SECONDS = 60


def shell(server: RunningServer, directory: Path, *tools: Path) -> Shell:
    """A terminal in the checkout with the pages' paths put right; ``tools`` are folders that hold grpcurl."""
    (directory / "shell").mkdir()
    for program in (*(tool / "grpcurl" for tool in tools), PROGRAMS / "buf"):
        patient(program, directory / "patient")
    replacements = {
        ADDRESS: server.address,
        ".venv/bin/onduty ": f"ONDUTY_SERVER={server.address} {PROGRAMS / 'onduty'} ",
        ".venv/bin/": f"{PROGRAMS}/",
    }
    return Shell(directory / "shell", replacements, [directory / "patient", PROGRAMS])


def run_and_compare(terminal: Shell, block: Block, page: str) -> None:
    """Run a block; fail with what it wrote where that is not what the page says.

    What its last command reads is read again until it is so.
    """
    outcome = terminal.run(block)
    reading = last_read(block)
    end = time.monotonic() + PATIENCE_SECONDS
    while reading and outcome.exit_code == 0 and differences(block, outcome) and time.monotonic() < end:
        outcome = terminal.run(reading)
    if faults := differences(block, outcome):
        pytest.fail("\n".join((f"{page}:{block.line}: {'; '.join(faults)}", outcome.out, outcome.err)), pytrace=False)
