"""Reads and writes the policy's fields by their dotted names, as the contract describes them; it knows none by itself."""

import difflib
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import Message

from onduty.v1 import policy_pb2
from onduty_cli.moments import duration_of, duration_text, length_of, parse_duration
from onduty_cli.words import full_name, typed_name, typed_names

_DURATION = "google.protobuf.Duration"
_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}
_NOTHING = {"", "none"}


def policy_keys() -> list[str]:
    """Returns the dotted names of all fields that can be set, in the contract's order."""
    return [key for key, _ in _leaves(policy_pb2.Policy.DESCRIPTOR, "")]


def duration_keys() -> list[str]:
    """Returns the dotted names of the fields that are lengths of time."""
    return [key for key, field in _leaves(policy_pb2.Policy.DESCRIPTOR, "") if field.message_type is not None]


def policy_values(policy: policy_pb2.Policy) -> Iterator[tuple[str, str]]:
    """Yields each field's dotted name and its value, written as ``set_policy_value`` reads it."""
    for key, field in _leaves(policy.DESCRIPTOR, ""):
        holder = _holder(policy, key)
        yield key, _written(holder, field)


def set_policy_value(policy: policy_pb2.Policy, key: str, text: str) -> None:
    """Sets one field from text.

    Durations are written as 30s or 4h, enums by their short names in any case, lists with commas; ``none`` empties a list
    and removes a duration.

    Raises:
        ValueError: There is no such field, or the text is no value for it; the message says what is.
    """
    fields = dict(_leaves(policy.DESCRIPTOR, ""))
    if key not in fields:
        raise ValueError(_no_such_key(key, list(fields)))
    holder, field = _holder(policy, key), fields[key]
    try:
        _read_into(holder, field, text.strip())
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def _no_such_key(key: str, keys: list[str]) -> str:
    inside = [known for known in keys if known.startswith(f"{key}.")]
    near = inside or difflib.get_close_matches(key, keys, n=3, cutoff=0.4)
    what_else = f"did you mean {', '.join(near)}?" if near else "see them all: onduty policy show"
    return f"the policy has no {key!r} to set; {what_else}"


def _leaves(descriptor: Any, prefix: str) -> Iterator[tuple[str, FieldDescriptor]]:
    for field in descriptor.fields:
        kind = field.message_type
        if kind is not None and kind.full_name != _DURATION:
            yield from _leaves(kind, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, field


def _holder(policy: policy_pb2.Policy, key: str) -> Message:
    holder: Message = policy
    for name in key.split(".")[:-1]:
        holder = getattr(holder, name)
    return holder


def _written(holder: Message, field: FieldDescriptor) -> str:
    value: Any = getattr(holder, field.name)
    if field.message_type is not None:
        return duration_text(length_of(value)) if length_of(value) else "none"
    if field.enum_type is not None:
        values = value if field.is_repeated else [value]
        return ", ".join(typed_name(EnumTypeWrapper(field.enum_type), number) for number in values) or "none"
    return str(value).lower()


def _read_into(holder: Message, field: FieldDescriptor, text: str) -> None:
    if field.message_type is not None:
        length = 0 if text.lower() in _NOTHING else parse_duration(text)
        getattr(holder, field.name).CopyFrom(duration_of(length))
    elif field.enum_type is not None:
        words = [] if field.is_repeated and text.lower() in _NOTHING else text.split(",")
        numbers = [_enum_number(EnumTypeWrapper(field.enum_type), word) for word in words]
        if field.is_repeated:
            getattr(holder, field.name).extend(numbers)
        elif len(numbers) == 1:
            setattr(holder, field.name, numbers[0])
        else:
            raise ValueError("give one value")
    elif field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        setattr(holder, field.name, _truth(text))
    else:
        setattr(holder, field.name, _whole_number(text))


def _enum_number(enum: EnumTypeWrapper, word: str) -> int:
    name = full_name(enum, word)
    if name is None:
        raise ValueError(f"{word!r} is none of {', '.join(typed_names(enum))}")
    return enum.Value(name)


def _truth(text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise ValueError(f"{text!r} is neither true nor false")
    return text.lower() in _TRUE


def _whole_number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a whole number") from None
    if not 0 <= number < 2**31:
        raise ValueError(f"{text} is out of range")
    return number
