"""`make clean` and `make reset` in a copy of the Makefile, beside a real journal."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running_server import running_server

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder, with a blank in its name, with the Makefile, this environment's `onduty`, and a journal in var."""
    folder = tmp_path / "my checkout"
    bin_folder = folder / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    onduty = bin_folder / "onduty"
    onduty.write_text(f'#!/bin/sh\nexec {sys.executable} -m onduty_cli "$@"\n')
    onduty.chmod(0o755)
    (folder / "tools").mkdir()
    python = folder / "tools" / "python"
    python.write_text("#!/bin/sh\n")  # the environment is there already.
    python.chmod(0o755)
    (folder / "var").mkdir()
    with running_server(folder / "var" / "onduty.db", flags=["--sample"]):
        pass
    return folder


def make(folder: Path, *arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONDUTY_", "MAKE"))}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, timeout=120, check=False, **options)


def test_clean_leaves_data_alone(checkout: Path) -> None:
    """What was installed goes, also by a tutorial; the journals stay, and what was written by hand."""
    tutorial = checkout / "var" / "tutorial-python"
    (tutorial / "venv").mkdir(parents=True)
    (tutorial / "journal.db").write_bytes(b"kept")
    (tutorial / "router.py").write_text("kept")
    before = (checkout / "var" / "onduty.db").read_bytes()
    assert make(checkout, "clean").returncode == 0
    assert not (checkout / ".venv").exists()
    assert (checkout / "var" / "onduty.db").read_bytes() == before
    assert sorted(path.name for path in tutorial.iterdir()) == ["journal.db", "router.py"]


def test_reset_asks_and_deletes_the_journal_of_make_run(checkout: Path) -> None:
    """It names path and contents; without a yes the journal stays and make has nothing to add, with one it goes."""
    journal = checkout / "var" / "onduty.db"
    asked = make(checkout, "reset", input="no\n")
    assert asked.returncode == 0
    assert "Error" not in asked.stderr
    assert "nothing was deleted" in asked.stderr
    assert make(checkout, "reset", input="").returncode != 0
    assert f"This deletes for good: {journal}" in asked.stdout
    assert "5 staff, 8 changes" in asked.stdout
    assert journal.exists()
    assert make(checkout, "reset", input="yes\n").returncode == 0
    assert not journal.exists()


def test_reset_can_be_told_not_to_ask_and_refuses_while_a_server_runs(checkout: Path) -> None:
    """YES=1 is a yes, but not to a server's journal."""
    journal = checkout / "var" / "onduty.db"
    with running_server(journal) as server:
        refused = make(checkout, "reset", "YES=1")
        assert refused.returncode != 0
        assert f"in use by process {server.process.pid}" in refused.stderr
    assert journal.exists()
    assert make(checkout, "reset", "YES=1").returncode == 0
    assert not journal.exists()
