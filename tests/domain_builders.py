"""Builds staff members through real commands for the tests of the rules; holds no expectation of its own.

``Person`` tells one staff member's story: commands at its present instant, time passing in between, deadlines firing as the
engine fires them. ``in_status`` brings a new person to a visible status.
"""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self, TypeVar

import pytest

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Actor, Change
from onduty_server.domain.model.commands import Command, Origin
from onduty_server.domain.model.errors import CallerError
from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import Attachment, Call, Choice
from onduty_server.domain.model.status import ActorRole, Direction, FactOutcome, Instant, Status, WithdrawReason, seconds
from onduty_server.domain.rules.deadlines import next_deadline
from onduty_server.domain.rules.decide import create, decide

Refusal = TypeVar("Refusal", bound=CallerError)

T0 = Instant(1_700_000_000_000_000)
"""When every story begins."""

BY_STAFF = Origin(Actor(ActorRole.WORKSPACE, "ada"))
BY_ROUTER = Origin(Actor(ActorRole.ROUTER, "router"))
BY_SUPERVISOR = Origin(Actor(ActorRole.SUPERVISOR, "sue"), note="why")
BY_ADMIN = Origin(Actor(ActorRole.ADMIN, "root"))

LUNCH_LIMIT_SECONDS = 1800
REASONS = {
    "lunch": BreakReason("lunch", "Lunch", limit=seconds(LUNCH_LIMIT_SECONDS)),
    "coffee": BreakReason("coffee", "Coffee"),
    "training": BreakReason("training", "Training", enabled=False),
}
"""``lunch`` has a limit, ``coffee`` has none, ``training`` is disabled."""


def rules(**policy: Any) -> Rules:
    """The catalogue of these tests under the default policy with these fields changed."""
    return Rules(Policy(**policy), REASONS)


def chosen(status: Status, break_reason: str = "") -> Choice:
    """A choice; ON_BREAK is for coffee unless another reason is given."""
    return Choice(status, break_reason or ("coffee" if status is Status.ON_BREAK else ""))


def later(instant: Instant, by_seconds: float) -> Instant:
    """An instant so many seconds later."""
    return Instant(instant + seconds(by_seconds))


def workspace(name: str = "w1", instance: str = "server-1", *, own: str = "") -> Attachment:
    """A workspace's stream; ``own`` is the workspace's own id."""
    return Attachment(name, instance, own)


class Person:
    """One staff member's story: ``state`` and ``changes`` so far, and ``now``."""

    def __init__(self, *, at: Instant = T0, under: Rules | None = None, **policy: Any) -> None:
        """A new staff member, OFFLINE at ``at``, in a tenant with these policy fields changed from their defaults."""
        self.rules = under or rules(**policy)
        self.now = at
        self.state, created = create(commands.CreateStaff("ada", "Ada", (SkillGroup("sales"),), BY_ADMIN), self.rules, at)
        self.changes: list[Change] = [created]
        self.outcome: FactOutcome | None = None
        self.outcomes: Sequence[FactOutcome] = ()

    # --- telling ------------------------------------------------------------------------------------------------------

    def does(self, command: Command) -> Change | None:
        """Decide a command now; the change, or None where nothing changed."""
        self.state, change, self.outcomes = decide(self.state, command, self.rules, self.now)
        if change is not None:
            self.changes.append(change)
        return change

    def changes_by(self, command: Command) -> Change:
        """Decide a command that must change something."""
        change = self.does(command)
        assert change is not None, f"{command} changed nothing"
        return change

    def refuses(self, command: Command, kind: type[Refusal]) -> Refusal:
        """Decide a command that must be refused with exactly this error and change nothing."""
        before, known = copy.deepcopy(self.state), len(self.changes)
        with pytest.raises(kind) as refused:
            self.does(command)
        assert type(refused.value) is kind
        assert self.state == before
        assert len(self.changes) == known
        return refused.value

    def service_is_down(self, for_seconds: float) -> list[Change]:
        """Time passes while no server runs; what has passed fires when one does again."""
        self.now = later(self.now, for_seconds)
        known = len(self.changes)
        while (due := next_deadline(self.state)) is not None and due.at <= self.now:
            self.changes_by(commands.Expire(attended_from=self.now))
        return self.changes[known:]

    def wait(self, for_seconds: float) -> list[Change]:
        """Let time pass; deadlines fire in order, each before anything later happens. The changes they made."""
        self.now = later(self.now, for_seconds)
        return self.fire()

    def fire(self) -> list[Change]:
        """Fire every deadline that has passed by now."""
        known = len(self.changes)
        while (due := next_deadline(self.state)) is not None and due.at <= self.now:
            self.changes_by(commands.Expire())
        return self.changes[known:]

    def under(self, **policy: Any) -> Self:
        """The tenant's policy becomes this one, for the commands that follow; running state is not told."""
        self.rules = replace(self.rules, policy=replace(self.rules.policy, **policy))
        return self

    # --- what staff do ------------------------------------------------------------------------------------------------

    def chooses(self, status: Status, break_reason: str = "") -> Change | None:
        """The staff member changes the own status."""
        return self.does(commands.ChangeStatus(chosen(status, break_reason), BY_STAFF))

    def sets_next(self, status: Status, break_reason: str = "") -> Change | None:
        """The staff member sets the next choice."""
        return self.does(commands.SetNextStatus(chosen(status, break_reason), BY_STAFF))

    def places(self, call_id: str = "c1", direction: Direction = Direction.OUTBOUND, source: str = "") -> Change | None:
        """The staff member dials."""
        return self.does(commands.PlaceCall(call_id, direction, source, BY_STAFF))

    def accepts(self, claim_id: str = "k1") -> Change | None:
        """The staff member accepts an offer."""
        return self.does(commands.AcceptOffer(claim_id, BY_STAFF))

    def declines(self, claim_id: str = "k1") -> Change | None:
        """The staff member declines an offer."""
        return self.does(commands.DeclineOffer(claim_id, BY_STAFF))

    def goes_back_to_reception(self) -> Change | None:
        """The staff member ends the wrap-up."""
        return self.does(commands.BackToReception(BY_STAFF))

    def continues(self) -> Change | None:
        """The staff member stops the countdown."""
        return self.does(commands.ContinueAfterCallWork(BY_STAFF))

    def attaches(self, name: str = "w1", instance: str = "server-1", *, own: str = "") -> Change | None:
        """A workspace's stream opens; ``own`` is the workspace's own id."""
        return self.does(commands.Attach(workspace(name, instance, own=own), BY_STAFF))

    def detaches(self, name: str = "w1", instance: str = "server-1") -> Change | None:
        """A workspace stream ends."""
        return self.does(commands.Detach(name, instance, BY_STAFF))

    # --- what routers and telephony do --------------------------------------------------------------------------------

    def is_claimed(
        self,
        claim_id: str = "k1",
        call_id: str = "c1",
        *,
        ttl_seconds: float | None = None,
        direction: Direction = Direction.INBOUND,
        source: str = "",
    ) -> Change | None:
        """A router claims the staff member."""
        ttl = None if ttl_seconds is None else seconds(ttl_seconds)
        return self.does(commands.Claim(claim_id, call_id, ttl, direction, source, BY_ROUTER))

    def claim_withdrawn(self, claim_id: str = "k1", reason: WithdrawReason = WithdrawReason.OTHER) -> Change | None:
        """The router withdraws its claim."""
        return self.does(commands.WithdrawClaim(claim_id, BY_ROUTER, reason))

    def is_answered_elsewhere(self, claim_id: str = "k1") -> Change | None:
        """Somebody else answers the call of a claim."""
        return self.does(commands.AnsweredElsewhere(claim_id, BY_ROUTER))

    def call_starts(
        self,
        call_id: str = "c1",
        direction: Direction | None = Direction.INBOUND,
        *,
        source: str = "pbx",
        occurred_at: Instant | None = None,
        leg: str = "",
        on_hold: bool | None = None,
        answered: bool | None = None,
    ) -> Change | None:
        """Telephony reports a call."""
        call = commands.SourceCall(call_id, direction, occurred_at, leg, on_hold, answered)
        return self.hears(commands.CallStarted(call, source, BY_ROUTER))

    def call_ends(
        self,
        call_id: str = "c1",
        *,
        source: str = "pbx",
        occurred_at: Instant | None = None,
        leg: str = "",
        answered: bool | None = None,
    ) -> Change | None:
        """Telephony reports a call's end."""
        return self.hears(commands.CallEnded(call_id, BY_ROUTER, occurred_at, source, leg, answered))

    def hears(self, fact: commands.CallStarted | commands.CallEnded) -> Change | None:
        """Telephony reports a fact; ``outcome`` is what its teller is told."""
        change = self.does(fact)
        (self.outcome,) = self.outcomes
        return change

    def reconciled(
        self,
        *calls: commands.SourceCall | str,
        source: str = "pbx",
        observed_at: Instant | None = None,
        observed_by_server_at: Instant | None = None,
    ) -> Change | None:
        """A source tells all its calls; those given by id only are inbound."""
        told = tuple(commands.SourceCall(call, Direction.INBOUND) if isinstance(call, str) else call for call in calls)
        return self.does(commands.ReconcileCalls(source, told, BY_ROUTER, observed_at, observed_by_server_at))

    # --- what supervisors and administrators do -----------------------------------------------------------------------

    def is_forced(self, status: Status, break_reason: str = "", *, immediately: bool = False) -> Change | None:
        """A supervisor sets the choice."""
        return self.does(commands.ForceStatus(chosen(status, break_reason), immediately, BY_SUPERVISOR))

    def is_reset(self) -> Change | None:
        """A supervisor resets the staff member."""
        return self.does(commands.Reset(BY_SUPERVISOR))

    def told_policy(self) -> Change | None:
        """The present policy is applied to the state."""
        return self.does(commands.ApplyPolicy(BY_ADMIN))

    # --- looking ------------------------------------------------------------------------------------------------------

    @property
    def status(self) -> Status:
        """The visible status."""
        return self.state.status

    @property
    def last(self) -> Change:
        """The last change."""
        return self.changes[-1]

    def call(self, call_id: str = "c1") -> Call:
        """A call in progress."""
        (found,) = (call for call in self.state.calls if call.call_id == call_id)
        return found

    def call_ids(self) -> list[str]:
        """The ids of the calls in progress, oldest first."""
        return [call.call_id for call in self.state.calls]


def in_status(status: Status, **policy: Any) -> Person:
    """A person who came to this visible status a while ago, by ordinary commands."""
    person = Person(**policy)
    person.wait(5)
    match status:
        case Status.OFFLINE:
            pass
        case Status.AVAILABLE | Status.BUSY | Status.ON_BREAK:
            person.chooses(status)
        case Status.IN_LINE | Status.AFTER_CALL_WORK:
            person.chooses(Status.AVAILABLE)
            person.call_starts("c0")
            if status is Status.AFTER_CALL_WORK:
                person.wait(60)
                person.call_ends("c0")
    person.wait(2)
    assert person.status is status
    return person


def on_offer(**policy: Any) -> Person:
    """A person who is AVAILABLE with call c1 on offer by claim k1."""
    person = in_status(Status.AVAILABLE, **policy)
    person.is_claimed()
    person.wait(1)
    return person


def in_wrap_up(**policy: Any) -> Person:
    """A person whose wrap-up after call c0 began this instant."""
    person = in_status(Status.IN_LINE, **policy)
    person.call_ends("c0")
    assert person.status is Status.AFTER_CALL_WORK
    return person
