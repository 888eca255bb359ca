"""The page of the policy: every field with its default, its bounds and the contract's comment."""

from enum import Enum
from typing import Any

from generator import protos
from generator.markdown import code, first_sentence, length, table
from onduty_server.domain.model.policy import BREAK_LIMIT_BOUNDS, DURATION_BOUNDS, MISSES_LEAST, MISSES_MOST, Bounds, Policy
from onduty_server.wire.policy_fields import POLICY_FIELDS, PolicyField

_HEAD = """# Policy

Each tenant has one policy. `GetPolicy` answers it complete with defaults, `UpdatePolicy` changes the fields that the mask
names, or without a mask the fields that are set. `onduty policy show` and `onduty policy set KEY=VALUE` do the same.

A new policy applies to what begins from then on. Deadlines that run keep the length they began with.

"""

_BREAKS = """
## Break reasons

A tenant's break reasons are a catalogue of their own: `ListBreakReasons`, `CreateBreakReason`, `UpdateBreakReason`,
`DeleteBreakReason`, or `onduty breaks`. A reason has a code, a name, an on-off switch and a limit: {bounds}. Past its limit a
break is marked `overdue`, and the policy's `break_limit_action` may sign the person out. The reason `no-answer` is built in: it
is set after missed offers, and cannot be chosen, disabled or deleted. Its name and limit can be changed.

## Rehearsal

A server started with `--rehearsal` takes lengths of time down to a millisecond, so that recorded days can be played in seconds.
Do not use it for real work.
"""


def page() -> str:
    """The page."""
    comments = protos.field_comments("Policy")
    rows = [[code(one.path), _default(one), _bounds(one), first_sentence(comments[one.path])] for one in POLICY_FIELDS]
    breaks = _BREAKS.format(bounds=_interval(BREAK_LIMIT_BOUNDS))
    return _HEAD + table(["field", "default", "allowed", "what it sets"], rows) + breaks


def _default(one: PolicyField) -> str:
    value: Any = getattr(Policy(), one.attribute)
    match one.kind:
        case "flag":
            return code(str(value).lower())
        case "duration" if value is None:
            return "not set"
        case "duration":
            return length(value) if value or not DURATION_BOUNDS[one.attribute].zero_is_none else "none"
        case "directions":
            return ", ".join(code(f"DIRECTION_{direction.name}") for direction in sorted(value))
        case "misses":
            return str(value)
    return code(_name_in_contract(value))


def _bounds(one: PolicyField) -> str:
    match one.kind:
        case "flag":
            return "`true`, `false`"
        case "duration":
            return _interval(DURATION_BOUNDS[one.attribute])
        case "directions":
            return "any, or none"
        case "misses":
            return f"{MISSES_LEAST} to {MISSES_MOST}"
    assert isinstance(one.kind, type), "the rest are enums"
    return ", ".join(code(_name_in_contract(value)) for value in one.kind)


def _interval(bounds: Bounds) -> str:
    none = ", or none" if bounds.zero_is_none else ""
    return f"{length(bounds.least)} to {length(bounds.most)}{none}"


def _name_in_contract(value: Enum) -> str:
    """As the contract writes it: the enum's name in capitals before the value's."""
    prefix = "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in type(value).__name__)
    return f"{prefix.lstrip('_')}_{value.name}"
