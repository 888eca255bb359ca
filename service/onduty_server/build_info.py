"""Which software this is: its version and the source's revision; it imports nothing of the server."""

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Final

DISTRIBUTIONS: Final = ("onduty",)
UNKNOWN_VERSION: Final = "0+unknown"
REVISION_DIGITS: Final = 12

_PACKAGE: Final = Path(__file__).resolve().parent


@cache
def version() -> str:
    """The installed version; ``0+unknown`` where the package runs without having been installed."""
    for name in DISTRIBUTIONS:
        try:
            return version_of(name)
        except PackageNotFoundError:
            continue
    return UNKNOWN_VERSION


@cache
def build() -> str:
    """The source's revision: what a release wrote to ``BUILD`` beside this file, else the checkout's commit, else empty."""
    try:
        written = (_PACKAGE / "BUILD").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        written = ""
    return (written or _commit(_PACKAGE.parents[1]))[:REVISION_DIGITS]


def _commit(checkout: Path) -> str:
    """The commit that a git checkout stands at; empty if it is none. Reads git's files, as git may not be installed."""
    try:
        folder = _git_folder(checkout / ".git")
        head = (folder / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        shared = folder / "commondir"
        common = (folder / shared.read_text(encoding="utf-8").strip()) if shared.exists() else folder
        return _reference(common, head.removeprefix("ref: "))
    except (OSError, UnicodeDecodeError):
        return ""


def _git_folder(place: Path) -> Path:
    if place.is_dir():
        return place
    return place.parent / place.read_text(encoding="utf-8").strip().removeprefix("gitdir: ")


def _reference(common: Path, name: str) -> str:
    loose = common / name
    if loose.exists():
        return loose.read_text(encoding="ascii").strip()
    for line in (common / "packed-refs").read_text(encoding="ascii").splitlines():
        commit, _, packed = line.partition(" ")
        if packed == name:
            return commit
    return ""
