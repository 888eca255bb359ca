"""`make doctor`, and the program that picks a Python."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"


def run(*line: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a program of tools/ with these settings and nothing else of Python's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ONDUTY_", "VIRTUAL_ENV"))}
    return subprocess.run(line, env=kept | settings, capture_output=True, check=False, text=True, timeout=110)


def shell(path: Path, text: str) -> Path:
    """A program written for a test."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def few_programs(tmp_path: Path) -> str:
    """A PATH with make and what a shell needs, and no toolchain that takes seconds to tell its version."""
    folder = tmp_path / "few"
    folder.mkdir()
    for name in ("make", "dirname", "sh"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return str(folder)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on loopback that something listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    """A Python that says it is 3.8 and runs what it is given: the real one cannot be had on every machine."""
    seen = "import sys; sys.version_info = (3, 8, 1, 'final', 0); del sys.argv[0]; "
    read = "code = sys.argv.pop(1) if sys.argv[0] == '-c' else open(sys.argv[0]).read(); __file__ = sys.argv[0]; exec(code)"
    return shell(tmp_path / "python3", f'exec "{sys.executable}" -c "{seen}{read}" "$@"')


def test_doctor_says_that_both_commands_can_run(few_programs: str):
    """In the environment of the tests everything that the two commands need is there; every line says what it is for."""
    done = run(TOOLS / "python", TOOLS / "doctor.py", PYTHON=sys.executable, PATH=few_programs, ONDUTY_LISTEN="127.0.0.1:0")
    assert done.returncode == 0, done.stdout
    assert "make run and make test can run." in done.stdout
    for name in (
        "python",
        "venv, pip",
        "make",
        ".venv",
        "folders",
        "port",
        "go",
        "node",
        "java",
        "grpcurl",
        "postgresql",
        "chromium",
    ):
        assert any(line.split("  ", 2)[1:] and name in line[:24] for line in done.stdout.splitlines()), name


def test_doctor_ends_with_one_where_a_command_cannot_run(tmp_path: Path):
    """What is missing is named with how to get it; here there is no make."""
    done = run(sys.executable, TOOLS / "doctor.py", PATH=str(tmp_path), ONDUTY_LISTEN="127.0.0.1:0")
    assert done.returncode == 1
    assert "missing  make" in done.stdout
    assert "Debian, Ubuntu: apt install make; Fedora: dnf install make; macOS: xcode-select --install" in done.stdout
    assert "make run and make test cannot run yet: make." in done.stdout


def test_doctor_tells_a_port_that_is_taken(taken_port: int, few_programs: str, tmp_path: Path):
    """Where something has the port of `make run`, it says so and how to take another."""
    copied = tmp_path / "tools" / "doctor.py"
    copied.parent.mkdir()
    copied.write_text((TOOLS / "doctor.py").read_text().replace("PORT = 50051", f"PORT = {taken_port}"))
    done = run(sys.executable, copied, PATH=few_programs)
    assert f"127.0.0.1:{taken_port} cannot be had" in done.stdout
    assert "ONDUTY_LISTEN=" in done.stdout
    assert "make test can run" in done.stdout
    assert done.returncode == 0


def test_doctor_runs_with_a_python_that_is_too_old(old_python: Path, few_programs: str):
    """It is the first line that says so, and how to get another."""
    done = run(
        TOOLS / "python", "--any", TOOLS / "doctor.py", PYTHON=str(old_python), PATH=few_programs, ONDUTY_LISTEN="127.0.0.1:0"
    )
    assert done.returncode == 1
    assert done.stdout.startswith("missing  python")
    assert "CPython 3.11 to 3.14" in done.stdout


def test_doctor_is_written_for_old_pythons():
    """Its form is that of Python 3.6, so that it can say what is wrong with one."""
    ast.parse((TOOLS / "doctor.py").read_text(), feature_version=(3, 6))


def test_python_that_is_too_old_is_refused(old_python: Path):
    """The commands themselves name the versions that they run with, what was found, and how to get one."""
    done = run(TOOLS / "python", TOOLS / "environment.py", "run", PYTHON=str(old_python))
    assert done.returncode == 1
    assert "Onduty needs Python 3.11, 3.12, 3.13 or 3.14." in done.stderr
    assert f"PYTHON={old_python} is 3.8.1." in done.stderr
    assert "apt install" in done.stderr


def test_another_python_of_the_path_is_taken_where_the_first_is_too_old(old_python: Path, tmp_path: Path):
    """An old python3 is no obstacle where a newer one stands beside it."""
    shell(old_python.parent / "python3.12", f'exec "{sys.executable}" "$@"')
    program = tmp_path / "program.py"
    program.write_text("import sys; print(sys.version_info[:2])")
    done = run(TOOLS / "python", program, PATH=f"{old_python.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert done.stdout.strip() == str(sys.version_info[:2])
