"""A state while a command edits it: the regions, and what the change will say of itself.

It has no rule: ``decide`` looks a rule up, an effect edits the draft, and ``agreeing`` makes the rest agree.
"""

from enum import Enum
from typing import Final

from onduty_server.domain.model.change import Change, ChangeKind, EndedOffer
from onduty_server.domain.model.commands import Origin
from onduty_server.domain.model.ended_legs import EndedLeg
from onduty_server.domain.model.policy import Policy, Rules
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import Call, Choice, Connection, HoldOff, Offer, StaffState
from onduty_server.domain.model.status import (
    Cause,
    Direction,
    FactOutcome,
    HoldOffKind,
    Instant,
    Micros,
    OfferEnd,
    Status,
)
from onduty_server.domain.rules.visible import capabilities, visible_status


class Untouched(Enum):
    """What an effect returns that has edited nothing: the state is as it was."""

    UNTOUCHED = 0


UNTOUCHED: Final = Untouched.UNTOUCHED


class Draft:
    """One decision under way: set from ``before``, edited by one effect, finished once."""

    __slots__ = (
        "at",  # when the change takes effect: ratcheted, never before the last change
        "before",  # the state that the command met
        "break_ends_at",  # set while the choice is a break with a limit that has not passed
        "breaks_left",  # what other reasons of the break that is chosen had left of their limits
        "call_id",  # the call that the change is about; empty: none
        "calls",  # in progress, in the order in which the server heard of them
        "calls_answered",  # the directions of the calls that this change ends and that were answered
        "calls_started",  # how many calls this change begins
        "cause",  # why; every effect of a command that is not the staff member's own sets it
        "choice",  # what was chosen, by staff, a supervisor or a policy
        "claim_id",  # the claim that the change is about; empty: none
        "connection",  # workspaces and their grace
        "deleted",  # the staff member leaves the directory with this change
        "display_name",  # as in the directory
        "ended_legs",  # what telephony said had ended, remembered
        "ended_offer",  # the offer that ends with this change; None: none does
        "hold_off",  # no call is assigned until it ends; None: none runs
        "hung_up",  # a call ended with this change, and what follows a last call is to follow
        "idle_since",  # set in AVAILABLE: since when the person waits for a call
        "interrupted",  # the wrap-up that the calls in progress interrupted; None outside a call
        "is_moved",  # the finished state has another visible status or break reason than the one before
        "last_call_ended_at",  # when the last call of an engagement ended; None: never
        "misses",  # offers missed in a row
        "next",  # what applies after call and wrap-up; None outside them
        "now",  # the present: what lengths of time count from; a deadline's own instant where one fires
        "occurred_at",  # the source's word about the fact that the change is about
        "offer",  # outstanding; None outside AVAILABLE
        "origin",  # who asked
        "outcomes",  # what came of the facts that the command tells, in their order
        "overdue",  # the break that is chosen has passed its limit
        "owed",  # the latest ended call of this engagement that owes a wrap-up; None outside a call
        "passed_over_at",  # when an offer was last declined, missed or could not be delivered; None: never
        "policy",  # that of ``rules``
        "recorded_at",  # when it is decided, never before ``at``
        "rules",  # the tenant's configuration
        "skill_groups",  # as in the directory
        "wrap_up",  # running; None in a call and in OFFLINE
    )

    def __init__(self, before: StaffState, origin: Origin, rules: Rules, now: Instant) -> None:
        """Start from ``before`` at ``now``; with a clock that went back, the change takes effect at the last one's instant."""
        self.before = before
        self.origin = origin
        self.rules = rules
        self.policy: Policy = rules.policy
        self.now = now
        self.at = self.recorded_at = max(now, before.changed_at)
        self.display_name = before.display_name
        self.skill_groups = before.skill_groups
        self.choice: Choice = before.choice
        self.calls: tuple[Call, ...] = before.calls
        self.offer = before.offer
        self.hold_off = before.hold_off
        self.wrap_up = before.wrap_up
        self.next = before.next
        self.connection = before.connection
        self.misses = before.misses
        self.last_call_ended_at = before.last_call_ended_at
        self.passed_over_at = before.passed_over_at
        self.ended_legs = before.ended_legs
        self.owed = before.owed
        self.interrupted = before.interrupted
        self.idle_since = before.idle_since
        self.break_ends_at = before.break_ends_at
        self.overdue = before.overdue
        self.breaks_left = before.breaks_left
        self.deleted = before.deleted
        self.cause = Cause.STAFF
        self.call_id = ""
        self.claim_id = ""
        self.ended_offer: EndedOffer | None = None
        self.calls_answered: list[Direction] = []
        self.calls_started = 0
        self.occurred_at: Instant | None = None
        self.hung_up = False
        self.is_moved = False
        self.outcomes: list[FactOutcome] = []

    # --- reading ------------------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """The visible status as it stands."""
        return visible_status(self.choice, self.calls, self.wrap_up)

    def after(self, length: Micros) -> Instant:
        """The instant so long after the present."""
        return Instant(self.now + length)

    # --- editing ------------------------------------------------------------------------------------------------------

    def end_offer(self, end: OfferEnd) -> Offer:
        """Take the outstanding offer away and say how it ended."""
        offer = self.offer
        assert offer is not None, "end_offer needs an outstanding offer"
        self.ended_offer = EndedOffer(offer.claim_id, offer.call_id, end)
        self.claim_id = self.claim_id or offer.claim_id
        self.offer = None
        return offer

    def start_call(
        self,
        call_id: str,
        direction: Direction,
        source: str,
        *,
        irregular: bool = False,
        occurred_at: Instant | None = None,
        claim_id: str = "",
        leg: str = "",
        on_hold: bool = False,
        hold_at: Instant | None = None,
        answered: bool | None = None,
        direction_assumed: bool = False,
    ) -> None:
        """Add a call in progress; it ends by itself at the policy's maximum age, unless it is confirmed before."""
        ends_by = self.after(self.policy.max_call_age)
        call = Call(
            call_id,
            direction,
            source,
            self.at,
            ends_by,
            irregular,
            occurred_at,
            claim_id,
            leg,
            on_hold,
            answered,
            hold_at=hold_at,
            direction_assumed=direction_assumed,
        )
        self.calls += (call,)
        self.calls_started += 1

    def drop_calls(self, calls: tuple[Call, ...]) -> None:
        """Take calls away, without what follows a last call, and without a memory of them."""
        self.calls = tuple([call for call in self.calls if call not in calls])
        self.calls_answered += [call.direction for call in calls if call.answered]

    def remember(self, call_id: str, source: str, leg: str, occurred_at: Instant | None, *, is_exact: bool = True) -> None:
        """Remember that a leg ended; without ``is_exact`` not before ``occurred_at``."""
        self.ended_legs = self.ended_legs.plus(EndedLeg(call_id, source, leg, self.now, occurred_at, is_exact))

    def choose(self, choice: Choice) -> None:
        """Make a choice; what waited for another one is gone."""
        self.choice = choice
        self.wrap_up = None
        self.next = None

    def hold_off_after(self, kind: HoldOffKind) -> None:
        """Assign no call for as long as the policy says; a hold-off that runs longer goes on."""
        length = self.policy.hold_off(kind)
        ends_at = self.after(length)
        if length and (self.hold_off is None or self.hold_off.ends_at < ends_at):
            self.hold_off = HoldOff(ends_at, kind)

    def forgive(self) -> None:
        """Count misses anew; what they held off is held off no longer. A phone that cannot be reached is not forgiven."""
        self.misses = 0
        if self.hold_off is not None and self.hold_off.kind is not HoldOffKind.UNREACHABLE:
            self.hold_off = None

    def grace_from_now(self, least: Micros = Micros(0)) -> None:
        """Let the grace run: without a workspace by its end, the choice becomes OFFLINE."""
        ends_at = self.after(max(least, self.policy.grace(on_break=heads_for_break(self.choice, self.next))))
        self.connection = Connection(self.connection.attachments, ends_at, self.connection.lapsed, self.now)

    # --- finishing ----------------------------------------------------------------------------------------------------

    def state(self) -> StaffState:
        """The state that the draft has become, once the regions agree."""
        before, status = self.before, self.status()
        moved = self.is_moved = status is not before.status or (status is Status.ON_BREAK and self.choice != before.choice)
        return StaffState(
            staff_id=before.staff_id,
            display_name=self.display_name,
            skill_groups=self.skill_groups,
            status=status,
            status_since=self.at if moved else before.status_since,
            changed_at=self.at,
            choice=self.choice,
            calls=self.calls,
            offer=self.offer,
            hold_off=self.hold_off,
            wrap_up=self.wrap_up,
            next=self.next,
            connection=self.connection,
            capabilities=capabilities(status, self.offer, self.connection, self.policy, self.hold_off),
            idle_since=self.idle_since,
            break_ends_at=self.break_ends_at,
            overdue=self.overdue,
            misses=self.misses,
            last_call_ended_at=self.last_call_ended_at,
            passed_over_at=self.passed_over_at,
            ended_legs=self.ended_legs,
            owed=self.owed,
            interrupted=self.interrupted,
            breaks_left=self.breaks_left,
            deleted=self.deleted,
            person_id=before.person_id,
            groups_since=self._groups_since(moved=moved),
        )

    def change(self, after: StaffState) -> Change:
        """Why the state became ``after``."""
        before = self.before
        counted = self.is_moved or self.deleted
        regrouped = before.skill_groups != after.skill_groups
        return Change(
            staff_id=before.staff_id,
            previous_status=before.status,
            previous_break_reason=before.break_reason,
            status=after.status,
            break_reason=after.break_reason,
            cause=self.cause,
            actor=self.origin.actor,
            changed_at=self.at,
            recorded_at=self.recorded_at,
            call_id=self.call_id,
            claim_id=self.claim_id,
            request_id=self.origin.request_id,
            note=self.origin.note,
            time_in_previous=Micros(self.at - before.status_since) if counted else None,
            ended_offer=self.ended_offer,
            skill_groups_before=before.skill_groups if regrouped else None,
            skill_groups_after=after.skill_groups if regrouped else None,
            kind=ChangeKind.DELETED if self.deleted else ChangeKind.CHANGED,
            calls_started=self.calls_started,
            calls_answered=tuple(self.calls_answered),
            occurred_at=self.occurred_at,
            person_id=before.person_id,
            source=self._source() if self.call_id else "",
        )

    def _groups_since(self, *, moved: bool) -> Instant:
        """When the names of the groups changed within the present status; 0: they did not."""
        if moved:
            return Instant(0)
        return self.before.groups_since if names(self.before.skill_groups) == names(self.skill_groups) else self.at

    def _source(self) -> str:
        """The source of the call that the change is about, as far as it is known; empty: it is not.

        An ended leg tells it where nothing else is known of the call, or the end was told with this change: an offer without a
        source may be of another call that had the id.
        """
        known: list[Call | Offer] = [call for call in (*self.calls, *self.before.calls) if call.call_id == self.call_id]
        known += [offer for offer in (self.offer, self.before.offer) if offer is not None and offer.call_id == self.call_id]
        source = next((one.source for one in known if one.source), "")
        if source:
            return source
        earlier = self.before.ended_legs.of(self.call_id) if known else ()
        sources = {leg.source for leg in self.ended_legs.of(self.call_id) if leg.source and leg not in earlier}
        return sources.pop() if len(sources) == 1 else ""


def heads_for_break(choice: Choice, next_choice: Choice | None) -> bool:
    """Whether what is chosen, or comes after call and wrap-up, is a break."""
    return (next_choice or choice).status is Status.ON_BREAK
