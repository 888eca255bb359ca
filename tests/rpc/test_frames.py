"""Bytes that are spliced are the messages that the contract says; what is stored comes back as it was."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick import examples
from unhurried import UNHURRIED

from onduty.v1 import history_service_pb2, policy_pb2, router_service_pb2, staff_pb2, workspace_service_pb2
from onduty_server.domain.model.change import Actor, Change, ChangeKind, EndedOffer
from onduty_server.domain.model.ended_legs import EndedLeg, EndedLegs
from onduty_server.domain.model.policy import BreakLimitAction, BreakReason, NoAnswerStatus, Policy, ReturnTo
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import (
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
from onduty_server.domain.model.status import ActorRole, Cause, Direction, HoldOffKind, Instant, Micros, OfferEnd, Status
from onduty_server.engine.watch.selection import FRAME_BYTES
from onduty_server.ports import Revision
from onduty_server.rpc.servicers.colleague_watch import colleague
from onduty_server.wire import splicing
from onduty_server.wire.codec import ProtobufCodec
from onduty_server.wire.configuration_messages import break_reason_message, policy_message, policy_value
from onduty_server.wire.primitives import varint

CODEC = ProtobufCodec()
made_up = settings(UNHURRIED, max_examples=examples(60))
REVISIONS = [0, 1, 127, 128, 16_383, 16_384, 2**31, 2**32, 2**56, 2**63 - 1]
"""Where a varint grows by a byte, and the largest that the field holds."""
LENGTHS = [0, 1, 127, 128, 16_383, 16_384, 70_000]
"""Lengths of content around the steps of their varints."""

# --- strategies -------------------------------------------------------------------------------------------------------


def _ended(legs: list[EndedLeg]) -> EndedLegs:
    ended = EndedLegs()
    for leg in legs:
        ended = ended.plus(leg)
    return ended


texts = st.text(st.characters(codec="utf-8"), max_size=40)
instants = st.integers(0, 253_402_300_799_000_000).map(Instant)
call_ids = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=40)
maybe_instants = st.none() | instants
later_instants = st.none() | st.integers(1, 253_402_300_799_000_000).map(Instant)
"""Those of which the journal keeps 0 for none."""
lengths = st.integers(0, 10_000 * 24 * 3600 * 1_000_000).map(Micros)
choices = st.builds(Choice, st.sampled_from(Status), texts)
said = st.none() | st.booleans()
calls = st.builds(
    Call,
    texts,
    st.sampled_from(Direction),
    texts,
    instants,
    instants,
    st.booleans(),
    maybe_instants,
    texts,
    texts,
    st.booleans(),
    said,
    later_instants,
    later_instants,
)
ended_legs = st.builds(EndedLeg, call_ids, call_ids, call_ids, instants, maybe_instants) | st.builds(
    EndedLeg, call_ids, call_ids, call_ids, instants, instants, st.booleans()
)
offers = st.builds(Offer, texts, texts, instants, instants, st.sampled_from(Direction), texts, texts)
hold_offs = st.builds(HoldOff, instants, st.sampled_from(HoldOffKind))
positive_instants = st.integers(1, 253_402_300_799_000_000).map(Instant)
wrap_ups = st.builds(WrapUp, texts, instants, maybe_instants, maybe_instants)
attachments = st.lists(st.builds(Attachment, texts, texts), max_size=3).map(tuple)
connections = st.builds(Connection, attachments, st.none(), st.booleans()) | st.builds(
    Connection, attachments, instants, st.booleans(), later_instants
)
groups = st.lists(st.builds(SkillGroup, texts, st.integers(0, 100)), max_size=4).map(tuple)


def _true_reason(state: StaffState) -> bool:
    """A state's visible reason is that of its choice; ON_BREAK is always by choice."""
    return state.status is not Status.ON_BREAK or state.choice.status is Status.ON_BREAK


states = st.builds(
    StaffState,
    staff_id=texts,
    display_name=texts,
    skill_groups=groups,
    status=st.sampled_from(Status),
    status_since=instants,
    changed_at=instants,
    choice=choices,
    calls=st.lists(calls, max_size=3).map(tuple),
    offer=st.none() | offers,
    hold_off=st.none() | hold_offs,
    wrap_up=st.none() | wrap_ups,
    next=st.none() | choices,
    connection=connections,
    capabilities=st.builds(Capabilities, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    idle_since=maybe_instants,
    break_ends_at=maybe_instants,
    overdue=st.booleans(),
    misses=st.integers(0, 2**31 - 1),
    last_call_ended_at=maybe_instants,
    passed_over_at=st.none() | positive_instants,
    ended_legs=st.lists(ended_legs, max_size=3).map(_ended),
    owed=st.none() | st.builds(OwedWrapUp, texts, instants),
    interrupted=st.none() | st.builds(InterruptedWrapUp, texts, st.none() | lengths, st.none() | lengths),
    deleted=st.booleans(),
).filter(_true_reason)
changes = st.builds(
    Change,
    staff_id=texts,
    previous_status=st.none() | st.sampled_from(Status),
    previous_break_reason=texts,
    status=st.sampled_from(Status),
    break_reason=texts,
    cause=st.sampled_from(Cause),
    actor=st.builds(Actor, st.sampled_from(ActorRole), texts),
    changed_at=instants,
    recorded_at=instants,
    call_id=texts,
    claim_id=texts,
    request_id=texts,
    note=texts,
    time_in_previous=st.none() | lengths,
    ended_offer=st.none() | st.builds(EndedOffer, texts, texts, st.sampled_from(OfferEnd)),
    kind=st.sampled_from(ChangeKind),
    calls_started=st.integers(0, 2**31 - 1),
)
changes |= st.builds(
    lambda change, before, after: replace(change, skill_groups_before=before, skill_groups_after=after), changes, groups, groups
)
policies = st.builds(
    Policy,
    wrap_up_enabled=st.booleans(),
    wrap_up_countdown=lengths,
    wrap_up_directions=st.frozensets(st.sampled_from(Direction)),
    wrap_up_cap=lengths,
    return_to=st.sampled_from(ReturnTo),
    claim_ttl=lengths,
    no_answer_misses=st.integers(1, 100),
    no_answer_status=st.sampled_from(NoAnswerStatus),
    disconnect_grace=lengths,
    require_attachment=st.booleans(),
    max_call_age=lengths,
    break_internal_calls=st.booleans(),
    after_call_work_dial_out=st.booleans(),
    after_call_work_internal_calls=st.booleans(),
    retention=lengths,
    break_limit_action=st.sampled_from(BreakLimitAction),
    late_fact_window=lengths,
    hold_off_after_decline=lengths,
    hold_off_after_miss=lengths,
    hold_off_after_unreachable=lengths,
    wrap_up_unanswered=st.booleans(),
)
codes = st.text("abcxyz019._-", min_size=1, max_size=64)
break_reasons = st.builds(BreakReason, codes, texts, st.booleans(), lengths)
revisions = st.sampled_from(REVISIONS) | st.integers(0, 2**63 - 1)

# --- stored and back --------------------------------------------------------------------------------------------------


@made_up
@given(states)
def test_a_state_comes_back_as_it_was(state: StaffState):
    """Decoding what was encoded gives the same value."""
    assert CODEC.decode_state(CODEC.encode_state(state), CODEC.encode_private(state)) == state


@made_up
@given(changes)
def test_a_change_comes_back_as_it_was(change: Change):
    """Decoding what was encoded gives the same value."""
    assert CODEC.decode_change(CODEC.encode_change(change)) == change


@made_up
@given(policies)
def test_a_policy_comes_back_as_it_was(policy: Policy):
    """Decoding what was encoded gives the same value, also through the contract's own message."""
    assert CODEC.decode_policy(CODEC.encode_policy(policy)) == policy
    assert policy_value(policy_pb2.Policy.FromString(policy_message(policy).SerializeToString())) == policy


@made_up
@given(break_reasons)
def test_a_break_reason_comes_back_as_it_was(reason: BreakReason):
    """Decoding what was encoded gives the same value."""
    assert CODEC.decode_break_reason(CODEC.encode_break_reason(reason, deleted=False)) == reason


@made_up
@given(break_reasons)
def test_a_deleted_break_reason_comes_back_as_none(reason: BreakReason):
    """A tombstone is told apart from every reason."""
    assert CODEC.decode_break_reason(CODEC.encode_break_reason(reason, deleted=True)) is None


def test_a_break_reason_without_any_field_is_no_tombstone():
    """The plainest reason, which is disabled and has no name, is still there."""
    plain = BreakReason("x", enabled=False)
    assert CODEC.decode_break_reason(CODEC.encode_break_reason(plain, deleted=False)) == plain


@made_up
@given(states, st.sampled_from(REVISIONS))
def test_a_stored_state_with_its_revision_still_comes_back(state: StaffState, revision: int):
    """What clients see decodes to the same state."""
    body = CODEC.state_with_revision(CODEC.encode_state(state), Revision(revision))
    assert CODEC.decode_state(body, CODEC.encode_private(state)) == state


@made_up
@given(states)
def test_colleagues_see_the_same_in_a_snapshot_and_in_a_change(state: StaffState):
    """What is made of a state, for a snapshot, is what is made of the message that a change has."""
    message = staff_pb2.Staff.FromString(CODEC.encode_state(state))
    assert CODEC.encode_colleague(state) == colleague(message).SerializeToString()


@made_up
@given(states)
def test_a_public_state_says_what_the_state_is(state: StaffState):
    """The fields that are not simply copied are right."""
    message = staff_pb2.Staff.FromString(CODEC.encode_state(state))
    assert message.revision == 0
    assert message.break_reason == state.break_reason
    assert len(message.connection.workspaces) == len(state.connection.attachments)
    assert message.HasField("offer") == (state.offer is not None)
    assert message.HasField("hold_off_ends_at") == (state.hold_off is not None)
    assert message.HasField("last_call_ended_at") == (state.last_call_ended_at is not None)
    assert [(one.name, one.level) for one in message.skill_groups] == list(state.skill_groups)
    assert message.HasField("wrap_up") == (state.wrap_up is not None)
    assert message.HasField("next") == (state.next is not None)
    assert message.HasField("idle_started_at") == (state.idle_since is not None)
    assert message.HasField("break_ends_at") == (state.break_ends_at is not None)


# --- splicing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [*REVISIONS, 2**64 - 1])
def test_a_varint_is_what_protobuf_writes(value: int):
    """The hand-made varint parses to the same number."""
    parsed = staff_pb2.Staff.FromString(bytes([14 << 3]) + varint(value))
    assert parsed.revision % 2**64 == value


@made_up
@given(states, revisions)
def test_a_state_gets_its_revision(state: StaffState, revision: int):
    """The spliced state is the state with the revision, and nothing else."""
    body = CODEC.encode_state(state)
    wanted = staff_pb2.Staff.FromString(body)
    wanted.revision = revision
    assert staff_pb2.Staff.FromString(CODEC.state_with_revision(body, Revision(revision))) == wanted


@made_up
@given(changes, revisions)
def test_a_change_gets_its_revision(change: Change, revision: int):
    """The spliced change is the change with the revision, and nothing else."""
    body = CODEC.encode_change(change)
    wanted = staff_pb2.Transition.FromString(body)
    wanted.revision = revision
    assert staff_pb2.Transition.FromString(CODEC.change_with_revision(body, Revision(revision))) == wanted


@made_up
@given(states, changes, revisions)
def test_a_change_and_its_state_become_one_element(state: StaffState, change: Change, revision: int):
    """The element has both; marked as left it says that too, and nothing else."""
    state_bytes, change_bytes = CODEC.encode_state(state), CODEC.encode_change(change)
    body, element = CODEC.numbered(state_bytes, change_bytes, Revision(revision))
    transition = CODEC.change_with_revision(change_bytes, Revision(revision))
    assert body == CODEC.state_with_revision(state_bytes, Revision(revision))
    wanted = staff_pb2.StaffChange(
        staff=staff_pb2.Staff.FromString(body), transition=staff_pb2.Transition.FromString(transition)
    )
    assert staff_pb2.StaffChange.FromString(element) == wanted
    wanted.left = True
    assert staff_pb2.StaffChange.FromString(CODEC.mark_left(element)) == wanted


def _staff(length: int, revision: int = 7) -> staff_pb2.Staff:
    """A staff member whose name has so many bytes."""
    return staff_pb2.Staff(staff_id="ana", display_name="x" * length, revision=revision)


@pytest.mark.parametrize(("length", "replayed"), [*itertools.product(LENGTHS, (False, True))])
def test_an_answer_about_one_person(length: int, *, replayed: bool):
    """Staff, position and replayed are where every such answer has them."""
    staff = _staff(length)
    told = splicing.answer(staff.SerializeToString(), "here", replayed=replayed)
    wanted = workspace_service_pb2.ChangeStatusResponse(staff=staff, position="here", replayed=replayed)
    assert workspace_service_pb2.ChangeStatusResponse.FromString(told) == wanted


@pytest.mark.parametrize("changed", [True, False])
def test_an_answer_that_says_whether_it_changed_something(*, changed: bool):
    """Applied is the fourth field of the answers that have it."""
    told = splicing.answer(_staff(3).SerializeToString(), "here", extra=splicing.applied(changed=changed))
    for kind in (
        router_service_pb2.ReportCallStartedResponse,
        router_service_pb2.ReportCallEndedResponse,
        router_service_pb2.WithdrawClaimResponse,
    ):
        assert kind.FromString(told) == kind(staff=_staff(3), position="here", applied=changed)


@pytest.mark.parametrize("length", [1, 127, 128])
def test_an_answer_with_a_claim(length: int):
    """claim_id, skill_group and already_offered are the last fields of a claim's answer."""
    for group, already in (("", False), ("g" * length, True)):
        extra = splicing.claim("c" * length, group, already_offered=already)
        told = splicing.answer(_staff(3).SerializeToString(), "here", extra=extra)
        wanted = router_service_pb2.ClaimStaffResponse(
            staff=_staff(3), position="here", claim_id="c" * length, skill_group=group, already_offered=already
        )
        assert router_service_pb2.ClaimStaffResponse.FromString(told) == wanted


def test_reading_one_person_has_the_same_two_fields():
    """GetStaff's answer is spliced by the same hand."""
    told = splicing.answer(_staff(3).SerializeToString(), "here")
    assert workspace_service_pb2.GetStaffResponse.FromString(told) == workspace_service_pb2.GetStaffResponse(
        staff=_staff(3), position="here"
    )


@pytest.mark.parametrize("length", LENGTHS)
def test_a_field_of_any_length(length: int):
    """A length-delimited field parses whatever the length of its length."""
    told = splicing.field(1, _staff(length).SerializeToString()) * 2 + splicing.field(2, b"token")
    wanted = router_service_pb2.ListStaffResponse(staff=[_staff(length)] * 2, next_page_token="token")
    assert router_service_pb2.ListStaffResponse.FromString(told) == wanted


def test_pages_of_changes_put_the_changes_first():
    """The repeated field of the history's answers has number 1."""
    change = staff_pb2.Transition(revision=5, staff_id="ana")
    told = splicing.field(1, change.SerializeToString())
    for kind in (history_service_pb2.ListTransitionsResponse, history_service_pb2.ExportTransitionsResponse):
        assert kind.FromString(told) == kind(transitions=[change])


def _frame(raw: bytes) -> router_service_pb2.WatchStaffResponse:
    return router_service_pb2.WatchStaffResponse.FromString(raw)


def test_an_empty_snapshot_is_one_frame():
    """A watcher of nobody is told at once that this was all."""
    (raw,) = splicing.snapshot([], "here")
    assert _frame(raw) == router_service_pb2.WatchStaffResponse(position="here", snapshot_chunk={"last": True})


@pytest.mark.parametrize(("length", "count"), [(0, 1), (127, 3), (20_000, 40), (FRAME_BYTES + 1, 3)])
def test_a_snapshot_comes_in_chunks_of_bounded_size(length: int, count: int):
    """All staff once and in order; only the last chunk is flagged and has the position; none is needlessly large."""
    staff = [_staff(length, revision) for revision in range(count)]
    raws = list(splicing.snapshot([one.SerializeToString() for one in staff], "here"))
    chunks = [_frame(raw) for raw in raws]
    assert [one for chunk in chunks for one in chunk.snapshot_chunk.staff] == staff
    assert [chunk.snapshot_chunk.last for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    assert [chunk.position for chunk in chunks] == [""] * (len(chunks) - 1) + ["here"]
    assert all(
        len(raw) <= FRAME_BYTES + 100 or len(chunk.snapshot_chunk.staff) == 1 for raw, chunk in zip(raws, chunks, strict=True)
    )
    if length * count > FRAME_BYTES:
        assert len(chunks) > 1


@pytest.mark.parametrize(("length", "conflated"), [*itertools.product(LENGTHS, (False, True))])
def test_a_frame_of_changes(length: int, *, conflated: bool):
    """Changes in their order, the position, and whether some were left out."""
    elements = [staff_pb2.StaffChange(staff=_staff(length, revision), left=revision == 3) for revision in (2, 3)]
    raw = splicing.changes([one.SerializeToString() for one in elements], "here", conflated=conflated)
    wanted = router_service_pb2.WatchStaffResponse(
        position="here", changes=router_service_pb2.Changes(changes=elements, conflated=conflated)
    )
    assert _frame(raw) == wanted


def test_a_bookmark():
    """A position and the mark."""
    wanted = router_service_pb2.WatchStaffResponse(position="here", bookmark={})
    assert _frame(splicing.bookmark("here")) == wanted
    assert _frame(splicing.bookmark("here")).WhichOneof("event") == "bookmark"


def test_a_farewell():
    """A position and how long to wait."""
    farewell = staff_pb2.GoingAway(reconnect_after={"seconds": 1})
    raw = splicing.going_away("here", farewell.SerializeToString())
    assert _frame(raw) == router_service_pb2.WatchStaffResponse(position="here", going_away=farewell)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_frame_of_an_attached_workspace(length: int):
    """The own state, under the position."""
    change = staff_pb2.StaffChange(staff=_staff(length))
    raw = splicing.attached(change.SerializeToString(), "here")
    wanted = workspace_service_pb2.AttachResponse(position="here", change=change)
    assert workspace_service_pb2.AttachResponse.FromString(raw) == wanted


def test_the_marks_of_an_attached_workspace():
    """Bookmark and farewell have numbers of their own in this stream."""
    kind = workspace_service_pb2.AttachResponse
    farewell = staff_pb2.GoingAway(reconnect_after={"seconds": 1})
    assert kind.FromString(splicing.attached_bookmark("here")) == kind(position="here", bookmark={})
    raw = splicing.attached_going_away("here", farewell.SerializeToString())
    assert kind.FromString(raw) == kind(position="here", going_away=farewell)


@made_up
@given(break_reasons, revisions)
def test_a_break_reason_as_clients_see_it(reason: BreakReason, revision: int):
    """Fields, built-in mark and revision; no limit is no field."""
    message = break_reason_message(reason, revision)
    assert (message.code, message.display_name, message.enabled) == (reason.code, reason.display_name, reason.enabled)
    assert message.HasField("limit") == bool(reason.limit)
    assert message.built_in == (reason.code == "no-answer")
    assert message.revision == revision
