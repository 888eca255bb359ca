"""Everybody's present state in memory, with the indexes that claims and counts need; holds only what is durable.

One roster a tenant. It must not decide: the writer replaces standings after their commit, nobody else does.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Instant, Status
from onduty_server.engine.standing import Standing
from onduty_server.ports import NO_REVISION, Key, RecordKind, Revision

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """Which staff: kinds are combined with AND, values of one kind with OR; None does not restrict."""

    staff_ids: frozenset[str] | None = None
    skill_groups: frozenset[str] | None = None
    statuses: frozenset[Status] | None = None

    def matches(self, staff_id: str, groups: tuple[str, ...], status: Status) -> bool:
        """Whether a staff member with these properties is in."""
        return (
            (self.staff_ids is None or staff_id in self.staff_ids)
            and (self.statuses is None or status in self.statuses)
            and (self.skill_groups is None or not self.skill_groups.isdisjoint(groups))
        )

    @property
    def is_open(self) -> bool:
        """Whether everybody is in."""
        return self.staff_ids is None and self.skill_groups is None and self.statuses is None


EVERYBODY = StaffFilter()


@dataclass(frozen=True, slots=True)
class ColleagueFilter(StaffFilter):
    """Which staff, of whom only what colleagues see is shown: changes of which they see nothing are left out."""


class Tally:
    """Members by status, and how many of them are assignable."""

    __slots__ = ("assignable", "by_status")

    def __init__(self) -> None:
        """Nobody yet."""
        self.by_status: dict[Status, int] = {}
        self.assignable: dict[Status, int] = {}

    def add(self, state: StaffState) -> None:
        """Count a state in."""
        status = state.status
        self.by_status[status] = self.by_status.get(status, 0) + 1
        if state.capabilities.assign_inbound:
            self.assignable[status] = self.assignable.get(status, 0) + 1

    def remove(self, state: StaffState) -> None:
        """Count a state out."""
        status = state.status
        self.by_status[status] -= 1
        if not self.by_status[status]:
            del self.by_status[status]
        if state.capabilities.assign_inbound:
            self.assignable[status] -= 1

    @property
    def total(self) -> int:
        """How many members."""
        return sum(self.by_status.values())

    def counts(self) -> dict[Status, tuple[int, int]]:
        """Status to (members, assignable members), in the order of the statuses."""
        return {status: (self.by_status[status], self.assignable.get(status, 0)) for status in sorted(self.by_status)}


class Group(Tally):
    """A skill group: the tally of its members, and who waits for a call."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        """Nobody yet."""
        super().__init__()
        self.waiting = Waiting()

    def add(self, state: StaffState) -> None:
        """Count a member in."""
        super().add(state)
        if state.capabilities.assign_inbound:
            self.waiting.add(_place(state))

    def add_late(self, state: StaffState) -> None:
        """Count a member in as one of many; ``waiting.order`` follows."""
        super().add(state)
        if state.capabilities.assign_inbound:
            self.waiting.add_late(_place(state))

    def remove(self, state: StaffState) -> None:
        """Count a member out."""
        super().remove(state)
        if state.capabilities.assign_inbound:
            self.waiting.remove(_place(state))


def _place(state: StaffState) -> tuple[Instant, str]:
    assert state.idle_since is not None, "an assignable staff member waits since some instant"
    return state.idle_since, state.staff_id


class Waiting:
    """Assignable staff in the order of the longest idle: instant and staff id.

    Mostly the first one leaves and the last one comes. So both cost the same however many wait: places at the front that are
    free are skipped, and dropped when they are half of all.
    """

    __slots__ = ("_first", "_places")

    def __init__(self) -> None:
        """Nobody yet."""
        self._places: list[tuple[Instant, str]] = []
        self._first = 0

    def __iter__(self) -> Iterator[tuple[Instant, str]]:
        """The longest idle first."""
        return islice(self._places, self._first, None)

    def add(self, place: tuple[Instant, str]) -> None:
        """One more waits."""
        if self._first < len(self._places) and place < self._places[-1]:
            insort(self._places, place, self._first)
        else:
            self._places.append(place)

    def add_late(self, place: tuple[Instant, str]) -> None:
        """One of many more waits; ``order`` follows."""
        self._places.append(place)

    def order(self) -> None:
        """Put everybody in their order, after ``add_late``."""
        self._places = sorted(self)
        self._first = 0

    def remove(self, place: tuple[Instant, str]) -> None:
        """Somebody waits no longer."""
        if self._places[self._first] != place:
            del self._places[bisect_left(self._places, place, self._first)]
            return
        self._first += 1
        if self._first * 2 > len(self._places):
            del self._places[: self._first]
            self._first = 0


@dataclass(slots=True)
class Configured(Generic[T]):
    """A configuration value with the revision of its last record."""

    value: T
    revision: Revision


class Roster:
    """One tenant's staff and configuration."""

    def __init__(self) -> None:
        """Nobody yet, and the default policy."""
        self.standings: dict[str, Standing] = {}
        self.gone: dict[str, Revision] = {}
        self.legs_recorded: dict[str, Revision] = {}
        self.everybody = Tally()
        self.groups: dict[str, Group] = {}
        self.claims: dict[str, str] = {}
        self.in_line: set[str] = set()
        self.policy = Configured(Policy(), NO_REVISION)
        self.break_reasons: dict[str, Configured[BreakReason | None]] = {}
        self.rules = Rules()

    def last_revision(self, staff_id: str) -> Revision:
        """The revision of the last record of this staff id, deleted or not; 0 if there is none."""
        found = self.standings.get(staff_id)
        return found.revision if found is not None else self.gone.get(staff_id, NO_REVISION)

    def replace(self, standing: Standing) -> None:
        """Take over a committed standing."""
        state = standing.state
        before = self.standings.get(state.staff_id)
        old = before.state if before is not None else None
        if state.deleted:
            self.standings.pop(state.staff_id, None)
            self.gone[state.staff_id] = standing.revision
        else:
            self.standings[state.staff_id] = standing
            self.gone.pop(state.staff_id, None)
        self._index_claims(old, state)
        if state.calls and not state.deleted:
            self.in_line.add(state.staff_id)
        else:
            self.in_line.discard(state.staff_id)
        self._tally(old, None if state.deleted else state)

    def remember(self, standing: Standing, recorded: Revision) -> None:
        """Take over a standing that remembers more ended legs than the one there was; nothing else differs."""
        standing.remembered(recorded)
        self.legs_recorded[standing.state.staff_id] = recorded
        if not standing.state.deleted:
            self.standings[standing.state.staff_id] = standing

    def load(self, standing: Standing) -> None:
        """Take over a standing of somebody who was not there, as one of many; ``loaded`` follows."""
        state = standing.state
        if state.deleted:
            self.gone[state.staff_id] = standing.revision
            return
        self.standings[state.staff_id] = standing
        self.everybody.add(state)
        for name in state.skill_groups:
            group = self.groups.get(name)
            if group is None:
                group = self.groups[name] = Group()
            group.add_late(state)
        if state.calls or state.offer is not None:
            self._index_claims(None, state)
            if state.calls:
                self.in_line.add(state.staff_id)

    def loaded(self) -> None:
        """All are there."""
        for group in self.groups.values():
            group.waiting.order()

    def _tally(self, old: StaffState | None, new: StaffState | None) -> None:
        if old is not None and new is not None and _counts_alike(old, new):
            return
        if old is not None:
            self.everybody.remove(old)
            for name in old.skill_groups:
                group = self.groups[name]
                group.remove(old)
                if not group.by_status:
                    del self.groups[name]
        if new is not None:
            self.everybody.add(new)
            for name in new.skill_groups:
                if name not in self.groups:
                    self.groups[name] = Group()
                self.groups[name].add(new)

    def _index_claims(self, old: StaffState | None, new: StaffState) -> None:
        if old is not None and (old.calls or old.offer is not None):
            for claim_id in _claims_of(old):
                self.claims.pop(claim_id, None)
        if new.calls or new.offer is not None:
            for claim_id in _claims_of(new):
                self.claims[claim_id] = new.staff_id

    def configure_policy(self, policy: Policy, revision: Revision) -> None:
        """Take over a committed policy."""
        self.policy = Configured(policy, revision)
        self.rules = Rules(policy, self.rules.break_reasons)

    def configure_break_reason(self, code: str, reason: BreakReason | None, revision: Revision) -> None:
        """Take over a committed break reason; None if it was deleted."""
        self.break_reasons[code] = Configured(reason, revision)
        kept = {name: one.value for name, one in self.break_reasons.items() if one.value is not None}
        self.rules = Rules(self.policy.value, kept)

    def configured_revision(self, key: Key) -> Revision:
        """The revision of the last record of a configuration key; 0 if there is none."""
        if key.kind is RecordKind.POLICY:
            return self.policy.revision
        known = self.break_reasons.get(key.name)
        return known.revision if known is not None else NO_REVISION

    def select(self, chosen: StaffFilter) -> Iterator[Standing]:
        """The standings that match, in no particular order."""
        if chosen.staff_ids is not None:
            found = (self.standings.get(staff_id) for staff_id in chosen.staff_ids)
            candidates: Iterator[Standing] = (one for one in found if one is not None)
        else:
            candidates = iter(self.standings.values())
        if chosen.is_open:
            return candidates
        return (one for one in candidates if chosen.matches(one.state.staff_id, one.state.skill_groups, one.state.status))


def _counts_alike(old: StaffState, new: StaffState) -> bool:
    return (
        old.status is new.status
        and old.capabilities.assign_inbound == new.capabilities.assign_inbound
        and old.idle_since == new.idle_since
        and old.skill_groups == new.skill_groups
    )


def _claims_of(state: StaffState) -> Iterator[str]:
    if state.offer is not None:
        yield state.offer.claim_id
    for call in state.calls:
        if call.claim_id:
            yield call.claim_id
