"""The bench as people start it: a program that runs, measures, writes its figures and leaves nothing behind."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from wait_until import wait_until

RUN_SECONDS = 800
"""Building takes long where nothing was built before."""
END_SECONDS = 90
WORK_TICKS = 5
"""A twentieth of a second of a processor."""

needs_go = pytest.mark.skipif(shutil.which("go") is None, reason="the load generator is built with Go")


def command(root: Path, *words: str) -> list[str]:
    return [sys.executable, str(root / "bench" / "run.py"), *words]


def processes_that_name(text: str) -> dict[Path, str]:
    """Running processes that have a text in their command line: their folder of /proc with the line."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line:
            found[path.parent] = line
    return found


def is_measuring(program: str) -> bool:
    """Whether a generator runs and has done some work: by then its bench waits for its end."""
    ticks = 0
    for process in processes_that_name(program):
        with contextlib.suppress(OSError):
            fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks >= WORK_TICKS


def test_help_names_every_measurement(root: Path):
    """Whoever wants one figure finds its name."""
    told = subprocess.run(command(root, "--help"), capture_output=True, text=True, check=True, timeout=END_SECONDS).stdout
    for name in ("unary", "events", "fanout", "latency", "stalled", "population", "start", "crowd"):
        assert f"\n  {name} " in told


def test_without_go_it_says_so(root: Path, tmp_path: Path):
    """It names what is missing and measures nothing."""
    environment = {**os.environ, "PATH": str(tmp_path)}
    words = command(root, "--quick", "--out", str(tmp_path))
    ended = subprocess.run(words, capture_output=True, text=True, timeout=END_SECONDS, env=environment, check=False)
    assert ended.returncode == 2
    assert "needs Go" in ended.stdout


@needs_go
@pytest.mark.slow
@pytest.mark.timeout(RUN_SECONDS + END_SECONDS)
def test_quick_run_writes_its_figures_and_leaves_nothing(root: Path, tmp_path: Path):
    """One short measurement against real servers: a figure above nothing, a verdict, and no process left."""
    words = command(root, "--quick", "--only", "events", "--out", str(tmp_path))
    ended = subprocess.run(words, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    assert ended.returncode in {0, 1}, ended.stdout + ended.stderr
    rows = {one["name"]: one for one in json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))}
    assert list(rows) == ["events.rate.1000", "events.tuned.1000", "events.rate.10000", "events.tuned.10000"]
    judged = rows.pop("events.rate.10000")
    least = float(re.search(r"[\d.]+", judged["bar"]).group())
    assert judged["holds"] is (judged["value"] >= least)
    assert judged["value"] > 0
    assert all(one["holds"] is None and one["value"] > 0 for one in rows.values())
    assert "events.rate.10000" in ended.stdout
    assert not processes_that_name(str(tmp_path))
    assert not list(tmp_path.glob("run-*"))


@needs_go
@pytest.mark.slow
@pytest.mark.timeout(RUN_SECONDS + END_SECONDS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_what_it_started(root: Path, tmp_path: Path, number: signal.Signals):
    """In the middle of a measurement of half a minute: no server, no generator and no folder is left."""
    words = command(root, "--only", "latency", "--out", str(tmp_path))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            wait_until(lambda: is_measuring(f"{tmp_path}/load fanout"), RUN_SECONDS, what="a measurement")
            process.send_signal(number)
            told, _ = process.communicate(timeout=END_SECONDS)
        finally:
            process.kill()
    assert process.returncode == 130, told
    assert not processes_that_name(str(tmp_path))
    assert not list(tmp_path.glob("run-*"))
