"""Where the works of one batch are decided together: a tentative view over the rosters; nothing here is durable yet.

Later works of a batch see earlier ones. A work that fails leaves no trace, except for deadlines that had passed: their
firing is true whatever comes of the work.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Literal, NamedTuple

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change
from onduty_server.domain.model.configuration import ConfigurationAction, ConfigurationChange, ConfigurationKind
from onduty_server.domain.model.errors import (
    RevisionMismatchError,
    StaffExistsError,
    StaffUnknownError,
    TransitionRefusedError,
)
from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Cause, FactOutcome, Instant, Micros
from onduty_server.domain.rules.decide import Decision, create, decide
from onduty_server.domain.rules.elsewhere import answered, ends
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.pending import PendingEntry
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.write.choosing import Choosing
from onduty_server.engine.write.facets import configuration_change, directory_change, facets_of
from onduty_server.past import NO_REVISION, Erasure, Facets, Revision
from onduty_server.ports import ClockRecord, Codec, Entry, Key, RecordKind

ALWAYS: Final = Instant(0)

Place = tuple[str, str]
"""Tenant and staff id."""


class _Untouched(Enum):
    UNTOUCHED = 0


UNTOUCHED: Final = _Untouched.UNTOUCHED
"""Stands for a standing of which the view has no other than the durable one."""


@dataclass(frozen=True, slots=True)
class ConfigValue:
    """Configuration as a work left it: the value, and the entry of the batch or the durable revision that holds it."""

    value: BreakReason | Policy
    pending: PendingEntry | None
    durable: Revision

    @property
    def revision(self) -> Revision:
        """The revision of the record that holds the value; 0 if it never changed, or is not committed yet."""
        return self.durable if self.pending is None else self.pending.revision


class Decided(NamedTuple):
    """What came of a command: the standing after it, whether something changed, and what became of the facts in it."""

    staff: StaffRecord
    applied: bool
    outcomes: Sequence[FactOutcome]


class Batch:
    """The view of one batch."""

    def __init__(
        self,
        rosters: Callable[[str], Roster],
        codec: Codec,
        now: Instant,
        recorded_at: Instant,
        steps: ClockSteps,
        *,
        attended_from: Instant = ALWAYS,
    ) -> None:
        """A view in which nothing has happened; ``recorded_at`` never goes back from batch to batch.

        Nobody could answer an offer that ran out before ``attended_from``.
        """
        self._rosters = rosters
        self._steps = steps
        self._step = Micros(0)
        self._codec = codec
        self.now = now
        self._recorded_at = recorded_at
        self.pending: list[PendingEntry] = []
        self.unsettled: list[tuple[TransitionRefusedError | RevisionMismatchError, StaffRecord | ConfigValue]] = []
        self._standings: dict[Place, StaffRecord | None] = {}
        self._rules: dict[str, Rules] = {}
        self._undo: list[tuple[Place, StaffRecord | Literal[_Untouched.UNTOUCHED] | None]] = []
        self._undo_rules: list[tuple[str, Rules | None]] = []
        self._kept = 0
        self._expire = commands.Expire(attended_from=attended_from)
        self._offered_to: dict[Place, set[str]] = {}
        self.choosing = Choosing(self)

    # --- works --------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A work begins: from here on it can be taken back."""
        self._undo.clear()
        self._undo_rules.clear()
        self._kept = len(self.pending)

    def take_back(self) -> None:
        """The work failed: what it did is undone, deadlines that fired stay."""
        if self._undo:
            self.choosing.forget()
        for place, staff in reversed(self._undo):
            if staff is UNTOUCHED:
                self._standings.pop(place, None)
            else:
                self._standings[place] = staff
        for tenant, rules in reversed(self._undo_rules):
            if rules is None:
                self._rules.pop(tenant, None)
            else:
                self._rules[tenant] = rules
        del self.pending[self._kept :]

    # --- reading ------------------------------------------------------------------------------------------------------

    def roster(self, tenant: str) -> Roster:
        """The durable roster under the view."""
        return self._rosters(tenant)

    def rules(self, tenant: str) -> Rules:
        """The tenant's rules in the view."""
        found = self._rules.get(tenant)
        return found if found is not None else self._rosters(tenant).rules

    def staff(self, tenant: str, staff_id: str) -> StaffRecord | None:
        """The staff member's standing in the view, or None."""
        found = self._standings.get((tenant, staff_id), UNTOUCHED)
        return self._rosters(tenant).staff.get(staff_id) if found is UNTOUCHED else found

    def touched(self, tenant: str) -> Iterable[StaffRecord]:
        """The standings of a tenant that differ from the durable ones."""
        return [one for (name, _), one in self._standings.items() if name == tenant and one is not None]

    def is_touched(self, tenant: str, staff_id: str) -> bool:
        """Whether the view has a standing of its own."""
        return (tenant, staff_id) in self._standings

    def offered(self, tenant: str, call_id: str) -> list[StaffRecord]:
        """The standings of those to whom a call with this id is on offer, of whichever source, in the order of the offers."""
        durable = self._rosters(tenant).offered_to.get(call_id, ())
        names = {*durable, *self._offered_to.get((tenant, call_id), ())}
        found = [self.current(tenant, name) for name in sorted(names) if self.staff(tenant, name) is not None]
        offered = [(one.state.offer, one) for one in found if one.state.offer is not None]
        return [one for offer, one in sorted(offered, key=lambda pair: pair[0].offered_at) if offer.call_id == call_id]

    def setting(self, key: Key, value: BreakReason | Policy) -> ConfigValue:
        """A value of the view, with where it is held."""
        pending = next((one for one in reversed(self.pending) if one.entry.key == key), None)
        return ConfigValue(value, pending, self._rosters(key.tenant).configured_revision(key))

    # --- staff --------------------------------------------------------------------------------------------------------

    def current(self, tenant: str, staff_id: str) -> StaffRecord:
        """The standing of a staff member after every deadline that has passed has fired.

        Raises:
            StaffUnknownError: There is no such staff member.
        """
        staff = self.staff(tenant, staff_id)
        if staff is None:
            raise StaffUnknownError(staff_id)
        if self._step or self._steps.to_carry_over:
            staff = self.settled(tenant, staff)
        due = staff.deadline
        while due is not None and due.at <= self.now:
            staff = self.fire(tenant, staff)
            due = staff.deadline
        return staff

    def fire(self, tenant: str, staff: StaffRecord) -> StaffRecord:
        """Fire the first deadline; it stays if the work is taken back, unless the work has changed something before it."""
        fired = self._by_itself(tenant, staff, self._expire)
        assert fired is not staff, "a deadline that has passed changes the state"
        return fired

    def settled(self, tenant: str, staff: StaffRecord) -> StaffRecord:
        """The standing with its deadlines moved by the steps of the clock since its last record; it stays, as with ``fire``."""
        if not staff.recorded:
            return staff
        owed = Micros(self._steps.owed(staff.recorded) + self._step)
        return self._by_itself(tenant, staff, commands.ShiftInstants(owed)) if owed else staff

    def _by_itself(self, tenant: str, staff: StaffRecord, command: commands.Command) -> StaffRecord:
        """What is true whatever comes of the work."""
        stays = len(self.pending) == self._kept
        after = self._take(tenant, staff, decide(staff.state, command, self.rules(tenant), self.now))
        if stays and after is not staff:
            self._undo.pop()
            self._kept = len(self.pending)
        return after

    def act(
        self, tenant: str, staff_id: str, command: commands.Command, expected: int | None = None
    ) -> tuple[StaffRecord, bool]:
        """Decide a command; the standing after it and whether it changed something.

        Raises:
            StaffUnknownError, RevisionMismatchError, CallerError: Refused; ``take_back`` undoes the work.
        """
        staff, applied, _ = self.decide(tenant, staff_id, command, expected)
        return staff, applied

    def decide(self, tenant: str, staff_id: str, command: commands.Command, expected: int | None = None) -> Decided:
        """Decide a command.

        Raises:
            StaffUnknownError, RevisionMismatchError, CallerError: Refused; ``take_back`` undoes the work.
        """
        staff = self.current(tenant, staff_id)
        if expected is not None and staff.revision != expected:
            mismatch = RevisionMismatchError("staff member", staff_id, expected, staff.state)
            self.unsettled.append((mismatch, staff))
            raise mismatch
        try:
            decided = decide(staff.state, command, self.rules(tenant), self.now)
        except TransitionRefusedError as error:
            self.unsettled.append((error, staff))
            raise
        after = self._take(tenant, staff, decided)
        if decided.change is not None and decided.change.calls_started:
            self._end_other_offers(tenant, staff.state, after.state, command)
        return Decided(after, decided.change is not None, decided.outcomes)

    def _end_other_offers(self, tenant: str, before: StaffState, after: StaffState, command: commands.Command) -> None:
        """Nobody else is offered a call that was answered."""
        for call in answered(before, after, command):
            for other in self.offered(tenant, call.call_id):
                offer = other.state.offer
                if offer is not None and other.state.staff_id != after.staff_id and ends(offer, call):
                    self.act(tenant, other.state.staff_id, commands.AnsweredElsewhere(offer.claim_id, command.origin))

    def create(self, tenant: str, command: commands.CreateStaff) -> StaffRecord:
        """Create a staff member.

        Raises:
            StaffExistsError: The id is taken.
        """
        if self.staff(tenant, command.staff_id) is not None:
            raise StaffExistsError(command.staff_id)
        return self._put(tenant, None, *create(command, self.rules(tenant), self.now))

    def _take(self, tenant: str, staff: StaffRecord, decided: Decision) -> StaffRecord:
        """The standing after a decision: the same one, one that remembers more, or one with a change."""
        if decided.change is not None:
            return self._put(tenant, staff, decided.state, decided.change)
        return staff if decided.state is staff.state else self._remember(tenant, staff, decided.state)

    def _remember(self, tenant: str, staff: StaffRecord, state: StaffState) -> StaffRecord:
        """Remember more ended legs: a record of its own, of which neither history nor watchers are told."""
        roster, more = self._rosters(tenant), staff.remembering(state)
        entry = Entry(
            Key(tenant, RecordKind.ENDED_LEGS, state.person_id),
            roster.legs_recorded.get(state.person_id, NO_REVISION),
            self._codec.encode_ended_legs(state),
            b"",
            b"",
            self.now,
            self._recorded_at,
        )
        self._show(tenant, more)
        self.pending.append(PendingEntry(entry, on_commit=lambda revision: roster.remember(more, revision), remembers=more))
        return more

    def _show(self, tenant: str, staff: StaffRecord) -> None:
        place = (tenant, staff.state.staff_id)
        self._undo.append((place, self._standings.get(place, UNTOUCHED)))
        self._standings[place] = None if staff.state.deleted else staff

    def _put(self, tenant: str, old: StaffRecord | None, state: StaffState, change: Change) -> StaffRecord:
        expected = self._rosters(tenant).last_revision(state.staff_id)
        body = self._codec.encode_state(state)
        staff = StaffRecord(state, body, expected)
        before = None if old is None else old.state
        configured = directory_change(before, state, change) if change.cause is Cause.ADMIN else None
        entry = Entry(
            Key(tenant, RecordKind.STAFF, state.staff_id),
            expected,
            body,
            self._codec.encode_private(state),
            self._codec.encode_change(change),
            change.changed_at,
            self._recorded_at,
            facets_of(before, state, change, self._codec.encode_configuration(configured) if configured is not None else b""),
        )
        self._show(tenant, staff)
        if state.offer is not None:
            self._offered_to.setdefault((tenant, state.offer.call_id), set()).add(state.staff_id)
        self.pending.append(PendingEntry(entry, staff, before))
        return staff

    # --- the clock ----------------------------------------------------------------------------------------------------

    def step_clock(self, by: Micros) -> None:
        """The present steps forward with this batch: everybody's deadlines move by it before anything else comes of them."""
        self.put_clock(self._steps.step(self.now, by))
        self.now = Instant(self.now + by)
        command = commands.ShiftInstants(by)
        for (tenant, _), staff in list(self._standings.items()):
            if staff is not None:
                self._take(tenant, staff, decide(staff.state, command, self.rules(tenant), self.now))
        self._step = Micros(self._step + by)

    def put_clock(self, record: ClockRecord) -> None:
        """Set what is known of the clock."""
        key = Key("", RecordKind.CLOCK, "")
        entry = Entry(key, self._steps.revision, self._codec.encode_clock(record), b"", b"", self.now, self._recorded_at)
        self.pending.append(PendingEntry(entry, on_commit=lambda revision: self._steps.committed(record, revision)))

    # --- configuration ------------------------------------------------------------------------------------------------

    def put_policy(self, tenant: str, policy: Policy, origin: commands.Origin) -> None:
        """Set the policy."""
        rules = self.rules(tenant)
        change = configuration_change(ConfigurationKind.POLICY, "", origin, self.now, before=rules.policy, after=policy)
        self._put_rules(tenant, Rules(policy, rules.break_reasons))
        self._put_configuration(
            Key(tenant, RecordKind.POLICY, ""),
            self._rosters(tenant).policy.revision,
            self._codec.encode_policy(policy),
            change,
            configure=lambda roster, revision: roster.configure_policy(policy, revision),
        )

    def put_break_reason(self, tenant: str, reason: BreakReason, origin: commands.Origin, *, deleted: bool = False) -> None:
        """Set or delete a break reason."""
        rules = self.rules(tenant)
        old, new = rules.break_reason(reason.code), None if deleted else reason
        change = configuration_change(ConfigurationKind.BREAK_REASON, reason.code, origin, self.now, before=old, after=new)
        kept = {code: one for code, one in rules.break_reasons.items() if code != reason.code}
        if not deleted:
            kept[reason.code] = reason
        self._put_rules(tenant, Rules(rules.policy, kept))
        known = self._rosters(tenant).break_reasons.get(reason.code)
        self._put_configuration(
            Key(tenant, RecordKind.BREAK_REASON, reason.code),
            known.revision if known is not None else NO_REVISION,
            self._codec.encode_break_reason(reason, deleted=deleted),
            change,
            configure=lambda roster, revision: roster.configure_break_reason(
                reason.code, None if deleted else reason, revision
            ),
        )

    def _put_rules(self, tenant: str, rules: Rules) -> None:
        self._undo_rules.append((tenant, self._rules.get(tenant)))
        self._rules[tenant] = rules

    def put_erasure(self, tenant: str, erasure: Erasure, origin: commands.Origin) -> None:
        """Order the erasure of a deleted person; the staff id is free once it is committed."""
        change = configuration_change(ConfigurationKind.STAFF, erasure.pseudonym, origin, self.now)
        change = replace(change, action=ConfigurationAction.ERASED)
        state = str(erasure.last).encode()
        key = Key(tenant, RecordKind.ERASURE, erasure.pseudonym)
        self._put_configuration(
            key, NO_REVISION, state, change, configure=lambda roster, _: roster.release(erasure.last), erases=erasure
        )

    def _put_configuration(
        self,
        key: Key,
        expected: Revision,
        state: bytes,
        change: ConfigurationChange,
        *,
        configure: Callable[[Roster, Revision], None],
        erases: Erasure | None = None,
    ) -> None:
        facets = Facets(configuration=self._codec.encode_configuration(change))
        entry = Entry(key, expected, state, b"", b"", self.now, self._recorded_at, facets, erases)
        self.pending.append(PendingEntry(entry, configure=configure))
