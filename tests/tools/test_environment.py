"""The program that makes and mends environments, run as make runs it, on a small checkout and without a network."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import environment
import pytest
from tools.conftest import NEEDED
from wheelhouse import offline_pip

pytestmark = pytest.mark.timeout(1200)
installs = pytest.mark.slow
"""Makes real environments: about ten seconds each, minutes on a machine that is busy."""
Checkout = Callable[[str], Path]
WITHOUT_ENSUREPIP = """
import os, sys
farm = {farm!r}
sys.path[:] = [farm if path == {stdlib!r} else path for path in sys.path]
"""


def bring_into_order(root: Path, settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the program for the server's environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))}
    line = [root / "tools/python", root / "tools/environment.py", "run"]
    surroundings = kept | {"PYTHON": sys.executable} | settings
    return subprocess.run(line, env=surroundings, cwd="/", capture_output=True, check=False, text=True)


def program(root: Path) -> str:
    """Whose code the program of the small checkout runs."""
    return subprocess.run([root / ".venv/bin/small"], capture_output=True, check=True, text=True).stdout.strip()


@installs
def test_makes_an_environment_and_mends_it(make_checkout: Checkout, wheels: Path):
    """From nothing; then nothing is done; and whatever has gone wrong is said and mended by the same command."""
    root, settings = make_checkout("Räume & 電話"), offline_pip(wheels)

    done = bring_into_order(root, settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"Installing what the server needs into .venv: {len(NEEDED)} packages, a minute or less where the network is fast ...\n"
    )
    assert Path(program(root)).is_relative_to(root)

    done = bring_into_order(root, {"PIP_NO_INDEX": "1"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), "what is right is left alone"
    done = bring_into_order(root, {"PIP_NO_INDEX": "1", "LC_ALL": "C"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), "also where the locale has no such letters"

    (root / ".venv/.busy").touch()
    done = bring_into_order(root, settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Making .venv anew: an installation was cut short.\n" in done.stdout

    root = root.rename(root.parent / "elsewhere")
    done = bring_into_order(root, settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Making .venv anew: it was made in another place.\n" in done.stdout
    assert Path(program(root)).is_relative_to(root)


def test_steps_of_pip_are_counted():
    """On a terminal one line says how far it is, so that a slow network does not look like a standstill."""
    lines = [
        "Collecting anyio==4.1 (from -r requirements/run.txt (line 1))\n",
        "  Downloading anyio-4.1-py3-none-any.whl (90 kB)\n",
        "Requirement already satisfied: idna==3.1 in ./lib (from -r requirements/run.txt (line 2)) (3.1)\n",
        "Installing collected packages: anyio\n",
        "Successfully installed anyio-4.1\n",
    ]
    assert list(environment.progress(lines, 2)) == ["1 of 2: anyio", "2 of 2: idna", "unpacking and compiling ..."]


@installs
def test_half_made_environment_is_made_anew(make_checkout: Checkout, wheels: Path):
    """What Debian's Python leaves where its package for environments is missing does not stand in the way."""
    root = make_checkout("checkout")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    done = bring_into_order(root, offline_pip(wheels))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Making .venv anew: it is half made.\n" in done.stdout


@installs
def test_environment_of_another_checkout_is_left_alone(make_checkout: Checkout, wheels: Path):
    """Where .venv is a link to it, the link goes, and the other keeps what it has."""
    first, second = make_checkout("first"), make_checkout("second")
    assert bring_into_order(first, offline_pip(wheels)).returncode == 0
    (second / ".venv").symlink_to(first / ".venv")
    done = bring_into_order(second, offline_pip(wheels))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Making .venv anew: it was made in another place.\n" in done.stdout
    for root in (first, second):
        assert Path(program(root)).is_relative_to(root)


def test_missing_debian_package_is_named_and_nothing_is_left(make_checkout: Checkout, tmp_path: Path):
    """A Python whose ensurepip is in a package of its own: the package is named for that Python, and no folder is made."""
    stdlib = Path(os.__file__).parent
    farm = tmp_path / "stdlib"
    farm.mkdir()
    for entry in stdlib.iterdir():
        if entry.name not in {"ensurepip", "site-packages"}:
            (farm / entry.name).symlink_to(entry)
    python = tmp_path / "split"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", python], check=True)
    site = next(python.glob("lib/python3*/site-packages"))
    (site / "sitecustomize.py").write_text(WITHOUT_ENSUREPIP.format(farm=str(farm), stdlib=str(stdlib)))
    root = make_checkout("checkout")
    done = bring_into_order(root, {"PYTHON": str(python / "bin/python")})
    assert done.returncode == 1
    assert f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in done.stderr
    assert not (root / ".venv").exists()


@installs
def test_failed_installation_leaves_nothing_half_made(make_checkout: Checkout, tmp_path: Path):
    """Where pip cannot find what the list names, its reason is shown, and the next command begins afresh."""
    root = make_checkout("checkout")
    (tmp_path / "empty").mkdir()
    done = bring_into_order(root, offline_pip(tmp_path / "empty"))
    assert done.returncode == 1
    assert "No matching distribution found" in done.stderr
    assert "pip could not install requirements/run.txt" in done.stderr
    assert "PIP_NO_INDEX is set" in done.stderr
    assert not (root / ".venv").exists()


@installs
def test_another_hash_is_refused(make_checkout: Checkout, wheels: Path):
    """A file that is not the one of the list is not installed."""
    root = make_checkout("checkout")
    listed = root / "requirements/run.txt"
    listed.write_text(listed.read_text().replace("--hash=sha256:", "--hash=sha256:00", 1)[:-3] + "\n")
    done = bring_into_order(root, offline_pip(wheels))
    assert done.returncode == 1
    assert not (root / ".venv").exists()


@installs
def test_settings_that_lead_astray_are_not_followed(make_checkout: Checkout, wheels: Path, tmp_path: Path):
    """A PYTHONPATH, a PYTHONHOME and pip's own settings for other places change nothing."""
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk/typing.py").write_text("raise RuntimeError\n")
    settings = {"PYTHONPATH": str(tmp_path / "junk"), "PYTHONHOME": str(tmp_path), "VIRTUAL_ENV": "/none", "PIP_USER": "1"}
    settings |= {
        "PIP_TARGET": str(tmp_path / "target"),
        "PIP_REQUIRE_HASHES": "1",
        "PIP_CONSTRAINT": "/none",
        "PIP_DRY_RUN": "1",
    }
    root = make_checkout("checkout")
    done = bring_into_order(root, offline_pip(wheels) | settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(program(root)).is_relative_to(root)
    assert not (tmp_path / "target").exists()


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become another user")
def test_checkout_of_another_user_is_said(make_checkout: Checkout):
    """Who may not write into the checkout is told so, and is left nothing half made."""
    as_another = ["setpriv", "--reuid=1234", "--regid=1234", "--clear-groups"]
    surroundings = {"PATH": "/usr/bin:/bin"}
    seen = subprocess.run([*as_another, "python3", "-c", "import ensurepip, tomllib"], env=surroundings, check=False)
    if seen.returncode:
        pytest.skip("an ordinary user finds no Python with ensurepip here")
    # The folders that pytest makes are closed to other users.
    with tempfile.TemporaryDirectory(prefix="onduty-test-") as folder:
        Path(folder).chmod(0o755)
        root = make_checkout("checkout").rename(Path(folder) / "checkout")
        line = [*as_another, root / "tools/python", root / "tools/environment.py", "run"]
        done = subprocess.run(line, env=surroundings, cwd="/", capture_output=True, check=False, text=True)
        assert done.returncode == 1
        assert "Permission denied" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (root / ".venv").exists()
