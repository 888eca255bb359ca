"""Errors of load and of the service itself: the same request may succeed later. ``bound`` names the limit that was reached."""

from dataclasses import dataclass

from onduty_server.domain.model.errors.base import ServiceError, ThrottledError


@dataclass(eq=False)
class OverloadedError(ThrottledError):
    """Too much waits: commands to be written, or answers to be read, as ``what`` says."""

    limit: int
    what: str = "commands are waiting"
    bound: str = "waiting_requests"

    def __str__(self) -> str:
        return f"more than {self.limit} {self.what}: slow down and retry"


@dataclass(eq=False)
class WatchQuotaError(ThrottledError):
    """Too many streams."""

    limit: int
    bound: str = "streams"

    def __str__(self) -> str:
        return f"more than {self.limit} streams are open: close some first"


@dataclass(eq=False)
class AttachmentQuotaError(ThrottledError):
    """Too many workspaces."""

    limit: int
    bound: str = "workspaces_per_staff"

    def __str__(self) -> str:
        return f"more than {self.limit} workspaces are attached: close some first"


@dataclass(eq=False)
class RateLimitedError(ThrottledError):
    """More is asked for than the caller, or its tenant, may have a second."""

    per_second: int
    retry_after_seconds: float
    bound: str = ""

    def __str__(self) -> str:
        what, _, whose = self.bound.partition("_per_")
        return f"more than {self.per_second} {what} a second of one {whose} are asked for ({self.bound}): slow down and retry"


@dataclass(eq=False)
class WatcherTooSlowError(ThrottledError):
    """The watcher left the kept changes."""

    last_revision: int

    def __str__(self) -> str:
        return f"the watcher fell behind the kept changes after revision {self.last_revision}: watch again"


class JournalUnavailableError(ServiceError):
    """The journal cannot be written or read. The message is for the log; callers get a fixed sentence."""


@dataclass(eq=False)
class LeaderUnavailableError(JournalUnavailableError):
    """No replica decides just now. ``may_be_decided``: the leader was lost while it had the request."""

    why: str
    may_be_decided: bool = False

    def __str__(self) -> str:
        return self.why


class DrainingError(ServiceError):
    """The server is going away."""

    def __str__(self) -> str:
        return "the server is shutting down: retry on another, or in a moment"


class IssuerUnavailableError(ServiceError):
    """Tokens cannot be checked: their issuer's keys have not been had yet."""

    def __str__(self) -> str:
        return "tokens cannot be checked yet, as their issuer has not answered: retry in a moment"
