"""The load generator's own tests and checks, which are Go's."""

import shutil
import subprocess
from pathlib import Path

import pytest

RUN_SECONDS = 800
"""Building takes long where nothing was built before."""

pytestmark = [
    pytest.mark.skipif(shutil.which("go") is None, reason="the load generator is built with Go"),
    pytest.mark.slow,
    pytest.mark.timeout(RUN_SECONDS + 60),
]


@pytest.mark.parametrize("words", [("vet", "./..."), ("test", "./..."), ("mod", "tidy", "-diff")], ids=" ".join)
def test_load_generator_passes(root: Path, words: tuple[str, ...]):
    """It reads frames as the contract writes them, is well formed, and names the modules it needs."""
    folder = root / "bench" / "load"
    ran = subprocess.run(["go", *words], cwd=folder, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
