"""Puts what the library that reads command lines says of them into this program's words; it reads none itself."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_WHERE_FROM: Final[Mapping[str, str]] = {
    "STAFF_ID": "See `onduty staff list`.",
    "REASON": "See `onduty breaks list`.",
    "CODE": "See `onduty breaks list`.",
    "CLAIM_ID": "`onduty call claim` gave it, and `onduty staff show STAFF_ID` shows the one on offer.",
    "KEY=VALUE": "See `onduty policy show`.",
}
"""By the name of an argument: where to find what can stand there."""

_FAULTS: Final = (
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"it must be at least \1"),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"it must be at most \1"),
    (re.compile(r"Input should be a valid integer.*", re.DOTALL), "it is not a whole number"),
    (re.compile(r"Input should be a valid number.*", re.DOTALL), "it is not a number"),
    (re.compile(r"Value error, (.*?)\.?", re.DOTALL), r"\1"),
)


def fault_in_own_words(said: str) -> str:
    """Returns what is wrong with a value, without the words of the library that checked it."""
    for pattern, words in _FAULTS:
        if match := pattern.fullmatch(said):
            return match.expand(words)
    return said


def where_from(argument: str) -> str:
    """Returns where what is missing can be found; empty where its name says enough."""
    return _WHERE_FROM.get(argument, "")


def without_types(parameters: Iterable[Any]) -> None:
    """Lets the help say nothing of types that nobody types: of a flag, which has no value, and of an argument with a name."""
    for parameter in parameters:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
        elif parameter.param_type_name == "argument" and parameter.metavar:
            parameter.display_type_rich = _no_type


def _no_type(ctx: Any) -> str:
    del ctx  # the library gives it.
    return ""
