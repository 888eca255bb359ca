"""What a protocol of callers is to the gateway: how it reads a request, and how it writes an answer."""

from dataclasses import dataclass
from typing import Protocol

from onduty_web.codecs import Codec
from onduty_web.compression import IDENTITY
from onduty_web.exchange import Exchange
from onduty_web.failures import Failure, Metadata
from onduty_web.methods import RpcMethod


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A call as its headers ask for it."""

    metadata: Metadata
    timeout: float | None
    """Seconds; None: the caller names none."""
    encoding: str = IDENTITY
    """How the body is compressed, where it is."""


class CallProtocol(Protocol):
    """One protocol. An object of it serves one call."""

    codec: Codec

    def head(self) -> CallRequest:
        """What the headers ask.

        Raises:
            CallError: They are not as the protocol has them.
        """

    async def message(self, encoding: str) -> bytes:
        """The request's message, in the caller's codec.

        Raises:
            CallError: There is none, or it is not as the protocol has it.
            PeerGoneError: The peer left.
        """

    async def begin(self, metadata: Metadata) -> None:
        """The service's first metadata."""

    async def send(self, content: bytes) -> None:
        """A message, in the caller's codec. It waits while the peer does not read."""

    async def end(self, outcome: Failure | Metadata) -> None:
        """The end: a failure, or the trailing metadata. It may come without a beginning."""


class ProtocolOfCall(Protocol):
    """Makes the object that serves one call."""

    def __call__(self, exchange: Exchange, method: RpcMethod, codec: Codec) -> CallProtocol:
        """The protocol of this call."""
