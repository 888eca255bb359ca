"""Encodes states and changes as protobuf bytes, without their revision, and decodes them."""

from onduty.journal.v1 import record_pb2
from onduty.v1 import staff_pb2, workspace_service_pb2
from onduty_server.domain.model.change import Actor, Change, ChangeKind, EndedOffer
from onduty_server.domain.model.ended_legs import NONE_ENDED, EndedLegs
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import (
    UNCONNECTED,
    BreakLeft,
    StaffState,
)
from onduty_server.domain.model.status import (
    SECOND,
    ActorRole,
    Cause,
    Instant,
    Micros,
    OfferEnd,
    Status,
)
from onduty_server.domain.rules.colleagues import open_to_transfers
from onduty_server.ports import ClockRecord, ClockStep, Revision
from onduty_server.wire.configuration_codec import ConfigurationCodec
from onduty_server.wire.primitives import instant, maybe_instant, micros, put
from onduty_server.wire.revision_splicing import RevisionSplicer
from onduty_server.wire.scrubbing import ProtobufScrubber
from onduty_server.wire.staff_parts import (
    NOTHING_PRIVATE,
    STATUSES,
    decode_calls,
    decode_capabilities,
    decode_choice,
    decode_connection,
    decode_groups,
    decode_hold_off,
    decode_interrupted,
    decode_offer,
    decode_owed,
    decode_wrap_up,
    has_private,
    put_about_calls,
    put_about_claims,
    put_after_call,
    put_capabilities,
    put_choice,
    put_connection,
    put_ended_offer,
    put_engagement,
    put_groups,
    put_groups_change,
)


class ProtobufCodec(ConfigurationCodec, RevisionSplicer, ProtobufScrubber):
    """The codec port over the contract's own messages."""

    # --- staff --------------------------------------------------------------------------------------------------------

    def encode_state(self, state: StaffState) -> bytes:
        """The public state, without its revision."""
        message = staff_pb2.Staff(staff_id=state.staff_id, status=state.status, person_id=state.person_id)  # type: ignore[arg-type]
        put_groups(state.skill_groups, message.skill_groups)
        if state.display_name:
            message.display_name = state.display_name
        put_choice(state.choice, message.choice)
        if state.status is Status.ON_BREAK:
            message.break_reason = state.break_reason
        put(state.status_since, message.status_started_at)
        put(state.changed_at, message.changed_at)
        if state.idle_since is not None:
            put(state.idle_since, message.idle_started_at)
        put_capabilities(state.capabilities, message.capabilities)
        message.connection.SetInParent()
        if state.connection is not UNCONNECTED:
            put_connection(state.connection, message.connection)
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
            put_engagement(state, message)
        if state.next is not None:
            put_choice(state.next, message.next)
        return message.SerializeToString()

    def encode_private(self, state: StaffState) -> bytes:
        """What is stored beside the public state."""
        followed = state.owed is not None or state.interrupted is not None or bool(state.breaks_left)
        followed = followed or any(map(has_private, state.calls))
        claimed = state.passed_over_at is not None or state.hold_off is not None
        claimed = claimed or (state.offer is not None and bool(state.offer.skill_group))
        connected = bool(state.connection.attachments) or state.connection.grace_began_at is not None
        kept = state.ended_legs or state.deleted or state.groups_since
        if not (connected or kept or followed or claimed):
            return b""
        message = record_pb2.StaffPrivate(
            deleted=state.deleted, ended=state.ended_legs.text, groups_since_micros=state.groups_since
        )
        if followed:
            put_after_call(state, message)
        if claimed:
            put_about_claims(state, message)
        if state.connection.grace_began_at is not None:
            message.grace_began_at_micros = state.connection.grace_began_at
        for attachment in state.connection.attachments:
            message.attachments.add(attachment_id=attachment.attachment_id, instance_id=attachment.instance_id)
        return message.SerializeToString()

    def decode_state(self, state: bytes, private: bytes) -> StaffState:
        """The state back from its two parts."""
        public = staff_pb2.Staff.FromString(state)
        extra = record_pb2.StaffPrivate.FromString(private) if private else NOTHING_PRIVATE
        calls = public.calls
        return StaffState(
            staff_id=public.staff_id,
            display_name=public.display_name,
            skill_groups=decode_groups(public.skill_groups),
            status=STATUSES[public.status],
            status_since=instant(public.status_started_at),
            changed_at=instant(public.changed_at),
            choice=decode_choice(public.choice),
            calls=decode_calls(calls, extra) if calls else (),
            offer=decode_offer(public.offer, extra.offered_by_group) if public.HasField("offer") else None,
            hold_off=decode_hold_off(public, extra) if public.HasField("hold_off_ends_at") else None,
            wrap_up=decode_wrap_up(public.wrap_up) if public.HasField("wrap_up") else None,
            next=decode_choice(public.next) if public.HasField("next") else None,
            connection=decode_connection(public.connection, extra),
            capabilities=decode_capabilities(public.capabilities),
            idle_since=maybe_instant(public, "idle_started_at"),
            break_ends_at=maybe_instant(public, "break_ends_at"),
            overdue=public.overdue,
            misses=public.misses,
            last_call_ended_at=maybe_instant(public, "last_call_ended_at"),
            passed_over_at=Instant(extra.passed_over_at_micros) if extra.passed_over_at_micros else None,
            ended_legs=EndedLegs(extra.ended) if extra.ended else NONE_ENDED,
            owed=decode_owed(extra) if extra.HasField("owed") else None,
            interrupted=decode_interrupted(extra) if extra.HasField("interrupted") else None,
            breaks_left=tuple(
                [BreakLeft(break_left.break_reason, Micros(break_left.left_micros)) for break_left in extra.breaks_left]
            ),
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
            put_about_calls(change, message)
        if change.ended_offer is not None:
            put_ended_offer(change.ended_offer, message.ended_offer)
        if change.skill_groups_before is not None:
            put_groups_change(change, message.skill_groups_change)
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
            skill_groups_before=decode_groups(groups.before) if groups is not None else None,
            skill_groups_after=decode_groups(groups.after) if groups is not None else None,
            kind=ChangeKind(message.kind),
            calls_started=message.calls_started,
            occurred_at=maybe_instant(message, "occurred_at"),
            person_id=message.person_id,
            source=message.source,
        )

    # --- beside the states --------------------------------------------------------------------------------------------

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
        message = record_pb2.ClockRecord.FromString(state)
        steps = [
            ClockStep(Revision(step.revision), Instant(step.at_micros), Micros(step.by_micros), step.owed)
            for step in message.steps
        ]
        return ClockRecord(message.instance_id, tuple(steps))
