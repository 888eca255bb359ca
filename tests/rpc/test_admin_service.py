"""Directory, catalogue and policy: every RPC of the admin service, and every error that it documents."""

import grpc
import pytest
from fake_clock import FakeClock
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from rpc_world import AFTER_CALL_WORK, BUSY, OFFLINE, ON_BREAK, Client, World, refusal_in, refusal_of

from onduty.v1 import admin_service_pb2 as pb
from onduty.v1 import errors_pb2, policy_pb2, staff_pb2, workspace_service_pb2
from onduty_server.wire.policy_fields import POLICY_FIELDS

# --- directory --------------------------------------------------------------------------------------------------------


async def test_create_staff(client: Client, world: World):
    """A new staff member is OFFLINE; groups are sorted and without repeats; a note says why."""
    groups = [{"name": name} for name in ("loans", "cards", "loans")]
    told = await client.ask(pb.CreateStaffRequest(staff_id="ana", display_name="Ana", skill_groups=groups, note="hired"))
    assert told.staff.status == OFFLINE
    assert [one.name for one in told.staff.skill_groups] == ["cards", "loans"]
    assert (told.staff.revision, told.staff.misses) == (world.head, 0)
    (transition,) = await client.transitions()
    assert (transition.cause, transition.kind) == (staff_pb2.CAUSE_ADMIN, staff_pb2.TRANSITION_KIND_CREATED)
    assert (transition.previous_status, transition.note) == (staff_pb2.STATUS_UNSPECIFIED, "hired")
    assert transition.actor.role == staff_pb2.ACTOR_ROLE_ADMIN


async def test_create_staff_who_exists(client: Client, world: World):
    """STAFF_EXISTS; the one who is there stays as they were."""
    first = await client.create("ana", name="Ana")
    before = world.head
    refusal = await client.refused(pb.CreateStaffRequest(staff_id="ana", display_name="Another"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.ALREADY_EXISTS, "STAFF_EXISTS")
    assert refusal.metadata == {"staff_id": "ana"}
    assert await client.get("ana") == first
    assert world.head == before


@pytest.mark.parametrize(
    ("paths", "name", "groups"),
    [
        ([], "New", ["x"]),
        (["display_name"], "New", ["cards"]),
        (["skill_groups"], "Ana", ["x"]),
        (["display_name", "skill_groups"], "New", ["x"]),
        (["*"], "New", ["x"]),
    ],
)
async def test_update_staff_sets_what_the_mask_names(client: Client, paths: list, name: str, groups: list):
    """Without a mask the fields that are set; a star names both."""
    await client.create("ana", "cards", name="Ana")
    staff = {"staff_id": "ana", "display_name": "New", "skill_groups": [{"name": "x"}]}
    told = await client.ask(pb.UpdateStaffRequest(**staff, update_mask=FieldMask(paths=paths)))
    assert (told.staff.display_name, [one.name for one in told.staff.skill_groups]) == (name, groups)
    transition = (await client.transitions())[-1]
    assert transition.HasField("skill_groups_change") == (groups == ["x"])
    change = transition.skill_groups_change
    told = ([one.name for one in change.before], [one.name for one in change.after])
    assert told == ((["cards"], ["x"]) if groups == ["x"] else ([], []))


async def test_update_staff_to_what_is_so_changes_nothing(client: Client, world: World):
    """The same values make no revision."""
    await client.create("ana", "cards", name="Ana")
    before = world.head
    told = await client.ask(pb.UpdateStaffRequest(staff_id="ana", display_name="Ana", skill_groups=[{"name": "cards"}]))
    assert told.staff.revision == before == world.head


async def test_update_staff_knows_its_paths(client: Client):
    """Any other path is a fault of the mask."""
    await client.create("ana")
    mask = FieldMask(paths=["status", "display_name"])
    refusal = await client.refused(pb.UpdateStaffRequest(staff_id="ana", update_mask=mask))
    assert refusal.faults.keys() == {"update_mask"}


async def test_groups_can_be_taken_away_in_a_call(client: Client):
    """The directory can change whatever the staff member does; a group claim sees it."""
    await client.create_available("ana", "cards")
    await client.started("ana", "c1")
    await client.ask(pb.UpdateStaffRequest(staff_id="ana", update_mask=FieldMask(paths=["skill_groups"])))
    assert not (await client.get("ana")).skill_groups


async def test_delete_staff_who_is_offline(client: Client):
    """The answer is the last state; the id is free again, and the history stays."""
    created = await client.create("ana", "cards", name="Ana")
    told = await client.ask(pb.DeleteStaffRequest(staff_id="ana"))
    assert told.staff.display_name == "Ana"
    assert told.staff.revision > created.revision
    assert (await client.refused(workspace_service_pb2.GetStaffRequest(staff_id="ana"))).reason == "STAFF_UNKNOWN"
    again = await client.create("ana")
    assert again.revision > told.staff.revision
    kinds = [staff_pb2.TransitionKind.Name(one.kind) for one in await client.transitions()]
    assert kinds == [f"TRANSITION_KIND_{kind}" for kind in ("CREATED", "DELETED", "CREATED")]


async def test_delete_staff_who_is_signed_in(client: Client):
    """STAFF_SIGNED_IN, with the state and what is allowed."""
    available = await client.create_available("ana")
    refusal = await client.refused(pb.DeleteStaffRequest(staff_id="ana"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "STAFF_SIGNED_IN")
    assert refusal.metadata == {"staff_id": "ana", "current_status": "AVAILABLE"}
    detail = refusal.detail(errors_pb2.TransitionRefusal)
    assert detail.current == available
    assert staff_pb2.ACTION_CHANGE_TO_OFFLINE in detail.allowed


async def test_update_and_delete_of_somebody_unknown(client: Client):
    """STAFF_UNKNOWN."""
    for request in (pb.UpdateStaffRequest(staff_id="ana"), pb.DeleteStaffRequest(staff_id="ana")):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")


async def test_batch_create_takes_each_on_its_own(client: Client):
    """Good items are created; repeats and bad ones say why."""
    await client.create("ben")
    staff = [{"staff_id": "ana"}, {"staff_id": "ben"}, {"staff_id": ""}, {"staff_id": "ana"}, {"staff_id": "chi"}]
    told = await client.ask(pb.BatchCreateStaffRequest(requests=staff))
    kinds = [one.WhichOneof("result") for one in told.results]
    assert kinds == ["taken", "error", "error", "error", "taken"]
    taken = told.results[0].taken
    assert (taken.applied, taken.status, taken.revision) == (True, OFFLINE, (await client.get("ana")).revision)
    exists, nameless, twice = (refusal_in(one.error) for one in told.results[1:4])
    assert exists.reason == "STAFF_EXISTS"
    assert list(nameless.faults) == ["staff_id"]
    assert twice.metadata == {"staff_id": "ana"}
    assert (await client.listed()).total_size == 3


# --- catalogue --------------------------------------------------------------------------------------------------------


async def test_create_break_reason(client: Client, world: World):
    """The reason is told as it was kept, with its revision."""
    told = await client.ask(pb.CreateBreakReasonRequest(code="lunch", display_name="Lunch", limit={"seconds": 1_800}))
    wanted = policy_pb2.BreakReason(code="lunch", display_name="Lunch", enabled=True, limit={"seconds": 1_800})
    wanted.revision = world.head
    assert told.break_reason == wanted
    assert told.position


@pytest.mark.parametrize("code", ["lunch", "no-answer"])
async def test_create_break_reason_that_exists(client: Client, code: str):
    """BREAK_REASON_EXISTS, also for the built-in one."""
    await client.break_reason("lunch")
    refusal = await client.refused(pb.CreateBreakReasonRequest(code=code))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.ALREADY_EXISTS, "BREAK_REASON_EXISTS")
    assert refusal.metadata == {"break_reason": code}


@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        (["display_name"], ("Meal", True, 60)),
        (["enabled"], ("Lunch", False, 60)),
        (["limit"], ("Lunch", True, 90)),
        ([], ("Meal", False, 90)),
        (["*"], ("Meal", False, 90)),
    ],
)
async def test_update_break_reason_sets_what_the_mask_names(client: Client, world: World, paths: list, wanted: tuple):
    """Without a mask the fields that are set; a star names all three."""
    first = {"code": "lunch", "display_name": "Lunch", "enabled": True, "limit": Duration(seconds=60)}
    await client.ask(pb.CreateBreakReasonRequest(**first))
    new = {"code": "lunch", "display_name": "Meal", "enabled": False, "limit": Duration(seconds=90)}
    told = await client.ask(pb.UpdateBreakReasonRequest(**new, update_mask=FieldMask(paths=paths)))
    reason = told.break_reason
    assert (reason.display_name, reason.enabled, reason.limit.seconds) == wanted
    assert reason.revision == world.head


async def test_update_break_reason_to_what_is_so_changes_nothing(client: Client, world: World):
    """The same values make no revision."""
    await client.break_reason("lunch")
    before = world.head
    told = await client.ask(pb.UpdateBreakReasonRequest(code="lunch", enabled=True))
    assert told.break_reason.revision == world.head == before


async def test_a_break_that_runs_keeps_the_limit_it_began_with(timed: World, clock: FakeClock):
    """A new limit is for breaks to come; a deleted reason stays with who is on it."""
    client = timed.client
    await client.break_reason("lunch", limit_seconds=60)
    await client.create("ana")
    ends = (await client.change("ana", ON_BREAK, "lunch")).staff.break_ends_at
    await client.ask(pb.UpdateBreakReasonRequest(code="lunch", enabled=True, limit={"seconds": 9_000}))
    assert (await client.get("ana")).break_ends_at == ends
    await client.ask(pb.DeleteBreakReasonRequest(code="lunch"))
    assert (await client.get("ana")).break_reason == "lunch"
    clock.move(60)
    assert (await client.until("ana", lambda staff: staff.overdue)).break_reason == "lunch"


async def test_delete_break_reason_tells_it_as_it_was(client: Client):
    """It can no longer be chosen, and its code is free again."""
    await client.break_reason("lunch", limit_seconds=60)
    told = await client.ask(pb.DeleteBreakReasonRequest(code="lunch"))
    assert (told.break_reason.code, told.break_reason.enabled, told.break_reason.limit.seconds) == ("lunch", True, 60)
    await client.create("ana")
    request = workspace_service_pb2.ChangeStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": "lunch"})
    assert (await client.refused(request)).reason == "BREAK_REASON_UNKNOWN"
    await client.break_reason("lunch")
    await client.ask(request)


async def test_break_reasons_that_are_unknown(client: Client):
    """BREAK_REASON_UNKNOWN names the code."""
    for request in (pb.UpdateBreakReasonRequest(code="lunch"), pb.DeleteBreakReasonRequest(code="lunch")):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "BREAK_REASON_UNKNOWN")
        assert refusal.metadata == {"break_reason": "lunch"}


async def test_the_built_in_reason_cannot_be_disabled_or_deleted(client: Client):
    """BREAK_REASON_BUILT_IN."""
    disable = pb.UpdateBreakReasonRequest(code="no-answer", enabled=False)
    for request in (disable, pb.DeleteBreakReasonRequest(code="no-answer")):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "BREAK_REASON_BUILT_IN")
        assert refusal.metadata == {"break_reason": "no-answer"}


async def test_a_guarded_break_reason(client: Client, world: World):
    """A revision that no longer holds is ABORTED, and nothing changes; the present one is taken."""
    await client.break_reason("lunch")
    revision = world.head
    update = {"code": "lunch", "enabled": True, "display_name": "Meal"}
    refusal = await client.refused(pb.UpdateBreakReasonRequest(**update, expected_revision=revision + 5))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.ABORTED, "REVISION_MISMATCH")
    assert refusal.metadata == {
        "break_reason": "lunch",
        "expected_revision": str(revision + 5),
        "current_revision": str(revision),
    }
    assert world.head == revision
    await client.ask(pb.UpdateBreakReasonRequest(**update, expected_revision=revision))
    refusal = await client.refused(pb.DeleteBreakReasonRequest(code="lunch", expected_revision=revision))
    assert refusal.reason == "REVISION_MISMATCH"
    await client.ask(pb.DeleteBreakReasonRequest(code="lunch", expected_revision=world.head))


async def test_answers_about_break_reasons_that_are_raced_for(client: Client, world: World):
    """Each answer tells the reason as that request left it, also when the next request is in the same commit."""
    calls = await world.in_one_commit(
        client,
        pb.CreateBreakReasonRequest(code="lunch", display_name="Lunch"),
        pb.UpdateBreakReasonRequest(code="lunch", display_name="Lunch"),
        pb.UpdateBreakReasonRequest(code="lunch", display_name="Meal"),
        pb.DeleteBreakReasonRequest(code="lunch"),
    )
    told = [(await call).break_reason for call in calls]
    assert [(one.code, one.display_name) for one in told] == [
        ("lunch", "Lunch"),
        ("lunch", "Lunch"),
        ("lunch", "Meal"),
        ("lunch", "Meal"),
    ]
    assert [one.revision for one in told] == [2, 2, 3, 4]


async def test_a_guard_that_fails_within_a_commit_names_the_revision_that_holds(client: Client, world: World):
    """Who lost to a request of the same commit is told the winner's revision, not the one that was expected."""
    await client.break_reason("lunch")
    revision = world.head
    meal, snack = (
        pb.UpdateBreakReasonRequest(code="lunch", display_name=name, expected_revision=revision) for name in ("Meal", "Snack")
    )
    won, lost = await world.in_one_commit(client, meal, snack)
    winner = (await won).break_reason.revision
    assert winner > revision
    refusal = await refusal_of(lost)
    assert refusal.reason == "REVISION_MISMATCH"
    assert refusal.metadata["current_revision"] == str(winner)


# --- policy -----------------------------------------------------------------------------------------------------------

DEFAULTS = policy_pb2.Policy(
    after_call_work={
        "enabled": True,
        "countdown": {"seconds": 30},
        "directions": [1, 2, 3, 4],
        "max_duration": {},
        "return_to": "RETURN_TO_AVAILABLE",
        "unanswered": True,
    },
    claim_ttl={"seconds": 20},
    no_answer={"misses": 2, "status": "NO_ANSWER_STATUS_ON_BREAK"},
    disconnect_grace={"seconds": 60},
    require_attachment=False,
    max_call_age={"seconds": 4 * 3600},
    break_internal_calls=False,
    after_call_work_dial_out=True,
    after_call_work_internal_calls=False,
    retention={"seconds": 180 * 24 * 3600},
    break_limit_action="BREAK_LIMIT_ACTION_NONE",
    late_fact_window={"seconds": 10},
    in_line_consultation=False,
    colleagues="COLLEAGUES_OWN_GROUPS",
    hold_off={"after_decline": {}, "after_miss": {}, "after_unreachable": {"seconds": 5}},
)
"""What the contract says a tenant has that never changed anything."""


async def test_the_policy_is_complete_with_its_defaults(client: Client):
    """Before any change every field has the documented default, and the revision is 0."""
    told = await client.ask(pb.GetPolicyRequest())
    assert told.policy == DEFAULTS
    assert told.revision == 0
    assert told.position


async def test_update_policy_sets_the_fields_that_are_set(client: Client, world: World):
    """Without a mask: what is set in the message, down to the leaves; the rest stays."""
    policy = policy_pb2.Policy(after_call_work={"countdown": {"seconds": 45}}, require_attachment=True)
    told = await client.ask(pb.UpdatePolicyRequest(policy=policy))
    wanted = policy_pb2.Policy()
    wanted.CopyFrom(DEFAULTS)
    wanted.after_call_work.countdown.seconds = 45
    wanted.require_attachment = True
    assert told.policy == wanted
    assert told.revision == world.head
    read = await client.ask(pb.GetPolicyRequest())
    assert (read.policy, read.revision) == (wanted, told.revision)


async def test_update_policy_sets_the_fields_that_the_mask_names(client: Client):
    """With a mask those fields and no other; a message's name stands for all its fields; what is not set gets its default."""
    policy = policy_pb2.Policy(
        no_answer={"misses": 5, "status": "NO_ANSWER_STATUS_BUSY"},
        claim_ttl={"seconds": 99},
        after_call_work={},
        after_call_work_dial_out=False,
    )
    mask = FieldMask(paths=["no_answer", "after_call_work.directions", "after_call_work_dial_out"])
    told = (await client.ask(pb.UpdatePolicyRequest(policy=policy, update_mask=mask))).policy
    assert (told.no_answer.misses, told.no_answer.status) == (5, policy_pb2.NO_ANSWER_STATUS_BUSY)
    assert len(told.after_call_work.directions) == 4
    assert not told.after_call_work_dial_out
    assert told.claim_ttl.seconds == 20


@pytest.mark.parametrize("path", ["after_call_work", "after_call_work.directions", "*"])
@pytest.mark.parametrize("policy", [{}, {"after_call_work": {"countdown": {"seconds": 9}}}])
async def test_directions_that_are_not_set_are_all(client: Client, path: str, policy: dict):
    """However a list without values is named, with its message or without, it is the default and never no direction."""
    await client.policy(after_call_work={"directions": [1], "enabled": True})
    told = (await client.ask(pb.UpdatePolicyRequest(policy=policy, update_mask=FieldMask(paths=[path])))).policy
    assert list(told.after_call_work.directions) == [1, 2, 3, 4]
    assert told.after_call_work.enabled


def test_every_field_of_the_policy_can_be_updated():
    """The table of paths is exactly the leaves of the contract's message."""
    leaves = set()
    for field in policy_pb2.Policy.DESCRIPTOR.fields:
        inner = field.message_type
        if inner is not None and inner.full_name.startswith("onduty."):
            leaves |= {f"{field.name}.{leaf.name}" for leaf in inner.fields}
        else:
            leaves.add(field.name)
    assert {one.path for one in POLICY_FIELDS} == leaves


@pytest.mark.parametrize("path", [one.path for one in POLICY_FIELDS])
async def test_every_field_of_the_policy_is_kept(client: Client, path: str):
    """Each leaf alone can be set to another value, and is read back."""
    other = policy_pb2.Policy(
        after_call_work={
            "enabled": False,
            "countdown": {"seconds": 31},
            "directions": [1],
            "max_duration": {"seconds": 100},
            "return_to": "RETURN_TO_PRE_CALL",
            "unanswered": False,
        },
        claim_ttl={"seconds": 21},
        no_answer={"misses": 3, "status": "NO_ANSWER_STATUS_NONE"},
        disconnect_grace={"seconds": 0},
        require_attachment=True,
        max_call_age={"seconds": 61},
        break_internal_calls=True,
        after_call_work_dial_out=False,
        after_call_work_internal_calls=True,
        retention={"seconds": 24 * 3600},
        break_limit_action="BREAK_LIMIT_ACTION_OFFLINE",
        late_fact_window={"seconds": 0},
        disconnect_grace_on_break={"seconds": 8 * 3600},
        in_line_consultation=True,
        colleagues="COLLEAGUES_ALL",
        hold_off={"after_decline": {"seconds": 3600}, "after_miss": {"seconds": 30}, "after_unreachable": {"seconds": 0}},
    )
    told = (await client.ask(pb.UpdatePolicyRequest(policy=other, update_mask=FieldMask(paths=[path])))).policy

    def leaf(policy: policy_pb2.Policy):
        value = policy
        for part in path.split("."):
            value = getattr(value, part)
        return value

    assert leaf(told) == leaf(other)
    assert told != DEFAULTS
    assert (await client.ask(pb.GetPolicyRequest())).policy == told


async def test_the_grace_of_breaks_can_be_taken_back(client: Client):
    """Named in the mask and not set it is absent again: the same as the usual one."""
    await client.policy(disconnect_grace_on_break={"seconds": 3600})
    mask = FieldMask(paths=["disconnect_grace_on_break"])
    told = (await client.ask(pb.UpdatePolicyRequest(policy=policy_pb2.Policy(), update_mask=mask))).policy
    assert not told.HasField("disconnect_grace_on_break")
    assert told == DEFAULTS


async def test_update_policy_to_what_is_so_changes_nothing(client: Client, world: World):
    """The same values make no revision."""
    told = await client.ask(pb.UpdatePolicyRequest(policy=policy_pb2.Policy(claim_ttl={"seconds": 20})))
    assert (told.revision, world.head) == (0, 0)


async def test_a_new_policy_reaches_who_it_concerns_at_once(client: Client):
    """Capabilities are worked out anew for signed-in staff, in the same commit; the others are left alone."""
    await client.break_reason("lunch")
    await client.create("ana")
    await client.change("ana", ON_BREAK, "lunch")
    offline = await client.create("ben")
    async with client.watch() as watch:
        await watch.began()
        await client.policy(break_internal_calls=True)
        (change,) = await watch.until_changes(1)
    assert change.staff.staff_id == "ana"
    assert change.staff.capabilities.internal_calls
    assert change.transition.cause == staff_pb2.CAUSE_POLICY
    assert await client.get("ben") == offline


async def test_deadlines_that_run_keep_the_length_they_began_with(timed: World):
    """A new countdown is for wrap-ups to come."""
    client = timed.client
    await client.create_available("ana")
    await client.started("ana", "c1")
    before = (await client.ended("ana", "c1")).staff.wrap_up.ends_at
    await client.policy(after_call_work={"countdown": {"seconds": 600}})
    after = await client.get("ana")
    assert after.status == AFTER_CALL_WORK
    assert after.wrap_up.ends_at == before


async def test_the_policy_returns_to_the_choice_before_the_call(client: Client):
    """PRE_CALL instead of AVAILABLE, and no wrap-up for this direction."""
    await client.policy(after_call_work={"return_to": "RETURN_TO_PRE_CALL", "directions": ["DIRECTION_OUTBOUND"]})
    await client.create("ana")
    await client.change("ana", BUSY)
    await client.started("ana", "c1")
    assert (await client.ended("ana", "c1")).staff.status == BUSY


async def test_a_guarded_policy(client: Client, world: World):
    """A revision that no longer holds is ABORTED."""
    await client.policy(require_attachment=True)
    change = {"policy": policy_pb2.Policy(claim_ttl={"seconds": 5})}
    refusal = await client.refused(pb.UpdatePolicyRequest(**change, expected_revision=world.head + 1))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.ABORTED, "REVISION_MISMATCH")
    assert refusal.metadata == {"expected_revision": str(world.head + 1), "current_revision": str(world.head)}
    await client.ask(pb.UpdatePolicyRequest(**change, expected_revision=world.head))


async def test_answers_about_the_policy_that_are_raced_for(client: Client, world: World):
    """Each answer tells the policy as that request left it, also when the next request is in the same commit."""
    asked = [pb.UpdatePolicyRequest(policy=policy_pb2.Policy(claim_ttl={"seconds": n})) for n in (20, 11, 12, 12, 13)]
    told = [await call for call in await world.in_one_commit(client, *asked)]
    assert [one.policy.claim_ttl.seconds for one in told] == [20, 11, 12, 12, 13]
    assert [one.revision for one in told] == [0, 2, 3, 3, 4]


@pytest.mark.parametrize(
    ("policy", "paths", "field"),
    [
        ({}, [], "policy"),
        ({}, ["nonsense"], "update_mask"),
        ({}, ["after_call_work.nonsense"], "update_mask"),
        ({}, ["after_call"], "update_mask"),
        ({"no_answer": {"misses": 0}}, [], "policy.no_answer.misses"),
        ({"no_answer": {"status": 0}}, [], "policy.no_answer.status"),
        ({"after_call_work": {"return_to": 0}}, ["after_call_work"], "policy.after_call_work.return_to"),
        ({"break_limit_action": 0}, [], "policy.break_limit_action"),
        ({"claim_ttl": {"seconds": 601}}, [], "policy.claim_ttl"),
        ({"claim_ttl": {"nanos": 999_000_000}}, [], "policy.claim_ttl"),
        ({"disconnect_grace": {"seconds": -1}}, [], "policy.disconnect_grace"),
        ({"disconnect_grace": {"seconds": 3_601}}, [], "policy.disconnect_grace"),
        ({"late_fact_window": {"seconds": 601}}, [], "policy.late_fact_window"),
        ({"disconnect_grace_on_break": {"seconds": 8 * 3600 + 1}}, [], "policy.disconnect_grace_on_break"),
        ({"colleagues": 9}, [], "policy.colleagues"),
        ({"hold_off": {"after_decline": {"seconds": 3601}}}, [], "policy.hold_off.after_decline"),
        ({"hold_off": {"after_unreachable": {"seconds": -1}}}, [], "policy.hold_off.after_unreachable"),
        ({"max_call_age": {"seconds": 59}}, [], "policy.max_call_age"),
        ({"max_call_age": {"seconds": 7 * 24 * 3600 + 1}}, [], "policy.max_call_age"),
        ({"retention": {"seconds": 24 * 3600 - 1}}, [], "policy.retention"),
        ({"after_call_work": {"countdown": {"seconds": 3_601}}}, [], "policy.after_call_work.countdown"),
        ({"after_call_work": {"countdown": {"seconds": 0}}}, [], "policy.after_call_work.countdown"),
        ({"after_call_work": {"max_duration": {"seconds": 90_000}}}, [], "policy.after_call_work.max_duration"),
        ({"after_call_work": {"directions": [7]}}, [], "policy.after_call_work.directions[0]"),
        ({"after_call_work": {"directions": [1, 0]}}, [], "policy.after_call_work.directions[1]"),
        ({"after_call_work": {"return_to": 9}}, [], "policy.after_call_work.return_to"),
        ({"no_answer": {"misses": 101}}, [], "policy.no_answer.misses"),
        ({"no_answer": {"misses": -1}}, [], "policy.no_answer.misses"),
        ({"claim_ttl": {"seconds": 1, "nanos": -5}}, [], "policy.claim_ttl"),
        ({"claim_ttl": {"seconds": 2**62}}, [], "policy.claim_ttl"),
    ],
)
async def test_a_policy_out_of_its_bounds(client: Client, world: World, policy: dict, paths: list, field: str):
    """INVALID_FIELD names the field by its path; nothing is changed."""
    request = pb.UpdatePolicyRequest(policy=policy_pb2.Policy(**policy), update_mask=FieldMask(paths=paths))
    refusal = await client.refused(request)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD")
    assert refusal.faults.keys() == {field}
    assert world.head == 0
    assert (await client.ask(pb.GetPolicyRequest())).policy == DEFAULTS


async def test_nobody_gets_the_pseudonym_of_who_was_erased(client: Client):
    """It stands for a person of the past: creating somebody with it is refused, and the others of a batch are created."""
    await client.create("ana")
    await client.remove("ana")
    (pseudonym,) = (await client.ask(pb.EraseStaffRequest(staff_id="ana"))).pseudonyms
    refusal = await client.refused(pb.CreateStaffRequest(staff_id=pseudonym))
    assert (refusal.reason, set(refusal.faults)) == ("INVALID_FIELD", {"staff_id"})
    batch = pb.BatchCreateStaffRequest(requests=[{"staff_id": staff_id} for staff_id in ("n1", pseudonym, "0123456789abcdef")])
    results = (await client.ask(batch)).results
    assert [one.HasField("taken") for one in results] == [True, False, True]


async def test_enabled_that_is_named_and_not_set_is_the_default(client: Client):
    """As in a request that creates one: absent, it can be chosen."""
    await client.ask(pb.CreateBreakReasonRequest(code="tea", enabled=False))
    update = pb.UpdateBreakReasonRequest(code="tea", display_name="Tea")
    update.update_mask.paths.append("*")
    assert (await client.ask(update)).break_reason.enabled
