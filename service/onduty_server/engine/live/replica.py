"""The present states, deadlines and rings of changes that the process shows of the journal, always as of one revision.

Theory of operation
-------------------
``head`` moves over the revisions of the journal one by one, without gaps, and only here. What lies beyond it comes in two ways:

- a batch of this process that was committed (``apply``). Where something lies between the head and its first revision, a record
  of another process or of an append whose end was not seen, that is read from the journal first;
- reading on (``catch_up``). One reading is under way at a time; who asks meanwhile waits for its end.

Both feed rosters, deadlines and rings by the same steps, in the order of the revisions.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onduty_server.domain.model.status import Instant
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.deadlines import DeadlineQueue
from onduty_server.engine.live.pending import PendingEntry
from onduty_server.engine.live.quarantine import Quarantine
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.tenants import Tenants
from onduty_server.engine.watch.catch_up import CatchUp, logged
from onduty_server.engine.watch.change import LoggedChange
from onduty_server.engine.watch.rings import Rings
from onduty_server.ports import NO_REVISION, Codec, Journal, Record, RecordKind, Revision

READ_AT_ONCE: Final = 5_000

CONFIGURATION: Final = frozenset({RecordKind.POLICY, RecordKind.BREAK_REASON})
NOT_YET: Final = Instant(1 << 62)
"""Later than every instant."""


class MissingRecordsError(Exception):
    """Records that follow the head are not in the journal: this process cannot go on from where it is."""

    def __init__(self, head: Revision, found: Revision) -> None:
        """``found`` is the first revision beyond ``head`` that there is."""
        super().__init__(f"the record after revision {head} has revision {found}")


class Replica:
    """Everybody's durable state, by tenant. ``head`` is the revision that all of it shows.

    ``last_change`` is the latest instant at which anybody, or the clock, changed before the start, 0 if nobody did.
    ``attended_from`` is since when offers can be answered: since the server began to serve, or the journal works again.
    ``quarantine`` has people whose deadlines could not be fired.
    """

    def __init__(self, journal: Journal, codec: Codec, steps: ClockSteps) -> None:
        """Empty until ``recover``."""
        self.steps = steps
        self._journal = journal
        self._codec = codec
        self.head = NO_REVISION
        self.last_change = Instant(0)
        self.attended_from = NOT_YET
        self.quarantine = Quarantine()
        self._reading = asyncio.Lock()
        self.rosters = Tenants(lambda _tenant: Roster())
        self.catching_up = CatchUp(journal, codec)
        self.rings = Rings(lambda: self.head, codec)
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

    async def reload(self) -> None:
        """Show the journal anew, as it is: its history is another one than that which is shown, or has a hole.

        Rings begin at the new head; whoever watches begins again.
        """
        async with self._reading:
            fresh = Replica(self._journal, self._codec, self.steps)
            await fresh.recover()
            self.rosters.become(fresh.rosters)
            self.rings.clear()
            self.catching_up.age()
            self.head, self.last_change = fresh.head, fresh.last_change
            self.push_all_deadlines()

    async def catch_up(self) -> bool:
        """Take in records that this process did not see committed: of an append that landed after all, or of another process.

        Returns whether there were any.

        Raises:
            JournalUnavailableError: The journal cannot be read.
            MissingRecordsError: Records beyond the head are not in the journal any more.
        """
        before = self.head
        async with self._reading:
            while records := await self._journal.read(self.head, READ_AT_ONCE):
                self._take_in(records)
        return self.head > before

    def _take_in(self, records: Sequence[Record]) -> None:
        records = [record for record in records if record.revision > self.head]
        for expected, record in enumerate(records, start=self.head + 1):
            if record.revision != expected:
                raise MissingRecordsError(Revision(expected - 1), record.revision)
        self.rings.begin_all({record.key.tenant for record in records if record.key.kind is RecordKind.STAFF})
        published: dict[str, list[LoggedChange]] = {}
        configured: set[str] = set()
        try:
            for record in records:
                self._adopt(record)
                self.head = record.revision
                tenant = record.key.tenant
                if record.key.kind is RecordKind.STAFF:
                    published.setdefault(tenant, []).append(logged(record, self._codec))
                elif record.key.kind in CONFIGURATION:
                    configured.add(tenant)
                elif record.key.kind is RecordKind.ERASURE:
                    self._drop_changes(tenant)
        finally:  # of what was taken in nothing stays unpublished
            self.rings.publish(published)
            self.rings.wake(configured)

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
            self._show(record.key.tenant, self._record_of(record))

    def _adopt_step(self, record: Record, *, at_start: bool) -> None:
        clock = self._codec.decode_clock(record.state)
        self.last_change = max(self.last_change, *[step.at for step in clock.steps])
        if at_start:
            self.steps.show(clock, record.revision)
        else:
            self.steps.adopt(clock, record.revision)

    def _remember(self, roster: Roster, record: Record) -> None:
        """What was remembered since the last change. An older record is in the state."""
        staff_id, legs = self._codec.decode_ended_legs(record.state)
        roster.legs_recorded[record.key.name] = record.revision
        staff = roster.staff.get(staff_id)
        is_theirs = staff is not None and staff.state.person_id == record.key.name
        if staff is not None and is_theirs and staff.revision < record.revision:
            roster.remember(staff.remembering(replace(staff.state, ended_legs=legs)), record.revision)

    def _load(self, record: Record) -> None:
        staff = self._record_of(record)
        self.last_change = max(self.last_change, staff.state.changed_at)
        self.rosters(record.key.tenant).load(staff)

    def _record_of(self, record: Record) -> StaffRecord:
        state = self._codec.decode_state(record.state, record.private)
        body = self._codec.state_with_revision(record.state, record.revision)
        staff = StaffRecord(state, body, record.previous, record.revision, change=record.change)
        if record.standing is not None and not record.standing.seen:
            staff.seen_at = NO_REVISION
        return staff

    def _show(self, tenant: str, staff: StaffRecord) -> None:
        self.rosters(tenant).replace(staff)
        due = staff.deadline
        if due is not None:
            self.deadlines.push(due.at, tenant, staff.state.staff_id)

    # --- from this process --------------------------------------------------------------------------------------------

    async def apply(self, pending: Sequence[PendingEntry], revisions: Sequence[Revision]) -> None:
        """Show a committed batch, after everything that was committed before it.

        Raises:
            JournalUnavailableError: What was committed before it cannot be read.
        """
        if revisions and (revisions[0] != self.head + 1 or self._reading.locked()):
            async with self._reading:
                while self.head < revisions[0] - 1:
                    records = await self._journal.read(self.head, revisions[0] - 1 - self.head)
                    if not records:
                        raise MissingRecordsError(self.head, revisions[0])
                    self._take_in(records)
        self._apply(pending, revisions)

    def _apply(self, pending: Sequence[PendingEntry], revisions: Sequence[Revision]) -> None:
        self.rings.begin_all({pending_entry.entry.key.tenant for pending_entry in pending if pending_entry.staff is not None})
        published: dict[str, list[LoggedChange]] = {}
        last: dict[tuple[str, str], Revision] = {}
        head = self.head
        for pending_entry, revision in zip(pending, revisions, strict=True):
            tenant, _, name = pending_entry.entry.key
            pending_entry.revision = revision
            if pending_entry.staff is not None:
                pending_entry.staff.previous = last.get((tenant, name), pending_entry.staff.previous)
                last[tenant, name] = revision
                element = self._number(pending_entry, pending_entry.staff, revision)
                if revision > head:
                    self._show(tenant, pending_entry.staff)
                    published.setdefault(tenant, []).append(pending_entry.logged(pending_entry.staff, element))
            elif revision > head:
                self._commit(tenant, pending_entry, revision)
            elif pending_entry.remembers is not None:
                pending_entry.remembers.remembered(revision)
        self.head = max(head, revisions[-1]) if revisions else head
        self.rings.publish(published)
        for tenant in {pending_entry.entry.key.tenant for pending_entry in pending if pending_entry.entry.erases is not None}:
            self._drop_changes(tenant)
        self.rings.wake({pending_entry.entry.key.tenant for pending_entry in pending if pending_entry.configure is not None})

    def _commit(self, tenant: str, pending_entry: PendingEntry, revision: Revision) -> None:
        if pending_entry.configure is not None:
            pending_entry.configure(self.rosters(tenant), revision)
        if pending_entry.on_commit is not None:
            pending_entry.on_commit(revision)

    def _drop_changes(self, tenant: str) -> None:
        """Have nothing in memory that an erasure rewrites."""
        self.rosters(tenant).forget_changes()
        self.rings(tenant).clear()
        self.catching_up.forget(tenant)

    def _number(self, pending_entry: PendingEntry, staff: StaffRecord, revision: Revision) -> bytes:
        """Have a record be as committed; returns the element of a watch frame."""
        staff.revision = staff.recorded = revision
        staff.seen_at = revision if pending_entry.entry.facets.seen else NO_REVISION
        staff.body, element = self._codec.numbered(pending_entry.entry.state, pending_entry.entry.change, revision)
        return element

    async def drop_old(self) -> None:
        """Have the rings drop what is old: it is in the journal. What is there for nothing goes too."""
        now = asyncio.get_running_loop().time()
        for ring in self.rings.values():
            ring.age(now)
        self.catching_up.age()
        self.forget_blank()

    def forget_blank(self) -> None:
        """Drop what was made for watchers of tenants that have nothing, once nobody watches there any more."""
        for tenant, roster in self.rosters.items():
            if roster.is_blank and self.rings.peek(tenant).is_idle:
                self.rosters.drop(tenant)
                self.rings.drop(tenant)
        for tenant, ring in self.rings.items():
            if ring.is_idle and self.rosters.peek(tenant).is_blank:
                self.rings.drop(tenant)

    def push_all_deadlines(self) -> None:
        """Entries whose firing failed left the heap; have every deadline in it again."""
        self.deadlines.renew(
            (due.at, tenant, staff.state.staff_id)
            for tenant, roster in self.rosters.items()
            for staff in roster.staff.values()
            if (due := staff.deadline) is not None
        )
