"""Who may not."""

from dataclasses import dataclass

from onduty_server.domain.model.errors.base import CallerError


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


class ColleaguesHiddenError(CallerError):
    """The policy lets nobody see colleagues."""

    def __str__(self) -> str:
        return "the policy lets nobody see colleagues"
