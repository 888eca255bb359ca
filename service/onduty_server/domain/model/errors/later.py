"""Errors of load and of the service itself: the same request may succeed later."""

from dataclasses import dataclass

from onduty_server.domain.model.errors.base import ServiceError, ThrottledError


@dataclass(eq=False)
class OverloadedError(ThrottledError):
    """Too much waits: commands to be written, or answers to be read, as ``what`` says."""

    limit: int
    what: str = "commands are waiting"

    def __str__(self) -> str:
        return f"more than {self.limit} {self.what}: slow down and retry"


@dataclass(eq=False)
class WatchQuotaError(ThrottledError):
    """Too many streams."""

    limit: int

    def __str__(self) -> str:
        return f"more than {self.limit} streams are open: close some first"


@dataclass(eq=False)
class AttachmentQuotaError(ThrottledError):
    """Too many workspaces."""

    limit: int

    def __str__(self) -> str:
        return f"more than {self.limit} workspaces are attached: close some first"


@dataclass(eq=False)
class WatcherTooSlowError(ThrottledError):
    """The watcher left the kept changes."""

    last_revision: int

    def __str__(self) -> str:
        return f"the watcher fell behind the kept changes after revision {self.last_revision}: watch again"


class JournalUnavailableError(ServiceError):
    """The journal cannot be written or read. The message is for the log; callers get a fixed sentence."""


class DrainingError(ServiceError):
    """The server is going away."""

    def __str__(self) -> str:
        return "the server is shutting down: retry on another, or in a moment"
