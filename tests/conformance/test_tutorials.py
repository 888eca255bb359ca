"""The tutorials' commands, run in order in one shell as a reader in a fresh clone would; the program they make must run."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conformance.conftest import require
from conformance.runner.rows import ROOT, rows_named
from readme_blocks import fences

SECONDS_MOST = 300
LINES_MOST = 150


def page(language: str) -> Path:
    """A language's tutorial."""
    return ROOT / "docs" / "tutorials" / f"{language}.md"


@pytest.mark.timeout(3 * SECONDS_MOST)
def test_tutorial_runs_from_nothing_to_a_router(language: str):
    """Every sh block runs to its end, in the page's order, and leaves no process behind."""
    require(*rows_named([language]))
    blocks = [text for _, kind, text in fences(page(language).read_text(encoding="utf-8")) if kind == "sh"]
    assert blocks, "no commands"
    made = ROOT / "var" / f"tutorial-{language}"
    with one_at_a_time():
        shutil.rmtree(made, ignore_errors=True)
        code, printed, left = run_blocks(blocks)
    assert code == 0, printed[-4000:]
    assert left == [], f"still running: {left}"
    assert any(made.iterdir()), "the tutorial made nothing"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Tutorials share a checkout with its environment, and choose their ports: only one may run in it."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "tutorials.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_blocks(blocks: Sequence[str]) -> tuple[int, str, list[str]]:
    """Run blocks in one shell in the checkout: the exit code, what was printed, and what it left running, which is ended."""
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as shell:
        try:
            printed, _ = shell.communicate(timeout=SECONDS_MOST)
            left = _left_behind(shell.pid)
        finally:
            _end(shell.pid)
    return shell.returncode, printed, left


def test_tutorial_is_short(language: str):
    """It fits in one sitting."""
    assert len(page(language).read_text(encoding="utf-8").splitlines()) <= LINES_MOST


def _left_behind(group: int) -> list[str]:
    """The command lines of the processes of the shell's group that still run."""
    listed = subprocess.run(["ps", "-eo", "pgid=,args="], check=True, capture_output=True, text=True).stdout
    return [found[2] for found in re.finditer(r"^\s*(\d+) (.*)$", listed, re.MULTILINE) if int(found[1]) == group]


def _end(group: int) -> None:
    try:
        os.killpg(group, 15)
    except ProcessLookupError:
        return
