"""The version, in the words of each language, and every file that says it. One file decides; a test holds the others to it."""

import re
from pathlib import Path
from typing import Final

SOURCE: Final = "clients/python/onduty_client/version.py"
"""Where a version is changed first; the builds of the Python packages read it."""

_PYTHON: Final = re.compile(r"(\d+\.\d+\.\d+)(?:\.dev(\d+))?")
_SOURCE_LINE: Final = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)


def python_version(root: Path) -> str:
    """The version in Python's words, such as 0.1.0.dev0 before the release of 0.1.0."""
    found = _SOURCE_LINE.search((root / SOURCE).read_text(encoding="utf-8"))
    if not found or not _PYTHON.fullmatch(found[1]):
        raise ValueError(f"{SOURCE} must hold a version X.Y.Z or X.Y.Z.devN")
    return found[1]


def semantic_version(python: str) -> str:
    """The same in the words of npm and Go, such as 0.1.0-dev.0."""
    number, development = _parts(python)
    return number if development is None else f"{number}-dev.{development}"


def maven_version(python: str) -> str:
    """The same in Maven's words: a SNAPSHOT before a release, whichever it is."""
    number, development = _parts(python)
    return number if development is None else f"{number}-SNAPSHOT"


def _parts(python: str) -> tuple[str, str | None]:
    found = _PYTHON.fullmatch(python)
    if not found:
        raise ValueError(f"{python} is not X.Y.Z or X.Y.Z.devN")
    return found[1], found[2]


SEMANTIC_PLACES: Final = {
    "clients/typescript/package.json": r'^  "version": "(.+)",$',
    "clients/typescript/package-lock.json": r'\A\{\n  "name": "@onduty/client",\n  "version": "(.+)",$',
    "clients/typescript/README.md": r"onduty-client-(\S+)\.tgz",
    "clients/go/doc.go": r'^const Version = "(.+)"$',
}
MAVEN_PLACES: Final = {
    "clients/java/pom.xml": r"<artifactId>onduty-client</artifactId>\n  <version>(.+)</version>",
    "clients/java/README.md": r"`dev\.onduty:onduty-client:(.+?)`",
    "clients/java/src/main/java/dev/onduty/client/Connection.java": r'String VERSION = "(.+)";',
    "docs/tutorials/java.md": r"<artifactId>onduty-client</artifactId>\n\s*<version>(.+)</version>",
}
"""By file, where the version stands in it: the pattern's group."""


def disagreements(root: Path) -> list[str]:
    """What says another version than the one file that decides; empty where all agree."""
    python = python_version(root)
    wanted = {
        **dict.fromkeys(SEMANTIC_PLACES, semantic_version(python)),
        **dict.fromkeys(MAVEN_PLACES, maven_version(python)),
    }
    wrong = []
    for name, pattern in {**SEMANTIC_PLACES, **MAVEN_PLACES}.items():
        found = re.findall(pattern, (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        if not found:
            wrong.append(f"{name}: says no version")
        wrong += [f"{name}: says {version}, not {wanted[name]}" for version in found if version != wanted[name]]
    return wrong
