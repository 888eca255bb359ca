"""Everything that can go wrong, as one tree of exceptions with fields; knows no wire codes.

OndutyError
├── CallerError                   the request cannot be granted; sending it again unchanged will not help
│   ├── InvalidFieldsError        fields out of their bounds, all of them at once
│   ├── StaffUnknownError / StaffExistsError / StaffSignedInError / StaffNotDeletedError
│   ├── TransitionRefusedError    the status does not allow it
│   │   ├── NotAssignableError    a claim on someone who cannot be assigned
│   │   └── OfferGoneError        an answer to an offer that is not outstanding
│   ├── NobodyAvailableError      a claim on a group or on candidates, none of whom can be given the call
│   ├── ClaimUnknownError
│   ├── RevisionMismatchError     the expected revision no longer holds
│   ├── RequestIdReusedError
│   ├── BreakReasonUnknownError / -DisabledError / -ExistsError / -BuiltInError
│   ├── Position errors           TooOld, InFuture, EpochEnded, Foreign, FilterChanged, Malformed
│   ├── PageTokenInvalidError
│   ├── WatcherTooSlowError / WatchQuotaError / OverloadedError
│   ├── AttachmentQuotaError / AttachmentReplacedError
│   ├── ColleaguesHiddenError     the policy lets nobody see colleagues
│   └── UnauthenticatedError / PermissionDeniedError
└── ServiceError                  ours; the same request may succeed later
    ├── JournalUnavailableError
    └── DrainingError
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Action, Direction, Status


class OndutyError(Exception):
    """Any error that callers are told about."""


class CallerError(OndutyError):
    """The caller's to mend."""


class ServiceError(OndutyError):
    """Ours; the caller may try again."""


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field at fault: its path in the request, and what is wrong."""

    field: str
    description: str


@dataclass(eq=False)
class InvalidFieldsError(CallerError):
    """Fields out of their bounds."""

    violations: tuple[FieldViolation, ...]

    def __str__(self) -> str:
        told = "; ".join(f"{one.field} {one.description}" for one in self.violations[:3])
        more = len(self.violations) - 3
        return f"{told}; and {more} more" if more > 0 else told


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


class PositionError(CallerError):
    """A position that cannot be continued from: watch afresh."""


@dataclass(eq=False)
class PositionTooOldError(PositionError):
    """Older than the kept history."""

    requested: int
    oldest: int
    current: int

    def __str__(self) -> str:
        return f"position {self.requested} is older than the kept history (from {self.oldest}): watch afresh"


@dataclass(eq=False)
class PositionInFutureError(PositionError):
    """Ahead of the store."""

    requested: int
    current: int

    def __str__(self) -> str:
        return f"position {self.requested} is ahead of this store ({self.current}): watch afresh"


class PositionEpochEndedError(PositionError):
    """Of a history that was cut: what follows it here is not what followed it there."""

    def __str__(self) -> str:
        return "the position is of a history that was cut, as by restoring a backup: watch afresh"


class PositionForeignError(PositionError):
    """Of another store or tenant."""

    def __str__(self) -> str:
        return "the position belongs to another store or tenant: watch afresh"


class PositionFilterChangedError(PositionError):
    """Given out for another filter."""

    def __str__(self) -> str:
        return "the position was given out for another filter: use the same filter, or watch afresh"


class PositionMalformedError(PositionError):
    """Not one of ours."""

    def __str__(self) -> str:
        return "the position is not one this service made: pass it on exactly as received"


class PageTokenInvalidError(CallerError):
    """Not for this request, or its pages are gone."""

    def __str__(self) -> str:
        return "the page token was not made for this request, or its pages are no longer kept: list afresh"


@dataclass(eq=False)
class WatcherTooSlowError(CallerError):
    """The watcher left the kept changes."""

    last_revision: int

    def __str__(self) -> str:
        return f"the watcher fell behind the kept changes after revision {self.last_revision}: watch again"


@dataclass(eq=False)
class WatchQuotaError(CallerError):
    """Too many streams."""

    limit: int

    def __str__(self) -> str:
        return f"more than {self.limit} streams are open: close some first"


@dataclass(eq=False)
class AttachmentQuotaError(CallerError):
    """Too many workspaces."""

    limit: int

    def __str__(self) -> str:
        return f"more than {self.limit} workspaces are attached: close some first"


@dataclass(eq=False)
class AttachmentReplacedError(CallerError):
    """The same workspace has attached again."""

    workspace_id: str

    def __str__(self) -> str:
        return f"workspace {self.workspace_id!r} has attached again: this is its older stream"


class ColleaguesHiddenError(CallerError):
    """The policy lets nobody see colleagues."""

    def __str__(self) -> str:
        return "the policy lets nobody see colleagues"


@dataclass(eq=False)
class OverloadedError(CallerError):
    """Too many commands wait."""

    limit: int

    def __str__(self) -> str:
        return f"more than {self.limit} commands are waiting: slow down and retry"


class UnauthenticatedError(CallerError):
    """No valid credential."""

    def __str__(self) -> str:
        return "a valid credential is needed"


@dataclass(eq=False)
class PermissionDeniedError(CallerError):
    """The role does not reach that far."""

    method: str

    def __str__(self) -> str:
        return f"the caller's role does not allow {self.method}"


class JournalUnavailableError(ServiceError):
    """The journal cannot be written or read. The message is for the log; callers get a fixed sentence."""


class DrainingError(ServiceError):
    """The server is going away."""

    def __str__(self) -> str:
        return "the server is shutting down: retry on another, or in a moment"
