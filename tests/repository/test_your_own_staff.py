"""The page that leads from nothing to one's own staff: its commands are run, in the order in which they stand."""

import os
import subprocess
import sys
from pathlib import Path

from readme_blocks import fences
from running_server import RunningServer
from typed_server import environment


def test_the_page_makes_staff_reasons_and_rules(server: RunningServer, root: Path):
    """Every command ends well on an empty server, and the file that the page shows is the example."""
    blocks = list(fences((root / "docs/your-own-staff.md").read_text(encoding="utf-8")))
    (shown,) = [text for _, language, text in blocks if language == "text"]
    assert shown == (root / "examples/staff.csv").read_text(encoding="utf-8")
    commands = "".join(text for _, language, text in blocks if language == "sh").replace(".venv/bin/onduty", "onduty")
    surroundings = environment({"ONDUTY_SERVER": server.address})
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=root, env={**surroundings, "PATH": programs}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, commands + done.stdout + done.stderr
    for told in ("3 added", "3 unchanged", "english:3", "deleted: mia", "training", "45s"):
        assert told in done.stdout + done.stderr, told
