"""Makes the entries of one batch: what changed, encoded once, with what its commit changes in memory."""

from dataclasses import dataclass, replace

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change
from onduty_server.domain.model.configuration import ConfigurationAction, ConfigurationChange, ConfigurationKind
from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Cause, Instant
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.pending import PendingEntry
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.write.facets import configuration_change, directory_change, facets_of
from onduty_server.past import NO_REVISION, Erasure, Facets
from onduty_server.ports import ClockRecord, Codec, Entry, Key, RecordKind


@dataclass(frozen=True, slots=True)
class EntryMaker:
    """``recorded_at`` never goes back from batch to batch."""

    codec: Codec
    recorded_at: Instant

    # --- staff --------------------------------------------------------------------------------------------------------

    def staff(
        self, tenant: str, roster: Roster, before: StaffRecord | None, state: StaffState, change: Change
    ) -> tuple[StaffRecord, PendingEntry]:
        """A state that a change led to, and its entry."""
        codec, old = self.codec, None if before is None else before.state
        body, expected = codec.encode_state(state), roster.last_revision(state.staff_id)
        configured = directory_change(old, state, change) if change.cause is Cause.ADMIN else None
        configuration = b"" if configured is None else codec.encode_configuration(configured)
        encoded_change = codec.encode_change(change)
        staff = StaffRecord(state, body, expected, change=encoded_change)
        entry = Entry(
            Key(tenant, RecordKind.STAFF, state.staff_id),
            expected,
            body,
            codec.encode_private(state),
            encoded_change,
            change.changed_at,
            self.recorded_at,
            facets_of(old, state, change, configuration),
        )
        return staff, PendingEntry(entry, staff, old)

    def ended_legs(self, tenant: str, roster: Roster, staff: StaffRecord, now: Instant) -> PendingEntry:
        """More ended legs of somebody whose state is otherwise the same."""
        person = staff.state.person_id
        entry = Entry(
            Key(tenant, RecordKind.ENDED_LEGS, person),
            roster.legs_recorded.get(person, NO_REVISION),
            self.codec.encode_ended_legs(staff.state),
            b"",
            b"",
            now,
            self.recorded_at,
        )
        return PendingEntry(entry, on_commit=lambda revision: roster.remember(staff, revision), remembers=staff)

    # --- the clock ----------------------------------------------------------------------------------------------------

    def clock(self, steps: ClockSteps, record: ClockRecord, now: Instant) -> PendingEntry:
        """What is known of the clock."""
        key = Key("", RecordKind.CLOCK, "")
        entry = Entry(key, steps.revision, self.codec.encode_clock(record), b"", b"", now, self.recorded_at)
        return PendingEntry(entry, on_commit=lambda revision: steps.committed(record, revision))

    # --- configuration ------------------------------------------------------------------------------------------------

    def policy(
        self, tenant: str, roster: Roster, rules: Rules, policy: Policy, *, origin: commands.Origin, now: Instant
    ) -> PendingEntry:
        """Another policy than that of the rules."""
        change = configuration_change(ConfigurationKind.POLICY, "", origin, now, before=rules.policy, after=policy)
        entry = self._configuration(Key(tenant, RecordKind.POLICY, ""), self.codec.encode_policy(policy), change, now)._replace(
            expected=roster.policy.revision
        )
        return PendingEntry(entry, configure=lambda roster, revision: roster.configure_policy(policy, revision, origin))

    def break_reason(
        self,
        tenant: str,
        roster: Roster,
        rules: Rules,
        reason: BreakReason,
        *,
        origin: commands.Origin,
        now: Instant,
        deleted: bool,
    ) -> PendingEntry:
        """A break reason, new, changed or deleted."""
        old, new = rules.break_reason(reason.code), None if deleted else reason
        change = configuration_change(ConfigurationKind.BREAK_REASON, reason.code, origin, now, before=old, after=new)
        known = roster.break_reasons.get(reason.code)
        entry = self._configuration(
            Key(tenant, RecordKind.BREAK_REASON, reason.code),
            self.codec.encode_break_reason(reason, deleted=deleted),
            change,
            now,
        )._replace(expected=NO_REVISION if known is None else known.revision)
        return PendingEntry(entry, configure=lambda roster, revision: roster.configure_break_reason(reason.code, new, revision))

    def erasure(self, tenant: str, erasure: Erasure, origin: commands.Origin, now: Instant) -> PendingEntry:
        """The order to erase a deleted person."""
        change = configuration_change(ConfigurationKind.STAFF, erasure.pseudonym, origin, now)
        change = replace(change, action=ConfigurationAction.ERASED)
        key = Key(tenant, RecordKind.ERASURE, erasure.pseudonym)
        entry = self._configuration(key, str(erasure.last).encode(), change, now)._replace(erases=erasure)
        return PendingEntry(entry, configure=lambda roster, _: roster.release(erasure.last))

    def _configuration(self, key: Key, state: bytes, change: ConfigurationChange, now: Instant) -> Entry:
        facets = Facets(configuration=self.codec.encode_configuration(change))
        return Entry(key, NO_REVISION, state, b"", b"", now, self.recorded_at, facets)
