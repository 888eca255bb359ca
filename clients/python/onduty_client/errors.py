"""The errors of the client. Every failure of a call is one of these; they are made in ``error_map``.

All are direct children of ``OndutyError``. The sentence of an error is for people; programs read the fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onduty.v1.staff_pb2 import Action, SkillGroupSummary, Staff, StatusCount


@dataclass(frozen=True, slots=True)
class Violation:
    """A field at fault."""

    field: str
    """The field's path within the request."""
    description: str
    """What is wrong with it."""


class OndutyError(Exception):
    """A call failed. Raised itself where nothing more is known.

    Attributes:
        code: The gRPC code's name, as in ``NOT_FOUND``.
        reason: The name in ``ErrorReason`` without its prefix; empty where the failure is not the service's own.
        message: The failure in words.
        metadata: What the service tells beside the reason; its keys are documented at ``ErrorReason``.
        request_id: The id of the mutation that failed; empty for other calls.
    """

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "UNKNOWN",
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        request_id: str = "",
    ) -> None:
        """Keeps the fields as they are."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.reason or self.code}: {self.message}"


# --- the caller's ------------------------------------------------------------------------------------------------------


class InvalidRequestError(OndutyError):
    """A field is wrong. The same request will fail again.

    Attributes:
        violations: The fields at fault; empty where the server named none.
    """

    def __init__(self, message: str = "", *, violations: Sequence[Violation] = (), **known: Any) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.violations = tuple(violations)


class NotFoundError(OndutyError):
    """The staff member or claim is not known."""


class AlreadyExistsError(OndutyError):
    """The staff member or break reason exists already."""


class AccessError(OndutyError):
    """The credential is missing, wrong or has ended, or does not allow this."""


class UnsupportedError(OndutyError):
    """The server does not know this method."""


# --- the state does not allow it -----------------------------------------------------------------------------------------


class RefusedError(OndutyError):
    """The present state does not allow what was asked. Nothing was changed.

    Attributes:
        current: The state as it is; None where the server sent none.
        requested: What was asked; None where it has no action of its own.
        allowed: What is allowed now; None where the server did not say.
    """

    def __init__(
        self,
        message: str = "",
        *,
        current: Staff | None = None,
        requested: Action | None = None,
        allowed: Sequence[Action] | None = None,
        **known: Any,
    ) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.current = current
        self.requested = requested
        self.allowed = None if allowed is None else tuple(allowed)


class NobodyAvailableError(OndutyError):
    """None of the candidates, or nobody in the skill groups, can be given the call now.

    Attributes:
        counts: All who were asked about, by status; nobody counts twice.
        skill_groups: The members of each skill group that was asked, in the order of the request; empty with candidates.
    """

    def __init__(
        self,
        message: str = "",
        *,
        counts: Sequence[StatusCount] = (),
        skill_groups: Sequence[SkillGroupSummary] = (),
        **known: Any,
    ) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.counts = tuple(counts)
        self.skill_groups = tuple(skill_groups)


class RevisionMismatchError(OndutyError):
    """What was to be changed has changed since the expected revision. Read it again and decide anew.

    Attributes:
        current: The state as it is; None where it is not a staff member that changed.
        expected_revision: The revision that was expected; None where the server did not say.
    """

    def __init__(
        self, message: str = "", *, current: Staff | None = None, expected_revision: int | None = None, **known: Any
    ) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.current = current
        self.expected_revision = expected_revision


class PositionError(OndutyError):
    """The position cannot be used with this store any more. Watch or list afresh."""


class ReplacedError(OndutyError):
    """A workspace attached with the same id, and this stream is the older one. Do not attach again by itself.

    Attributes:
        workspace_id: The id that both have.
    """

    def __init__(self, message: str = "", *, workspace_id: str = "", **known: Any) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.workspace_id = workspace_id


# --- the service's -------------------------------------------------------------------------------------------------------


class OverloadedError(OndutyError):
    """The server has more to do than it takes.

    Attributes:
        retry_after: Seconds to wait before asking again; None where the server did not say.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None, **known: Any) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.retry_after = retry_after


class UnavailableError(OndutyError, ConnectionError):
    """The server cannot be reached, or cannot do it now. It was tried several times.

    Attributes:
        retry_after: Seconds to wait before asking again; None where nobody said.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None, **known: Any) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.retry_after = retry_after


class TimedOutError(OndutyError, TimeoutError):
    """No answer came in time: the outcome is unknown. Ask again with the same request id."""


class InternalError(OndutyError):
    """An unforeseen fault of the service.

    Attributes:
        incident_id: What to report; empty where the failure is not the service's own.
    """

    def __init__(self, message: str = "", *, incident_id: str = "", **known: Any) -> None:
        """``known``: the fields of every error."""
        super().__init__(message, **known)
        self.incident_id = incident_id
