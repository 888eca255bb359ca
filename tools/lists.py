"""The lists of packages that environments are made of, and whether each is complete.

A list is complete where everything that its packages ask for is on it too, in a version that fits, for every supported Python
and platform. Then pip needs to resolve nothing, and nothing published later can change what is installed. What each package
asks for is kept in requirements/metadata.json, which `make lock` writes. Nothing here asks a network.
"""

import functools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
METADATA = "requirements/metadata.json"
LISTS = {
    "dev": "requirements/dev",
    "build": "requirements/build",
    "run": "requirements/run",
    "otel": "requirements/otel",
    "parquet": "requirements/parquet",
    "postgres": "requirements/postgres",
    "postgres-server": "requirements/postgres-server",
    "bench": "requirements/bench",
    "release": "requirements/release",
    "gen": "clients/python/requirements/gen",
    "oldest": "clients/python/requirements/oldest",
}
PARTS_OF_DEV = ("build", "run")
"""Lists that must name the versions of dev, as they are installed into the same folder."""
BESIDE_DEV = ("otel", "parquet", "postgres", "postgres-server")
"""Lists that name packages beside those of dev for the same folder, and the same versions where they name the same."""
PROJECTS = ("pyproject.toml", "clients/python/pyproject.toml")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = (
    ("linux", "Linux", "x86_64"),
    ("linux", "Linux", "aarch64"),
    ("darwin", "Darwin", "x86_64"),
    ("darwin", "Darwin", "arm64"),
)
PATCHES = ("0", "99")
"""The first patch release of a Python and one later than all: a marker may ask for either."""

Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """A Python on a platform, as markers see it."""

    python: str
    marker_values: Mapping[str, str]

    def __str__(self) -> str:
        values = self.marker_values
        return f"Python {values['python_full_version']} on {values['platform_system']} {values['platform_machine']}"


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a list: a package, its one version, and where it is meant for."""

    requirement: Requirement
    version: str
    hashes: int

    @property
    def name(self) -> str:
        """The package's canonical name."""
        return canonicalize_name(self.requirement.name)

    @property
    def key(self) -> str:
        """Name and version, as the metadata is kept under."""
        return f"{self.name}=={self.version}"

    def is_for(self, place: Place) -> bool:
        """Whether the line counts there."""
        return self.requirement.marker is None or self.requirement.marker.evaluate(dict(place.marker_values))


@functools.cache
def places() -> tuple[Place, ...]:
    """Every supported Python on every supported platform."""
    found = []
    for python, patch, (sys_platform, system, machine) in product(PYTHONS, PATCHES, PLATFORMS):
        full = f"{python}.{patch}"
        values = {
            "implementation_name": "cpython",
            "implementation_version": full,
            "os_name": "posix",
            "platform_machine": machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": system,
            "platform_version": "",
            "python_full_version": full,
            "python_version": python,
            "sys_platform": sys_platform,
            "extra": "",
        }
        found.append(Place(python, values))
    return tuple(found)


def pins(text: str) -> list[Pin]:
    """The lines of a list; ValueError where one is not pinned to one version by hashes."""
    found = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        words, *hashes = re.split(r"\s--hash=", line.strip())
        if not words or words.startswith("#"):
            continue
        requirement = Requirement(words)
        exact = re.fullmatch(r"==([^*,]+)", str(requirement.specifier))
        if not exact or not hashes:
            raise ValueError(f"not pinned to one version by hashes: {words}")
        found.append(Pin(requirement, exact[1], len(hashes)))
    return found


def roots(name: str, root: Path = ROOT) -> list[Requirement]:
    """What a list is made for: the lines of its .in file and of those it names, and what the projects ask for."""
    asked = list(_asked(root / f"{LISTS[name]}.in"))
    tables = [tomllib.loads((root / project).read_text(encoding="utf-8")) for project in PROJECTS if (root / project).is_file()]
    own = {canonicalize_name(table["project"]["name"]) for table in tables}
    if name in {"dev", "build", "run"}:
        asked += [line for table in tables for line in table["build-system"]["requires"]]
    if name in {"dev", "run"}:
        asked += [line for table in tables for line in table["project"].get("dependencies", [])]
    requirements = [Requirement(line) for line in asked]
    return [one for one in requirements if canonicalize_name(one.name) not in own]


def _asked(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].strip()
        if words.startswith("-r "):
            yield from _asked(path.parent / words.removeprefix("-r ").strip())
        elif words:
            yield words


def gaps(asked: list[Requirement], listed: list[Pin], facts: Facts, *, where: Sequence[Place] = ()) -> list[str]:
    """What is wrong with a list, a sentence each: what is missing, does not fit, or is asked for by nobody.

    It is looked for in the places given; everywhere where none is given.
    """
    found: dict[str, None] = {}
    wanted: set[str] = set()
    there = where or places()
    for place in there:
        walk = _Walk(place, {pin.name: pin for pin in listed if pin.is_for(place)}, facts)
        for requirement in asked:
            walk.follow(requirement, "the list", "")
        wanted |= walk.reached
        found.update(dict.fromkeys(walk.gaps))
    meant = {pin.key for pin in listed for place in there if pin.is_for(place)}
    return [*found, *(f"nobody asks for {key}" for key in sorted(meant - wanted))]


_parsed = functools.cache(Requirement)


class _Walk:
    """Follows what packages ask for, in one place."""

    def __init__(self, place: Place, listed: Mapping[str, Pin], facts: Facts) -> None:
        self.place = place
        self.listed = listed
        self.facts = facts
        self.reached: set[str] = set()
        self.gaps: list[str] = []
        self._seen: set[tuple[str, str]] = set()

    def follow(self, requirement: Requirement, asker: str, extra: str) -> None:
        """Find what answers a requirement, and follow what that asks for."""
        if requirement.marker and not requirement.marker.evaluate({**self.place.marker_values, "extra": extra}):
            return
        pin = self.listed.get(canonicalize_name(requirement.name))
        if pin is None:
            self.gaps.append(f"{requirement.name} is missing, which {asker} asks for ({self.place})")
            return
        if not requirement.specifier.contains(pin.version, prereleases=True):
            self.gaps.append(f"{pin.key} is not {requirement.specifier}, which {asker} asks for ({self.place})")
        self.reached.add(pin.key)
        for one in ("", *requirement.extras):
            if (pin.key, one) not in self._seen:
                self._seen.add((pin.key, one))
                self._follow_all_of(pin, one)

    def _follow_all_of(self, pin: Pin, extra: str) -> None:
        fact = self.facts.get(pin.key)
        if fact is None:
            self.gaps.append(f"nothing is known of {pin.key}: run make lock")
            return
        pythons = SpecifierSet(str(fact["requires_python"]))
        if not pythons.contains(Version(self.place.marker_values["python_full_version"])):
            self.gaps.append(f"{pin.key} is not for {self.place}")
        for line in fact["requires"]:
            self.follow(_parsed(line), pin.key, extra)


def read_facts(root: Path = ROOT) -> Facts:
    """What every listed package asks for."""
    return json.loads((root / METADATA).read_text(encoding="utf-8"))


def read_pins(name: str, root: Path = ROOT) -> list[Pin]:
    """The lines of a list by its name."""
    return pins((root / f"{LISTS[name]}.txt").read_text(encoding="utf-8"))
