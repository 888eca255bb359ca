"""Calls to the service by gRPC: bytes in, bytes out, and the end in the gateway's words. It makes each call once."""

import math
from collections.abc import Sequence
from typing import Any, Final

import grpc
from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from onduty_client.channel import credentials
from onduty_client.options import TlsOptions
from onduty_client.version import __version__
from onduty_web.codes import Code, code_of
from onduty_web.failures import Detail, Failure, Metadata
from onduty_web.methods import RpcMethod

LARGEST_ANSWER_BYTES: Final = 16 * 1024 * 1024
STATUS_KEY: Final = "grpc-status-details-bin"


class UpstreamCall:
    """A call under way. Read it to its end, or cancel it."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def initial_metadata(self) -> Metadata:
        """What the service sends before its first message; empty where the call fails before."""
        try:
            return _pairs(await self._call.initial_metadata())
        except grpc.RpcError:
            return ()

    async def read(self) -> bytes | None:
        """The next message; None: there is no further one, and ``end`` says why."""
        try:
            message = await self._call.read()
        except grpc.RpcError:
            return None
        return None if message is grpc.aio.EOF else message

    async def end(self) -> Failure | Metadata:
        """How the call ended: a failure, or the trailing metadata of one that went well."""
        code = code_of(await self._call.code())
        trailers = _pairs(await self._call.trailing_metadata())
        if code is Code.OK:
            return trailers
        status_bytes = next((value for key, value in trailers if key == STATUS_KEY and isinstance(value, bytes)), b"")
        return Failure(code, await self._call.details() or "", _details(status_bytes), trailers, status_bytes)

    def cancel(self) -> None:
        """Ends the call; the service notices at once."""
        self._call.cancel()


class UnaryUpstreamCall(UpstreamCall):
    """A call with one answer, read like a stream of one message."""

    def __init__(self, call: Any) -> None:
        super().__init__(call)
        self._was_read = False

    async def initial_metadata(self) -> Metadata:
        """See ``UpstreamCall``. It waits for the call's end, before which the core has not sorted what came at once."""
        await self._call.code()
        return await super().initial_metadata()

    async def read(self) -> bytes | None:
        """See ``UpstreamCall``."""
        if self._was_read:
            return None
        self._was_read = True
        try:
            answer: bytes = await self._call
        except grpc.RpcError:
            return None
        return answer


class Upstream:
    """One channel to the service, for all calls."""

    def __init__(self, target: str, tls: TlsOptions | None = None) -> None:
        """Prepare the channel; it connects with the first call. ``target`` is ``host:port`` or ``unix:PATH``.

        Raises:
            ValueError: A file of ``tls`` cannot be used.
        """
        options = _channel_options(tls)
        self.shows_certificate = bool(tls and tls.cert_file)
        """The service knows the gateway by a certificate, which must not speak for callers that show no credential."""
        if tls is None:
            self._channel = grpc.aio.insecure_channel(target, options=options)
        else:
            self._channel = grpc.aio.secure_channel(target, credentials(tls), options=options)
        self._callables: dict[str, Any] = {}

    def start(self, method: RpcMethod, request: bytes, metadata: Metadata, *, timeout: float | None) -> UpstreamCall:
        """Begins a call, with a deadline after ``timeout`` seconds."""
        callable_ = self._callables.get(method.path)
        if callable_ is None:
            make = self._channel.unary_stream if method.streams_responses else self._channel.unary_unary
            callable_ = self._callables[method.path] = make(method.path)
        limit = None if timeout is None else _rounded_down(timeout)
        call = callable_(request, timeout=limit, metadata=tuple(metadata))
        return UpstreamCall(call) if method.streams_responses else UnaryUpstreamCall(call)

    async def close(self) -> None:
        """Ends all calls."""
        await self._channel.close()


def _channel_options(tls: TlsOptions | None) -> list[tuple[str, Any]]:
    """The core's options: pings as the clients have them, no retries, for those are the caller's own."""
    options: list[tuple[str, Any]] = [
        ("grpc.keepalive_time_ms", 15_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.http2.ping_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 3_000),
        ("grpc.max_reconnect_backoff_ms", 1_000),
        ("grpc.max_receive_message_length", LARGEST_ANSWER_BYTES),
        ("grpc.max_metadata_size", 64 * 1024),
        ("grpc.enable_http_proxy", 0),
        ("grpc.enable_retries", 0),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.primary_user_agent", f"onduty-web/{__version__}"),
    ]
    if tls and tls.server_name:
        options.append(("grpc.ssl_target_name_override", tls.server_name))
    return options


def _rounded_down(seconds: float) -> float:
    """To three digits: the core sends as many and rounds up, and the service must not take longer than the caller waits."""
    step: float = 10.0 ** (math.floor(math.log10(seconds)) - 2)
    return math.floor(seconds / step) * step


def _pairs(metadata: Any) -> Sequence[tuple[str, str | bytes]]:
    return tuple((key, value) for key, value in metadata or ())


def _details(status_bytes: bytes) -> tuple[Detail, ...]:
    try:
        status = status_pb2.Status.FromString(status_bytes)
    except DecodeError:
        return ()
    return tuple(Detail(one.type_url.rpartition("/")[2], one.value) for one in status.details)
