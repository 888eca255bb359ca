"""The tests themselves: what a person has set reaches none of them, and what was not run is told in a line for each reason."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import own_environment
import pytest

PATIENCE_SECONDS = 120
SKIPPING = """
import pytest

@pytest.mark.parametrize("number", range(7))
def test_that_needs_something(number):
    pytest.skip("the thing is not here (make thing)")

@pytest.mark.slow
def test_that_takes_long():
    raise AssertionError("it ran")

def test_that_is_quick():
    pass
"""


@pytest.fixture
def own_umask():
    """The umask of this process, put back at the end."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def tests_of_others(tmp_path: Path) -> Path:
    """A folder with a few tests that know nothing but the plugin."""
    (tmp_path / "test_others.py").write_text(SKIPPING, encoding="utf-8")
    return tmp_path


def run(folder: Path, root: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run a folder's tests with the plugin alone."""
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, f"--rootdir={folder}", "-p", "told_skips", *options]
    environment = {**os.environ, "PYTHONPATH": str(root / "tests"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["alone", "by workers"])
def test_skips_are_told_once_for_each_reason(tests_of_others: Path, root: Path, workers: tuple[str, ...]):
    """With how many there are, the commonest first; the slow ones among them, with the target that runs them."""
    done = run(tests_of_others, root, "--no-slow", *workers)
    assert done.returncode == 0, done.stdout
    told = [line for line in done.stdout.splitlines() if " skipped: " in line]
    assert told[0] == "7 skipped: the thing is not here (make thing)"
    assert told[1].startswith("1 skipped: ")
    assert told[1].endswith("(make test-all)")
    assert len(told) == 2


def test_slow_tests_run_unless_they_are_left_out(tests_of_others: Path, root: Path):
    """Whoever runs a room gets all of it."""
    done = run(tests_of_others, root)
    assert done.returncode == 1
    assert "it ran" in done.stdout


def test_no_setting_of_a_person_reaches_a_test(own_umask: None):
    """Settings of a server, colours, languages, zones and Git's places are gone; what chooses tests, and proxies, stay."""
    foreign = {"ONDUTY_JOURNAL": "mine.db", "ONDUTY_LISTN": "x", "LC_ALL": "tr_TR", "NO_COLOR": "1", "GIT_DIR": "elsewhere"}
    kept = {"ONDUTY_DRIVERS": "python", "PATH": "/bin", "http_proxy": "proxy:3128"}
    environment = {**foreign, **kept, "TZ": "Pacific/Chatham", "LANG": "tr_TR", "no_proxy": "mine"}
    own_environment.take(environment)
    assert not foreign.keys() & environment.keys()
    assert kept.items() <= environment.items()
    assert (environment["TZ"], environment["LANG"]) == ("UTC", "C.UTF-8")
    assert environment["no_proxy"] == "mine,localhost,127.0.0.1,::1"
    assert Path(environment["HOME"]).is_dir()
    again = dict(environment)
    own_environment.take(again)
    assert again == environment


def test_the_umask_is_an_ordinary_one(own_umask: None):
    """Whatever it was: files that one program writes are read by another."""
    os.umask(0o077)
    own_environment.take({})
    assert os.umask(0o022) == own_environment.UMASK


def test_a_background_job_can_be_interrupted_in_its_tests(root: Path):
    """A shell starts background jobs with SIGINT ignored, and programs inherit it; tests of SIGINT would wait in vain."""
    ignoring = "import signal, own_environment as own; own.take_signals(); print(signal.getsignal(signal.SIGINT))"
    command = ["bash", "-c", "trap '' INT HUP; exec \"$@\"", "bash", sys.executable, "-c", ignoring]
    environment = {**os.environ, "PYTHONPATH": str(root / "tests")}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
    assert told.stdout.strip() == str(signal.default_int_handler)


def test_this_run_has_that_environment():
    """It is this process that was given it, before any test was read."""
    assert os.environ["TZ"] == "UTC"
    assert not [name for name in os.environ if name.startswith("ONDUTY_") and name not in own_environment.CHOICES]
