"""Break reasons and policies as messages and back."""

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from onduty.v1 import policy_pb2, staff_pb2
from onduty_server.domain.model.configuration import Configured, DirectoryEntry
from onduty_server.domain.model.policy import BreakLimitAction, BreakReason, Colleagues, NoAnswerStatus, Policy, ReturnTo
from onduty_server.domain.model.status import (
    Direction,
    Micros,
)
from onduty_server.wire.primitives import duration, micros
from onduty_server.wire.staff_parts import put_groups


def configured_message(value: Configured) -> Message | None:
    """What is configured as a message that says nothing else."""
    match value:
        case Policy():
            return policy_message(value)
        case BreakReason():
            return break_reason_message(value)
        case DirectoryEntry():
            message = staff_pb2.Staff(display_name=value.display_name)
            put_groups(value.skill_groups, message.skill_groups)
            return message
        case None:
            return None


def break_reason_message(reason: BreakReason, revision: int = 0) -> policy_pb2.BreakReason:
    """A break reason as the contract's message."""
    return policy_pb2.BreakReason(
        code=reason.code,
        display_name=reason.display_name,
        enabled=reason.enabled,
        limit=duration(reason.limit) if reason.limit else None,
        built_in=reason.built_in,
        revision=revision,
    )


def policy_message(policy: Policy) -> policy_pb2.Policy:
    """A policy as the contract's message, every field set."""
    return policy_pb2.Policy(
        after_call_work=policy_pb2.AfterCallWorkPolicy(
            enabled=policy.wrap_up_enabled,
            countdown=duration(policy.wrap_up_countdown),
            directions=sorted(policy.wrap_up_directions),  # type: ignore[arg-type]
            max_duration=duration(policy.wrap_up_cap),
            return_to=policy.return_to,  # type: ignore[arg-type]
            unanswered=policy.wrap_up_unanswered,
        ),
        claim_ttl=duration(policy.claim_ttl),
        no_answer=policy_pb2.NoAnswerPolicy(misses=policy.no_answer_misses, status=policy.no_answer_status),  # type: ignore[arg-type]
        disconnect_grace=duration(policy.disconnect_grace),
        require_attachment=policy.require_attachment,
        max_call_age=duration(policy.max_call_age),
        break_internal_calls=policy.break_internal_calls,
        after_call_work_dial_out=policy.after_call_work_dial_out,
        after_call_work_internal_calls=policy.after_call_work_internal_calls,
        retention=duration(policy.retention),
        break_limit_action=policy.break_limit_action,  # type: ignore[arg-type]
        late_fact_window=duration(policy.late_fact_window),
        disconnect_grace_on_break=maybe_duration(policy.disconnect_grace_on_break),
        in_line_consultation=policy.in_line_consultation,
        colleagues=policy.colleagues,  # type: ignore[arg-type]
        hold_off=policy_pb2.HoldOffPolicy(
            after_decline=duration(policy.hold_off_after_decline),
            after_miss=duration(policy.hold_off_after_miss),
            after_unreachable=duration(policy.hold_off_after_unreachable),
        ),
    )


def policy_value(message: policy_pb2.Policy) -> Policy:
    """A policy from a complete message."""
    wrap_up = message.after_call_work
    return Policy(
        wrap_up_enabled=wrap_up.enabled,
        wrap_up_countdown=micros(wrap_up.countdown),
        wrap_up_directions=frozenset(Direction(direction) for direction in wrap_up.directions),
        wrap_up_cap=micros(wrap_up.max_duration),
        wrap_up_unanswered=wrap_up.unanswered,
        return_to=ReturnTo(wrap_up.return_to),
        claim_ttl=micros(message.claim_ttl),
        no_answer_misses=message.no_answer.misses,
        no_answer_status=NoAnswerStatus(message.no_answer.status),
        disconnect_grace=micros(message.disconnect_grace),
        require_attachment=message.require_attachment,
        max_call_age=micros(message.max_call_age),
        break_internal_calls=message.break_internal_calls,
        after_call_work_dial_out=message.after_call_work_dial_out,
        after_call_work_internal_calls=message.after_call_work_internal_calls,
        retention=micros(message.retention),
        break_limit_action=BreakLimitAction(message.break_limit_action),
        late_fact_window=micros(message.late_fact_window),
        disconnect_grace_on_break=(
            micros(message.disconnect_grace_on_break) if message.HasField("disconnect_grace_on_break") else None
        ),
        in_line_consultation=message.in_line_consultation,
        colleagues=Colleagues(message.colleagues),
        hold_off_after_decline=micros(message.hold_off.after_decline),
        hold_off_after_miss=micros(message.hold_off.after_miss),
        hold_off_after_unreachable=micros(message.hold_off.after_unreachable),
    )


def maybe_duration(length: Micros | None) -> Duration | None:
    """A length of time as a protobuf duration, unset where there is none."""
    return None if length is None else duration(length)
