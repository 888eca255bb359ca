"""Imports go one way."""

import re
import subprocess
from pathlib import Path

import pytest

CLOCKS = re.compile(r"\b(?:time\.time(?:_ns)?|datetime\.now|datetime\.utcnow|date\.today)\(")
SQL = re.compile(r"\b(?:SELECT .+ FROM|INSERT INTO|DELETE FROM|PRAGMA) ")


@pytest.fixture
def modules(root: Path) -> dict[str, str]:
    """The text of every module of the server by its path."""
    service = root / "service/onduty_server"
    return {path.relative_to(service).as_posix(): path.read_text(encoding="utf-8") for path in service.rglob("*.py")}


def test_no_layer_imports_upwards(root: Path, programs: Path):
    """The contracts in pyproject.toml hold."""
    done = subprocess.run([programs / "lint-imports", "--no-cache"], cwd=root, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_upward_import_would_be_told(root: Path, programs: Path, tmp_path: Path):
    """The check can fail: the same contracts over a copy of the server in which the domain imports the engine."""
    for package in ("service/onduty_server", "service/onduty_cli", "tools/replay/onduty_replay"):
        for path in (root / package).rglob("*.py"):
            copied = tmp_path / path.relative_to((root / package).parent)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "onduty_server/domain/wrong.py").write_text("import onduty_server.engine.engine\n", encoding="utf-8")
    done = subprocess.run(
        [programs / "lint-imports", "--no-cache", "--config", root / "pyproject.toml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": str(programs)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "onduty_server.domain.wrong" in done.stdout


def test_only_the_clock_adapter_reads_the_clock(modules: dict[str, str]):
    """Everything else is given the present."""
    readers = {name for name, text in modules.items() if CLOCKS.search(text)}
    assert readers <= {"adapters/system_clock.py"}


def test_sql_stays_in_its_adapter(modules: dict[str, str]):
    """No other room writes a statement, not even as text."""
    writers = {name for name, text in modules.items() if SQL.search(text)}
    assert {name for name in writers if not name.startswith("adapters/")} == set()
    assert writers, "the pattern finds the adapter's own statements"
