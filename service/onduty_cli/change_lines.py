"""Says in words what changed in the configuration, and writes it for a terminal: a line each and what it changed below."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import Parse, ParseError
from rich.text import Text

from onduty.v1.history_service_pb2 import (
    CONFIGURATION_ACTION_CREATED,
    ConfigurationAction,
    ConfigurationChange,
    ConfigurationKind,
    FieldChange,
)
from onduty_cli.flowing import flowing
from onduty_cli.history_tables import actor_words
from onduty_cli.moments import clock_text, day_text, duration_text, instant_of, length_of, zone_text
from onduty_cli.output import printable
from onduty_cli.policy_fields import duration_keys
from onduty_cli.words import short_name

_REST_FROM = len("00:00:00  ")
_LENGTHS = frozenset({"limit", *duration_keys()})
"""The fields of break reasons and of the policy whose values are lengths of time."""


@dataclass(slots=True)
class ChangeLines:
    """Makes lines of pages of changes, under a heading for each day. ``width`` is the terminal's, in cells."""

    width: int
    _day: str = ""

    def of(self, page: Sequence[ConfigurationChange]) -> Iterator[Text]:
        """Yields a page's lines; days go on over pages. Words are not broken unless one alone is wider than the line."""
        for change in page:
            instant = instant_of(change.changed_at)
            day = day_text(instant)
            if day != self._day:
                if self._day:
                    yield Text()
                yield Text.assemble((day, "bold"), (f"  times in {zone_text(instant)}", "dim"))
                self._day = day
            done = f"{what_words(change)}, by {actor_words(change.actor)}"
            yield from self._flowing(f"{clock_text(instant)}  ", done, change.note)
            if change.fields:
                yield from self._flowing(" " * _REST_FROM, fields_words(change), "", style="dim")

    def _flowing(self, begin: str, said: str, note: str, *, style: str = "") -> Iterator[Text]:
        words = [Text(word, style=style) for word in printable(said).split()]
        noted = [Text(word, style="italic") for word in printable(f"“{note}”" if note else "").split()]
        return flowing(Text(begin), words + noted, width=self.width, indent=_REST_FROM)


def what_words(change: ConfigurationChange) -> str:
    """Returns what was done to what: ``created break reason lunch``."""
    kind = short_name(ConfigurationKind, change.kind).lower().replace("_", " ")
    action = short_name(ConfigurationAction, change.action).lower()
    return " ".join(filter(None, (action, kind, change.subject)))


def fields_words(change: ConfigurationChange) -> str:
    """Returns the fields with their values before and after; of what is new there is no before."""
    is_new = change.action == CONFIGURATION_ACTION_CREATED
    return ", ".join(f"{field.path}: {_step(field, is_new=is_new)}" for field in change.fields)


def _step(field: FieldChange, *, is_new: bool) -> str:
    after = _value_words(field.path, field.after)
    return after if is_new and not field.before else f"{_value_words(field.path, field.before)} → {after}"


def _value_words(path: str, value: str) -> str:
    """A field's value, JSON in the contract, as people read it: ``15s``, ``AVAILABLE``, ``cards, english:3``."""
    if not value:
        return "none"
    if path in _LENGTHS and (length := _length_words(value)):
        return length
    found = json.loads(value)
    return ", ".join(map(_item_words, found)) if isinstance(found, list) else _item_words(found)


def _length_words(value: str) -> str:
    """A length of time as the policy and the break reasons show it; empty if the value is none."""
    try:
        length = length_of(Parse(value, Duration()))
    except ParseError:
        return ""
    return duration_text(length) if length else "none"


def _item_words(item: Any) -> str:
    if isinstance(item, dict) and "name" in item:
        return f"{item['name']}:{item['level']}" if item.get("level") else str(item["name"])
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
