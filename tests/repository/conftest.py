"""What the repository's own tests look at: its root, its files, its pages, and the programs beside this Python."""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from running_server import RunningServer, running_server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def files(root: Path) -> list[Path]:
    """Every file that is committed or staged; what else somebody keeps in the checkout is theirs.

    Where Git does not know, as in an archive or without its program, the tests that ask are skipped by that name.
    """
    if not (root / ".git").exists() or shutil.which("git") is None:
        pytest.skip("no Git repository, or no git: nobody says which files belong to the project")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True).stdout
    found = (root / name for name in listed.split("\0") if name)
    return [path for path in found if path.is_file()]


@pytest.fixture(scope="session")
def pages(files: list[Path]) -> list[Path]:
    """Every Markdown page."""
    return [path for path in files if path.suffix == ".md"]


@pytest.fixture
def generate(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program docs/generate.py as a module."""
    monkeypatch.syspath_prepend(str(root / "docs"))
    return importlib.import_module("generate")


@pytest.fixture(scope="session")
def programs() -> Path:
    """Where the programs of this environment are."""
    return Path(sys.executable).parent


@pytest.fixture
def grpcurl(root: Path) -> Path:
    """The grpcurl program; where there is none the test is skipped, but not in continuous integration."""
    found = root / ".tools/grpcurl"
    if not found.exists():
        elsewhere = shutil.which("grpcurl")
        if elsewhere is None:
            if os.environ.get("CI"):
                pytest.fail("grpcurl is not installed: make grpcurl")
            pytest.skip("grpcurl is not installed: make grpcurl")
        found = Path(elsewhere)
    return found


@pytest.fixture
def sample_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server as `make run` starts it, on a port and a journal of its own."""
    with running_server(tmp_path / "sample.db", flags=["--sample"]) as running:
        yield running
