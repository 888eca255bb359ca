"""Job bodies about claims, a router's hold on a staff member for one call: made and withdrawn. Rules stay in the domain."""

from dataclasses import dataclass

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import ClaimUnknownError, GroupCounts, NobodyAvailableError, StaffUnknownError
from onduty_server.domain.model.status import Direction, Micros, Status
from onduty_server.domain.rules.elsewhere import same_source
from onduty_server.domain.rules.visible import can_be_claimed
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.choosing import Wanted
from onduty_server.engine.write.claim_ids import ClaimIds, ClaimOf
from onduty_server.engine.write.jobs import Answer, JobBody


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is claimed for: the call, for how long (None: the policy's), and whether a call on offer is offered once more."""

    call_id: str
    direction: Direction
    origin: commands.Origin
    source: str = ""
    ttl: Micros | None = None
    another_offer: bool = False

    def is_offered_to(self, staff: StaffRecord) -> bool:
        """Whether the call is on offer to somebody."""
        offer = staff.state.offer
        return offer is not None and offer.call_id == self.call_id and same_source(offer.source, self.source)


class ClaimJobs:
    """Jobs about the claims of one tenant."""

    def __init__(self, tenant: str, ids: ClaimIds) -> None:
        """``ids`` makes and reads the tenant's claim ids."""
        self._tenant = tenant
        self._ids = ids

    def read(self, claim_id: str) -> ClaimOf | None:
        """Whose claim it is, and when it was made; None where it was not made here."""
        return self._ids.read(claim_id)

    def owner(self, claim_id: str) -> str:
        """Whose claim it is; empty where it was not made here."""
        claim = self._ids.read(claim_id)
        return "" if claim is None else claim.staff_id

    # --- making -------------------------------------------------------------------------------------------------------

    def named(self, staff_id: str, claimed: Claimed, expected: int | None = None) -> JobBody:
        """Claim one staff member."""

        def run(batch: Batch) -> Answer:
            staff = batch.current(self._tenant, staff_id)
            unguarded = expected is None or staff.revision == expected
            if unguarded and not claimed.another_offer and claimed.is_offered_to(staff):
                return _already_offered(staff)
            return self._offer(batch, staff_id, claimed, expected=expected)

        return run

    def candidates(self, staff_ids: tuple[str, ...], claimed: Claimed) -> JobBody:
        """Claim the first of several staff members who can be given the call. Who is not there is passed over."""

        def run(batch: Batch) -> Answer:
            known = [name for name in dict.fromkeys(staff_ids) if batch.staff(self._tenant, name) is not None]
            if not known:
                raise StaffUnknownError(staff_ids[0], staff_ids[1:])
            offered = self._offered(batch, claimed)
            if offered is not None:
                return _already_offered(offered)
            policy = batch.rules(self._tenant).policy
            for name in known:
                if can_be_claimed(batch.current(self._tenant, name).state, claimed.direction, policy):
                    return self._offer(batch, name, claimed)
            raise NobodyAvailableError(_counts([batch.current(self._tenant, name) for name in known]))

        return run

    def group_member(self, wanted: Wanted, claimed: Claimed) -> JobBody:
        """Claim a member of skill groups."""

        def run(batch: Batch) -> Answer:
            offered = self._offered(batch, claimed, wanted.excluded)
            if offered is not None:
                return _already_offered(offered)
            first = batch.choosing.first(self._tenant, wanted, claimed.direction)
            if first is None:
                raise self._nobody(batch, wanted)
            staff_id, group = first
            return self._offer(batch, staff_id, claimed, group)

        return run

    def _offer(
        self, batch: Batch, staff_id: str, claimed: Claimed, skill_group: str = "", *, expected: int | None = None
    ) -> Answer:
        claim_id = self._ids.make(staff_id, batch.now)
        command = commands.Claim(
            claim_id, claimed.call_id, claimed.ttl, claimed.direction, claimed.source, claimed.origin, skill_group
        )
        staff, _ = batch.act(self._tenant, staff_id, command, expected)
        return _told(staff)

    def _offered(self, batch: Batch, claimed: Claimed, excluded: frozenset[str] = frozenset()) -> StaffRecord | None:
        """Whom the call is on offer to already, the longest, if that answers the claim: not those who are to be passed over."""
        if claimed.another_offer:
            return None
        offered = batch.offered(self._tenant, claimed.call_id)
        return next((staff for staff in offered if claimed.is_offered_to(staff) and staff.state.staff_id not in excluded), None)

    def _nobody(self, batch: Batch, wanted: Wanted) -> NobodyAvailableError:
        names = tuple([group.name for group in wanted.skill_groups])
        choosing = batch.choosing
        counts = tuple([GroupCounts(name, choosing.counts(self._tenant, name)) for name in names])
        return NobodyAvailableError(choosing.counts_of_all(self._tenant, names), counts)

    # --- withdrawing --------------------------------------------------------------------------------------------------

    def withdraw(self, command: commands.WithdrawClaim, expected: int | None = None) -> JobBody:
        """Withdraw a claim. One that has ended is left as it is."""

        def run(batch: Batch) -> Answer:
            claim = self._ids.read(command.claim_id)
            if claim is None or batch.staff(self._tenant, claim.staff_id) is None:
                raise ClaimUnknownError(command.claim_id)
            staff, applied = batch.act(self._tenant, claim.staff_id, command, expected)
            return Answer(staff, applied)

        return run


def _told(staff: StaffRecord, **more: bool) -> Answer:
    offer = staff.state.offer
    assert offer is not None, "a claim leaves an offer"
    group = {"skill_group": offer.skill_group} if offer.skill_group else {}
    detail = {"claim_id": offer.claim_id, **group, **more}
    return Answer(staff, applied=not more, detail=detail)


def _already_offered(staff: StaffRecord) -> Answer:
    return _told(staff, already_offered=True)


def _counts(staff: list[StaffRecord]) -> dict[Status, tuple[int, int]]:
    counts: dict[Status, tuple[int, int]] = {}
    for member in staff:
        members, assignable = counts.get(member.state.status, (0, 0))
        counts[member.state.status] = (members + 1, assignable + member.state.capabilities.assign_inbound)
    return {status: counts[status] for status in sorted(counts)}
