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


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("onduty_server.domain.wrong", "onduty_server.engine.engine"),
        ("onduty_server.rpc.wrong", "onduty_cli.words"),
        ("onduty_cli.wrong", "onduty_server.build_info"),
        ("onduty_cli.watch.wrong", "onduty_server.compose"),
        ("onduty_replay.wrong", "onduty_cli.words"),
        ("onduty_cli.wrong", "onduty_replay.records"),
        ("onduty_replay.wrong", "onduty_server.config"),
        ("onduty_web.wrong", "onduty_server.config"),
        ("onduty_web.wrong", "onduty_cli.words"),
        ("onduty_server.wrong", "onduty_web.codes"),
    ],
)
def test_import_that_goes_the_wrong_way_would_be_told(root: Path, programs: Path, tmp_path: Path, module: str, imported: str):
    """The check can fail: the same contracts over a copy in which one module imports what it must not."""
    for package in ("service/onduty_server", "service/onduty_cli", "service/onduty_web", "tools/replay/onduty_replay"):
        for path in (root / package).rglob("*.py"):
            copied = tmp_path / path.relative_to((root / package).parent)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / f"{module.replace('.', '/')}.py").write_text(f"import {imported}\n", encoding="utf-8")
    done = subprocess.run(
        [programs / "lint-imports", "--no-cache", "--config", root / "pyproject.toml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": str(programs)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert module in done.stdout


def test_only_the_clock_adapter_reads_the_clock(modules: dict[str, str]):
    """Everything else is given the present."""
    readers = {name for name, text in modules.items() if CLOCKS.search(text)}
    assert readers <= {"adapters/system_clock.py"}


def test_sql_stays_in_its_adapter(modules: dict[str, str]):
    """No other room writes a statement, not even as text."""
    writers = {name for name, text in modules.items() if SQL.search(text)}
    assert {name for name in writers if not name.startswith("adapters/")} == set()
    assert writers, "the pattern finds the adapter's own statements"
