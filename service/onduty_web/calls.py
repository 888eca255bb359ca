"""One call from its request to its end, whatever protocol the caller speaks; a peer that leaves ends it at once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from google.protobuf.message import Message

from onduty_web.codes import Code
from onduty_web.exchange import Drain, Exchange, cancel_all
from onduty_web.failures import CallError, Failure, Metadata, PeerGoneError
from onduty_web.methods import RpcMethod
from onduty_web.protocol import CallProtocol
from onduty_web.upstream import Upstream, UpstreamCall

Translate = Callable[[bytes, type[Message]], bytes]

LARGE_BYTES: Final = 32 * 1024
"""Messages from this size on are translated in a thread: the others' streams go on meanwhile."""


async def serve(exchange: Exchange, method: RpcMethod, protocol: CallProtocol, upstream: Upstream, drain: Drain) -> None:
    """Serves a call."""
    with suppress(PeerGoneError):
        try:
            outcome = await _carried_out(exchange, method, protocol, upstream, drain)
        except CallError as error:
            outcome = error.failure
        await protocol.end(outcome)


async def _carried_out(
    exchange: Exchange, method: RpcMethod, protocol: CallProtocol, upstream: Upstream, drain: Drain
) -> Failure | Metadata:
    time = asyncio.get_running_loop().time
    began_at = time()
    head = protocol.head()
    if method.streams_requests:
        raise CallError(Code.UNIMPLEMENTED, f"{method.path} takes a stream of requests, which needs gRPC")
    if upstream.shows_certificate and not any(key == "authorization" for key, _ in head.metadata):
        raise CallError(Code.UNAUTHENTICATED, "the call shows no credential")
    timeout = head.timeout
    own = exchange.limits.unary_seconds if timeout is None and not method.streams_responses else None
    try:
        async with asyncio.timeout(timeout):
            content = await protocol.message(head.encoding)
            request = await _translated(protocol.codec.to_proto, content, method.request)
    except TimeoutError:
        raise CallError(Code.DEADLINE_EXCEEDED, "the deadline passed before the request had come") from None
    left = None if timeout is None else timeout - (time() - began_at)
    if left is not None and left <= 0:
        raise CallError(Code.DEADLINE_EXCEEDED, "the deadline passed before the request had come")
    try:
        call = upstream.start(method, request, head.metadata, timeout=left)
    except (ValueError, TypeError) as error:
        raise CallError(Code.INVALID_ARGUMENT, f"the headers cannot be metadata: {error}") from error
    try:
        async with asyncio.timeout(own):
            return await _answered(exchange, method, protocol, call, drain)
    except TimeoutError:
        raise CallError(Code.DEADLINE_EXCEEDED, f"the service did not answer within {own} s") from None
    finally:
        call.cancel()


async def _answered(
    exchange: Exchange, method: RpcMethod, protocol: CallProtocol, call: UpstreamCall, drain: Drain
) -> Failure | Metadata:
    """Hands the service's messages on, each when it comes, until the call's end, the peer's or the gateway's."""
    # Unary calls get their time when the gateway ends; streams have no end of their own.
    stopper = _Stopper(call, exchange, drain if method.streams_responses else None)
    try:
        await protocol.begin(await call.initial_metadata())
        while (content := await call.read()) is not None:
            await protocol.send(await _translated(protocol.codec.from_proto, content, method.response))
        stopper.check()
        return await call.end()
    except asyncio.CancelledError:
        stopper.check()
        raise
    finally:
        call.cancel()
        await stopper.close()


class _Stopper:
    """Cancels a call when its peer leaves or the gateway ends: whoever reads it goes on at once, and asks why.

    Reading the call and waiting for its peer side by side would cost two tasks a message.
    """

    def __init__(self, call: UpstreamCall, exchange: Exchange, drain: Drain | None) -> None:
        self._call = call
        self._waits = [asyncio.create_task(exchange.gone())]
        if drain is not None:
            self._waits.append(asyncio.create_task(drain.wait()))
        for wait in self._waits:
            wait.add_done_callback(self._stop)
        self._closed = False

    def check(self) -> None:
        """Says why the call was cancelled, if it was here.

        Raises:
            PeerGoneError: The peer has left.
            CallError: The gateway ends.
        """
        gone, *others = self._waits
        if gone.done():
            raise PeerGoneError
        if any(wait.done() for wait in others):
            raise CallError(Code.UNAVAILABLE, "the gateway is about to end: begin the stream again")

    async def close(self) -> None:
        """Waits no longer."""
        self._closed = True
        await cancel_all(self._waits)

    def _stop(self, _wait: "asyncio.Task[None]") -> None:
        if not self._closed:
            self._call.cancel()


async def _translated(translate: Translate, content: bytes, message: type[Message]) -> bytes:
    if len(content) < LARGE_BYTES:
        return translate(content, message)
    return await asyncio.to_thread(translate, content, message)
