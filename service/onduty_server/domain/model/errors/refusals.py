"""What the state of staff, or of the catalogue, does not allow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onduty_server.domain.model.errors.base import CallerError
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Action, Direction, Status


@dataclass(eq=False)
class StaffUnknownError(CallerError):
    """No such staff member in the tenant. ``others`` are more of a list that are unknown too."""

    staff_id: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        unknown = ", ".join(repr(staff_id) for staff_id in (self.staff_id, *self.others[:9]))
        more = f" and {len(self.others) - 9} more" if len(self.others) > 9 else ""
        return f"there is no staff member {unknown}{more}"


@dataclass(eq=False)
class StaffExistsError(CallerError):
    """The id is taken."""

    staff_id: str

    def __str__(self) -> str:
        return f"staff member {self.staff_id!r} exists already"


@dataclass(eq=False)
class StaffNotDeletedError(CallerError):
    """Somebody who is in the directory cannot be erased."""

    staff_id: str

    def __str__(self) -> str:
        return f"staff member {self.staff_id!r} is in the directory: delete them before erasing"


@dataclass(eq=False)
class TransitionRefusedError(CallerError):
    """The status does not allow what was asked. ``revision`` is set by the engine once it is durable."""

    current: StaffState
    requested: Action | None
    allowed: tuple[Action, ...]
    revision: int = field(default=0, kw_only=True)
    only: str = field(default="", kw_only=True)
    """Which kind of ``requested`` is allowed, where it is one of them; the sentence says so."""

    def __str__(self) -> str:
        asked = self.requested.name if self.requested else "this"
        but = f" (only {self.only} is allowed)" if self.only else ""
        can = ", ".join(action.name for action in self.allowed) or "nothing"
        return f"{self.current.staff_id!r} is {self.current.status.name}: {asked} is refused{but}; allowed: {can}"


@dataclass(eq=False)
class NotAssignableError(TransitionRefusedError):
    """A call of this direction cannot be put on offer to the staff member. ``barred``: what bars every call, if anything."""

    direction: Direction = field(default=Direction.INBOUND, kw_only=True)
    barred: str = field(default="", kw_only=True)

    def __str__(self) -> str:
        reason = f" {self.barred}" if self.barred else ""
        call = "no call" if self.barred or self.direction is Direction.INBOUND else f"no {self.direction.name} call"
        return f"{self.current.staff_id!r} is {self.current.status.name}{reason}: {call} can be assigned"


@dataclass(eq=False)
class OfferGoneError(TransitionRefusedError):
    """The offer is not outstanding."""

    claim_id: str = ""

    def __str__(self) -> str:
        return f"claim {self.claim_id!r} is no longer on offer to {self.current.staff_id!r}"


@dataclass(eq=False)
class StaffSignedInError(TransitionRefusedError):
    """A signed-in staff member cannot be deleted."""

    def __str__(self) -> str:
        return f"{self.current.staff_id!r} is {self.current.status.name}: sign out or force OFFLINE before deleting"


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """A skill group's members. ``counts``: status to (members, assignable members)."""

    skill_group: str
    counts: Mapping[Status, tuple[int, int]]

    def __str__(self) -> str:
        members = ", ".join(f"{status.name} {count}" for status, (count, _) in self.counts.items()) or "no members"
        return f"{self.skill_group!r} has {members}"


@dataclass(eq=False)
class NobodyAvailableError(CallerError):
    """Nobody of those asked for can be given the call.

    ``counts`` are of all asked for, nobody twice: status to (members, assignable members). ``groups`` are the groups asked
    for, in their order; none with candidates.
    """

    counts: Mapping[Status, tuple[int, int]]
    groups: tuple[GroupCounts, ...] = ()

    def __str__(self) -> str:
        if not self.groups:
            return "none of the candidates can be given the call"
        return "nobody can be given the call: " + "; ".join(str(group) for group in self.groups)


@dataclass(eq=False)
class ClaimUnknownError(CallerError):
    """No such claim is known."""

    claim_id: str

    def __str__(self) -> str:
        return f"claim {self.claim_id!r} is not outstanding, or ended too long ago to be known"


@dataclass(eq=False)
class RevisionMismatchError(CallerError):
    """The key changed since the expected revision. ``current`` is set for staff, with its durable ``revision``."""

    kind: str
    key: str
    expected: int
    current: StaffState | None = None
    revision: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.key!r} is at revision {self.revision}, not {self.expected}"


@dataclass(eq=False)
class QueryTooLongError(CallerError):
    """What was asked of the history took longer than it may."""

    limit_seconds: float

    def __str__(self) -> str:
        return f"this takes longer than {self.limit_seconds:g} s: ask for a shorter interval or fewer people"


@dataclass(eq=False)
class RequestIdReusedError(CallerError):
    """The request id was used with other content."""

    request_id: str

    def __str__(self) -> str:
        return f"request_id {self.request_id!r} was used before for a request with other content"


@dataclass(eq=False)
class BreakReasonError(CallerError):
    """About one break reason."""

    code: str


class BreakReasonUnknownError(BreakReasonError):
    """Not in the catalogue."""

    def __str__(self) -> str:
        return f"there is no break reason {self.code!r}"


class BreakReasonDisabledError(BreakReasonError):
    """In the catalogue, but not to be chosen."""

    def __str__(self) -> str:
        return f"break reason {self.code!r} cannot be chosen: it is disabled or reserved for the service"


class BreakReasonExistsError(BreakReasonError):
    """The code is taken."""

    def __str__(self) -> str:
        return f"break reason {self.code!r} exists already"


class BreakReasonBuiltInError(BreakReasonError):
    """The service needs it."""

    def __str__(self) -> str:
        return f"break reason {self.code!r} is built in: it cannot be disabled or deleted"


@dataclass(eq=False)
class AttachmentReplacedError(CallerError):
    """The same workspace has attached again."""

    workspace_id: str

    def __str__(self) -> str:
        return f"workspace {self.workspace_id!r} has attached again: this is its older stream"
