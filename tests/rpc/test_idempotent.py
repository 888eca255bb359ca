"""The same request again gets its first answer: for every mutating RPC, at once, later, and after a restart."""

import asyncio
from pathlib import Path

import grpc
import pytest
from fake_clock import FakeClock
from rpc_mutations import BATCHES, MUTATIONS, UNCHANGING, content, disturb, identified, replayed
from rpc_world import AVAILABLE, BUSY, METHODS, ON_BREAK, Client, World, eventually, refusal_in, serving

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import workspace_service_pb2 as workspace


def test_every_mutating_rpc_is_looked_at():
    """The requests of these tests are of every RPC that has a request id."""
    mutating = {method.name for method in METHODS.values() if "request_id" in method.input_type.fields_by_name}
    assert MUTATIONS.keys() == mutating
    assert {name.partition(" ")[0] for name in UNCHANGING} <= mutating


@pytest.mark.parametrize("name", [*MUTATIONS, *(f"unchanging {name}" for name in UNCHANGING)])
async def test_idempotent(journal_path: Path, clock: FakeClock, name: str):
    """The second answer is the first one, marked as replayed, and makes no revision; whatever happened in between."""
    unchanging = name.startswith("unchanging ")
    prepare = UNCHANGING[name.removeprefix("unchanging ")] if unchanging else MUTATIONS[name]
    async with serving(journal_path, clock=clock) as world:
        request = identified(await prepare(world.client), "r1")
        before = world.head
        first = await world.client.ask(request)
        assert (world.head == before) == unchanging
        assert not replayed(first)

        async def again(asked: World) -> None:
            head = asked.head
            answer = await asked.client.ask(request)
            assert content(answer) == content(first)
            assert replayed(answer)
            assert asked.head == head
            assert answer.position, "the position is that of the store now"

        await again(world)
        await disturb(world.client)
        await again(world)
        await again(world)
    async with serving(journal_path, clock=clock) as restarted:
        await again(restarted)
        await disturb(restarted.client)
        await again(restarted)


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("name", [name for name in MUTATIONS if name not in BATCHES])
async def test_the_same_id_for_another_request_is_refused(journal_path: Path, clock: FakeClock, name: str, *, restart: bool):
    """REQUEST_ID_REUSED names the id; nothing is changed. The RPC is part of what a request is."""
    async with serving(journal_path, clock=clock) as world:
        request = identified(await MUTATIONS[name](world.client), "r1")
        await world.client.ask(admin.CreateStaffRequest(staff_id="zoe", request_id="r1"))
        if not restart:
            await is_reused(world, request)
    if restart:
        async with serving(journal_path, clock=clock) as world:
            await is_reused(world, request)


async def is_reused(world: World, request) -> None:
    """Hold the refusal to its form."""
    before = world.head
    refusal = await world.client.refused(request)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")
    assert refusal.metadata == {"request_id": "r1"}
    assert world.head == before


@pytest.mark.parametrize("field", ["status", "note", "expected_revision"])
async def test_any_other_content_is_another_request(client: Client, world: World, field: str):
    """Every field counts, also those that would change nothing."""
    await client.create_available("ana")
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, request_id="r1")
    await client.ask(request)
    if field == "status":
        request.choice.status = AVAILABLE
    else:
        setattr(request, field, {"note": "x", "expected_revision": world.head}[field])
    await is_reused(world, request)


@pytest.mark.parametrize("name", sorted(BATCHES))
async def test_another_item_under_the_same_batch_id_is_refused(timed: World, name: str):
    """The items of a batch are told apart by their place: another one in the same place is refused, the same is repeated."""
    client = timed.client
    request = identified(await MUTATIONS[name](client), "r1")
    await client.ask(request)
    changed = type(request)()
    changed.CopyFrom(request)
    item = getattr(changed, "requests" if name != "ReportCallEvents" else "events")[0]
    if name == "BatchCreateStaff":
        item.display_name = "Another"
    elif name == "BatchForceStatus":
        item.note = "another"
    else:
        item.started.call_id = "another"
    before = timed.head
    first, *others = (await client.ask(changed)).results
    assert refusal_in(first.error).reason == "REQUEST_ID_REUSED"
    assert all(one.taken.replayed for one in others)
    assert timed.head == before


@pytest.mark.parametrize("name", sorted(BATCHES))
async def test_a_batch_with_more_or_fewer_items_is_no_repeat(timed: World, name: str):
    """The same id with another number of items is another request: none of its items is taken, not even a new one."""
    client = timed.client
    request = identified(await MUTATIONS[name](client), "r1")
    await client.ask(request)
    field = "requests" if name != "ReportCallEvents" else "events"
    before = timed.head
    for number in (0, 1):
        changed = type(request)()
        changed.CopyFrom(request)
        items = getattr(changed, field)
        if number:
            items.append(items[0])
        else:
            del items[-1]
        results = (await client.ask(changed)).results
        assert {refusal_in(one.error).reason for one in results} == {"REQUEST_ID_REUSED"}
        assert timed.head == before


async def test_items_with_their_own_ids_keep_them(timed: World):
    """An item's own request id counts more than its place, also outside the batch."""
    client = timed.client
    await client.create_available("ana")
    fact = router.ReportCallStartedRequest(staff_id="ana", call_id="c1", request_id="own")
    await client.ask(router.ReportCallEventsRequest(events=[{"started": fact}]))
    (result,) = (await client.ask(router.ReportCallEventsRequest(events=[{"started": fact}], request_id="other"))).results
    assert result.taken.replayed


async def test_a_refused_request_is_decided_anew(client: Client):
    """A refusal is no answer to keep: what was wrong may have been mended."""
    await client.create("ana")
    request = workspace.ChangeStatusRequest(
        staff_id="ana", choice={"status": ON_BREAK, "break_reason": "lunch"}, request_id="r1"
    )
    assert (await client.refused(request)).reason == "BREAK_REASON_UNKNOWN"
    assert (await client.refused(request)).reason == "BREAK_REASON_UNKNOWN"
    await client.break_reason("lunch")
    told = await client.ask(request)
    assert (told.staff.status, told.replayed) == (ON_BREAK, False)


async def test_an_answer_that_was_given_is_kept_though_it_would_be_refused_now(client: Client):
    """The retry of a granted request is granted, also where its guard no longer holds."""
    created = await client.create("ana")
    request = workspace.ChangeStatusRequest(
        staff_id="ana", choice={"status": BUSY}, request_id="r1", expected_revision=created.revision
    )
    await client.ask(request)
    await client.started("ana", "c1")
    told = await client.ask(request)
    assert (told.staff.status, told.replayed) == (BUSY, True)


@pytest.mark.parametrize("name", list(MUTATIONS))
async def test_two_at_the_same_time_have_one_effect(timed: World, name: str):
    """Of many equal requests at once one is done and the others are its repeats."""
    client = timed.client
    request = identified(await MUTATIONS[name](client), "r1")
    before = timed.head
    answers = await asyncio.gather(*(client.ask(request) for _ in range(8)))
    after = timed.head
    assert sorted(replayed(one) for one in answers) == [False] + [True] * 7
    assert {content(one).SerializeToString(deterministic=True) for one in answers} == {
        content(answers[0]).SerializeToString(deterministic=True)
    }
    once = {"ReportCallEvents": 3, "ReconcileCalls": 2, "BatchForceStatus": 2, "BatchCreateStaff": 2}.get(name, 1)
    assert after - before == once


@pytest.mark.parametrize("moment", ["waiting", "under way", "on disk"])
async def test_a_cancelled_call_can_be_repeated(world: World, moment: str):
    """Whenever the caller gave up, the retry has one effect together with the first try."""
    client = world.client
    await client.create("ana")
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, request_id="r1")
    gate = world.gate()
    gate.hold_after() if moment == "on disk" else gate.hold_before()
    if moment == "waiting":
        other = asyncio.ensure_future(client.create("ben"))
        await gate.arrived()
    call = client.call(request)
    if moment == "waiting":
        await eventually(lambda: len(world.engine.queue.waiting) == 1, "the request waits")
    else:
        await gate.arrived()
    call.cancel()
    waiting = world.engine.queue.waiting
    await eventually(lambda: not waiting or next(iter(waiting)).is_abandoned, "it was given up")
    retry = asyncio.ensure_future(client.ask(request))
    gate.release()
    told = await retry
    assert told.staff.status == BUSY
    if moment == "waiting":
        await other
    assert len([one for one in await client.transitions() if one.request_id == "r1"]) == 1
    assert (await client.ask(request)).replayed


async def test_calls_that_were_given_up_leave_nothing_behind(world: World):
    """A request that was cancelled before its turn is forgotten, and done by nobody."""
    client = world.client
    await client.create("ana")
    gate = world.gate()
    gate.hold_before()
    other = asyncio.ensure_future(client.create("ben"))
    await gate.arrived()
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, request_id="r1")
    call = client.call(request)
    await eventually(lambda: len(world.engine.queue.waiting) == 1, "the request waits")
    call.cancel()
    await eventually(lambda: next(iter(world.engine.queue.waiting)).is_abandoned, "it was given up")
    gate.release()
    await other
    await client.change("ana", AVAILABLE)
    assert (await client.get("ana")).status == AVAILABLE
    assert not [one for one in await client.transitions() if one.request_id == "r1"]
    assert not world.engine.queue._book._under_way


async def test_without_a_request_id_nothing_is_remembered(client: Client, world: World):
    """An empty id makes no request idempotent."""
    await client.create_available("ana")
    first = await client.claim("c1", staff_id="ana")
    await client.ask(router.WithdrawClaimRequest(claim_id=first.claim_id))
    second = await client.claim("c1", staff_id="ana")
    assert second.claim_id != first.claim_id
    assert not second.replayed
