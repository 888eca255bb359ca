"""Everybody's present, durable state in memory, with the indexes that claims and counts need.

One roster a tenant. Only the applier changes it, with what is committed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final, Generic, TypeVar

from onduty_server.domain.model.commands import Origin
from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import StaffState
from onduty_server.engine.live.skill_group_index import SkillGroupIndex, StatusCounts, by_last_call, by_waiting, can_be_first
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.ports import NO_REVISION, Key, RecordKind, Revision

T = TypeVar("T")

NOBODY_KNOWN: Final = Origin()
"""Who changed configuration that was read from the journal: the journal knows."""


@dataclass(slots=True)
class StoredConfig(Generic[T]):
    """A configuration value with the revision of its last record, and who changed it, as far as this process knows."""

    value: T
    revision: Revision
    origin: Origin = NOBODY_KNOWN


class Roster:
    """One tenant's staff and configuration.

    ``staff``, and ``gone``, the last revisions of ids whose bearers were deleted, are in the order of the revisions.
    """

    def __init__(self) -> None:
        """Nobody yet, and the default policy."""
        self.staff: dict[str, StaffRecord] = {}
        self.gone: dict[str, Revision] = {}
        self.legs_recorded: dict[str, Revision] = {}
        self.erased: set[Revision] = set()
        self.everybody = StatusCounts()
        self.groups: dict[str, SkillGroupIndex] = {}
        self.offered_to: dict[str, set[str]] = {}
        self._by_membership: dict[tuple[str, ...], StatusCounts] | None = None
        self._ids: list[str] | None = None
        self.in_line: set[str] = set()
        self.attached: set[str] = set()
        self.policy = StoredConfig(Policy(), NO_REVISION)
        self.break_reasons: dict[str, StoredConfig[BreakReason | None]] = {}
        self.rules = Rules()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever made here: a new roster would be the same."""
        known = self.staff or self.gone or self.erased or self.legs_recorded or self.break_reasons
        return not known and self.policy.revision == NO_REVISION

    def last_revision(self, staff_id: str) -> Revision:
        """The revision of the last record of this staff id, deleted or not; 0 if there is none."""
        record = self.staff.get(staff_id)
        return record.revision if record is not None else self.gone.get(staff_id, NO_REVISION)

    def replace(self, staff: StaffRecord) -> None:
        """Replace a staff member's record by a committed one."""
        state = staff.state
        before = self.staff.get(state.staff_id)
        old = before.state if before is not None else None
        self._index_id(state.staff_id, was_in=before is not None, is_in=not state.deleted)
        if state.deleted:
            self.staff.pop(state.staff_id, None)
            self.gone[state.staff_id] = staff.revision
        else:
            if before is not None:
                del self.staff[state.staff_id]  # it goes to the end.
                staff.seen_at = staff.seen_at or before.seen_at
            self.staff[state.staff_id] = staff
            self.gone.pop(state.staff_id, None)
        self._index_offers(old, state)
        _mark(self.in_line, state.staff_id, is_in=bool(state.calls) and not state.deleted)
        _mark(self.attached, state.staff_id, is_in=bool(state.connection.attachments) and not state.deleted)
        self._tally(old, None if state.deleted else state)

    def remember(self, staff: StaffRecord, recorded: Revision) -> None:
        """Replace a record by one that remembers more ended legs; nothing else differs."""
        staff.remembered(recorded)
        self.legs_recorded[staff.state.person_id] = recorded
        if not staff.state.deleted:
            self.staff[staff.state.staff_id] = staff

    def changed_after(self, revision: Revision) -> Iterator[StaffRecord]:
        """The records with a greater revision, the newest first."""
        return takewhile(lambda staff: staff.revision > revision, reversed(self.staff.values()))

    def gone_after(self, revision: Revision) -> Iterator[tuple[str, Revision]]:
        """The ids whose bearers were deleted with a greater revision, and which, the newest first."""
        return takewhile(lambda gone: gone[1] > revision, reversed(self.gone.items()))

    def forget_changes(self) -> None:
        """Have no change in memory: the journal rewrites them."""
        for staff in self.staff.values():
            staff.change = None

    def release(self, last: Revision) -> None:
        """Forget the id whose last record has this revision: its bearer is erased, and it is free for somebody new."""
        self.erased.add(last)
        for staff_id, revision in self.gone.items():
            if revision == last:
                del self.gone[staff_id]
                return

    def load(self, staff: StaffRecord) -> None:
        """Add a record of somebody who was not there, as one of many; ``loaded`` follows."""
        state = staff.state
        if state.deleted:
            self.gone[state.staff_id] = staff.revision
            return
        self.staff[state.staff_id] = staff
        self._ids = None
        self.everybody.add(state)
        slot = by_waiting(state) if can_be_first(state) else None
        for name in names(state.skill_groups):
            self._group(name).add_late(state, slot)
        if state.offer is not None:
            self._index_offers(None, state)
        if state.calls:
            self.in_line.add(state.staff_id)
        if state.connection.attachments:
            self.attached.add(state.staff_id)

    def loaded(self) -> None:
        """All are there."""
        for group in self.groups.values():
            group.order()

    def _tally(self, old: StaffState | None, new: StaffState | None) -> None:
        if old is not None and new is not None and _counts_alike(old, new):
            return
        if old is not None:
            self.everybody.remove(old)
            if self._by_membership is not None:
                self._by_membership[names(old.skill_groups)].remove(old)
            for name in names(old.skill_groups):
                group = self.groups[name]
                group.remove(old)
                if not group.by_status:
                    del self.groups[name]
        if new is not None:
            self.everybody.add(new)
            if self._by_membership is not None:
                self._by_membership.setdefault(names(new.skill_groups), StatusCounts()).add(new)
            for name in names(new.skill_groups):
                self._group(name).add(new)

    def _group(self, name: str) -> SkillGroupIndex:
        group = self.groups.get(name)
        if group is None:
            group = self.groups[name] = SkillGroupIndex(name)
        return group

    def _index_id(self, staff_id: str, *, was_in: bool, is_in: bool) -> None:
        if self._ids is None or was_in is is_in:
            return
        place = bisect_left(self._ids, staff_id)
        if is_in:
            self._ids.insert(place, staff_id)
        else:
            del self._ids[place]

    def by_membership(self) -> dict[tuple[str, ...], StatusCounts]:
        """The counts of those who are in the same groups, by the groups' names. Made when it is first asked for."""
        if self._by_membership is None:
            self._by_membership = {}
            for staff in self.staff.values():
                self._by_membership.setdefault(names(staff.state.skill_groups), StatusCounts()).add(staff.state)
        return self._by_membership

    def _index_offers(self, old: StaffState | None, new: StaffState) -> None:
        if old is not None and old.offer is not None:
            offered_to = self.offered_to[old.offer.call_id]
            offered_to.discard(old.staff_id)
            if not offered_to:
                del self.offered_to[old.offer.call_id]
        if new.offer is not None and not new.deleted:
            self.offered_to.setdefault(new.offer.call_id, set()).add(new.staff_id)

    def configure_policy(self, policy: Policy, revision: Revision, origin: Origin = NOBODY_KNOWN) -> None:
        """Take over a committed policy."""
        self.policy = StoredConfig(policy, revision, origin)
        self.rules = Rules(policy, self.rules.break_reasons)

    def configure_break_reason(self, code: str, reason: BreakReason | None, revision: Revision) -> None:
        """Take over a committed break reason; None if it was deleted."""
        self.break_reasons[code] = StoredConfig(reason, revision)
        kept = {name: setting.value for name, setting in self.break_reasons.items() if setting.value is not None}
        self.rules = Rules(self.policy.value, kept)

    def configured_revision(self, key: Key) -> Revision:
        """The revision of the last record of a configuration key; 0 if there is none."""
        if key.kind is RecordKind.POLICY:
            return self.policy.revision
        known = self.break_reasons.get(key.name)
        return known.revision if known is not None else NO_REVISION

    def select(self, staff_filter: StaffFilter) -> Iterator[StaffRecord]:
        """The records that match, in no particular order."""
        if staff_filter.staff_ids is not None:
            found = (self.staff.get(staff_id) for staff_id in staff_filter.staff_ids)
            candidates: Iterator[StaffRecord] = (staff for staff in found if staff is not None)
        else:
            candidates = iter(self.staff.values())
        if staff_filter.is_open:
            return candidates
        return (staff for staff in candidates if _matches(staff_filter, staff))

    def select_after(self, staff_id: str, staff_filter: StaffFilter) -> Iterator[StaffRecord]:
        """Those that match and come after an id, by id. The order of ids is made when it is first asked for."""
        if staff_filter.staff_ids is not None:
            ids = sorted(known_id for known_id in staff_filter.staff_ids if known_id > staff_id and known_id in self.staff)
            start = 0
        else:
            if self._ids is None:
                self._ids = sorted(self.staff)
            ids, start = self._ids, bisect_right(self._ids, staff_id)
        return (staff for staff in map(self.staff.__getitem__, islice(ids, start, None)) if _matches(staff_filter, staff))


def _mark(names: set[str], staff_id: str, *, is_in: bool) -> None:
    (names.add if is_in else names.discard)(staff_id)


def _matches(staff_filter: StaffFilter, staff: StaffRecord) -> bool:
    return staff_filter.matches(staff.state.staff_id, names(staff.state.skill_groups), staff.state.status)


def _counts_alike(old: StaffState, new: StaffState) -> bool:
    """Whether two states of one person have the same place in all indexes."""
    claimable = can_be_first(new)
    return (
        old.status is new.status
        and old.capabilities.assign_inbound == new.capabilities.assign_inbound
        and old.skill_groups == new.skill_groups
        and can_be_first(old) == claimable
        and (not claimable or (by_waiting(old) == by_waiting(new) and by_last_call(old) == by_last_call(new)))
    )
