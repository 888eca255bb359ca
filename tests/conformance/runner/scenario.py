"""Scenarios as data: reads the files and says clearly what is wrong with them. It plays nothing.

A file holds what all its scenarios are about, constants that they share, and the scenarios. A scenario has ``given``, ``when``
and ``then``: lists of steps that are played in this order; the words are for the reader. With ``each`` there is one scenario
for every item of a list, and the item's fields are bound. Each scenario has a tenant of its own; ``server: own`` gives it a
server of its own as well.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from conformance.runner.values import UnboundError, fill

PHASES: Final = ("given", "when", "then")
METHOD: Final = re.compile(r"\w+Service/\w+|\$.+")
SERVERS: Final = ("shared", "own")
ACTIONS: Final = ("restart", "terminate", "start", "forget", "empty", "backup", "restore", "stall", "proceed")
STATUSES: Final = ("OFFLINE", "AVAILABLE", "BUSY", "ON_BREAK", "IN_LINE", "AFTER_CALL_WORK")
EXPECTING: Final = frozenset({"expect", "error", "bind"})

STEPS: Final[Mapping[str, frozenset[str]]] = {
    "call": EXPECTING | {"request", "via", "until", "timeout"},
    "do": EXPECTING | {"with", "until"},
    "connect": frozenset({"options", "error"}),
    "open": frozenset({"method", "request", "via", "until"}),
    "frame": frozenset({"expect", "bind", "passing", "search", "within"}),
    "end": frozenset({"error", "within"}),
    "event": frozenset({"where", "bind", "within"}),
    "together": frozenset({"request", "via", "times", "tally", "errors", "bind"}),
    "check": frozenset({"expect", "bind"}),
    "staff": frozenset(),
    "breaks": frozenset(),
    "policy": frozenset(),
    "server": frozenset(),
}
"""Every kind of step, and what else it may have. The kind's own value is its subject."""


class ScenarioError(Exception):
    """A scenario file is not what it should be; the message names the file, the scenario and the step."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its kind, its subject and its other fields."""

    kind: str
    subject: Any
    fields: Mapping[str, Any]
    phase: str
    number: int

    def __str__(self) -> str:
        subject = self.subject if isinstance(self.subject, str) else ""
        return f"{self.phase} {self.number}: {self.kind} {subject}".rstrip()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario: ``group`` is its file's name, ``bound`` what its steps may use from the start."""

    group: str
    name: str
    own_server: bool
    flags: tuple[str, ...]
    bound: Mapping[str, Any]
    steps: tuple[Step, ...]

    @property
    def title(self) -> str:
        """The name by which gaps and filters know it."""
        return f"{self.group}: {self.name}"


def load_all(directory: Path) -> list[Scenario]:
    """Every scenario of every file, by file name.

    Raises:
        ScenarioError: The first thing that is wrong.
    """
    scenarios = [one for path in sorted(directory.glob("*.yaml")) for one in load(path)]
    titles = [one.title for one in scenarios]
    for title in titles:
        if titles.count(title) > 1:
            raise ScenarioError(f"{title}: there are two scenarios of this name")
    return scenarios


def load(path: Path) -> list[Scenario]:
    """The scenarios of one file."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path.name}: not YAML: {error}") from error
    _only(document, {"about", "define", "scenarios"}, path.name)
    if not isinstance(document.get("about"), str):
        raise ScenarioError(f"{path.name}: about: says in a sentence what the file holds")
    entries = document.get("scenarios")
    if not isinstance(entries, list) or not entries:
        raise ScenarioError(f"{path.name}: scenarios: needs a list of scenarios")
    defined = document.get("define", {})
    return [one for entry in entries for one in _expand(path, entry, defined)]


def _expand(path: Path, entry: Any, defined: Mapping[str, Any]) -> Iterator[Scenario]:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    if not isinstance(name, str):
        raise ScenarioError(f"{path.name}: every scenario needs a name")
    where = f"{path.name}: {name}"
    _only(entry, {"name", "server", "flags", "each", *PHASES}, where)
    if entry.get("server", "shared") not in SERVERS:
        raise ScenarioError(f"{where}: server: must be one of {', '.join(SERVERS)}")
    steps = tuple(_steps(entry, where))
    if not any(step.phase == "then" or {"expect", "error", "tally"} & set(step.fields) for step in steps):
        raise ScenarioError(f"{where}: expects nothing")
    for item in entry.get("each", [{}]):
        bound = {**defined, **item}
        try:
            told = str(fill(name, bound))
        except UnboundError as error:
            raise ScenarioError(f"{where}: name: {error}") from error
        flags = tuple(map(str, entry.get("flags", ())))
        yield Scenario(path.stem, told, entry.get("server") == "own", flags, bound, steps)


def _steps(entry: Mapping[str, Any], where: str) -> Iterator[Step]:
    for phase in PHASES:
        listed = entry.get(phase, [])
        if not isinstance(listed, list):
            raise ScenarioError(f"{where}: {phase}: must be a list of steps")
        for number, step in enumerate(listed, start=1):
            yield _step(step, phase, number, f"{where}: {phase} {number}")


def _step(step: Any, phase: str, number: int, where: str) -> Step:
    if not isinstance(step, Mapping):
        raise ScenarioError(f"{where}: a step is a mapping, as {{call: RouterService/ClaimStaff}}")
    kinds = [kind for kind in STEPS if kind in step]
    if len(kinds) != 1:
        raise ScenarioError(f"{where}: needs one of {', '.join(STEPS)}; it has {', '.join(map(str, step)) or 'nothing'}")
    kind = kinds[0]
    _only(step, STEPS[kind] | {kind}, where)
    fields = {name: value for name, value in step.items() if name != kind}
    _check(kind, step[kind], fields, where)
    return Step(kind, step[kind], fields, phase, number)


def _check(kind: str, subject: Any, fields: Mapping[str, Any], where: str) -> None:
    """What a kind of step asks of its subject and fields."""
    if kind in ("call", "together") and not (isinstance(subject, str) and METHOD.fullmatch(subject)):
        raise ScenarioError(f"{where}: {kind}: must be a method, as RouterService/ClaimStaff")
    if kind == "open" and not METHOD.fullmatch(str(fields.get("method"))):
        raise ScenarioError(f"{where}: open: needs a method, as RouterService/WatchStaff")
    if kind == "server" and subject not in ACTIONS:
        raise ScenarioError(f"{where}: server: must be one of {', '.join(ACTIONS)}")
    if kind in ("staff", "policy") and not isinstance(subject, Mapping):
        raise ScenarioError(f"{where}: {kind}: must be a mapping")
    if kind == "breaks" and not isinstance(subject, list):
        raise ScenarioError(f"{where}: breaks: must be a list of codes")
    if kind == "together" and not isinstance(fields.get("tally"), Mapping):
        raise ScenarioError(f"{where}: together: needs a tally, as {{ok: 1, STAFF_NOT_ASSIGNABLE: 7}}")
    if "expect" in fields and "error" in fields:
        raise ScenarioError(f"{where}: expects an answer and an error")
    if not isinstance(fields.get("bind", {}), Mapping):
        raise ScenarioError(f"{where}: bind: must be a mapping of names to paths")


def _only(entry: Any, known: set[str] | frozenset[str], where: str) -> None:
    if not isinstance(entry, Mapping):
        raise ScenarioError(f"{where}: must be a mapping")
    unknown = sorted(set(map(str, entry)) - known)
    if unknown:
        raise ScenarioError(f"{where}: does not know {', '.join(unknown)}; known: {', '.join(sorted(known))}")
