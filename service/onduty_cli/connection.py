"""Talks to the server over one synchronous channel a command, and turns gRPC errors into failures; it shows nothing."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import grpc
from google.protobuf.message import Message

from onduty.v1 import router_service_pb2
from onduty.v1.admin_service_pb2_grpc import AdminServiceStub
from onduty.v1.history_service_pb2_grpc import HistoryServiceStub
from onduty.v1.router_service_pb2_grpc import RouterServiceStub
from onduty.v1.server_service_pb2_grpc import ServerServiceStub
from onduty.v1.supervisor_service_pb2_grpc import SupervisorServiceStub
from onduty.v1.workspace_service_pb2_grpc import WorkspaceServiceStub
from onduty_cli.actor import ACTOR_KEY
from onduty_cli.failures import CommandError, NoAnswerError, UnreachableError
from onduty_cli.refusals import refusal_of_call

_CHANNEL_OPTIONS = [
    # The watch keeps its own pace of reconnecting; the channel must not sit out a longer one.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    # A server that vanished without a word is noticed: bookmarks come far more often than these pings.
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.ping_timeout_ms", 10_000),
    # Staff with many skill groups make large pages.
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    # The address is a server of one's own network; a web proxy in the environment is not meant for it.
    ("grpc.enable_http_proxy", 0),
]

_CONNECTING_SECONDS_MOST = 3_600.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom to ask."""

    server: str
    """``host:port``, or ``unix:path``."""
    tenant: str
    """Empty: the server's default."""
    timeout_seconds: float
    actor: str = ""
    """Who acts, told with every call."""
    user: str = ""
    """Who acts where ``actor`` is empty, told with the calls of supervisors and administrators only: a workspace's change is
    the staff member's own, and a router is a program."""


class _Named(grpc.UnaryUnaryClientInterceptor):
    """Names an actor in every call."""

    def __init__(self, actor: str) -> None:
        self._actor = actor

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        metadata = (*(client_call_details.metadata or ()), (ACTOR_KEY, self._actor))
        return continuation(client_call_details._replace(metadata=metadata), request)


class Session:
    """The services behind one channel. Used in a with block; closing it ends every stream."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Prepare the channel; it connects with the first request."""
        self.endpoint = endpoint
        # gRPC gives an attempt to connect this long, whatever the name says: never less than a request has.
        connecting_seconds = min(endpoint.timeout_seconds + 1, _CONNECTING_SECONDS_MOST)
        connecting = ("grpc.min_reconnect_backoff_ms", round(connecting_seconds * 1_000))
        self._channel = grpc.insecure_channel(endpoint.server, options=[*_CHANNEL_OPTIONS, connecting])
        names = (("onduty-tenant", endpoint.tenant), (ACTOR_KEY, endpoint.actor))
        self._metadata = tuple((key, name) for key, name in names if name)
        named = self._channel
        if endpoint.user and not endpoint.actor:
            named = grpc.intercept_channel(self._channel, _Named(endpoint.user))
        # Any: the generated stubs carry no types.
        self.workspace: Any = WorkspaceServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.router: Any = RouterServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.supervisor: Any = SupervisorServiceStub(named)  # type: ignore[no-untyped-call]
        self.admin: Any = AdminServiceStub(named)  # type: ignore[no-untyped-call]
        self.history: Any = HistoryServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.server: Any = ServerServiceStub(self._channel)  # type: ignore[no-untyped-call]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends every stream and request; again, it does nothing."""
        self._channel.close()

    def call(self, method: Callable[..., Any], request: Message) -> Any:
        """Asks once, with the endpoint's timeout, and returns the answer.

        Raises:
            RefusedError: The service answered with an error.
            UnreachableError: Nobody answered.
            NoAnswerError: The connection stands but no answer came.
        """
        try:
            return method(request, timeout=self.endpoint.timeout_seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            raise self._failure_of(error) from error

    def watch(
        self, request: router_service_pb2.WatchStaffRequest, *, timeout_seconds: float | None = None
    ) -> Iterator[router_service_pb2.WatchStaffResponse]:
        """Yields the frames of a watch until the server ends it; closing the iterator ends the stream.

        Raises:
            RefusedError, UnreachableError, NoAnswerError: As ``call``.
        """
        yield from self._stream(self.router.WatchStaff, request, timeout_seconds)

    def frames(self, method: Callable[..., Any], request: Message) -> Iterator[Any]:
        """Yields the frames of a stream that is read for as long as a request may take.

        Raises:
            RefusedError, UnreachableError, NoAnswerError: As ``call``.
        """
        yield from self._stream(method, request, self.endpoint.timeout_seconds)

    def _stream(self, method: Callable[..., Any], request: Message, timeout_seconds: float | None) -> Iterator[Any]:
        stream = method(request, timeout=timeout_seconds, metadata=self._metadata)
        try:
            yield from stream
        except grpc.RpcError as error:
            raise self._failure_of(error) from error
        finally:
            stream.cancel()

    def _failure_of(self, error: Any) -> CommandError:
        failure = refusal_of_call(error)
        if failure.reason:
            return failure
        if failure.code == "UNAVAILABLE":
            return UnreachableError(self.endpoint.server, failure.message.rsplit(": ", 1)[-1].strip("[]"))
        if failure.code == "DEADLINE_EXCEEDED":
            if self._is_connected():
                return NoAnswerError(self.endpoint.server, self.endpoint.timeout_seconds)
            return UnreachableError(self.endpoint.server, f"no connection within {self.endpoint.timeout_seconds:g} s")
        return failure

    def _is_connected(self) -> bool:
        states: queue.SimpleQueue[grpc.ChannelConnectivity] = queue.SimpleQueue()
        self._channel.subscribe(states.put)
        try:
            return states.get(timeout=10) in {grpc.ChannelConnectivity.READY, grpc.ChannelConnectivity.IDLE}
        except queue.Empty:
            return False
        finally:
            self._channel.unsubscribe(states.put)
