"""The service as it was before its newest change, from the repository's history; where there is none, tests are skipped."""

import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

from postgres_server import demand

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("service", "clients/python")
PATHS = ("service", "service/gen", "clients/python", "clients/python/gen")
BUILD = "older"


def older_service(folder: Path) -> list[str]:
    """Put it into a folder; returns the command that has it serve."""
    demand("" if shutil.which("git") else "there is no git to have an older version from")
    commits = _git("log", "-2", "--format=%H", "--", "service").decode().split()
    demand("" if len(commits) == 2 else "the repository has no history to have an older version from")
    with tarfile.open(fileobj=BytesIO(_git("archive", commits[1], *PARTS))) as archive:
        archive.extractall(folder, filter="data")
    (folder / "service/onduty_server/BUILD").write_text(BUILD, encoding="ascii")
    paths = os.pathsep.join(str(folder / path) for path in PATHS)
    return ["env", f"PYTHONPATH={paths}", sys.executable, "-m", "onduty_cli", "serve"]


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""
