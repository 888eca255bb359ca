"""How a call fails, whoever failed it: the caller, the gateway or the service behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from onduty_web.codes import Code

Metadata = Sequence[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Detail:
    """A typed detail of an error: the full name of its message, and the message's bytes."""

    type_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """The end of a call that failed, as the service or the gateway says it."""

    code: Code
    message: str = ""
    details: tuple[Detail, ...] = ()
    trailers: Metadata = field(default=())
    status_bytes: bytes = b""
    """The ``google.rpc.Status`` that the service sent. Empty: none."""


class CallError(Exception):
    """A call that the gateway ends by itself, before or instead of the service."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(code, message)


class PeerGoneError(Exception):
    """The browser or program has left; nobody reads an answer."""
