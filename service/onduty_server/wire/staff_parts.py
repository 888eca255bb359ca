"""The parts of a staff member's messages and back: calls, offers, wrap-up, connection, groups."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from onduty.journal.v1 import record_pb2
from onduty.v1 import staff_pb2
from onduty_server.domain.model.change import Change, EndedOffer
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import (
    UNCONNECTED,
    Attachment,
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
    Direction,
    HoldOffKind,
    Instant,
    Micros,
    Status,
)
from onduty_server.wire.primitives import instant, maybe_instant, put


def put_capabilities(capabilities: Capabilities, message: staff_pb2.Capabilities) -> None:
    """Set what a person may be given and may do."""
    message.assign_inbound = capabilities.assign_inbound
    message.dial_out = capabilities.dial_out
    message.internal_calls = capabilities.internal_calls
    message.change_status = capabilities.change_status
    if capabilities.consult:
        message.consult = True


def decode_capabilities(message: staff_pb2.Capabilities) -> Capabilities:
    """Capabilities, each set of them held once in memory."""
    return _interned_capabilities(
        message.assign_inbound, message.dial_out, message.internal_calls, message.change_status, message.consult
    )


def put_choice(choice: Choice, message: staff_pb2.StatusChoice) -> None:
    """Set a chosen status with its break reason."""
    message.status = choice.status  # type: ignore[assignment]
    if choice.break_reason:
        message.break_reason = choice.break_reason


def put_connection(connection: Connection, message: staff_pb2.Connection) -> None:
    """Set the attached workspaces and when the person goes offline without them."""
    message.lapsed = connection.lapsed
    for attachment in connection.attachments:
        workspace = message.workspaces.add(workspace_id=attachment.workspace_id, user_agent=attachment.user_agent)
        put(attachment.attached_at, workspace.attached_at)
    if connection.offline_at is not None:
        put(connection.offline_at, message.offline_at)


def put_engagement(state: StaffState, message: staff_pb2.Staff) -> None:
    """Set what takes the person up: calls, the offer, the wrap-up."""
    for call in state.calls:
        put_call(call, message.calls.add())
    if state.offer is not None:
        put_offer(state.offer, message.offer)
    if state.wrap_up is not None:
        put_wrap_up(state.wrap_up, message.wrap_up)


def put_about_calls(change: Change, message: staff_pb2.Transition) -> None:
    """Set what a change says of the call that caused it."""
    message.call_id, message.claim_id, message.calls_started = change.call_id, change.claim_id, change.calls_started
    message.source = change.source
    if change.occurred_at is not None:
        put(change.occurred_at, message.occurred_at)


def put_groups_change(change: Change, message: staff_pb2.SkillGroupsChange) -> None:
    """Set the skill groups before and after a change."""
    message.SetInParent()
    put_groups(change.skill_groups_before or (), message.before)
    put_groups(change.skill_groups_after or (), message.after)


def put_groups(groups: Iterable[SkillGroup], messages: Any) -> None:
    """Add skill groups to a repeated field."""
    for name, level in groups:
        messages.add(name=name, level=level)


def decode_groups(groups: Iterable[staff_pb2.SkillGroup]) -> tuple[SkillGroup, ...]:
    """Skill groups from a repeated field, each set of them held once in memory."""
    return _interned_groups(tuple([(group.name, group.level) for group in groups]))


def put_ended_offer(ended: EndedOffer, message: staff_pb2.EndedOffer) -> None:
    """Set how an offer ended."""
    message.claim_id, message.call_id = ended.claim_id, ended.call_id
    message.end = ended.end  # type: ignore[assignment]


def decode_choice(message: staff_pb2.StatusChoice) -> Choice:
    """A chosen status, each held once in memory."""
    return _interned_choice(message.status, message.break_reason)


STATUSES: Final = {int(status): status for status in Status}


NOTHING_PRIVATE: Final = record_pb2.StaffPrivate()


@lru_cache(maxsize=16)
def _interned_capabilities(*capabilities: bool) -> Capabilities:
    return Capabilities(*capabilities)


@lru_cache(maxsize=1024)
def _interned_choice(status: int, break_reason: str) -> Choice:
    return Choice(Status(status), break_reason)


@lru_cache(maxsize=4096)
def _interned_groups(skill_groups: tuple[tuple[str, int], ...]) -> tuple[SkillGroup, ...]:
    return tuple([SkillGroup(name, level) for name, level in skill_groups])


def put_call(call: Call, message: staff_pb2.Call) -> None:
    """Set a call in progress; what is not known of it stays unset."""
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


def decode_calls(messages: Sequence[staff_pb2.Call], extra: record_pb2.StaffPrivate) -> tuple[Call, ...]:
    """The calls in progress. What only the journal has of them is a list as long as they are, or empty."""
    calls = tuple([_decode_call(message) for message in messages])
    if not extra.calls:
        return calls
    return tuple([_with_private(call, private) for call, private in zip(calls, extra.calls, strict=True)])


def _decode_call(message: staff_pb2.Call) -> Call:
    return Call(
        message.call_id,
        Direction(message.direction),
        message.source,
        instant(message.started_at),
        instant(message.ends_at),
        message.irregular,
        maybe_instant(message, "occurred_at"),
        message.claim_id,
        message.leg,
        message.on_hold,
        message.answered if message.HasField("answered") else None,
    )


def _with_private(call: Call, private: record_pb2.CallPrivate) -> Call:
    return replace(
        call,
        began_again_at=_known(private.began_again_at_micros),
        hold_at=_known(private.hold_at_micros),
        some_leg_ran_at=_known(private.some_leg_ran_at_micros),
        direction_assumed=private.direction_assumed,
    )


def _known(micros: int) -> Instant | None:
    return Instant(micros) if micros else None


def has_private(call: Call) -> bool:
    """Whether there is something of a call that the public state does not have."""
    return call.direction_assumed or not (call.began_again_at is call.hold_at is call.some_leg_ran_at is None)


def put_offer(offer: Offer, message: staff_pb2.Offer) -> None:
    """Set an outstanding offer."""
    message.claim_id, message.call_id, message.source = offer.claim_id, offer.call_id, offer.source
    message.direction = offer.direction  # type: ignore[assignment]
    put(offer.offered_at, message.offered_at)
    put(offer.expires_at, message.expires_at)


def decode_offer(message: staff_pb2.Offer, skill_group: str) -> Offer:
    """An outstanding offer, with the group it was claimed by."""
    return Offer(
        message.claim_id,
        message.call_id,
        instant(message.offered_at),
        instant(message.expires_at),
        Direction(message.direction),
        message.source,
        skill_group,
    )


def decode_hold_off(message: staff_pb2.Staff, extra: record_pb2.StaffPrivate) -> HoldOff:
    """Until when, and why, the person is not to be offered calls."""
    return HoldOff(instant(message.hold_off_ends_at), HoldOffKind(extra.hold_off_kind))


def put_about_claims(state: StaffState, message: record_pb2.StaffPrivate) -> None:
    """What clients are not told of offers, those that are outstanding and those that are over."""
    if state.offer is not None:
        message.offered_by_group = state.offer.skill_group
    if state.hold_off is not None:
        message.hold_off_kind = state.hold_off.kind.value
    if state.passed_over_at is not None:
        message.passed_over_at_micros = state.passed_over_at


def put_wrap_up(wrap_up: WrapUp, message: staff_pb2.WrapUp) -> None:
    """Set a running wrap-up."""
    message.call_id = wrap_up.call_id
    put(wrap_up.since, message.started_at)
    if wrap_up.ends_at is not None:
        put(wrap_up.ends_at, message.ends_at)
    if wrap_up.capped_at is not None:
        put(wrap_up.capped_at, message.capped_at)


def decode_wrap_up(message: staff_pb2.WrapUp) -> WrapUp:
    """A running wrap-up from its message."""
    return WrapUp(
        message.call_id, instant(message.started_at), maybe_instant(message, "ends_at"), maybe_instant(message, "capped_at")
    )


def put_after_call(state: StaffState, message: record_pb2.StaffPrivate) -> None:
    """What is to follow the calls in progress, or the reason of the break; and what is kept of the calls."""
    if any(map(has_private, state.calls)):
        for call in state.calls:
            message.calls.add(
                began_again_at_micros=call.began_again_at or 0,
                hold_at_micros=call.hold_at or 0,
                some_leg_ran_at_micros=call.some_leg_ran_at or 0,
                direction_assumed=call.direction_assumed,
            )
    for break_left in state.breaks_left:
        message.breaks_left.add(break_reason=break_left.break_reason, left_micros=break_left.left)
    if state.owed is not None:
        message.owed.call_id, message.owed.started_at_micros = state.owed.call_id, state.owed.started_at
    if state.interrupted is not None:
        message.interrupted.call_id = state.interrupted.call_id
        if state.interrupted.left is not None:
            message.interrupted.left_micros = state.interrupted.left
        if state.interrupted.cap_left is not None:
            message.interrupted.cap_left_micros = state.interrupted.cap_left


def decode_owed(extra: record_pb2.StaffPrivate) -> OwedWrapUp:
    """The wrap-up that is to follow the calls in progress."""
    return OwedWrapUp(extra.owed.call_id, Instant(extra.owed.started_at_micros))


def decode_interrupted(extra: record_pb2.StaffPrivate) -> InterruptedWrapUp:
    """The wrap-up that a call interrupted, with what is left of it."""
    wrap_up = extra.interrupted
    left = Micros(wrap_up.left_micros) if wrap_up.HasField("left_micros") else None
    cap_left = Micros(wrap_up.cap_left_micros) if wrap_up.HasField("cap_left_micros") else None
    return InterruptedWrapUp(wrap_up.call_id, left, cap_left)


def decode_connection(message: staff_pb2.Connection, extra: record_pb2.StaffPrivate) -> Connection:
    """Attached workspaces: what clients see joined with what only the journal keeps."""
    attachments = extra.attachments
    if not attachments and not message.lapsed and not message.HasField("offline_at"):
        return UNCONNECTED
    held = [
        Attachment(
            attachment.attachment_id, attachment.instance_id, shown.workspace_id, shown.user_agent, instant(shown.attached_at)
        )
        for attachment, shown in zip(attachments, message.workspaces, strict=True)
    ]
    began_at = Instant(extra.grace_began_at_micros) if extra.grace_began_at_micros else None
    return Connection(tuple(held), maybe_instant(message, "offline_at"), message.lapsed, began_at)
