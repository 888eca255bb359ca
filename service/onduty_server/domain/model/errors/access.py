"""The caller's errors about positions, pages, streams and rights."""

from dataclasses import dataclass

from onduty_server.domain.model.errors.branches import CallerError


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
class AttachmentReplacedError(CallerError):
    """The same workspace has attached again."""

    workspace_id: str

    def __str__(self) -> str:
        return f"workspace {self.workspace_id!r} has attached again: this is its older stream"


class ColleaguesHiddenError(CallerError):
    """The policy lets nobody see colleagues."""

    def __str__(self) -> str:
        return "the policy lets nobody see colleagues"


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
