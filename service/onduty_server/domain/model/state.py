"""The state of a staff member as values: three regions and what follows from them; decides nothing.

The regions are the *choice*, the *engagement* (calls, offer, wrap-up) and the *connection*. ``status``, ``capabilities`` and
the instants beside them are functions of the regions and their history; ``settle`` keeps them true.
"""

from dataclasses import field
from typing import Final

from onduty_server.domain.model.ended_calls import NONE_ENDED, EndedCalls
from onduty_server.domain.model.status import ActorRole, Cause, Direction, Instant, Micros, OfferEnd, Status
from onduty_server.domain.model.values import value

WORKSPACES_MOST: Final = 16
"""How many workspaces of one staff member may be attached at once."""


@value
class Choice:
    """What a staff member chose. ``break_reason`` is set with ON_BREAK only."""

    status: Status
    break_reason: str = ""


OFFLINE: Final = Choice(Status.OFFLINE)
AVAILABLE: Final = Choice(Status.AVAILABLE)


@value
class Call:
    """A call in progress. ``source`` is empty until telephony has named it; ``occurred_at`` is the source's word."""

    call_id: str
    direction: Direction
    source: str
    started_at: Instant
    ends_by: Instant
    irregular: bool = False
    occurred_at: Instant | None = None
    claim_id: str = ""

    def told(self, source: str, occurred_at: Instant | None) -> "Call":
        """The call with what a source says of it, where that was not known."""
        return Call(
            self.call_id,
            self.direction,
            self.source or source,
            self.started_at,
            self.ends_by,
            self.irregular,
            occurred_at if self.occurred_at is None else self.occurred_at,
            self.claim_id,
        )


@value
class Offer:
    """A call offered and not answered yet."""

    claim_id: str
    call_id: str
    offered_at: Instant
    expires_at: Instant
    direction: Direction
    source: str = ""


@value
class WrapUp:
    """The wrap-up after the last call. ``ends_at`` None: open-ended; ``capped_at`` bounds it then, where policy says so."""

    call_id: str
    since: Instant
    ends_at: Instant | None
    capped_at: Instant | None = None


@value
class Attachment:
    """A workspace stream, held by one server process."""

    attachment_id: str
    instance_id: str


@value
class Connection:
    """The workspaces. ``offline_at``: the grace runs until then; ``lapsed``: it ended during a call."""

    attachments: tuple[Attachment, ...] = ()
    offline_at: Instant | None = None
    lapsed: bool = False


UNCONNECTED: Final = Connection()


@value
class Capabilities:
    """What may be done in a state."""

    assign_inbound: bool = False
    dial_out: bool = False
    internal_calls: bool = False
    change_status: bool = True


@value
class StaffState:
    """The whole state of one staff member.

    ``status_since`` is set when the visible status or break reason changes; ``idle_since`` while AVAILABLE; ``break_ends_at``
    on a break whose reason has a limit, until it passes; ``changed_at`` never goes back.
    """

    staff_id: str
    display_name: str
    skill_groups: tuple[str, ...]
    status: Status
    status_since: Instant
    changed_at: Instant
    choice: Choice = OFFLINE
    calls: tuple[Call, ...] = ()
    offer: Offer | None = None
    wrap_up: WrapUp | None = None
    next: Choice | None = None
    connection: Connection = UNCONNECTED
    capabilities: Capabilities = field(default_factory=Capabilities)
    idle_since: Instant | None = None
    break_ends_at: Instant | None = None
    overdue: bool = False
    misses: int = 0
    ended_calls: EndedCalls = NONE_ENDED
    deleted: bool = False

    @property
    def break_reason(self) -> str:
        """The break reason of the visible status; empty outside ON_BREAK."""
        return self.choice.break_reason if self.status is Status.ON_BREAK else ""


@value
class Actor:
    """Who asked: the part played and the id from the credential (empty where there is none)."""

    role: ActorRole
    actor_id: str = ""


SYSTEM: Final = Actor(ActorRole.SYSTEM)


@value
class EndedOffer:
    """An offer that ended with a change."""

    claim_id: str
    call_id: str
    end: OfferEnd


@value
class Change:
    """Why a state became another.

    ``time_in_previous`` is None where status and break reason stayed as they were; ``occurred_at`` is the source's word about
    a call that was reported.
    """

    staff_id: str
    previous_status: Status | None
    previous_break_reason: str
    status: Status
    break_reason: str
    cause: Cause
    actor: Actor
    changed_at: Instant
    recorded_at: Instant
    call_id: str = ""
    claim_id: str = ""
    request_id: str = ""
    note: str = ""
    time_in_previous: Micros | None = None
    ended_offer: EndedOffer | None = None
    previous_skill_groups: tuple[str, ...] | None = None
    created: bool = False
    deleted: bool = False
    calls_started: int = 0
    occurred_at: Instant | None = None
