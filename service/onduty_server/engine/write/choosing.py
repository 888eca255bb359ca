"""Chooses whom a claim by skill group gets: the durable order of those who wait, with what the batch has changed so far.

What a claim costs does not grow with the batch. Each change of the batch is filed once, into the groups it is about, and of the
durable order what the batch has changed is passed over once.
"""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from onduty_server.domain.model.skill_groups import SkillGroup, names
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import ClaimOrder, Direction, Status
from onduty_server.domain.rules.assigning import TURN
from onduty_server.domain.rules.visible import is_open
from onduty_server.engine.live.skill_group_index import BucketKey, Slot, bucket_key, by_last_call, by_waiting, can_be_first
from onduty_server.engine.live.staff_record import StaffRecord

if TYPE_CHECKING:
    from onduty_server.engine.write.batch import Batch

Counts = dict[Status, tuple[int, int]]
"""Status to (members, assignable members)."""

CountItems = Iterable[tuple[Status, tuple[int, int]]]

SLOT_BY: Final = {
    ClaimOrder.LONGEST_IDLE: by_waiting,
    ClaimOrder.LONGEST_SINCE_CALL: by_last_call,
    ClaimOrder.HIGHEST_LEVEL: by_waiting,
}
"""What each order goes by within a level."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a claim by group is for.

    ``skill_groups`` in order, each with the least level; ``required`` groups with theirs; ``excluded`` ids to pass over.
    """

    skill_groups: tuple[SkillGroup, ...]
    required: tuple[SkillGroup, ...] = ()
    excluded: frozenset[str] = frozenset()
    order: ClaimOrder = ClaimOrder.LONGEST_IDLE

    def fits(self, state: StaffState) -> bool:
        """Whether a member may be chosen as far as ids and required groups go."""
        if state.staff_id in self.excluded:
            return False
        levels = dict(state.skill_groups) if self.required else {}
        return all(levels.get(name, -1) >= least for name, least in self.required)


class Tentative:
    """What a batch has changed in one group: places by bucket and order, and by how much the counts differ."""

    __slots__ = ("counts", "slots")

    def __init__(self) -> None:
        """Nothing changed."""
        self.slots: dict[BucketKey, dict[ClaimOrder, list[tuple[Slot, int, StaffRecord]]]] = {}
        self.counts: dict[Status, list[int]] = {}

    def count(self, state: StaffState, by: int) -> None:
        """Count a state in or out."""
        members = self.counts.setdefault(state.status, [0, 0])
        members[0] += by
        members[1] += by if state.capabilities.assign_inbound else 0


class Choosing:
    """Choices in one batch."""

    def __init__(self, batch: "Batch") -> None:
        """Nothing is filed yet."""
        self._batch = batch
        self._filed = 0
        self._states: dict[tuple[str, str], StaffState] = {}
        self._groups: dict[tuple[str, str], Tentative] = {}
        self._memberships: dict[tuple[str, tuple[str, ...]], Tentative] = {}
        self._passed: dict[tuple[str, str, BucketKey, ClaimOrder], int] = {}

    # --- choosing -----------------------------------------------------------------------------------------------------

    def first(self, tenant: str, wanted: Wanted, direction: Direction) -> tuple[str, str] | None:
        """The first who can be claimed, and the group, deadlines that have passed being fired; None where there is nobody."""
        for group in wanted.skill_groups:
            staff_id = self._first_of(tenant, group, wanted, direction)
            if staff_id is not None:
                return staff_id, group.name
        return None

    def _first_of(self, tenant: str, group: SkillGroup, wanted: Wanted, direction: Direction) -> str | None:
        batch = self._batch
        while True:
            self._file()
            slot = self._best(tenant, group, wanted, direction)
            if slot is None:
                return None
            staff = batch.staff(tenant, slot.staff_id)
            if batch.current(tenant, slot.staff_id) is staff:
                return slot.staff_id

    def _best(self, tenant: str, group: SkillGroup, wanted: Wanted, direction: Direction) -> Slot | None:
        policy = self._batch.rules(tenant).policy
        levels = self._levels(tenant, group)
        for status in TURN:
            if not is_open(status, direction, policy):
                continue
            found = (self._first_in(tenant, group.name, BucketKey(status, level), wanted) for level in levels.get(status, ()))
            slots = (slot for slot in found if slot is not None)
            best = next(slots, None) if wanted.order is ClaimOrder.HIGHEST_LEVEL else min(slots, default=None)
            if best is not None:
                return best
        return None

    def _levels(self, tenant: str, group: SkillGroup) -> dict[Status, list[int]]:
        """The levels that there are in a group and reach the least one, by status, the highest first."""
        durable = self._batch.roster(tenant).groups.get(group.name)
        tentative = self._groups.get((tenant, group.name))
        keys = set() if durable is None else set(durable.buckets)
        if tentative is not None:
            keys.update(tentative.slots)
        levels: dict[Status, list[int]] = {}
        for status, level in sorted(keys, key=itemgetter(1), reverse=True):
            if level >= group.level:
                levels.setdefault(status, []).append(level)
        return levels

    def _first_in(self, tenant: str, group: str, key: BucketKey, wanted: Wanted) -> Slot | None:
        durable = self._first_durable(tenant, group, key, wanted)
        tentative = self._first_tentative(tenant, group, key, wanted)
        if durable is None or tentative is None:
            return durable or tentative
        return min(durable, tentative)

    def _first_durable(self, tenant: str, group: str, key: BucketKey, wanted: Wanted) -> Slot | None:
        batch, roster = self._batch, self._batch.roster(tenant)
        index = roster.groups.get(group)
        queue = None if index is None else index.queue(key, wanted.order, roster.staff)
        if queue is None:
            return None
        place = (tenant, group, key, wanted.order)
        passed = self._passed.get(place, 0)
        at_front = True
        for slot in queue.from_number(passed):
            if batch.is_touched(tenant, slot.staff_id):
                passed += at_front
            elif self._fits(wanted, roster.staff[slot.staff_id].state):
                self._passed[place] = passed
                return slot
            else:
                at_front = False
        self._passed[place] = passed
        return None

    def _first_tentative(self, tenant: str, group: str, key: BucketKey, wanted: Wanted) -> Slot | None:
        tentative = self._groups.get((tenant, group))
        slots = None if tentative is None else tentative.slots.get(key, {}).get(wanted.order)
        if not slots:
            return None
        while slots and not self._is_present(tenant, slots[0][2]):
            del slots[0]
        present = (slot for slot, _, staff in slots if self._is_present(tenant, staff) and self._fits(wanted, staff.state))
        return next(present, None)

    def _fits(self, wanted: Wanted, state: StaffState) -> bool:
        """Whether a member may be chosen by the present job."""
        return wanted.fits(state) and self._batch.sees(state)

    def _is_present(self, tenant: str, staff: StaffRecord) -> bool:
        """Whether a record that was filed is still the batch's."""
        return self._batch.anybody(tenant, staff.state.staff_id) is staff

    # --- counting -----------------------------------------------------------------------------------------------------

    def counts(self, tenant: str, group: str) -> Counts:
        """A group's members by status whom the present job may see, this batch's changes included."""
        if self._batch.view is not None and group not in self._batch.view.skill_groups:
            return self._counts_among(tenant, frozenset({group}))
        self._file()
        durable = self._batch.roster(tenant).groups.get(group)
        tentative = self._groups.get((tenant, group))
        return _sum([() if durable is None else durable.counts().items(), *_changes(tentative)])

    def counts_of_all(self, tenant: str, groups: tuple[str, ...]) -> Counts:
        """The members of any of these groups by status, nobody twice; see ``counts``."""
        if len(groups) == 1:
            return self.counts(tenant, groups[0])
        return self._counts_among(tenant, frozenset(groups))

    def _counts_among(self, tenant: str, wanted: frozenset[str]) -> Counts:
        self._file()
        durable = self._batch.roster(tenant).by_membership()
        parts: list[CountItems] = [
            counts.counts().items() for members, counts in durable.items() if self._counts_as(wanted, members)
        ]
        for (of, members), tentative in self._memberships.items():
            if of == tenant and self._counts_as(wanted, members):
                parts += _changes(tentative)
        return _sum(parts)

    def _counts_as(self, wanted: frozenset[str], members: tuple[str, ...]) -> bool:
        view = self._batch.view
        return not wanted.isdisjoint(members) and (view is None or view.holds(members))

    # --- filing -------------------------------------------------------------------------------------------------------

    def _file(self) -> None:
        """Take in what the batch has changed since the last time."""
        pending = self._batch.pending
        for number in range(self._filed, len(pending)):
            pending_entry = pending[number]
            staff = pending_entry.staff or pending_entry.remembers
            if staff is not None:
                self._file_record(pending_entry.entry.key.tenant, number, staff)
        self._filed = len(pending)

    def _file_record(self, tenant: str, number: int, staff: StaffRecord) -> None:
        state = staff.state
        before = self._states.get((tenant, state.staff_id))
        if before is None:
            durable = self._batch.roster(tenant).staff.get(state.staff_id)
            before = None if durable is None else durable.state
        self._states[tenant, state.staff_id] = state
        if before is not None and not before.deleted:
            for tentative in self._tentative_of(tenant, before):
                tentative.count(before, -1)
        if state.deleted:
            return
        for tentative in self._tentative_of(tenant, state):
            tentative.count(state, 1)
        if can_be_first(state):
            for name in names(state.skill_groups):
                slots = self._groups[tenant, name].slots.setdefault(bucket_key(state, name), {})
                for order, slot_by in SLOT_BY.items():
                    insort(slots.setdefault(order, []), (slot_by(state), number, staff), key=itemgetter(0, 1))

    def _tentative_of(self, tenant: str, state: StaffState) -> Iterator[Tentative]:
        members = names(state.skill_groups)
        yield self._memberships.setdefault((tenant, members), Tentative())
        for name in members:
            yield self._groups.setdefault((tenant, name), Tentative())


def _changes(tentative: Tentative | None) -> list[CountItems]:
    if tentative is None:
        return []
    return [[(status, (members, assignable)) for status, (members, assignable) in tentative.counts.items()]]


def _sum(parts: Iterable[CountItems]) -> Counts:
    """The sums by status, in the order of the statuses; those that nobody has are left out."""
    total: dict[Status, list[int]] = {}
    for part in parts:
        for status, (members, assignable) in part:
            sums = total.setdefault(status, [0, 0])
            sums[0] += members
            sums[1] += assignable
    return {status: (total[status][0], total[status][1]) for status in sorted(total) if total[status][0]}
