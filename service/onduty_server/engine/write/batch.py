"""The jobs of one batch, decided in order over a tentative view of the rosters. Nothing of it is durable yet.

Two overlays lie over the durable state. The batch's has what earlier jobs changed; the attempt's, on top of it, has what the
present job has changed so far. A job that succeeds merges its attempt into the batch; one that fails drops it. Deadlines that
have passed, and steps of the clock, are true whatever becomes of the job: they go into the batch at once, unless the job has
changed the same person before.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import structlog

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Change
from onduty_server.domain.model.errors import (
    RevisionMismatchError,
    StaffExistsError,
    StaffUnknownError,
    TransitionRefusedError,
)
from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import FactOutcome, Instant, Micros
from onduty_server.domain.rules.deadlines import DeadlineKind
from onduty_server.domain.rules.decide import Decision, create, decide
from onduty_server.domain.rules.effects.supervision import policy_concerns
from onduty_server.domain.rules.elsewhere import answered, ends
from onduty_server.engine.live.clock_steps import ClockSteps
from onduty_server.engine.live.pending import PendingEntry
from onduty_server.engine.live.quarantine import Quarantine, StaffKey
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.write.batch_view import BatchView, ConfigValue
from onduty_server.engine.write.choosing import Choosing
from onduty_server.engine.write.entries import EntryMaker
from onduty_server.engine.write.overlay import Overlay
from onduty_server.past import Erasure
from onduty_server.ports import ClockRecord, Codec

log = structlog.get_logger(__name__)

ALWAYS: Final = Instant(0)
NOBODY_QUARANTINED: Final = Quarantine()


class Decided(NamedTuple):
    """The outcome of a command: the staff record after it, whether something changed, and what became of the facts in it."""

    staff: StaffRecord
    applied: bool
    outcomes: Sequence[FactOutcome]


class Batch(BatchView):
    """The view of one batch, and what its jobs do to it.

    ``refusals`` are those whose revision is not known before the commit, each with what has it then. ``not_fired`` are people
    whose deadlines could not be fired. ``fired`` are deadlines that have fired, each with how late it was.
    """

    def __init__(
        self,
        rosters: Callable[[str], Roster],
        codec: Codec,
        now: Instant,
        recorded_at: Instant,
        steps: ClockSteps,
        *,
        attended_from: Instant = ALWAYS,
        quarantine: Quarantine = NOBODY_QUARANTINED,
    ) -> None:
        """A view in which nothing has changed; ``recorded_at`` never goes back from batch to batch.

        Nobody could answer an offer that ran out before ``attended_from``. Deadlines of those in quarantine do not fire.
        """
        super().__init__(rosters)
        self._steps = steps
        self._step = Micros(0)
        self.now = now
        self._entries = EntryMaker(codec, recorded_at)
        self._expire = commands.Expire(attended_from=attended_from)
        self._quarantine = quarantine
        self._offered_to: dict[StaffKey, set[str]] = {}
        self._policy_origins: dict[str, commands.Origin] = {}
        self.not_fired: set[StaffKey] = set()
        self.fired: list[tuple[DeadlineKind, Micros]] = []
        self.refusals: list[tuple[TransitionRefusedError | RevisionMismatchError, StaffRecord | ConfigValue]] = []
        self.choosing = Choosing(self)

    # --- jobs ---------------------------------------------------------------------------------------------------------

    @property
    def pending(self) -> Sequence[PendingEntry]:
        """The entries of the jobs that succeeded, and of what happened by itself, in their order."""
        return self._batch.pending

    def merge(self) -> None:
        """The job succeeded."""
        self._batch.merge(self._attempt)

    def drop(self) -> None:
        """The job failed: what it changed is dropped."""
        self._attempt.drop()

    # --- staff --------------------------------------------------------------------------------------------------------

    def offered(self, tenant: str, call_id: str) -> list[StaffRecord]:
        """The records of those to whom a call with this id is on offer, of whichever source, in the order of the offers."""
        durable = self._rosters(tenant).offered_to.get(call_id, ())
        names = {*durable, *self._offered_to.get((tenant, call_id), ())}
        staff = [self.current(tenant, name) for name in sorted(names) if self.staff(tenant, name) is not None]
        offers = [(record.state.offer, record) for record in staff if record.state.offer is not None]
        return [record for offer, record in sorted(offers, key=lambda pair: pair[0].offered_at) if offer.call_id == call_id]

    def current(self, tenant: str, staff_id: str) -> StaffRecord:
        """The record of a staff member after every deadline that has passed has fired, under the policy that there is.

        Raises:
            StaffUnknownError: There is no such staff member.
        """
        staff = self.staff(tenant, staff_id)
        if staff is None:
            raise StaffUnknownError(staff_id)
        if self._step or self._steps.to_carry_over:
            staff = self.shifted(tenant, staff)
        while (due := staff.deadline) is not None and due.at <= self.now:
            after = self.fire(tenant, staff)
            if after is staff:
                break
            staff = after
        return self._under_policy(tenant, staff)

    def _under_policy(self, tenant: str, staff: StaffRecord) -> StaffRecord:
        """The record after a policy that is younger than it has been applied."""
        roster = self._rosters(tenant)
        is_changing = tenant in self._batch.rules or tenant in self._attempt.rules
        if not is_changing and (not staff.recorded or staff.recorded > roster.policy.revision):
            return staff
        if not policy_concerns(staff.state, self.rules(tenant).policy):
            return staff
        return self._by_itself(tenant, staff, commands.ApplyPolicy(self._policy_origins.get(tenant, roster.policy.origin)))

    def fire(self, tenant: str, staff: StaffRecord) -> StaffRecord:
        """Fire the first deadline, which has passed. The record stays as it is for somebody in quarantine.

        Whoever it fails for is put into quarantine: one bad state must not hold up anybody else.
        """
        key = (tenant, staff.state.staff_id)
        if key in self.not_fired or self.is_quarantined(*key):
            return staff
        try:
            after = self._by_itself(tenant, staff, self._expire)
        except Exception:
            log.exception("staff_quarantined", tenant=tenant, staff_id=staff.state.staff_id)
            self.not_fired.add(key)
            return staff
        assert after is not staff, "a deadline that has passed changes the state"
        self._note_fired(staff)
        return after

    def is_quarantined(self, tenant: str, staff_id: str) -> bool:
        """Whether somebody is left alone for now, because their record could not be changed."""
        return self._quarantine.until((tenant, staff_id)) > self.now

    def _note_fired(self, staff: StaffRecord) -> None:
        """A deadline is late since it was due, or since somebody could be served if that was later."""
        if staff.deadline is not None and staff.deadline.at:
            since = max(staff.deadline.at, self._expire.attended_from)
            self.fired.append((staff.deadline.kind, Micros(max(self.now - since, 0))))

    def shifted(self, tenant: str, staff: StaffRecord) -> StaffRecord:
        """The record with its deadlines moved by the steps of the clock since it was written."""
        if not staff.recorded:
            return staff
        owed = Micros(self._steps.owed(staff.recorded) + self._step)
        return self._by_itself(tenant, staff, commands.ShiftInstants(owed)) if owed else staff

    def _by_itself(self, tenant: str, staff: StaffRecord, command: commands.Command) -> StaffRecord:
        """What is true whatever becomes of the job."""
        decision = decide(staff.state, command, self.rules(tenant), self.now)
        is_attempted = (tenant, staff.state.staff_id) in self._attempt.staff
        return self._take(tenant, staff, decision, self._attempt if is_attempted else self._batch)

    def act(
        self, tenant: str, staff_id: str, command: commands.Command, expected: int | None = None
    ) -> tuple[StaffRecord, bool]:
        """Decide a command; the record after it and whether it changed something.

        Raises:
            StaffUnknownError, RevisionMismatchError, CallerError: Refused; the job fails.
        """
        staff, applied, _ = self.decide(tenant, staff_id, command, expected)
        return staff, applied

    def decide(self, tenant: str, staff_id: str, command: commands.Command, expected: int | None = None) -> Decided:
        """Decide a command.

        Raises:
            StaffUnknownError, RevisionMismatchError, CallerError: Refused; the job fails.
        """
        staff = self.current(tenant, staff_id)
        if expected is not None and staff.revision != expected:
            mismatch = RevisionMismatchError("staff member", staff_id, expected, staff.state)
            self.refusals.append((mismatch, staff))
            raise mismatch
        try:
            decision = decide(staff.state, command, self.rules(tenant), self.now)
        except TransitionRefusedError as error:
            self.refusals.append((error, staff))
            raise
        after = self._take(tenant, staff, decision, self._attempt)
        if decision.change is not None and decision.change.calls_started:
            self._end_other_offers(tenant, staff.state, after.state, command)
        return Decided(after, decision.change is not None, decision.outcomes)

    def _end_other_offers(self, tenant: str, before: StaffState, after: StaffState, command: commands.Command) -> None:
        """Nobody else is offered a call that was answered, whoever the job may see."""
        with self.held_to(None):
            for call in answered(before, after, command):
                for other in self.offered(tenant, call.call_id):
                    offer = other.state.offer
                    is_other = other.state.staff_id != after.staff_id and not self.is_quarantined(tenant, other.state.staff_id)
                    if offer is not None and is_other and ends(offer, call):
                        elsewhere = commands.AnsweredElsewhere(offer.claim_id, command.origin)
                        self.act(tenant, other.state.staff_id, elsewhere)

    def create(self, tenant: str, command: commands.CreateStaff) -> StaffRecord:
        """Create a staff member.

        Raises:
            StaffExistsError: The id is taken.
        """
        if self.anybody(tenant, command.staff_id) is not None:
            raise StaffExistsError(command.staff_id)
        state, change = create(command, self.rules(tenant), self.now)
        return self._put(tenant, None, state, change, self._attempt)

    def _take(self, tenant: str, staff: StaffRecord, decision: Decision, into: Overlay) -> StaffRecord:
        """The record after a decision: the same one, one that remembers more, or one with a change."""
        if decision.change is not None:
            return self._put(tenant, staff, decision.state, decision.change, into)
        return staff if decision.state is staff.state else self._remember(tenant, staff, decision.state, into)

    def _remember(self, tenant: str, staff: StaffRecord, state: StaffState, into: Overlay) -> StaffRecord:
        """Remember more ended legs: a record of its own, which neither history nor watchers see."""
        more = staff.remembering(state)
        into.staff[tenant, state.staff_id] = more
        into.pending.append(self._entries.ended_legs(tenant, self._rosters(tenant), more, self.now))
        return more

    def _put(self, tenant: str, before: StaffRecord | None, state: StaffState, change: Change, into: Overlay) -> StaffRecord:
        staff, pending = self._entries.staff(tenant, self._rosters(tenant), before, state, change)
        into.staff[tenant, state.staff_id] = None if state.deleted else staff
        into.pending.append(pending)
        if state.offer is not None:
            self._offered_to.setdefault((tenant, state.offer.call_id), set()).add(state.staff_id)
        return staff

    # --- the clock ----------------------------------------------------------------------------------------------------

    def step_clock(self, by: Micros) -> None:
        """The present steps forward with this batch: everybody's deadlines move by it before anything else comes of them."""
        self.put_clock(self._steps.step(self.now, by))
        self.now = Instant(self.now + by)
        command = commands.ShiftInstants(by)
        for overlay in (self._batch, self._attempt):
            for (tenant, _), staff in list(overlay.staff.items()):
                if staff is not None:
                    self._take(tenant, staff, decide(staff.state, command, self.rules(tenant), self.now), overlay)
        self._step = Micros(self._step + by)

    def put_clock(self, record: ClockRecord) -> None:
        """Set what is known of the clock."""
        self._batch.pending.append(self._entries.clock(self._steps, record, self.now))

    # --- configuration ------------------------------------------------------------------------------------------------

    def put_policy(self, tenant: str, policy: Policy, origin: commands.Origin) -> None:
        """Set the policy."""
        rules, roster = self.rules(tenant), self._rosters(tenant)
        self._attempt.rules[tenant] = Rules(policy, rules.break_reasons)
        self._policy_origins[tenant] = origin
        self._attempt.pending.append(self._entries.policy(tenant, roster, rules, policy, origin=origin, now=self.now))

    def put_break_reason(self, tenant: str, reason: BreakReason, origin: commands.Origin, *, deleted: bool = False) -> None:
        """Set or delete a break reason."""
        rules, roster = self.rules(tenant), self._rosters(tenant)
        kept = {code: kept for code, kept in rules.break_reasons.items() if code != reason.code}
        if not deleted:
            kept[reason.code] = reason
        self._attempt.rules[tenant] = Rules(rules.policy, kept)
        entry = self._entries.break_reason(tenant, roster, rules, reason, origin=origin, now=self.now, deleted=deleted)
        self._attempt.pending.append(entry)

    def put_erasure(self, tenant: str, erasure: Erasure, origin: commands.Origin) -> None:
        """Order the erasure of a deleted person; the staff id is free once it is committed."""
        self._attempt.pending.append(self._entries.erasure(tenant, erasure, origin, self.now))
