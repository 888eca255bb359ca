"""A tenant's policy and break reasons, with their defaults and bounds; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from onduty_server.domain.model.status import Direction, HoldOffKind, Micros, seconds

NO_ANSWER_REASON: Final = "no-answer"
"""The built-in break reason of those who missed offers; staff cannot choose it."""

ALL_DIRECTIONS: Final = frozenset(Direction)


class ReturnTo(IntEnum):
    """Where a staff member goes after wrap-up when no next choice is set."""

    AVAILABLE = 1
    PRE_CALL = 2


class NoAnswerStatus(IntEnum):
    """What happens to a staff member who missed offers in a row."""

    NONE = 1
    ON_BREAK = 2
    BUSY = 3


class BreakLimitAction(IntEnum):
    """What happens when a break passes its limit, beside the overdue mark."""

    NONE = 1
    OFFLINE = 2


class Colleagues(IntEnum):
    """Which colleagues staff may see."""

    NOBODY = 1
    OWN_GROUPS = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """The closed interval a policy's length of time may lie in; ``none_is`` allows 0 for "none"."""

    least: Micros
    most: Micros
    zero_is_none: bool = False

    def allow(self, value: Micros, *, rehearsal: bool = False) -> bool:
        """Whether the value is within; a rehearsal lowers the lower bound to a millisecond."""
        if value == 0 and self.zero_is_none:
            return True
        least = min(self.least, seconds(0.001)) if rehearsal else self.least
        return least <= value <= self.most


COUNTDOWN_BOUNDS: Final = Bounds(seconds(1), seconds(3600))
WRAP_UP_CAP_BOUNDS: Final = Bounds(seconds(1), seconds(24 * 3600), zero_is_none=True)
CLAIM_TTL_BOUNDS: Final = Bounds(seconds(1), seconds(600))
GRACE_BOUNDS: Final = Bounds(seconds(0), seconds(3600))
BREAK_GRACE_BOUNDS: Final = Bounds(seconds(0), seconds(8 * 3600))
LATE_FACT_BOUNDS: Final = Bounds(seconds(0), seconds(600))
CALL_AGE_BOUNDS: Final = Bounds(seconds(60), seconds(7 * 24 * 3600))
RETENTION_BOUNDS: Final = Bounds(seconds(24 * 3600), seconds(3650 * 24 * 3600))
HOLD_OFF_BOUNDS: Final = Bounds(seconds(0), seconds(3600))
BREAK_LIMIT_BOUNDS: Final = Bounds(seconds(1), seconds(24 * 3600), zero_is_none=True)
MISSES_LEAST: Final = 1
MISSES_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Policy:
    """What a tenant may set about the rules. Lengths of time are in microseconds; a cap or limit of 0 means none.

    ``disconnect_grace_on_break`` None: the same as ``disconnect_grace``.
    """

    wrap_up_enabled: bool = True
    wrap_up_countdown: Micros = seconds(30)
    wrap_up_directions: frozenset[Direction] = ALL_DIRECTIONS
    wrap_up_unanswered: bool = True
    wrap_up_cap: Micros = Micros(0)
    return_to: ReturnTo = ReturnTo.AVAILABLE
    claim_ttl: Micros = seconds(20)
    no_answer_misses: int = 2
    no_answer_status: NoAnswerStatus = NoAnswerStatus.ON_BREAK
    hold_off_after_decline: Micros = Micros(0)
    hold_off_after_miss: Micros = Micros(0)
    hold_off_after_unreachable: Micros = seconds(5)
    disconnect_grace: Micros = seconds(60)
    require_attachment: bool = False
    max_call_age: Micros = seconds(4 * 3600)
    late_fact_window: Micros = seconds(10)
    break_internal_calls: bool = False
    after_call_work_dial_out: bool = True
    after_call_work_internal_calls: bool = False
    retention: Micros = seconds(180 * 24 * 3600)
    break_limit_action: BreakLimitAction = BreakLimitAction.NONE
    disconnect_grace_on_break: Micros | None = None
    in_line_consultation: bool = False
    colleagues: Colleagues = Colleagues.OWN_GROUPS

    def grace(self, *, on_break: bool) -> Micros:
        """How long a vanished workspace may stay away."""
        own = self.disconnect_grace_on_break
        return self.disconnect_grace if own is None or not on_break else own

    def hold_off(self, kind: HoldOffKind) -> Micros:
        """For how long no call is assigned after this; 0: not at all."""
        match kind:
            case HoldOffKind.DECLINE:
                return self.hold_off_after_decline
            case HoldOffKind.MISS:
                return self.hold_off_after_miss
            case HoldOffKind.UNREACHABLE:
                return self.hold_off_after_unreachable

    def owes_wrap_up(self, direction: Direction, *, answered: bool | None) -> bool:
        """Whether a call of this direction is followed by wrap-up; one of which nobody said whether it was answered was."""
        if not self.wrap_up_enabled or direction not in self.wrap_up_directions:
            return False
        return self.wrap_up_unanswered or answered is not False


DURATION_BOUNDS: Final[Mapping[str, Bounds]] = MappingProxyType(
    {
        "wrap_up_countdown": COUNTDOWN_BOUNDS,
        "wrap_up_cap": WRAP_UP_CAP_BOUNDS,
        "claim_ttl": CLAIM_TTL_BOUNDS,
        "hold_off_after_decline": HOLD_OFF_BOUNDS,
        "hold_off_after_miss": HOLD_OFF_BOUNDS,
        "hold_off_after_unreachable": HOLD_OFF_BOUNDS,
        "disconnect_grace": GRACE_BOUNDS,
        "disconnect_grace_on_break": BREAK_GRACE_BOUNDS,
        "max_call_age": CALL_AGE_BOUNDS,
        "late_fact_window": LATE_FACT_BOUNDS,
        "retention": RETENTION_BOUNDS,
    }
)
"""The bounds of every length of time in a policy, by field."""


@dataclass(frozen=True, slots=True)
class BreakReason:
    """A reason for a break. ``limit`` of 0 means no limit."""

    code: str
    display_name: str = ""
    enabled: bool = True
    limit: Micros = Micros(0)

    @property
    def built_in(self) -> bool:
        """Made by the service; it cannot be chosen, disabled or deleted."""
        return self.code == NO_ANSWER_REASON


BUILT_IN_REASON: Final = BreakReason(NO_ANSWER_REASON, "No answer")


@dataclass(frozen=True, slots=True)
class Rules:
    """All of a tenant's configuration that decisions depend on."""

    policy: Policy = field(default_factory=Policy)
    break_reasons: Mapping[str, BreakReason] = field(default_factory=lambda: MappingProxyType({}))

    def break_reason(self, code: str) -> BreakReason | None:
        """The reason with this code, the built-in one included."""
        found = self.break_reasons.get(code)
        if found is None and code == NO_ANSWER_REASON:
            return BUILT_IN_REASON
        return found
