"""How two configurations differ, by field paths, as JSON."""

import json
from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from onduty.v1 import history_service_pb2


def field_changes(before: Message | None, after: Message | None) -> Iterator[history_service_pb2.FieldChange]:
    """The fields that differ, by path. One that has its type's zero, as a text of no length, is not set."""
    old, new = _leaves(before), _leaves(after)
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield history_service_pb2.FieldChange(path=path, before=old.get(path, ""), after=new.get(path, ""))


def _leaves(message: Message | None) -> dict[str, str]:
    if message is None:
        return {}
    found: dict[str, str] = {}
    _add(found, "", MessageToDict(message, preserving_proto_field_name=True))
    return found


def _add(found: dict[str, str], prefix: str, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, dict):
            _add(found, f"{prefix}{name}.", value)
        else:
            found[f"{prefix}{name}"] = json.dumps(value, ensure_ascii=False)
