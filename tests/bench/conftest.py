"""The bench's own modules lie beside its program, not in the environment of the tests."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "bench"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT
