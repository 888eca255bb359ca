"""What the service promises beside idempotency and the watch: durable before visible, guards, own writes, one winner."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest
from fake_clock import FakeClock
from rpc_mutations import MUTATIONS, content, identified
from rpc_world import AVAILABLE, BUSY, DEADLINE_SECONDS, OFFLINE, Client, World, eventually, refusal_in, refusal_of, serving

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import errors_pb2, policy_pb2
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.engine.background import journal_health

# --- durable before visible -------------------------------------------------------------------------------------------


async def _exported(client: Client) -> Any:
    return await client.open(history.ExportTransitionsRequest()).rest()


READS: dict[str, Callable[[Client], Awaitable[Any]]] = {
    "GetStaff": lambda client: client.ask(workspace.GetStaffRequest(staff_id="ana")),
    "ListBreakReasons": lambda client: client.ask(workspace.ListBreakReasonsRequest(include_disabled=True)),
    "ListStaff": lambda client: client.listed(),
    "GetStaffSummary": lambda client: client.ask(supervisor.GetStaffSummaryRequest()),
    "GetPolicy": lambda client: client.ask(admin.GetPolicyRequest()),
    "ListTransitions": lambda client: client.ask(history.ListTransitionsRequest()),
    "ListTransitions newest first": lambda client: client.ask(history.ListTransitionsRequest(newest_first=True)),
    "ListTransitions newest only": lambda client: client.ask(history.ListTransitionsRequest(newest_first=True, page_size=1)),
    "ExportTransitions": _exported,
}
"""Every way to look, beside the streams that stay open and the sums of time."""


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_durable_before_visible(world: World, moment: str):
    """While a commit is under way, also when it is on disk already, no read and no stream shows anything of it."""
    client = world.client
    await client.create_available("ana", "cards")
    attached, watch = client.attach("ana"), client.watch()
    async with attached, watch:
        await attached.frame()
        await watch.until(lambda seen: "ana" in seen.view and len(seen.view["ana"].connection.workspaces) == 1)
        seen = {name: await read(client) for name, read in READS.items()}
        gate = world.gate()
        gate.hold_before() if moment == "before" else gate.hold_after()
        changing = asyncio.ensure_future(client.change("ana", BUSY))
        await gate.arrived()
        frames = [asyncio.ensure_future(stream.frame()) for stream in (watch, attached)]
        for name, read in READS.items():
            assert await read(client) == seen[name], name
        async with client.watch() as other:
            assert (await other.began()).view["ana"] == seen["GetStaff"].staff
        assert not any(one.done() for one in (changing, *frames))
        gate.release()
        changed = (await changing).staff
        watched, own = await asyncio.gather(*frames)
        assert watched.changes.changes[0].staff == own.change.staff == changed


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_configuration_is_durable_before_visible_too(world: World, moment: str):
    """A policy and a break reason take effect for nobody before they are committed."""
    client = world.client
    await client.create("ana")
    gate = world.gate()
    for request, read in (
        (admin.UpdatePolicyRequest(policy=policy_pb2.Policy(require_attachment=True)), READS["GetPolicy"]),
        (admin.CreateBreakReasonRequest(code="lunch"), READS["ListBreakReasons"]),
    ):
        before = await read(client)
        gate.hold_before() if moment == "before" else gate.hold_after()
        asking = asyncio.ensure_future(client.ask(request))
        await gate.arrived()
        assert await read(client) == before
        gate.release()
        await asking
        assert await read(client) != before


async def test_sums_of_time_do_not_run_ahead_either(timed: World, clock: FakeClock):
    """While a change is on disk and not shown, nobody's time is counted twice."""
    client = timed.client
    await client.create("ana")
    start = timed.clock.now()
    clock.move(100)
    gate = timed.gate()
    gate.hold_after()
    changing = asyncio.ensure_future(client.change("ana", AVAILABLE))
    await gate.arrived()
    request = history.SummarizeTimeRequest(staff_ids=["ana"])
    request.starts_at.FromMicroseconds(start)
    asking = asyncio.ensure_future(client.ask(request))
    await asyncio.wait((asking,), timeout=0.2)  # it may wait for the change, or answer without it
    gate.release()
    await changing
    (told,) = (await asking).staff
    assert sum(one.time.ToMicroseconds() for one in told.times) == 100_000_000


@pytest.fixture
def quick_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recovery looks again soon."""
    monkeypatch.setattr(journal_health, "PROBE_SECONDS", (0.01,))


async def test_what_could_not_be_written_was_never_shown(world: World, quick_probes: None):
    """A failed append is JOURNAL_UNAVAILABLE with RetryInfo; nothing of it was visible, and the retry is done once."""
    client = world.client
    await client.create_available("ana")
    seen = {name: await read(client) for name, read in READS.items()}
    gate = world.gate()
    gate.failures_before = [JournalUnavailableError("disk full: /secret/path")]
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, request_id="r1")
    async with client.watch() as watch:
        await watch.began()
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "JOURNAL_UNAVAILABLE")
        assert refusal.metadata == {}
        assert len(refusal.details) == 1
        assert "secret" not in refusal.message
        for name, read in READS.items():
            assert await read(client) == seen[name], name
        await eventually(lambda: world.engine.healthy, "the journal works again")
        assert await client.get("ana") == seen["GetStaff"].staff
        told = await client.ask(request)
        assert not told.replayed
        (change,) = await watch.until_changes(1)
    assert change.staff == told.staff


async def test_what_was_written_but_not_acknowledged_is_found_again(world: World, quick_probes: None):
    """An append that failed after it was on disk is taken in by the recovery, shown once, and the retry is its repeat."""
    client = world.client
    await client.create_available("ana")
    gate = world.gate()
    gate.failures_after = [JournalUnavailableError("the connection broke")]
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, request_id="r1")
    async with client.watch() as watch:
        await watch.began()
        assert (await client.refused(request)).reason == "JOURNAL_UNAVAILABLE"
        (change,) = await watch.until_changes(1)
        assert change.transition.request_id == "r1"
        await eventually(lambda: world.engine.healthy, "the journal works again")
        told = await client.ask(request)
        assert told.replayed
        assert told.staff == change.staff == await client.get("ana")
        await client.change("ana", OFFLINE)
        await watch.until_changes(2)
    assert watch.revisions == [3, 4]


async def test_while_the_journal_is_out_of_reach_reads_go_on(world: World, monkeypatch: pytest.MonkeyPatch):
    """Every change is refused as UNAVAILABLE, what was shown stays readable."""
    monkeypatch.setattr(journal_health, "PROBE_SECONDS", (60,))
    client = world.client
    available = await client.create_available("ana")
    world.gate().failures_before = [JournalUnavailableError("gone")]
    for _ in range(3):
        refusal = await client.refused(workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}))
        assert refusal.reason == "JOURNAL_UNAVAILABLE"
    assert await client.get("ana") == available
    item = router.ReportCallStartedRequest(staff_id="ana", call_id="c1")
    told = await client.ask(router.ReportCallEventsRequest(events=[{"started": item}]))
    assert refusal_in(told.results[0].error).reason == "JOURNAL_UNAVAILABLE"


# --- guarded ----------------------------------------------------------------------------------------------------------

GUARDED_STAFF = [
    name
    for name in MUTATIONS
    if name
    not in {
        "CreateStaff": "there is no revision before",
        "ClaimStaff": "its request here names a group; a named claim is below",
        "BatchCreateStaff": "several",
        "BatchForceStatus": "several",
        "ReportCallEvents": "several",
        "ReconcileCalls": "several",
        "CreateBreakReason": "about a break reason",
        "UpdateBreakReason": "about a break reason",
        "DeleteBreakReason": "about a break reason",
        "EraseStaff": "about who is no longer there",
        "UpdatePolicy": "about the policy",
    }
]


@pytest.mark.parametrize("name", GUARDED_STAFF)
async def test_guarded(timed: World, name: str):
    """A revision that no longer holds is ABORTED with the present state; the one that holds is taken."""
    client = timed.client
    request: Any = await MUTATIONS[name](client)
    present = await client.get("ana")
    before = timed.head
    request.expected_revision = present.revision + 1
    refusal = await client.refused(request)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.ABORTED, "REVISION_MISMATCH")
    assert refusal.metadata == {
        "staff_id": "ana",
        "expected_revision": str(present.revision + 1),
        "current_revision": str(present.revision),
    }
    detail = refusal.detail(errors_pb2.RevisionMismatch)
    assert detail == errors_pb2.RevisionMismatch(current=present, expected_revision=present.revision + 1)
    assert timed.head == before
    request.expected_revision = present.revision
    assert (await client.ask(request)).staff.revision == timed.head > before


async def test_a_claim_is_guarded(client: Client):
    """A named claim too."""
    present = await client.create_available("ana")
    request = router.ClaimStaffRequest(call_id="c1", named={"staff_id": "ana", "expected_revision": present.revision - 1})
    assert (await client.refused(request)).reason == "REVISION_MISMATCH"
    request.named.expected_revision = present.revision
    assert (await client.ask(request)).staff.HasField("offer")


async def test_of_two_who_saw_the_same_one_wins(client: Client, world: World):
    """Within one commit too: the loser sees the winner's state, with its revision."""
    seen = await client.create_available("ana")
    busy = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, expected_revision=seen.revision)
    offline = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": OFFLINE}, expected_revision=seen.revision)
    won, lost = await world.in_one_commit(client, busy, offline)
    winner = (await won).staff
    refusal = await refusal_of(lost)
    assert refusal.reason == "REVISION_MISMATCH"
    assert refusal.metadata["current_revision"] == str(winner.revision)
    assert refusal.detail(errors_pb2.RevisionMismatch).current == winner


async def test_a_refusal_within_a_commit_shows_the_durable_state_it_was_judged_by(client: Client, world: World):
    """The state in a refusal bears the revision that it was committed with."""
    await client.create_available("ana")
    started = router.ReportCallStartedRequest(staff_id="ana", call_id="c1")
    change = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY})
    taken, refused = await world.in_one_commit(client, started, change)
    refusal = await refusal_of(refused)
    assert refusal.reason == "TRANSITION_REFUSED"
    assert refusal.detail(errors_pb2.TransitionRefusal).current == (await taken).staff


# --- read your writes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(MUTATIONS))
async def test_read_your_writes(timed: World, name: str):
    """Every answer's position is good as at_least of every read, and what was answered is in it."""
    client = timed.client
    answer = await client.ask(await MUTATIONS[name](client))
    here = answer.position
    if name != "DeleteStaff" and "staff" in answer.DESCRIPTOR.fields_by_name:
        told = await client.ask(workspace.GetStaffRequest(staff_id="ana", at_least=here))
        assert told.staff == answer.staff
    await client.ask(workspace.ListBreakReasonsRequest(at_least=here))
    await client.ask(router.ListStaffRequest(at_least=here))
    await client.ask(supervisor.GetStaffSummaryRequest(at_least=here))
    await client.ask(admin.GetPolicyRequest(at_least=here))
    await client.ask(history.ListTransitionsRequest(at_least=here))
    await client.ask(history.SummarizeTimeRequest(at_least=here, starts_at={"seconds": 1}))
    async with client.watch(at_least=here) as watch:
        await watch.began()


async def test_a_position_that_the_store_has_not_reached(client: Client, world: World):
    """POSITION_IN_FUTURE names both revisions, at every read."""
    await client.create("ana")
    ahead = world.engine.positions("default").token(world.head + 3)
    for request in (
        workspace.GetStaffRequest(staff_id="ana", at_least=ahead),
        workspace.ListBreakReasonsRequest(at_least=ahead),
        router.ListStaffRequest(at_least=ahead),
        router.WatchStaffRequest(at_least=ahead),
        supervisor.GetStaffSummaryRequest(at_least=ahead),
        admin.GetPolicyRequest(at_least=ahead),
        history.ListTransitionsRequest(at_least=ahead),
        history.SummarizeTimeRequest(at_least=ahead, starts_at={"seconds": 1}),
    ):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.OUT_OF_RANGE, "POSITION_IN_FUTURE")
        assert refusal.metadata == {"requested_revision": str(world.head + 3), "current_revision": str(world.head)}


async def test_the_position_of_an_answer_covers_its_change_and_nothing_unseen(client: Client):
    """A watch that resumes after an answer's position does not tell that change again, and tells the next."""
    await client.create("ana")
    here = (await client.change("ana", BUSY)).position
    changed = (await client.change("ana", AVAILABLE)).staff
    async with client.watch(resume_after=here) as watch:
        (change,) = await watch.until_changes(1)
    assert change.staff == changed


# --- one winner -------------------------------------------------------------------------------------------------------


async def test_of_fifty_claims_on_one_person_one_wins(client: Client, world: World):
    """However many routers claim at once, exactly one gets the offer; the others see it."""
    await client.create_available("ana")
    before = world.head
    requests = [router.ClaimStaffRequest(call_id=f"c{n}", named={"staff_id": "ana"}) for n in range(50)]
    calls = [client.call(request, timeout=DEADLINE_SECONDS) for request in requests]
    codes = await asyncio.gather(*(call.code() for call in calls))
    (winner,) = [await call for call, code in zip(calls, codes, strict=True) if code is grpc.StatusCode.OK]
    losers = [await refusal_of(call) for call, code in zip(calls, codes, strict=True) if code is not grpc.StatusCode.OK]
    assert len(losers) == 49
    assert {one.reason for one in losers} == {"STAFF_NOT_ASSIGNABLE"}
    assert {one.detail(errors_pb2.TransitionRefusal).current.offer.claim_id for one in losers} == {winner.claim_id}
    assert world.head == before + 1


async def test_of_fifty_claims_on_a_group_of_ten_ten_win_by_the_longest_idle(timed: World, clock: FakeClock):
    """Ten distinct winners, in the order in which they have waited; forty are told that nobody is left."""
    client = timed.client
    names = [f"s{n}" for n in (3, 1, 4, 0, 5, 9, 2, 6, 8, 7)]
    for name in names:
        clock.move(1)
        await client.create_available(name, "cards")
    calls = [
        client.call(
            router.ClaimStaffRequest(call_id=f"c{n}", group_member={"skill_groups": [{"name": "cards"}]}),
            timeout=DEADLINE_SECONDS,
        )
        for n in range(50)
    ]
    codes = await asyncio.gather(*(call.code() for call in calls))
    won = [await call for call, code in zip(calls, codes, strict=True) if code is grpc.StatusCode.OK]
    lost = [await refusal_of(call) for call, code in zip(calls, codes, strict=True) if code is not grpc.StatusCode.OK]
    by_revision = sorted(won, key=lambda one: one.staff.revision)
    assert [one.staff.staff_id for one in by_revision] == names
    assert len({one.claim_id for one in won}) == 10
    assert [one.reason for one in lost] == ["NOBODY_AVAILABLE"] * 40
    counts = lost[-1].detail(errors_pb2.NobodyAvailable).counts
    assert [(one.status, one.count, one.assignable) for one in counts] == [(AVAILABLE, 10, 0)]


async def test_claims_of_one_commit_see_each_other(client: Client, world: World):
    """In one commit: named claim, group claim, withdrawal by nobody; the second gets the next one in line."""
    for name in ("ana", "ben"):
        await client.create_available(name, "cards")
    named, grouped, third = await world.in_one_commit(
        client,
        router.ClaimStaffRequest(call_id="c1", named={"staff_id": "ana"}),
        router.ClaimStaffRequest(call_id="c2", group_member={"skill_groups": [{"name": "cards"}]}),
        router.ClaimStaffRequest(call_id="c3", group_member={"skill_groups": [{"name": "cards"}]}),
    )
    assert (await named).staff.staff_id == "ana"
    assert (await grouped).staff.staff_id == "ben"
    refusal = await refusal_of(third)
    counts = refusal.detail(errors_pb2.NobodyAvailable).counts
    assert [(one.status, one.count, one.assignable) for one in counts] == [(AVAILABLE, 2, 0)]


async def test_order_is_by_revision_even_if_the_clock_goes_back(timed: World, clock: FakeClock):
    """changed_at never goes back for one person, and revisions keep increasing."""
    client = timed.client
    first = await client.create_available("ana")
    clock.move(-3_600)
    second = (await client.change("ana", BUSY)).staff
    assert second.revision > first.revision
    assert second.changed_at == first.changed_at
    assert (await client.transitions())[-1].time_in_previous_status.ToMicroseconds() == 0


async def test_the_first_answer_outlives_forgotten_history(journal_path, clock: FakeClock):
    """Where the answer's own record was forgotten, the retry is still told to be a repeat, with the present state."""
    async with serving(journal_path, clock=clock) as world:
        client = world.client
        requests = {}
        for name in ("ChangeStatus", "ReportCallStarted", "UpdatePolicy", "UpdateBreakReason"):
            tenant = world.caller(tenant=name)
            requests[name] = identified(await MUTATIONS[name](tenant), "r1")
            await tenant.ask(requests[name])
            await tenant.policy(claim_ttl={"seconds": 44})
            if name in ("ChangeStatus", "ReportCallStarted"):
                force = supervisor.ForceStatusRequest(staff_id="ana", choice={"status": OFFLINE}, note="why", immediately=True)
                await tenant.ask(force)
            if name == "UpdateBreakReason":
                await tenant.ask(admin.UpdateBreakReasonRequest(code="rest", display_name="Now"))
            await world.engine.journal.forget(name, world.clock.now() + 1, limit=1_000)
        del client
        for name, request in requests.items():
            told = await world.caller(tenant=name).ask(request)
            assert told.replayed, name
            assert content(told) != type(told)(), name
