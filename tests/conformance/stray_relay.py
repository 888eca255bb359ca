"""A gRPC server that hands every call on to the real one, but for statuses that it was told to answer with instead.

It stands for what proxies and servers of other versions answer, and for ways that are slow. It reads no message.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import error_details_pb2, status_pb2

STREAMS: Final = frozenset({"WatchStaff", "Attach", "WatchColleagues", "ExportTransitions"})
NOT_HANDED_ON: Final = ("user-agent", "te", "content-type", "grpc-")


@dataclass(frozen=True, slots=True)
class Stray:
    """A status; with a reason it is as the service's own, if the domain is."""

    code: grpc.StatusCode
    reason: str = ""
    domain: str = "onduty.dev"

    @property
    def trailers(self) -> tuple[tuple[str, bytes], ...]:
        """The details that go with it."""
        if not self.reason:
            return ()
        info = AnyMessage()
        info.Pack(error_details_pb2.ErrorInfo(reason=self.reason, domain=self.domain))
        status = status_pb2.Status(code=self.code.value[0], message="stray", details=[info])
        return (("grpc-status-details-bin", status.SerializeToString()),)


class StrayRelay(grpc.GenericRpcHandler):
    """Use ``start`` and ``stop``. ``strays`` has, by a method's short name, what its next calls are answered with."""

    def __init__(self, target: str) -> None:
        """``target`` is the real server."""
        self._target = target
        self.strays: defaultdict[str, deque[Stray]] = defaultdict(deque)
        self.address = ""
        self._open: set[Any] = set()
        self._lets_watch = asyncio.Event()
        self._lets_watch.set()

    async def start(self) -> "StrayRelay":
        """Listen on a free port."""
        self._channel = grpc.aio.insecure_channel(self._target, [("grpc.initial_reconnect_backoff_ms", 100)])
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        self._server.add_generic_rpc_handlers((self,))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        await self._server.start()
        return self

    async def stop(self) -> None:
        """End every call and stop listening."""
        await self._server.stop(0)
        await self._channel.close()

    def end_streams(self) -> None:
        """The streams that are open end, as those of a server that stops."""
        for call in tuple(self._open):
            self._open.discard(call)
            call.cancel()

    def hold_back(self) -> None:
        """Streams that are asked for from now on reach the server after ``let_on`` only."""
        self._lets_watch.clear()

    def let_on(self) -> None:
        """Ask the server for the streams that were held back."""
        self._lets_watch.set()

    def service(self, handler_call_details: Any) -> Any:
        """The handler of any method."""
        method = handler_call_details.method
        if method.rpartition("/")[2] in STREAMS:
            return grpc.unary_stream_rpc_method_handler(partial(self._stream, method))
        return grpc.unary_unary_rpc_method_handler(partial(self._unary, method))

    async def _unary(self, method: str, request: bytes, context: Any) -> bytes:
        await self._stray(method, context)
        try:
            return await self._channel.unary_unary(method)(request, **_handed_on(context))  # type: ignore[no-any-return]
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))

    async def _stream(self, method: str, request: bytes, context: Any) -> AsyncIterator[bytes]:
        await self._stray(method, context)
        await self._lets_watch.wait()
        call = self._channel.unary_stream(method)(request, **_handed_on(context))
        self._open.add(call)
        try:
            while (frame := await call.read()) is not grpc.aio.EOF:
                yield frame
        except asyncio.CancelledError:
            if call in self._open:  # The client has gone.
                raise
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the stream was ended")
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))
        finally:
            self._open.discard(call)
            call.cancel()

    async def _stray(self, method: str, context: Any) -> None:
        waiting = self.strays[method.rpartition("/")[2]]
        if waiting:
            stray = waiting.popleft()
            await context.abort(stray.code, "stray", stray.trailers)


def _handed_on(context: Any) -> dict[str, Any]:
    metadata = tuple(pair for pair in context.invocation_metadata() if not pair[0].startswith(NOT_HANDED_ON))
    return {"metadata": metadata, "timeout": context.time_remaining()}
