"""The tutorials' commands, run in order in one shell as a reader in a fresh clone would; the program they make must run."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from conformance.conftest import require
from conformance.runner.rows import ROOT, rows_named
from held_port import HeldPort
from packaging.requirements import Requirement
from readme_blocks import fences
from wheelhouse import offline_pip, wheels_of

SECONDS_MOST = 900
END_SECONDS = 60
LINES_MOST = 150
ADDRESS = re.compile(r"(?<=127\.0\.0\.1:)\d+")


def page(language: str) -> Path:
    """A language's tutorial."""
    return ROOT / "docs" / "tutorials" / f"{language}.md"


@pytest.mark.slow
@pytest.mark.timeout(4 * SECONDS_MOST + END_SECONDS)
def test_tutorial_runs_from_nothing_to_a_router(language: str, tmp_path: Path):
    """Every sh block runs to its end, in the page's order, and leaves no process behind.

    pip installs what the page says from wheels of what is installed here, where a reader's asks the index.
    """
    require(*rows_named([language]))
    blocks = [text for _, kind, text in fences(page(language).read_text(encoding="utf-8")) if kind == "sh"]
    assert blocks, "no commands"
    made = ROOT / "var" / f"tutorial-{language}"
    with one_at_a_time(), contextlib.closing(HeldPort()) as port:
        shutil.rmtree(made, ignore_errors=True)
        code, printed, left = run_blocks(
            [ADDRESS.sub(str(port.port), block) for block in blocks], pip_of(language, tmp_path / "wheels")
        )
    assert code == 0, printed[-4000:]
    assert left == [], f"still running: {left}"
    assert any(made.iterdir()), "the tutorial made nothing"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Tutorials share a checkout with its environment: only one may run in it."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "tutorials.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pip_of(language: str, folder: Path) -> dict[str, str]:
    """The settings of pip for a page: what the server's list names is there as wheels, building included."""
    if language != "python":
        return {}
    lines = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line.rstrip("\\ ")) for line in lines if "==" in line]
    return offline_pip(wheels_of([one.name for one in pinned if one.marker is None or one.marker.evaluate()], folder))


def run_blocks(blocks: Sequence[str], pip: Mapping[str, str]) -> tuple[int, str, list[str]]:
    """Run blocks in one shell in the checkout: the exit code, what was printed, and what it left running, which is ended."""
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=ROOT,
        env={**os.environ, **pip, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as shell:
        try:
            printed, _ = shell.communicate(timeout=SECONDS_MOST)
            left = _left_behind(shell.pid, END_SECONDS)
        finally:
            _end(shell.pid)
    return shell.returncode, printed, left


def test_tutorial_is_short(language: str):
    """It fits in one sitting."""
    assert len(page(language).read_text(encoding="utf-8").splitlines()) <= LINES_MOST


def _left_behind(group: int, seconds: float) -> list[str]:
    """The command lines of the processes of the shell's group that still run when those that end have had so many seconds."""
    end = time.monotonic() + seconds
    while (running := _running(group)) and time.monotonic() < end:
        time.sleep(0.1)
    return running


def _running(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], check=True, capture_output=True, text=True).stdout
    lines = re.finditer(r"^\s*(\d+) (\S+) +(.*)$", listed, re.MULTILINE)
    return [found[3] for found in lines if int(found[1]) == group and not found[2].startswith("Z")]


def _end(group: int) -> None:
    try:
        os.killpg(group, 15)
    except ProcessLookupError:
        return
