"""Makes the artifacts, below dist/. Whether they work is for `checks.py` to say."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from onduty_release.go_module import write_module
from onduty_release.lists import closure, list_for, locked
from onduty_release.places import DIST, ROOT, empty, only, require, run
from onduty_release.versions import maven_version, python_version, semantic_version

ORIGIN = 1767225600
"""2026-01-01: what files of an archive bear where no commit says when they are from, in seconds since 1970."""


def source_date() -> int:
    """The instant of the last commit, in seconds since 1970: what is built bears it, so that it can be built again."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(asked.stdout) if asked.returncode == 0 and asked.stdout.strip() else ORIGIN


def start() -> None:
    """Empties dist/ and fixes the instant that everything bears."""
    empty(DIST)
    os.environ["SOURCE_DATE_EPOCH"] = str(source_date())


def hatch(project: Path, target: Path) -> list[Path]:
    """Builds the sdist and the wheel of a Python project into a folder, with the build backend of this environment."""
    target.mkdir(parents=True, exist_ok=True)
    before = set(target.iterdir())
    with revision_written(project):
        run(_python(), "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", target, cwd=project)
    return sorted(set(target.iterdir()) - before)


@contextlib.contextmanager
def revision_written(project: Path) -> Iterator[None]:
    """For the length of a block the server's package has a file with the source's revision, which `onduty version` tells.

    An unpacked sdist has it already; where no commit is known, and in a project without the server, there is none.
    """
    package, commit = project / "service/onduty_server", revision(project)
    if not package.is_dir() or not commit:
        yield
        return
    place = package / "BUILD"
    place.write_text(f"{commit}\n", encoding="ascii")
    try:
        yield
    finally:
        place.unlink()


def revision(project: Path) -> str:
    """The commit that a checkout stands at; empty where the folder is none."""
    if not (project / ".git").exists():
        return ""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project, capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def python_packages() -> str:
    """The server with the client in it, and the client alone: an sdist and a wheel each."""
    made = [*hatch(ROOT, DIST), *hatch(ROOT / "clients/python", DIST)]
    version = python_version(ROOT)
    wanted = {f"{name}-{version}{end}" for name in ("onduty", "onduty_client") for end in (".tar.gz", "-py3-none-any.whl")}
    require((wanted == {path.name for path in made}, f"made {sorted(path.name for path in made)}"))
    return f"{len(made)} files"


def python_lists(wheelhouse: Path) -> str:
    """Downloads what the lock file of the server names into ``wheelhouse``, and writes the two lists with hashes."""
    download(ROOT / "requirements/run.txt", wheelhouse)
    lock = locked(ROOT / "requirements/run.txt")
    counts = []
    for name, listed in (("onduty", "onduty.txt"), ("onduty_client", "onduty-client.txt")):
        needed = closure(only(DIST, f"{name}-*.whl"), wheelhouse)
        (DIST / listed).write_text(list_for(DIST.glob(f"{name}-*"), needed, lock), encoding="utf-8")
        counts.append(f"{listed} names {len(needed) + 1}")
    return ", ".join(counts)


def download(listed: Path, wheelhouse: Path) -> None:
    """Downloads the wheels of a list for this system."""
    options = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check", "--quiet"]
    run(_python(), "-m", "pip", "download", *options, "-r", listed, "-d", wheelhouse)


def npm_package() -> str:
    """The package @onduty/client, as npm packs it."""
    folder = ROOT / "clients/typescript"
    run("make", "--no-print-directory", "-C", folder, "build")
    run("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", DIST, cwd=folder)
    return only(DIST, f"onduty-client-{semantic_version(python_version(ROOT))}.tgz").name


def jar() -> str:
    """The artifact dev.onduty:onduty-client: its jar, and its pom beside it."""
    version = maven_version(python_version(ROOT))
    folder = ROOT / "clients/java"
    with tempfile.TemporaryDirectory(prefix="onduty-java-") as target:
        stamp = f"-Dproject.build.outputTimestamp={source_date()}"
        run("mvn", "-q", "-B", "package", "-Dmaven.test.skip=true", f"-Dclient.target={target}", stamp, cwd=folder)
        shutil.copy(Path(target) / f"onduty-client-{version}.jar", DIST)
    shutil.copy(folder / "pom.xml", DIST / f"onduty-client-{version}.pom")
    return f"onduty-client-{version}.jar"


def go_module() -> str:
    """The module onduty.dev/client, below dist/go as a proxy lays it out."""
    made = write_module(ROOT / "clients/go", DIST / "go", semantic_version(python_version(ROOT)))
    return made.relative_to(DIST).as_posix()


def _python() -> Path:
    return ROOT / "tools/.venv/bin/python"
