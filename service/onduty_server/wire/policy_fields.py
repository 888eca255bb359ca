"""An UpdatePolicy request as a change of the policy: which fields the mask names, and whether their values are allowed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from onduty.v1 import admin_service_pb2, policy_pb2
from onduty_server.domain.model.policy import (
    DURATION_BOUNDS,
    MISSES_LEAST,
    MISSES_MOST,
    BreakLimitAction,
    Colleagues,
    NoAnswerStatus,
    Policy,
    ReturnTo,
)
from onduty_server.domain.model.status import Direction
from onduty_server.wire.fields import BATCH_MOST, Fields, quoted


@dataclass(frozen=True, slots=True)
class PolicyField:
    """A leaf of the policy message: its path, the policy's attribute, and how to read it (None: a plain boolean)."""

    path: str
    attribute: str
    kind: type[IntEnum] | str = "flag"


POLICY_FIELDS: Final = (
    PolicyField("after_call_work.enabled", "wrap_up_enabled"),
    PolicyField("after_call_work.countdown", "wrap_up_countdown", "duration"),
    PolicyField("after_call_work.directions", "wrap_up_directions", "directions"),
    PolicyField("after_call_work.max_duration", "wrap_up_cap", "duration"),
    PolicyField("after_call_work.return_to", "return_to", ReturnTo),
    PolicyField("after_call_work.unanswered", "wrap_up_unanswered"),
    PolicyField("claim_ttl", "claim_ttl", "duration"),
    PolicyField("no_answer.misses", "no_answer_misses", "misses"),
    PolicyField("no_answer.status", "no_answer_status", NoAnswerStatus),
    PolicyField("hold_off.after_decline", "hold_off_after_decline", "duration"),
    PolicyField("hold_off.after_miss", "hold_off_after_miss", "duration"),
    PolicyField("hold_off.after_unreachable", "hold_off_after_unreachable", "duration"),
    PolicyField("disconnect_grace", "disconnect_grace", "duration"),
    PolicyField("require_attachment", "require_attachment"),
    PolicyField("max_call_age", "max_call_age", "duration"),
    PolicyField("break_internal_calls", "break_internal_calls"),
    PolicyField("after_call_work_dial_out", "after_call_work_dial_out"),
    PolicyField("after_call_work_internal_calls", "after_call_work_internal_calls"),
    PolicyField("retention", "retention", "duration"),
    PolicyField("break_limit_action", "break_limit_action", BreakLimitAction),
    PolicyField("late_fact_window", "late_fact_window", "duration"),
    PolicyField("disconnect_grace_on_break", "disconnect_grace_on_break", "duration"),
    PolicyField("in_line_consultation", "in_line_consultation"),
    PolicyField("colleagues", "colleagues", Colleagues),
)
"""Every leaf; a test holds it complete against the contract."""


EVERY_FIELD: Final = "*"


def policy_change(
    fields: Fields, request: admin_service_pb2.UpdatePolicyRequest, *, rehearsal: bool
) -> Callable[[Policy], Policy]:
    """The change that the request asks for; faults are noted in ``fields``. What is named and not set gets its default."""
    values: dict[str, Any] = {}
    default = Policy()
    for leaf in _named(fields, request):
        if _is_set(request.policy, leaf.path):
            values[leaf.attribute] = _read(fields, leaf, request.policy, rehearsal=rehearsal)
        else:
            values[leaf.attribute] = getattr(default, leaf.attribute)
    if not request.update_mask.paths and not values and not fields.faults:
        fields.fault("policy", "sets nothing: set fields, or name them in update_mask")
    return lambda policy: replace(policy, **values)


def _named(fields: Fields, request: admin_service_pb2.UpdatePolicyRequest) -> list[PolicyField]:
    """The leaves that the mask names (a message's name stands for all its fields), or all that are set without a mask."""
    paths = fields.bounded("update_mask", request.update_mask.paths, BATCH_MOST)
    if not paths:
        return [leaf for leaf in POLICY_FIELDS if _is_set(request.policy, leaf.path)]
    if list(paths) == [EVERY_FIELD]:
        return list(POLICY_FIELDS)
    leaves = []
    for path in paths:
        found = [leaf for leaf in POLICY_FIELDS if leaf.path == path or leaf.path.startswith(f"{path}.")]
        if not found:
            fields.fault("update_mask", f"{quoted(path)} is not a field of the policy")
        leaves += found
    return list(dict.fromkeys(leaves))


def _is_set(policy: policy_pb2.Policy, path: str) -> bool:
    message: Any = policy
    *parents, leaf = path.split(".")
    for parent in parents:
        if not message.HasField(parent):
            return False
        message = getattr(message, parent)
    return any(descriptor.name == leaf for descriptor, _ in message.ListFields())


def _read(fields: Fields, leaf: PolicyField, policy: policy_pb2.Policy, *, rehearsal: bool) -> Any:
    value: Any = policy
    for part in leaf.path.split("."):
        value = getattr(value, part)
    name = f"policy.{leaf.path}"
    match leaf.kind:
        case "flag":
            return value
        case "duration":
            return fields.duration(name, value, DURATION_BOUNDS[leaf.attribute], rehearsal=rehearsal)
        case "directions":
            numbers = fields.bounded(name, value, BATCH_MOST)
            return frozenset(fields.enum(f"{name}[{n}]", number, Direction) for n, number in enumerate(numbers))
        case "misses":
            if not MISSES_LEAST <= value <= MISSES_MOST:
                fields.fault(name, f"is {value}; {MISSES_LEAST} to {MISSES_MOST} are allowed")
            return value
        case kind:
            assert isinstance(kind, type), "the rest are enums"
            return fields.enum(name, value, kind)
