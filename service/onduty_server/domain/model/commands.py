"""What can be asked of, reported about or done to one staff member, as values; decides nothing.

Every command carries its ``Origin``. Lengths and characters of ids are checked at the edge.
"""

from onduty_server.domain.model.change import SYSTEM, Actor
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import Attachment, Choice
from onduty_server.domain.model.status import Direction, Instant, Micros, WithdrawReason
from onduty_server.domain.model.values import value


@value
class Origin:
    """Who asked, with which request id and note (empty: none)."""

    actor: Actor = SYSTEM
    request_id: str = ""
    note: str = ""


@value
class ChangeStatus:
    """The staff member chooses. ``choice.status`` may be any status; the table refuses those the system sets."""

    choice: Choice
    origin: Origin


@value
class BackToReception:
    """The staff member ends the wrap-up."""

    origin: Origin


@value
class ContinueAfterCallWork:
    """The staff member stops the countdown."""

    origin: Origin


@value
class SetNextStatus:
    """The staff member sets the choice that applies after call and wrap-up."""

    choice: Choice
    origin: Origin


@value
class ClearNextStatus:
    """The staff member takes the next choice back."""

    origin: Origin


@value
class PlaceCall:
    """The staff member dials by hand."""

    call_id: str
    direction: Direction
    source: str
    origin: Origin


@value
class Claim:
    """A router claims the staff member. ``ttl`` None: the policy's. ``claim_id`` is new and unique.

    ``skill_group`` is the one by which the router found the staff member; empty: by the id.
    """

    claim_id: str
    call_id: str
    ttl: Micros | None
    direction: Direction
    source: str
    origin: Origin
    skill_group: str = ""


@value
class AcceptOffer:
    """The staff member accepts the offer of this claim."""

    claim_id: str
    origin: Origin


@value
class DeclineOffer:
    """The staff member declines the offer of this claim."""

    claim_id: str
    origin: Origin


@value
class WithdrawClaim:
    """The router withdraws its claim."""

    claim_id: str
    origin: Origin
    reason: WithdrawReason = WithdrawReason.OTHER


@value
class AnsweredElsewhere:
    """Somebody else answered the call of this claim."""

    claim_id: str
    origin: Origin


@value
class SourceCall:
    """A call as a telephony source knows it. ``leg`` empty: all its legs; what is None was not said."""

    call_id: str
    direction: Direction | None = None
    occurred_at: Instant | None = None
    leg: str = ""
    on_hold: bool | None = None
    answered: bool | None = None


@value
class CallStarted:
    """Telephony reports that a call is in progress. ``source`` empty: of whichever source the call is."""

    call: SourceCall
    source: str
    origin: Origin


@value
class CallEnded:
    """Telephony reports that a call, or one leg of it, ended; ``occurred_at`` is the source's word."""

    call_id: str
    origin: Origin
    occurred_at: Instant | None = None
    source: str = ""
    leg: str = ""
    answered: bool | None = None


@value
class ReconcileCalls:
    """A source tells all its calls of this staff member as they were at an instant: by its own clock, or by the server's.

    ``observed_at`` is by the source's clock, ``observed_by_server_at`` by the server's; at most one is set. With neither, the
    list is as new as its arrival.
    """

    source: str
    calls: tuple[SourceCall, ...]
    origin: Origin
    observed_at: Instant | None = None
    observed_by_server_at: Instant | None = None


@value
class ForceStatus:
    """A supervisor sets the choice; ``immediately`` drops calls instead of waiting for their end."""

    choice: Choice
    immediately: bool
    origin: Origin


@value
class Reset:
    """A supervisor clears calls, offer, wrap-up, next choice, misses and hold-off."""

    origin: Origin


@value
class Attach:
    """A workspace's stream opened; an older one of the same workspace is replaced."""

    attachment: Attachment
    origin: Origin


@value
class Detach:
    """Workspace streams ended: this one, or all of one server process when ``attachment_id`` is empty.

    The grace is not shorter than ``least_grace``: who lost a server needs a moment to find another one.
    """

    attachment_id: str
    instance_id: str
    origin: Origin
    least_grace: Micros = Micros(0)


@value
class RenewGrace:
    """The server has started: the grace of a staff member whose workspaces were gone before begins anew."""

    origin: Origin = Origin()


@value
class Expire:
    """The earliest deadline that has passed fires. Without one, nothing changes.

    Before ``attended_from`` nobody served: no offer could be answered, and no workspace come back.
    """

    origin: Origin = Origin()
    attended_from: Instant = Instant(0)


@value
class ShiftInstants:
    """The server's clock took a step forward: all that a length of time counts from or to moves by it."""

    by: Micros
    origin: Origin = Origin()


@value
class ApplyPolicy:
    """The tenant's policy changed: capabilities and the need for attachment are worked out anew."""

    origin: Origin


@value
class CreateStaff:
    """A new staff member, OFFLINE. ``person_id`` is new and unique; the operation makes it."""

    staff_id: str
    display_name: str
    skill_groups: tuple[SkillGroup, ...]
    origin: Origin
    person_id: str = ""


@value
class UpdateStaff:
    """New name or skill groups; None leaves a field as it is."""

    display_name: str | None
    skill_groups: tuple[SkillGroup, ...] | None
    origin: Origin


@value
class DeleteStaff:
    """The staff member leaves the directory; must be OFFLINE."""

    origin: Origin


Command = (
    ChangeStatus
    | BackToReception
    | ContinueAfterCallWork
    | SetNextStatus
    | ClearNextStatus
    | PlaceCall
    | Claim
    | AcceptOffer
    | DeclineOffer
    | WithdrawClaim
    | AnsweredElsewhere
    | CallStarted
    | CallEnded
    | ReconcileCalls
    | ForceStatus
    | Reset
    | Attach
    | Detach
    | RenewGrace
    | Expire
    | ShiftInstants
    | ApplyPolicy
    | UpdateStaff
    | DeleteStaff
)
"""What ``decide`` takes for a staff member that exists; ``CreateStaff`` is for one that does not."""
