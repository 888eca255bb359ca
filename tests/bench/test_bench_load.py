"""The load generator's own tests and checks, which are Go's."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("go") is None, reason="the load generator is built with Go")


@pytest.mark.parametrize("words", [("vet", "./..."), ("test", "./..."), ("mod", "tidy", "-diff")], ids=" ".join)
def test_load_generator_passes(root: Path, words: tuple[str, ...]):
    """It reads frames as the contract writes them, is well formed, and names the modules it needs."""
    ran = subprocess.run(["go", *words], cwd=root / "bench" / "load", capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
