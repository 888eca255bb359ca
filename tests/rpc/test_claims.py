"""Whom a router can claim, for which call, and what becomes of the claim: the contract's part of it."""

import grpc
import pytest
from fake_clock import FakeClock
from rpc_world import AVAILABLE, BUSY, Client, World, serving

from onduty.v1 import admin_service_pb2 as admin_pb
from onduty.v1 import errors_pb2, staff_pb2, workspace_service_pb2
from onduty.v1 import router_service_pb2 as pb

UNREACHABLE = pb.WITHDRAW_REASON_UNREACHABLE


async def hired(client: Client, staff_id: str, **levels: int) -> None:
    """Somebody with levels in groups, AVAILABLE."""
    groups = [{"name": name, "level": level} for name, level in levels.items()]
    await client.ask(admin_pb.CreateStaffRequest(staff_id=staff_id, skill_groups=groups))
    await client.change(staff_id, AVAILABLE)


def member(*groups: str | tuple[str, int], **fields: object) -> dict[str, object]:
    """The target of a claim by group, with least levels where they are given."""
    asked = [{"name": one} if isinstance(one, str) else {"name": one[0], "min_level": one[1]} for one in groups]
    return {"skill_groups": asked, **fields}


# --- targets ----------------------------------------------------------------------------------------------------------


async def test_levels_are_kept_and_asked_for(client: Client):
    """A claim asks for a least level in a group; who is below is passed over."""
    await hired(client, "ana", cards=2)
    await hired(client, "ben", cards=5)
    told = await client.claim("c1", group_member=member(("cards", 3)))
    assert (told.staff.staff_id, told.skill_group, told.already_offered) == ("ben", "cards", False)
    assert [(one.name, one.level) for one in told.staff.skill_groups] == [("cards", 5)]


async def test_groups_are_tried_in_their_order(client: Client):
    """The first group that has somebody is taken, and the answer says which."""
    await hired(client, "ana", loans=1)
    told = await client.claim("c1", group_member=member("cards", "loans"))
    assert (told.staff.staff_id, told.skill_group) == ("ana", "loans")


async def test_required_groups_and_staff_to_pass_over(client: Client):
    """Who is chosen is in the required groups too, and not among those to pass over."""
    await hired(client, "ana", cards=1)
    await hired(client, "ben", cards=1, german=1)
    await hired(client, "chi", cards=1, german=4)
    required = [{"name": "german"}]
    target = member("cards", required_groups=required, exclude_staff_ids=["ben"])
    assert (await client.claim("c1", group_member=target)).staff.staff_id == "chi"
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c2", group_member=target))
    assert refusal.reason == "NOBODY_AVAILABLE"


async def test_orders(timed: World, clock: FakeClock):
    """By waiting, by the last call, by level."""
    client = timed.client
    for name, level in (("ana", 1), ("ben", 9), ("chi", 5)):
        await hired(client, name, cards=level)
        clock.move(1)
    for order, name in (("LONGEST_IDLE", "ana"), ("HIGHEST_LEVEL", "ben"), ("LONGEST_SINCE_CALL", "ana")):
        told = await client.claim("c1", group_member=member("cards", order=f"CLAIM_ORDER_{order}"))
        assert told.staff.staff_id == name, order
        await client.ask(pb.WithdrawClaimRequest(claim_id=told.claim_id))


async def test_candidates(client: Client):
    """The first who can be given the call; who is not there is passed over, and where nobody is they are named."""
    for name in ("ana", "ben"):
        await client.create_available(name)
    await client.change("ana", BUSY)
    assert (await client.claim("c1", candidates={"staff_ids": ["ana", "ben"]})).staff.staff_id == "ben"
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c2", candidates={"staff_ids": ["ana", "ben"]}))
    assert (refusal.reason, refusal.metadata) == ("NOBODY_AVAILABLE", {"skill_groups": ""})
    detail = refusal.detail(errors_pb2.NobodyAvailable)
    assert [(one.status, one.count, one.assignable) for one in detail.counts] == [(AVAILABLE, 1, 0), (BUSY, 1, 0)]
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c2", candidates={"staff_ids": ["x", "y"]}))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")
    assert "'x', 'y'" in refusal.message
    await client.create_available("cem")
    assert (await client.claim("c2", candidates={"staff_ids": ["x", "ana", "cem"]})).staff.staff_id == "cem"


async def test_counts_of_several_groups_count_nobody_twice(client: Client):
    """The counts of all are of people, those of the groups of memberships, in the order of the request."""
    await hired(client, "ana", cards=1, loans=1)
    await hired(client, "ben", loans=1)
    for name in ("ana", "ben"):
        await client.change(name, BUSY)
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c1", group_member=member("loans", "cards", "vip")))
    detail = refusal.detail(errors_pb2.NobodyAvailable)
    assert refusal.metadata == {"skill_groups": "loans,cards,vip"}
    assert [(one.status, one.count) for one in detail.counts] == [(BUSY, 2)]
    assert [(one.skill_group, one.total) for one in detail.skill_groups] == [("loans", 2), ("cards", 1), ("vip", 0)]


@pytest.mark.parametrize("direction", ["DIRECTION_TRANSFER", "DIRECTION_INTERNAL", "DIRECTION_OUTBOUND"])
async def test_who_is_busy_can_be_claimed_for_what_busy_opens(client: Client, direction: str):
    """Transfers, internal calls and a dialler's calls reach people who are BUSY; the call stays what the claim said."""
    await client.create_available("ana")
    await client.change("ana", BUSY)
    claim = await client.claim("c1", staff_id="ana", direction=direction, source="pbx")
    assert claim.staff.status == BUSY
    told = await client.started("ana", "c1", leg="a")
    (call,) = told.staff.calls
    assert (staff_pb2.Direction.Name(call.direction), call.source, call.leg) == (direction, "pbx", "a")
    assert call.claim_id == claim.claim_id


BAD = [
    ({"candidates": {}}, {"candidates.staff_ids"}),
    ({"candidates": {"staff_ids": ["a"] * 101}}, {"candidates.staff_ids"}),
    ({"candidates": {"staff_ids": ["a", "", "b\n"]}}, {"candidates.staff_ids[1]", "candidates.staff_ids[2]"}),
    ({"group_member": {}}, {"group_member.skill_groups"}),
    ({"group_member": member(*[f"g{n}" for n in range(21)])}, {"group_member.skill_groups"}),
    (
        {"group_member": member(("Cards", 101), ("loans", -1))},
        {
            "group_member.skill_groups[0].name",
            "group_member.skill_groups[0].min_level",
            "group_member.skill_groups[1].min_level",
        },
    ),
    (
        {"group_member": member("cards", required_groups=[{"name": "X"}], exclude_staff_ids=[""], order=9)},
        {"group_member.required_groups[0].name", "group_member.exclude_staff_ids[0]", "group_member.order"},
    ),
    ({"group_member": member("cards", required_groups=[{"name": "x"}] * 21)}, {"group_member.required_groups"}),
    ({"group_member": member("cards", exclude_staff_ids=["a"] * 1001)}, {"group_member.exclude_staff_ids"}),
    ({"named": {"staff_id": "ana", "expected_revision": -1}}, {"named.expected_revision"}),
    ({"named": {"staff_id": "ana"}, "direction": 9, "source": "x" * 129}, {"direction", "source"}),
    ({}, {"target"}),
]


@pytest.mark.parametrize(("fields", "faults"), BAD)
async def test_every_field_at_fault_is_named(client: Client, world: World, fields: dict, faults: set[str]):
    """All faults of a claim at once, and nothing happens."""
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c1", **fields))
    assert refusal.faults.keys() == faults
    assert world.head == 0


# --- one call, several offers -----------------------------------------------------------------------------------------


async def test_a_call_on_offer_answers_a_second_claim(client: Client, world: World):
    """A claim that is made again, with no request id, gets the claim that there is."""
    for name in ("ana", "ben"):
        await hired(client, name, cards=1)
    first = await client.claim("c1", group_member=member("cards"))
    before = world.head
    again = await client.claim("c1", group_member=member("cards"))
    assert (again.claim_id, again.staff, again.skill_group, again.already_offered) == (
        first.claim_id,
        first.staff,
        "cards",
        True,
    )
    assert world.head == before
    assert (await client.claim("c1", candidates={"staff_ids": ["ben"]})).claim_id == first.claim_id
    assert (await client.claim("c1", staff_id="ana")).already_offered


async def test_an_answer_that_was_an_offer_before_is_the_same_when_it_is_asked_again(client: Client):
    """With a request id the first answer is given again, whatever became of the claim."""
    await hired(client, "ana", cards=1)
    first = await client.claim("c1", group_member=member("cards"))
    answers = [await client.claim("c1", group_member=member("cards"), request_id="r1") for _ in range(2)]
    assert [(one.claim_id, one.already_offered, one.replayed) for one in answers] == [
        (first.claim_id, True, False),
        (first.claim_id, True, True),
    ]


async def test_who_answers_ends_the_other_offers_at_once(client: Client):
    """All rang, one answered: the others are free again in the same commit, without a miss, and watchers see why."""
    claims = {}
    for name in ("ana", "ben"):
        await hired(client, name, cards=1)
        claims[name] = (await client.claim("c1", staff_id=name, another_offer=True)).claim_id
    async with client.watch() as watch:
        await watch.began()
        await client.ask(workspace_service_pb2.AcceptOfferRequest(staff_id="ben", claim_id=claims["ben"]))
        first, second = await watch.until_changes(2)
    assert (first.staff.staff_id, second.staff.staff_id) == ("ben", "ana")
    assert second.transition.cause == staff_pb2.CAUSE_ANSWERED_ELSEWHERE
    assert second.transition.ended_offer.end == staff_pb2.OFFER_END_ELSEWHERE
    assert (second.staff.misses, second.staff.capabilities.assign_inbound) == (0, True)


# --- withdrawing and reading ------------------------------------------------------------------------------------------


async def test_an_unreachable_phone_is_held_off(timed: World, clock: FakeClock):
    """For the policy's time nobody claims the person; then they can be claimed again."""
    client = timed.client
    await client.create_available("ana")
    claim = await client.claim("c1", staff_id="ana")
    told = await client.ask(pb.WithdrawClaimRequest(claim_id=claim.claim_id, reason=UNREACHABLE))
    assert (told.staff.misses, told.staff.capabilities.assign_inbound) == (0, False)
    assert told.staff.hold_off_ends_at.seconds == told.staff.changed_at.seconds + 5
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c2", named={"staff_id": "ana"}))
    assert (refusal.reason, "held off" in refusal.message) == ("STAFF_NOT_ASSIGNABLE", True)
    clock.move(5)
    staff = await client.until("ana", lambda staff: not staff.HasField("hold_off_ends_at"))
    assert staff.capabilities.assign_inbound
    assert (await client.transitions())[-1].cause == staff_pb2.CAUSE_HOLD_OFF_ENDED


async def test_a_withdrawal_has_a_reason_that_exists(client: Client):
    """An unknown reason is a fault."""
    refusal = await client.refused(pb.WithdrawClaimRequest(claim_id="k", reason=9))
    assert refusal.faults.keys() == {"reason"}


async def test_a_claim_is_read_while_it_lasts_and_afterwards(timed: World, clock: FakeClock):
    """GetClaim tells whose claim it is, for which call, and how and when it ended."""
    client = timed.client
    await client.create_available("ana")
    made = await client.claim("c1", staff_id="ana", source="pbx", direction="DIRECTION_TRANSFER")
    offer = made.staff.offer
    claim = (await client.ask(pb.GetClaimRequest(claim_id=made.claim_id, at_least=made.position))).claim
    expected = pb.Claim(
        claim_id=made.claim_id,
        staff_id="ana",
        call_id="c1",
        source="pbx",
        direction=staff_pb2.DIRECTION_TRANSFER,
        offered_at=offer.offered_at,
        expires_at=offer.expires_at,
    )
    assert claim == expected
    clock.move(3)
    told = await client.ask(workspace_service_pb2.DeclineOfferRequest(staff_id="ana", claim_id=made.claim_id))
    answer = await client.ask(pb.GetClaimRequest(claim_id=made.claim_id))
    expected.end = staff_pb2.OFFER_END_DECLINED
    expected.ended_at.CopyFrom(told.staff.changed_at)
    assert answer.claim == expected
    assert answer.position


async def test_a_claim_that_never_was_cannot_be_read(client: Client):
    """CLAIM_UNKNOWN, as for a withdrawal; an empty id is a fault."""
    refusal = await client.refused(pb.GetClaimRequest(claim_id="k1"))
    assert (refusal.reason, refusal.metadata) == ("CLAIM_UNKNOWN", {"claim_id": "k1"})
    assert (await client.refused(pb.GetClaimRequest())).faults.keys() == {"claim_id"}


async def test_the_longest_staff_id_makes_a_claim_id_that_is_taken_back(client: Client):
    """A claim id is longer than the id of its staff member; every request takes it."""
    name = "\N{GRINNING FACE}" * 128
    await client.create_available(name)
    claim_id = (await client.claim("c1", staff_id=name)).claim_id
    await client.ask(workspace_service_pb2.DeclineOfferRequest(staff_id=name, claim_id=claim_id))
    assert (await client.ask(pb.GetClaimRequest(claim_id=claim_id))).claim.end == staff_pb2.OFFER_END_DECLINED
    assert not (await client.ask(pb.WithdrawClaimRequest(claim_id=claim_id))).applied


async def test_an_ended_claim_is_known_to_the_next_process(journal_path):
    """A restart changes nothing about claims that have ended."""
    async with serving(journal_path) as world:
        await world.client.create_available("ana")
        claim_id = (await world.client.claim("c1", staff_id="ana")).claim_id
        await world.client.ask(pb.WithdrawClaimRequest(claim_id=claim_id))
    async with serving(journal_path) as world:
        assert not (await world.client.ask(pb.WithdrawClaimRequest(claim_id=claim_id))).applied
        claim = (await world.client.ask(pb.GetClaimRequest(claim_id=claim_id))).claim
        assert claim.end == staff_pb2.OFFER_END_WITHDRAWN
