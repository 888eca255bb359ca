"""What the process shows of the journal: rosters, deadlines and watch logs, always as of one revision; it decides nothing.

Only what is durable gets in: by recovery, by a batch of this process that was committed, or by catching up with the journal.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.status import Instant
from onduty_server.domain.rules.colleagues import colleagues_see
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.deadlines import DeadlineQueue
from onduty_server.engine.live.pending import PendingEntry
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.tenants import Tenants
from onduty_server.engine.watch.ring import ChangeRing, LoggedChange
from onduty_server.engine.watch.watcher import logged
from onduty_server.ports import NO_REVISION, Codec, Journal, Record, RecordKind, Revision

READ_AT_ONCE: Final = 5_000

CONFIGURATION: Final = frozenset({RecordKind.POLICY, RecordKind.BREAK_REASON})
NOT_YET: Final = Instant(1 << 62)
"""Later than every instant."""


class Replica:
    """Everybody's durable state, by tenant. ``head`` is the revision that all of it shows.

    ``last_change`` is the latest instant at which anybody, or the clock, changed before the start, 0 if nobody did.
    ``attended_from`` is since when offers can be answered: since the server began to serve, or the journal works again.
    """

    def __init__(self, journal: Journal, codec: Codec, steps: ClockSteps) -> None:
        """Empty until ``recover``."""
        self.steps = steps
        self._journal = journal
        self._codec = codec
        self.head = NO_REVISION
        self.last_change = Instant(0)
        self.attended_from = NOT_YET
        self.rosters = Tenants(lambda _tenant: Roster())
        self.rings = Tenants(lambda _tenant: ChangeRing(lambda: self.head, codec.mark_left))
        self.deadlines = DeadlineQueue()

    @property
    def staff_count(self) -> int:
        """How many staff there are, over all tenants."""
        return sum(len(roster.staff) for _, roster in self.rosters.items())

    # --- from the journal ---------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Take in the last record of everybody and everything."""
        head = await self._journal.head()
        async for chunk in self._journal.latest():
            for record in chunk:
                if record.key.kind is RecordKind.STAFF:
                    self._load(record)
                else:
                    self._adopt(record, at_start=True)
            head = max(head, chunk[-1].revision) if chunk else head
            await asyncio.sleep(0)
        for roster in self.rosters.values():
            roster.loaded()
        self.push_all_deadlines()
        self.head = head

    async def catch_up(self) -> bool:
        """Take in records that this process did not see committed: of a failed append that landed, or of another process.

        Returns whether there were any.
        """
        before = self.head
        while records := await self._journal.read(self.head, READ_AT_ONCE):
            published: dict[str, list[LoggedChange]] = {}
            configured: set[str] = set()
            for record in records:
                self._adopt(record)
                if record.key.kind is RecordKind.STAFF:
                    published.setdefault(record.key.tenant, []).append(logged(record, self._codec))
                elif record.key.kind in CONFIGURATION:
                    configured.add(record.key.tenant)
            self._publish(published, records[-1].revision)
            self._wake(configured)
        return self.head > before

    def _adopt(self, record: Record, *, at_start: bool = False) -> None:
        """Take a record of the journal into memory."""
        if record.key.kind is RecordKind.CLOCK:
            self._adopt_step(record, at_start=at_start)
            return
        roster = self.rosters(record.key.tenant)
        if record.key.kind is RecordKind.ENDED_LEGS:
            self._remember(roster, record)
        elif record.key.kind is RecordKind.POLICY:
            roster.configure_policy(self._codec.decode_policy(record.state), record.revision)
        elif record.key.kind is RecordKind.ERASURE:
            roster.release(Revision(int(record.state)))
        elif record.key.kind is RecordKind.BREAK_REASON:
            reason = self._codec.decode_break_reason(record.state)
            roster.configure_break_reason(record.key.name, reason, record.revision)
        else:
            self._show(record.key.tenant, self._standing(record))

    def _adopt_step(self, record: Record, *, at_start: bool) -> None:
        found = self._codec.decode_clock(record.state)
        self.last_change = max(self.last_change, *[step.at for step in found.steps])
        if at_start:
            self.steps.show(found, record.revision)
        else:
            self.steps.adopt(found, record.revision)

    def _remember(self, roster: Roster, record: Record) -> None:
        """What was remembered since the last change. An older record is in the state."""
        staff_id, legs = self._codec.decode_ended_legs(record.state)
        roster.legs_recorded[record.key.name] = record.revision
        staff = roster.staff.get(staff_id)
        is_theirs = staff is not None and staff.state.person_id == record.key.name
        if staff is not None and is_theirs and staff.revision < record.revision:
            roster.remember(staff.remembering(replace(staff.state, ended_legs=legs)), record.revision)

    def _load(self, record: Record) -> None:
        staff = self._standing(record)
        self.last_change = max(self.last_change, staff.state.changed_at)
        self.rosters(record.key.tenant).load(staff)

    def _standing(self, record: Record) -> StaffRecord:
        state = self._codec.decode_state(record.state, record.private)
        body = self._codec.state_with_revision(record.state, record.revision)
        return StaffRecord(state, body, record.previous, record.revision)

    def _show(self, tenant: str, staff: StaffRecord) -> None:
        self.rosters(tenant).replace(staff)
        due = staff.deadline
        if due is not None:
            self.deadlines.push(due.at, tenant, staff.state.staff_id)

    # --- from this process --------------------------------------------------------------------------------------------

    def apply(self, pending: Sequence[PendingEntry], revisions: Sequence[Revision]) -> None:
        """Show a committed batch: rosters, deadlines, watch logs."""
        if not revisions:
            return
        published: dict[str, list[LoggedChange]] = {}
        configured: set[str] = set()
        last: dict[tuple[str, str], Revision] = {}
        for one, revision in zip(pending, revisions, strict=True):
            tenant, _, name = one.entry.key
            if one.configure is not None:
                one.configure(self.rosters(tenant), revision)
                one.revision = revision
                configured.add(tenant)
            if one.on_commit is not None:
                one.on_commit(revision)
            if one.staff is not None:
                place = (tenant, name)
                before = last.get(place)
                if before is not None:
                    one.staff.previous = before
                last[place] = revision
                if tenant not in published:
                    published[tenant] = []
                published[tenant].append(self._commit_standing(tenant, one, one.staff, revision))
        self._publish(published, revisions[-1])
        for tenant in {one.entry.key.tenant for one in pending if one.entry.erases is not None}:
            self.rings(tenant).clear()
        self._wake(configured)

    def _wake(self, configured: Iterable[str]) -> None:
        for tenant in configured:
            self.rings(tenant).wake()

    def _publish(self, published: dict[str, list[LoggedChange]], head: Revision) -> None:
        rings = [(self.rings(tenant), changes) for tenant, changes in published.items()]  # made before the head moves
        self.head = head
        for ring, changes in rings:
            ring.publish(changes)

    def _commit_standing(self, tenant: str, one: PendingEntry, staff: StaffRecord, revision: Revision) -> LoggedChange:
        state = staff.state
        staff.revision = staff.recorded = revision
        staff.body, element = self._codec.numbered(one.entry.state, one.entry.change, revision)
        self._show(tenant, staff)
        before = one.before
        was = None if before is None else (names(before.skill_groups), before.status)
        return LoggedChange(
            revision,
            staff.previous,
            state.staff_id,
            element,
            names(state.skill_groups),
            state.status,
            was,
            state.deleted,
            before is None or colleagues_see(before, state),
        )

    def push_all_deadlines(self) -> None:
        """Entries whose firing failed left the heap; have every deadline in it again."""
        self.deadlines.renew(
            (due.at, tenant, staff.state.staff_id)
            for tenant, roster in self.rosters.items()
            for staff in roster.staff.values()
            if (due := staff.deadline) is not None
        )
