"""Try every start: make starts-check. Fresh clones of the last commit, with each Python, pip and circumstance that is here.

Pythons are those of the PATH and of pyenv, or in their place those that ONDUTY_PYTHONS names (paths, a colon between them). A
start that cannot be tried here is said and skipped. It asks the index, and takes about a minute a start.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fresh_clone import ROOT, FreshClone, StartError, index_of
from lists import LISTS, PYTHONS, read_pins

PIPS = ("22.3", "22.3.1", "23.0.1", "23.2.1", "23.3.2", "24.0", "25.0", "newest")
QUICK = ("stock pip, oldest Python", "an old list")
OTHER_USER = "1234"


@dataclass(frozen=True, slots=True)
class Start:
    """One thing to try; `attempt` gets an empty folder, and raises where it fails."""

    name: str
    attempt: Callable[[Path], None]


class CannotTryError(Exception):
    """This machine has not what a start needs."""


def main() -> int:
    """Try them one after another: 0 where all that could be tried worked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"only: {'; '.join(QUICK)}")
    parser.add_argument("--only", action="append", default=[], metavar="WORDS", help="only those with these words in the name")
    parser.add_argument("--list", action="store_true", help="name the starts and try none")
    options = parser.parse_args()
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for start in starts(pythons()):
        wanted = [*options.only, *(QUICK if options.quick else ())]
        if wanted and not any(words in start.name for words in wanted):
            continue
        if options.list:
            print(start.name)
            continue
        counts[tried(start)] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return bool(counts["failed"])


def tried(start: Start) -> str:
    """Try one start in a folder of its own, and say how it went."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="onduty-start-"))
    folder.chmod(0o755)
    try:
        start.attempt(folder)
        result, reason = "passed", ""
    except CannotTryError as error:
        result, reason = "skipped", f": {error}"
    except StartError as error:
        result, reason = "failed", f":\n{error}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{result} in {time.monotonic() - began:.0f} s: {start.name}{reason}", flush=True)
    return result


def pythons() -> dict[str, str]:
    """A path for each supported Python that is here, by its version; what ONDUTY_PYTHONS names is all there is."""
    named = [Path(name) for name in os.environ.get("ONDUTY_PYTHONS", "").split(":") if name]
    on_path = [Path(found) for python in PYTHONS if (found := shutil.which(f"python{python}"))]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found: dict[str, str] = {}
    for path in named or [*sorted(pyenv.glob("3.*/bin/python")), *on_path, Path("/usr/bin/python3")]:
        line = [path, "-c", "import sys, ensurepip; print(sys.base_prefix == sys.prefix, '%d.%d.%d' % sys.version_info[:3])"]
        done = subprocess.run(line, capture_output=True, check=False, text=True) if path.exists() else None
        if done and done.stdout.startswith("True ") and done.stdout.split()[1].rpartition(".")[0] in PYTHONS:
            found.setdefault(done.stdout.split()[1], str(path))
    return found


def starts(found: dict[str, str]) -> Iterator[Start]:
    """Everything to try with these Pythons."""
    ordered = sorted(found.items(), key=lambda one: [int(part) for part in one[0].split(".")])
    oldest, newest = ordered[0][1], ordered[-1][1]
    for python in PYTHONS:
        if not any(version.startswith(f"{python}.") for version in found):
            yield Start(f"Python {python}", _not_here)
    for version, path in ordered:
        remark = ", oldest Python" if path == oldest else ""
        yield Start(f"Python {version}, stock pip{remark}", lambda folder, path=path: stock(folder, path))
        for pip in PIPS if path == oldest else ("newest",):
            name = f"Python {version}, pip {pip},"
            yield Start(name, lambda folder, path=path, pip=pip: with_pip(folder, path, pip))
    if oldest != newest:
        yield Start("PYTHON names another Python later", lambda folder: other_python(folder, oldest, newest))
    for name, attempt in CIRCUMSTANCES.items():
        yield Start(name, lambda folder, attempt=attempt: attempt(folder, oldest))
    yield Start("an ordinary user with a home that is read only", ordinary_user)


def _not_here(_: Path) -> None:
    raise CannotTryError("there is none here; ONDUTY_PYTHONS may name one")


def stock(folder: Path, python: str) -> None:
    """The first two commands of all; after them the first has nothing to do."""
    clone = FreshClone(folder / "clone", setting={"PYTHON": python})
    _expect("Installing", clone.run())
    _expect("Installing", clone.make("setup"))
    _expect_not("Installing", clone.run())


def with_pip(folder: Path, python: str, pip: str) -> None:
    """The list that holds the other, with another pip than the one that Python came with."""
    clone = _clone_with_pip(folder, python, pip)
    _expect("Installing", clone.make("setup"))
    _expect_not("Installing", clone.run())


def _clone_with_pip(folder: Path, python: str, pip: str) -> FreshClone:
    clone = FreshClone(folder / "clone", setting={"PYTHON": python})
    subprocess.run([python, "-m", "venv", clone.folder / ".venv"], check=True)
    wanted = ["--upgrade", "pip"] if pip == "newest" else [f"pip=={pip}"]
    subprocess.run([clone.folder / ".venv/bin/python", "-m", "pip", "install", "--quiet", *wanted], check=True)
    return clone


def other_python(folder: Path, first: str, second: str) -> None:
    """The environment follows PYTHON, and stays what it is where PYTHON is not given."""
    clone = FreshClone(folder / "clone", setting={"PYTHON": first})
    clone.run()
    clone.setting = {"PYTHON": second}
    _expect("anew: PYTHON names another Python", clone.run())
    clone.setting = {}
    _expect_not("anew", clone.run())


def half_made(folder: Path, python: str) -> None:
    """An environment without pip, as Debian's Python leaves it where python3-venv is missing."""
    clone = FreshClone(folder / "clone", setting={"PYTHON": python})
    subprocess.run([python, "-m", "venv", "--without-pip", clone.folder / ".venv"], check=True)
    _expect("anew: it is half made", clone.run())


def killed(folder: Path, python: str) -> None:
    """An installation that was killed on the way."""
    clone = FreshClone(folder / "clone", setting={"PYTHON": python})
    clone.run()
    (clone.folder / ".venv/.busy").touch()
    _expect("anew: an installation was cut short", clone.run())


def moved(folder: Path, python: str) -> None:
    """A checkout that is copied or moves does not start the program of where it was."""
    clone = FreshClone(folder / "clone", setting={"PYTHON": python})
    clone.run()
    original, clone.folder = clone.folder, shutil.copytree(clone.folder, folder / "copy", symlinks=True)
    _expect("anew: it was made in another place", clone.run())
    clone.folder = original
    _expect_not("anew", clone.run())
    clone.folder = clone.folder.rename(folder / "elsewhere")
    _expect("anew: it was made in another place", clone.run())


def awkward_path(folder: Path, python: str) -> None:
    """Blanks, quotes' neighbours and letters beyond ASCII in the path."""
    clone = FreshClone(folder / "Zwölf Räume (neu) & 電話" / "on duty", setting={"PYTHON": python})
    clone.run()
    clone.make("setup")


def astray(folder: Path, python: str) -> None:
    """Settings that would send a Python or a pip elsewhere."""
    (folder / "junk").mkdir()
    (folder / "junk/typing.py").write_text("raise RuntimeError('PYTHONPATH is used')\n")
    setting = {"PIP_USER": "1", "PIP_REQUIRE_VIRTUALENV": "1", "PIP_TARGET": str(folder / "target"), "PIP_REQUIRE_HASHES": "1"}
    setting |= {"PIP_CONSTRAINT": str(folder / "none"), "PYTHONPATH": str(folder / "junk"), "PYTHONHOME": str(folder)}
    FreshClone(folder / "clone", setting={"PYTHON": python, **setting}).run()


def own_index(folder: Path, python: str) -> None:
    """An index of one's own, by a setting and by a file, and behind a proxy: no other place is asked."""
    wheels = _wheels(folder / "wheels", python)
    with index_of(wheels, folder / "index") as host:
        (folder / "pip.conf").write_text(f"[global]\nindex-url = http://{host}/simple\n")
        nowhere = {"PIP_FIND_LINKS": "", "PIP_NO_CACHE_DIR": "1", "no_proxy": "", "NO_PROXY": ""}
        settings: list[dict[str, str]] = [
            {"PIP_INDEX_URL": f"http://{host}/simple"},
            {"PIP_CONFIG_FILE": str(folder / "pip.conf")},
            {"PIP_INDEX_URL": "http://index.invalid/simple", "HTTP_PROXY": f"http://{host}", "http_proxy": f"http://{host}"}
            | {"PIP_TRUSTED_HOST": "index.invalid"},
        ]
        for number, setting in enumerate(settings):
            clone = FreshClone(folder / f"clone{number}", setting={"PYTHON": python, **nowhere, **setting})
            clone.make("setup-run")


def _wheels(folder: Path, python: str) -> Path:
    line = [
        python,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
        "--dest",
        folder,
    ]
    subprocess.run([*line, "--requirement", ROOT / f"{LISTS['run']}.txt"], check=True)
    return folder


def offline(folder: Path, python: str) -> None:
    """After one start and one setup neither asks a network again."""
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        raise CannotTryError("no network namespace can be made here")
    clone = FreshClone(folder / "clone", setting={"PYTHON": python})
    clone.run()
    clone.make("setup")
    clone.prefix, clone.has_own_network = alone, True
    clone.run()
    _expect_not("Installing", clone.make("setup"))


def old_list(folder: Path, python: str) -> None:
    """A list that is older than what the index has, with the oldest pip: the newer is never looked at, so it breaks nothing."""
    clone = _clone_with_pip(folder, python, PIPS[0])
    newer = {"click", "coverage", "filelock", "hypothesis", "identify", "platformdirs", "pydantic", "pygments", "virtualenv"}
    bounds = [f"{pin.name}<{pin.version}" for pin in read_pins("dev") if pin.name in newer]
    (folder / "older.txt").write_text("\n".join(bounds))
    uv = Path(sys.executable).parent / "uv"
    line = [uv, "pip", "compile", "--quiet", "--universal", f"--python-version={PYTHONS[0]}", "--generate-hashes"]
    line += ["--no-emit-index-url", "--upgrade", "--constraints", folder / "older.txt"]
    made = ["requirements/dev.in", "--output-file", "requirements/dev.txt"]
    subprocess.run([*line, *made], cwd=clone.folder, check=True)
    clone.make("setup")
    line = [clone.folder / ".venv/bin/python", "-m", "pip", "list", "--format", "freeze"]
    held = subprocess.run(line, capture_output=True, check=True, text=True).stdout
    _expect_not(next(f"{pin.name}=={pin.version}" for pin in read_pins("dev") if pin.name == "coverage"), held)


def ordinary_user(folder: Path) -> None:
    """A user who may write nowhere but in the clone."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        raise CannotTryError("only root can become another user")
    clone = FreshClone(folder / "clone")
    (folder / "home").mkdir(mode=0o555)
    shutil.chown(clone.folder, int(OTHER_USER), int(OTHER_USER))
    for path in clone.folder.rglob("*"):
        os.chown(path, int(OTHER_USER), int(OTHER_USER), follow_symlinks=False)
    clone.prefix = ["setpriv", f"--reuid={OTHER_USER}", f"--regid={OTHER_USER}", "--clear-groups"]
    clone.setting = {"HOME": str(folder / "home"), "PYTHON": "", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    line = [*clone.prefix, "python3", "-c", "import ensurepip"]
    seen = subprocess.run(line, env=clone.setting, capture_output=True, check=False)
    if seen.returncode:
        raise CannotTryError("an ordinary user finds no Python with ensurepip here")
    clone.run()
    clone.make("setup")


def _expect(words: str, printed: str) -> None:
    if words not in printed:
        raise StartError(f"not said: {words}\n{printed}")


def _expect_not(words: str, printed: str) -> None:
    if words in printed:
        raise StartError(f"said: {words}\n{printed}")


CIRCUMSTANCES: dict[str, Callable[[Path, str], None]] = {
    "an environment without pip": half_made,
    "an installation that was killed": killed,
    "a checkout that is copied and moves": moved,
    "a path with blanks and other letters": awkward_path,
    "settings that lead astray": astray,
    "an index and a proxy of one's own": own_index,
    "without a network after one online run": offline,
    "an old list with the oldest pip": old_list,
}


if __name__ == "__main__":
    sys.exit(main())
