"""What the process shows of the journal: rosters, deadlines and watch logs, always as of one revision; it decides nothing.

Only what is durable gets in: by recovery, by a batch of this process that was committed, or by catching up with the journal.
"""

import asyncio
from typing import Final

from onduty_server.domain.model.status import Instant
from onduty_server.engine.deadline_queue import DeadlineQueue
from onduty_server.engine.desk import Desk, Pending
from onduty_server.engine.roster import Roster
from onduty_server.engine.standing import Standing
from onduty_server.engine.tenants import Tenants
from onduty_server.engine.watch_log import LoggedChange, WatchLog
from onduty_server.engine.watcher import logged
from onduty_server.ports import NO_REVISION, Codec, Journal, Record, RecordKind, Revision

READ_AT_ONCE: Final = 5_000


class Memory:
    """Everybody's durable state, by tenant. ``head`` is the revision that all of it shows.

    ``last_change`` is the latest instant at which anybody changed before the start, 0 if nobody did.
    """

    def __init__(self, journal: Journal, codec: Codec) -> None:
        """Empty until ``recover``."""
        self._journal = journal
        self._codec = codec
        self.head = NO_REVISION
        self.last_change = Instant(0)
        self.rosters = Tenants(lambda _tenant: Roster())
        self.logs = Tenants(lambda _tenant: WatchLog(lambda: self.head, codec.mark_left))
        self.deadlines = DeadlineQueue()

    @property
    def staff_count(self) -> int:
        """How many staff there are, over all tenants."""
        return sum(len(roster.standings) for _, roster in self.rosters.items())

    # --- from the journal ---------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Take in the last record of everybody and everything."""
        head = await self._journal.head()
        async for chunk in self._journal.latest():
            for record in chunk:
                if record.key.kind is RecordKind.STAFF:
                    self._load(record)
                else:
                    self._adopt(record)
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
            for record in records:
                self._adopt(record)
                if record.key.kind is RecordKind.STAFF:
                    published.setdefault(record.key.tenant, []).append(logged(record, self._codec))
            self._publish(published, records[-1].revision)
        return self.head > before

    def _adopt(self, record: Record) -> None:
        """Take a record of the journal into memory."""
        roster = self.rosters(record.key.tenant)
        if record.key.kind is RecordKind.POLICY:
            roster.configure_policy(self._codec.decode_policy(record.state), record.revision)
        elif record.key.kind is RecordKind.BREAK_REASON:
            reason = self._codec.decode_break_reason(record.state)
            roster.configure_break_reason(record.key.name, reason, record.revision)
        else:
            self._show(record.key.tenant, self._standing(record))

    def _load(self, record: Record) -> None:
        standing = self._standing(record)
        self.last_change = max(self.last_change, standing.state.changed_at)
        self.rosters(record.key.tenant).load(standing)

    def _standing(self, record: Record) -> Standing:
        state = self._codec.decode_state(record.state, record.private)
        body = self._codec.state_with_revision(record.state, record.revision)
        return Standing(state, body, record.previous, record.revision)

    def _show(self, tenant: str, standing: Standing) -> None:
        self.rosters(tenant).replace(standing)
        due = standing.deadline
        if due is not None:
            self.deadlines.push(due.at, tenant, standing.state.staff_id)

    # --- from this process --------------------------------------------------------------------------------------------

    def apply(self, desk: Desk, revisions: list[Revision]) -> None:
        """Show a committed batch: rosters, deadlines, watch logs."""
        if not revisions:
            return
        published: dict[str, list[LoggedChange]] = {}
        last: dict[tuple[str, str], Revision] = {}
        for one, revision in zip(desk.pending, revisions, strict=True):
            tenant, _, name = one.entry.key
            if one.configure is not None:
                one.configure(self.rosters(tenant), revision)
                one.revision = revision
            if one.standing is not None:
                place = (tenant, name)
                before = last.get(place)
                if before is not None:
                    one.standing.previous = before
                last[place] = revision
                if tenant not in published:
                    published[tenant] = []
                published[tenant].append(self._commit_standing(tenant, one, one.standing, revision))
        self._publish(published, revisions[-1])

    def _publish(self, published: dict[str, list[LoggedChange]], head: Revision) -> None:
        logs = [(self.logs(tenant), changes) for tenant, changes in published.items()]  # made before the head moves
        self.head = head
        for watch_log, changes in logs:
            watch_log.publish(changes)

    def _commit_standing(self, tenant: str, one: Pending, standing: Standing, revision: Revision) -> LoggedChange:
        state = standing.state
        standing.revision = revision
        standing.body, element = self._codec.numbered(one.entry.state, one.entry.change, revision)
        self._show(tenant, standing)
        was = None if one.before is None else (one.before.skill_groups, one.before.status)
        return LoggedChange(
            revision, standing.previous, state.staff_id, element, state.skill_groups, state.status, was, state.deleted
        )

    def push_all_deadlines(self) -> None:
        """Entries whose firing failed left the heap; have every deadline in it again."""
        self.deadlines.renew(
            (due.at, tenant, standing.state.staff_id)
            for tenant, roster in self.rosters.items()
            for standing in roster.standings.values()
            if (due := standing.deadline) is not None
        )
