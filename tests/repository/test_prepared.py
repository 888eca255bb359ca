"""Programs that are forks of the prepared interpreter are processes as any: in their streams, signals and ends."""

import functools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import prepared
import pytest
from patience import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks a prepared interpreter")

PROGRAM = """
import json, os, signal, sys, time
print(json.dumps({
    "pid": os.getpid(), "session": os.getsid(0) == os.getpid(), "umask": os.umask(0), "cwd": os.getcwd(), "argv": sys.argv,
    "environment": dict(os.environ), "read": sys.stdin.read(), "modules": "onduty_server.compose" in sys.modules,
    "SIGINT": signal.getsignal(signal.SIGINT) is signal.default_int_handler, "zone": time.tzname[0],
    "open": len(os.listdir("/proc/self/fd")), "main": __name__,
}))
print("an error", file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def wanted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prepared, "wanted", True)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def run(program: Path, *arguments: str, **options):
    options = {"capture_output": True, "text": True, "timeout": PATIENCE_SECONDS, **options}
    return prepared.run([sys.executable, program, *arguments], **options)


def test_it_is_as_a_program_that_is_started_afresh(program: Path, tmp_path: Path):
    """Arguments, directory, environment, umask, input, both outputs and the exit code; but the modules are there already."""
    options = {"env": {**os.environ, "OF_ITS_OWN": "1", "TZ": "Asia/Tokyo"}, "cwd": tmp_path, "umask": 0o027}
    forked = run(program, "7", input="typed", **options)
    afresh = subprocess.run(
        [sys.executable, program, "7"], input="typed", capture_output=True, text=True, check=False, **options
    )
    told, expected = json.loads(forked.stdout), json.loads(afresh.stdout)
    assert told.pop("modules")
    assert not expected.pop("modules")
    assert told.pop("pid") != expected.pop("pid")
    assert told == expected
    assert (forked.returncode, forked.stderr) == (afresh.returncode, afresh.stderr) == (7, "an error\n")


def test_it_can_have_a_session_of_its_own(program: Path):
    """As a program on a terminal has."""
    assert json.loads(run(program, "0", input="", start_new_session=True).stdout)["session"]


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
def test_the_signal_that_ended_it_is_told(tmp_path: Path, sig: signal.Signals):
    """And until then it runs."""
    waiting = tmp_path / "waiting.py"
    waiting.write_text("import sys\nprint('here', flush=True)\nsys.stdin.read()\n")
    with prepared.popen([sys.executable, waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "here\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        process.send_signal(sig)
        assert process.wait(PATIENCE_SECONDS) == -sig


def test_an_uncaught_error_is_told_and_ends_it_with_one(tmp_path: Path):
    """As Python does."""
    failing = tmp_path / "failing.py"
    failing.write_text("raise ValueError('so it goes')\n")
    done = run(failing)
    assert done.returncode == 1
    assert done.stderr.endswith("ValueError: so it goes\n")


def test_what_python_reads_at_its_start_makes_a_start_afresh(program: Path):
    """A fork cannot have another encoding or other warnings than the interpreter it comes from."""
    done = run(program, "0", input="", env={**os.environ, "PYTHONWARNINGS": "error"})
    assert not json.loads(done.stdout)["modules"]


def test_every_program_is_started_afresh_where_that_is_wanted(program: Path, monkeypatch: pytest.MonkeyPatch):
    """By everything but `make test`."""
    monkeypatch.setattr(prepared, "wanted", False)
    assert not json.loads(run(program, "0", input="").stdout)["modules"]


def test_an_interpreter_that_cannot_start_says_why(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An error in a module of the server is found by its own words, and not by a program that never begins."""
    broken = tmp_path / "broken.py"
    broken.write_text("raise ImportError('a module has a mistake')\n")
    monkeypatch.setattr(prepared, "PROGRAM", broken)
    monkeypatch.setattr(prepared, "_interpreter", functools.cache(prepared._interpreter.__wrapped__))
    monkeypatch.setattr(prepared, "_errors", functools.cache(prepared._errors.__wrapped__))
    with pytest.raises(AssertionError, match="a module has a mistake"):
        run(program, "0", input="")
    prepared._interpreter().close()
    prepared._errors().close()
