"""A call that somebody answers rings nowhere else: its other offers end in the same commit."""

import asyncio
from pathlib import Path

from engine_floor import ORIGIN, TENANT, Floor, counted, opened
from fake_clock import FakeClock
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change, EndedOffer
from onduty_server.domain.model.errors import CallerError
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import Cause, Direction, OfferEnd, Status
from onduty_server.domain.rules.elsewhere import same_source
from onduty_server.engine.write import transactions
from onduty_server.engine.write.choosing import Wanted
from onduty_server.engine.write.claims import Claimed
from onduty_server.engine.write.jobs import Answer, JobBody
from onduty_server.ports import HistoryQuery

SALES = Wanted((SkillGroup("sales"),))


def another(call_id: str, source: str = "", direction: Direction = Direction.INBOUND) -> Claimed:
    """One more offer of a call."""
    return Claimed(call_id, direction, ORIGIN, source, another_offer=True)


async def ready(floor: Floor, *names: str) -> None:
    """People who wait for calls."""
    await floor.create(*names)
    for name in names:
        await floor.choose(name)


async def offer(floor: Floor, name: str, call_id: str = "c1", source: str = "") -> str:
    """Put a call on offer to somebody, whether it is on offer elsewhere or not; the claim's id."""
    run = floor.engine.claims(TENANT).named(name, another(call_id, source))
    answer = await floor.engine.transact(TENANT, run)
    return str(answer.detail["claim_id"])


async def changes(floor: Floor, tenant: str = TENANT, *causes: Cause) -> list[Change]:
    """The changes of these causes, oldest first."""
    codec = floor.engine.codec
    page = await floor.engine.journal.history(HistoryQuery(tenant, causes=causes))
    return [codec.decode_change(one.change) for one in page.changes]


async def test_the_others_offers_end_when_one_accepts(floor: Floor) -> None:
    """Of three who are rung up one accepts; the two others' offers are over in the same batch, without a miss."""
    await ready(floor, "ann", "ben", "chi")
    claims = [await offer(floor, name) for name in ("ann", "ben", "chi")]
    sizes = counted(floor)
    await floor.submit("ben", commands.AcceptOffer(claims[1], ORIGIN))

    assert sizes == [3]
    assert [(floor.state(name).offer, floor.state(name).misses) for name in ("ann", "chi")] == [(None, 0), (None, 0)]
    assert floor.state("ben").status is Status.IN_LINE
    found = await changes(floor, TENANT, Cause.ANSWERED_ELSEWHERE)
    assert [(one.staff_id, one.ended_offer) for one in found] == [
        ("ann", EndedOffer(claims[0], "c1", OfferEnd.ELSEWHERE)),
        ("chi", EndedOffer(claims[2], "c1", OfferEnd.ELSEWHERE)),
    ]


async def test_an_offer_ends_when_telephony_says_that_somebody_else_is_in_the_call(floor: Floor) -> None:
    """A colleague who picks the call up without an offer answers it too; twice, and nobody has missed anything."""
    await ready(floor, "ann", "ben")
    for call_id in ("c1", "c2"):
        await offer(floor, "ann", call_id)
        await floor.submit("ben", commands.CallStarted(commands.SourceCall(call_id), "pbx", ORIGIN))
        assert (floor.state("ann").offer, floor.state("ann").misses) == (None, 0)
    assert floor.state("ann").status is Status.AVAILABLE


async def test_a_list_answers_too(floor: Floor) -> None:
    """A reconciliation that tells of somebody in the call ends the offers of others in its own batch."""
    await ready(floor, "ann", "ben")
    await offer(floor, "ann", source="pbx")
    told = transactions.CallList("pbx", (transactions.ListedCall("ben", commands.SourceCall("c1")),))
    await floor.engine.transact(TENANT, transactions.reconcile(TENANT, told, ORIGIN))
    assert floor.state("ann").offer is None


async def test_who_is_offered_and_who_answers_in_one_batch(floor: Floor) -> None:
    """Offers and their answer decided together: no offer of the answered call is left, and an answer is no claim undone."""
    await ready(floor, "ann", "ben", "chi")
    jobs = floor.engine.claims(TENANT)
    runs: list[JobBody] = [jobs.group_member(SALES, another("c1")) for _ in range(3)]
    start = transactions.report(TENANT, "ben", commands.CallStarted(commands.SourceCall("c1"), "pbx", ORIGIN), 0)
    await asyncio.gather(*(floor.engine.transact(TENANT, run) for run in (*runs, start)))
    assert [floor.state(name).offer for name in ("ann", "ben", "chi")] == [None, None, None]
    assert floor.state("ben").calls[0].claim_id


async def test_the_same_call_id_of_another_source_rings_on(floor: Floor) -> None:
    """Two sources may use one id: only the offers of the answered call end, and those that named no source."""
    await ready(floor, "ann", "ben", "chi", "dan")
    await offer(floor, "ann", "17", "pbx-a")
    await offer(floor, "ben", "17", "pbx-b")
    await offer(floor, "chi", "17", "")
    await floor.submit("dan", commands.CallStarted(commands.SourceCall("17"), "pbx-a", ORIGIN))
    assert [floor.state(name).offer is None for name in ("ann", "ben", "chi")] == [True, False, True]


async def test_another_tenants_call_rings_on(floor: Floor) -> None:
    """Tenants that use the same ids know nothing of each other."""
    await ready(floor, "ann", "ben")
    engine = floor.engine
    await engine.transact("other", transactions.create_staff("other", commands.CreateStaff("ann", "", (), ORIGIN)))
    await engine.submit("other", "ann", commands.ChangeStatus(floor.state("ann").choice, ORIGIN))
    await engine.transact("other", engine.claims("other").named("ann", another("c1")))
    await offer(floor, "ann")
    await floor.submit("ben", commands.CallStarted(commands.SourceCall("c1"), "pbx", ORIGIN))
    assert floor.state("ann").offer is None
    assert engine.rosters("other").staff["ann"].state.offer is not None


async def test_offers_are_found_again_after_a_restart(journal_path: Path, clock: FakeClock) -> None:
    """The index of offers is made anew from the journal."""
    async with opened(journal_path, clock) as floor:
        await ready(floor, "ann", "ben")
        await offer(floor, "ann")
        await offer(floor, "ben")
    async with opened(journal_path, clock) as floor:
        again = await floor.engine.transact(
            TENANT, floor.engine.claims(TENANT).group_member(SALES, Claimed("c1", Direction.INBOUND, ORIGIN))
        )
        assert again.detail["already_offered"]
        claim = floor.state("ben").offer
        await floor.submit("ben", commands.AcceptOffer(claim.claim_id, ORIGIN))
        assert floor.state("ann").offer is None
        assert floor.engine.rosters(TENANT).offered_to == {}


async def test_an_offer_that_had_run_out_is_a_miss_and_not_answered_elsewhere(floor: Floor) -> None:
    """Who let the offer run out before somebody answered has missed it: deadlines that have passed go first."""
    await ready(floor, "ann", "ben")
    await offer(floor, "ann")
    floor.clock.move(20)
    await floor.submit("ben", commands.CallStarted(commands.SourceCall("c1"), "pbx", ORIGIN))
    assert floor.state("ann").misses == 1


async def test_an_answer_that_is_refused_ends_nothing(floor: Floor) -> None:
    """A guard that does not hold keeps the call ringing everywhere."""
    await ready(floor, "ann", "ben")
    claims = [await offer(floor, name) for name in ("ann", "ben")]
    refused = await asyncio.gather(
        floor.submit("ben", commands.AcceptOffer(claims[1], ORIGIN), expected=1), return_exceptions=True
    )
    assert isinstance(refused[0], CallerError)
    assert floor.state("ann").offer is not None


# --- in general -------------------------------------------------------------------------------------------------------

NAMES = ("ann", "ben", "chi", "dan")
calls = st.sampled_from(["c1", "c2"])
sources = st.sampled_from(["", "pbx", "other"])
happenings = st.one_of(
    st.tuples(st.just("claim"), st.sampled_from(NAMES), calls, sources, st.booleans()),
    st.tuples(st.just("claim"), st.sampled_from(NAMES), calls, sources, st.booleans()),
    st.tuples(st.just("accept"), st.sampled_from(NAMES), calls, sources, st.just(value=True)),
    st.tuples(st.just("start"), st.sampled_from(NAMES), calls, sources, st.just(value=True)),
    st.tuples(st.just("end"), st.sampled_from(NAMES), calls, sources, st.just(value=True)),
)


@UNHURRIED
@given(story=st.lists(st.lists(happenings, min_size=1, max_size=8), max_size=6))
def test_no_call_that_was_answered_rings_on(story, tmp_path_factory):
    """Whatever claims, answers and facts are decided together: once durable, nobody is rung up for what was answered."""
    asyncio.run(_play(story, tmp_path_factory.mktemp("elsewhere") / "journal.db"))


async def _play(story: list[list[tuple[str, str, str, str, bool]]], path: Path) -> None:
    async with opened(path, FakeClock()) as floor:
        await ready(floor, *NAMES)
        for batch in story:
            before = {name: floor.state(name) for name in NAMES}
            answers = await asyncio.gather(*(_happen(floor, one) for one in batch), return_exceptions=True)
            assert all(isinstance(one, Answer | CallerError) for one in answers), answers
            _check(floor, batch, before)


async def _happen(floor: Floor, happening: tuple[str, str, str, str, bool]) -> Answer:
    kind, name, call_id, source, named = happening
    jobs = floor.engine.claims(TENANT)
    if kind == "claim":
        run = jobs.named(name, another(call_id, source)) if named else jobs.group_member(SALES, another(call_id, source))
        return await floor.engine.transact(TENANT, run)
    if kind == "accept":
        offered = floor.state(name).offer
        return await floor.submit(name, commands.AcceptOffer(offered.claim_id if offered else "none", ORIGIN))
    if kind == "start":
        return await floor.submit(name, commands.CallStarted(commands.SourceCall(call_id), source, ORIGIN))
    return await floor.submit(name, commands.CallEnded(call_id, ORIGIN, source=source))


def _check(floor: Floor, batch: list[tuple[str, str, str, str, bool]], before: dict) -> None:
    """Who is in a call since this batch answered it; no offer that was there before is left for anybody else."""
    for name in NAMES:
        for call in floor.state(name).calls:
            known = [one for one in before[name].calls if one.call_id == call.call_id and same_source(one.source, call.source)]
            if known or any(one[0] == "end" for one in batch):
                continue
            for other in NAMES:
                offered, offered_before = floor.state(other).offer, before[other].offer
                rings_on = offered is not None and offered == offered_before and offered.call_id == call.call_id
                assert not (rings_on and same_source(offered.source, call.source)), (name, other, call, offered)
