"""Turns the contract's enum values into the words people read and type, and back; it decides nothing about them."""

from collections.abc import Iterable

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from onduty.v1 import staff_pb2

STATUS_ORDER: tuple[int, ...] = (
    staff_pb2.STATUS_AVAILABLE,
    staff_pb2.STATUS_IN_LINE,
    staff_pb2.STATUS_AFTER_CALL_WORK,
    staff_pb2.STATUS_BUSY,
    staff_pb2.STATUS_ON_BREAK,
    staff_pb2.STATUS_OFFLINE,
)
"""The statuses as tables show them: who can take calls first, who is away last."""

STATUS_STYLES = {
    "AVAILABLE": "bold green",
    "IN_LINE": "bold red",
    "AFTER_CALL_WORK": "cyan",
    "BUSY": "yellow",
    "ON_BREAK": "magenta",
    "OFFLINE": "dim",
}
"""The colour of each status, by its short name."""

SHORT_STATUSES = {
    "AVAILABLE": "AVAIL", "IN_LINE": "LINE", "AFTER_CALL_WORK": "WRAP", "BUSY": "BUSY", "ON_BREAK": "BREAK", "OFFLINE": "OFF",
}  # fmt: skip
"""What a status is called where there is no room for its short name."""

CHOOSABLE = ("available", "busy", "on-break", "offline")
"""The statuses that staff and supervisors can choose, as typed."""

SET_BY_THE_SYSTEM = ("in-line", "after-call-work")
"""The statuses that only the system sets, as typed."""

DIRECTIONS = ("inbound", "outbound", "internal", "transfer")
"""The kinds of calls, as typed."""


WITHDRAW_REASONS = ("caller-gone", "unreachable", "other")
CLAIM_ORDERS = ("longest-idle", "longest-since-call", "highest-level")
"""Why a claim is withdrawn, as typed."""


def prefix_of(enum: EnumTypeWrapper) -> str:
    """Returns what the names of an enum's values begin with, as in ``STATUS_``; the contract's lint keeps it so."""
    return enum.DESCRIPTOR.values[0].name.removesuffix("UNSPECIFIED")


def short_name(enum: EnumTypeWrapper, value: int) -> str:
    """Returns a value's name without the prefix; the number for a value this program does not know."""
    known = enum.DESCRIPTOR.values_by_number.get(value)
    return known.name.removeprefix(prefix_of(enum)) if known else str(value)


def full_name(enum: EnumTypeWrapper, text: str) -> str | None:
    """Returns the contract's name of a value typed in any case, with ``-`` or ``_``, prefix or none; None if unknown."""
    prefix = prefix_of(enum)
    name = prefix + text.strip().upper().replace("-", "_").removeprefix(prefix)
    known = enum.DESCRIPTOR.values_by_name.get(name)
    return name if known and known.number else None


def typed_name(enum: EnumTypeWrapper, value: int) -> str:
    """Returns a value's short name as people type it: lower case, with hyphens."""
    return short_name(enum, value).lower().replace("_", "-")


def typed_names(enum: EnumTypeWrapper) -> tuple[str, ...]:
    """Returns all values' names as people type them."""
    return tuple(typed_name(enum, value.number) for value in enum.DESCRIPTOR.values if value.number)


def status_word(status: int, break_reason: str = "") -> str:
    """Returns a status as shown, with its break reason: ``ON_BREAK lunch``."""
    return f"{short_name(staff_pb2.Status, status)} {break_reason}".rstrip()


def cause_words(cause: int) -> str:
    """Returns a cause in words: ``offer accepted``."""
    return short_name(staff_pb2.Cause, cause).lower().replace("_", " ")


def direction_word(direction: int) -> str:
    """Returns a direction in lower case: ``inbound``."""
    return short_name(staff_pb2.Direction, direction).lower()


def action_words(action: int) -> str:
    """Returns an action in words, statuses in capitals: ``set next status``, ``change to ON_BREAK``."""
    name = short_name(staff_pb2.Action, action)
    if name.startswith("CHANGE_TO_"):
        return f"change to {name.removeprefix('CHANGE_TO_')}"
    return name.lower().replace("_", " ")


def actions_in_words(actions: Iterable[int]) -> str:
    """Returns several actions, separated by commas; ``nothing`` if there are none."""
    return ", ".join(action_words(action) for action in actions) or "nothing"
