"""Tries the Python artifacts as they will be used: what is in them, and that they work where nothing of the repository is."""

import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path
from zipfile import ZipFile

from onduty_release.building import hatch
from onduty_release.places import DIST, PROBES, ROOT, bare, only, require, run
from onduty_release.serving import serving
from onduty_release.versions import disagreements, python_version

PIP = (ROOT / "tools/.venv/bin/python", "-m", "pip", "--disable-pip-version-check")
TOP_LEVEL = {
    "onduty": {"onduty", "onduty_cli", "onduty_client", "onduty_replay", "onduty_server", "onduty_web"},
    "onduty_client": {"onduty", "onduty_client"},
}
"""What a wheel puts into an environment, beside its own .dist-info."""


def one_version() -> str:
    """Every file that says a version says the same."""
    wrong = disagreements(ROOT)
    require((not wrong, "\n".join(wrong)))
    return python_version(ROOT)


def metadata() -> str:
    """The metadata is complete and can be shown, and the wheels hold nothing odd."""
    wheels = sorted(DIST.glob("*.whl"))
    run(ROOT / "tools/.venv/bin/twine", "check", "--strict", *wheels, *sorted(DIST.glob("*.tar.gz")))
    for wheel in wheels:
        top = TOP_LEVEL[wheel.name.partition("-")[0]]
        run(ROOT / "tools/.venv/bin/check-wheel-contents", "--toplevel", ",".join(sorted(top)), wheel)
    return f"{len(wheels)} wheels"


def licences() -> str:
    """Every artifact holds the licence and the notice."""
    held = {
        path.name: _members(path) for path in sorted(DIST.rglob("*")) if path.suffix in {".whl", ".gz", ".tgz", ".jar", ".zip"}
    }
    for name, members in held.items():
        ends = {member.rpartition("/")[2] for member in members}
        require(({"LICENSE", "NOTICE"} <= ends, f"{name} lacks LICENSE or NOTICE"))
    return f"{len(held)} files"


def _members(path: Path) -> list[str]:
    if path.suffix in {".gz", ".tgz"}:
        with tarfile.open(path) as archive:
            return archive.getnames()
    with ZipFile(path) as archive:
        return archive.namelist()


def reproducible() -> str:
    """Built again, and built from the sdist, the files are the same to the byte."""
    with tempfile.TemporaryDirectory(prefix="onduty-again-") as name:
        for project, stem in ((ROOT, "onduty"), (ROOT / "clients/python", "onduty_client")):
            _same(hatch(project, Path(name) / stem / "again"))
            with tarfile.open(only(DIST, f"{stem}-*.tar.gz")) as archive:
                archive.extractall(Path(name) / stem / "source", filter="data")
            (unpacked,) = (Path(name) / stem / "source").iterdir()
            _same(hatch(unpacked, Path(name) / stem / "from-sdist"))
    return "built three times"


def _same(files: list[Path]) -> None:
    require((bool(files), "nothing was built"))
    for path in files:
        require(((DIST / path.name).read_bytes() == path.read_bytes(), f"{path.name} is another file when it is built again"))


def bare_environment(folder: Path, listed: str, wheelhouse: Path) -> str:
    """Installs a list of dist/ into an environment without pip, offline and by hashes alone."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin/python"
    places = ["--no-index", "--find-links", wheelhouse, "--find-links", DIST]
    run(*PIP, "--python", python, "install", "-q", *places, "--no-deps", "--require-hashes", "-r", DIST / listed)
    run(*PIP, "--python", python, "check")
    return f"{len(list(folder.glob('lib/python*/site-packages/*.dist-info')))} packages"


def server_works(environment: Path, folder: Path) -> str:
    """Serves from the environment, and the command line and a program beside it sign in, watch and claim."""
    with serving(environment, folder) as address:
        onduty = (environment / "bin/onduty",)
        printed = run(*onduty, "--version", cwd=folder, env=bare(folder))
        require((printed.split() == ["onduty", python_version(ROOT)], f"--version printed {printed}"))
        run(*onduty, "status", "set", "ben", "available", "--server", address, cwd=folder, env=bare(folder))
        listed = run(*onduty, "staff", "list", "--server", address, "--json", cwd=folder, env=bare(folder))
        require(("STATUS_AVAILABLE" in listed, f"ben is not available:\n{listed}"))
        claimed = client_works(environment, folder, address, "ana")
    where = run(
        environment / "bin/python", "-c", "import onduty_server; print(onduty_server.__file__)", cwd=folder, env=bare(folder)
    )
    require((Path(where.strip()).is_relative_to(environment), f"the server came from {where}"))
    return claimed


def client_works(environment: Path, folder: Path, address: str, staff_id: str) -> str:
    """A program with the environment's client signs somebody in, sees it on the floor and claims the person."""
    printed = run(
        environment / "bin/python", "-I", PROBES / "first.py", address, staff_id, cwd=folder, env=bare(folder), seconds=120
    )
    return printed.splitlines()[-1]


def client_alone(environment: Path) -> str:
    """The client's environment has no part of the server."""
    look = (
        "import importlib.util as u, onduty_client; print([n for n in ('onduty_server', 'onduty.journal') if u.find_spec(n)])"
    )
    printed = run(environment / "bin/python", "-I", "-c", look, env=bare(environment))
    require((printed.strip() == "[]", f"the client's environment has {printed.strip()}"))
    return "no server"


def runs_with(python: str = sys.executable) -> str:
    """Which Python all of this was tried with."""
    return subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout.strip()
