"""Looks up what became of a claim: in the staff member's state while it is outstanding, else in the journal."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from onduty_server.domain.model.errors import ClaimUnknownError
from onduty_server.domain.model.state import Offer
from onduty_server.domain.model.status import Cause, Instant, OfferEnd
from onduty_server.past import NO_REVISION, HistoryQuery, Revision

if TYPE_CHECKING:
    from onduty_server.engine.engine import Engine

READ_AT_ONCE: Final = 100
READ_MOST: Final = 10_000
"""How many changes after the claim are looked through for its end. One offer is outstanding at a time: few are in between."""


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """A claim. ``end`` and ``ended_at`` are None while it is outstanding."""

    staff_id: str
    offer: Offer
    end: OfferEnd | None = None
    ended_at: Instant | None = None


async def find_claim(engine: "Engine", tenant: str, claim_id: str) -> FoundClaim:
    """The claim with this id.

    Raises:
        ClaimUnknownError: There is none, or its history is forgotten.
    """
    claim = engine.claims(tenant).read(claim_id)
    if claim is None:
        raise ClaimUnknownError(claim_id)
    staff = engine.rosters.peek(tenant).staff.get(claim.staff_id)
    offer = None if staff is None else staff.state.offer
    if offer is not None and offer.claim_id == claim_id:
        return FoundClaim(claim.staff_id, offer)
    return await _from_journal(
        engine, HistoryQuery(tenant, (claim.staff_id,), start=claim.offered_at, limit=READ_AT_ONCE), claim_id
    )


async def _from_journal(engine: "Engine", query: HistoryQuery, claim_id: str) -> FoundClaim:
    offer, read, after = None, 0, NO_REVISION
    while read < READ_MOST:
        page = await engine.journal.history(replace(query, after=after))
        for past in page.changes:
            change = engine.codec.decode_change(past.change)
            if offer is None and change.claim_id == claim_id and change.cause is Cause.CLAIM:
                offer = await _made(engine, past.revision)
            ended = change.ended_offer
            if offer is not None and ended is not None and ended.claim_id == claim_id:
                return FoundClaim(query.staff_ids[0], offer, ended.end, change.changed_at)
        if not page.more:
            break
        read, after = read + len(page.changes), page.changes[-1].revision
    raise ClaimUnknownError(claim_id)


async def _made(engine: "Engine", revision: Revision) -> Offer | None:
    """The offer that a change made."""
    record = await engine.journal.record(revision)
    return None if record is None else engine.codec.decode_state(record.state, record.private).offer
