"""A small checkout with the programs of tools/, a list of its own and wheels for it, so that no network is asked."""

import hashlib
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from wheelhouse import wheels_of

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers")
"""What an editable installation needs: the list of the small checkout."""
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "small"
version = "1"
[project.scripts]
small = "small:main"
[tool.hatch.build.targets.wheel]
only-include = ["service/small"]
dev-mode-dirs = ["service"]
"""
"""One distribution from a folder of its own, as the real checkout's."""


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels of all that the small checkout's list names."""
    return wheels_of(NEEDED, tmp_path_factory.mktemp("wheels"))


@pytest.fixture
def make_checkout(tmp_path: Path, wheels: Path) -> Callable[[str], Path]:
    """Makes a small checkout in a folder of the given name below the test's own."""

    def make(name: str) -> Path:
        root = tmp_path / name
        shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "requirements").mkdir()
        lines = []
        for needed in NEEDED:
            file = next(wheels.glob(f"{needed.replace('-', '_')}-*"))
            lines.append(f"{needed}=={version(needed)} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n")
        (root / "requirements/run.txt").write_text("".join(lines))
        (root / "pyproject.toml").write_text(PROJECT)
        module = root / "service/small/__init__.py"
        module.parent.mkdir(parents=True)
        module.write_text("def main():\n    print(__file__)\n")
        return root

    return make
