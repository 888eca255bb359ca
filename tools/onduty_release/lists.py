"""Complete lists of what a distribution needs, with hashes: cut out of the lock file, for `pip --require-hashes --no-deps`."""

import hashlib
import re
from collections.abc import Iterable
from importlib.metadata import PathDistribution
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def sha256(path: Path) -> str:
    """The hash of a file's content, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def locked(lock: Path) -> dict[str, str]:
    """The entries of a lock file by name, each with its hashes."""
    text = lock.read_text(encoding="utf-8")
    return {canonicalize_name(found["name"]): found[0].strip() for found in _ENTRY.finditer(text)}


def requirements_of_wheel(wheel: Path) -> list[Requirement]:
    """What a wheel requires, without its extras."""
    with ZipFile(wheel) as archive:
        (folder,) = {name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        return plain(PathDistribution(ZipPath(archive, f"{folder}/")).requires)


def plain(requirements: Iterable[str] | None) -> list[Requirement]:
    """Requirements that no extra asks for, of any system."""
    parsed = (Requirement(line) for line in requirements or ())
    return [one for one in parsed if "extra" not in str(one.marker or "")]


def closure(wheel: Path, wheelhouse: Path) -> list[str]:
    """The names of everything that a wheel needs, found in the wheels of a folder; sorted. Markers count as true.

    A requirement of another system has no wheel there and is named all the same; what it needs in turn is not.
    """
    wheels = {canonicalize_name(path.name.partition("-")[0]): path for path in wheelhouse.glob("*.whl")}
    found: set[str] = set()
    waiting = requirements_of_wheel(wheel)
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name not in found:
            found.add(name)
            waiting += requirements_of_wheel(wheels[name]) if name in wheels else []
    return sorted(found)


def list_for(artifacts: Iterable[Path], needed: Iterable[str], lock: dict[str, str]) -> str:
    """The text of a list: a distribution by its artifacts' hashes, then everything it needs, as locked.

    What is not locked is needed on no supported system; `pip check` would tell otherwise.
    """
    files = sorted(artifacts)
    name, version = files[-1].name.split("-")[:2]
    hashes = " \\\n".join(f"    --hash=sha256:{sha256(path)}" for path in files)
    own = f"{name.replace('_', '-')}=={version.removesuffix('.tar.gz')} \\\n{hashes}"
    return "\n".join([own, *(lock[name] for name in needed if name in lock)]) + "\n"
