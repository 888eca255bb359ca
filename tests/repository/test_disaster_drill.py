"""The drill of the page on operations, run as it stands: a disk is lost, a backup restored, and watchers come back."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from held_port import HeldPort
from readme_blocks import fences
from typed_server import environment

PAGE_ADDRESS = "127.0.0.1:50061"
SECONDS_MOST = 300


@pytest.mark.slow
def test_the_drill_runs_as_it_stands(root: Path):
    """Every command ends well, in the order of the page; only the port is another."""
    page = (root / "docs/operations.md").read_text(encoding="utf-8")
    section = re.search(r"^## The disaster drill\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    assert section
    commands = "".join(text for _, language, text in fences(section[1]) if language == "sh")
    port = HeldPort()
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shell = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", commands.replace(PAGE_ADDRESS, port.address)],
        env={**environment({}), "PATH": programs},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        out, _ = shell.communicate(timeout=SECONDS_MOST)
        assert shell.returncode == 0, commands + out
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)  # what a drill that failed has left running.
        shell.wait()
        port.close()
