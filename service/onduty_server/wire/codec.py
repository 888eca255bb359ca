"""States and changes as protobuf bytes and back.

A revision is known only when the journal has committed, so bytes are made without it and the revision is spliced on as one
more field: in protobuf the order of fields is free.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from onduty.journal.v1 import record_pb2
from onduty.v1 import history_service_pb2, policy_pb2, staff_pb2, workspace_service_pb2
from onduty_server.domain.model.change import Actor, Change, ChangeKind, EndedOffer
from onduty_server.domain.model.configuration import ConfigurationChange, Configured, DirectoryEntry
from onduty_server.domain.model.ended_legs import NONE_ENDED, EndedLegs
from onduty_server.domain.model.policy import BreakLimitAction, BreakReason, Colleagues, NoAnswerStatus, Policy, ReturnTo
from onduty_server.domain.model.skill_groups import SkillGroup, names
from onduty_server.domain.model.state import (
    UNCONNECTED,
    Attachment,
    BreakLeft,
    Call,
    Capabilities,
    Choice,
    Connection,
    HoldOff,
    InterruptedWrapUp,
    Offer,
    OwedWrapUp,
    StaffState,
    WrapUp,
)
from onduty_server.domain.model.status import (
    SECOND,
    ActorRole,
    Cause,
    Direction,
    HoldOffKind,
    Instant,
    Micros,
    OfferEnd,
    Status,
)
from onduty_server.domain.rules.colleagues import open_to_transfers
from onduty_server.ports import ClockRecord, ClockStep, Revision
from onduty_server.wire.field_changes import field_changes
from onduty_server.wire.scrubbing import ProtobufScrubber

_STAFF_REVISION_TAG = bytes([14 << 3])
_TRANSITION_REVISION_TAG = bytes([1 << 3])
_CHANGE_STAFF_TAG = bytes([1 << 3 | 2])
_CHANGE_TRANSITION_TAG = bytes([2 << 3 | 2])
_CHANGE_LEFT = bytes([3 << 3, 1])


_VARINTS: Final = [bytes((n,)) if n < 0x80 else bytes((n & 0x7F | 0x80, n >> 7)) for n in range(1 << 14)]
_LOW_PARTS: Final = [bytes((n & 0x7F | 0x80, n >> 7 | 0x80)) for n in range(1 << 14)]


def varint(value: int) -> bytes:
    """A non-negative integer as protobuf writes it."""
    low = b""
    while value >= 1 << 14:
        low += _LOW_PARTS[value & 0x3FFF]
        value >>= 14
    return low + _VARINTS[value]


def instant(stamp: Timestamp) -> Instant:
    """A protobuf timestamp as an instant, cut to microseconds."""
    return Instant(stamp.seconds * SECOND + stamp.nanos // 1000)


def put(at: Instant, stamp: Timestamp) -> None:
    """Set a message's timestamp in place: a third of the cost of one that is made and copied in."""
    stamp.seconds, micros = divmod(at, SECOND)
    stamp.nanos = micros * 1000


def duration(length: Micros) -> Duration:
    """A length of time as a protobuf duration."""
    whole, micros = divmod(length, SECOND)
    return Duration(seconds=whole, nanos=micros * 1000)


def micros(length: Duration) -> Micros:
    """A protobuf duration as microseconds, cut toward zero. It may be negative; the caller checks."""
    return Micros(length.seconds * SECOND + int(length.nanos / 1000))


def _maybe(message: Any, name: str) -> Instant | None:
    return instant(getattr(message, name)) if message.HasField(name) else None


class ProtobufCodec(ProtobufScrubber):
    """The codec port over the contract's own messages."""

    # --- staff --------------------------------------------------------------------------------------------------------

    def encode_state(self, state: StaffState) -> bytes:
        """The public state, without its revision."""
        message = staff_pb2.Staff(staff_id=state.staff_id, status=state.status, person_id=state.person_id)  # type: ignore[arg-type]
        _put_groups(state.skill_groups, message.skill_groups)
        if state.display_name:
            message.display_name = state.display_name
        _put_choice(state.choice, message.choice)
        if state.status is Status.ON_BREAK:
            message.break_reason = state.break_reason
        put(state.status_since, message.status_started_at)
        put(state.changed_at, message.changed_at)
        if state.idle_since is not None:
            put(state.idle_since, message.idle_started_at)
        _put_capabilities(state.capabilities, message.capabilities)
        message.connection.SetInParent()
        if state.connection is not UNCONNECTED:
            _put_connection(state.connection, message.connection)
        if state.misses:
            message.misses = state.misses
        if state.break_ends_at is not None:
            put(state.break_ends_at, message.break_ends_at)
        if state.overdue:
            message.overdue = True
        if state.last_call_ended_at is not None:
            put(state.last_call_ended_at, message.last_call_ended_at)
        if state.hold_off is not None:
            put(state.hold_off.ends_at, message.hold_off_ends_at)
        if state.calls or state.offer is not None or state.wrap_up is not None:
            _put_engagement(state, message)
        if state.next is not None:
            _put_choice(state.next, message.next)
        return message.SerializeToString()

    def encode_private(self, state: StaffState) -> bytes:
        """What is stored beside the public state."""
        followed = state.owed is not None or state.interrupted is not None or bool(state.breaks_left)
        claimed = state.passed_over_at is not None or state.hold_off is not None
        claimed = claimed or (state.offer is not None and bool(state.offer.skill_group))
        kept = state.connection.attachments or state.ended_legs or state.deleted or state.groups_since
        if not (kept or followed or claimed):
            return b""
        message = record_pb2.StaffPrivate(
            deleted=state.deleted, ended=state.ended_legs.text, groups_since_micros=state.groups_since
        )
        if followed:
            _put_after_call(state, message)
        if claimed:
            _put_about_claims(state, message)
        for one in state.connection.attachments:
            message.attachments.add(attachment_id=one.attachment_id, instance_id=one.instance_id)
        return message.SerializeToString()

    def decode_state(self, state: bytes, private: bytes) -> StaffState:
        """The state back from its two parts."""
        public = staff_pb2.Staff.FromString(state)
        extra = record_pb2.StaffPrivate.FromString(private) if private else _NOTHING_PRIVATE
        may, calls = public.capabilities, public.calls
        return StaffState(
            staff_id=public.staff_id,
            display_name=public.display_name,
            skill_groups=_decode_groups(public.skill_groups),
            status=_STATUSES[public.status],
            status_since=instant(public.status_started_at),
            changed_at=instant(public.changed_at),
            choice=_decode_choice(public.choice),
            calls=tuple([_decode_call(call) for call in calls]) if calls else (),
            offer=_decode_offer(public.offer, extra.offered_by_group) if public.HasField("offer") else None,
            hold_off=_decode_hold_off(public, extra) if public.HasField("hold_off_ends_at") else None,
            wrap_up=_decode_wrap_up(public.wrap_up) if public.HasField("wrap_up") else None,
            next=_decode_choice(public.next) if public.HasField("next") else None,
            connection=_decode_connection(public.connection, extra.attachments),
            capabilities=_capabilities(may.assign_inbound, may.dial_out, may.internal_calls, may.change_status, may.consult),
            idle_since=_maybe(public, "idle_started_at"),
            break_ends_at=_maybe(public, "break_ends_at"),
            overdue=public.overdue,
            misses=public.misses,
            last_call_ended_at=_maybe(public, "last_call_ended_at"),
            passed_over_at=Instant(extra.passed_over_at_micros) if extra.passed_over_at_micros else None,
            ended_legs=EndedLegs(extra.ended) if extra.ended else NONE_ENDED,
            owed=_decode_owed(extra) if extra.HasField("owed") else None,
            interrupted=_decode_interrupted(extra) if extra.HasField("interrupted") else None,
            breaks_left=tuple([BreakLeft(one.break_reason, Micros(one.left_micros)) for one in extra.breaks_left]),
            deleted=extra.deleted,
            person_id=public.person_id,
            groups_since=Instant(extra.groups_since_micros),
        )

    # --- changes ------------------------------------------------------------------------------------------------------

    def encode_change(self, change: Change) -> bytes:
        """The change, without its revision."""
        message = staff_pb2.Transition(
            staff_id=change.staff_id,
            status=change.status,  # type: ignore[arg-type]
            cause=change.cause,  # type: ignore[arg-type]
            person_id=change.person_id,
        )
        if change.previous_status is not None:
            message.previous_status = change.previous_status  # type: ignore[assignment]
        if change.previous_break_reason:
            message.previous_break_reason = change.previous_break_reason
        if change.break_reason:
            message.break_reason = change.break_reason
        actor = message.actor
        actor.role, actor.id = change.actor.role, change.actor.actor_id  # type: ignore[assignment]
        put(change.changed_at, message.changed_at)
        put(change.recorded_at, message.recorded_at)
        if change.time_in_previous is not None:
            spent = message.time_in_previous_status
            spent.seconds, left = divmod(change.time_in_previous, SECOND)
            spent.nanos = left * 1000
        message.request_id, message.note = change.request_id, change.note
        if change.call_id or change.claim_id or change.calls_started or change.occurred_at is not None:
            _put_about_calls(change, message)
        if change.ended_offer is not None:
            _put_ended_offer(change.ended_offer, message.ended_offer)
        if change.skill_groups_before is not None:
            _put_groups_change(change, message.skill_groups_change)
        message.kind = change.kind  # type: ignore[assignment]
        return message.SerializeToString()

    def decode_change(self, change: bytes) -> Change:
        """The change back."""
        message = staff_pb2.Transition.FromString(change)
        ended = message.ended_offer if message.HasField("ended_offer") else None
        spent = message.time_in_previous_status if message.HasField("time_in_previous_status") else None
        groups = message.skill_groups_change if message.HasField("skill_groups_change") else None
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
            skill_groups_before=_decode_groups(groups.before) if groups is not None else None,
            skill_groups_after=_decode_groups(groups.after) if groups is not None else None,
            kind=ChangeKind(message.kind),
            calls_started=message.calls_started,
            occurred_at=_maybe(message, "occurred_at"),
            person_id=message.person_id,
            source=message.source,
        )

    # --- splicing -----------------------------------------------------------------------------------------------------

    def state_with_revision(self, state: bytes, revision: Revision) -> bytes:
        """The public state as clients see it."""
        return state + _STAFF_REVISION_TAG + varint(revision)

    def change_with_revision(self, change: bytes, revision: Revision) -> bytes:
        """The change as clients see it."""
        return change + _TRANSITION_REVISION_TAG + varint(revision)

    def numbered(self, state: bytes, change: bytes, revision: Revision) -> tuple[bytes, bytes]:
        """Both with their revision: the state as clients see it, and the two together as an element of a watch frame."""
        number = varint(revision)
        state += _STAFF_REVISION_TAG + number
        length = len(change) + len(_TRANSITION_REVISION_TAG) + len(number)
        return state, b"".join(
            (
                _CHANGE_STAFF_TAG,
                varint(len(state)),
                state,
                _CHANGE_TRANSITION_TAG,
                varint(length),
                change,
                _TRANSITION_REVISION_TAG,
                number,
            )
        )

    def element(self, staff: bytes, change: bytes, revision: Revision) -> bytes:
        """An element of a watch frame, of a state as clients see it and a change without its revision."""
        numbered = self.change_with_revision(change, revision)
        parts = (_CHANGE_STAFF_TAG, varint(len(staff)), staff, _CHANGE_TRANSITION_TAG, varint(len(numbered)), numbered)
        return b"".join(parts)

    def mark_left(self, staff_change: bytes) -> bytes:
        """The same element, saying that the staff member left the view."""
        return staff_change + _CHANGE_LEFT

    def encode_colleague(self, state: StaffState) -> bytes:
        """The state as colleagues see it."""
        message = workspace_service_pb2.Colleague(
            staff_id=state.staff_id,
            display_name=state.display_name,
            skill_groups=names(state.skill_groups),
            status=int(state.status),  # type: ignore[arg-type]
            open_to_transfers=open_to_transfers(state),
        )
        put(state.status_since, message.status_started_at)
        return message.SerializeToString()

    # --- beside the states --------------------------------------------------------------------------------------------

    def encode_ended_legs(self, state: StaffState) -> bytes:
        """Ended legs of somebody, remembered without a change."""
        return record_pb2.StaffPrivate(ended=state.ended_legs.text, staff_id=state.staff_id).SerializeToString()

    def decode_ended_legs(self, state: bytes) -> tuple[str, EndedLegs]:
        """Whose they are, and ended legs back; of nobody, and none, where the person was erased."""
        message = record_pb2.StaffPrivate.FromString(state)
        return message.staff_id, EndedLegs(message.ended)

    def encode_clock(self, record: ClockRecord) -> bytes:
        """What is known of the clock."""
        message = record_pb2.ClockRecord(instance_id=record.instance_id)
        for step in record.steps:
            message.steps.add(revision=step.revision, at_micros=step.at, by_micros=step.by, owed=step.is_owed)
        return message.SerializeToString()

    def decode_clock(self, state: bytes) -> ClockRecord:
        """What is known of the clock, back."""
        found = record_pb2.ClockRecord.FromString(state)
        steps = [
            ClockStep(Revision(step.revision), Instant(step.at_micros), Micros(step.by_micros), step.owed)
            for step in found.steps
        ]
        return ClockRecord(found.instance_id, tuple(steps))

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

    def encode_configuration(self, change: ConfigurationChange) -> bytes:
        """A change of configuration, without its revision."""
        message = history_service_pb2.ConfigurationChange(
            kind=change.kind,  # type: ignore[arg-type]
            subject=change.subject,
            action=change.action,  # type: ignore[arg-type]
            note=change.note,
            request_id=change.request_id,
            fields=field_changes(_configured(change.before), _configured(change.after)),
        )
        message.actor.role, message.actor.id = change.actor.role, change.actor.actor_id  # type: ignore[assignment]
        put(change.changed_at, message.changed_at)
        return message.SerializeToString()

    def encode_policy(self, policy: Policy) -> bytes:
        """A policy."""
        return policy_message(policy).SerializeToString()

    def decode_policy(self, state: bytes) -> Policy:
        """A policy back."""
        return policy_value(policy_pb2.Policy.FromString(state))


def _configured(value: Configured) -> Message | None:
    """What is configured as a message that says nothing else."""
    match value:
        case Policy():
            return policy_message(value)
        case BreakReason():
            return break_reason_message(value)
        case DirectoryEntry():
            message = staff_pb2.Staff(display_name=value.display_name)
            _put_groups(value.skill_groups, message.skill_groups)
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
        disconnect_grace_on_break=_maybe_duration(policy.disconnect_grace_on_break),
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


def _maybe_duration(length: Micros | None) -> Duration | None:
    return None if length is None else duration(length)


def _put_capabilities(may: Capabilities, message: staff_pb2.Capabilities) -> None:
    message.assign_inbound = may.assign_inbound
    message.dial_out = may.dial_out
    message.internal_calls = may.internal_calls
    message.change_status = may.change_status
    if may.consult:
        message.consult = True


def _put_choice(choice: Choice, message: staff_pb2.StatusChoice) -> None:
    message.status = choice.status  # type: ignore[assignment]
    if choice.break_reason:
        message.break_reason = choice.break_reason


def _put_connection(connection: Connection, message: staff_pb2.Connection) -> None:
    message.lapsed = connection.lapsed
    for one in connection.attachments:
        workspace = message.workspaces.add(workspace_id=one.workspace_id, user_agent=one.user_agent)
        put(one.attached_at, workspace.attached_at)
    if connection.offline_at is not None:
        put(connection.offline_at, message.offline_at)


def _put_engagement(state: StaffState, message: staff_pb2.Staff) -> None:
    for call in state.calls:
        _put_call(call, message.calls.add())
    if state.offer is not None:
        _put_offer(state.offer, message.offer)
    if state.wrap_up is not None:
        _put_wrap_up(state.wrap_up, message.wrap_up)


def _put_about_calls(change: Change, message: staff_pb2.Transition) -> None:
    message.call_id, message.claim_id, message.calls_started = change.call_id, change.claim_id, change.calls_started
    message.source = change.source
    if change.occurred_at is not None:
        put(change.occurred_at, message.occurred_at)


def _put_groups_change(change: Change, message: staff_pb2.SkillGroupsChange) -> None:
    message.SetInParent()
    _put_groups(change.skill_groups_before or (), message.before)
    _put_groups(change.skill_groups_after or (), message.after)


def _put_groups(groups: Iterable[SkillGroup], messages: Any) -> None:
    for name, level in groups:
        messages.add(name=name, level=level)


def _decode_groups(groups: Iterable[staff_pb2.SkillGroup]) -> tuple[SkillGroup, ...]:
    return _groups(tuple([(one.name, one.level) for one in groups]))


def _put_ended_offer(ended: EndedOffer, message: staff_pb2.EndedOffer) -> None:
    message.claim_id, message.call_id = ended.claim_id, ended.call_id
    message.end = ended.end  # type: ignore[assignment]


def _decode_choice(message: staff_pb2.StatusChoice) -> Choice:
    return _choice(message.status, message.break_reason)


# Few values come again and again. Each is held once, however many staff have it, and is at hand when a start decodes them all.

_STATUSES: Final = {int(status): status for status in Status}
_NOTHING_PRIVATE: Final = record_pb2.StaffPrivate()


@lru_cache(maxsize=16)
def _capabilities(*may: bool) -> Capabilities:
    return Capabilities(*may)


@lru_cache(maxsize=1024)
def _choice(status: int, break_reason: str) -> Choice:
    return Choice(Status(status), break_reason)


@lru_cache(maxsize=4096)
def _groups(skill_groups: tuple[tuple[str, int], ...]) -> tuple[SkillGroup, ...]:
    return tuple([SkillGroup(name, level) for name, level in skill_groups])


def _put_call(call: Call, message: staff_pb2.Call) -> None:
    message.call_id, message.source, message.claim_id = call.call_id, call.source, call.claim_id
    message.direction = call.direction  # type: ignore[assignment]
    put(call.started_at, message.started_at)
    put(call.ends_by, message.ends_at)
    message.irregular, message.on_hold = call.irregular, call.on_hold
    if call.leg:
        message.leg = call.leg
    if call.answered is not None:
        message.answered = call.answered
    if call.occurred_at is not None:
        put(call.occurred_at, message.occurred_at)


def _decode_call(message: staff_pb2.Call) -> Call:
    return Call(
        message.call_id,
        Direction(message.direction),
        message.source,
        instant(message.started_at),
        instant(message.ends_at),
        message.irregular,
        _maybe(message, "occurred_at"),
        message.claim_id,
        message.leg,
        message.on_hold,
        message.answered if message.HasField("answered") else None,
    )


def _put_offer(offer: Offer, message: staff_pb2.Offer) -> None:
    message.claim_id, message.call_id, message.source = offer.claim_id, offer.call_id, offer.source
    message.direction = offer.direction  # type: ignore[assignment]
    put(offer.offered_at, message.offered_at)
    put(offer.expires_at, message.expires_at)


def _decode_offer(message: staff_pb2.Offer, skill_group: str) -> Offer:
    return Offer(
        message.claim_id,
        message.call_id,
        instant(message.offered_at),
        instant(message.expires_at),
        Direction(message.direction),
        message.source,
        skill_group,
    )


def _decode_hold_off(message: staff_pb2.Staff, extra: record_pb2.StaffPrivate) -> HoldOff:
    return HoldOff(instant(message.hold_off_ends_at), HoldOffKind(extra.hold_off_kind))


def _put_about_claims(state: StaffState, message: record_pb2.StaffPrivate) -> None:
    """What clients are not told of offers, those that are outstanding and those that are over."""
    if state.offer is not None:
        message.offered_by_group = state.offer.skill_group
    if state.hold_off is not None:
        message.hold_off_kind = state.hold_off.kind.value
    if state.passed_over_at is not None:
        message.passed_over_at_micros = state.passed_over_at


def _put_wrap_up(wrap_up: WrapUp, message: staff_pb2.WrapUp) -> None:
    message.call_id = wrap_up.call_id
    put(wrap_up.since, message.started_at)
    if wrap_up.ends_at is not None:
        put(wrap_up.ends_at, message.ends_at)
    if wrap_up.capped_at is not None:
        put(wrap_up.capped_at, message.capped_at)


def _decode_wrap_up(message: staff_pb2.WrapUp) -> WrapUp:
    return WrapUp(message.call_id, instant(message.started_at), _maybe(message, "ends_at"), _maybe(message, "capped_at"))


def _put_after_call(state: StaffState, message: record_pb2.StaffPrivate) -> None:
    """What is to follow the calls in progress, or the reason of the break."""
    for one in state.breaks_left:
        message.breaks_left.add(break_reason=one.break_reason, left_micros=one.left)
    if state.owed is not None:
        message.owed.call_id, message.owed.started_at_micros = state.owed.call_id, state.owed.started_at
    if state.interrupted is not None:
        message.interrupted.call_id = state.interrupted.call_id
        if state.interrupted.left is not None:
            message.interrupted.left_micros = state.interrupted.left
        if state.interrupted.cap_left is not None:
            message.interrupted.cap_left_micros = state.interrupted.cap_left


def _decode_owed(extra: record_pb2.StaffPrivate) -> OwedWrapUp:
    return OwedWrapUp(extra.owed.call_id, Instant(extra.owed.started_at_micros))


def _decode_interrupted(extra: record_pb2.StaffPrivate) -> InterruptedWrapUp:
    found = extra.interrupted
    left = Micros(found.left_micros) if found.HasField("left_micros") else None
    cap_left = Micros(found.cap_left_micros) if found.HasField("cap_left_micros") else None
    return InterruptedWrapUp(found.call_id, left, cap_left)


def _decode_connection(message: staff_pb2.Connection, attachments: Sequence[record_pb2.Attachment]) -> Connection:
    if not attachments and not message.lapsed and not message.HasField("offline_at"):
        return UNCONNECTED
    held = [
        Attachment(one.attachment_id, one.instance_id, shown.workspace_id, shown.user_agent, instant(shown.attached_at))
        for one, shown in zip(attachments, message.workspaces, strict=True)
    ]
    return Connection(tuple(held), _maybe(message, "offline_at"), message.lapsed)
