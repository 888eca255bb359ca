"""A skill group's members as claims and counts need them: how many in which status, and who can be claimed in which order.

It holds what it is given; what is durable and what is tentative is its owner's business.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from onduty_server.domain.model.skill_groups import level_in
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import ClaimOrder, Instant, Status
from onduty_server.domain.rules.assigning import TURN, is_barred
from onduty_server.engine.live.staff_record import StaffRecord

NEVER: Final = Instant(0)


class StatusCounts:
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


class Slot(NamedTuple):
    """A place in an order: ``turn`` is what it goes by first, ``since`` since when the person waits or is in the status."""

    turn: Instant
    since: Instant
    staff_id: str


def by_waiting(state: StaffState) -> Slot:
    """The place by how long somebody has waited."""
    return Slot(NEVER, state.status_since if state.idle_since is None else state.idle_since, state.staff_id)


def by_last_call(state: StaffState) -> Slot:
    """The place by how long ago somebody had a call, or let one pass; who never did goes first."""
    turn = max(state.last_call_ended_at or NEVER, state.passed_over_at or NEVER)
    return by_waiting(state)._replace(turn=turn)


class IdleQueue:
    """Places in order.

    Mostly the first one leaves and the last one comes. So both cost the same however many there are: places at the front that
    are free are skipped, and dropped when they are half of all.
    """

    __slots__ = ("_first", "_slots")

    def __init__(self, slots: Iterable[Slot] = ()) -> None:
        """These places, in any order."""
        self._slots: list[Slot] = sorted(slots)
        self._first = 0

    def __iter__(self) -> Iterator[Slot]:
        """The first one first."""
        return islice(self._slots, self._first, None)

    def __len__(self) -> int:
        """How many places there are."""
        return len(self._slots) - self._first

    def from_number(self, number: int) -> Iterator[Slot]:
        """The places from this number on, in order."""
        return islice(self._slots, self._first + number, None)

    def add(self, slot: Slot) -> None:
        """One more."""
        if self._first < len(self._slots) and slot < self._slots[-1]:
            insort(self._slots, slot, self._first)
        else:
            self._slots.append(slot)

    def add_late(self, slot: Slot) -> None:
        """One of many more; ``order`` follows."""
        self._slots.append(slot)

    def order(self) -> None:
        """Put all in their order, after ``add_late``."""
        self._slots = sorted(self)
        self._first = 0

    def remove(self, slot: Slot) -> None:
        """One less."""
        if self._slots[self._first] != slot:
            del self._slots[bisect_left(self._slots, slot, self._first)]
            return
        self._first += 1
        if self._first * 2 > len(self._slots):
            del self._slots[: self._first]
            self._first = 0


class Bucket:
    """Members of one group, status and level who are not barred. ``by_last_call`` is made when it is first asked for."""

    __slots__ = ("by_last_call", "by_waiting")

    def __init__(self) -> None:
        """Nobody yet."""
        self.by_waiting = IdleQueue()
        self.by_last_call: IdleQueue | None = None


class BucketKey(NamedTuple):
    """What the members of a bucket have in common."""

    status: Status
    level: int


class SkillGroupIndex(StatusCounts):
    """A skill group: the counts of its members, and those who can be claimed, in buckets."""

    __slots__ = ("buckets", "name")

    def __init__(self, name: str) -> None:
        """Nobody yet."""
        super().__init__()
        self.name = name
        self.buckets: dict[BucketKey, Bucket] = {}

    def add(self, state: StaffState) -> None:
        """Count a member in."""
        super().add(state)
        if can_be_first(state):
            bucket = self._bucket(state)
            bucket.by_waiting.add(by_waiting(state))
            if bucket.by_last_call is not None:
                bucket.by_last_call.add(by_last_call(state))

    def add_late(self, state: StaffState, slot: Slot | None) -> None:
        """Count a member in as one of many; ``order`` follows. ``slot`` is the place of one who can be first."""
        super().add(state)
        if slot is not None:
            self._bucket(state).by_waiting.add_late(slot)

    def order(self) -> None:
        """Put all in their order, after ``add_late``."""
        for bucket in self.buckets.values():
            bucket.by_waiting.order()

    def remove(self, state: StaffState) -> None:
        """Count a member out."""
        super().remove(state)
        if can_be_first(state):
            key = self._key(state)
            bucket = self.buckets[key]
            bucket.by_waiting.remove(by_waiting(state))
            if bucket.by_last_call is not None:
                bucket.by_last_call.remove(by_last_call(state))
            if not len(bucket.by_waiting):
                del self.buckets[key]

    def queue(self, key: BucketKey, order: ClaimOrder, staff: Mapping[str, StaffRecord]) -> IdleQueue | None:
        """A bucket in an order, or None where there is nobody. ``staff`` has the records of all members."""
        bucket = self.buckets.get(key)
        if bucket is None or order is not ClaimOrder.LONGEST_SINCE_CALL:
            return None if bucket is None else bucket.by_waiting
        if bucket.by_last_call is None:
            bucket.by_last_call = IdleQueue(by_last_call(staff[slot.staff_id].state) for slot in bucket.by_waiting)
        return bucket.by_last_call

    def _bucket(self, state: StaffState) -> Bucket:
        key = self._key(state)
        bucket = self.buckets.get(key)
        if bucket is None:
            bucket = self.buckets[key] = Bucket()
        return bucket

    def _key(self, state: StaffState) -> BucketKey:
        return bucket_key(state, self.name)


_CLAIMABLE: Final = frozenset(TURN)


def can_be_first(state: StaffState) -> bool:
    """Whether a staff member is in a status that may be open to calls, and nothing bars every call."""
    return state.status in _CLAIMABLE and not is_barred(state.offer, state.connection, state.hold_off)


def bucket_key(state: StaffState, group: str) -> BucketKey:
    """The bucket of a member of a group."""
    level = level_in(state.skill_groups, group)
    assert level is not None, "a bucket is for members"
    return BucketKey(state.status, level)
