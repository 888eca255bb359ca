"""Claim ids say whose claim it is, so that no server needs to remember it."""

from pathlib import Path

import pytest
from engine_floor import ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import ClaimUnknownError, RevisionMismatchError
from onduty_server.domain.model.state import Choice
from onduty_server.domain.model.status import Instant, OfferEnd, Status, WithdrawReason, seconds
from onduty_server.engine.claim_lookup import FoundClaim, find_claim
from onduty_server.engine.write.claim_ids import ClaimIds, ClaimOf
from onduty_server.engine.write.jobs import Answer

IDS = ClaimIds("0123456789abcdef", TENANT)
staff_ids = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=128)


@UNHURRIED
@given(staff_id=staff_ids, at=st.integers(0, 253_402_300_799_000_000).map(Instant))
def test_id_tells_whose_claim_it_is_and_when_it_was_made(staff_id: str, at: Instant):
    """An id is read back as what it was made of, and is not much longer than the staff id."""
    made = IDS.make(staff_id, at)
    assert IDS.read(made) == ClaimOf(staff_id, at)
    assert len(made) == len(staff_id) + 20


@UNHURRIED
@given(text=st.text(max_size=60) | st.just(IDS.make("ann", Instant(1))).map(lambda made: made[:-1]))
def test_what_was_not_made_here_is_not_read(text: str):
    """No other text is taken for an id."""
    assert IDS.read(text) is None


@pytest.mark.parametrize("other", [ClaimIds("0123456789abcdef", "other"), ClaimIds("0" * 16, TENANT)])
def test_id_of_another_tenant_or_store_is_not_read(other: ClaimIds):
    """An id belongs to one tenant of one store."""
    assert other.read(IDS.make("ann", Instant(1))) is None


def test_two_ids_of_one_instant_differ():
    """A claim that follows another at once has an id of its own."""
    assert len({IDS.make("ann", Instant(1)) for _ in range(50)}) > 1


# --- over restarts ----------------------------------------------------------------------------------------------------


async def _withdraw(floor: Floor, claim_id: str, expected: int | None = None) -> Answer:
    run = floor.engine.claims(TENANT).withdraw(commands.WithdrawClaim(claim_id, ORIGIN), expected)
    return await floor.engine.transact(TENANT, run)


async def _claimed(floor: Floor) -> str:
    await floor.create("ann")
    await floor.choose("ann")
    return str((await floor.claim_member()).detail["claim_id"])


async def test_claim_that_ended_is_withdrawn_without_effect_also_after_a_restart(journal_path: Path, clock: FakeClock) -> None:
    """A router that withdraws late is told that nothing changed, whichever process it asks."""
    async with opened(journal_path, clock) as floor:
        claim_id = await _claimed(floor)
        assert (await _withdraw(floor, claim_id)).applied
        assert not (await _withdraw(floor, claim_id)).applied
    async with opened(journal_path, clock) as floor:
        again = await _withdraw(floor, claim_id)
        assert (again.applied, again.staff.state.status) == (False, Status.AVAILABLE)


async def test_outstanding_claim_is_withdrawn_after_a_restart(journal_path: Path, clock: FakeClock) -> None:
    """The new process needs no memory of the claim."""
    async with opened(journal_path, clock) as floor:
        claim_id = await _claimed(floor)
    async with opened(journal_path, clock) as floor:
        assert (await _withdraw(floor, claim_id)).applied


async def test_withdrawal_is_guarded(floor: Floor) -> None:
    """An expected revision that does not hold leaves the claim."""
    claim_id = await _claimed(floor)
    with pytest.raises(RevisionMismatchError):
        await _withdraw(floor, claim_id, expected=1)
    assert floor.state("ann").offer is not None


async def test_claim_of_somebody_who_was_deleted_is_unknown(floor: Floor) -> None:
    """Who left has no claims."""
    claim_id = await _claimed(floor)
    await _withdraw(floor, claim_id)
    await floor.submit("ann", commands.Reset(ORIGIN))
    await floor.choose("ann", Choice(Status.OFFLINE))
    await floor.submit("ann", commands.DeleteStaff(ORIGIN))
    with pytest.raises(ClaimUnknownError):
        await _withdraw(floor, claim_id)


# --- reading ----------------------------------------------------------------------------------------------------------


async def _found(floor: Floor, claim_id: str) -> FoundClaim:
    return await find_claim(floor.engine, TENANT, claim_id)


async def test_outstanding_claim_is_read_from_the_state(floor: Floor) -> None:
    """While the offer is outstanding it has no end."""
    claim_id = await _claimed(floor)
    assert await _found(floor, claim_id) == FoundClaim("ann", floor.state("ann").offer)


ENDS = {
    OfferEnd.ACCEPTED: lambda claim_id: commands.AcceptOffer(claim_id, ORIGIN),
    OfferEnd.DECLINED: lambda claim_id: commands.DeclineOffer(claim_id, ORIGIN),
    OfferEnd.WITHDRAWN: lambda claim_id: commands.WithdrawClaim(claim_id, ORIGIN, WithdrawReason.UNREACHABLE),
    OfferEnd.SUPERSEDED: lambda _claim_id: commands.Reset(ORIGIN),
    OfferEnd.ELSEWHERE: lambda claim_id: commands.AnsweredElsewhere(claim_id, ORIGIN),
}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.name)
async def test_ended_claim_is_read_from_the_journal(floor: Floor, end: OfferEnd) -> None:
    """How and when it ended is known for as long as the history is kept, whatever happens afterwards."""
    claim_id = await _claimed(floor)
    offer = floor.state("ann").offer
    floor.clock.move(3)
    await floor.submit("ann", ENDS[end](claim_id))
    ended_at = floor.state("ann").changed_at
    for number in range(300):
        await floor.submit("ann", commands.UpdateStaff(f"Ann {number}", None, ORIGIN))
    assert await _found(floor, claim_id) == FoundClaim("ann", offer, end, ended_at)


async def test_expired_claim_ended_when_it_expired(journal_path: Path, clock: FakeClock) -> None:
    """An offer that ran out while no server ran ended at its own instant, and is no miss."""
    async with opened(journal_path, clock) as floor:
        claim_id = await _claimed(floor)
        offer = floor.state("ann").offer
    clock.move(60)
    async with opened(journal_path, clock) as floor:
        assert await _found(floor, claim_id) == FoundClaim("ann", offer, OfferEnd.EXPIRED, offer.expires_at)
        assert (floor.state("ann").misses, floor.state("ann").status) == (0, Status.AVAILABLE)


async def test_offer_that_runs_out_after_a_restart_is_a_miss(journal_path: Path, clock: FakeClock) -> None:
    """Once a server runs again, offers that are still outstanding can be answered."""
    async with opened(journal_path, clock) as floor:
        await _claimed(floor)
    clock.move(10)
    async with opened(journal_path, clock) as floor:
        clock.move(10)
        await floor.until(lambda: floor.state("ann").offer is None)
        assert floor.state("ann").misses == 1


async def test_claim_whose_history_is_forgotten_is_unknown(floor: Floor) -> None:
    """What is no longer kept is not made up."""
    claim_id = await _claimed(floor)
    await _withdraw(floor, claim_id)
    floor.clock.move(3600)
    await floor.choose("ann", Choice(Status.BUSY))
    await floor.engine.journal.forget(TENANT, Instant(floor.clock.now() - seconds(1)), limit=1000)
    with pytest.raises(ClaimUnknownError):
        await _found(floor, claim_id)


async def test_text_that_is_no_claim_id_is_an_unknown_claim(floor: Floor) -> None:
    """So is an id of another tenant."""
    for claim_id in ("claim-1", ClaimIds("0" * 16, "other").make("ann", Instant(1))):
        with pytest.raises(ClaimUnknownError):
            await _found(floor, claim_id)
