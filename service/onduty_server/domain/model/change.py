"""Why a state became another, as a value."""

from enum import IntEnum
from typing import Final

from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import ActorRole, Cause, Direction, Instant, Micros, OfferEnd, Status
from onduty_server.domain.model.values import value


@value
class Actor:
    """Who asked: the part played and the id from the credential (empty where there is none)."""

    role: ActorRole
    actor_id: str = ""


SYSTEM: Final = Actor(ActorRole.SYSTEM)


class ChangeKind(IntEnum):
    """What a change did to the staff member's entry in the directory."""

    CHANGED = 1
    CREATED = 2
    DELETED = 3


@value
class EndedOffer:
    """An offer that ended with a change."""

    claim_id: str
    call_id: str
    end: OfferEnd


@value
class Change:
    """Why a state became another.

    ``source`` is that of ``call_id``. ``skill_groups_before`` and ``skill_groups_after`` are None where the groups stayed as
    they were; ``time_in_previous`` is None where status and break reason did. ``occurred_at`` is the source's word about a call
    that was reported.
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
    skill_groups_before: tuple[SkillGroup, ...] | None = None
    skill_groups_after: tuple[SkillGroup, ...] | None = None
    kind: ChangeKind = ChangeKind.CHANGED
    calls_started: int = 0
    calls_answered: tuple[Direction, ...] = ()
    occurred_at: Instant | None = None
    person_id: str = ""
    source: str = ""
