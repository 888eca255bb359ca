"""Values of scenarios: bindings put in, and answers held against what is expected. It reads no files and talks to nobody.

In a text, ``$name`` stands for what was bound; ``$name.field``, ``$name[0]`` and ``$name[$other]`` look inside it. A text that
is nothing else becomes the value itself, of whatever type. A mapping ``{$repeat: 3, of: ...}`` becomes a list of three, with
``$i`` counting from 0. ``{$merge: $name, ...}`` is a mapping with the fields of another.

An expectation is a subset: fields that are not named may have any value. A field that has its default may be missing. Lists
match item by item. Where a value is not known beforehand, a matcher stands for it:

``<any>``                   whatever it is, also missing
``<present>``               there, and not the default
``<absent>``                missing, or the default
``<1..30>``                 a number (or a duration in seconds) between these, both included
``<above 7>``               a number greater than this
``<not AVAILABLE>``         any other text
``<1..30 after INSTANT>``   an instant so many seconds after the other
``{<length>: 3}``           a list or text of this length
``{<each>: ...}``           a list whose every item matches
``{<some>: [...]}``         a list in which each of these has a match, in any order
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_NAME = re.compile(r"\$(\w+)((?:\.\w+|\[\$?\w+\])*)")
_STEP = re.compile(r"\.(\w+)|\[(\$?)(\w+)\]")
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"<({_NUMBER})\.\.({_NUMBER})>")
_ABOVE = re.compile(rf"<above ({_NUMBER})>")
_NOT = re.compile(r"<not (.*)>")
_AFTER = re.compile(rf"<({_NUMBER})\.\.({_NUMBER}) after (.+)>")
_DURATION = re.compile(rf"({_NUMBER})s?")
_DEFAULTS = (None, "", 0, False, "0", "0s")
_MISSING = object()

Bindings = Mapping[str, Any]


class UnboundError(Exception):
    """A scenario uses a name that nothing was bound to, or looks for what is not there."""


def fill(value: Any, bound: Bindings) -> Any:
    """The value with all names replaced.

    Raises:
        UnboundError: A name is not bound.
    """
    if isinstance(value, str):
        return _fill_text(value, bound)
    if isinstance(value, list):
        return [fill(one, bound) for one in value]
    if isinstance(value, Mapping):
        if "$repeat" in value:
            return [fill(value["of"], {**bound, "i": number}) for number in range(int(fill(value["$repeat"], bound)))]
        merged = fill(value["$merge"], bound) if "$merge" in value else {}
        return {**merged, **{fill(name, bound): fill(one, bound) for name, one in value.items() if name != "$merge"}}
    return value


def _fill_text(text: str, bound: Bindings) -> Any:
    whole = _NAME.fullmatch(text)
    if whole:
        return _look_up(whole, bound)
    return _NAME.sub(lambda found: str(_look_up(found, bound)), text)


def _look_up(found: re.Match[str], bound: Bindings) -> Any:
    name, path = found[1], found[2]
    if name not in bound:
        raise UnboundError(f"${name} is not bound")
    value = bound[name]
    for step in _STEP.finditer(path):
        key = step[1] or (bound.get(step[3]) if step[2] else step[3])
        value = inside(value, str(key))
    return value


def inside(value: Any, key: str) -> Any:
    """The field or item of a value.

    Raises:
        UnboundError: There is none.
    """
    try:
        return value[int(key)] if isinstance(value, list) else value[key]
    except (KeyError, IndexError, TypeError, ValueError):
        raise UnboundError(f"there is no {key!r} in {value!r:.200}") from None


def at_path(value: Any, path: str) -> Any:
    """What is at a path of fields and items, as ``staff.calls.0.call_id``; the empty path is the value."""
    for key in filter(None, path.split(".")):
        value = inside(value, key)
    return value


def differences(expected: Any, found: Any, where: str = "") -> list[str]:
    """What of an expectation does not hold, a line each with its place; none: it matches."""
    place = where or "it"
    if isinstance(expected, str):
        matched = _matcher(expected, found)
        if matched is not None:
            return [] if matched else [f"{place} should be {expected}, and is {_told(found)}"]
    if isinstance(expected, Mapping):
        return _mapping_differences(expected, found, where)
    if isinstance(expected, list):
        return _list_differences(expected, found, where)
    return [] if _same(expected, found) else [f"{place} should be {expected!r}, and is {_told(found)}"]


def _mapping_differences(expected: Mapping[str, Any], found: Any, where: str) -> list[str]:
    if len(expected) == 1:
        ((name, wanted),) = expected.items()
        if name in ("<length>", "<each>", "<some>"):
            return _list_matcher(name, wanted, [] if found is _MISSING else found, where)
    if found is _MISSING and all(_matches(one, _MISSING) for one in expected.values()) and expected:
        return []
    if not isinstance(found, Mapping):
        return [f"{where or 'it'} should have fields, and is {_told(found)}"]
    lines = []
    for name, wanted in expected.items():
        lines += differences(wanted, found.get(name, _MISSING), f"{where}.{name}" if where else str(name))
    return lines


def _list_matcher(name: str, wanted: Any, found: Any, where: str) -> list[str]:
    place = where or "it"
    if not isinstance(found, list | str):
        return [f"{place} should be a list, and is {_told(found)}"]
    if name == "<length>":
        return differences(wanted, len(found), f"the length of {place}")
    if name == "<each>":
        return [line for number, one in enumerate(found) for line in differences(wanted, one, f"{where}[{number}]")]
    missing = [one for one in wanted if not any(_matches(one, item) for item in found)]
    return [f"{place} should hold {one!r}, and is {_told(found)}" for one in missing]


def _list_differences(expected: list[Any], found: Any, where: str) -> list[str]:
    items = [] if found is _MISSING or found is None else found
    if not isinstance(items, list) or len(items) != len(expected):
        return [f"{where or 'it'} should be a list of {len(expected)}, and is {_told(found)}"]
    pairs = zip(expected, items, strict=True)
    return [line for number, (one, item) in enumerate(pairs) for line in differences(one, item, f"{where}[{number}]")]


def _matches(expected: Any, found: Any) -> bool:
    return not differences(expected, found)


def _matcher(expected: str, found: Any) -> bool | None:
    """Whether a matcher holds; None: the text is no matcher."""
    if expected == "<any>":
        return True
    if expected in ("<present>", "<absent>"):
        return _is_default(found) == (expected == "<absent>")
    if parts := _RANGE.fullmatch(expected):
        number = _number(found)
        return number is not None and float(parts[1]) <= number <= float(parts[2])
    if parts := _ABOVE.fullmatch(expected):
        number = _number(found)
        return number is not None and number > float(parts[1])
    if parts := _NOT.fullmatch(expected):
        return not _same(parts[1], found)
    if parts := _AFTER.fullmatch(expected):
        later, earlier = _instant(found), _instant(parts[3])
        if later is None or earlier is None:
            return False
        return float(parts[1]) <= (later - earlier).total_seconds() <= float(parts[2])
    return None


def _is_default(found: Any) -> bool:
    if found is _MISSING or found == []:
        return True
    if isinstance(found, str) and found.endswith("_UNSPECIFIED"):
        return True
    return not isinstance(found, list | Mapping) and found in _DEFAULTS


def _same(expected: Any, found: Any) -> bool:
    if found is _MISSING or found is None:
        return expected in _DEFAULTS
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) or isinstance(found, int | float):
        return _number(found) == _number(expected)
    return bool(expected == found)


def _number(found: Any) -> float | None:
    if found is _MISSING or found is None:
        return 0.0
    if isinstance(found, int | float):
        return float(found)
    parts = _DURATION.fullmatch(found) if isinstance(found, str) else None
    return float(parts[1]) if parts else None


def _instant(found: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(_microseconds(found))
    except (TypeError, ValueError, AttributeError):
        return None


def _microseconds(text: str) -> str:
    """An instant with its fraction cut to what Python reads."""
    return re.sub(r"\.(\d{1,6})\d*Z?$", lambda part: f".{part[1]:0<6}", text.removesuffix("Z")) + "+00:00"


def _told(found: Any) -> str:
    return "missing" if found is _MISSING else f"{found!r:.300}"
