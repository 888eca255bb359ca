"""The ways a client command can fail, as exceptions with structured fields; the sentences are made in explanations.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from onduty.v1 import errors_pb2

PARTLY_DONE = 4
"""The exit code of a command that did a part of what it was to do for several, and could not do the rest."""


class CommandError(Exception):
    """A client command cannot go on. ``exit_code`` is what the process ends with."""

    exit_code = 1


# --- the caller's --------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class InputError(CommandError):
    """A file that the caller named cannot be used."""

    name: str
    fault: str


@dataclass(eq=False)
class ItemsError(CommandError):
    """Some items of several failed; each has been reported already."""

    failed: int
    done: int = 0

    @property
    def exit_code(self) -> int:  # type: ignore[override]
        """4 if others were done, 1 if none was."""
        return PARTLY_DONE if self.done else 1


@dataclass(eq=False)
class UnknownNameError(CommandError):
    """The user named something that is not there."""

    kind: str
    """What it would be, as in ``skill group``."""
    name: str
    near: Sequence[str]
    """What may have been meant."""
    hint: str
    """Where to see what there is."""


# --- the service's answer ------------------------------------------------------------------------------------------


@dataclass(eq=False)
class RefusedError(CommandError):
    """The service answered with an error. ``reason`` is empty where the answer does not come from Onduty."""

    code: str
    """The gRPC status code's name."""
    message: str
    reason: str = ""
    """The catalogue's name of the error, as in ``STAFF_UNKNOWN``."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    field_faults: tuple[tuple[str, str], ...] = ()
    """Every field at fault with what is wrong with it."""
    refusal: errors_pb2.TransitionRefusal | None = None
    mismatch: errors_pb2.RevisionMismatch | None = None
    nobody: errors_pb2.NobodyAvailable | None = None
    retry_after_seconds: float | None = None

    @property
    def means_watch_afresh(self) -> bool:
        """The position cannot be resumed after; a watch without one can begin."""
        return self.reason.startswith("POSITION_")

    @property
    def may_pass(self) -> bool:
        """The same request may succeed later, without anybody's doing."""
        return self.code in {"UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED", "INTERNAL", "CANCELLED", "UNKNOWN"}


# --- nobody's answer -----------------------------------------------------------------------------------------------


@dataclass(eq=False)
class UnreachableError(CommandError):
    """No Onduty server answered at the address."""

    exit_code = 3

    server: str
    detail: str


@dataclass(eq=False)
class NoAnswerError(CommandError):
    """The server was reached but did not answer in time; a change may have been made or not."""

    exit_code = 3

    server: str
    timeout_seconds: float
