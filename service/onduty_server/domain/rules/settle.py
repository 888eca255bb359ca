"""Turns edited regions into a true state: what follows from the regions is worked out here and nowhere else.

It must not look at commands; ``decide`` edits a ``Draft`` and this module makes the rest agree with it.
"""

from dataclasses import fields
from operator import attrgetter

from onduty_server.domain.model.commands import Origin
from onduty_server.domain.model.policy import Policy, ReturnTo, Rules
from onduty_server.domain.model.state import (
    AVAILABLE,
    OFFLINE,
    Call,
    Change,
    Connection,
    EndedOffer,
    Offer,
    StaffState,
    WrapUp,
)
from onduty_server.domain.model.status import Cause, Direction, Instant, Micros, OfferEnd, Status
from onduty_server.domain.rules.visible import capabilities, visible_status

_content = attrgetter(*(field.name for field in fields(StaffState) if field.name != "changed_at"))
"""All of a state but when it became so."""


class Draft:
    """The regions of a state while a command edits them, with what the change will say of itself."""

    __slots__ = (
        "at",
        "before",
        "break_ends_at",
        "call_id",
        "calls",
        "calls_started",
        "cause",
        "choice",
        "claim_id",
        "connection",
        "deleted",
        "display_name",
        "ended_calls",
        "ended_offer",
        "idle_since",
        "misses",
        "next",
        "occurred_at",
        "offer",
        "origin",
        "overdue",
        "policy",
        "recorded_at",
        "rules",
        "skill_groups",
        "wrap_up",
    )

    def __init__(self, before: StaffState, origin: Origin, rules: Rules, at: Instant, recorded_at: Instant) -> None:
        """Start from ``before``; ``at`` is when the change takes effect, not before the last one."""
        self.before = before
        self.origin = origin
        self.rules = rules
        self.policy: Policy = rules.policy
        self.at = at
        self.recorded_at = recorded_at
        self.display_name = before.display_name
        self.skill_groups = before.skill_groups
        self.choice = before.choice
        self.calls = before.calls
        self.offer = before.offer
        self.wrap_up = before.wrap_up
        self.next = before.next
        self.connection = before.connection
        self.misses = before.misses
        self.ended_calls = before.ended_calls
        self.idle_since = before.idle_since
        self.break_ends_at = before.break_ends_at
        self.overdue = before.overdue
        self.deleted = before.deleted
        self.cause = Cause.STAFF
        self.call_id = ""
        self.claim_id = ""
        self.ended_offer: EndedOffer | None = None
        self.calls_started = 0
        self.occurred_at: Instant | None = None

    # --- engagement ---------------------------------------------------------------------------------------------------

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
    ) -> None:
        """Add a call in progress; it ends by itself at the policy's maximum age."""
        ends_by = Instant(self.at + self.policy.max_call_age)
        self.calls += (Call(call_id, direction, source, self.at, ends_by, irregular, occurred_at, claim_id),)
        self.ended_calls = self.ended_calls.without(call_id)
        self.calls_started += 1

    def drop_call(self, call: Call) -> None:
        """Take a call away and remember its id, without what follows a last call."""
        self.calls = tuple([other for other in self.calls if other.call_id != call.call_id]) if self.calls != (call,) else ()
        self.ended_calls = self.ended_calls.plus(call.call_id, self.at)

    def end_call(self, call: Call) -> None:
        """End a call; after the last one comes wrap-up, or the return rule."""
        self.drop_call(call)
        if not self.calls:
            self.after_last_call(call)

    def after_last_call(self, call: Call) -> None:
        """Wrap-up begins if the policy has it for the call's direction, else the return rule applies at once.

        Nothing follows for those whose choice is OFFLINE (but a next choice set in the call applies), or whose workspace is
        lost: ``settle`` signs these out.
        """
        if self.connection.lapsed:
            return
        if self.choice.status is Status.OFFLINE:
            self.choice = self.next or self.choice
        elif self.policy.has_wrap_up(call.direction):
            self.wrap_up = WrapUp(call.call_id, self.at, Instant(self.at + self.policy.wrap_up_countdown))
        else:
            self.finish_wrap_up()

    def finish_wrap_up(self) -> None:
        """Leave wrap-up: the next choice if one is set, else the policy's return."""
        self.wrap_up = None
        if self.next is not None:
            self.choice = self.next
        elif self.policy.return_to is ReturnTo.AVAILABLE:
            self.choice = AVAILABLE
        self.next = None

    # --- the rest -----------------------------------------------------------------------------------------------------

    def grace_from_now(self) -> None:
        """Let the grace run: without a workspace by its end, the choice becomes OFFLINE."""
        self.connection = Connection(
            self.connection.attachments, Instant(self.at + self.policy.disconnect_grace), self.connection.lapsed
        )


def settle(draft: Draft) -> tuple[StaffState, Change] | None:
    """The new state and its change, or None where nothing changed."""
    _agree_on_regions(draft)
    before = draft.before
    status = visible_status(draft.choice, draft.calls, draft.wrap_up)
    _agree_on_engagement(draft, status)
    reason = draft.choice.break_reason if status is Status.ON_BREAK else ""
    moved = status is not before.status or reason != before.break_reason
    if moved:
        _enter(draft, status, reason)
    after = StaffState(
        staff_id=before.staff_id,
        display_name=draft.display_name,
        skill_groups=draft.skill_groups,
        status=status,
        status_since=draft.at if moved else before.status_since,
        changed_at=draft.at,
        choice=draft.choice,
        calls=draft.calls,
        offer=draft.offer,
        wrap_up=draft.wrap_up,
        next=draft.next,
        connection=draft.connection,
        capabilities=capabilities(status, draft.offer, draft.policy),
        idle_since=draft.idle_since,
        break_ends_at=draft.break_ends_at,
        overdue=draft.overdue,
        misses=draft.misses,
        ended_calls=draft.ended_calls,
        deleted=draft.deleted,
    )
    if not moved and _content(after) == _content(before):
        return None
    return after, _change(draft, after, moved=moved)


def _agree_on_regions(draft: Draft) -> None:
    """A lapsed connection signs out once no call holds it off; OFFLINE has no wrap-up and no grace."""
    if draft.connection.lapsed and not draft.calls:
        draft.choice = OFFLINE
    if draft.choice.status is Status.OFFLINE:
        draft.wrap_up = None
        if draft.connection.offline_at is not None or draft.connection.lapsed:
            draft.connection = Connection(draft.connection.attachments)
    elif draft.before.choice.status is Status.OFFLINE:
        connection = draft.connection
        if draft.policy.require_attachment and not connection.attachments and connection.offline_at is None:
            draft.grace_from_now()
    if draft.calls:
        draft.wrap_up = None


def _agree_on_engagement(draft: Draft, status: Status) -> None:
    """A next choice lives in calls and wrap-up only; an offer in AVAILABLE only."""
    if status is not Status.IN_LINE and status is not Status.AFTER_CALL_WORK:
        draft.next = None
    if draft.offer is not None and status is not Status.AVAILABLE:
        draft.end_offer(OfferEnd.SUPERSEDED)


def _enter(draft: Draft, status: Status, reason: str) -> None:
    """What begins with a new visible status or break reason."""
    draft.overdue = False
    draft.idle_since = draft.at if status is Status.AVAILABLE else None
    draft.break_ends_at = None
    if status is Status.ON_BREAK:
        found = draft.rules.break_reason(reason)
        if found is not None and found.limit:
            draft.break_ends_at = Instant(draft.at + found.limit)


def _change(draft: Draft, after: StaffState, *, moved: bool) -> Change:
    before = draft.before
    regrouped = before.skill_groups != after.skill_groups
    return Change(
        staff_id=before.staff_id,
        previous_status=before.status,
        previous_break_reason=before.break_reason,
        status=after.status,
        break_reason=after.break_reason,
        cause=draft.cause,
        actor=draft.origin.actor,
        changed_at=draft.at,
        recorded_at=draft.recorded_at,
        call_id=draft.call_id,
        claim_id=draft.claim_id,
        request_id=draft.origin.request_id,
        note=draft.origin.note,
        time_in_previous=Micros(draft.at - before.status_since) if moved or draft.deleted else None,
        ended_offer=draft.ended_offer,
        previous_skill_groups=before.skill_groups if regrouped else None,
        deleted=draft.deleted,
        calls_started=draft.calls_started,
        occurred_at=draft.occurred_at,
    )
