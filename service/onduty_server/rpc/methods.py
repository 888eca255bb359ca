"""The methods of services: behaviours written without gRPC, which take a ``Caller`` and a message.

A unary behaviour returns bytes or a message, a streaming one yields frames.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from google.protobuf import descriptor_pool
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.message import Message

from onduty_server.rpc.caller import Caller

Req = TypeVar("Req", bound=Message)

Unary: TypeAlias = Callable[[Caller, Req], Awaitable[bytes | Message]]
Stream: TypeAlias = Callable[[Caller, Req], AsyncGenerator[bytes, None]]


@dataclass(frozen=True, slots=True)
class UnaryMethod(Generic[Req]):
    """A method with one answer; ``name`` is the full name, as ``/onduty.v1.RouterService/ListStaff``."""

    name: str
    request_type: type[Req]
    behaviour: Unary[Req]
    streams = False

    def only_reads(self) -> bool:
        """Whether the contract says that it changes nothing."""
        options = descriptor_pool.Default().FindMethodByName(self.name[1:].replace("/", ".")).GetOptions()
        return bool(options.idempotency_level == MethodOptions.NO_SIDE_EFFECTS)


@dataclass(frozen=True, slots=True)
class StreamMethod(Generic[Req]):
    """A method that answers with a stream; ``name`` is the full name."""

    name: str
    request_type: type[Req]
    behaviour: Stream[Req]
    streams = True


Method: TypeAlias = UnaryMethod[Any] | StreamMethod[Any]
"""Any method: what its request is, its behaviour and its type agree on, and nobody else needs to know."""


class MethodTable:
    """Names the methods of one service."""

    def __init__(self, service: str) -> None:
        """``service`` is the contract's name without the package."""
        self._prefix = f"/onduty.v1.{service}/"

    def unary(self, name: str, request_type: type[Req], behaviour: Unary[Req]) -> UnaryMethod[Req]:
        """A method with one answer."""
        return UnaryMethod(self._prefix + name, request_type, behaviour)

    def stream(self, name: str, request_type: type[Req], behaviour: Stream[Req]) -> StreamMethod[Req]:
        """A method that answers with a stream."""
        return StreamMethod(self._prefix + name, request_type, behaviour)
