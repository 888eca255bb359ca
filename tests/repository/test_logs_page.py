"""The page of the log tells every event of the server, with its level and its fields, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "service"
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
GENERATED = SERVER / "gen"


class Event(NamedTuple):
    """An event as the code logs it."""

    name: str
    level: str
    fields: frozenset[str]


def events_in(path: Path) -> Iterator[Event]:
    """The events that a module logs; fails for one whose name is no text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        if isinstance(node.func, ast.Attribute):
            is_log = isinstance(node.func.value, ast.Name) and node.func.value.id == "log" and node.func.attr in LEVELS
            level = "error" if node.func.attr == "exception" else node.func.attr
        else:
            is_log, level = node.func.id == "tell" and path.name == "log_sink.py", "by line"
        if is_log:
            assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: an event's name is a text"
            fields = {keyword.arg for keyword in node.keywords} - {"exc_info"}
            yield Event(node.args[0].value, level, frozenset(field for field in fields if field))


def logged() -> dict[str, tuple[set[str], set[str]]]:
    """Levels and fields of every event of the server."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for path in sorted(SERVER.rglob("*.py")):
        if GENERATED in path.parents:
            continue
        for event in events_in(path):
            levels, fields = found.setdefault(event.name, (set(), set()))
            levels.add(event.level)
            fields.update(event.fields)
    return found


def told() -> dict[str, tuple[set[str], set[str]]]:
    """Levels and fields of every event as the page tells them."""
    page = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|([^|]*)\| [^|]+ \|$", page, re.MULTILINE)
    return {
        name: ({level.strip() for level in levels.split(",")}, set(re.findall(r"`(\w+)`", fields)))
        for name, levels, fields in rows
    }


def test_the_page_tells_every_event_with_its_level_and_fields() -> None:
    """What the code logs and what the page says are the same."""
    assert told() == logged()
