"""Requests that come again."""

import asyncio
from pathlib import Path

import pytest
from engine_floor import BUSY, ORIGIN, TENANT, Floor, counted, opened
from fake_clock import FakeClock

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import RequestIdReusedError, TransitionRefusedError
from onduty_server.domain.model.status import Status
from onduty_server.engine.write import transactions
from onduty_server.engine.write.answers import AnswerCache, RequestKey

KEY = RequestKey("r-1", b"content")


async def test_the_same_request_gets_its_first_answer(floor: Floor) -> None:
    """A repeated request makes no revision and is told the state of the first time."""
    await floor.create("kim")
    await floor.choose("kim", request=KEY)
    await floor.choose("kim", BUSY)
    again = await floor.choose("kim", request=KEY)

    assert again.replayed
    assert again.record is not None
    assert again.record.revision == 2
    assert floor.state("kim").status is Status.BUSY


async def test_two_at_the_same_time_have_one_effect(floor: Floor) -> None:
    """A request sent twice at once is done once."""
    await floor.create("kim")
    first, second = await asyncio.gather(floor.choose("kim", request=KEY), floor.choose("kim", request=KEY))

    assert (first.replayed, second.replayed) == (False, True)
    assert floor.engine.head == 2


async def test_answers_outlive_the_process(journal_path: Path, clock: FakeClock) -> None:
    """After a restart the same request still gets its first answer."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim", request=KEY)
    async with opened(journal_path, clock) as floor:
        again = await floor.choose("kim", request=KEY)

        assert again.replayed
        assert floor.engine.head == 2


async def test_a_retry_after_a_restart_that_would_be_refused_now_gets_its_answer(journal_path: Path, clock: FakeClock) -> None:
    """A claim that was made is not refused to its owner because it was made."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim")
        first = await floor.claim_member(request=KEY)
        await floor.submit("kim", commands.DeclineOffer(str(first.detail["claim_id"]), ORIGIN))
    async with opened(journal_path, clock) as floor:
        again = await floor.claim_member(request=KEY)

        assert again.replayed
        assert again.detail == first.detail


async def test_an_answer_that_changed_nothing_is_kept_too(journal_path: Path, clock: FakeClock) -> None:
    """A request that changed nothing does not change something when it comes again later."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim")
        first = await floor.choose("kim", request=KEY)
        await floor.choose("kim", BUSY)
    async with opened(journal_path, clock) as floor:
        again = await floor.choose("kim", request=KEY)

        assert not first.applied
        assert (again.replayed, again.applied) == (True, False)
        assert again.record is not None
        assert again.record.revision == 2
        assert floor.state("kim").status is Status.BUSY


async def test_a_refused_request_is_decided_anew(floor: Floor) -> None:
    """A refusal is not kept: the same request may succeed when the state allows it."""
    await floor.create("kim")
    with pytest.raises(TransitionRefusedError):
        await floor.submit("kim", commands.PlaceCall("c", commands.Direction.OUTBOUND, "", ORIGIN), request=KEY)
    await floor.choose("kim")
    done = await floor.submit("kim", commands.PlaceCall("c", commands.Direction.OUTBOUND, "", ORIGIN), request=KEY)

    assert not done.replayed
    assert floor.state("kim").status is Status.IN_LINE


@pytest.mark.parametrize("restart", [False, True])
async def test_the_same_id_with_other_content_is_refused(journal_path: Path, clock: FakeClock, restart: bool) -> None:
    """A request id stands for one content, before and after a restart."""
    other = RequestKey("r-1", b"other")
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim", request=KEY)
        if not restart:
            with pytest.raises(RequestIdReusedError):
                await floor.choose("kim", BUSY, request=other)
    async with opened(journal_path, clock) as floor:
        with pytest.raises(RequestIdReusedError):
            await floor.choose("kim", BUSY, request=other)

        assert floor.engine.head == 2


async def test_a_duplicate_in_a_batch_does_not_disturb_the_others(journal_path: Path, clock: FakeClock) -> None:
    """Where one of a batch was answered before a restart, it is told so and the others commit."""
    async with opened(journal_path, clock) as floor:
        await floor.create("kim", "lee", "max")
        await floor.choose("lee", request=KEY)
    async with opened(journal_path, clock) as floor:
        await floor.choose("lee", BUSY)
        done = await asyncio.gather(floor.choose("kim"), floor.choose("lee", request=KEY), floor.choose("max"))

        assert [one.replayed for one in done] == [False, True, False]
        assert floor.state("lee").status is Status.BUSY
        assert floor.engine.head == 7


async def test_a_retry_of_a_cancelled_request_is_done_once(floor: Floor) -> None:
    """A caller that gave up and asks again gets one effect, whether the first was taken or not."""
    await floor.create("kim")
    for wait in range(4):
        key = RequestKey(f"retry-{wait}", b"content")
        gone = asyncio.create_task(floor.choose("kim", BUSY if wait % 2 else commands.Choice(Status.AVAILABLE), request=key))
        for _ in range(wait):
            await asyncio.sleep(0)
        gone.cancel()
        before = floor.engine.head
        await floor.choose("kim", BUSY if wait % 2 else commands.Choice(Status.AVAILABLE), request=key)

        assert floor.engine.head - before <= 1


async def test_tenants_have_their_own_request_ids(floor: Floor) -> None:
    """The same id in another tenant is another request."""
    await floor.create("kim")
    await floor.choose("kim", request=KEY)
    create = transactions.create_staff("other", commands.CreateStaff("kim", "", (), ORIGIN))
    other = await floor.engine.transact("other", create, KEY)

    assert not other.replayed


async def test_answers_of_configuration_and_reconciliation_are_kept(journal_path: Path, clock: FakeClock) -> None:
    """A repeated reconciliation does not end the calls that have begun since."""
    told = transactions.CallList(
        "pbx", (transactions.ListedCall("kim", commands.SourceCall("c1", commands.Direction.INBOUND)),)
    )
    async with opened(journal_path, clock) as floor:
        await floor.create("kim")
        await floor.choose("kim")
        first = await floor.engine.transact(TENANT, transactions.reconcile(TENANT, told, ORIGIN), KEY)
        await floor.submit("kim", commands.CallStarted(commands.SourceCall("c2", commands.Direction.INBOUND), "pbx", ORIGIN))
    async with opened(journal_path, clock) as floor:
        again = await floor.engine.transact(TENANT, transactions.reconcile(TENANT, told, ORIGIN), KEY)

        assert again.replayed
        assert [tuple(one) for one in again.detail["started"]] == first.detail["started"] == [("kim", "c1", "")]
        assert {call.call_id for call in floor.state("kim").calls} == {"c1", "c2"}


def test_recent_answers_are_bounded() -> None:
    """Memory holds answers up to a bound in bytes, however large they are; older ones are in the journal."""
    from onduty_server.ports import NO_REVISION, StoredAnswer

    cache = AnswerCache(bytes_most=10_000)
    cache.keep(("t", "large"), StoredAnswer(b"", NO_REVISION, b"x" * 9_000))
    for number in range(100):
        cache.keep(("t", f"r{number}"), StoredAnswer(b"", NO_REVISION, b"y" * number))
        cache.keep(("t", f"r{number}"), StoredAnswer(b"", NO_REVISION, b"z"))
        assert cache.size <= 10_000

    kept = [number for number in range(100) if cache.find(("t", f"r{number}")) is not None]
    assert kept == list(range(kept[0], 100))
    assert len(kept) > 20
    cache.clear()
    assert cache.size == 0


async def test_repeats_of_a_whole_batch_after_a_restart_are_looked_up_at_once(journal_path: Path, clock: FakeClock) -> None:
    """However many requests come again, their answers cost one look into the journal, and nothing is decided."""
    names = [f"p{number}" for number in range(200)]
    keys = {name: RequestKey(f"r-{name}", name.encode()) for name in names}
    async with opened(journal_path, clock) as floor:
        await floor.create(*names)
        first = await asyncio.gather(*(floor.choose(name, request=keys[name]) for name in names))
    async with opened(journal_path, clock) as floor:
        sizes, looks = counted(floor), []
        find = floor.engine.journal.find_answers

        async def finding(requests):
            looks.append(len(requests))
            return await find(requests)

        floor.engine.journal.find_answers = finding
        again = await asyncio.gather(*(floor.choose(name, request=keys[name]) for name in names))

    assert (sizes, sum(looks)) == ([], len(names))
    assert len(looks) <= 3
    assert [answer.record.revision for answer in again] == [answer.staff.revision for answer in first]


async def test_repeats_that_are_met_at_the_append_are_learnt_at_once(journal_path: Path, clock: FakeClock) -> None:
    """Where nothing was looked up before, one refused append names all of them, and new ones of the batch are done."""
    names = [f"p{number}" for number in range(60)]
    keys = {name: RequestKey(f"r-{name}", name.encode()) for name in names}
    async with opened(journal_path, clock) as floor:
        await floor.create(*names)
        await asyncio.gather(*(floor.choose(name, request=keys[name]) for name in names[:40]))
    async with opened(journal_path, clock) as floor:
        floor.engine.queue._book._look_up_left = 0
        sizes = counted(floor)
        answers = await asyncio.gather(*(floor.choose(name, request=keys[name]) for name in names))

    assert [answer.replayed for answer in answers] == [True] * 40 + [False] * 20
    assert sizes[-1] == 20
    assert len(sizes) <= 4
