"""The part of gRPC's call context that the edge uses, as a protocol."""

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, Protocol

import grpc


class CallContext(Protocol):
    """The part of ``grpc.aio.ServicerContext`` that is used."""

    def invocation_metadata(self) -> Sequence[tuple[str, str | bytes]] | None:
        """What the caller sent beside the request."""

    def auth_context(self) -> Mapping[str, Sequence[bytes]]:
        """What the connection's TLS handshake showed."""

    def peer(self) -> str:
        """The connection's name."""

    def cancelled(self) -> bool:
        """Whether the caller has given the call up."""

    def done(self) -> bool:
        """Whether the call is over."""

    def add_done_callback(self, callback: Callable[[object], None]) -> None:
        """Have something called when the call is over."""

    async def send_initial_metadata(self, metadata: tuple[tuple[str, str | bytes], ...]) -> None:
        """Send the headers of the answer."""

    async def write(self, message: bytes) -> None:
        """Send a message of a stream."""

    async def abort(
        self, code: grpc.StatusCode, details: str, trailing_metadata: tuple[tuple[str, str | bytes], ...] = ...
    ) -> NoReturn:
        """End the call with an error."""
