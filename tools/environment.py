"""Make and mend the Python environments of a checkout: tools/python tools/environment.py run|dev|bench|release|gen|oldest.

An environment is right when it was made here, by a Python that still runs, and holds what its list says. Then nothing is
done and no network is asked. Otherwise what is wrong is said and mended; what cannot be finished is not left half made.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROBE = (
    "import sys; from importlib.util import find_spec as f; print(sys.base_prefix, *sys.version_info[:3], f('pip') is not None)"
)
REDIRECTIONS = (
    *("ABI", "CONSTRAINT", "DRY_RUN", "EDITABLE", "IGNORE_INSTALLED", "IMPLEMENTATION", "NO_BINARY", "ONLY_BINARY", "PLATFORM"),
    *("PREFIX", "PYTHON", "PYTHON_VERSION", "REPORT", "REQUIRE_HASHES", "REQUIRE_VIRTUALENV", "REQUIREMENT", "ROOT", "TARGET"),
)
"""Settings of pip that would send an installation elsewhere or change what is installed. Index, proxy, certificates and
cache stay as the user has set them."""


class SetupError(Exception):
    """The environment cannot be made; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where an environment is, the list it holds, and what is installed from the checkout beside it.

    `holds` names the environments of the same folder that are complete when this one is. `wished` is a list beside the own
    one, of what has wheels for few machines; without it the environment is right too.
    """

    folder: str
    packages: str
    purpose: str
    projects: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    wished: str = ""


PROJECTS = (".",)
ENVIRONMENTS = {
    "run": Environment(".venv", "requirements/run.txt", "the server needs", PROJECTS),
    "dev": Environment(
        *(".venv", "requirements/dev.txt", "tests and checks need", PROJECTS),
        holds=("run",),
        wished="requirements/postgres-server.txt",
    ),
    "bench": Environment("bench/.venv", "requirements/bench.txt", "the bench needs"),
    "release": Environment("tools/.venv", "requirements/release.txt", "making releases needs"),
    "gen": Environment("clients/python/.gen", "clients/python/requirements/gen.txt", "generating the Python client needs"),
    "oldest": Environment(
        "clients/python/.oldest", "clients/python/requirements/oldest.txt", "the client's oldest versions need"
    ),
}


def main() -> int:
    """Bring the named environment into order: 0, or 1 with the reason on stderr."""
    try:
        with _one_at_a_time():
            Maker(sys.argv[1]).bring_into_order()
    except SetupError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or ROOT}: {error.strerror}. Does the checkout belong to another user?", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. The next make goes on from here.", file=sys.stderr)
        return 130
    else:
        return 0
    return 1


class Maker:
    """Makes one environment."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.environment = ENVIRONMENTS[name]
        self.folder = ROOT / self.environment.folder
        self.python = self.folder / "bin" / "python"
        self.fresh = False

    def bring_into_order(self) -> None:
        """Do what is needed, and no more."""
        reason = self._what_is_wrong()
        stamp = self._stamp(self.name)
        if reason is None and stamp.is_file() and stamp.read_text() == _digest(self.name):
            return
        if reason is not None:
            self._make(reason)
        what = f"what {self.environment.purpose} into {self.environment.folder}"
        count = f"{_packages(self.environment)} packages"
        print(f"Installing {what}: {count}, a minute or less where the network is fast ...", flush=True)
        try:
            self._install()
        except (SetupError, OSError):
            if self.fresh:
                shutil.rmtree(self.folder, ignore_errors=True)
            raise
        for name in (self.name, *self.environment.holds):
            self._stamp(name).write_text(_digest(name))

    def _what_is_wrong(self) -> str | None:
        """Why the folder cannot be used as it is, in words; empty where there is none yet, None where nothing is wrong."""
        if not self.folder.exists():
            return ""
        probe = _probe(self.python)
        if probe is None:
            return "its Python does not run"
        if not probe.endswith(" True") or not (self.folder / "pyvenv.cfg").is_file():
            return "it is half made"
        if self._busy.exists():
            return "an installation was cut short"
        if not self._was_made_here():
            return "it was made in another place"
        if os.environ.get("PYTHON") and not self._runs_this() and _base(probe) != _base(_probe(Path(sys.executable))):
            return "PYTHON names another Python"
        return None

    def _was_made_here(self) -> bool:
        """Its programs name their Python by its whole path, so in a moved or copied checkout they are another checkout's."""
        lines = (self.folder / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
        commands = [line for line in lines if line.startswith("command = ")]
        return all(line.endswith(f" {self.folder}") for line in commands)

    def _runs_this(self) -> bool:
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def _make(self, reason: str) -> None:
        if reason:
            print(f"Making {self.environment.folder} anew: {reason}.", flush=True)
        python = getattr(sys, "_base_executable", sys.executable)
        _require_a_usable_python(python)
        if self.folder.is_symlink():
            self.folder.unlink()  # where it leads is perhaps another checkout's, and would be emptied.
        line = [python, "-m", "venv", "--clear", self.folder]
        done = subprocess.run(line, env=_surroundings(), capture_output=True, check=False, text=True, errors="replace")
        if done.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise SetupError(
                f"{done.stdout}{done.stderr}\n{python} could not make {self.environment.folder}; nothing is left of it."
            )
        self.fresh = True

    def _install(self) -> None:
        """Install the list and the projects, and see that they fit; an old environment where they do not is made anew."""
        self._busy.touch()
        self._pip("install", "--require-hashes", "--no-deps", *_wheels_only(), "--requirement", self.environment.packages)
        if self.environment.wished:
            self._wish(self.environment.wished)
        if self.environment.projects:
            editable = [word for project in self.environment.projects for word in ("--editable", project)]
            self._pip("install", "--no-deps", "--no-build-isolation", *editable)
            self._make_paths_relative()
        self._busy.unlink()
        done = subprocess.run(self._pip_line("check"), env=_surroundings(), capture_output=True, check=False, text=True)
        if done.returncode == 0:
            return
        if self.fresh:
            raise SetupError(f"The packages of {self.environment.packages} do not fit together:\n{done.stdout}{done.stderr}")
        self._make("its packages do not fit together")
        self._install()

    def _make_paths_relative(self) -> None:
        """Name the projects' folders from the environment's own: Python reads whole paths by the locale, and ``C`` has no ü."""
        for site in self.folder.glob("lib/python*/site-packages"):
            for found in site.glob("*.pth"):
                folders = found.read_text(encoding="utf-8").splitlines()
                if all(Path(folder).is_relative_to(ROOT) for folder in folders):
                    relative = [os.path.relpath(folder, site) for folder in folders]
                    found.write_text("".join(f"{folder}\n" for folder in relative), encoding="utf-8")

    def _wish(self, packages: str) -> None:
        """Install a list if it has wheels for this machine; say so if not."""
        line = self._pip_line(
            "install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--quiet", "--requirement", packages
        )
        done = subprocess.run(line, cwd=ROOT, env=_surroundings(), capture_output=True, check=False, text=True)
        if done.returncode:
            print(f"{packages} could not be installed, perhaps as it has no wheels for this machine: tests that need it skip.")

    def _pip(self, *arguments: str) -> None:
        if _run_telling(self._pip_line(*arguments), _packages(self.environment)):
            self._busy.unlink()
            rest = "Nothing is left of" if self.fresh else "Try again; to begin with an empty environment, remove"
            raise SetupError(
                f"pip could not install {self.environment.packages}; its reason is above. {rest} {self.folder}.{_hints()}"
            )

    def _pip_line(self, *arguments: str) -> list[str | Path]:
        return [self.python, "-m", "pip", "--disable-pip-version-check", *arguments]

    def _stamp(self, name: str) -> Path:
        return self.folder / f".{name}"

    @property
    def _busy(self) -> Path:
        """There while pip works, so that an installation that was killed is known."""
        return self.folder / ".busy"


def _packages(environment: Environment) -> int:
    """How many its list names."""
    return (ROOT / environment.packages).read_text().count("==")


def _run_telling(line: list[str | Path], packages: int) -> int:
    """Run pip and return its exit code; on a terminal one line says how far it is."""
    if not sys.stdout.isatty():
        return subprocess.run([*line, "--quiet"], cwd=ROOT, env=_surroundings(), check=False).returncode
    with subprocess.Popen(line, cwd=ROOT, env=_surroundings(), stdout=subprocess.PIPE, text=True, errors="replace") as pip:
        assert pip.stdout
        for told in progress(pip.stdout, packages):
            print(f"\r\033[K  {told}", end="", flush=True)
    print("\r\033[K", end="", flush=True)
    return pip.returncode


def progress(lines: Iterable[str], packages: int) -> Iterator[str]:
    """What to say after each line of pip's that means a step."""
    seen = 0
    for line in lines:
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            seen += 1
            yield f"{seen} of {max(packages, seen)}: {line.split()[1 if line.startswith('C') else 3].partition('==')[0]}"
        elif line.startswith("Installing collected packages"):
            yield "unpacking and compiling ..."


def _digest(name: str) -> str:
    """What an environment is made of, as one word: this program, its list and the metadata of what is installed beside it."""
    environment = ENVIRONMENTS[name]
    wished = [environment.wished] if environment.wished else []
    paths = [environment.packages, *wished, *(f"{project}/pyproject.toml" for project in environment.projects)]
    whole = hashlib.sha256(repr(environment).encode())
    for path in paths:
        whole.update((ROOT / path).read_bytes())
    return whole.hexdigest()


def _probe(python: Path) -> str | None:
    """Installation, version and whether pip is there, as one line; None where it does not run."""
    try:
        done = subprocess.run(
            [python, "-c", PROBE], env=_surroundings(), capture_output=True, check=False, text=True, errors="replace"
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _base(probe: str | None) -> str:
    """The part of a probe that a Python and the environments made with it have in common."""
    return (probe or "").rpartition(" ")[0]


def _require_a_usable_python(python: str) -> None:
    """Refuse what cannot make an environment or has no wheels, naming what is missing."""
    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise SetupError(f"{python} is not the usual CPython, and not every package has wheels for it: set PYTHON to another.")
    missing = [module for module in ("venv", "ensurepip") if importlib.util.find_spec(module) is None]
    if missing:
        raise SetupError(
            f"{python} cannot make an environment: its module {' and '.join(missing)} is not installed.\n"
            "Debian and Ubuntu keep it in a package of its own:\n\n"
            f"    apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv\n\n"
            "Then give the same command again. Nothing half made is left."
        )


def _surroundings() -> dict[str, str]:
    """The user's environment without what would send Python or pip elsewhere."""
    unwanted = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONSAFEPATH", *(f"PIP_{name}" for name in REDIRECTIONS)}
    return {name: value for name, value in os.environ.items() if name not in unwanted} | {"PIP_USER": "0"}


def _wheels_only() -> list[str]:
    """Wheels need no build, so nothing beside the list is fetched. WHEELS=no builds what has none for this machine."""
    return [] if os.environ.get("WHEELS") == "no" else ["--only-binary", ":all:"]


def _hints() -> str:
    hints = []
    if os.environ.get("PIP_NO_INDEX"):
        hints.append("PIP_NO_INDEX is set: pip asks no index, and finds only what PIP_FIND_LINKS names.")
    if os.environ.get("PIP_INDEX_URL") or os.environ.get("PIP_CONFIG_FILE"):
        hints.append("pip asks the index that PIP_INDEX_URL or PIP_CONFIG_FILE names: it must carry the versions of the list.")
    return "".join(f"\n{hint}" for hint in [*hints, "docs/starting.md lists what is often the cause."])


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands in two terminals of one checkout take turns."""
    with Path(__file__).open() as lock:
        # Some network file systems lend no lock on what is open for reading; there the user's own order has to do.
        with contextlib.suppress(OSError):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Waiting for another make that installs here ...", flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
