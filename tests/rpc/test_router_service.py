"""What routers and telephony use: lists, claims, facts and reconciliation. Watching has its own files."""

import asyncio

import grpc
import pytest
from fake_clock import FakeClock
from rpc_world import AFTER_CALL_WORK, AVAILABLE, BUSY, IN_LINE, OFFLINE, Client, World, refusal_in, serving

from onduty.v1 import admin_service_pb2, errors_pb2, staff_pb2, workspace_service_pb2
from onduty.v1 import router_service_pb2 as pb

# --- ListStaff --------------------------------------------------------------------------------------------------------


async def pages(client: Client, size: int, **fields) -> list:
    """All pages of a list."""
    found = [await client.listed(page_size=size, **fields)]
    while token := found[-1].next_page_token:
        found.append(await client.listed(page_size=size, page_token=token, **fields))
    return found


async def test_list_staff_is_by_id(client: Client):
    """Everybody, sorted, with the whole state of each."""
    for name in ("chi", "ana", "ben"):
        await client.create(name, "cards")
    told = await client.listed()
    assert [one.staff_id for one in told.staff] == ["ana", "ben", "chi"]
    assert told.staff[0] == await client.get("ana")
    assert told.total_size == 3
    assert not told.next_page_token


async def test_list_staff_of_nobody(client: Client):
    """An empty list is an answer, with a position."""
    told = await client.listed()
    assert not told.staff
    assert told.total_size == 0
    assert told.position


async def test_pages_of_a_list_show_the_present(client: Client):
    """A change between two pages is in the second; all pages have the first one's position and total, and none is twice."""
    await client.create_many(5)
    first = await client.listed(page_size=2)
    changed = (await client.change("s00003", AVAILABLE)).staff
    await client.create("s00000a")
    await client.remove("s00004")
    second = await client.listed(page_size=2, page_token=first.next_page_token)
    assert [one.staff_id for page in (first, second) for one in page.staff] == [f"s{n:05}" for n in range(4)]
    assert second.staff[1] == changed
    assert first.position == second.position
    assert [page.total_size for page in (first, second)] == [5, 5]
    assert not second.next_page_token
    async with client.watch(resume_after=second.position) as watch:
        changes = await watch.until_changes(3)
    assert [change.staff.staff_id for change in changes] == ["s00003", "s00000a", "s00004"]


async def test_a_list_goes_on_however_many_lists_are_read(client: Client, world: World):
    """Page tokens need no memory of the server: lists by others, and changes, leave them alone."""
    await client.create_many(4)
    first = await client.listed(page_size=2)
    other = world.caller(tenant="blue")
    for number in range(20):
        await other.create(f"b{number}")
        await other.listed(filter={"staff_ids": [f"b{number}"]})
    second = await client.listed(page_size=2, page_token=first.next_page_token)
    assert [one.staff_id for one in second.staff] == ["s00002", "s00003"]


async def test_a_filtered_list_has_pages_too(client: Client):
    """By id, those that match, with the total of the first page."""
    for number in range(6):
        await client.create(f"s{number}", "cards" if number % 2 else "loans")
    for fields in ({"skill_groups": ["cards"]}, {"staff_ids": ["s5", "s1", "s3", "nobody"]}):
        found = await pages(client, 2, filter=fields)
        assert [[one.staff_id for one in page.staff] for page in found] == [["s1", "s3"], ["s5"]]
        assert [page.total_size for page in found] == [3, 3]


async def test_pages_have_a_bounded_size(client: Client):
    """0 means 100, and more than 1,000 is cut."""
    await client.create_many(1_001)
    assert [len(page.staff) for page in await pages(client, 5_000)] == [1_000, 1]
    assert len((await client.listed()).staff) == 100


async def test_pages_are_cut_by_bytes(client: Client):
    """Whatever the page's size, none is larger than about 1 MiB; together they have everybody."""
    groups = [{"name": f"{number:064d}"} for number in range(50)]
    items = [{"staff_id": f"s{number:03d}", "display_name": "n" * 200, "skill_groups": groups} for number in range(400)]
    for start in range(0, len(items), 100):
        await client.ask(admin_service_pb2.BatchCreateStaffRequest(requests=items[start : start + 100]))
    found = await pages(client, 1_000)
    assert max(page.ByteSize() for page in found) < 1_200_000
    assert [one.staff_id for page in found for one in page.staff] == [item["staff_id"] for item in items]
    assert len(found) > 1


async def test_a_page_sorts_nobody_anew(client: Client, world: World):
    """The order of the ids is made once, and kept while people come and go: a page costs what it has."""
    await client.create_many(20)
    first = await client.listed(page_size=5)
    order = world.engine.rosters("default")._ids
    await client.create("zoe")
    await client.listed(page_size=5, page_token=first.next_page_token)
    assert world.engine.rosters("default")._ids is order


async def test_a_watch_continues_after_a_list(client: Client):
    """The list's position is where a watch with the same filter begins; nothing between is lost or told twice."""
    await client.create("ana", "cards")
    await client.create("ben", "loans")
    listed = await client.listed(filter={"skill_groups": ["cards"]})
    changed = (await client.change("ana", AVAILABLE)).staff
    async with client.watch(filter={"skill_groups": ["cards"]}, resume_after=listed.position) as watch:
        (change,) = await watch.until_changes(1)
    assert change.staff == changed


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, "ana ben chi dov"),
        ({"staff_ids": ["ben", "dov", "nobody"]}, "ben dov"),
        ({"skill_groups": ["cards"]}, "ana ben"),
        ({"skill_groups": ["cards", "loans"]}, "ana ben chi"),
        ({"statuses": [AVAILABLE]}, "ana chi"),
        ({"statuses": [AVAILABLE, BUSY]}, "ana ben chi"),
        ({"skill_groups": ["cards"], "statuses": [AVAILABLE]}, "ana"),
        ({"staff_ids": ["ben", "chi"], "statuses": [AVAILABLE], "skill_groups": ["loans"]}, "chi"),
        ({"skill_groups": ["nothing"]}, ""),
    ],
)
async def test_filters_combine_kinds_with_and_and_values_with_or(client: Client, chosen: dict, found: str):
    """A list shows exactly who matches, and the summary counts the same."""
    await client.create_available("ana", "cards")
    await client.create("ben", "cards", "loans")
    await client.change("ben", BUSY)
    await client.create_available("chi", "loans")
    await client.create("dov")
    told = await client.listed(filter=chosen)
    assert " ".join(one.staff_id for one in told.staff) == found
    assert told.total_size == len(told.staff)


async def test_a_page_token_is_for_its_own_question(client: Client):
    """PAGE_TOKEN_INVALID for another filter, another RPC's token, and anything made up."""
    await client.create_many(3)
    token = (await client.listed(page_size=1)).next_page_token
    for fields in (
        {"page_token": token, "filter": {"statuses": [OFFLINE]}},
        {"page_token": "nonsense"},
        {"page_token": token[:-4]},
        {"page_token": "é"},
    ):
        refusal = await client.refused(pb.ListStaffRequest(**fields))
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")
        assert refusal.metadata == {}


# --- ClaimStaff and WithdrawClaim -------------------------------------------------------------------------------------


async def test_a_claim_makes_an_offer(timed: World):
    """The claimed staff member stays AVAILABLE with an offer that expires; no other call can be assigned meanwhile."""
    client = timed.client
    await client.create_available("ana")
    told = await client.claim("c1", staff_id="ana", source="pbx")
    assert told.claim_id
    offer = told.staff.offer
    assert (offer.claim_id, offer.call_id, offer.source) == (told.claim_id, "c1", "pbx")
    assert offer.direction == staff_pb2.DIRECTION_INBOUND
    assert offer.expires_at.seconds - offer.offered_at.seconds == 20
    assert told.staff.status == AVAILABLE
    assert not told.staff.capabilities.assign_inbound
    assert told.staff == await client.get("ana")


async def test_a_claim_lasts_as_long_as_it_says(timed: World):
    """Ttl overrules the policy's claim_ttl, which overrules the default."""
    client = timed.client
    await client.policy(claim_ttl={"seconds": 45})
    await client.create_available("ana")
    await client.create_available("ben")
    ana = (await client.claim("c1", staff_id="ana")).staff.offer
    ben = (await client.claim("c2", staff_id="ben", ttl={"seconds": 600})).staff.offer
    assert ana.expires_at.seconds - ana.offered_at.seconds == 45
    assert ben.expires_at.seconds - ben.offered_at.seconds == 600


async def test_a_claim_can_be_for_a_transfer(client: Client):
    """The offer says what kind of call it is for."""
    await client.create_available("ana")
    told = await client.claim("c1", staff_id="ana", direction="DIRECTION_TRANSFER")
    assert told.staff.offer.direction == staff_pb2.DIRECTION_TRANSFER


async def test_a_claim_needs_a_target(client: Client, world: World):
    """Neither a staff member nor a group is a fault."""
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c1"))
    assert refusal.faults.keys() == {"target"}
    assert world.head == 0


async def test_a_group_claim_takes_the_longest_idle(timed: World, clock: FakeClock):
    """The one who has been available longest, of the group and nobody else."""
    client = timed.client
    for name, group in (("ben", "cards"), ("eve", "loans"), ("ana", "cards"), ("chi", "cards")):
        clock.move(1)
        await client.create_available(name, group)
    claimed = [(await client.claim(f"c{n}", skill_group="cards")).staff.staff_id for n in range(3)]
    assert claimed == ["ben", "ana", "chi"]


async def test_a_missed_offer_goes_to_the_end_of_the_line(timed: World, clock: FakeClock):
    """Who did not answer waits anew, so that the caller is offered to somebody else next."""
    client = timed.client
    for name in ("ana", "ben"):
        clock.move(1)
        await client.create_available(name, "cards")
    first = await client.claim("c1", skill_group="cards")
    assert first.staff.staff_id == "ana"
    clock.move(20)
    await client.until("ana", lambda staff: staff.misses == 1)
    assert (await client.claim("c1", skill_group="cards")).staff.staff_id == "ben"
    assert (await client.claim("c2", skill_group="cards")).staff.staff_id == "ana"


@pytest.mark.parametrize("status", [BUSY, OFFLINE, IN_LINE, AFTER_CALL_WORK])
async def test_only_who_can_be_assigned_can_be_claimed(client: Client, world: World, status: int):
    """STAFF_NOT_ASSIGNABLE in every other status, with the state as it is."""
    await client.create_available("ana")
    if status in (IN_LINE, AFTER_CALL_WORK):
        await client.started("ana", "c0")
        if status == AFTER_CALL_WORK:
            await client.ended("ana", "c0")
    else:
        await client.change("ana", status)
    before = world.head
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c1", named={"staff_id": "ana"}))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "STAFF_NOT_ASSIGNABLE")
    assert refusal.metadata == {"staff_id": "ana", "current_status": staff_pb2.Status.Name(status).removeprefix("STATUS_")}
    detail = refusal.detail(errors_pb2.TransitionRefusal)
    assert detail.requested == staff_pb2.ACTION_CLAIM
    assert detail.current == await client.get("ana")
    assert staff_pb2.ACTION_CLAIM not in detail.allowed
    assert world.head == before


async def test_who_has_an_offer_cannot_be_claimed(client: Client):
    """The loser of a race sees the winner's offer."""
    await client.create_available("ana")
    won = await client.claim("c1", staff_id="ana")
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c2", named={"staff_id": "ana"}))
    assert refusal.reason == "STAFF_NOT_ASSIGNABLE"
    assert refusal.detail(errors_pb2.TransitionRefusal).current == won.staff
    assert "offer" in refusal.message


async def test_nobody_in_the_group_can_be_claimed(client: Client):
    """NOBODY_AVAILABLE has the counts by status, and how many could be assigned: none."""
    await client.create_available("ana", "cards")
    await client.claim("c1", staff_id="ana")
    for name in ("ben", "chi"):
        await client.create(name, "cards")
        await client.change(name, BUSY)
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c2", group_member={"skill_groups": [{"name": "cards"}]}))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "NOBODY_AVAILABLE")
    assert refusal.metadata == {"skill_groups": "cards"}
    detail = refusal.detail(errors_pb2.NobodyAvailable)
    (group,) = detail.skill_groups
    assert (group.skill_group, group.total, list(group.counts)) == ("cards", 3, list(detail.counts))
    assert [(one.status, one.count, one.assignable) for one in detail.counts] == [(AVAILABLE, 1, 0), (BUSY, 2, 0)]


async def test_a_group_without_members_has_nobody(client: Client):
    """An unknown group is an empty one."""
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c1", group_member={"skill_groups": [{"name": "cards"}]}))
    assert refusal.reason == "NOBODY_AVAILABLE"
    assert not refusal.detail(errors_pb2.NobodyAvailable).counts


async def test_a_claim_on_somebody_unknown(client: Client):
    """STAFF_UNKNOWN."""
    refusal = await client.refused(pb.ClaimStaffRequest(call_id="c1", named={"staff_id": "ana"}))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")


async def test_an_offer_expires_as_a_miss(timed: World, clock: FakeClock):
    """Nobody answers: the offer ends at its own instant and counts; after the second one the policy's status applies."""
    client = timed.client
    await client.create_available("ana")
    for number in (1, 2):
        claim = await client.claim(f"c{number}", staff_id="ana")
        clock.move(20)
        await client.until("ana", lambda staff, wanted=number: staff.misses == wanted)
        last = (await client.transitions())[-1]
        assert last.cause == staff_pb2.CAUSE_NO_ANSWER
        assert last.changed_at == claim.staff.offer.expires_at
        assert (last.ended_offer.claim_id, last.ended_offer.end) == (claim.claim_id, staff_pb2.OFFER_END_EXPIRED)
    assert (await client.get("ana")).break_reason == "no-answer"


async def test_withdrawing_a_claim_counts_no_miss(timed: World, clock: FakeClock):
    """The caller hung up: the staff member is as before, and keeps the place in the line."""
    client = timed.client
    before = await client.create_available("ana", "cards")
    claim = await client.claim("c1", staff_id="ana")
    clock.move(5)
    told = await client.ask(pb.WithdrawClaimRequest(claim_id=claim.claim_id))
    assert told.applied
    assert (told.staff.status, told.staff.misses) == (AVAILABLE, 0)
    assert told.staff.idle_started_at == before.idle_started_at
    assert told.staff.capabilities.assign_inbound
    last = (await client.transitions())[-1]
    assert last.cause == staff_pb2.CAUSE_CLAIM_WITHDRAWN
    assert last.ended_offer.end == staff_pb2.OFFER_END_WITHDRAWN


@pytest.mark.parametrize("ending", ["accepted", "declined", "withdrawn", "superseded"])
async def test_withdrawing_a_claim_that_has_ended_changes_nothing(client: Client, world: World, ending: str):
    """It answers OK with applied false, however the claim ended."""
    await client.create_available("ana")
    claim_id = (await client.claim("c1", staff_id="ana")).claim_id
    await client.ask(
        {
            "accepted": workspace_service_pb2.AcceptOfferRequest(staff_id="ana", claim_id=claim_id),
            "declined": workspace_service_pb2.DeclineOfferRequest(staff_id="ana", claim_id=claim_id),
            "withdrawn": pb.WithdrawClaimRequest(claim_id=claim_id),
            "superseded": workspace_service_pb2.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}),
        }[ending]
    )
    before = world.head
    told = await client.ask(pb.WithdrawClaimRequest(claim_id=claim_id))
    assert not told.applied
    assert told.staff == await client.get("ana")
    assert world.head == before


async def test_withdrawing_a_claim_that_never_was(client: Client):
    """CLAIM_UNKNOWN names the claim."""
    refusal = await client.refused(pb.WithdrawClaimRequest(claim_id="k1"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "CLAIM_UNKNOWN")
    assert refusal.metadata == {"claim_id": "k1"}


async def test_withdrawing_the_claim_of_somebody_deleted(client: Client):
    """There is nobody left whose state could be told."""
    await client.create_available("ana")
    claim_id = (await client.claim("c1", staff_id="ana")).claim_id
    await client.change("ana", OFFLINE)
    await client.ask(admin_service_pb2.DeleteStaffRequest(staff_id="ana"))
    refusal = await client.refused(pb.WithdrawClaimRequest(claim_id=claim_id))
    assert refusal.reason == "CLAIM_UNKNOWN"


async def test_a_claim_that_is_in_progress_outlives_the_server(journal_path):
    """After a restart an outstanding claim can be withdrawn, and one that became a call is known."""
    async with serving(journal_path) as world:
        for name in ("ana", "ben"):
            await world.client.create_available(name)
        rings = (await world.client.claim("c1", staff_id="ana", ttl={"seconds": 600})).claim_id
        talks = (await world.client.claim("c2", staff_id="ben")).claim_id
        await world.client.ask(workspace_service_pb2.AcceptOfferRequest(staff_id="ben", claim_id=talks))
    async with serving(journal_path) as world:
        told = await world.client.ask(pb.WithdrawClaimRequest(claim_id=rings))
        assert told.applied
        told = await world.client.ask(pb.WithdrawClaimRequest(claim_id=talks))
        assert (told.applied, told.staff.staff_id) == (False, "ben")


# --- facts ------------------------------------------------------------------------------------------------------------


async def test_a_reported_call_leads_in_line_and_its_end_to_wrap_up(timed: World):
    """The call is kept as its source told it."""
    client = timed.client
    await client.create_available("ana")
    told = await client.started("ana", "c1", source="pbx", occurred_at={"seconds": 999_999_999, "nanos": 5_000})
    assert told.applied
    assert told.staff.status == IN_LINE
    (call,) = told.staff.calls
    assert (call.call_id, call.source, call.irregular) == ("c1", "pbx", False)
    assert call.direction == staff_pb2.DIRECTION_INBOUND
    assert call.occurred_at.ToMicroseconds() == 999_999_999_000_005
    assert call.started_at == told.staff.changed_at
    told = await client.ended("ana", "c1", source="pbx")
    assert told.applied
    assert told.staff.status == AFTER_CALL_WORK
    assert told.staff.wrap_up.call_id == "c1"


async def test_facts_are_never_refused_by_the_rules(client: Client):
    """A call of somebody OFFLINE, and a second call, are applied and flagged irregular."""
    await client.create("ana")
    first = (await client.started("ana", "c1")).staff
    assert first.status == IN_LINE
    assert first.calls[0].irregular
    second = (await client.started("ana", "c2")).staff
    assert [(call.call_id, call.irregular) for call in second.calls] == [("c1", True), ("c2", True)]
    assert (await client.ended("ana", "c1")).staff.status == IN_LINE
    assert (await client.ended("ana", "c2")).staff.status == OFFLINE


async def test_repeating_a_fact_changes_nothing(client: Client, world: World):
    """A known call's start, an unknown call's end and a late start are answered with applied false."""
    await client.create_available("ana")
    await client.started("ana", "c1", source="pbx", occurred_at={"seconds": 1})
    before = world.head
    assert not (await client.started("ana", "c1", source="pbx", occurred_at={"seconds": 1})).applied
    assert world.head == before
    assert not (await client.ended("ana", "c2")).applied
    assert not (await client.ended("ana", "c2")).applied
    assert world.head == before + 1, "the end of an unknown call is remembered once"
    await client.ended("ana", "c1")
    before = world.head
    assert not (await client.ended("ana", "c1")).applied
    assert not (await client.started("ana", "c1", source="pbx", occurred_at={"seconds": 1})).applied
    assert world.head == before


async def test_the_offered_calls_start_answers_the_offer(client: Client):
    """A report for the call on offer is the answer: the offer is accepted and the misses are forgotten."""
    await client.create_available("ana")
    claim = await client.claim("c1", staff_id="ana")
    told = await client.started("ana", "c1", source="pbx")
    assert told.staff.calls[0].claim_id == claim.claim_id
    assert not told.staff.calls[0].irregular
    assert (await client.transitions())[-1].ended_offer.end == staff_pb2.OFFER_END_ACCEPTED


async def test_the_end_of_the_offered_call_withdraws_the_offer(client: Client):
    """The caller hung up while it rang: no miss."""
    await client.create_available("ana")
    await client.claim("c1", staff_id="ana")
    told = await client.ended("ana", "c1")
    assert told.applied
    assert (told.staff.status, told.staff.misses) == (AVAILABLE, 0)


@pytest.mark.parametrize("request_type", [pb.ReportCallStartedRequest, pb.ReportCallEndedRequest])
async def test_facts_about_somebody_unknown(client: Client, request_type):
    """STAFF_UNKNOWN: there is nobody to keep it for."""
    refusal = await client.refused(request_type(staff_id="ana", call_id="c1"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")


async def test_a_call_ends_by_itself_at_its_greatest_age(timed: World, clock: FakeClock):
    """A lost hang-up ends with the policy's max_call_age."""
    client = timed.client
    await client.policy(max_call_age={"seconds": 60})
    await client.create_available("ana")
    await client.started("ana", "c1")
    clock.move(60)
    await client.until_status("ana", AFTER_CALL_WORK)
    last = (await client.transitions())[-1]
    assert (last.cause, last.call_id) == (staff_pb2.CAUSE_CALL_AGE, "c1")


def fact(kind: str, staff_id: str, call_id: str, **fields) -> pb.CallEvent:
    """One fact of a batch."""
    types = {"started": pb.ReportCallStartedRequest, "ended": pb.ReportCallEndedRequest}
    return pb.CallEvent(**{kind: types[kind](staff_id=staff_id, call_id=call_id, **fields)})


async def test_a_batch_of_facts_is_applied_in_its_order(client: Client, world: World):
    """Each fact sees those before it; each result has the status and revision after it."""
    for name in ("ana", "ben"):
        await client.create_available(name)
    events = [
        fact("started", "ana", "c1"),
        fact("started", "ben", "c2"),
        fact("started", "ana", "c3"),
        fact("ended", "ana", "c1"),
        fact("ended", "ana", "c3"),
        fact("ended", "ana", "c3"),
    ]
    before = world.head
    told = await client.ask(pb.ReportCallEventsRequest(events=events))
    results = [result.taken for result in told.results]
    assert [one.applied for one in results] == [True, True, True, True, True, False]
    assert [one.status for one in results] == [IN_LINE, IN_LINE, IN_LINE, IN_LINE, AFTER_CALL_WORK, AFTER_CALL_WORK]
    assert [one.revision - before for one in results] == [1, 2, 3, 4, 5, 5]
    assert (await client.get("ana")).revision == results[4].revision


async def test_a_bad_fact_does_not_hold_up_the_others(client: Client):
    """Unknown staff, bad fields and an empty event say why; the rest is applied."""
    await client.create_available("ana")
    events = [
        fact("started", "nobody", "c1"),
        fact("started", "ana", ""),
        pb.CallEvent(),
        fact("started", "ana", "c1", expected_revision=99),
        fact("started", "ana", "c1"),
    ]
    told = await client.ask(pb.ReportCallEventsRequest(events=events))
    refusals = [refusal_in(one.error) for one in told.results[:4]]
    errors = [one.reason for one in refusals]
    assert errors == [
        "STAFF_UNKNOWN",
        "INVALID_FIELD",
        "INVALID_FIELD",
        "REVISION_MISMATCH",
    ]
    assert (refusals[0].code, refusals[0].metadata) == (grpc.StatusCode.NOT_FOUND, {"staff_id": "nobody"})
    assert list(refusals[1].faults) == ["call_id"]
    assert list(refusals[2].faults) == ["event"]
    assert told.results[4].taken.status == IN_LINE


async def test_a_thousand_facts_are_one_batch(client: Client):
    """The largest batch is taken, in few commits."""
    names = await client.create_many(10)
    events = [fact("started" if n % 2 == 0 else "ended", names[n // 2 % 10], f"c{n // 2}") for n in range(1_000)]
    told = await client.ask(pb.ReportCallEventsRequest(events=events))
    assert len(told.results) == 1_000
    assert all(one.taken.applied for one in told.results)


# --- ReconcileCalls ---------------------------------------------------------------------------------------------------


async def test_reconciling_ends_and_starts_what_is_needed(client: Client, world: World):
    """The source's other calls end, missing ones start, those of other sources stay; one batch for all staff."""
    for name in ("ana", "ben", "chi"):
        await client.create_available(name)
    await client.started("ana", "c1", source="pbx")
    await client.started("ben", "c2", source="pbx")
    await client.started("ben", "x1", source="other")
    calls = [
        {"staff_id": "ben", "call_id": "c2"},
        {"staff_id": "chi", "call_id": "c3", "direction": "DIRECTION_OUTBOUND"},
        {"staff_id": "dov", "call_id": "c4"},
    ]
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", calls=calls))
    assert list(told.ended) == [pb.ReconciledCall(staff_id="ana", call_id="c1")]
    assert list(told.started) == [pb.ReconciledCall(staff_id="chi", call_id="c3")]
    assert list(told.unknown_staff) == [pb.ReconciledCall(staff_id="dov", call_id="c4")]
    assert (await client.get("ana")).status == AFTER_CALL_WORK
    assert [call.call_id for call in (await client.get("ben")).calls] == ["c2", "x1"]
    (call,) = (await client.get("chi")).calls
    assert (call.source, call.direction) == ("pbx", staff_pb2.DIRECTION_OUTBOUND)
    last = (await client.transitions())[-2:]
    assert {one.cause for one in last} == {staff_pb2.CAUSE_RECONCILE}


async def test_reconciling_again_changes_nothing(client: Client, world: World):
    """What is so already makes no revision."""
    await client.create_available("ana")
    request = pb.ReconcileCallsRequest(source="pbx", calls=[{"staff_id": "ana", "call_id": "c1"}])
    await client.ask(request)
    before = world.head
    told = await client.ask(request)
    assert not told.ended
    assert not told.started
    assert world.head == before


async def test_a_source_without_calls_ends_all_of_its_calls(client: Client):
    """An empty list is a truth like any other."""
    await client.create_available("ana")
    await client.started("ana", "c1", source="pbx")
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx"))
    assert [(one.staff_id, one.call_id) for one in told.ended] == [("ana", "c1")]


async def test_reconciling_tells_which_of_two_sources_calls_ended(client: Client):
    """A call of another source with the same id hides nothing."""
    await client.create_available("ana")
    await client.started("ana", "17", source="a")
    await client.started("ana", "17", source="b")
    told = await client.ask(pb.ReconcileCallsRequest(source="a"))
    assert (told.total_ended, [(one.staff_id, one.call_id) for one in told.ended]) == (1, [("ana", "17")])


async def test_reconciling_that_names_a_leg_ends_and_starts_nothing(client: Client):
    """A list that says more of a running call confirms it."""
    await client.create_available("ana")
    await client.started("ana", "c1", source="pbx")
    calls = [{"staff_id": "ana", "call_id": "c1", "leg": "l"}]
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", calls=calls))
    assert (told.total_started, told.total_ended) == (0, 0)
    assert [call.leg for call in (await client.get("ana")).calls] == ["l"]


async def test_reconciling_names_each_call_once(client: Client):
    """A call of one staff member twice is a fault of the list."""
    await client.create("ana")
    calls = [{"staff_id": "ana", "call_id": "c1"}] * 2
    refusal = await client.refused(pb.ReconcileCallsRequest(source="pbx", calls=calls))
    assert (refusal.reason, refusal.metadata) == ("INVALID_FIELD", {"field": "calls"})


async def test_reconciling_is_at_once_or_not_at_all(client: Client, world: World):
    """One bad call and nothing is done; the fault has its place in the list."""
    await client.create("ana")
    before = world.head
    calls = [{"staff_id": "ana", "call_id": "c1"}, {"staff_id": "ana", "call_id": ""}]
    refusal = await client.refused(pb.ReconcileCallsRequest(source="pbx", calls=calls))
    assert refusal.faults.keys() == {"calls[1].call_id"}
    assert world.head == before


async def test_reconciling_is_seen_as_a_whole(client: Client):
    """All of its changes are in one frame of a watch, and in no reader's view before."""
    names = await client.create_many(30)
    async with client.watch() as watch:
        await watch.began()
        calls = [{"staff_id": name, "call_id": f"c-{name}"} for name in names]
        asking = asyncio.ensure_future(client.ask(pb.ReconcileCallsRequest(source="pbx", calls=calls)))
        frame = await watch.frame()
        await asking
    assert [change.staff.staff_id for change in frame.changes.changes] == names
