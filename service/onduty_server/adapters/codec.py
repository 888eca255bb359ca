"""States and changes as protobuf bytes and back; applies no rule.

A revision is known only when the journal has committed, so bytes are made without it and the revision is spliced on as one
more field: in protobuf the order of fields is free.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from onduty.journal.v1 import record_pb2
from onduty.v1 import policy_pb2, staff_pb2
from onduty_server.domain.policy import BreakLimitAction, BreakReason, NoAnswerStatus, Policy, ReturnTo
from onduty_server.domain.state import (
    UNCONNECTED,
    Actor,
    Attachment,
    Call,
    Capabilities,
    Change,
    Choice,
    Connection,
    EndedCall,
    EndedOffer,
    Offer,
    StaffState,
    WrapUp,
)
from onduty_server.domain.status import SECOND, ActorRole, Cause, Direction, Instant, Micros, OfferEnd, Status
from onduty_server.ports import Revision

_STAFF_REVISION_TAG = bytes([14 << 3])
_TRANSITION_REVISION_TAG = bytes([1 << 3])
_CHANGE_STAFF_TAG = bytes([1 << 3 | 2])
_CHANGE_TRANSITION_TAG = bytes([2 << 3 | 2])
_CHANGE_LEFT = bytes([3 << 3, 1])


def varint(value: int) -> bytes:
    """A non-negative integer as protobuf writes it."""
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def timestamp(at: Instant) -> Timestamp:
    """An instant as a protobuf timestamp."""
    whole, micros = divmod(at, SECOND)
    return Timestamp(seconds=whole, nanos=micros * 1000)


def instant(stamp: Timestamp) -> Instant:
    """A protobuf timestamp as an instant, cut to microseconds."""
    return Instant(stamp.seconds * SECOND + stamp.nanos // 1000)


def duration(length: Micros) -> Duration:
    """A length of time as a protobuf duration."""
    whole, micros = divmod(length, SECOND)
    return Duration(seconds=whole, nanos=micros * 1000)


def micros(length: Duration) -> Micros:
    """A protobuf duration as microseconds, cut toward zero. It may be negative; the caller checks."""
    return Micros(length.seconds * SECOND + int(length.nanos / 1000))


def _maybe(message: Any, name: str) -> Instant | None:
    return instant(getattr(message, name)) if message.HasField(name) else None


def _stamp(at: Instant | None) -> Timestamp | None:
    return None if at is None else timestamp(at)


class ProtobufCodec:
    """The codec port over the contract's own messages."""

    # --- staff --------------------------------------------------------------------------------------------------------

    def encode_state(self, state: StaffState) -> bytes:
        """The public state, without its revision."""
        may = state.capabilities
        message = staff_pb2.Staff(
            staff_id=state.staff_id,
            display_name=state.display_name,
            skill_groups=state.skill_groups,
            status=state.status,  # type: ignore[arg-type]
            break_reason=state.break_reason,
            status_since=timestamp(state.status_since),
            capabilities=staff_pb2.Capabilities(
                assign_inbound=may.assign_inbound,
                dial_out=may.dial_out,
                internal_calls=may.internal_calls,
                change_status=may.change_status,
            ),
            choice=_encode_choice(state.choice),
            changed_at=timestamp(state.changed_at),
            idle_since=_stamp(state.idle_since),
            overdue=state.overdue,
            misses=state.misses,
        )
        for call in state.calls:
            message.calls.append(_encode_call(call))
        if state.offer is not None:
            message.offer.CopyFrom(_encode_offer(state.offer))
        if state.wrap_up is not None:
            message.wrap_up.CopyFrom(_encode_wrap_up(state.wrap_up))
        if state.next is not None:
            message.next.CopyFrom(_encode_choice(state.next))
        if state.break_ends_at is not None:
            message.break_ends_at.CopyFrom(timestamp(state.break_ends_at))
        connection = state.connection
        message.connection.workspaces = len(connection.attachments)
        message.connection.lapsed = connection.lapsed
        if connection.offline_at is not None:
            message.connection.offline_at.CopyFrom(timestamp(connection.offline_at))
        return message.SerializeToString()

    def encode_private(self, state: StaffState) -> bytes:
        """What is stored beside the public state."""
        if not (state.connection.attachments or state.ended_calls or state.deleted):
            return b""
        message = record_pb2.StaffPrivate(deleted=state.deleted)
        for one in state.connection.attachments:
            message.attachments.add(attachment_id=one.attachment_id, instance_id=one.instance_id)
        for ended in state.ended_calls:
            message.ended_calls.add(call_id=ended.call_id, ended_at_micros=ended.ended_at)
        return message.SerializeToString()

    def decode_state(self, state: bytes, private: bytes) -> StaffState:
        """The state back from its two parts."""
        public = staff_pb2.Staff.FromString(state)
        extra = record_pb2.StaffPrivate.FromString(private) if private else _NOTHING_PRIVATE
        may = public.capabilities
        return StaffState(
            staff_id=public.staff_id,
            display_name=public.display_name,
            skill_groups=_groups(tuple(public.skill_groups)),
            status=_STATUSES[public.status],
            status_since=instant(public.status_since),
            changed_at=instant(public.changed_at),
            choice=_decode_choice(public.choice),
            calls=tuple(_decode_call(call) for call in public.calls),
            offer=_decode_offer(public.offer) if public.HasField("offer") else None,
            wrap_up=_decode_wrap_up(public.wrap_up) if public.HasField("wrap_up") else None,
            next=_decode_choice(public.next) if public.HasField("next") else None,
            connection=_decode_connection(public.connection, extra.attachments),
            capabilities=_capabilities(may.assign_inbound, may.dial_out, may.internal_calls, may.change_status),
            idle_since=_maybe(public, "idle_since"),
            break_ends_at=_maybe(public, "break_ends_at"),
            overdue=public.overdue,
            misses=public.misses,
            ended_calls=tuple([EndedCall(one.call_id, one.ended_at_micros) for one in extra.ended_calls]),  # type: ignore[arg-type]
            deleted=extra.deleted,
        )

    # --- changes ------------------------------------------------------------------------------------------------------

    def encode_change(self, change: Change) -> bytes:
        """The change, without its revision."""
        message = staff_pb2.Transition(
            staff_id=change.staff_id,
            previous_status=change.previous_status or 0,  # type: ignore[arg-type]
            previous_break_reason=change.previous_break_reason,
            status=change.status,  # type: ignore[arg-type]
            break_reason=change.break_reason,
            cause=change.cause,  # type: ignore[arg-type]
            actor=staff_pb2.Actor(role=change.actor.role, id=change.actor.actor_id),  # type: ignore[arg-type]
            call_id=change.call_id,
            claim_id=change.claim_id,
            request_id=change.request_id,
            note=change.note,
            changed_at=timestamp(change.changed_at),
            recorded_at=timestamp(change.recorded_at),
            created=change.created,
            deleted=change.deleted,
            calls_started=change.calls_started,
            occurred_at=_stamp(change.occurred_at),
        )
        if change.time_in_previous is not None:
            message.time_in_previous_status.CopyFrom(duration(change.time_in_previous))
        if change.ended_offer is not None:
            ended = change.ended_offer
            message.ended_offer.CopyFrom(
                staff_pb2.EndedOffer(claim_id=ended.claim_id, call_id=ended.call_id, end=ended.end)  # type: ignore[arg-type]
            )
        if change.previous_skill_groups is not None:
            message.groups_changed = True
            message.previous_skill_groups.extend(change.previous_skill_groups)
        return message.SerializeToString()

    def decode_change(self, change: bytes) -> Change:
        """The change back."""
        message = staff_pb2.Transition.FromString(change)
        ended = message.ended_offer if message.HasField("ended_offer") else None
        spent = message.time_in_previous_status if message.HasField("time_in_previous_status") else None
        return Change(
            staff_id=message.staff_id,
            previous_status=Status(message.previous_status) if message.previous_status else None,
            previous_break_reason=message.previous_break_reason,
            status=Status(message.status),
            break_reason=message.break_reason,
            cause=Cause(message.cause),
            actor=Actor(ActorRole(message.actor.role), message.actor.id),
            changed_at=instant(message.changed_at),
            recorded_at=instant(message.recorded_at),
            call_id=message.call_id,
            claim_id=message.claim_id,
            request_id=message.request_id,
            note=message.note,
            time_in_previous=None if spent is None else micros(spent),
            ended_offer=None if ended is None else EndedOffer(ended.claim_id, ended.call_id, OfferEnd(ended.end)),
            previous_skill_groups=tuple(message.previous_skill_groups) if message.groups_changed else None,
            created=message.created,
            deleted=message.deleted,
            calls_started=message.calls_started,
            occurred_at=_maybe(message, "occurred_at"),
        )

    # --- splicing -----------------------------------------------------------------------------------------------------

    def state_with_revision(self, state: bytes, revision: Revision) -> bytes:
        """The public state as clients see it."""
        return state + _STAFF_REVISION_TAG + varint(revision)

    def change_with_revision(self, change: bytes, revision: Revision) -> bytes:
        """The change as clients see it."""
        return change + _TRANSITION_REVISION_TAG + varint(revision)

    def staff_change(self, state: bytes, change: bytes) -> bytes:
        """A change with its state, from the two with their revisions, as an element of a watch frame."""
        return b"".join((_CHANGE_STAFF_TAG, varint(len(state)), state, _CHANGE_TRANSITION_TAG, varint(len(change)), change))

    def mark_left(self, staff_change: bytes) -> bytes:
        """The same element, saying that the staff member left the view."""
        return staff_change + _CHANGE_LEFT

    # --- configuration ------------------------------------------------------------------------------------------------

    def encode_break_reason(self, reason: BreakReason, *, deleted: bool) -> bytes:
        """A break reason; a deleted one is no bytes at all, which no reason is: a code has at least a character."""
        if deleted:
            return b""
        return break_reason_message(reason).SerializeToString()

    def decode_break_reason(self, state: bytes) -> BreakReason | None:
        """A break reason back, or None for a tombstone."""
        if not state:
            return None
        message = policy_pb2.BreakReason.FromString(state)
        return BreakReason(message.code, message.display_name, message.enabled, micros(message.limit))

    def encode_policy(self, policy: Policy) -> bytes:
        """A policy."""
        return policy_message(policy).SerializeToString()

    def decode_policy(self, state: bytes) -> Policy:
        """A policy back."""
        return policy_value(policy_pb2.Policy.FromString(state))


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
    )


def policy_value(message: policy_pb2.Policy) -> Policy:
    """A policy from a complete message."""
    wrap_up = message.after_call_work
    return Policy(
        wrap_up_enabled=wrap_up.enabled,
        wrap_up_countdown=micros(wrap_up.countdown),
        wrap_up_directions=frozenset(Direction(direction) for direction in wrap_up.directions),
        wrap_up_cap=micros(wrap_up.max_duration),
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
    )


def _encode_choice(choice: Choice) -> staff_pb2.StatusChoice:
    return staff_pb2.StatusChoice(status=choice.status, break_reason=choice.break_reason)  # type: ignore[arg-type]


def _decode_choice(message: staff_pb2.StatusChoice) -> Choice:
    return _choice(message.status, message.break_reason)


# Few values come again and again. Each is held once, however many staff have it, and is at hand when a start decodes them all.

_STATUSES: Final = {int(status): status for status in Status}
_NOTHING_PRIVATE: Final = record_pb2.StaffPrivate()


@lru_cache(maxsize=16)
def _capabilities(assign_inbound: bool, dial_out: bool, internal_calls: bool, change_status: bool) -> Capabilities:  # noqa: FBT001
    return Capabilities(assign_inbound, dial_out, internal_calls, change_status)


@lru_cache(maxsize=1024)
def _choice(status: int, break_reason: str) -> Choice:
    return Choice(Status(status), break_reason)


@lru_cache(maxsize=4096)
def _groups(skill_groups: tuple[str, ...]) -> tuple[str, ...]:
    return skill_groups


def _encode_call(call: Call) -> staff_pb2.Call:
    return staff_pb2.Call(
        call_id=call.call_id,
        direction=call.direction,  # type: ignore[arg-type]
        source=call.source,
        started_at=timestamp(call.started_at),
        ends_by=timestamp(call.ends_by),
        irregular=call.irregular,
        occurred_at=_stamp(call.occurred_at),
        claim_id=call.claim_id,
    )


def _decode_call(message: staff_pb2.Call) -> Call:
    return Call(
        message.call_id,
        Direction(message.direction),
        message.source,
        instant(message.started_at),
        instant(message.ends_by),
        message.irregular,
        _maybe(message, "occurred_at"),
        message.claim_id,
    )


def _encode_offer(offer: Offer) -> staff_pb2.Offer:
    return staff_pb2.Offer(
        claim_id=offer.claim_id,
        call_id=offer.call_id,
        offered_at=timestamp(offer.offered_at),
        expires_at=timestamp(offer.expires_at),
        direction=offer.direction,  # type: ignore[arg-type]
        source=offer.source,
    )


def _decode_offer(message: staff_pb2.Offer) -> Offer:
    return Offer(
        message.claim_id,
        message.call_id,
        instant(message.offered_at),
        instant(message.expires_at),
        Direction(message.direction),
        message.source,
    )


def _encode_wrap_up(wrap_up: WrapUp) -> staff_pb2.WrapUp:
    return staff_pb2.WrapUp(
        call_id=wrap_up.call_id,
        since=timestamp(wrap_up.since),
        ends_at=_stamp(wrap_up.ends_at),
        capped_at=_stamp(wrap_up.capped_at),
    )


def _decode_wrap_up(message: staff_pb2.WrapUp) -> WrapUp:
    return WrapUp(message.call_id, instant(message.since), _maybe(message, "ends_at"), _maybe(message, "capped_at"))


def _decode_connection(message: staff_pb2.Connection, attachments: Sequence[record_pb2.Attachment]) -> Connection:
    if not attachments and not message.lapsed and not message.HasField("offline_at"):
        return UNCONNECTED
    held = tuple(Attachment(one.attachment_id, one.instance_id) for one in attachments)
    return Connection(held, _maybe(message, "offline_at"), message.lapsed)
