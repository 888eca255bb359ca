"""The bench as people start it: a program that runs, measures, writes its figures and leaves nothing behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from wait_until import wait_until

RUN_SECONDS = 100

needs_go = pytest.mark.skipif(shutil.which("go") is None, reason="the load generator is built with Go")


def command(root: Path, *words: str) -> list[str]:
    return [sys.executable, str(root / "bench" / "run.py"), *words]


def processes_that_name(text: str) -> list[str]:
    """Command lines of running processes that have a text in them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line:
            found.append(line)
    return found


def test_help_names_every_measurement(root: Path):
    """Whoever wants one figure finds its name."""
    told = subprocess.run(command(root, "--help"), capture_output=True, text=True, check=True, timeout=30).stdout
    for name in ("unary", "events", "fanout", "latency", "stalled", "population", "start", "crowd"):
        assert f"\n  {name} " in told


def test_without_go_it_says_so(root: Path, tmp_path: Path):
    """It names what is missing and measures nothing."""
    environment = {**os.environ, "PATH": str(tmp_path)}
    words = command(root, "--quick", "--out", str(tmp_path))
    ended = subprocess.run(words, capture_output=True, text=True, timeout=30, env=environment, check=False)
    assert ended.returncode == 2
    assert "needs Go" in ended.stdout


@needs_go
def test_quick_run_writes_its_figures_and_leaves_nothing(root: Path, tmp_path: Path):
    """One short measurement against real servers: a figure above nothing, a verdict, and no process left."""
    words = command(root, "--quick", "--only", "events", "--out", str(tmp_path))
    ended = subprocess.run(words, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    assert ended.returncode in {0, 1}, ended.stdout + ended.stderr
    rows = {one["name"]: one for one in json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))}
    assert list(rows) == ["events.rate.1000", "events.tuned.1000", "events.rate.10000", "events.tuned.10000"]
    judged = rows.pop("events.rate.10000")
    assert judged["holds"] is (judged["value"] >= 3)
    assert judged["value"] > 0
    assert all(one["holds"] is None and one["value"] > 0 for one in rows.values())
    assert "events.rate.10000" in ended.stdout
    assert not processes_that_name(str(tmp_path))
    assert not list(tmp_path.glob("run-*"))


@needs_go
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_what_it_started(root: Path, tmp_path: Path, number: signal.Signals):
    """In the middle of a measurement: no server, no generator and no folder is left."""
    words = command(root, "--quick", "--only", "latency", "--out", str(tmp_path))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            wait_until(lambda: processes_that_name(f"{tmp_path}/load fanout"), RUN_SECONDS, what="a measurement")
            process.send_signal(number)
            told, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130, told
    assert not processes_that_name(str(tmp_path))
    assert not list(tmp_path.glob("run-*"))
