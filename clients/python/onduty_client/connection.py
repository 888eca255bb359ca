"""One gRPC channel used by blocking: metadata, deadlines, retries and errors of every call. It knows no rule of a service."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, Final, Generic, Protocol, Self, TypeVar, cast

import grpc
from google.protobuf.message import Message

from onduty.v1.server_service_pb2 import GetServerInfoRequest, GetServerInfoResponse
from onduty_client.channel import call_metadata, channel_options, credentials, identified, token_failure
from onduty_client.error_map import error_of_status
from onduty_client.errors import OndutyError
from onduty_client.options import ConnectionOptions, check_actor, check_options
from onduty_client.services import Services, StreamMethod, UnaryMethod
from onduty_client.silence import SilenceWatch
from onduty_client.stream import Stream

Q = TypeVar("Q", bound=Message)
A = TypeVar("A")

_STATE_SECONDS: Final = 10.0
"""A thread of the core tells the channel's state at once; on a machine that is overloaded, a little later."""


class _Closable(Protocol):
    def close(self) -> object: ...


class PendingCall(Generic[A]):
    """A call that was made and not waited for."""

    def __init__(self, future: Any, typed: Callable[[], AbstractContextManager[None]]) -> None:
        """``typed`` turns what the future raises into errors of the client."""
        self._future = future
        self._typed = typed

    def result(self) -> A:
        """Waits for the answer.

        Raises:
            OndutyError: The call failed, or was cancelled.
        """
        with self._typed():
            return cast(A, self._future.result())

    def cancel(self) -> None:
        """Ends the call; its outcome is unknown then."""
        self._future.cancel()


class Connection:
    """A connection for any number of threads. Close it: a ``with`` block does.

    ``services`` has the generated stubs; their methods are called by ``call`` and ``stream``.
    """

    def __init__(self, options: ConnectionOptions) -> None:
        """Check the options and prepare the channel; it connects with the first call.

        Raises:
            ValueError: An option is out of its bounds, or a file of ``tls`` cannot be used.
        """
        check_options(options)
        self.options = options
        settings = channel_options(options)
        if options.tls is None:
            self._channel = grpc.insecure_channel(options.target, options=settings)
        else:
            self._channel = grpc.secure_channel(options.target, credentials(options.tls), options=settings)
        self.services = Services(self._channel)
        self.silence = SilenceWatch()
        # What was opened on this connection and is not closed yet, in order; guarded by the lock.
        self._open: dict[_Closable, None] = {}
        # From the beginning of ``close`` nothing is opened; from the end of what was opened nothing is called.
        self._closing = False
        self._closed = False
        self._lock = threading.Lock()

    def call(
        self,
        method: UnaryMethod[Q, A],
        request: Q,
        *,
        timeout: float | None = None,
        actor: str = "",
        wait_for_ready: bool = False,
    ) -> A:
        """Calls a method of ``services`` and returns its answer. A mutation without request id gets one.

        Args:
            method: As ``connection.services.admin.CreateStaff``.
            request: Left as it is.
            timeout: Seconds; None: the connection's ``call_timeout``.
            actor: Who acts, for a program that acts for several; held to the bounds of the option. Empty: the connection's.
            wait_for_ready: Where the server is not reached, wait for it within the deadline instead of failing.

        Raises:
            OndutyError: The call failed.
            ValueError: ``actor`` is out of its bounds.
        """
        check_actor(actor)
        sent, request_id = identified(request)
        metadata, seconds = self._metadata(actor), timeout or self.options.call_timeout
        with self._typed(request_id):
            return cast(A, method(sent, timeout=seconds, metadata=metadata, wait_for_ready=wait_for_ready))

    def begin(self, method: UnaryMethod[Q, A], request: Q, *, wait_for_ready: bool = False) -> "PendingCall[A]":
        """Makes a call as ``call`` does, without waiting for its answer."""
        sent, request_id = identified(request)
        metadata, begin = self._metadata(), cast(Any, method).future
        with self._typed(request_id):
            future = begin(sent, timeout=self.options.call_timeout, metadata=metadata, wait_for_ready=wait_for_ready)
        return PendingCall(future, lambda: self._typed(request_id))

    def is_connected(self) -> bool:
        """Whether the channel has been connected and, as far as is known, still is. Asks nobody.

        After a ``TimedOutError`` it tells a server that was not reached from one that did not answer.
        """
        states: queue.SimpleQueue[grpc.ChannelConnectivity] = queue.SimpleQueue()
        self._channel.subscribe(states.put)
        try:
            return states.get(timeout=_STATE_SECONDS) in {grpc.ChannelConnectivity.READY, grpc.ChannelConnectivity.IDLE}
        except queue.Empty:
            return False
        finally:
            self._channel.unsubscribe(states.put)

    def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """What the server is: version, store, limits, and as whom it understood this connection.

        Raises:
            OndutyError: The call failed; ``UnsupportedError`` by a server that is older than this call.
        """
        return self.call(self.services.server.GetServerInfo, GetServerInfoRequest(), timeout=timeout)

    def stream(self, method: StreamMethod[Q, A], request: Q, *, timeout: float | None = None) -> Stream[A]:
        """Opens a stream of a method of ``services``. It has no deadline unless one is given.

        Raises:
            OndutyError: The connection is closed, or there is no token.
        """
        metadata = self._metadata()
        try:
            return Stream(method(request, timeout=timeout, metadata=metadata), lambda: self._closed)
        except ValueError as error:
            if self._closed:
                raise _closed("") from error
            raise

    def close(self) -> None:
        """Ends outboxes, floors and attachments made from it, then the channel with all its calls. May be called twice.

        An outbox with facts in it delivers for ``call_timeout`` more.
        """
        with self._lock:
            self._closing = True
            opened = tuple(self._open)
        for one in opened:
            one.close()
        self._closed = True
        self.silence.close()
        self._channel.close()

    def adopt(self, opened: _Closable) -> None:
        """Something that is to be closed with the connection.

        Raises:
            OndutyError: The connection is closed.
        """
        with self._lock:
            if self._closing:
                raise _closed("")
            self._open[opened] = None

    def release(self, closed: _Closable) -> None:
        """Something that was adopted has been closed."""
        with self._lock:
            self._open.pop(closed, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise _closed("")

    @contextmanager
    def _typed(self, request_id: str) -> Iterator[None]:
        """What gRPC raises becomes an error of the client."""
        try:
            yield
        except grpc.FutureCancelledError as error:
            raise OndutyError("the call was cancelled", code="CANCELLED", request_id=request_id) from error
        except grpc.RpcError as error:
            told: Any = error
            if self._closed and told.code() is grpc.StatusCode.CANCELLED:
                raise _closed(request_id) from error
            details = told.details() or ""
            raise error_of_status(told.code().name, details, told.trailing_metadata(), request_id=request_id) from error
        except ValueError as error:
            if self._closed:  # It was closed since it was looked at.
                raise _closed(request_id) from error
            raise

    def _metadata(self, actor: str = "") -> list[tuple[str, str]]:
        self._check_open()
        token: Any = self.options.token
        if callable(token):
            try:
                token = token() or ""
            except Exception as error:
                raise token_failure(error) from error
        return call_metadata(self.options, token, actor)


def _closed(request_id: str) -> OndutyError:
    return OndutyError("the connection is closed", code="CANCELLED", request_id=request_id)
