"""The state of a staff member as values: three regions and what follows from them.

The regions are the *choice*, the *engagement* (calls, offer, wrap-up) and the *connection*. ``status``, ``capabilities`` and
the instants beside them are functions of the regions and their history; ``rules.agreeing`` keeps them true.
"""

from dataclasses import field
from typing import Final

from onduty_server.domain.model.ended_legs import NONE_ENDED, EndedLegs
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import Direction, HoldOffKind, Instant, Micros, Status
from onduty_server.domain.model.values import value

WORKSPACES_MOST: Final = 16
"""How many workspaces of one staff member may be attached at once."""

CALLS_MOST: Final = 32
"""How many calls of one staff member may be in progress. One more is taken, and the oldest irregular one is dropped at once."""

BREAKS_LEFT_MOST: Final = 16
"""How many reasons of one break are remembered with what they had left."""

CALL_BYTES_MOST: Final = 16 * 1024
"""How many bytes the ids of all calls may have. Ids of usual lengths never come near it."""


@value
class Choice:
    """What a staff member chose. ``break_reason`` is set with ON_BREAK only."""

    status: Status
    break_reason: str = ""


OFFLINE: Final = Choice(Status.OFFLINE)
AVAILABLE: Final = Choice(Status.AVAILABLE)


@value
class Call:
    """A call in progress: one leg of a source's call.

    ``source`` and ``leg`` are empty until telephony has named them. ``occurred_at`` is when the call began by the source's
    clock, and is compared with that clock's instants only; ``started_at`` is when the server heard of it, ``began_again_at``
    when it last heard of a later beginning (None: of none), as of a call handed back before its end was told. ``answered`` is
    None until telephony has said. ``hold_at`` is when what was last said of ``on_hold`` happened, by the source's clock, and
    ``some_leg_ran_at`` the latest instant at which a fact that names no leg says that the call ran. ``direction_assumed``:
    nobody has said the direction.
    """

    call_id: str
    direction: Direction
    source: str
    started_at: Instant
    ends_by: Instant
    irregular: bool = False
    occurred_at: Instant | None = None
    claim_id: str = ""
    leg: str = ""
    on_hold: bool = False
    answered: bool | None = None
    began_again_at: Instant | None = None
    hold_at: Instant | None = None
    some_leg_ran_at: Instant | None = None
    direction_assumed: bool = False


@value
class Offer:
    """A call offered and not answered yet. ``skill_group`` is the one by which the person was found; empty: claimed by id."""

    claim_id: str
    call_id: str
    offered_at: Instant
    expires_at: Instant
    direction: Direction
    source: str = ""
    skill_group: str = ""


@value
class HoldOff:
    """Until when no call is assigned, after what."""

    ends_at: Instant
    kind: HoldOffKind


@value
class WrapUp:
    """The wrap-up after the last call. ``ends_at`` None: open-ended; ``capped_at`` bounds it then, where policy says so."""

    call_id: str
    since: Instant
    ends_at: Instant | None
    capped_at: Instant | None = None


@value
class InterruptedWrapUp:
    """A wrap-up that a call interrupted: how much of it was left. ``left`` None: open-ended; ``cap_left`` bounds it then."""

    call_id: str
    left: Micros | None
    cap_left: Micros | None = None


@value
class OwedWrapUp:
    """The latest call of the engagement that has ended and owes a wrap-up, and when the server heard that it began."""

    call_id: str
    started_at: Instant


@value
class Attachment:
    """A workspace's stream, held by one server process.

    ``workspace_id`` is the workspace's own and names one stream at most; ``user_agent`` is what it says it is. ``attached_at``
    is set when it attaches.
    """

    attachment_id: str
    instance_id: str
    workspace_id: str = ""
    user_agent: str = ""
    attached_at: Instant = Instant(0)


@value
class Connection:
    """The workspaces. ``offline_at``: the grace runs until then; ``lapsed``: it ended during a call.

    ``grace_began_at`` is set with ``offline_at``: what a grace counts from.
    """

    attachments: tuple[Attachment, ...] = ()
    offline_at: Instant | None = None
    lapsed: bool = False
    grace_began_at: Instant | None = None


UNCONNECTED: Final = Connection()


@value
class BreakLeft:
    """How much of its limit a reason had left when it was left for another one in the same break."""

    break_reason: str
    left: Micros


@value
class Capabilities:
    """What may be done in a state. ``consult``: an internal call may be placed beside the one in progress."""

    assign_inbound: bool = False
    dial_out: bool = False
    internal_calls: bool = False
    change_status: bool = True
    consult: bool = False


@value
class StaffState:
    """The whole state of one staff member.

    ``status_since`` is set when the visible status or break reason changes; ``idle_since`` while AVAILABLE; ``break_ends_at``
    while the choice is a break whose reason has a limit, until it passes outside a call; ``changed_at`` never goes back.
    ``owed`` and ``interrupted`` are set in calls only, ``breaks_left`` while the choice is a break. ``last_call_ended_at`` is
    when the last call of an engagement ended, ``passed_over_at`` when an offer was last declined, missed or could not be
    delivered; None: never. ``person_id`` is made at the creation; ``groups_since`` is when the names of the skill groups
    changed, if that was after the status began; else 0.
    """

    staff_id: str
    display_name: str
    skill_groups: tuple[SkillGroup, ...]
    status: Status
    status_since: Instant
    changed_at: Instant
    choice: Choice = OFFLINE
    calls: tuple[Call, ...] = ()
    offer: Offer | None = None
    hold_off: HoldOff | None = None
    wrap_up: WrapUp | None = None
    next: Choice | None = None
    connection: Connection = UNCONNECTED
    capabilities: Capabilities = field(default_factory=Capabilities)
    idle_since: Instant | None = None
    break_ends_at: Instant | None = None
    overdue: bool = False
    misses: int = 0
    last_call_ended_at: Instant | None = None
    passed_over_at: Instant | None = None
    ended_legs: EndedLegs = NONE_ENDED
    owed: OwedWrapUp | None = None
    interrupted: InterruptedWrapUp | None = None
    breaks_left: tuple[BreakLeft, ...] = ()
    deleted: bool = False
    person_id: str = ""
    groups_since: Instant = Instant(0)

    @property
    def break_reason(self) -> str:
        """The break reason of the visible status; empty outside ON_BREAK."""
        return self.choice.break_reason if self.status is Status.ON_BREAK else ""
